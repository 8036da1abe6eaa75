"""Who is harmed: what policies worsen beyond chance, so that a gain elsewhere cannot hide it."""

from collections import namedtuple

from experiments.planner.words import DIGITS, scaled, title_of, unit_of
from experiments.texts import listed, named, number, say, span
from model.registry import load_observables

Harm = namedtuple("Harm", ("size", "words"))
SMALL = 0.1  # harm below it, in the unit shown, is named without numbers
KEYS = ("mean_difference", "simultaneous_low", "simultaneous_high")  # the interval is that which decides
HARMS = ("dropped_share", "use_share", "wait_days", "trust_agency")


def found_harms(evidence):
    """Return policy -> list of Harm of every policy that does any, those that move digital use most first."""
    tables = evidence.effects
    found = {policy: [harm(name, tables[name].loc[policy]) for name in HARMS] for policy in evidence.use.index}
    kept = {policy: [one for one in what if one] for policy, what in found.items()}
    return {policy: what for policy, what in kept.items() if what}


def harm_sentences(evidence):
    """Return a sentence for each policy that does harm, and one on those that do little."""
    found = found_harms(evidence)
    large = of_size(found)
    titles = {policy: title_of(evidence.result, policy) for policy in found}
    sentences = [say("harm.sentence", policy=titles[policy], what="; ".join(what)) for policy, what in large.items()]
    small = [titles[policy] for policy in found if policy not in large]
    if small:
        sentences.append(say("harm.small", limit=number(SMALL, 1), policies=listed(small)))
    return sentences


def of_size(found):
    """Return policy -> words of each harm that is not small, of those policies that do any."""
    large = {policy: [one.words for one in what if one.size >= SMALL] for policy, what in found.items()}
    return {policy: what for policy, what in large.items() if what}


def harm(name, row):
    """Return what a policy worsens as a Harm; None if it does not, beyond chance."""
    rises = load_observables()[name].direction == "lower"
    clear = row["simultaneous_low"] > 0 if rises else row["simultaneous_high"] < 0
    if not clear:
        return None
    # The verb says the direction, so the numbers carry no sign.
    size, low, high = (scaled(name, row[key]) * (1 if rises else -1) for key in KEYS)
    ends = span(*(number(end, DIGITS) for end in sorted((low, high))))
    words = {"verb": say("harm.raises" if rises else "harm.lowers"), "label": named(load_observables()[name].label).lower()}
    return Harm(size, say("harm.part", **words, change=number(size, DIGITS), unit=unit_of(name), interval=ends))
