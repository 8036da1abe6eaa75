"""One table for analysis: a row for each run of a sweep, with its point and the mean of every observable at the end.

A run without numbers is a row with its status and empty cells (null, not zero and not NaN).
"""

import numpy as np
import pandas

from experiments.compare import WINDOW
from experiments.publish import publish_with
from experiments.store import part_name
from experiments.tables import read_arrow, verify_parquet, write_parquet
from model.registry import load_observables

OUTCOMES = "outcomes.parquet"


def write_outcomes(result):
    """Write the table of a sweep, reading one part at a time; return it as an Arrow table."""
    import pyarrow as pa

    table = pa.Table.from_pandas(joined(result), preserve_index=False).replace_schema_metadata(None)
    publish_with(
        result.folder / OUTCOMES,
        lambda temporary: write_parquet(table, temporary),
        verify=lambda temporary: verify_parquet(table, temporary),
    )
    return table


def read_outcomes(result):
    """Return the table of a sweep as a DataFrame: run_id, policy, replicate, status, factors, observables."""
    return read_arrow(result.folder / OUTCOMES).to_pandas()


def joined(result):
    """Return design, points and means of the last months, a row for each run."""
    wanted, numbers = set(result.design["run_id"]), []
    for number, entry in sorted(result.journal.parts.items()):
        if wanted & set(entry["runs"]):
            numbers.append(means(read_arrow(result.folder / part_name("series", number)).to_pandas()))
    observed = pandas.concat(numbers) if numbers else pandas.DataFrame(columns=list(load_observables()), dtype=float)
    table = result.design.merge(result.points, on=["point", "scenario"], how="left", validate="many_to_one")
    return table.merge(observed, left_on="run_id", right_index=True, how="left", validate="many_to_one")


def means(series):
    """Return the mean of every observable over the last months of each run, a row for each run id."""
    last = series.groupby("run_id")["month"].transform("max")
    chosen = series[(series["month"] > last - WINDOW) & (series["month"] > 0)]
    return chosen.drop(columns="month").groupby("run_id").mean()


def summarise(table, names, by):
    """Return mean, half-width of the 95 % t interval, standard deviation and number of replicates of some observables.

    Runs with the same number of the replicate share their draws, so several points are averaged within a replicate
    first: the interval is over replicates, the points are taken as given.

    Parameters
    ----------
    table : as returned by `read_outcomes`; runs that are not finished are left out and counted nowhere.
    names : observables. by : columns that define a group, such as ["policy", "point"].
    """
    from scipy.stats import t

    rows = []
    done = table[table["status"] == "ok"]
    for name in names:
        groups = done.groupby([*by, "replicate"], sort=False)[name].mean().groupby(by, sort=False)
        found = groups.agg(["mean", "std", "count"]).reset_index()
        enough = np.maximum(found["count"] - 1, 1)
        found["half_width"] = t.ppf(0.975, enough) * found["std"] / np.sqrt(found["count"])
        rows.append(found.assign(observable=name))
    return pandas.concat(rows, ignore_index=True)
