"""The world and its laws. Public names are loaded on first use, so that reading a scenario does not compile a model."""

from importlib import import_module

_HOMES = {
    "load_scenario": "model.scenario",
    "load_policy": "model.scenario",
    "planned_cost": "model.parameter_table",
    "load_registry": "model.registry",
    "load_observables": "model.registry",
    "simulate": "model.engine",
    "warm_up": "model.engine",
    "MODEL_VERSION": "model.version",
    "RunRecord": "model.record",
    "Simulation": "model.simulation",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module 'model' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
