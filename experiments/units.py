"""In which unit an observable is shown, wherever a person reads it: terminal, figures, report, optimisation.

Tables for programs (CSV, Parquet) keep the unit of the registry. Units are in English; `texts.named` translates them.
"""

from model.registry import load_observables

SHARE, INDEX = "share", "0-1"
HUNDRED = 100.0
POINTS, POINTS_OF_HUNDRED = "percentage points", "points of 100"


def is_bounded(name):
    """Say whether an observable lies between 0 and 1 (a difference of two such between -1 and 1): a share or an index."""
    unit = load_observables()[name].unit
    return unit.startswith(SHARE) or unit == INDEX


def change_in(name):
    """Return (factor, unit) in which a change of an observable is shown: percentage points, points of 100, or its own."""
    return change_of(load_observables()[name].unit)


def level_in(name):
    """Return (factor, unit) in which a level of an observable is shown: as a change, but a share in percent of its whole."""
    return level_of(load_observables()[name].unit)


def change_of(unit):
    """Return (factor, unit) in which a change of a number is shown whose own unit is given."""
    if unit.startswith(SHARE):
        return HUNDRED, POINTS
    return (HUNDRED, POINTS_OF_HUNDRED) if unit == INDEX else (1.0, unit)


def level_of(unit):
    """Return (factor, unit) in which a level of a number is shown whose own unit is given."""
    factor, shown = change_of(unit)
    return factor, f"%{unit.removeprefix(SHARE)}" if shown == POINTS else shown
