"""Overlays: edits of parameters over time, as written in a file and as bound to a scenario."""

import re
from dataclasses import dataclass, replace

import numpy as np

from model.checks import (
    Place,
    fail,
    nearest_name,
    need_choice,
    need_integer,
    need_known_keys,
    need_list,
    need_name,
    need_number,
    need_table,
    need_text,
)
from model.errors import shorten
from model.parameter_table import column, monthly_price, places, ramp_weights
from model.registry import START, load_registry

KEYS = (
    "name",
    "parameter",
    "start",
    "end",
    "value",
    "delta",
    "factor",
    "spend",
    "spend_per_citizen",
    "ramp",
    "where",
)
AMOUNTS = ("value", "delta", "factor", "spend", "spend_per_citizen")
MONEY = ("spend", "spend_per_citizen")  # million rupiah in all; rupiah per inhabitant of the case and year
MONTHS_LIMIT = 1200
DATE = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
DATE_ALLOWED = 'text "YYYY-MM"'
SPEND_LIMIT = 1e12
FACTOR_LIMIT = 1000.0
ROUNDING = 1e-9  # of a parameter's range


@dataclass(frozen=True)
class RawOverlay:
    """An overlay as written: dates, spending and provinces not yet resolved; `place` says where it stands."""

    place: Place
    parameter: str
    start: int | tuple[int, int]
    end: int | tuple[int, int] | None
    mode: str
    amount: float
    ramp: int
    where: tuple[str, ...] | str | None


@dataclass(frozen=True)
class Overlay:
    """An edit of one parameter in months start..end-1 and some provinces.

    `mode` is value, delta or factor. Money is resolved to a delta; `spend` keeps the sum (million rupiah) so
    that it can be resolved again when prices change.
    """

    parameter: str
    start: int
    end: int
    mode: str
    amount: float
    ramp: int
    where: tuple[str, ...]
    policy: str
    origin: str
    spend: float = 0.0

    @property
    def place(self):
        """Where it was written."""
        file, _, key = self.origin.rpartition(": ")
        return Place(file or None, key)


def read_overlay(place, entry):
    """Return one checked RawOverlay; what depends on the scenario is checked when it is bound to one."""
    need_table(place, entry, "a table of overlay keys")
    need_known_keys(place, entry, KEYS)
    for key in ("parameter", "start"):
        if key not in entry:
            fail(place / key, "missing", allowed="parameter, start and one of " + ", ".join(AMOUNTS))
    if "name" in entry:
        need_name(place / "name", entry["name"])
    need_choice(place / "parameter", entry["parameter"], load_registry(), "known parameters")
    mode, amount = read_amount(place, entry)
    start, end = (read_month(place / key, entry[key]) if key in entry else None for key in ("start", "end"))
    if end is not None and type(end) is type(start) and end <= start:
        fail(place / "end", "not after the start", given=entry["end"], allowed=f"> start ({entry['start']})")
    need_integer(place / "ramp", entry.get("ramp", 0), 0, MONTHS_LIMIT)
    where = read_where(place / "where", entry.get("where"))
    return RawOverlay(place, entry["parameter"], start, end, mode, amount, entry.get("ramp", 0), where)


def read_amount(place, entry):
    """Return (mode, amount): exactly one of AMOUNTS."""
    given = [key for key in AMOUNTS if key in entry]
    if len(given) != 1:
        found = ", ".join(given) or "none of them"
        fail(place, "needs exactly one amount", given=found, allowed="exactly one of " + ", ".join(AMOUNTS))
    mode, amount = given[0], entry[given[0]]
    parameter = load_registry()[entry["parameter"]]
    width = parameter.high - parameter.low
    if mode in MONEY and not parameter.cost:
        priced = ", ".join(name for name, lever in load_registry().items() if lever.cost)
        fail(place / mode, f"'{parameter.name}' has no price", allowed=f"levers with a price: {priced}")
    limits = {
        "value": (parameter.low, parameter.high),
        "delta": (-width, width),
        "factor": (0.0, FACTOR_LIMIT),
        "spend": (0.0, SPEND_LIMIT),
        "spend_per_citizen": (0.0, SPEND_LIMIT),
    }
    need_number(place / mode, amount, *limits[mode])
    return mode, float(amount)


def read_month(place, value):
    """Return a month as written: an index, or (year, month)."""
    if isinstance(value, str):
        return read_date(place, value, DATE_ALLOWED + f" or integer 0..{MONTHS_LIMIT}")
    need_integer(place, value, 0, MONTHS_LIMIT)
    return value


def read_date(place, value, allowed=DATE_ALLOWED):
    """Return (year, month) of a text such as "2014-03"."""
    found = DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        fail(place, "not a month", given=value, allowed=allowed)
    return int(found.group(1)), int(found.group(2))


def read_where(place, value):
    """Return a tuple of province names, "remote", or None for everywhere."""
    if value is None or value == "remote":
        return value
    allowed = 'a list of province names, or "remote"'
    if isinstance(value, str):
        nearest = nearest_name(value, ["remote"]) or f'["{shorten(value, 60)}"]'
        fail(place, "is text, not a list", given=value, allowed=allowed, nearest=nearest)
    need_list(place, value, allowed)
    for position, name in enumerate(value):
        need_text(place / position, name, 60, "text (a province name)")
    return tuple(value)


def bind(raw, scenario, policy):
    """Return a RawOverlay as an Overlay of a scenario; spending is left for `settle`."""
    last = scenario.months + 1
    start = month_index(raw.start, scenario.start)
    end = last if raw.end is None else min(month_index(raw.end, scenario.start), last)
    if not 0 <= start <= scenario.months:
        span = f"{scenario.month_label(0)} to {scenario.month_label(scenario.months)}"
        fail(raw.place / "start", "outside the run", given=written(raw.start), allowed=span)
    if start > 0 and load_registry()[raw.parameter].read_at == START:
        problem = f"'{raw.parameter}' is read at the start only: a later value changes nothing"
        fail(raw.place / "start", problem, given=written(raw.start), allowed="0, or [parameters] of a scenario")
    if end <= start:
        allowed = f"> start ({written(raw.start)})"
        fail(raw.place / "end", "not after the start", given=written(raw.end), allowed=allowed)
    need_integer(raw.place / "ramp", raw.ramp, 0, scenario.months)
    paid = end - max(start, 1)  # month 0 is the state before the run and costs nothing
    if raw.mode == "spend_per_citizen" and not paid:
        fail(raw.place, "buys nothing: it covers no month after the start of the run")
    spend = money(raw, scenario, paid)
    mode, amount = ("delta", 0.0) if raw.mode in MONEY else (raw.mode, raw.amount)
    where = bind_where(raw, scenario)
    return Overlay(raw.parameter, start, end, mode, amount, raw.ramp, where, policy, str(raw.place), spend)


def money(raw, scenario, months):
    """Return what an overlay spends over the months that cost, million rupiah; 0 if it sets the change itself."""
    if raw.mode == "spend_per_citizen":
        return raw.amount * scenario.population * months / 12.0 / 1e6
    return raw.amount if raw.mode == "spend" else 0.0


def month_index(month, start):
    """Return the index of a month in the run: 1 is the month of `start`, 0 the state before it."""
    if isinstance(month, int):
        return month
    return (month[0] - start[0]) * 12 + month[1] - start[1] + 1


def written(month):
    """Return a month as it was written."""
    return str(month) if isinstance(month, int) else f"{month[0]:04d}-{month[1]:02d}"


def bind_where(raw, scenario):
    """Return the names of the provinces of an overlay, in the order of the scenario."""
    names = [region.name for region in scenario.regions]
    if raw.where is None:
        return tuple(names)
    if raw.where == "remote":
        remote = tuple(region.name for region in scenario.regions if region.remote)
        if not remote:
            fail(raw.place / "where", "no province of this scenario is remote", given="remote")
        return remote
    for position, name in enumerate(raw.where):
        need_choice(raw.place / "where" / position, name, names, "provinces of the scenario")
    return tuple(name for name in names if name in raw.where)


def settle(scenario, overlays):
    """Return overlays with spending resolved to changes of levers, after all checks against the scenario."""
    refuse_collisions(overlays)
    settled = [overlay for overlay in overlays if not overlay.spend]
    refuse_leaving_range(scenario, settled)
    resolved = {}
    for position, overlay in enumerate(overlays):
        if overlay.spend:
            resolved[position] = resolve_spending(scenario, overlay, settled)
            settled.append(resolved[position])
    return tuple(resolved.get(position, overlay) for position, overlay in enumerate(overlays))


def refuse_collisions(overlays):
    """Raise if two overlays set the same parameter to a value in the same month and province."""
    setters = [overlay for overlay in overlays if overlay.mode == "value"]
    for position, later in enumerate(setters):
        for earlier in setters[:position]:
            together = earlier.parameter == later.parameter and set(earlier.where) & set(later.where)
            if together and earlier.start < later.end and later.start < earlier.end:
                problem = f"sets '{later.parameter}', which {earlier.origin} sets at the same time and place"
                fail(later.place, problem, allowed="one 'value' at a time; 'delta' and 'factor' compose")


def refuse_leaving_range(scenario, overlays):
    """Raise if overlays take a parameter out of its range, or an integer parameter off the whole numbers."""
    for name in {overlay.parameter: None for overlay in overlays}:
        parameter = load_registry()[name]
        values = column(scenario, name, overlays)
        slack = ROUNDING * (parameter.high - parameter.low)
        wrong = (values < parameter.low - slack) | (values > parameter.high + slack) | ~np.isfinite(values)
        if parameter.type == "integer":
            wrong |= values != np.round(values)
        if wrong.any():
            month, province = (int(position) for position in np.argwhere(wrong)[0])
            region = scenario.regions[province].name
            cause = next(o for o in reversed(overlays) if covers(o, name, month, region))
            when = f"{scenario.month_label(month)} in {region}"
            value = float(values[month, province])
            problem = f"takes '{name}' out of its range in {when}"
            fail(cause.place, problem, given=value, allowed=parameter.allowed)


def covers(overlay, parameter, month, region):
    """Say whether an overlay edits a parameter in a month and province."""
    return overlay.parameter == parameter and overlay.start <= month < overlay.end and region in overlay.where


def resolve_spending(scenario, overlay, others):
    """Return an overlay with its money turned into a change of the lever that costs exactly that much.

    Raises InputError, saying how much money there is room for, if the lever would leave its range.
    """
    lever = load_registry()[overlay.parameter]
    cells = np.ix_(np.arange(overlay.start, overlay.end), places(scenario, overlay))
    weight = ramp_weights(overlay)[:, None]
    price = float(np.sum(weight * monthly_price(scenario, lever.name, others)[cells]))
    if price <= 0.0:
        fail(overlay.place, "buys nothing: it covers no month after the start of the run, or the price is 0")
    before = column(scenario, lever.name, others)[cells]
    room = (lever.high - before if lever.improves > 0 else before - lever.low) / weight
    change = overlay.spend / price
    largest = max(float(room.min()), 0.0)
    if change > largest + ROUNDING * (lever.high - lever.low):
        problem = f"'spend' would take '{lever.name}' out of its range {lever.low:.15g}..{lever.high:.15g}"
        most = f"at most {np.floor(largest * price):.0f} million rupiah here"
        fail(overlay.place, problem, given=overlay.spend, allowed=most)
    return replace(overlay, amount=lever.improves * change)
