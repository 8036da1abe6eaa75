"""Who is left behind: what policies do to gaps in digital use, who gains least, how many do harm.

A screen has no room for every gap under every policy: for each gap only the largest clear change each way is named, none
that is small, and how many are left out is said.
"""

from experiments.comparison.gaps import CONTRASTS
from experiments.planner.evidence import USE
from experiments.planner.harms import SMALL, found_harms, of_size
from experiments.planner.words import interval, scaled, shown, title_of
from experiments.texts import listed, number, say

VERDICTS = ("widens", "narrows")
MOST_NAMED = 3  # policies named in brackets, as the numbers of all stand below


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
    titles = few([title_of(evidence.result, policy) for policy in large or found])
    words = {"count": len(large or found), "all": len(evidence.use), "policies": titles}
    return say("behind.harm", **words) if large else say("behind.small_harm", limit=number(SMALL, 1), **words)


def gaps(evidence):
    """Return which gaps the best policy widens and narrows, in words and then in numbers."""
    mine = evidence.gaps.xs(evidence.best, level="policy")
    parts = []
    for verdict in ("widens", "narrows", "unclear"):
        kinds = mine.index[mine["verdict"] == verdict]
        if len(kinds):
            parts.append(say(f"behind.{verdict}", gaps=named_gaps(evidence, kinds, verdict)))
    numbers = [gap_in_numbers(kind, row) for kind, row in mine.iterrows()]
    themselves = [worse_off(kind, row) for kind, row in mine.iterrows() if kind in CONTRASTS]
    return [
        say("behind.gaps", policy=title_of(evidence.result, evidence.best), parts="; ".join(parts)),
        say("behind.numbers", parts=", ".join(numbers)),
        *([say("behind.themselves", parts=", ".join(themselves))] if themselves else []),
    ]


def named_gaps(evidence, kinds, verdict=""):
    """Return kinds of gaps as they are enumerated; all of them as a number where the numbers of the best name them."""
    every = evidence.gaps.index.get_level_values("kind").nunique()
    if evidence.best is not None and len(kinds) == every > 1:
        return say("behind.none_of" if verdict == "unclear" else "behind.all_of", count=every)
    return listed([say(f"behind.{kind}") for kind in kinds])


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
    """Return which policies other than the best change gaps most, how many changes are left out, and what none does."""
    clear = evidence.gaps[evidence.gaps["verdict"].isin(VERDICTS)]
    if clear.empty:
        return [say("behind.unchanged")]
    others = clear[clear.index.get_level_values("policy") != evidence.best]
    named = most_changed(others)
    parts = [
        say(f"behind.most_{verdict}", policies=policies_with_gaps(evidence, named[named["verdict"] == verdict]))
        for verdict in VERDICTS
        if (named["verdict"] == verdict).any()
    ]
    most = [say("behind.any" if evidence.best is None else "behind.other", parts="; ".join(parts))] if parts else []
    return [*most, *left_out(len(others) - len(named)), *skill_not_narrowed(evidence, clear)]


def most_changed(rows):
    """Return the row with the largest change of each gap each way, the largest first; none that is small."""
    sizes = rows["mean_difference"].abs()
    large = rows[scaled(USE, sizes) >= SMALL].assign(size=sizes).sort_values("size", ascending=False, kind="stable")
    return large.groupby(["kind", "verdict"], sort=False).head(1)


def policies_with_gaps(evidence, rows):
    """Return each policy of some rows of gaps once, with the gaps that it changes."""
    kinds = {}
    for kind, policy in rows.index:
        kinds.setdefault(policy, []).append(kind)
    titles = {policy: title_of(evidence.result, policy) for policy in kinds}
    return listed(
        [say("behind.under", policy=titles[policy], gaps=named_gaps(evidence, mine)) for policy, mine in kinds.items()]
    )


def left_out(count):
    """Return the sentence on how many clear changes are not named, and where all are; none if all are named."""
    words = {"count": count, "limit": number(SMALL, 1), "table": say("table.gaps.title")}
    return [say("behind.left_out", **words)] if count else []


def skill_not_narrowed(evidence, clear):
    """Return the sentence that no policy narrows the gap by skill, or only a little; none if one does."""
    rows = clear[(clear["verdict"] == "narrows") & (clear.index.get_level_values("kind") == "skill")]
    if rows.empty:
        return [say("behind.not_narrowed")]
    if (scaled(USE, rows["mean_difference"].abs()) >= SMALL).any():
        return []
    policies = few([title_of(evidence.result, policy) for _, policy in rows.index])
    return [say("behind.narrowed_little", limit=number(SMALL, 1), policies=policies)]


def few(titles):
    """Return some titles as they are enumerated; of many only the first, and how many others there are."""
    if len(titles) <= MOST_NAMED + 1:
        return listed(titles)
    return listed([*titles[:MOST_NAMED], say("behind.others", count=len(titles) - MOST_NAMED)])
