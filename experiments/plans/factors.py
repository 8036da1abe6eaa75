"""Factors: what a plan varies, each typed by the registry; a number, a whole number, a switch, or a list of values."""

from dataclasses import dataclass, replace
from math import floor, sqrt

from model.checks import fail, nearest_name, need_choice, need_integer, need_known_keys, need_number, need_table
from model.registry import KNOWN_MECHANISMS, load_mechanisms, load_registry

KEYS = ("low", "high", "values", "levels", "distribution", "mode")
UNIFORM, TRIANGULAR = DISTRIBUTIONS = ("uniform", "triangular")
MECHANISMS = "mechanisms"  # prefix of structural choices: rules that can be switched off
LEVELS_LIMIT = 10_000
FACTORS_ALLOWED = "factors: parameters of run.py describe parameters, or mechanisms.NAME"


@dataclass(frozen=True)
class Factor:
    """One thing that varies.

    Attributes
    ----------
    name : parameter of the registry, or "mechanisms.NAME".
    type : "number", "integer" or "boolean".
    low, high : bounds, in the parameter's unit; both included.
    values : the values to take, or () for the whole range.
    levels : how many steps a grid takes through the range, or None for the design's choice.
    mode : the most likely value of a triangular distribution, or None if all values are equally likely.
    """

    name: str
    type: str
    low: float
    high: float
    values: tuple = ()
    levels: int | None = None
    mode: float | None = None

    def at(self, share):
        """Return the value below which a share of the distribution lies, 0 <= share < 1; whole numbers in equal parts."""
        if self.values:
            return self.values[floor(share * len(self.values))]
        if self.type == "integer":
            return int(self.low) + floor(share * (int(self.high) - int(self.low) + 1))
        if self.mode is not None:
            return self.triangular(share)
        return self.low + share * (self.high - self.low)

    def triangular(self, share):
        """Return the value below which a share of the triangular distribution lies."""
        width, rise = self.high - self.low, self.mode - self.low
        if share * width < rise:
            return self.low + sqrt(share * width * rise)
        return self.high - sqrt((1.0 - share) * width * (self.high - self.mode))

    def steps(self, levels):
        """Return the values of a grid, `levels` of them from low to high unless the factor says otherwise."""
        if self.values:
            return list(self.values)
        levels = self.levels or levels
        width = (self.high - self.low) / (levels - 1)
        steps = [self.low + width * step for step in range(levels - 1)] + [self.high]
        return list(dict.fromkeys(round(step) for step in steps)) if self.type == "integer" else steps

    @property
    def allowed(self):
        """What a value must be, in words."""
        return "true or false" if self.type == "boolean" else f"{self.type} {self.low:.15g}..{self.high:.15g}"


def read_factors(place, table):
    """Return the factors of a plan in the order of its file; raises InputError."""
    need_table(place, table, "tables [factors.NAME]")
    factors = []
    for name, entry in table.items():
        if name == MECHANISMS and isinstance(entry, dict) and not set(entry) & set(KEYS):
            factors += [read_factor(place / name / part, f"{name}.{part}", inner) for part, inner in entry.items()]
        else:
            factors.append(read_factor(place / name, name, entry))
    return tuple(factors)


def read_factor(place, name, entry):
    """Return one checked Factor; an empty table means the registry's whole range."""
    known = whole_range(place, name)
    need_table(place, entry, "a table of low, high, values or levels; empty for the registry's range")
    need_known_keys(place, entry, KEYS)
    if "values" in entry:
        for key in ("low", "high", "levels", "distribution", "mode"):
            if key in entry:
                fail(place / key, "given together with values", allowed="values, or the other keys")
        return Factor(name, known.type, known.low, known.high, read_values(place / "values", known, entry["values"]))
    if known.type == "boolean":
        for key in entry:
            fail(place / key, "a switch has no range", allowed="nothing, or values = [false, true]")
        return known
    return read_range(place, known, entry)


def whole_range(place, name):
    """Return the Factor that the registry knows under a name, over its whole range."""
    if name.startswith(f"{MECHANISMS}."):
        need_choice(place, name.removeprefix(f"{MECHANISMS}."), load_mechanisms(), KNOWN_MECHANISMS)
        return Factor(name, "boolean", 0.0, 1.0, (False, True))
    registry = load_registry()
    if name not in registry:
        fail(place, "no such factor", given=name, allowed=FACTORS_ALLOWED, nearest=nearest_name(name, registry))
    parameter = registry[name]
    return Factor(name, parameter.type, parameter.low, parameter.high)


def read_range(place, known, entry):
    """Return a Factor with its own bounds, within those of the registry."""
    bounds = {}
    for key in ("low", "high"):
        bounds[key] = getattr(known, key)
        if key in entry:
            check_value(place / key, known, entry[key])
            bounds[key] = float(entry[key])
    if not bounds["low"] < bounds["high"]:
        given = f"low {bounds['low']:.15g}, high {bounds['high']:.15g}"
        fail(place / "low", "not below high", given=given, allowed="low < high")
    if "levels" in entry:
        need_integer(place / "levels", entry["levels"], 2, LEVELS_LIMIT)
    return with_mode(place, Factor(known.name, known.type, **bounds, levels=entry.get("levels")), entry)


def with_mode(place, factor, entry):
    """Return a Factor with the mode of its triangular distribution, the registry's default unless the entry gives one."""
    distribution = entry.get("distribution", TRIANGULAR if "mode" in entry else UNIFORM)
    need_choice(place / "distribution", distribution, DISTRIBUTIONS)
    if distribution == UNIFORM:
        if "mode" in entry:
            fail(place / "mode", "a uniform distribution has no mode", allowed='distribution = "triangular"')
        return factor
    if factor.type != "number":
        fail(place / "distribution", "only for numbers", given=factor.type, allowed=UNIFORM)
    mode = entry.get("mode", float(load_registry()[factor.name].default))
    need_number(place / "mode", mode, factor.low, factor.high, factor.allowed)
    return replace(factor, mode=float(mode))


def read_values(place, known, values):
    """Return the listed values of a factor, each checked and different from the others."""
    allowed = f"a list of different values, each {known.allowed}"
    if not isinstance(values, list) or not values:
        fail(place, "not a list of values", given=values, allowed=allowed)
    for position, value in enumerate(values):
        check_value(place / position, known, value)
        if value in values[:position]:
            fail(place / position, "repeated", given=value, allowed=allowed)
    return tuple(typed(known, value) for value in values)


def check_value(place, factor, value):
    """Require a value that a factor can take."""
    if factor.type == "boolean":
        if not isinstance(value, bool):
            fail(place, "not a truth value", given=value, allowed="true or false")
    elif factor.type == "integer":
        need_integer(place, value, int(factor.low), int(factor.high))
    else:
        need_number(place, value, factor.low, factor.high, factor.allowed)


def typed(factor, value):
    """Return a checked value in the type of its factor."""
    return float(value) if factor.type == "number" else value


def read_cell(place, factor, text):
    """Return the value that a cell of a CSV file means; raises InputError."""
    text = text.strip()
    if factor.type == "boolean":
        need_choice(place, text, ("true", "false"))
        return text == "true"
    try:
        # Python would also read "1_000" and digits of other scripts.
        value = (int if factor.type == "integer" else float)(text) if text.isascii() and "_" not in text else None
    except ValueError:
        value = None
    if value is None:
        fail(place, "not an integer" if factor.type == "integer" else "not a number", given=text, allowed=factor.allowed)
    check_value(place, factor, value)
    return value
