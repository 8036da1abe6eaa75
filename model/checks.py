"""Checks of single values: each returns nothing or raises InputError with file, full key, given, allowed."""

import datetime
import os
import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from model.errors import InputError, shorten
from model.textfile import is_folder, shown

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NAME_ALLOWED = NAME.pattern
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
READ = (".csv", ".toml")  # kinds of files that are read
EXACT_LIMIT = 2**53  # larger integers have no exact double


@dataclass(frozen=True)
class Place:
    """Where a value stands: a file and a dotted key in it."""

    file: Path | None
    key: str | None = None

    def __truediv__(self, part):
        """Return the place one level deeper: a name after a dot, a number in brackets."""
        if isinstance(part, int):
            return Place(self.file, f"{self.key or ''}[{part}]")
        written = part if BARE_KEY.fullmatch(part) and len(part) < 200 else f'"{shorten(part)}"'
        return Place(self.file, f"{self.key}.{written}" if self.key else written)

    def __str__(self):
        """Return file and key in one line."""
        return f"{shown(self.file)}: {self.key}" if self.file else str(self.key)


def fail(place, problem, *, given=None, allowed=None, nearest=None):
    """Raise InputError about a place."""
    file = shown(place.file) if place.file else None
    raise InputError(problem, file=file, key=place.key, given=described(given), allowed=allowed, nearest=nearest) from None


def described(value):
    """Return a value as a short text, safe to print whatever it is; None stays None."""
    if value is None or isinstance(value, str):
        return value if value != "" else '"" (empty)'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime.date, datetime.time)):
        return f"{value} ({kind_of(value)})"
    if isinstance(value, (dict, list)):
        return f"{kind_of(value)}: {value!r}"
    if isinstance(value, int) and value.bit_length() > 1000:  # printing it could take long, or be refused
        return f"an integer of {value.bit_length()} bits"
    return repr(value)


def kind_of(value):
    """Return the TOML type of a value in words."""
    names = (
        (bool, "true or false"),
        (int, "an integer"),
        (float, "a decimal number"),
        (str, "text"),
        (list, "a list"),
        (dict, "a table"),
        (datetime.time, "a time of day in TOML"),
        (datetime.date, "a date in TOML"),
    )
    return next((words for kind, words in names if isinstance(value, kind)), type(value).__name__)


def need_integer(place, value, low, high):
    """Require an integer in low..high; true, 1.0 and quoted digits are none."""
    allowed = f"integer {low}..{high}"
    if isinstance(value, bool) or not isinstance(value, int):
        note = ", not quoted text" if isinstance(value, str) else ""
        note = ", not a decimal number" if isinstance(value, float) else note
        fail(place, f"is {kind_of(value)}, not an integer", given=value, allowed=allowed + note)
    if not low <= value <= high:
        fail(place, "outside its range", given=value, allowed=allowed)


def need_number(place, value, low, high, allowed=None):
    """Require a number in low..high; integers count as numbers, true and quoted digits do not."""
    allowed = allowed or f"number {low:.15g}..{high:.15g}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        fail(place, f"is {kind_of(value)}, not a number", given=value, allowed=allowed)
    if isfinite(low) and not (-EXACT_LIMIT <= value <= EXACT_LIMIT):  # also true of nan and infinities
        fail(place, "not a finite number of usual size", given=value, allowed=f"finite {allowed}")
    if not low <= value <= high:
        fail(place, "outside its range", given=value, allowed=allowed)


def need_text(place, value, limit, allowed=None):
    """Require printable text of at most `limit` characters."""
    allowed = allowed or f"text of at most {limit} characters"
    if not isinstance(value, str):
        fail(place, f"is {kind_of(value)}, not text", given=value, allowed=allowed)
    if len(value) > limit:
        fail(place, "too long", given=value, allowed=allowed)
    if not value.isprintable():
        fail(place, "holds control characters", given=value, allowed=allowed + ", no control characters")


def need_name(place, value):
    """Require an identifier that is safe as part of a file name."""
    if not isinstance(value, str):
        fail(place, f"is {kind_of(value)}, not text", given=value, allowed=NAME_ALLOWED)
    if not NAME.fullmatch(value):
        fail(place, "not a name", given=value, allowed=NAME_ALLOWED)


def need_choice(place, value, choices, allowed=None):
    """Require one of a closed list of texts."""
    allowed = allowed or "one of " + ", ".join(choices)
    if not isinstance(value, str):
        fail(place, f"is {kind_of(value)}, not text", given=value, allowed=allowed)
    if value not in choices:
        fail(place, "unknown", given=value, allowed=allowed, nearest=nearest_name(value, choices))


def need_keys(place, table, allowed):
    """Require keys of a table; `allowed` says for each what may stand there."""
    for key, words in allowed.items():
        if key not in table:
            fail(place / key, "missing", allowed=words)


def need_file(place, name):
    """Return the file that a name in another file means, relative to that one; it must exist."""
    path = place.file.parent / name
    if os.path.lexists(path):  # what else may be wrong with it is said by who reads it
        return path
    beside = sorted(file.name for file in path.parent.glob(f"*{path.suffix}")) if is_folder(path.parent) else []
    nearest = nearest_name(path.name, beside)
    kind = f"a {path.suffix} file" if path.suffix in READ else "a file"
    fail(place, "file not found", given=name, allowed=f"{kind}, relative to the folder of this file",
         nearest=nearest and str(Path(name).with_name(nearest)))  # fmt: skip


def need_commas(path, text, columns):
    """Require a table separated by commas: spreadsheets write semicolons where the comma is the decimal sign."""
    first = text.partition("\n")[0]
    mark = max(";\t", key=first.count)
    if first.count(mark) > first.count(","):
        found = ", ".join(name.strip().strip('"') for name in first.split(mark))
        fail(Place(Path(path)), f"separated by {mark!r}, expected ','", given=f"columns found: {found}",
             allowed="columns " + ", ".join(columns))  # fmt: skip


def need_table(place, value, allowed):
    """Require a table."""
    if not isinstance(value, dict):
        fail(place, f"is {kind_of(value)}, not a table", given=value, allowed=allowed)


def need_list(place, value, allowed):
    """Require a list with at least one entry, all different."""
    if not isinstance(value, list):
        fail(place, f"is {kind_of(value)}, not a list", given=value, allowed=allowed)
    if not value:
        fail(place, "empty list", allowed=allowed)
    seen = set()
    for position, entry in enumerate(value):
        if isinstance(entry, str) and entry in seen:
            fail(place / position, "repeated", given=entry, allowed=f"{allowed}, each once")
        seen.update([entry] if isinstance(entry, str) else [])


def need_known_keys(place, table, known, allowed=None):
    """Require that a table has known keys only; all unknown ones are listed."""
    unknown = [key for key in table if key not in known]
    if not unknown:
        return
    first, others = unknown[0], unknown[1:]
    near = nearest_name(first, known)
    problem = "unknown key (case matters)" if near and near.lower() == first.lower() else "unknown key"
    if others:
        problem += "; also unknown: " + ", ".join(f"'{shorten(key, 30)}'" for key in others[:5])
        problem += f" and {len(others) - 5} more" if len(others) > 5 else ""
    fail(place / first, problem, allowed=allowed or "known keys: " + ", ".join(known), nearest=near)


def nearest_name(name, names, at_any_distance=False):
    """Return the name with the fewest typing errors from `name`, or None if none is close."""
    if not isinstance(name, str) or len(name) > 100:
        return None
    scored = [(typing_errors(name.lower(), known.lower()), order, known) for order, known in enumerate(names)]
    if not scored:
        return None
    errors, _, known = min(scored)
    return known if at_any_distance or errors <= max(1, len(known) // 3) else None


def typing_errors(one, two):
    """Return how many letters must be added, dropped, changed or swapped with a neighbour."""
    before, row = [], list(range(len(two) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(two, 1):
            errors = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == two[j - 2] and one[i - 2] == right:
                errors = min(errors, earlier[j - 2] + 1)
            row.append(errors)
    return row[-1]
