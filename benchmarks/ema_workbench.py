"""Our search and adapter against the EMA Workbench: `python -m benchmarks.ema_workbench [--write]`.

Needs `pip install 'loket[ema]'`. On planted boxes both peel with the same settings, and every box of both trajectories is
compared: points, failures, limits, quasi-p-values. `--write` keeps the workbench's trajectory of one sample for
tests/test_discovery.py. Then the adapter runs a few experiments, which must be our own runs bit for bit.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas

from experiments.discovery import prim
from experiments.ema import ema_model, experiment
from tests.planted import described, limit, planted

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden" / "ema_prim.json"
SAMPLES = 50
SCENARIO, POLICIES = "scenarios/small.toml", ["scenarios/policies/staff-training.toml"]
UNCERTAIN = ["citizen_threshold", "relapse_months", "mechanisms.participation"]


def main():
    """Compare, print, and with --write keep the golden trajectory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep the trajectory of one sample for the tests")
    if parser.parse_args().write:
        x, y = planted()
        text = json.dumps(theirs(x, y)[0][: len(prim.trajectory(x, y))], indent=None, separators=(",", ":"))
        GOLDEN.write_text(text.replace("},{", "},\n{") + "\n", encoding="utf-8")
    compare_searches()
    compare_runs()


def theirs(x, y):
    """Return (trajectory as plain data, PrimBox) of the workbench, peeling and then pasting."""
    from ema_workbench.analysis.prim import Prim

    names = [str(place) for place in range(x.shape[1])]
    box = Prim(pandas.DataFrame(x, columns=names), y, threshold=0.01).find_box()
    whole = box.box_lims[0]
    found = []
    for row, limits in zip(box.peeling_trajectory.itertuples(), box.box_lims, strict=True):
        sides = {name: [limit(limits[name][end]) if limits[name][end] != whole[name][end] else None for end in (0, 1)]
                 for name in names}  # fmt: skip
        restricted = {name: ends for name, ends in sides.items() if ends != [None, None]}
        found.append({"held": int(row.n), "hits": int(row.k), "limits": restricted})
    return found, box


def compare_searches():
    """Print on how many samples the trajectories are equal, and the largest difference of a quasi-p-value."""
    equal = boxes = 0
    worst, pasted = 0.0, 0.0
    for seed in range(SAMPLES):
        x, y = planted(seed=seed)
        ours = prim.trajectory(x, y)
        other, box = theirs(x, y)
        equal += described(ours) == other[: len(ours)]
        boxes += len(ours)
        place = max(range(len(ours)), key=lambda number: ours[number].balance)
        chosen = ours[place]
        given = box._calculate_quasi_p(place, [str(factor) for factor in chosen.restricted])
        for (factor, end), value in prim.quasi_p_values(x, y, chosen).items():
            worst = max(worst, abs(value - given[str(factor)][end]))
        pasted = max(pasted, *(abs(entry["hits"] / y.sum() - ours[-1].coverage) for entry in other[len(ours) :]), 0.0)
    print(f"PRIM: {equal} of {SAMPLES} trajectories equal in every box ({boxes} boxes)")
    print(f"quasi-p-values: largest difference {worst:.1e}")
    print(f"pasting, which we leave out, changes the coverage of the last box by at most {pasted:.3f}")


def compare_runs():
    """Print whether experiments of the workbench are the runs of our own code."""
    from ema_workbench import perform_experiments

    model = ema_model(SCENARIO, POLICIES, UNCERTAIN, ["use_share", "total_cost"], ["wait_days"])
    done, outcomes = perform_experiments(model, scenarios=6, policies=model.policies)
    run, _ = experiment(SCENARIO, POLICIES, UNCERTAIN, ["use_share", "total_cost"], ["wait_days"])
    equal = 0
    for number, row in enumerate(done.to_dict("records")):
        keywords = {name: row[name] for name in (*UNCERTAIN, "replicate", "policy_name")}
        equal += all(np.array_equal(value, outcomes[name][number]) for name, value in run(**keywords).items())
    print(f"adapter: {equal} of {len(done)} experiments equal bit for bit")


if __name__ == "__main__":
    main()
