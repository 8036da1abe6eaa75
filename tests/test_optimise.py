"""`run.py optimise`: a planted front is found, a stop changes nothing, the budget holds, one seed is never enough."""

import json
import sys

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import model
import run
from experiments.fronts import hypervolume
from experiments.optimise.commands import answer, folder_of
from experiments.optimise.judgement import front_table, judge
from experiments.optimise.levers import afford, overlay_of, parts_of, policy_of
from experiments.optimise.question import question_of
from experiments.plans.plan_file import PLANS, read_plan
from experiments.running.runner import Options
from experiments.storage.store import Result
from model.checks import Place
from model.errors import InputError
from tests import planted_front as planted
from tests.planted_front import BUDGET, GOOD, HEAD, TABLE, USELESS, plan_at
from tests.worlds import small


@pytest.fixture
def calls(monkeypatch):
    """Plant the problem in the place of the model; return the list of runs that were computed."""
    made = []

    def simulate(scenario, replicate):
        made.append((scenario.fingerprint(), replicate))
        return planted.simulate(scenario, replicate)

    monkeypatch.setattr(model, "simulate", simulate)
    monkeypatch.setattr(model, "warm_up", lambda scenario: None)
    monkeypatch.setattr(sys, "argv", ["run.py", "optimise"])
    return made


def loket(*arguments):
    outcome = CliRunner().invoke(run.app, list(map(str, arguments)))
    return outcome.exit_code, outcome.output


def optimise(plan, out, *more):
    return loket("optimise", plan, "--out", out, "--workers", 1, *more)


def answered(plan, out):
    """Return the tables of the front and of the generations, without drawing."""
    _, found, judged = answer(question_of(read_plan(plan)), out, Options())
    return front_table(judged), pandas.DataFrame(found.history)


def test_the_planted_front_is_found(calls, tmp_path):
    """The true front is y = 1 - sqrt(x), its hypervolume below (1, 1) is 2/3."""
    found, history = answered(plan_at(tmp_path, population=24, generations=12), tmp_path / "r")
    policies = found[(found["point"] > 0) & found["unbeaten"]]
    assert (policies[f"{GOOD}.start"] == "2010-07").mean() > 0.8 and (policies[f"{GOOD}.where"] == "Core").mean() > 0.8
    assert policies[f"{USELESS[0]}.percent"].median() <= 1 and policies[f"{USELESS[1]}.percent"].median() <= 1
    changes = policies[["wait_days.change", "skill_gap.change"]].to_numpy()  # doing nothing is the end (0, 1) of the front
    away = changes[:, 1] + np.sqrt(changes[:, 0].clip(min=0.0))
    assert np.median(np.abs(away)) < 0.05
    assert 0.85 * 2 / 3 < hypervolume(changes + [0.0, 1.0], [1.0, 1.0]) < 2 / 3 + 0.02
    assert (history["hypervolume"].diff().dropna() >= -1e-12).all()
    assert history["hypervolume"].iloc[-1] > history["hypervolume"].iloc[0]


@pytest.mark.parametrize("algorithm", ["nsga2", "nsga3"])
def test_a_search_that_is_stopped_continues_to_the_same_bits(calls, tmp_path, monkeypatch, algorithm):
    table = TABLE.replace("[optimise]", f'[optimise]\nalgorithm = "{algorithm}"', 1)
    plan = plan_at(tmp_path, population=8, generations=4, table=table)
    expected = answered(plan, tmp_path / "whole")
    whole, simulate = len(calls), model.simulate
    calls.clear()

    def stopping(scenario, replicate):
        if len(calls) in (9, 40):
            calls.append("stop")
            raise KeyboardInterrupt
        return simulate(scenario, replicate)

    monkeypatch.setattr(model, "simulate", stopping)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            answered(plan, tmp_path / "stopped")
    for one, other in zip(expected, answered(plan, tmp_path / "stopped"), strict=True):
        assert one.to_csv() == other.to_csv()
    assert Result.open(tmp_path / "whole").hash == Result.open(tmp_path / "stopped").hash
    assert (tmp_path / "whole/points.parquet").read_bytes() == (tmp_path / "stopped/points.parquet").read_bytes()
    done = [call for call in calls if call != "stop"]
    assert len(set(done)) == whole and len(done) <= whole + 2  # nothing that is stored is computed again


def test_the_folder_is_whole_and_every_point_was_seen_under_fresh_seeds(calls, tmp_path):
    code, output = optimise(plan_at(tmp_path, population=8, generations=2), tmp_path / "r")
    assert code == 0 and "The knee of the front is" in output and "not prediction" in output
    assert loket("verify", tmp_path / "r")[0] == 0
    result, shown = Result.open(tmp_path / "r"), pandas.read_csv(tmp_path / "r/tables/front.csv")
    assert (shown["n"] == 6).all() and {"wait_days.low", "wait_days.change_low", "unbeaten_share"} <= set(shown)
    seen = result.design.groupby("point")["replicate"].agg(set)
    assert all({0, 1} <= seeds for seeds in seen)
    assert all(seen[point] == set(range(8)) for point in shown["point"])
    assert (result.points[[f"{name}.spend" for name in (GOOD, *USELESS)]].sum(axis=1) <= BUDGET).all()
    assert (result.design["planned_cost"] <= BUDGET * (1 + 1e-9)).all()
    page = (tmp_path / "r" / "report.html").read_text()
    assert page.index("were tried in") < page.index("<figure>") and "prediction" in page
    assert {path.stem for path in (tmp_path / "r" / "figures").glob("*.png")} == {"front", "allocation", "hypervolume"}
    code, output = loket("figures", tmp_path / "r")
    assert code == 2 and "run.py optimise" in output
    run_id = result.design[result.design["point"] == 3]["run_id"].iloc[0]
    assert "all bits the same" in loket("replay", tmp_path / "r", run_id)[1]


def test_one_seed_is_never_enough(calls, tmp_path):
    refused = [
        optimise(plan_at(tmp_path, head=HEAD.replace("replicates = 2", "replicates = 1")), tmp_path / "r"),
        optimise(plan_at(tmp_path), tmp_path / "r", "--replicates", 1),
        optimise(plan_at(tmp_path, table=TABLE.replace("fresh = 6", "fresh = 1")), tmp_path / "r"),
    ]
    assert [code for code, _ in refused] == [2, 2, 2] and not (tmp_path / "r").exists()
    assert "lucky" in refused[0][1]
    values = np.zeros((2, 1, 2))
    with pytest.raises(ValueError, match="one seed"):
        judge([None, None], list(planted.GOALS), values, values[:, 0], 0)


def test_a_run_that_fails_ends_the_search_and_is_named(calls, tmp_path, monkeypatch):
    simulate = model.simulate

    def fragile(scenario, replicate):
        if len(calls) == 21:
            calls.append("failed")
            raise ZeroDivisionError("planted")
        return simulate(scenario, replicate)

    monkeypatch.setattr(model, "simulate", fragile)
    plan = plan_at(tmp_path, population=8, generations=2)
    code, output = optimise(plan, tmp_path / "r")
    assert code == 3 and "planted" in output and not (tmp_path / "r" / "tables").exists()
    assert len(answered(plan, tmp_path / "r")[1]) == 2  # it comes through now: the same command continues


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("budget = 1000\n", "", "missing"),
        ("budget = 1000", 'budget = "much"', "not a number"),
        ('"skill_gap"]', '"skil_gap"]', "did you mean 'skill_gap'"),
        ('goals = ["wait_days", "skill_gap"]', 'goals = ["wait_days"]', "too few"),
        ('"skill_gap"]', '"cases_arrived"]', "with a direction"),
        ("population", "poplation", "did you mean 'population'"),
        ("[optimise]", '[optimise]\nalgorithm = "nsga4"', "did you mean 'nsga"),
        (f"levers.{GOOD}]", "levers.assistance_coverag]", f"did you mean '{GOOD}'"),
        (f"levers.{GOOD}]", "levers.need_rate]", "levers with a price"),
        (f"levers.{GOOD}]\n", f"levers.{GOOD}]\nmost = 0\n", "1..100"),
        (f"levers.{GOOD}]\n", f'levers.{GOOD}]\nend = "2010-09"\n', "not after every start"),
        ('"2010-07"', '"2010-13"', "not a month"),
        ('"2010-07"', '"2014-01"', "outside the run"),
        ('"Core"]', '"Cor"]', "did you mean 'Core'"),
        ("budget = 1000", "budget = 0", "outside its range"),
    ],
)
def test_bad_plans_are_refused_with_the_key(tmp_path, old, new, words):
    assert old in TABLE
    code, output = optimise(plan_at(tmp_path, table=TABLE.replace(old, new, 1)), tmp_path / "r")
    assert code == 2 and words in output and "plan.toml" in output and not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    "more", ['[design]\nmethod = "replicates"', "[factors.need_rate]", '[sensitivity]\nmethod = "morris"']
)
def test_a_search_stands_alone(tmp_path, more):
    with pytest.raises(InputError, match="optimise|given together"):
        read_plan(plan_at(tmp_path, more=more))


def test_sweep_and_check_know_what_to_do_with_it(tmp_path):
    plan = plan_at(tmp_path)
    assert loket("check", plan)[0] == 0
    code, output = loket("sweep", plan, "--out", tmp_path / "r")
    assert code == 2 and "run.py optimise" in output and not (tmp_path / "r").exists()
    code, output = optimise("leadership-by-skills", tmp_path / "r")
    assert code == 2 and "a table [optimise]" in output


def test_the_folder_is_named_after_the_plan():
    assert [folder_of(name).as_posix() for name in ("optimise-small", "mine")] == [
        "results/optimise-small",
        "results/optimise-mine",
    ]


@pytest.mark.parametrize("plan", sorted(path.stem for path in PLANS.glob("optimise-*.toml")))
def test_bundled_plans_are_sound(plan):
    question = question_of(read_plan(PLANS / f"{plan}.toml"))
    assert json.dumps(question.options) and question.replicates >= 2


def lever(name, **more):
    return {"name": name, "parameter": name, "start": ["2010-01"], "end": None, "where": ["everywhere"], "most": 100,
            "ramp": 0, **more}  # fmt: skip


def test_shares_beyond_the_budget_are_scaled_down_and_others_left():
    levers = [lever(GOOD), lever(USELESS[0])]
    expected = {(30, 50): [30, 50], (100, 100): [50, 50], (90, 30): [75, 25], (-20, 40): [0, 40]}
    for (one, two), percents in expected.items():
        parts = parts_of(levers, {f"{GOOD}.share": one, f"{USELESS[0]}.share": two})
        assert [part.percent for part in parts] == percents


@pytest.mark.parametrize("name", [GOOD, "form_difficulty", "training_rate"])
@pytest.mark.parametrize("where", ["everywhere", "remote"])
def test_money_that_a_lever_cannot_take_is_left(name, where):
    """The model itself says how much room there is; a lever moved to its end stops just there."""
    scenario, place = small(), Place(None, "levers")
    parts = parts_of([lever(name, where=[where], ramp=6)], {f"{name}.share": 100})
    overlays, spent = afford(scenario, parts, 1e8, place)
    assert 0.0 < spent[0].spend < 1e8
    scenario.with_policy(policy_of("whole", overlays))
    with pytest.raises(InputError) as caught:
        scenario.with_policy(policy_of("more", [overlay_of(scenario, parts[0], spent[0].spend * 1.001, place)]))
    most = float(caught.value.allowed.split()[2])
    assert spent[0].spend == pytest.approx(most, rel=1e-4)
