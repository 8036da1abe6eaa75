"""What an analysis says in words: the order of the drivers, how far it is settled, and how much is chance."""

import numpy as np

from experiments.sensitivity.layout import GIVEN_DATA
from experiments.sensitivity.outcomes import label as outcome_label
from model.registry import load_mechanisms, load_registry

TOP = 5
BIASED = ("fast", *GIVEN_DATA)  # methods that give a dummy more than nothing
ABSOLUTE = ("ST", "S1", "share", "delta", "median", "distance", "bound")  # indices that are shares as they stand


def label(name):
    """Return the words of a factor, a switch, a group, the seed or the dummy."""
    registry, mechanisms = load_registry(), load_mechanisms()
    short = name.removeprefix("mechanisms.")
    if name in registry:
        return registry[name].label
    if name.startswith("mechanisms.") and short in mechanisms:
        return f"Rule: {mechanisms[short].label.lower()}"
    return {"seed": "Chance (seed)", "dummy": "Dummy"}.get(name, name.replace("_", " ").capitalize())


def order_of(analysis, outcome):
    """Return the factors' places, the largest index first; seed and dummy are not ranked."""
    values = analysis.estimates[analysis.main].value[: len(analysis.layout.names), outcome]
    return np.argsort(-values, kind="stable")


def settled_ranks(analysis, outcome):
    """Return for each rank but the last whether its factor is ahead of the next beyond uncertainty."""
    order, found = order_of(analysis, outcome), analysis.estimates[analysis.main]
    leads = [found.lead(one, other, outcome) for one, other in zip(order[:-1], order[1:], strict=True)]
    return [bool(difference > half) for difference, half in leads]


def widest(analysis, outcome):
    """Return (width, name) of the widest interval of the main index; of indices with a unit as a share of the largest."""
    found = analysis.estimates[analysis.main]
    widths = 2.0 * found.half_width[: len(analysis.layout.names), outcome]
    if analysis.main not in ABSOLUTE:
        widths = widths / (np.abs(found.value[: len(analysis.layout.names), outcome]).max() or 1.0)
    place = int(np.nanargmax(widths)) if np.isfinite(widths).any() else 0
    return float(widths[place]), analysis.layout.names[place]


def number(value):
    """Return a value with two significant decimals at least, without a sign on zero."""
    text = f"{value:.2f}" if abs(value) >= 0.095 or value == 0 else f"{value:.2g}"
    return "0.00" if text == "-0.00" else text


def interval(value, half):
    """Return value and interval in words."""
    if not np.isfinite(value):
        return "not known"
    if not np.isfinite(half):
        return f"{number(value)}, no interval"
    return f"{number(value)} ({number(value - half)} to {number(value + half)})"


def sentences(analysis, outcome):
    """Return what a reader must know about one outcome, in order."""
    return [
        leaders(analysis, outcome),
        settled(analysis, outcome),
        convergence(analysis, outcome),
        chance(analysis, outcome),
        negligible(analysis, outcome),
    ]


def leaders(analysis, outcome):
    """Return the sentence on the top drivers."""
    found, order = analysis.estimates[analysis.main], order_of(analysis, outcome)[:TOP]
    words = [f"{label(analysis.layout.names[unit])} {interval(found.value[unit, outcome], found.half_width[unit, outcome])}"
             for unit in order]  # fmt: skip
    return f"What drives {outcome_label(analysis.outcomes[outcome]).lower()}, strongest first: {'; '.join(words)}."


def settled(analysis, outcome):
    """Return the sentence on the ranking."""
    clear, names = settled_ranks(analysis, outcome)[:TOP], analysis.layout.names
    order = order_of(analysis, outcome)
    open_pairs = [place for place, sure in enumerate(clear) if not sure]
    if not open_pairs:
        return f"The ranking of the first {len(clear)} is settled: each is ahead of the next beyond uncertainty."
    pairs = "; ".join(f"{label(names[order[place]])} and {label(names[order[place + 1]])}" for place in open_pairs)
    first = open_pairs[0]
    head = f"The first {'rank is' if first == 1 else f'{first} ranks are'} settled. " if first else ""
    return f"{head}Not settled, as their difference is within its uncertainty: {pairs}."


def convergence(analysis, outcome):
    """Return the sentence on the widest interval and on what the second half of the runs changed."""
    width, name = widest(analysis, outcome)
    relative = "" if analysis.main in ABSOLUTE else " of the largest index"
    words = f"The widest 95 % interval is {number(width)} wide{relative} ({label(name)})"
    half = analysis.stages.get(0.5)
    if half is None or not np.isfinite(half[analysis.main].value[: len(analysis.layout.names), outcome]).all():
        return f"{words}; too few rows to look at convergence."
    count = len(analysis.layout.names)
    now, before = (stage[analysis.main].value[:count, outcome] for stage in (analysis.estimates, half))
    scale = 1.0 if analysis.main in ABSOLUTE else np.abs(now).max() or 1.0
    same = np.argsort(-now, kind="stable")[:TOP].tolist() == np.argsort(-before, kind="stable")[:TOP].tolist()
    moved = number(float(np.abs(now - before).max() / scale))
    return f"{words}; from half of the runs to all, no index moved by more than {moved}{relative}, and the first five " + (
        "kept their order." if same else "changed their order."
    )


def chance(analysis, outcome):
    """Return the sentence on the seed."""
    value, half = analysis.chance.value[0, outcome], analysis.chance.half_width[0, outcome]
    if not np.isfinite(value):
        return "The share of chance is not known: every point was run under one seed."
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    runs = analysis.replicates * (analysis.layout.seeds.shape[1] if analysis.layout.method in GIVEN_DATA else 1)
    mean = f" of the mean of {runs} runs" if runs > 1 else ""
    spread = f" ({100 * low:.1f} to {100 * high:.1f} %)" if np.isfinite(half) else ""
    return f"Chance (the seed) makes {100 * min(value, 1.0):.1f} %{spread} of the variance{mean}."


def negligible(analysis, outcome):
    """Return the sentence on factors that cannot be told from no effect: 0, or the dummy's index of a biased method."""
    found, count = analysis.estimates[analysis.main], len(analysis.layout.names)
    floor = max(0.0, float(found.value[-1, outcome])) if analysis.layout.method in BIASED else 0.0
    low = found.value[:count, outcome] - found.half_width[:count, outcome]
    weak = [label(name) for name, bound in zip(analysis.layout.names, low, strict=True) if not bound > floor]
    if not weak:
        return "Every factor can be told from no effect."
    shown = ", ".join(weak[:8]) + (f" and {len(weak) - 8} more" if len(weak) > 8 else "")
    return f"Cannot be told from no effect: {shown}."
