"""Numbers behind figures: means and bands over replicates."""

import textwrap

import numpy as np
import pandas
from scipy.stats import t

from experiments.texts import named, say
from experiments.units import level_in
from model.errors import InputError
from model.parameter_table import BASELINE
from model.registry import load_observables

BAND = (0.05, 0.95)
MEASURES = ("mean", "low", "high", "mean_low", "mean_high", "half_width")  # of a summary, in the unit of its observable
PANEL = 19  # letters that fit above a panel, a quarter of two columns wide


def need_replicates(result):
    """Require at least two finished replicates: a figure without uncertainty is refused."""
    done = result.design[result.design["status"] == "ok"].groupby("policy")["replicate"].nunique()
    fewest = min((int(done.get(policy, 0)) for policy in result.policies), default=0)
    if fewest < 2:
        raise InputError("a figure needs a band", given=f"{fewest} replicate", allowed="at least 2; see --replicates")


def first_policy(result):
    """Return the baseline if the result has one, else its only policy."""
    return BASELINE if BASELINE in result.policies else result.policies[0]


def subject(result):
    """Return whose figure it is, in words: the baseline, or the only policy that was run."""
    policy = first_policy(result)
    return say("caption.baseline") if policy == BASELINE else say("caption.policy", policy=policy)


def years(result, months):
    """Return calendar time of month indices: the end of each month as a decimal year."""
    start = result.scenario["start"]
    year, month = (int(part) for part in (start.split("-") if isinstance(start, str) else start))
    return year + (month - 1 + np.asarray(months)) / 12.0


def over_time(result, names, policy=None, frame=None):
    """Return mean, band and interval of observables by month over replicates.

    Returns
    -------
    DataFrame with columns name, month, year, mean, low, high (band), mean_low, mean_high (interval), n.
    """
    policy = policy or first_policy(result)
    frame = result.series if frame is None else frame
    runs = result.design.loc[result.design["policy"] == policy, "run_id"]
    mine = frame[frame["run_id"].isin(set(runs))]
    return pandas.concat([summarise(result, mine, name) for name in names], ignore_index=True)


def summarise(result, rows, name):
    """Return the summary of one column by month."""
    groups = rows.groupby("month")[name]
    table = groups.agg(["mean", "std", "count"])
    low, high = groups.quantile(BAND[0]), groups.quantile(BAND[1])
    half = t.ppf(0.975, table["count"] - 1) * table["std"] / np.sqrt(table["count"])
    columns = {
        "name": name,
        "month": table.index,
        "year": years(result, table.index),
        "mean": table["mean"].to_numpy(),
        "low": low.to_numpy(),
        "high": high.to_numpy(),
        "mean_low": (table["mean"] - half).to_numpy(),
        "mean_high": (table["mean"] + half).to_numpy(),
        "n": table["count"].to_numpy(),
    }
    return pandas.DataFrame(columns)


def smooth(frame, columns, months=12):
    """Return series rows with columns replaced by trailing means over a year, run by run; month 0 stays out."""
    rows = frame[frame["month"] > 0][["run_id", "month", *columns]].sort_values(["run_id", "month"])
    rolled = rows.groupby("run_id")[list(columns)].rolling(months, min_periods=1).mean()
    rows[list(columns)] = rolled.to_numpy()
    return rows


def paired_rows(result):
    """Return the series of the replicates that every policy has: lines of other replicates would not compare."""
    policies = result.design.groupby("replicate")["policy"].nunique()
    shared = policies.index[policies == len(result.policies)]
    runs = result.design.loc[result.design["replicate"].isin(shared), "run_id"]
    return result.series[result.series["run_id"].isin(set(runs))]


def label(name):
    """Return an axis label: the words of an observable and the unit in which a figure shows its level."""
    return f"{short_label(name)} ({unit_of_level(name)})"


def unit_of_level(name):
    """Return the unit in which a figure shows the level of an observable, in the language at hand."""
    return named(level_in(name)[1])


def label_in_lines(name, letters):
    """Return the axis label of an observable in lines of some letters."""
    return with_unit(short_label(name), unit_of_level(name), letters)


def with_unit(words, unit, letters):
    """Return words and unit in one line or, if it would be longer than some letters, the unit in lines of its own."""
    label = f"{words} ({unit})"
    return label if len(label) <= letters else f"{filled(words, letters)}\n{filled(f'({unit})', letters)}"


def filled(words, letters):
    """Return words in lines of some letters, none torn apart."""
    return textwrap.fill(words, letters, break_long_words=False)


def levels(table, name):
    """Return a summary of an observable as a figure draws it: what is in the observable's unit, times a factor.

    Parameters
    ----------
    table : DataFrame with some of the columns in MEASURES; it stays as it is, since tables keep the unit of the registry.
    """
    columns = [column for column in MEASURES if column in table]
    return table.assign(**{column: level_in(name)[0] * table[column] for column in columns})


def short_label(name):
    """Return the words of an observable."""
    return named(load_observables()[name].label)


def in_lines(words):
    """Return the title of a narrow panel in lines that fit above it."""
    return textwrap.fill(words, PANEL)


def draw_band(axes, table, colour, dashes, words):
    """Draw mean, interval of the mean and band of one summary."""
    axes.fill_between(table["year"], table["low"], table["high"], color=colour, alpha=0.18, linewidth=0)
    for edge in ("mean_low", "mean_high"):
        axes.plot(table["year"], table[edge], color=colour, linewidth=0.4, alpha=0.7)
    axes.plot(table["year"], table["mean"], color=colour, linestyle=dashes, label=words)
