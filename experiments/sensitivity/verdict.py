"""What an analysis says in words: the order of the drivers, how far it is settled, and how much is chance."""

from collections import namedtuple

import numpy as np

from experiments.run_outcomes import label as outcome_label
from experiments.run_outcomes import unit as outcome_unit
from experiments.sensitivity.layout import GIVEN_DATA
from experiments.units import change_of
from model.registry import load_mechanisms, load_registry

TOP = 5
NAMED = 6  # factors without effect that are named
Answer = namedtuple("Answer", ("question", "words", "items"))
BIASED = ("fast", *GIVEN_DATA)  # methods that give a dummy more than nothing
WORDS = {
    "ST": "total index, share of the variance", "S1": "first-order index, share of the variance",
    "mu_star": "mean size of the effect of the whole range", "bound": "upper bound of the total index",
    "median": "PAWN distance, 0 to 1", "delta": "delta, 0 to 1", "distance": "distance of distributions, 0 to 1",
    "share": "share of the variance", "swing": "largest change along the range",
}  # fmt: skip
DISTANCES = ("median", "delta", "distance")  # of distributions: chance has none, so its line holds its share of the variance
HAVE_UNIT = ("mu_star", "sigma", "mu", "swing", "ends", "slope")  # indices in the unit of the outcome
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


def label_of(analysis, place):
    """Return the words of a line of the table of indices; they say so if chance is no index of the method."""
    words = label(analysis.layout.units[place])
    share = place == len(analysis.layout.names) and analysis.main in DISTANCES
    return f"{words}: share of the variance" if share else words


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


def decimals(largest):
    """Return how many decimals show two digits of the largest number of a column, and one of numbers up to a hundred."""
    if not np.isfinite(largest) or largest <= 0.0:
        return 2
    return int(np.clip(1 - np.floor(np.log10(largest)), 1 if largest < 100.0 else 0, 9))


def number(value, places=2):
    """Return a value with some decimals, thousands apart, without a sign on zero."""
    if not np.isfinite(value):
        return "not known"
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def interval(value, half, places=2):
    """Return the ends of an interval in words."""
    return f"{number(value - half, places)} to {number(value + half, places)}" if np.isfinite(half) else "no interval"


def places_of(analysis, index, outcome):
    """Return the decimals of an index of one outcome, as it is shown."""
    return 2 if index in ABSOLUTE else decimals(float(np.nanmax(np.abs(shown(analysis, index, outcome)[0]))))


def shown_in(index, name):
    """Return (factor, unit) in which an index of an outcome is shown: an effect as a change of it, a share as it stands."""
    return change_of(outcome_unit(name)) if index in HAVE_UNIT else (1.0, "")


def shown(analysis, index, outcome):
    """Return (values, half widths) of an index of one outcome, a number for each unit, as they are shown."""
    found, factor = analysis.estimates[index], shown_in(index, analysis.outcomes[outcome])[0]
    return factor * found.value[:, outcome], factor * found.half_width[:, outcome]


def answers(analysis, outcome):
    """Return what a reader must know about one outcome: Answers in order, of which only the first has items."""
    return [
        leaders(analysis, outcome),
        Answer("Is the order settled?", settled(analysis, outcome), []),
        Answer("How much is chance?", chance(analysis, outcome), []),
        Answer("How exact is this?", convergence(analysis, outcome), []),
        Answer("What shows no effect?", negligible(analysis, outcome), []),
    ]


def sentences(analysis, outcome):
    """Return the answers as lines of text."""
    lines = []
    for question, words, items in answers(analysis, outcome):
        lines += [f"{question} {words}".rstrip(), *(f"  {rank}. {item}" for rank, item in enumerate(items, 1))]
    return lines


def leaders(analysis, outcome):
    """Return the Answer with the top drivers."""
    index, name = analysis.main, analysis.outcomes[outcome]
    values, halves = shown(analysis, index, outcome)
    places, unit = places_of(analysis, index, outcome), shown_in(index, name)[1]
    items = []
    for place in order_of(analysis, outcome)[:TOP]:
        words = f"{number(values[place], places)} ({interval(values[place], halves[place], places)})"
        items.append(f"{label(analysis.layout.names[place])}: {words}")
    of_unit = f", in {unit}" if unit else ""
    words = f"Strongest first ({WORDS[index]}{of_unit}; in brackets the 95 % interval):"
    return Answer(f"What drives {outcome_label(name).lower()}?", words, items)


def settled(analysis, outcome):
    """Return the sentence on the ranking: neighbours that cannot be told apart are named together."""
    clear = settled_ranks(analysis, outcome)[:TOP]
    names = [label(analysis.layout.names[place]) for place in order_of(analysis, outcome)]
    if all(clear):
        return f"Yes: each of the first {len(clear)} is ahead of the next beyond uncertainty."
    chains, begin = [], 0
    for place, sure in enumerate([*clear, True]):
        if sure:
            chains += [(begin, place)] if place > begin else []
            begin = place + 1
    within = [f"{first + 1} to {last + 1} ({'; '.join(names[first : last + 1])})" for first, last in chains]
    head = "Partly" if any(clear) else "No"
    return f"{head}: neighbours in rank cannot be told apart within {', and within '.join(within)}."


def convergence(analysis, outcome):
    """Return the sentence on the widest interval and on what the second half of the runs changed."""
    (width, name), count = widest(analysis, outcome), len(analysis.layout.names)
    words = f"The widest 95 % interval, that of {label(name)}, is {extent(analysis, width)} wide"
    half = analysis.stages.get(0.5)
    if half is None or not np.isfinite(half[analysis.main].value[:count, outcome]).all():
        return f"{words}; too few rows to look at convergence."
    now, before = (stage[analysis.main].value[:count, outcome] for stage in (analysis.estimates, half))
    scale = 1.0 if analysis.main in ABSOLUTE else np.abs(now).max() or 1.0
    same = np.argsort(-now, kind="stable")[:TOP].tolist() == np.argsort(-before, kind="stable")[:TOP].tolist()
    moved = extent(analysis, float(np.abs(now - before).max() / scale))
    order = "kept" if same else "changed"
    return f"{words}. From half of the runs to all, no index moved by more than {moved}; the first five {order} their order."


def extent(analysis, width):
    """Return the width of an interval in words: as it stands, or as a share of the largest index."""
    return number(width) if analysis.main in ABSOLUTE else f"{100.0 * width:.0f} % of the largest index"


def chance(analysis, outcome):
    """Return the sentence on the seed."""
    value, half = analysis.chance.value[0, outcome], analysis.chance.half_width[0, outcome]
    runs = analysis.replicates * (analysis.layout.seeds.shape[1] if analysis.layout.method in GIVEN_DATA else 1)
    if not np.isfinite(value):
        alone = analysis.layout.method in GIVEN_DATA and runs == 1
        reason = "every point was run under one seed" if alone else "the outcome varies at too few points"
        return f"The share of chance is not known: {reason}."
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    mean = f" of the mean of {runs} runs" if runs > 1 else ""
    spread = f" ({100 * low:.1f} to {100 * high:.1f} %)" if np.isfinite(half) else ""
    return f"Chance (the seed) makes {100 * np.clip(value, 0.0, 1.0):.1f} %{spread} of the variance{mean}."


def negligible(analysis, outcome):
    """Return the sentence on factors that cannot be told from no effect: 0, or the dummy's index of a biased method."""
    found, count = analysis.estimates[analysis.main], len(analysis.layout.names)
    floor = max(0.0, float(found.value[-1, outcome])) if analysis.layout.method in BIASED else 0.0
    low = found.value[:count, outcome] - found.half_width[:count, outcome]
    weak = [label(analysis.layout.names[place]) for place in order_of(analysis, outcome)[::-1] if not low[place] > floor]
    if not weak:
        return "No factor: every one can be told from no effect."
    more = f" and {len(weak) - NAMED} more" if len(weak) > NAMED else ""
    return f"{len(weak)} of {count} factors cannot be told from no effect with these runs: {'; '.join(weak[:NAMED])}{more}."
