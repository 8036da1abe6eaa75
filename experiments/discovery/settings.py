"""The table [discover] of a plan: which futures, and when a policy counts as failing; checked, as plain data."""

from experiments.plans.uncertainties import UNCERTAINTIES, need_no_lever, with_uncertainties
from experiments.run_outcomes import need_outcome
from model.checks import (
    Place,
    fail,
    need_choice,
    need_integer,
    need_keys,
    need_known_keys,
    need_number,
    need_table,
)

KEYS = ("uncertainties", "futures", "design", "seed", "goals", "resamples")
GOAL_KEYS = ("at_least", "at_most", "of")
DESIGNS = ("independent", "latin-hypercube", "sobol")  # Sobol: in many dimensions some pairs are not filled evenly
LEVEL, CHANGE = "level", "change"  # of an outcome, or of its difference from the baseline in the same future
NUMBERS = {"futures": (20, 1_000_000), "seed": (0, 2**32 - 1), "resamples": (20, 1000)}  # key -> limits
DEFAULTS = {"seed": 0, "resamples": 100}
LARGEST = 1e15


def read_discovery(place, table, factors):
    """Return (options, factors) of the checked table [discover]; raises InputError.

    Parameters
    ----------
    factors : of the tables [factors.NAME]; they are uncertain too, or narrow the range of a parameter that is.

    Returns
    -------
    options : dict of points, design, seed, resamples, goals (list of outcome, sense, limit, of).
    factors : list of Factor, the uncertainties.
    """
    need_table(place, table, "a table of " + ", ".join(KEYS))
    need_known_keys(place, table, KEYS, "known keys: " + ", ".join(KEYS))
    futures = "integer {}..{}".format(*NUMBERS["futures"])
    need_keys(place, table, {"futures": futures, "goals": "tables [discover.goals.OUTCOME]"})
    for key, limits in NUMBERS.items():
        if key in table:
            need_integer(place / key, table[key], *limits)
    design = table.get("design", DESIGNS[0])
    need_choice(place / "design", design, DESIGNS)
    options = {key: table.get(key, default) for key, default in DEFAULTS.items()}
    options |= {"points": table["futures"], "design": design, "goals": read_goals(place / "goals", table["goals"])}
    return options, read_uncertainties(place, table, factors)


def read_goals(place, table):
    """Return a dict of outcome, sense ("at_least" or "at_most"), limit and of for each goal, in the order of the file."""
    need_table(place, table, "tables [discover.goals.OUTCOME]")
    if not table:
        fail(place, "no goal", allowed="at least one table [discover.goals.OUTCOME]")
    goals = []
    for name, entry in table.items():
        need_outcome(place / name, name)
        need_table(place / name, entry, "a table of " + ", ".join(GOAL_KEYS))
        need_known_keys(place / name, entry, GOAL_KEYS)
        senses = [key for key in ("at_least", "at_most") if key in entry]
        if len(senses) != 1:
            problem = "given together with at_least" if senses else "missing"
            fail(place / name / "at_most", problem, allowed="either at_least or at_most, a number")
        need_number(place / name / senses[0], entry[senses[0]], -LARGEST, LARGEST)
        need_choice(place / name / "of", entry.get("of", LEVEL), (LEVEL, CHANGE))
        goals.append({"outcome": name, "sense": senses[0], "limit": float(entry[senses[0]]), "of": entry.get("of", LEVEL)})
    return goals


def read_uncertainties(place, table, factors):
    """Return the uncertain factors: those that [discover] names, then further ones; ranges of [factors.NAME] go first."""
    given = table.get("uncertainties")
    if given is None and not factors:
        fail(place / "uncertainties", "missing", allowed=f"{UNCERTAINTIES}; or tables [factors.NAME]")
    for factor in factors:
        need_no_lever(Place(place.file, "factors") / factor.name, factor.name)
    return with_uncertainties(place / "uncertainties", given, factors)
