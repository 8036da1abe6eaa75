"""What must hold before any index is computed: every run there, in its place, finite, and not all the same.

A gap is never filled: it is a refusal that names the runs, says in which region of the space they lie, and what can be done.
"""

import numpy as np

from model.errors import InputError, RunFailure

SHOWN = 10
CHOICES = (
    "choices: run the same command again, which computes them anew; --on-missing drop, which leaves out whole rows of the "
    "design with them and says how many and where; or a method for given data: --from {folder} --on-missing drop"
)


def run_ids(design, points, replicates, first):
    """Return the run ids of every point, shape (points, replicates), joined by point and replicate, never by order.

    Parameters
    ----------
    design : DataFrame of point, replicate, run_id. points : how many. replicates : of each point.
    first : number of the first replicate of each point, shape (points,).

    Raises InputError if a run of the design is missing, or there twice.
    """
    ids = np.full((points, replicates), "", dtype=object)
    point, replicate = design["point"].to_numpy(), design["replicate"].to_numpy()
    for run_id, row, number in zip(design["run_id"], point, replicate, strict=True):
        column = number - first[row] if 0 <= row < points else -1
        if not 0 <= column < replicates:
            raise InputError("the method does not match the design", given=f"run {run_id}: point {row}, replicate {number}")
        if ids[row, column]:
            raise InputError("a run of the design is there twice", given=f"run {run_id}: point {row}, replicate {number}")
        ids[row, column] = run_id
    empty = np.argwhere(ids == "")
    if len(empty):
        given = f"point {empty[0][0]}, replicate {first[empty[0][0]] + empty[0][1]}"
        raise InputError("a run of the design is missing from it", given=given, allowed="every point and replicate once")
    return ids


def values_of(table, ids, names):
    """Return (values of shape (points, replicates, outcomes), faults: run id -> words); NaN where a run has a fault.

    Parameters
    ----------
    table : DataFrame of outcomes indexed by run id. ids : as returned by `run_ids`. names : columns of the table.
    """
    repeated = table.index[table.index.duplicated()]
    if len(repeated):
        raise InputError("outcomes of one run twice", given=f"run {repeated[0]}", allowed="each run once")
    flat = ids.ravel()
    places = table.index.get_indexer(flat)
    values = table[list(names)].to_numpy(dtype=float)[places]
    values[places < 0] = np.nan
    faults = {run_id: "has no outcome: it failed or was never run" for run_id in flat[places < 0]}
    for row in np.flatnonzero((places >= 0) & ~np.isfinite(values).all(axis=1)):
        column = int(np.flatnonzero(~np.isfinite(values[row]))[0])
        faults[flat[row]] = f"{names[column]} is {values[row, column]}"
    return values.reshape(*ids.shape, len(names)), faults


def refuse(faults, words, folder, choices=CHOICES):
    """Raise RunFailure naming runs and their region; `words` says which region, `choices` what can be done."""
    lines = [f"  run {run_id}: {fault}" for run_id, fault in list(faults.items())[:SHOWN]]
    more = [f"  and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    head = f"no analysis: {len(faults)} runs have no usable outcome; one of the others would be wrong without a sign"
    raise RunFailure("\n".join([head, *lines, *more, words, choices.format(folder=folder)]))


def region(shares, bad, names):
    """Return in words where in the space some points lie: the half space that holds them and few others.

    Parameters
    ----------
    shares : shape (points, factors). bad : truth values, shape (points,). names : of the factors.
    """
    best = (0.0, "")
    for column, name in zip(shares.T, names, strict=True):
        for cut in np.unique(np.quantile(column[bad], (0.0, 0.1, 0.9, 1.0))):
            for words, inside in ((f"at or above {cut:.0%}", column >= cut), (f"at or below {cut:.0%}", column <= cut)):
                caught, others = inside[bad].mean(), inside[~bad].mean() if (~bad).any() else 0.0
                if caught - others > best[0]:
                    best = (caught - others, f"{name} {words} of its range holds {caught:.0%} of them and {others:.0%} of "
                            "the other points")  # fmt: skip
    if best[0] < 0.5:
        return f"region: the {bad.sum()} points lie all over the space"
    return f"region: {best[1]}"


def drop_rows(layout, values, bad):
    """Return (layout, values, words) without the rows that hold a bad point.

    Parameters
    ----------
    values : shape (rows, columns, ...). bad : truth values, shape (rows, columns).
    """
    kept = ~bad.any(axis=1)
    if len(np.unique(layout.part[kept])) < 2:
        raise RunFailure("no index: too few whole rows of the design are left; run the same command again")
    gone = int((~kept).sum())
    words = (
        f"{gone} of {len(kept)} rows of the design ({gone / len(kept):.1%}, {gone * bad.shape[1]} points) left out because "
        f"of {int(bad.sum())} points without outcome: indices describe the rest of the space and are biased if it differs"
    )
    return layout.take(kept), values[kept], words


def need_variation(values, names):
    """Require that every outcome varies; raises InputError naming those that do not.

    Parameters
    ----------
    values : finite, shape (..., outcomes).
    """
    flat = values.reshape(-1, values.shape[-1])
    still = [f"{name} is {flat[0, place]:.6g} at all {len(flat)} points" for place, name in enumerate(names)
             if np.ptp(flat[:, place]) == 0.0]  # fmt: skip
    if still:
        raise InputError("no index: an outcome never changes", given="; ".join(still), allowed="outcomes that vary")


def rare_variation(layout, values, names):
    """Return notes on outcomes that vary in few parts of the layout only: their intervals say little."""
    often, parts = parts_that_vary(layout, values)
    return [
        f"{name} varies in only {often[place]} of {parts} parts of the design: its intervals mean little"
        for place, name in enumerate(names)
        if parts > 1 and values.shape[1] > 1 and often[place] < parts / 2
    ]


def parts_that_vary(layout, values):
    """Return (in how many parts of the layout each outcome varies, how many parts there are).

    Parameters
    ----------
    values : shape (rows, columns, outcomes).
    """
    parts = np.unique(layout.part)
    moved = [np.ptp(values[layout.part == part].reshape(-1, values.shape[-1]), axis=0) > 0.0 for part in parts]
    return np.sum(moved, axis=0), len(parts)
