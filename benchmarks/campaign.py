"""The reliability campaign: every part counts what went wrong and prints one line of JSON.

    python -m benchmarks.campaign [PART ...] [--scale 1.0] [--seed 1] [--minutes M] [--record FILE] [--folder DIR]

Parts: kills lone steps workers bad flips cuts full identity memory overhead interrupts. `--scale 0.1` does a tenth of each.
A long part can be done in portions: `--seed` chooses other random instants, `--minutes` ends a part early, and `--record`
keeps every portion and prints the sum of those of this part.
Exit code 0 if nothing went wrong, 1 otherwise.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import damage, identity, kills, load
from experiments.storage.provenance import code_version

PARTS = {
    "kills": kills.group_kills,
    "lone": kills.lone_kills,
    "steps": kills.publish_steps,
    "interrupts": kills.interrupts,
    "workers": kills.worker_kills,
    "bad": load.bad_runs,
    "flips": damage.flips,
    "cuts": damage.cuts,
    "full": damage.disk_full,
    "identity": identity.identity,
    "memory": load.memory,
    "overhead": load.overhead,
}


class Extent:
    """How much of a part is done.

    Attributes
    ----------
    scale : share of the full number. chance : random.Random that chooses instants, files, and bits.
    """

    def __init__(self, scale, seed, minutes=None):
        self.scale, self.chance = scale, random.Random(seed)
        self.end = time.monotonic() + 60.0 * minutes if minutes else float("inf")

    def of(self, number, least=2):
        """Return the share of a full number, but not less than `least`."""
        return max(least, int(number * self.scale))

    @property
    def is_over(self):
        """Whether the time is up: what has been begun is finished, nothing more is begun."""
        return time.monotonic() > self.end


def bound(n):
    """Return the 95 % upper bound of a rate of which 0 in n were seen."""
    return 1.0 - 0.05 ** (1.0 / n) if n else 1.0


def measure(name, given):
    """Return what one part has found: n, bad, the bound if nothing was bad, seconds, and facts of its own."""
    with tempfile.TemporaryDirectory(dir=given.folder, prefix=f"loket-{name}-") as folder:
        began = time.monotonic()
        found = PARTS[name](Path(folder), Extent(given.scale, f"{name} {given.seed}", given.minutes))
    found = {"part": name, "seed": given.seed, "code": code_version(), **found, "seconds": round(time.monotonic() - began)}
    return found if found["bad"] else {**found, "bound_95": round(bound(found["n"]), 5)}


def recorded(path, name):
    """Return the portions of a part that a file holds; none without a file."""
    lines = path.read_text().splitlines() if path and path.exists() else []
    return [portion for portion in map(json.loads, lines) if portion["part"] == name]


def total(portions):
    """Return the sum of several portions of one part."""
    n, bad = sum(portion["n"] for portion in portions), [fault for portion in portions for fault in portion["bad"]]
    found = {"part": portions[0]["part"], "portions": len(portions), "n": n, "bad": bad}
    return found if bad else {**found, "bound_95": round(bound(n), 5)}


def main():
    """Run the chosen parts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    wrong = 0
    for name in given.parts:
        if any(portion["seed"] == given.seed for portion in recorded(given.record, name)):
            parser.error(f"{given.record} holds {name} with --seed {given.seed} already: choose another")
        found = measure(name, given)
        print(json.dumps(found), flush=True)
        if given.record:
            with open(given.record, "a") as stream:
                stream.write(json.dumps(found) + "\n")
            print(json.dumps(total(recorded(given.record, name))), flush=True)
        wrong += bool(found["bad"])
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
