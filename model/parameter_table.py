"""The parameter table: what every parameter is in every month and province, after policies and shocks.

An overlay edits a column of the table. All values come first, then factors, then changes, each in the order
given, so that several policies compose. An absent policy is exactly no edit.
"""

import numpy as np

from model.registry import load_mechanisms, load_registry

MODES = ("value", "factor", "delta")
BASELINE = "baseline"
MONTHS_A_YEAR = 12


def parameter_table(scenario):
    """Return the table of a scenario.

    Returns
    -------
    structured array, shape (months + 1, provinces), one float64 field for each parameter of the registry.
    """
    registry = load_registry()
    fields = np.dtype([(name, np.float64) for name in registry])
    plain = np.empty((scenario.months + 1, len(scenario.regions), len(registry)))
    plain[:] = [scenario.parameters[name] for name in registry]
    table = plain.view(fields)[..., 0]
    for row, region in enumerate(scenario.regions):
        for name, value in scenario.region_parameters.get(region.name, {}).items():
            table[name][:, row] = value
    for name in {overlay.parameter: None for overlay in scenario.overlays}:
        # Rounding may step over a bound by a last digit; the scenario has been checked for more than that.
        values = column(scenario, name, scenario.overlays)
        table[name] = np.clip(values, registry[name].low, registry[name].high)
    for mechanism in scenario.switched_off:  # last, so that no policy brings back what is switched off
        for name, value in load_mechanisms()[mechanism].off.items():
            table[name][:] = value
    return table


def base_value(scenario, name, region):
    """Return a parameter in a province before any overlay."""
    return scenario.region_parameters.get(region.name, {}).get(name, scenario.parameters[name])


def column(scenario, name, overlays):
    """Return one parameter after some overlays, shape (months + 1, provinces)."""
    values = np.empty((scenario.months + 1, len(scenario.regions)))
    values[:] = [base_value(scenario, name, region) for region in scenario.regions]
    mine = [overlay for overlay in overlays if overlay.parameter == name]
    for mode in MODES:
        for overlay in mine:
            if overlay.mode == mode:
                edit(values, overlay, places(scenario, overlay))
    return values


def edit(values, overlay, provinces):
    """Apply one overlay to a column in place, as far as the run goes."""
    months = np.arange(overlay.start, min(overlay.end, len(values)))
    weight = ramp_weights(overlay)[: months.size, None]
    cells = np.ix_(months, provinces)
    if overlay.mode == "value":
        values[cells] = (1.0 - weight) * values[cells] + weight * overlay.amount
    elif overlay.mode == "factor":
        values[cells] *= 1.0 + weight * (overlay.amount - 1.0)
    else:
        values[cells] += weight * overlay.amount


def ramp_weights(overlay):
    """Return how far an overlay is built up in each of its months, 0..1: full at once without a ramp."""
    months = np.arange(1, overlay.end - overlay.start + 1)
    return np.minimum(1.0, months / overlay.ramp) if overlay.ramp else np.ones(months.size)


def places(scenario, overlay):
    """Return the positions of the provinces of an overlay."""
    return np.array([row for row, region in enumerate(scenario.regions) if region.name in set(overlay.where)])


def monthly_price(scenario, name, overlays):
    """Return what one unit of a lever costs in each month and province.

    Returns
    -------
    float64 array, shape (months + 1, provinces), million rupiah. Month 0 is the initial state, in which no
    time passes: it costs nothing.
    """
    lever = load_registry()[name]
    yearly = column(scenario, lever.cost, overlays) * exposure(scenario, lever.cost_per, overlays)
    yearly[0] = 0.0
    return yearly / MONTHS_A_YEAR


def exposure(scenario, kind, overlays):
    """Return how many servants, leaders, offices or citizens there really are in each province."""
    if kind == "citizen":
        return np.array([float(region.population) for region in scenario.regions])
    offices = np.array([float(region.offices) for region in scenario.regions])
    if kind == "servant":
        return offices * column(scenario, "civil_servants_per_office", overlays)
    return offices


def planned_cost(scenario):
    """Return what the policies of a scenario are planned to cost over the run, in million rupiah.

    The change of every lever against the same scenario without its policies, at the prices of the month and
    province. History (the overlays of the case itself) is not counted; a lever moved back is money saved.
    """
    registry = load_registry()
    policy = [overlay for overlay in scenario.overlays if overlay.policy != BASELINE]
    history = [overlay for overlay in scenario.overlays if overlay.policy == BASELINE]
    total = 0.0
    for name in sorted({overlay.parameter for overlay in policy if registry[overlay.parameter].cost}):
        change = column(scenario, name, scenario.overlays) - column(scenario, name, history)
        price = monthly_price(scenario, name, scenario.overlays)
        total += float(np.sum(change * price)) * registry[name].improves
    return total
