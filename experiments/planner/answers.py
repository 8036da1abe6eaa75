"""The first screen: which lever moves most, what it costs, who is left behind, how sure we are, what it depends on."""

from math import isfinite

from experiments.planner.behind import who_is_left_behind
from experiments.planner.depends import what_it_depends_on
from experiments.planner.evidence import CASES, USE
from experiments.planner.words import interval, rupiah, shown, title_of
from experiments.texts import number, say, span

ALIKE = 0.02  # planned costs that differ by less, as a share of the largest, are about the same


def answers(evidence):
    """Return the five questions, each with its answer as sentences."""
    makers = {
        "lever": which_lever, "cost": what_it_costs, "behind": who_is_left_behind, "sure": how_sure,
        "depends": what_it_depends_on,
    }  # fmt: skip
    return [{"question": say(f"{key}.question"), "sentences": make(evidence)} for key, make in makers.items()]


def in_short(evidence):
    """Return the answer on one screen of a terminal: which lever moves most, and how sure that is."""
    return [which_lever(evidence)[0], *how_sure(evidence)]


def which_lever(evidence):
    """Return which policy moves digital use most, from which level, and which does so without dropping cases."""
    base = evidence.baseline_use
    level = say("lever.base", base=shown(USE, base["mean"], signed=False), interval=interval(USE, base, signed=False))
    if evidence.best is None:
        return [moved(evidence, "lever.nothing", evidence.use.index[0]), level]
    return [moved(evidence, "lever.leads", evidence.best), level, *gentlest(evidence)]


def moved(evidence, key, policy):
    """Return a sentence on how far a policy moves digital use, with the interval that the verdict goes by."""
    row = evidence.use.loc[policy]
    words = {"policy": title_of(evidence.result, policy), "use": shown(USE, row["mean_difference"])}
    return say(key, **words, interval=interval(USE, row, kind="simultaneous_"))


def gentlest(evidence):
    """Return a sentence on the best of the policies that drop no more cases, if the best of all does drop more."""
    dropped = evidence.effects["dropped_share"]
    dropping = dropped.index[dropped["simultaneous_low"] > 0]
    gentle = evidence.use.drop(dropping)
    if evidence.best not in dropping or gentle.empty or not gentle.iloc[0]["simultaneous_low"] > 0:
        return []
    return [moved(evidence, "lever.gentle", gentle.index[0])]


def what_it_costs(evidence):
    """Return what the best policy is planned to cost, what a digital case costs, and what the service does."""
    costs = evidence.use["planned_cost"]
    alike = costs.max() - costs.min() <= ALIKE * costs.abs().max()
    same = [say("cost.same")] if alike and len(costs) > 1 else []
    policy = evidence.best
    if policy is None:
        low, high = rupiah(costs.min()), rupiah(costs.max())
        return [say("cost.planned_each", cost=low) if low == high else say("cost.planned_range", low=low, high=high)]
    title = title_of(evidence.result, policy)
    return [
        say("cost.planned", policy=title, cost=rupiah(costs[policy])),
        *same,
        *prices(evidence, policy),
        say("cost.service", **change(evidence, "wait", "wait_days"), **change(evidence, "cost", "cost_per_case")),
    ]


def change(evidence, word, name):
    """Return the words for a change under the best policy and its interval."""
    row = evidence.effects[name].loc[evidence.best]
    return {word: shown(name, row["mean_difference"]), f"{word}_interval": interval(name, row)}


def prices(evidence, policy):
    """Return what an additional digital case costs under a policy, and where it costs least."""
    programme, public = (evidence.prices[account, CASES] for account in ("programme", "public"))
    mine = programme.loc[policy]
    if not mine["price"] == mine["price"]:
        return [say("cost.no_price")]
    sentences = [priced("cost.price", mine), priced("cost.public", public.loc[policy])]
    if len(programme) > 1:
        least = programme["price"].idxmin()
        title = title_of(evidence.result, least)
        sentences.append(say("cost.no_cheaper") if least == policy else priced("cost.cheapest", programme.loc[least], title))
    return sentences


def priced(key, row, title=""):
    """Return a sentence with a price and its interval; one that is below nothing saves money."""
    price, low, high = (row[name] for name in ("price", "price_low", "price_high"))
    if high < 0.0:
        key, price, low, high = "cost.saves", -price, -high, -low
    words, ends = rupiah(price, low, high)
    return say(key, policy=title, price=words, interval=ends)


def how_sure(evidence):
    """Return whether the best policy differs from the next, what intervals hold, and what pairing was worth."""
    row = evidence.use.iloc[0]
    runs = say("sure.runs", n=int(row["n"]), runs=int(row["baseline_runs"]))
    if evidence.best is None:
        return [runs]
    return [*against_next(evidence), runs, worth_of_pairing(evidence)]


def against_next(evidence):
    """Return the sentence on the best policy against the second, by their paired difference.

    Overlap of two intervals would be the wrong test: policies share their draws, so the difference is known better.
    The pair is chosen by its outcome, hence the interval holds for all pairs of policies at once.
    """
    if len(evidence.use) < 2:
        return []
    first, second = evidence.use.index[:2]
    apart, row = evidence.apart[first, second], evidence.use.loc[second]
    words = {
        "policy": title_of(evidence.result, first),
        "next": title_of(evidence.result, second),
        "use": shown(USE, row["mean_difference"]),
        "use_interval": interval(USE, row, kind="simultaneous_"),
        "ahead": shown(USE, apart["mean_difference"]),
        "interval": interval(USE, apart, kind="simultaneous_"),
    }
    return [say("sure.clear" if apart["simultaneous_low"] > 0 else "sure.unclear", **words)]


def worth_of_pairing(evidence):
    """Return the sentence on what pairing is worth for the effect of the best policy on digital use."""
    row = evidence.pairing.loc[evidence.best]
    low, high, factor, alone = (number(row[name], 1) for name in ("low", "high", "factor", "pairing_factor"))
    bounds = span(low, high) if isfinite(row["low"]) else say("sure.few")
    equal = number(row["replicates_independent"], 0)
    return say("sure.pairing", factor=factor, alone=alone, bounds=bounds, equal=equal)
