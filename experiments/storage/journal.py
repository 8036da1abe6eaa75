"""The journal of a result folder: what is finished and how to recognise it. Readers believe nothing else.

One JSON object a line; every line carries the hash of the line before and a hash of its own, so that a lost or edited
line is noticed. A last line without its line end was being written when the process died: it never happened.
"""

import hashlib
import json
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

from experiments.storage.publish import BLOCK, append_line, storage_errors
from model.errors import InputError

JOURNAL = "journal.jsonl"
FIRST = "0" * 64


class Journal:
    """The entries of a result folder, read and checked on construction.

    Attributes
    ----------
    parts : number -> entry of every part that is in force.
    failures : run id -> what happened, for runs that failed and have not been finished since.
    """

    def __init__(self, folder):
        self.path = Path(folder) / JOURNAL
        self.head, self.parts, self.failures = FIRST, {}, {}
        for position, line in enumerate(self._complete_lines(), 1):
            self._take(self._checked(line, position))
            self.head = hash_of(line)

    def _complete_lines(self):
        """Yield the lines that end; what follows the last line end was cut off by a crash."""
        if not self.path.exists():
            return
        with storage_errors(self.path), open(self.path, "rb") as stream:
            for line in stream:
                if line.endswith(b"\n"):
                    yield line[:-1]

    def _checked(self, line, position):
        """Return the entry of a line; raise InputError unless it is whole and follows the line before."""
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        whole = isinstance(entry, dict) and line == checked_line(entry).encode()
        if not whole or entry.get("previous") != self.head:
            raise InputError(
                "the journal is damaged: remove the result folder and run the command again",
                file=self.path,
                key=f"line {position}",
            )
        return entry

    def _take(self, entry):
        """Bring the state up to date with one entry."""
        if entry["entry"] == "part":
            self.parts[entry["part"]] = entry
            for run_id in entry["runs"]:
                self.failures.pop(run_id, None)
        elif entry["entry"] == "dropped":
            self.parts.pop(entry["part"], None)
        elif entry["entry"] == "failure":
            self.failures[entry["run"]["run_id"]] = entry["run"]

    def cut_torn_line(self):
        """Remove a last line that was never finished; only the writer of the folder may do this."""
        if self.path.exists():
            with storage_errors(self.path), open(self.path, "rb+") as stream:
                content = stream.read()
                stream.truncate(content.rfind(b"\n") + 1)

    def add(self, **entry):
        """Write one entry; when this returns it is on the disk."""
        entry = {**entry, "previous": self.head}
        line = checked_line(entry)
        append_line(self.path, line)
        self._take(entry)
        self.head = hash_of(line.encode())

    def run_hashes(self):
        """Return run id -> hash of every finished run."""
        return {run_id: digest for entry in self.parts.values() for run_id, digest in entry["runs"].items()}

    def mark(self):
        """Return the length and hash of the journal as it is now; whatever is added later does not change them."""
        return self._beginning(float("inf"))

    def need_mark(self, mark):
        """Require that the journal begins as it did when the mark was taken; raises InputError."""
        if self._beginning(mark["bytes"]) != mark:
            raise InputError("damaged: it does not begin as the manifest says", file=self.path)

    def _beginning(self, most):
        """Return the length and hash of the first `most` bytes, or of all there are."""
        length, digest = 0, hashlib.sha256()
        with storage_errors(self.path), open(self.path, "rb") if self.path.exists() else nullcontext(BytesIO()) as stream:
            while block := stream.read(int(min(BLOCK, most - length))):
                length += len(block)
                digest.update(block)
        return {"bytes": length, "sha256": digest.hexdigest()}

    def next_part(self):
        """Return a number for a new part: one more than the largest in force."""
        return 1 + max(self.parts, default=-1)


def checked_line(entry):
    """Return an entry as a line that carries a hash of its own."""
    facts = {key: value for key, value in entry.items() if key != "check"}
    check = hash_of(json.dumps(facts, sort_keys=True).encode())
    return json.dumps({**facts, "check": check}, sort_keys=True)


def hash_of(line):
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(line).hexdigest()
