"""Constraints of a plan: tables that say what every point must fulfil. Nothing is ever evaluated as code."""

from dataclasses import dataclass

from model.checks import fail, need_choice, need_known_keys, need_list, need_number, need_table

KEYS = ("sum_of", "at_most", "at_least", "less", "than")
FORMS = 'sum_of = [names] with at_most or at_least, or less = "name" with than = "name" or a number'
WIDEST = 1e15


@dataclass(frozen=True)
class Constraint:
    """A sum of factors within bounds; `less` than another factor or number is the sum of one minus the other.

    Attributes
    ----------
    words : the constraint as text. weights : factor -> weight in the sum.
    low, high : bounds of the sum; strict : whether the upper bound itself is excluded.
    """

    words: str
    weights: dict
    low: float = float("-inf")
    high: float = float("inf")
    strict: bool = False

    def holds(self, point):
        """Say whether a point (factor -> value) fulfils it; sums may step over a bound by rounding."""
        total = sum(weight * point[name] for name, weight in self.weights.items())
        if self.strict:
            return total < self.high
        slack = 1e-12 * max(1.0, abs(total))
        return self.low - slack <= total <= self.high + slack


def read_constraints(place, entries, factors):
    """Return the constraints of a plan; names must be factors of it. Raises InputError."""
    if not isinstance(entries, list):
        fail(place, "not an array of tables", given=entries, allowed="[[constraints]]")
    names = [factor.name for factor in factors if factor.type != "boolean"]
    return tuple(read_constraint(place / position, entry, names) for position, entry in enumerate(entries))


def read_constraint(place, entry, names):
    """Return one Constraint."""
    need_table(place, entry, FORMS)
    need_known_keys(place, entry, KEYS)
    if "sum_of" in entry and not {"less", "than"} & set(entry):
        return read_sum(place, entry, names)
    if set(entry) == {"less", "than"}:
        return read_less(place, entry, names)
    fail(place, "not a constraint", given=", ".join(entry) or "an empty table", allowed=FORMS)


def read_sum(place, entry, names):
    """Return the constraint of a sum."""
    need_list(place / "sum_of", entry["sum_of"], "a list of factors of this plan")
    for position, name in enumerate(entry["sum_of"]):
        need_choice(place / "sum_of" / position, name, names, "factors of this plan: " + ", ".join(names))
    bounds = {key: entry[key] for key in ("at_least", "at_most") if key in entry}
    if not bounds:
        fail(place / "at_most", "missing", allowed="at_most, at_least, or both")
    for key, value in bounds.items():
        need_number(place / key, value, -WIDEST, WIDEST)
    limits = {"low": bounds.get("at_least", float("-inf")), "high": bounds.get("at_most", float("inf"))}
    words = " + ".join(entry["sum_of"]) + "".join(f" {key.replace('_', ' ')} {value:g}" for key, value in bounds.items())
    return Constraint(words, dict.fromkeys(entry["sum_of"], 1.0), **limits)


def read_less(place, entry, names):
    """Return the constraint that one factor is less than another, or than a number."""
    less, than = entry["less"], entry["than"]
    allowed = "factors of this plan: " + ", ".join(names)
    need_choice(place / "less", less, names, allowed)
    if isinstance(than, str):
        need_choice(place / "than", than, names, allowed)
        if less == than:
            fail(place / "than", "the same factor", given=than, allowed="another factor")
        return Constraint(f"{less} less than {than}", {less: 1.0, than: -1.0}, high=0.0, strict=True)
    need_number(place / "than", than, -WIDEST, WIDEST, "a factor of this plan, or a number")
    return Constraint(f"{less} less than {than:g}", {less: 1.0}, high=float(than), strict=True)
