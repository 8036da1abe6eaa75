"""What every test needs: the environment that calculations run in."""

import pytest

from experiments.running.environment import prepare

prepare()


@pytest.fixture
def quick(monkeypatch):
    """Replace the model by arithmetic, so that tests of the machinery around it take no time."""
    import model
    from tests import fake_model

    calls = []

    def simulate(scenario, replicate):
        calls.append((scenario.policy, replicate))
        return fake_model.simulate(scenario, replicate)

    monkeypatch.setattr(model, "simulate", simulate)
    monkeypatch.setattr(model, "warm_up", lambda scenario: None)
    return calls
