"""Work pressure, coping with it, and the slow loss of standards (R26)."""

from model.compiled import compiled
from model.numeric import exp


@compiled
def work_pressure(cases, possible):
    """Return work to be done relative to what can be done in a month, cut at 3. Source: Oliva & Sterman 2001."""
    return min(3.0, cases / possible) if possible > 0.0 else 3.0


@compiled
def weight_away(pressure, commitment, p):
    """Return the logit weight of moving away from clients (routine, rationing) against moving toward them (weight 1).

    Source: Tummers et al. 2015 for the families; about 43/38/19 % at pressure 1; see coping_away_pressure.
    """
    drive = p.coping_away_base + p.coping_away_pressure * (pressure - 1.0)
    return exp(drive - p.coping_commitment * (commitment - 0.5))


@compiled
def weight_against(pressure, commitment, resistance, p):
    """Return the logit weight of moving against clients (rigid rules); `resistance` is the pull of the status quo.

    Source: as `weight_away`; the part of the status quo assumed, see coping_against_status_quo.
    """
    drive = p.coping_against_base + p.coping_against_pressure * (pressure - 1.0)
    return exp(drive + p.coping_against_status_quo * resistance - p.coping_commitment * (commitment - 0.5))


@compiled
def coping_time(away, toward, p):
    """Return time a case relative to a neutral way of working. Source: R26; sizes assumed, see coping_away_time."""
    return 1.0 - p.coping_away_time * away + p.coping_toward_time * toward


@compiled
def standard_next(standard, taken, p):
    """Return the time that staff think a case deserves (1 at first), one month on: it follows what was `taken`.

    Down within a year, up within years and never above 1: a passing overload leaves a lasting mark.
    Source: goal erosion, Oliva & Sterman 2001; times assumed, see erosion_months and recovery_months.
    """
    months = p.erosion_months if taken < standard else p.recovery_months
    return min(1.0, max(p.lowest_standard, standard + (taken - standard) / months))
