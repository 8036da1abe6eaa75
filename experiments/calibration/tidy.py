"""Tidy CSV tables of published series: country, iso3, year, indicator, value; a province stands as "Country: Province"."""

import csv
from math import isfinite
from pathlib import Path

from model.checks import Place, fail, nearest_name, need_commas, need_number
from model.textfile import read_text

COLUMNS = ("country", "iso3", "year", "indicator", "value")
PROVINCE = ": "  # between country and province
YEARS = (1800, 2200)


def read_tidy(path):
    """Return (Place of the line, row as a dictionary) of all rows of a tidy CSV; raises InputError if it lacks a column."""
    text, place = read_text(path, ".csv", "tables are CSV (.csv)"), Place(Path(path))
    need_commas(path, text, COLUMNS)
    lines = cells_of(place, text)
    found, rows = lines[0][1] if lines else [], lines[1:]
    need_columns(place, found)
    if not rows:
        fail(place, "no rows; at least 1 needed")
    for line, cells in rows:
        need_cells(line, cells, len(found))
    return [(line, dict(zip(found, cells, strict=True))) for line, cells in rows]


def cells_of(place, text):
    """Return (Place of the line, its cells) of the lines of a table that are not empty."""
    table = csv.reader(text.splitlines(), skipinitialspace=True, strict=True)
    try:
        return [(Place(place.file, f"line {table.line_num}"), cells) for cells in table if cells]
    except csv.Error as error:
        fail(Place(place.file, f"line {table.line_num}"), f"not a CSV table ({error})", allowed="comma-separated values")


def need_columns(place, found):
    """Require each column once; others do no harm."""
    given, allowed = "columns found: " + (", ".join(found) or "none"), "columns " + ", ".join(COLUMNS)
    lacking = [column for column in COLUMNS if column not in found]
    if lacking:
        fail(place, f"missing columns: {', '.join(lacking)}", given=given, allowed=allowed)
    twice = [column for column in COLUMNS if found.count(column) > 1]
    if twice:
        fail(place, f"columns that stand there twice: {', '.join(twice)}", given=given, allowed=allowed)


def need_cells(line, cells, columns):
    """Require a cell for each column: one more is a comma inside a number, and what stands before it a wrong value."""
    if len(cells) != columns:
        fail(line, "not a cell for each column", given=f"{len(cells)} cells: {', '.join(cells)}",
             allowed=f"{columns} cells; numbers with a point, and in quotes what holds a comma")  # fmt: skip


def tidy_rows(path, indicator):
    """Return (Place of the line, row as a dictionary) of a tidy CSV for one indicator; raises InputError without any."""
    rows = read_tidy(path)
    found = [(place, row) for place, row in rows if row["indicator"] == indicator]
    if not found:
        known = sorted({row["indicator"] for _, row in rows})
        fail(Place(Path(path)), "no rows of this indicator", given=indicator, allowed=", ".join(known[:12]),
             nearest=nearest_name(indicator, known))  # fmt: skip
    return found


def country_values(rows, indicator, factor):
    """Return iso3 -> {year: (Place, value x factor)} of rows as of `read_tidy`; rows of provinces are not read."""
    found = {}
    for place, row in rows:
        if row["indicator"] != indicator or PROVINCE in row["country"]:
            continue
        year, value = read_value(place, row["year"].strip(), number_of(place / "value", row["value"]))
        known = found.setdefault(row["iso3"], {})
        if year in known:
            fail(place, "a second value for this country and year", given=f"{row['iso3']}, {year}", allowed="one")
        known[year] = (place / "value", value * factor)
    return found


def read_value(place, year, value):
    """Return (year, value), checked."""
    if not (year.isascii() and year.isdigit() and YEARS[0] <= int(year) <= YEARS[1]):
        fail(place / year, "not a year", given=year, allowed="integer {}..{}".format(*YEARS))
    need_number(place / year, value, -1e12, 1e12)
    return int(year), float(value)


def number_of(place, text):
    """Return the finite number that a cell holds."""
    try:
        value = float(text) if text.isascii() and "_" not in text else float("nan")
    except (ValueError, AttributeError):
        value = float("nan")
    if not isfinite(value):
        fail(place, "not a number", given=text, allowed="a finite number")
    return value


def need_share(place, transformation, value):
    """Require a value between 0 and 1 if its logit is to be taken."""
    if transformation == "logit" and not 0.0 <= value <= 1.0:
        fail(place, "not a share", given=value, allowed="value x factor in 0..1")
