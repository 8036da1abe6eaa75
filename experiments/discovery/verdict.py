"""What a discovery says: when a policy fails, how sure that is, and which policy is robust."""

import numpy as np

from experiments.discovery.robustness import wilson
from experiments.discovery.study import OFTEN
from experiments.discovery.words import (
    assumed_count,
    called,
    figure,
    goal_words,
    missed_words,
    percent,
    rule_words,
    shown_in,
    side,
    span,
    subject,
    with_interval,
)
from experiments.sensitivity.verdict import label
from experiments.texts import measured

SIGNIFICANT = 0.05
SETTLED = 0.95
CRITERIA = {
    "satisficing": "Meets all goals in most futures",
    "expected": "Best {} on average",
    "worst": "Best {} in the worst future (maximin)",
    "mean regret": "Least regret on average in {}",
    "high regret": "Least regret in {} in bad futures (95 % have less)",
}


def basis(futures):
    """Return the sentences on what was varied."""
    assumed, every = assumed_count(futures)
    goals = "; ".join(goal_words(goal) for goal in futures.goals)
    seeds = "one seed" if futures.replicates == 1 else f"the mean of {futures.replicates} seeds"
    words = (
        f"{every} uncertain parameters were varied together, {assumed} of them assumed, in {len(futures.x):,} futures; "
        f"every policy met the same futures under the same seeds ({seeds} each). A policy fails in a future if it misses a "
        f"goal: {goals}."
    )
    if futures.disagreement == futures.disagreement:
        words += f" Single seeds disagree on failure in {percent(futures.disagreement)} of futures and policies."
    return words


def policy_words(discovery, policy, brief=False):
    """Return what there is to say about one policy; in brief, of each box only where it lies."""
    sentences = [how_often(discovery.futures, policy)]
    mine = [found for found in discovery.findings if found.policy == policy]
    if not mine:
        return [*sentences, "It fails or succeeds in too few futures to say what these have in common."]
    for found in mine:
        sentences += finding_words(discovery.futures, found)[: 1 if brief else None]
    return sentences


def how_often(futures, policy):
    """Return the sentence on how often a policy fails and on which goal."""
    fails = futures.fails(policy)
    interval = with_interval(fails.mean(), *wilson(fails.sum(), len(fails)))
    text = f"{futures.policies[policy]} fails in {interval} of the futures"
    if len(futures.goals) == 1:
        return f"{text}: {missed_words(futures.goals[0])}."
    missed = (~futures.met[:, policy]).mean(axis=0)
    order = np.argsort(-missed, kind="stable")
    return f"{text}: {'; '.join(f'{missed_words(futures.goals[place])} in {percent(missed[place])}' for place in order)}."


def finding_words(futures, found):
    """Return the sentences on one box and one tree."""
    box, trusted = found.box, found.stability
    if not len(box.restricted):
        return [
            f"When {subject(futures, found)} could not be told from chance ({len(found.screened)} of {len(futures.factors)} "
            "parameters differ between failures and successes)."
        ]
    sides = "; and ".join(side(futures.factors[place], box.low[place], box.high[place]) for place in box.restricted)
    doubt = "" if found.holds_up else "Not settled, as half samples seldom find it: "
    first = (
        f"{doubt}{subject(futures, found)} when: {sides}. In these {box.held:,} futures it does in "
        f"{with_interval(box.density, *wilson(box.hits, box.held))} (density), against {percent(box.cases / box.points)} in "
        f"all; they hold {with_interval(box.coverage, *wilson(box.hits, box.cases))} of all such failures (coverage)."
    )
    return [first, halves(futures, found), chance(trusted), tree(futures, found)]


def halves(futures, found):
    """Return the sentence on half samples."""
    box, trusted = found.box, found.stability
    share = trusted.restricted
    kept = "; ".join(f"{label(futures.factors[place].name)} in {percent(share[place])}" for place in box.restricted)
    others = [place for place in np.argsort(-share, kind="stable") if share[place] >= OFTEN and place not in box.restricted]
    more = "; not in the box, yet often found: " + ", ".join(label(futures.factors[place].name) for place in others)
    return (
        f"Search repeated on {len(trusted.coverage)} random halves: {kept} of them{more if others else ''}. In the halves "
        f"not seen by the search, coverage is {percent(np.nanmean(trusted.coverage))} and density "
        f"{percent(np.nanmean(trusted.density))} on average."
        + ("" if found.holds_up else " This box does not hold up: more futures are needed.")
    )


def chance(trusted):
    """Return the sentence on shuffled failures."""
    count = len(trusted.chance)
    verdict = "more than chance" if trusted.exceeded < SIGNIFICANT else "not to be told from chance"
    as_good = round(trusted.exceeded * (count + 1) - 1)
    return f"Of {count} shufflings of the failures {as_good} gave a box as good: {verdict}."


def tree(futures, found):
    """Return the sentence on the worst leaf of the tree."""
    grown = found.tree
    if grown.root is None:
        return "The tree has no split: no parameter tells failures from successes."
    worst = max(grown.leaves, key=lambda leaf: leaf.hits / leaf.held)
    return (
        f"As a tree: most often ({percent(worst.hits / worst.held)} of {worst.held:,} futures) when "
        f"{rule_words(futures, worst)}. The first split is on {label(futures.factors[grown.root].name)}, as in "
        f"{percent(grown.same_root)} of the halves; in unseen halves the tree is right on {percent(grown.accuracy)} of "
        "failures and successes alike (50 % is a coin)."
    )


def robust_words(discovery):
    """Return the sentences on the best policy by each criterion, and whether the choice is settled."""
    futures, sentences = discovery.futures, []
    for criterion, words in CRITERIA.items():
        for place in [None] if criterion == "satisficing" else range(len(futures.goals)):
            rows = [row for row in discovery.criteria if (row.criterion, row.goal) == (criterion, place)]
            about = called(futures.goals[place]) if place is not None else ""
            sentences.append(f"{words.format(about)}: {winner(futures, rows)}.")
    return sentences


def winner(futures, rows):
    """Return the best policy by some rows of a criterion, its value and how often it comes first."""
    best = [row for row in rows if row.best]
    goal = futures.goals[rows[0].goal] if rows[0].goal is not None else None
    factor, unit = shown_in(goal, rows[0].criterion)
    value = measured(figure(best[0].value, factor), unit)
    if len(best) == len(rows):
        return f"all alike, {value}"
    names = " and ".join(futures.policies[row.policy] for row in best)
    if best[0].low != best[0].low:
        return f"{names}, {value} as observed; more futures can only make it worse"
    first = sum(row.first for row in best)
    settled = "settled" if first >= SETTLED else "not settled"
    interval = span(best[0].low, best[0].high, factor, unit)
    return f"{names}, {value} ({interval}); {settled}, first in {percent(first)} of resamples"
