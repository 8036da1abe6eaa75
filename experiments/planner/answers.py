"""The first screen: which lever moves most, what it costs, who is left behind, how sure we are, what it depends on."""

from math import isfinite

from experiments.comparison.gaps import CONTRASTS
from experiments.planner.depends import what_it_depends_on
from experiments.planner.evidence import CASES, USE
from experiments.planner.harms import SMALL, found_harms, of_size
from experiments.planner.words import interval, rupiah, shown, title_of
from experiments.texts import listed, number, say, span

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


def who_is_left_behind(evidence):
    """Return what gaps do under the best policy, who gains least, which gaps any policy changes, and who is harmed."""
    sentences = [] if evidence.best is None else [*gaps(evidence), *gains_least(evidence)]
    return [*sentences, *changed_gaps(evidence), harm_in_short(evidence)]


def harm_in_short(evidence):
    """Return the sentence on how many policies do harm, and which; harm is clear only if it is not small."""
    found = found_harms(evidence)
    large = of_size(found)
    if not found:
        return say("behind.no_harm")
    titles = listed([title_of(evidence.result, policy) for policy in large or found])
    words = {"count": len(large or found), "all": len(evidence.use), "policies": titles}
    return say("behind.harm", **words) if large else say("behind.small_harm", limit=number(SMALL, 1), **words)


def gaps(evidence):
    """Return which gaps the best policy widens and narrows, in words and then in numbers."""
    mine = evidence.gaps.xs(evidence.best, level="policy")
    parts = []
    for verdict in ("widens", "narrows", "unclear"):
        kinds = [say(f"behind.{kind}") for kind in mine.index[mine["verdict"] == verdict]]
        if kinds:
            parts.append(say(f"behind.{verdict}", gaps=listed(kinds)))
    numbers = [gap_in_numbers(kind, row) for kind, row in mine.iterrows()]
    themselves = [worse_off(kind, row) for kind, row in mine.iterrows() if kind in CONTRASTS]
    return [
        say("behind.gaps", policy=title_of(evidence.result, evidence.best), parts="; ".join(parts)),
        say("behind.numbers", parts=", ".join(numbers)),
        *([say("behind.themselves", parts=", ".join(themselves))] if themselves else []),
    ]


def gap_in_numbers(kind, row):
    """Return the change of a gap with the interval that its verdict goes by."""
    words = {"gap": say(f"behind.{kind}"), "change": shown(USE, row["mean_difference"])}
    return say("behind.number", **words, interval=interval(USE, row, kind="simultaneous_"))


def worse_off(kind, row):
    """Return the change for the worse-off group of a kind with its interval."""
    ends = {end: row[f"worse_off_{end}"] for end in ("low", "high")}
    words = {"gap": say(f"behind.worse_off.{kind}"), "change": shown(USE, row["worse_off"])}
    return say("behind.number", **words, interval=interval(USE, ends))


def gains_least(evidence):
    """Return a sentence on the province that gains least under the best policy, if there are several."""
    mine = evidence.provinces.loc[evidence.best].sort_values("mean_difference")
    if len(mine) < 2:
        return []
    row = mine.iloc[0]
    bounds = interval(USE, row, kind="simultaneous_")
    return [say("behind.least", group=mine.index[0], change=shown(USE, row["mean_difference"]), interval=bounds)]


def changed_gaps(evidence):
    """Return which gaps any policy widens or narrows, whether or not a policy is best."""
    verdicts = {verdict: changed(evidence, verdict) for verdict in ("widens", "narrows")}
    if not any(verdicts.values()):
        return [say("behind.unchanged")]
    words = {verdict: "; ".join(parts.values()) for verdict, parts in verdicts.items() if parts}
    sentences = [say(f"behind.any_{verdict}", parts=parts) for verdict, parts in words.items()]
    return sentences if "skill" in verdicts["narrows"] else [*sentences, say("behind.not_narrowed")]


def changed(evidence, verdict):
    """Return kind of gap -> words on the policies with this verdict, those that move digital use most first."""
    found = {}
    for kind in dict.fromkeys(evidence.gaps.index.get_level_values("kind")):
        verdicts = evidence.gaps.loc[kind, "verdict"]
        names = [title_of(evidence.result, policy) for policy in evidence.use.index if verdicts[policy] == verdict]
        if names:
            found[kind] = say("behind.under", gap=say(f"behind.{kind}"), policies=listed(names))
    return found


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
