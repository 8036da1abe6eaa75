"""The table [sensitivity] of a plan: which method, how large, which outcomes; checked, completed, rounded, as plain data."""

from experiments.plans.uncertainties import with_uncertainties
from experiments.run_outcomes import default_outcomes, read_outcome_names
from experiments.sensitivity.layout import DUMMY, PARTS, SEED
from model.checks import (
    fail,
    need_choice,
    need_integer,
    need_keys,
    need_known_keys,
    need_list,
    need_name,
    need_table,
)
from model.registry import load_observables, load_registry

REGISTRY = "registry"  # groups = "registry": a group for each file of parameters
ON_PART = "at least {least}, a power of two: equal parts of a Sobol sequence"
DEFAULT_SIZE = {
    "one-at-a-time": 8,
    "morris": 48,
    "morris-radial": 64,
    "sobol": 256,
    "fast": 129,
    "pawn": 512,
    "delta": 512,
    "rbd-fast": 512,
    "regional": 512,
    "dgsm": 128,
    "shapley": 512,
}  # method -> rows, for "fast" points of a curve
WITH_GROUPS = ("morris", "morris-radial", "sobol", "shapley")
LARGEST = 1_000_000
EVERY = ("year", "month")
KEYS = (
    "method", "size", "seed", "second_order", "levels", "seeds_a_point", "uncertainties", "groups", "outcomes", "over_time",
    "every",
)  # fmt: skip


def read_sensitivity(place, table, factors):
    """Return (options, factors) of the checked table [sensitivity]; raises InputError.

    Parameters
    ----------
    factors : of the tables [factors.NAME]; with the key `uncertainties` they come beside those that it names.

    Returns
    -------
    options : dict of method, size, asked, note, seed, second_order, levels, seeds_a_point, groups (pairs of unit and its
        factors), outcomes, over_time, every.
    factors : list of Factor.
    """
    need_table(place, table, "a table with a method")
    need_known_keys(place, table, KEYS, "known keys: " + ", ".join(KEYS))
    need_keys(place, table, {"method": "one of " + ", ".join(DEFAULT_SIZE)})
    method = table["method"]
    need_choice(place / "method", method, DEFAULT_SIZE)
    factors = with_uncertainties(place / "uncertainties", table.get("uncertainties"), factors)
    need_types(place, method, factors)
    options = {"method": method, **read_numbers(place, table), **read_switches(place, table)}
    options["size"], options["note"] = rounded(method, options["asked"])
    return {**options, "groups": read_groups(place / "groups", table.get("groups"), method, factors)}, factors


def read_numbers(place, table):
    """Return the whole numbers of the table."""
    limits = {"size": (2, LARGEST), "seed": (0, 2**32 - 1), "levels": (2, 101), "seeds_a_point": (1, 100)}
    found = {"size": DEFAULT_SIZE[table["method"]], "seed": 0, "levels": 5, "seeds_a_point": 2}
    for key, (low, high) in limits.items():
        if key in table:
            need_integer(place / key, table[key], low, high)
            found[key] = table[key]
    return {"asked": found.pop("size"), **found}


def read_switches(place, table):
    """Return second_order, outcomes, over_time and every."""
    second = table.get("second_order", table["method"] == "sobol")
    if not isinstance(second, bool):
        fail(place / "second_order", "not a truth value", given=second, allowed="true or false")
    every = table.get("every", EVERY[0])
    need_choice(place / "every", every, EVERY)
    outcomes = read_outcome_names(place / "outcomes", table["outcomes"]) if "outcomes" in table else default_outcomes()
    over_time = table.get("over_time", ["use_share", "wait_days"])
    if over_time:
        need_list(place / "over_time", over_time, "a list of observables")
    for position, name in enumerate(over_time):
        need_choice(place / "over_time" / position, name, load_observables(), "see run.py describe observables")
    return {"second_order": second, "outcomes": outcomes, "over_time": list(over_time), "every": every}


def rounded(method, asked):
    """Return (size, note): the size a method needs for the size asked for, and words if they differ."""
    if method in ("morris", "one-at-a-time"):
        size = asked if asked <= 2 * PARTS else -(-asked // PARTS) * PARTS
        words = f"a multiple of {PARTS} above {2 * PARTS}"
    elif method == "fast":
        size, words = max(asked, 65) | 1, "an odd number of at least 65 points of a curve"
    else:
        least = 2 * PARTS if method == "morris-radial" else 4 * PARTS
        size, words = max(least, 1 << (asked - 1).bit_length()), ON_PART.format(least=least)
    return size, "" if size == asked else f"size {asked} rounded up to {size}: {method} needs {words}"


def need_types(place, method, factors):
    """Require what a method can vary."""
    for factor in factors:
        if method == "dgsm" and (factor.type != "number" or factor.values):
            fail(place / "method", "a derivative needs factors that are numbers", given=f"{method}, factor {factor.name}",
                 allowed="another method, such as morris, or the plan without this factor")  # fmt: skip
        if factor.name in (SEED, DUMMY):
            fail(place, "a name of the tables", given=factor.name)


def read_groups(place, given, method, factors):
    """Return pairs of unit and its factors, in the order of the factors; a factor in no group is a unit of its own."""
    names = [factor.name for factor in factors]
    groups = registry_groups(names) if given == REGISTRY else {} if given is None else given
    allowed = f'a table of groups, each a list of factors of this plan, or "{REGISTRY}"'
    need_table(place, groups, allowed)
    if groups and method not in WITH_GROUPS:
        fail(place, f"method {method} has no groups", allowed="methods with groups: " + ", ".join(WITH_GROUPS))
    taken = {}
    for group, members in groups.items():
        need_name(place / group, group)
        need_list(place / group, members, allowed)
        for position, name in enumerate(members):
            need_choice(place / group / position, name, names, "factors of this plan: " + ", ".join(names))
            if name in taken:
                fail(place / group / position, f"already in group {taken[name]}", given=name, allowed="one group a factor")
            taken[name] = group
        if group in (SEED, DUMMY) or (group in names and members != [group]):
            fail(place / group, "a name that is taken", given=group, allowed="a name of its own")
    units = {}
    for name in names:
        units.setdefault(taken.get(name, name), []).append(name)
    return [[unit, members] for unit, members in units.items()]  # a list: the manifest keeps no order of keys


def registry_groups(names):
    """Return group -> factors by the file of the registry in which they stand; switches are a group of their own."""
    registry, groups = load_registry(), {}
    for name in names:
        groups.setdefault(registry[name].group if name in registry else "mechanisms", []).append(name)
    return groups
