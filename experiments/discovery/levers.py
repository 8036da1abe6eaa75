"""Levers kept apart from uncertainties: a policy moves the same levers by the same amounts in every future.

Money is turned into changes of levers once, at the scenario's prices; uncertain prices then change what a policy costs, not
what it does. A parameter that anything moves over time cannot be uncertain as well.
"""

from dataclasses import replace

from model.checks import Place, fail


def with_fixed_levers(plan, base):
    """Return a Scenario of a Plan, whose factors are the uncertainties, with its levers fixed; raises InputError."""
    return with_fixed_levers_over(Place(plan.file, "discover.uncertainties"), {factor.name for factor in plan.factors}, base)


def with_fixed_levers_over(place, uncertain, base):
    """Return a Scenario with its policy as changes of levers that no longer hang on prices.

    Parameters
    ----------
    place : what to name if it cannot be. uncertain : names of the uncertain parameters. base : Scenario with its policy.

    Raises InputError if anything moves an uncertain parameter.
    """
    for overlay in base.overlays:
        if overlay.parameter in uncertain:
            fail(place, "a parameter that is moved over time cannot be uncertain",
                 given=f"{overlay.parameter}, moved by {overlay.origin}", allowed="uncertainties without it")  # fmt: skip
    return replace(base, overlays=tuple(replace(overlay, spend=0.0) for overlay in base.overlays))
