"""The table [optimise] of a plan: budget, levers, goals and the size of the search; checked, completed, as plain data."""

from model.checks import (
    fail,
    need_choice,
    need_integer,
    need_keys,
    need_known_keys,
    need_list,
    need_name,
    need_number,
    need_table,
    need_text,
)
from model.overlays import DATE_ALLOWED, MONTHS_LIMIT, SPEND_LIMIT, read_date
from model.registry import load_observables, load_registry

COST = "planned_cost"  # the goal of spending little: what the policy is planned to cost, million rupiah
EVERYWHERE, REMOTE = "everywhere", "remote"
ALGORITHMS = ("nsga2", "nsga3")
WHOLE = 100  # percent of the budget
MOST_GOALS, MOST_LEVERS = 6, 12
SIZES = {  # key -> (default, least, most)
    "population": (24, 4, 1000),
    "generations": (12, 1, 1000),
    "seed": (0, 0, 2**32 - 1),
    "fresh": (20, 2, 10_000),
    "front": (20, 2, 200),
}
NEEDED = ("budget", "goals", "levers")
KEYS = (*NEEDED, "algorithm", *SIZES)
LEVER_KEYS = ("parameter", "start", "end", "where", "most", "ramp")
DEFAULT_REPLICATES = 3
FEWEST_REPLICATES = 2


def read_optimise(place, table):
    """Return the checked table [optimise] as plain data; raises InputError.

    Returns
    -------
    dict of budget (million rupiah), goals (names), levers (list of dict), algorithm, population, generations, seed (of the
    search), fresh (seeds that judge the front), front (points shown at most).
    """
    need_table(place, table, "a table with budget, goals and levers")
    need_known_keys(place, table, KEYS, "known keys: " + ", ".join(KEYS))
    need_keys(place, table, dict.fromkeys(NEEDED, "budget (million rupiah), goals, and a table [optimise.levers.NAME]"))
    need_number(place / "budget", table["budget"], 1.0, SPEND_LIMIT)
    algorithm = table.get("algorithm", ALGORITHMS[0])
    need_choice(place / "algorithm", algorithm, ALGORITHMS)
    return {
        "budget": float(table["budget"]),
        "goals": read_goals(place / "goals", table["goals"]),
        "levers": read_levers(place / "levers", table["levers"]),
        "algorithm": algorithm,
        **read_sizes(place, table),
    }


def read_sizes(place, table):
    """Return the whole numbers of the table."""
    for key, (_, low, high) in SIZES.items():
        if key in table:
            need_integer(place / key, table[key], low, high)
    return {key: table.get(key, default) for key, (default, _, _) in SIZES.items()}


def read_goals(place, names):
    """Return the names of the goals: observables that have a direction, and the planned cost."""
    known = [COST, *(name for name, entry in load_observables().items() if entry.direction != "neither")]
    allowed = f"2..{MOST_GOALS} of {COST} and observables with a direction: run.py describe observables"
    need_list(place, names, allowed)
    for position, name in enumerate(names):
        need_choice(place / position, name, known, allowed)
    if not 2 <= len(names) <= MOST_GOALS:
        fail(place, "too few or too many goals", given=len(names), allowed=allowed)
    return list(names)


def read_levers(place, table):
    """Return the levers in the order of the file, each a dict of name, parameter, start, end, where, most, ramp."""
    need_table(place, table, "tables [optimise.levers.NAME]")
    if not 1 <= len(table) <= MOST_LEVERS:
        fail(place, "no levers" if not table else "too many levers", given=len(table), allowed=f"1..{MOST_LEVERS} levers")
    return [read_lever(place / name, name, entry) for name, entry in table.items()]


def read_lever(place, name, entry):
    """Return one checked lever; its name is that of the parameter unless it says which."""
    need_table(place, entry, "a table of " + ", ".join(LEVER_KEYS))
    need_name(place, name)
    need_known_keys(place, entry, LEVER_KEYS)
    priced = [lever for lever, parameter in load_registry().items() if parameter.cost]
    at = place / "parameter" if "parameter" in entry else place
    need_choice(at, entry.get("parameter", name), priced, "levers with a price: " + ", ".join(priced))
    if "start" not in entry:
        fail(place / "start", "missing", allowed=f"a list of months to choose from, each {DATE_ALLOWED}")
    starts = read_several(place / "start", entry["start"], "months")
    where = read_several(place / "where", entry.get("where", EVERYWHERE), "regions")
    for position, month in enumerate(starts):
        read_date(place / "start" / position, month)
    if "end" in entry:
        read_end(place / "end", entry["end"], max(starts))
    need_integer(place / "most", entry.get("most", WHOLE), 1, WHOLE)
    need_integer(place / "ramp", entry.get("ramp", 0), 0, MONTHS_LIMIT)
    return {
        "name": name,
        "parameter": entry.get("parameter", name),
        "start": sorted(starts),
        "end": entry.get("end"),
        "where": where,
        "most": entry.get("most", WHOLE),
        "ramp": entry.get("ramp", 0),
    }


def read_end(place, end, last_start):
    """Require a month after every start."""
    if read_date(place, end) <= read_date(place, last_start):
        fail(place, "not after every start", given=end, allowed=f"> {last_start}")


def read_several(place, given, what):
    """Return a list of texts, of which one alone may stand without brackets."""
    values = [given] if isinstance(given, str) else given
    need_list(place, values, f"one text or a list of {what} to choose from")
    for position, value in enumerate(values):
        need_text(place / position, value, 60)
    return list(values)
