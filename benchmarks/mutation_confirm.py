"""Confirm with compiled code what was found without: mutants that fell to a class of tests fail in pytest as well.

    python -m benchmarks.mutation_confirm --limit 10                    the frozen run (golden)
    python -m benchmarks.mutation_confirm --limit 10 --outcome value    or law

Each mutant is written into a copy of the tree in a temporary folder, where the compiled tests of the class are started as
`make test` would start them. About half a minute a mutant.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.mutants import CLASSES, find_mutants

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("model", "experiments", "scenarios", "tests", "pyproject.toml")


def main():
    """Sample mutants with an outcome from the journal and run the compiled test on each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation_confirm", description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=10, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--outcome", default="golden", choices=sorted(CLASSES), help="outcome in the journal to sample from")
    parser.add_argument("--folder", type=Path, default=ROOT / "results" / "mutation", help="of the journal")
    options = parser.parse_args()
    lines = (options.folder / "journal.jsonl").read_text().splitlines()
    wanted = {entry["mutant"] for entry in map(json.loads, lines) if entry["outcome"] == options.outcome}
    mutants = [mutant for mutant in find_mutants(ROOT) if mutant.name in wanted]
    chosen = random.Random(options.seed).sample(mutants, min(options.limit, len(mutants)))
    if fails_compiled(None, options.outcome):
        sys.exit("the unchanged copy fails its tests")
    fallen = 0
    for mutant in chosen:
        fails = fails_compiled(mutant, options.outcome)
        fallen += fails
        print(
            f"{'killed  ' if fails else 'SURVIVED'} {mutant.file} {mutant.function}: {mutant.was} -> {mutant.now}",
            flush=True,
        )
    print(f"{fallen} of {len(chosen)} mutants that fell to {options.outcome} fail compiled as well")
    sys.exit(0 if fallen == len(chosen) else 1)


def fails_compiled(mutant, outcome):
    """Tell whether the compiled tests of a class fail on a copy of the tree with this mutant, or with none."""
    with tempfile.TemporaryDirectory(prefix="loket-mutant-") as folder:
        for name in COPIED:
            source, target = ROOT / name, Path(folder) / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        if mutant:
            path = Path(folder) / mutant.file
            path.write_text(changed_text(path.read_text(), mutant))
        environment = {**os.environ, "PYTHONPATH": folder}
        environment.pop("NUMBA_DISABLE_JIT", None)
        tests = [str(path) for pattern in CLASSES[outcome] for path in sorted((Path(folder) / "tests").glob(pattern))]
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
        return done.returncode == 1


def changed_text(text, mutant):
    """Return the text of a file with the mutant's function in the place of the original, decorators kept."""
    for node in ast.parse(text).body:
        name = node.name if isinstance(node, ast.FunctionDef) else ast.unparse(getattr(node, "targets", [node])[0])
        if name == mutant.function:
            lines = text.splitlines()
            return "\n".join([*lines[: node.lineno - 1], mutant.source, *lines[node.end_lineno :]]) + "\n"
    raise ValueError(f"{mutant.function} not found in {mutant.file}")


if __name__ == "__main__":
    main()
