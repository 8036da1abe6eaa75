"""Numbers, money and names as a planner reads them, in the language at hand."""

from experiments.comparison.design import JOIN, THEN, TOGETHER
from experiments.texts import named, number, say, span
from experiments.units import change_in

DIGITS = 2  # decimals of a change
SCALES = ((1e6, "trillion"), (1e3, "billion"), (1.0, "million"), (1e-3, "thousand"), (1e-6, "rupiah"))  # million rupiah


def scaled(name, value):
    """Return a number in the unit in which it is shown."""
    return change_in(name)[0] * value


def shown(name, value, signed=True):
    """Return a value of an observable, or a change of it, as words."""
    return number(scaled(name, value), DIGITS, signed)


def interval(name, row, signed=True, kind=""):
    """Return the interval of an effect, or with kind "simultaneous_" that for all policies at once, as words."""
    return span(*(shown(name, row[f"{kind}{end}"], signed) for end in ("low", "high")))


def unit_of(name):
    """Return the unit in which a change of an observable is shown."""
    return named(change_in(name)[1])


def rupiah(mean, *ends):
    """Return an amount (million rupiah) as words; with its interval, which shares the unit, as a pair of words."""
    factor, unit = next((scale for scale in SCALES if abs(mean) >= scale[0]), SCALES[-1])
    size = abs(mean) / factor
    digits = 0 if size >= 100.0 else 1 if size >= 10.0 else 2
    words = say(f"number.{unit}", amount=number(mean / factor, digits))
    return (words, span(*(number(end / factor, digits) for end in ends))) if ends else words


def titles_of(result):
    """Return policy -> the title that its file gives it, translated if it is one of ours; combinations have no file."""
    policies = result.manifest["loket"]["policies"]
    return {policy["name"]: named(policy["title"]) for policy in policies if policy.get("title")}


def title_of(result, policy):
    """Return the title of a policy, or of several combined or one after the other."""
    titles = titles_of(result)
    if policy in titles:
        return titles[policy]
    if policy == TOGETHER:
        return say("table.together")
    sign = THEN if THEN in policy else JOIN
    return f" {sign.strip()} ".join(titles.get(part, part) for part in policy.split(sign))
