"""From decisions to a policy: shares of the budget, starts and regions become overlays that spend money."""

from dataclasses import dataclass, replace

import numpy as np

from experiments.compare import BILLION
from experiments.optimise.settings import EVERYWHERE, REMOTE, WHOLE
from model.checks import fail, nearest_name
from model.errors import InputError
from model.overlays import read_overlay
from model.parameter_table import column
from model.registry import load_registry
from model.scenario import Policy

UNUSED = 25  # how far shares range below zero, where a lever is not used: else hardly a policy would leave one out
PROBE = 1e-6  # of the budget: what is spent to see how far a lever moves for it
SAFETY = 1e-6  # of the room, so that rounding never takes a lever out of its range


@dataclass(frozen=True)
class Part:
    """What a policy does with one lever.

    Attributes
    ----------
    lever : dict as of `settings.read_lever`. percent : of the budget, whole. start : "YYYY-MM". where : one of its regions.
    spend : million rupiah; less than the percent says where the lever reaches the end of its range.
    """

    lever: dict
    percent: int
    start: str
    where: str
    spend: float = 0.0


def parts_of(levers, decisions):
    """Return a Part for each lever; shares of more than the whole budget are scaled down together.

    Parameters
    ----------
    levers : list of dict. decisions : "NAME.share" -> percent, below zero for none, "NAME.start" -> position,
    "NAME.where" -> region; those with nothing to choose may be absent.
    """
    shares = [max(0, decisions[f"{lever['name']}.share"]) for lever in levers]
    scale = max(WHOLE, sum(shares))
    return [
        Part(
            lever,
            share * WHOLE // scale,
            lever["start"][decisions.get(f"{lever['name']}.start", 0)],
            decisions.get(f"{lever['name']}.where", lever["where"][0]),
        )
        for lever, share in zip(levers, shares, strict=True)
    ]


def regions_of(scenario, where):
    """Return what `where` of an overlay must be for a region of the plan: a list of provinces, or None for everywhere."""
    if where == EVERYWHERE:
        return None
    if where == REMOTE:
        return REMOTE
    return [region.name for region in scenario.regions if where in (region.name, region.island_group)]


def need_regions(place, scenario, levers):
    """Require that every region of the levers exists in the scenario."""
    regions = scenario.regions
    known = list(dict.fromkeys([EVERYWHERE, REMOTE, *(r.island_group for r in regions), *(r.name for r in regions)]))
    for lever in levers:
        for position, where in enumerate(lever["where"]):
            if where not in known:
                allowed = f"{EVERYWHERE}, {REMOTE}, or an island group or province of the scenario"
                fail(place / lever["name"] / "where" / position, "no such region", given=where, allowed=allowed,
                     nearest=nearest_name(where, known))  # fmt: skip


def overlay_of(scenario, part, spend, place):
    """Return the checked overlay of a Part that spends some million rupiah."""
    lever = part.lever
    entry = {"parameter": lever["parameter"], "start": part.start, "spend": float(spend), "ramp": lever["ramp"]}
    more = {"end": lever["end"], "where": regions_of(scenario, part.where)}
    return read_overlay(place / lever["name"], {**entry, **{key: value for key, value in more.items() if value is not None}})


def afford(scenario, parts, budget, place):
    """Return (overlays, parts with what they spend): each gets its percent of the budget as far as its lever can take it.

    Parameters
    ----------
    scenario : Scenario. parts : list of Part. budget : million rupiah. place : where the levers stand, for messages.

    Raises InputError if a lever does not fit the scenario.
    """
    spent, overlays = [], []
    for part in parts:
        money = np.floor(budget * part.percent / WHOLE)
        if money:
            most = room(scenario, overlays, part, budget * PROBE, place)
            money = min(money, np.floor(most * (1.0 - SAFETY)))
        if money:
            overlays.append(overlay_of(scenario, part, money, place))
        spent.append(replace(part, spend=float(money)))
    return overlays, spent


def room(scenario, overlays, part, probe, place):
    """Return how much money a lever can take beside some overlays, million rupiah: seen from what a little would change."""
    lever = load_registry()[part.lever["parameter"]]
    before = scenario.with_policy(policy_of("before", overlays))
    try:
        after = scenario.with_policy(policy_of("after", [*overlays, overlay_of(scenario, part, probe, place)]))
    except InputError as error:
        if "out of its range" in error.problem:
            return 0.0
        raise
    start = column(before, lever.name, before.overlays)
    change = column(after, lever.name, after.overlays) - start
    moved = change != 0.0
    end = np.where(change > 0.0, lever.high, lever.low)
    return probe * float(((end - start)[moved] / change[moved]).min()) if moved.any() else 0.0


def policy_of(name, overlays, title=""):
    """Return a Policy of some overlays."""
    return Policy(name, title, "", "found by search", tuple(overlays), "")


def describe(parts):
    """Return what parts spend, in words; the largest first."""
    spending = sorted((part for part in parts if part.spend), key=lambda part: -part.spend)
    words = [
        f"{lever_words(part.lever).lower()} {part.spend / BILLION:,.0f} from {part.start} {region_words(part)}"
        for part in spending
    ]
    return "Rp billion: " + "; ".join(words) if words else "nothing is spent"


def lever_words(lever):
    """Return the label of a lever's parameter, with the lever's own name if it has one."""
    words = load_registry()[lever["parameter"]].label
    return words if lever["name"] == lever["parameter"] else f"{words} ({lever['name']})"


def region_words(part):
    """Return where a part acts, in words."""
    if part.where == EVERYWHERE:
        return "everywhere"
    return "in remote provinces" if part.where == REMOTE else f"in {part.where}"
