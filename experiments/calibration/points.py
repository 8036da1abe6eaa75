"""Points of a target: the table [values] of its file, or rows of a tidy CSV; each is checked where it stands."""

from dataclasses import dataclass

from experiments.calibration.tidy import PROVINCE, need_share, number_of, read_value, tidy_rows
from experiments.units import is_bounded
from model.checks import Place, fail, nearest_name, need_file, need_table, need_text


@dataclass(frozen=True)
class Point:
    """A published value. group : a province, or "" for the nation. place : where it stands."""

    group: str
    year: int
    value: float
    place: Place


def read_points(place, content):
    """Return sorted (group, year, value) of the table [values] or of a CSV file."""
    given = [key for key in ("values", "data") if key in content]
    if len(given) != 1:
        fail(place / "values", "missing" if not given else "given together with data", allowed="either [values] or data")
    points = read_csv(place, content) if given == ["data"] else read_values(place / "values", content["values"])
    points = of_one_kind(place, content, points, given[0])
    for point in points:
        need_possible(point, content)
    return sorted((point.group, point.year, point.value) for point in points)


def of_one_kind(place, content, points, key):
    """Return the points of the nation or those of its provinces: what `provinces` says, if there are both."""
    wanted = content.get("provinces")
    if wanted is not None and not isinstance(wanted, bool):
        fail(place / "provinces", "not true or false", given=wanted, allowed="true, or false for the nation")
    kept = [point for point in points if wanted is None or bool(point.group) == wanted]
    if not kept:
        fail(place / "provinces", "no points of them" if wanted else "no points of the nation", given=wanted,
             allowed="false" if wanted else "true")  # fmt: skip
    if len({bool(point.group) for point in kept}) > 1:
        fail(place / key, "the nation and its provinces in one target",
             given=", ".join(sorted({point.group or "the nation" for point in kept})[:12]),
             allowed="a target for each, one with provinces = true, one with provinces = false")  # fmt: skip
    return kept


def need_possible(point, content):
    """Require a value that its observable can have, on a scale on which it can be taken.

    A share in percent is a slip; a gap between two shares can be negative. Where only a spread is compared, ratios will do.
    """
    transformation, value = content.get("transformation", "logit"), point.value * content.get("factor", 1.0)
    need_share(point.place, transformation, value)
    if is_bounded(content["observable"]) and content.get("role") != "spread" and abs(value) > 1.0:
        fail(point.place, "not a share or an index of 0 to 1", given=value, allowed="value x factor of at most 1")
    if transformation == "log" and value < 0.0:
        fail(point.place, "no logarithm of it", given=value, allowed="value x factor of 0 or more")


def need_code(place, given, iso3, province):
    """Require the code of the target for the nation: by another one it would later count as another country."""
    if given and iso3 and given != iso3 and not province:
        fail(place, "not the country of the target", given=given, allowed=f"{iso3}; see the key country")


def read_values(place, table):
    """Return the points of a table of years, or of provinces that hold tables of years."""
    need_table(place, table, "years and numbers, or tables of provinces")
    points = []
    for key, entry in table.items():
        group, years = (key, entry) if isinstance(entry, dict) else ("", {key: entry})
        deeper = place / group if group else place
        points += [Point(group, *read_value(deeper, year, value), deeper / year) for year, value in years.items()]
    if not points:
        fail(place, "no points", allowed="YEAR = number")
    return points


def read_years(place, table):
    """Return year -> number of a table."""
    need_table(place, table, "YEAR = number")
    return dict(read_value(place, year, value) for year, value in table.items())


def read_csv(place, content):
    """Return the points in the rows of a tidy CSV that have the target's indicator.

    `country` in the file is the country, or "Country: Province". Only rows of `country` are read if it is given.
    """
    name = content["data"]
    need_text(place / "data", name, 200, "the name of a .csv file beside this file, or a path relative to it")
    country, points, lands = content.get("country", ""), {}, set()
    for line, row in tidy_rows(need_file(place / "data", name), content["indicator"]):
        land, _, province = row["country"].partition(PROVINCE)
        lands.add(land)
        if country and land != country:
            continue
        year, value = read_value(line, row["year"].strip(), number_of(line / "value", row["value"]))
        if (province, year) in points:
            fail(line, "a second value for this place and year", given=f"{row['country']}, {row['year']}",
                 allowed="one country and one series in a target; see the key country")  # fmt: skip
        need_code(line / "iso3", row["iso3"], content.get("iso3", ""), province)
        points[province, year] = Point(province, year, value, line / "value")
    if not points:
        fail(place / "country", f"no rows of it in {name}", given=country, allowed=", ".join(sorted(lands)[:12]),
             nearest=nearest_name(country, sorted(lands)))  # fmt: skip
    return list(points.values())
