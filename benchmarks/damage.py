"""Damage: flipped bits, files cut short, a disk that is full at the N-th write."""

import errno
import os
import shutil
from pathlib import Path

from benchmarks.kills import forked
from benchmarks.tiny import study
from experiments.storage.verify import verify


def finished(folder, runs=60):
    """Return the folder of a finished and sealed sweep with figures."""
    from experiments.command_line.sweep_commands import finish
    from experiments.running.runner import Options
    from experiments.storage.store import Result
    from experiments.sweep import sweep

    made = study(folder / "plan", runs, policy="staff-training", months=60)
    result = sweep(made, folder / "whole", Options(workers=2), command=["tiny"])
    finish(result)
    return made, Result.open(result.folder)


def files(folder):
    """Return all files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flips(folder, extent, times=1000):
    """Flip one random bit of a random file, half of the time in a table, journal or manifest; `verify` must name it."""
    choose, times = extent.chance, extent.of(times, least=10)
    out = finished(folder)[1].folder
    every = [path for path in files(out) if path.stat().st_size]
    core = [path for path in every if path.suffix in (".parquet", ".json", ".jsonl")]
    bad = [f"intact: {verify(out)[1]}"] if verify(out)[1] else []
    for number in range(times):
        path = choose.choice(core if number % 2 else every)
        original = path.read_bytes()
        content = bytearray(original)
        place, bit = choose.randrange(len(content)), choose.randrange(8)
        content[place] ^= 1 << bit
        path.write_bytes(content)
        if not any(path.name in name for name, _ in verify(out)[1]):
            bad.append(f"{path.name}, byte {place}, bit {bit}")
        path.write_bytes(original)
    return {"n": times, "files": len(every), "bytes": sum(path.stat().st_size for path in every), "bad": bad}


def cuts(folder, extent, places=200):
    """Cut every kind of file at many lengths: never verified, and never read as a complete result if it is a table."""
    from experiments.storage.store import Result
    from model.errors import LoketError

    out, places = finished(folder, 20)[1].folder, extent.of(places, least=5)
    kinds = {}
    for path in files(out):
        kinds.setdefault((path.parent.name, path.suffix or path.name), path)
    bad, cut = [], 0
    for path in kinds.values():
        original = path.read_bytes()
        for number in range(min(places, len(original))):
            length = number * len(original) // places if len(original) > places else number
            path.write_bytes(original[:length])
            cut += 1
            if not verify(out)[1]:
                bad.append(f"{path.name} cut to {length}")
            if path.suffix in (".parquet", ".jsonl") and path.name != "outcomes.parquet":
                try:
                    Result.open(out)
                    bad.append(f"{path.name} cut to {length}: read as complete")
                except LoketError:
                    pass
        path.write_bytes(original)
    return {"n": cut, "kinds": len(kinds), "bad": bad}


def disk_full(folder, extent, runs=60):
    """Refuse the N-th write with "no space left", for every N: exit code 4, what was finished is kept, and it continues."""
    made = study(folder / "plan", runs)
    expected = forked(made, folder / "whole")[1]
    total = attempt_full(made, folder / "count", None)[1]
    bad, tried = [], range(1, total + 1, max(1, int(1 / extent.scale)))
    for number in tried:
        out = folder / f"out-{number}"
        code, _ = attempt_full(made, out, number)
        if code != 4:
            bad.append(f"write {number}: exit {code}")
        if list(out.rglob(".loket-*")) or (out / ".lock").exists():
            bad.append(f"write {number}: left files behind")
        code, found = forked(made, out)
        if code != 0 or found != expected or verify(out)[1]:
            bad.append(f"write {number}: then exit {code}, hash {found}")
        shutil.rmtree(out, ignore_errors=True)
    return {"n": len(tried), "writes": total, "runs": runs, "bad": bad}


def attempt_full(made, out, number):
    """Run a sweep in a fork whose N-th write fails and all later ones too; return (exit code, writes counted)."""
    from experiments.running.runner import Options
    from experiments.storage import tables
    from experiments.sweep import sweep
    from model.errors import LoketError

    note = out.with_suffix(".writes")
    child = os.fork()
    if child == 0:
        counter = [0]

        def refusing(function):
            def call(*arguments, **names):
                counter[0] += 1
                if number is not None and counter[0] >= number:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return function(*arguments, **names)

            return call

        os.fsync, os.link = refusing(os.fsync), refusing(os.link)
        Path.write_bytes, Path.write_text = refusing(Path.write_bytes), refusing(Path.write_text)
        tables.pq.write_table = refusing(tables.pq.write_table)
        try:
            sweep(made, out, Options(), command=["tiny"])
            code = 0
        except LoketError as error:
            code = error.exit_code
        with open(note, "w") as stream:
            stream.write(str(counter[0]))
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, int(note.read_text()) if note.exists() else 0
