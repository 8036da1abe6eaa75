"""The words of reports and figures: one TOML file for each language, the same keys and placeholders in all of them.

Labels, units and titles are written where they belong (registry, scenarios, policies), in English; the table `names` of
another language translates them, and what it does not know stays as it was written.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from model.checks import nearest_name
from model.errors import InputError, shorten
from model.toml import read_toml

HERE = Path(__file__).parent
LANGUAGES = tuple(sorted(path.stem for path in HERE.glob("*.toml")))
ENGLISH = "en"
_LANGUAGE = ContextVar("language", default=ENGLISH)


@cache
def catalogue(language):
    """Return all texts of a language, tables as in its file."""
    return read_toml(HERE / f"{language}.toml")


@contextmanager
def speaking(language):
    """Let all texts be in a language; raises InputError if there is none such."""
    token = _LANGUAGE.set(need_language(language))
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def spoken():
    """Return the code of the language at hand."""
    return _LANGUAGE.get()


def need_language(language):
    """Return the code of a language; raises InputError with the nearest one."""
    if language in LANGUAGES:
        return language
    codes = {name.lower(): code for code in LANGUAGES for name in (code, *catalogue(code)["language"]["names"])}
    nearest = codes.get(nearest_name(language, codes))
    allowed = ", ".join(f"{code} ({catalogue(code)['language']['names'][0]})" for code in LANGUAGES)
    raise InputError("no such language", key="--language", given=shorten(language), allowed=allowed, nearest=nearest)


def say(key, **words):
    """Return a text of the language at hand by its dotted key, placeholders filled; an unknown key is a KeyError."""
    found = catalogue(spoken())
    for part in key.split("."):
        found = found[part]
    return found.format(**words) if words else found


def named(original):
    """Return a label, unit or title, which is in English where it stands, in the language at hand."""
    return catalogue(spoken()).get("names", {}).get(original, original)


def number(value, digits, signed=False):
    """Return a number with so many decimals and the marks of the language; what rounds to nothing has no sign."""
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    if not any(letter in "123456789" for letter in text):
        text = text.lstrip("+-")
    return marked(text)


def marked(text):
    """Return a number written in English with the marks of the language."""
    marks = catalogue(spoken())["language"]
    return text.translate(str.maketrans({",": marks["thousands"], ".": marks["decimal"]}))


def measured(amount, unit):
    """Return a number that is words already with its unit; a percent sign stands off as the language has it."""
    return say("number.percent", amount=amount) + unit[1:] if unit.startswith("%") else f"{amount} {unit}"


def span(low, high):
    """Return an interval of two numbers that are words already."""
    return say("number.span", low=low, high=high)


def listed(items):
    """Return items as they are enumerated in a sentence."""
    *first, last = items
    return say("number.list", first=", ".join(first), last=last) if first else last
