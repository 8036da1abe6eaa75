"""Two drivers, one result; identity over workers, threads and time; Mesa works as its users expect."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from model import Simulation, load_policy, simulate
from model.agents import Citizen, CivilServant, Leader, Office, Region
from tests.worlds import COLUMN, SCENARIOS, small

ROOT = SCENARIOS.parent


def lively(months=24):
    """Return the small country with systems from the start, so that every behaviour is exercised in a short run."""
    eager = {
        "initial_systems": 0.8,
        "initial_data_mean": 0.9,
        "initial_access": 0.6,
        "citizen_threshold": -1.5,
    }
    return replace(small().with_parameters(**eager, adoption_threshold=-1.0, awareness_external=0.05), months=months)


def same_rows(first, second):
    """Tell whether two worlds agree in every bit."""
    return all((mine == other).all() for mine, other in zip(first, second, strict=True))


def test_mesa_driver_gives_the_same_bits_as_the_compiled_loop():
    compiled, agents = Simulation(lively(), 3), Simulation(lively(), 3, driver="mesa")
    compiled.run_model()
    agents.run_model()
    assert same_rows(compiled.world, agents.world)
    assert (compiled.series == agents.series).all()
    assert compiled.series[-1, COLUMN["use_share"]] > 0
    assert (simulate(lively(), 3).series == compiled.series).all()


ALONE = """
import os, subprocess, sys, tempfile
os.environ.pop("NUMBA_CACHE_DIR", None)
tempfile.tempdir, may = sys.argv[1], os.access
os.access = lambda path, mode: False
import model.compiled
os.access = may
show = "import model.compiled, numba; print(numba.config.CACHE_DIR)"
exec(show, {})
print(subprocess.run([sys.executable, "-c", show], capture_output=True, text=True).stdout, end="")
"""


def test_where_nothing_may_be_written_one_temporary_folder_serves_all_workers_and_goes(tmp_path):
    done = subprocess.run([sys.executable, "-c", ALONE, str(tmp_path)], capture_output=True, text=True, cwd=ROOT)
    mine, workers = done.stdout.splitlines()
    assert mine == workers and mine.startswith(str(tmp_path)), done.stderr
    assert not list(tmp_path.iterdir())


def test_replicates_shuffle_from_streams_of_their_own():
    first, again, second = (Simulation(lively(2), number) for number in (0, 0, 1))
    draws = [(one.random.random(), one.rng.random()) for one in (first, again, second)]
    assert draws[0] == draws[1] and draws[0][0] != draws[2][0] and draws[0][1] != draws[2][1]


def test_order_of_activation_does_not_matter():
    """Mesa's own generator decides the order; another state of it must change nothing."""
    first, second = Simulation(lively(6), 0, driver="mesa"), Simulation(lively(6), 0, driver="mesa")
    second.random.seed(999)
    first.run_model()
    second.run_model()
    assert same_rows(first.world, second.world)


def test_threads_do_not_matter():
    scenario = lively()
    alone = [simulate(scenario, replicate).series for replicate in range(4)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda replicate: simulate(scenario, replicate).series, range(4)))
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_replicates_differ():
    assert (simulate(lively(), 0).series != simulate(lively(), 1).series).any()


def test_months_before_a_policy_are_bit_identical():
    policy = load_policy(SCENARIOS / "policies" / "balanced-package.toml")
    start = 49  # January 2014
    base, changed = simulate(small(), 0).series, simulate(small().with_policy(policy), 0).series
    assert (base[:start] == changed[:start]).all()
    assert (base[start:] != changed[start:]).any()


def test_more_citizens_leave_the_first_half_as_it_was():
    one, two = (
        Simulation(small()),
        Simulation(replace(small(), citizens_per_office=2 * small().citizens_per_office)),
    )
    size = small().citizens_per_office
    half = two.world.citizens.reshape(small().offices, 2 * size)[:, :size].ravel()
    assert (half == one.world.citizens).all()
    assert (one.world.servants == two.world.servants).all()


def test_mesa_users_find_what_they_expect():
    model = Simulation(lively(3))
    model.step()
    assert model.steps == model.month == 1
    kinds = {Region: 4, Leader: 20, Office: 20, CivilServant: 240, Citizen: 1280}
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == kinds
    assert len(model.agents) == sum(kinds.values())
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.month) == [0, 1]
    assert frame.access_share.iloc[-1] == model.series[1, COLUMN["access_share"]]
    citizen = model.agents_by_type[Citizen][5]
    citizen.skill = 0.25
    assert model.world.citizens["skill"][5] == 0.25
    assert np.isclose(model.agents_by_type[Citizen].agg("skill", np.mean), model.world.citizens["skill"].mean())


class Refuser(CivilServant):
    """A civil servant who never leaves paper."""

    def step(self):
        """Do as others do, then go back to paper."""
        super().step()
        self.stage = 0
        self.use = 0.0


def test_a_subclass_that_overrides_step_is_honoured():
    model, usual = Simulation(lively(), civil_servant=Refuser), Simulation(lively())
    model.run_model()
    usual.run_model()
    assert model.series[:, COLUMN["servant_adoption"]].max() == 0.0
    assert usual.series[:, COLUMN["servant_adoption"]].max() > 0.0
