"""Provinces: one row of a CSV table each, with their offices and inhabitants."""

import csv
from dataclasses import dataclass

from model.checks import Place, fail, nearest_name, need_commas, need_text
from model.textfile import read_text

COLUMNS = (
    "province", "island_group", "regencies", "cities", "population", "internet_index", "cost_multiplier",
    "remote", "tile_row", "tile_column", "source",
)  # fmt: skip
ROWS_LIMIT = 1000
RANGES = {
    "regencies": (0, 1000),
    "cities": (0, 1000),
    "population": (1000, 10**9),
    "remote": (0, 1),
    "tile_row": (0, 99),
    "tile_column": (0, 99),
    "internet_index": (0.01, 10.0),
    "cost_multiplier": (0.1, 20.0),
}
WHOLE = ("regencies", "cities", "population", "remote", "tile_row", "tile_column")


@dataclass(frozen=True)
class Region:
    """One province; internet index and cost multiplier are relative to a national 1; `remote` is 0 or 1."""

    name: str
    island_group: str
    regencies: int
    cities: int
    population: int
    internet_index: float
    cost_multiplier: float
    remote: int
    tile_row: int
    tile_column: int

    @property
    def offices(self):
        """How many offices it has: one for each regency and each city."""
        return self.regencies + self.cities


def read_provinces(path):
    """Return the provinces of a CSV file in the order of its rows."""
    text = read_text(path, ".csv", "province tables are CSV (.csv)")
    need_commas(path, text, COLUMNS)
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        fail(Place(path), f"not a CSV table ({error})", allowed="comma-separated values")
    rows = [(number, row) for number, row in enumerate(rows, 1) if row]
    header = [name.strip() for name in rows[0][1]] if rows else []
    need_columns(path, header)
    if len(rows) == 1:
        fail(Place(path), "no rows; at least 1 needed")
    if len(rows) > ROWS_LIMIT + 1:
        fail(Place(path), "too many rows", given=f"{len(rows) - 1} rows", allowed=f"1..{ROWS_LIMIT} rows")
    regions = tuple(read_region(Place(path, f"line {number}"), header, row) for number, row in rows[1:])
    need_distinct(path, regions)
    return regions


def need_columns(path, header):
    """Require every column once and no other."""
    found = "columns found: " + (", ".join(header) or "none")
    for name in COLUMNS:
        if header.count(name) != 1:
            problem = f"column '{name}' is {'missing' if name not in header else 'given twice'}"
            fail(Place(path), problem, given=found, allowed="columns " + ", ".join(COLUMNS))
    for name in header:
        if name not in COLUMNS:
            fail(Place(path, "header"), "unknown column", given=name, nearest=nearest_name(name, COLUMNS))


def read_region(place, header, row):
    """Return one checked province."""
    if len(row) != len(header):
        fail(place, "wrong number of fields", given=f"{len(row)} fields", allowed=f"{len(header)} fields")
    fields = {name: value.strip() for name, value in zip(header, row, strict=True)}
    for name in ("province", "island_group"):
        need_text(place / name, fields[name], 60)
        if not fields[name]:
            fail(place / name, "empty", allowed="a name")
    need_text(place / "source", fields["source"], 500)
    numbers = {name: read_number(place / name, fields[name], name) for name in RANGES}
    if not numbers["regencies"] + numbers["cities"]:
        fail(place / "regencies", "no office", allowed="regencies + cities at least 1")
    return Region(name=fields["province"], island_group=fields["island_group"], **numbers)


def read_number(place, text, column):
    """Return the number of a field, an integer where people or places are counted."""
    low, high = RANGES[column]
    allowed = f"{'integer' if column in WHOLE else 'number'} {low}..{high}"
    try:
        # Python would also read "1_000" and digits of other scripts.
        number = (int if column in WHOLE else float)(text) if text.isascii() and "_" not in text else None
    except ValueError:
        number = None
    if number is None or not low <= number <= high:
        fail(place, "not a usable number", given=text, allowed=allowed)
    return number


def need_distinct(path, regions):
    """Require different names and different cells of the tile map."""
    names, cells = set(), {}
    for region in regions:
        cell = region.tile_row, region.tile_column
        if region.name in names:
            fail(Place(path, region.name), "province given twice", allowed="each province once")
        if cell in cells:
            fail(Place(path, region.name), f"on the same tile as {cells[cell]}", given=f"row, column {cell}")
        names.add(region.name)
        cells[cell] = region.name
