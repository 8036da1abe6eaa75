"""Rows of a finished result permuted, dropped, doubled or shifted on the disk: the same indices, or a refusal.

    python -m benchmarks.moved_rows [TIMES]

Each time one table of the result (a part of the series, the design, the points) is changed at random, read again and
analysed, and put back. Exit code 1 if an analysis went through with other indices.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas

from experiments.plans.plan_file import read_plan
from experiments.running.environment import prepare
from experiments.running.runner import Options
from experiments.sensitivity.study import analyse
from experiments.storage.store import Result
from experiments.sweep import study_of, sweep
from model.errors import LoketError

PLAN = """schema = 1
kind = "plan"
name = "moved"
scenario = "small"
[settings]
months = 10
citizens_per_office = 8
servants_per_office = 2
[sensitivity]
method = "morris"
size = 12
outcomes = ["wait_days", "total_cost"]
over_time = []
[factors.training_rate]
[factors.need_rate]
[factors.counters]
[factors.mechanisms.participation]
"""
KINDS = ("permuted", "dropped", "doubled", "shifted")


def changed(table, kind, draw):
    """Return a table with rows permuted, one dropped, one doubled, or the numbers of one column shifted along the rows."""
    place = int(draw.integers(len(table)))
    if kind == "permuted":
        return table.iloc[draw.permutation(len(table))]
    if kind == "dropped":
        return table.drop(index=table.index[place])
    if kind == "doubled":
        return pandas.concat([table, table.iloc[[place]]])
    column = draw.choice([name for name in table if table[name].nunique() > 1])
    return table.assign(**{column: np.roll(table[column].to_numpy(), int(draw.integers(1, len(table))))})


def indices_of(folder, options):
    """Return all indices of a result as one array, or None if it is refused."""
    try:
        analysis = analyse(Result.open(folder), options)
    except LoketError:
        return None
    return np.concatenate([found.value.ravel() for found in analysis.estimates.values()])


def main():
    """Run the small analysis, change it many times, count."""
    prepare()
    times, draw, seen = int(sys.argv[1]) if len(sys.argv) > 1 else 1000, np.random.default_rng(6), Counter()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        path, out = Path(scratch) / "moved.toml", Path(scratch) / "result"
        path.write_text(PLAN)
        study = study_of(read_plan(path))
        sweep(study, out, Options(workers=1), command=["moved_rows"])
        options, tables = study.plan.options, [*sorted((out / "series").glob("*")), *sorted(out.glob("*.parquet"))]
        whole = indices_of(out, options)
        for number in range(times):
            kind, file = KINDS[number % len(KINDS)], tables[int(draw.integers(len(tables)))]
            original = file.read_bytes()
            changed(pandas.read_parquet(file), kind, draw).to_parquet(file, index=False)
            found = indices_of(out, options)
            seen[kind, file.parent.name if file.parent != out else file.stem,
                 "refused" if found is None else "same" if np.array_equal(found, whole) else "OTHER"] += 1  # fmt: skip
            file.write_bytes(original)
    for (kind, table, end), count in sorted(seen.items()):
        print(f"{kind} {table}: {end} {count}")
    others = sum(count for (_, _, end), count in seen.items() if end == "OTHER")
    print(f"{times} changes, {others} with other indices, {time.perf_counter() - began:.0f} s")
    sys.exit(int(others > 0))


if __name__ == "__main__":
    main()
