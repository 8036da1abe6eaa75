"""Uncertainties: what nobody chooses, named in a plan by parameter, by group of parameters, or all that are assumed."""

from experiments.plans.factors import FACTORS_ALLOWED, MECHANISMS, whole_range
from model.checks import fail, nearest_name, need_list
from model.registry import load_mechanisms, load_registry

ASSUMED = "assumed"
UNCERTAINTIES = f'"{ASSUMED}", or a list of parameters, groups of parameters (such as "citizens") and mechanisms.NAME'


def with_uncertainties(place, given, factors):
    """Return the factors of uncertainties as given, each over its whole range, then further ones; own factors go first.

    Parameters
    ----------
    given : "assumed", a list of names, or None. factors : list of Factor of the tables [factors.NAME].
    """
    names = assumed() if given == ASSUMED else [] if given is None else named(place, given)
    own = {factor.name: factor for factor in factors}
    return tuple(own.get(name) or whole_range(place, name) for name in dict.fromkeys([*names, *own]))


def assumed(group=None):
    """Return the names of the assumed uncertainties of the registry, of one group or of all."""
    return [
        name
        for name, entry in load_registry().items()
        if (entry.role, entry.status) == ("uncertainty", ASSUMED) and group in (None, entry.group)
    ]


def named(place, given):
    """Return the names that a list of parameters, groups and switches means, each once."""
    need_list(place, given, UNCERTAINTIES)
    registry = load_registry()
    groups = {entry.group for entry in registry.values()}
    known = {*groups, *registry, *(f"{MECHANISMS}.{name}" for name in load_mechanisms())}
    names = []
    for position, name in enumerate(given):
        if not isinstance(name, str) or name not in known:
            fail(
                place / position, "no such uncertainty", given=name, allowed=UNCERTAINTIES, nearest=nearest_name(name, known)
            )
        need_no_lever(place / position, name)
        names += assumed(name) if name in groups else [name]
    return list(dict.fromkeys(names))


def need_no_lever(place, name):
    """Require something that nobody chooses: levers belong to policies."""
    registry = load_registry()
    if name in registry and registry[name].role == "lever":
        fail(place, "a lever is not uncertain: policies move it", given=name, allowed=f"uncertain {FACTORS_ALLOWED}")
