"""`run.py discover` from a plan to its page: the same futures for every policy, complete, resumable, refused where due."""

import re

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import run
from experiments.storage.store import Result
from model import load_observables
from tests import fake_model

USE = list(load_observables()).index("use_share")
HEAD = 'schema = 1\nkind = "plan"\nname = "test"\nscenario = "small"\npolicies = ["train.toml"]\n'
SETTINGS = "[settings]\nmonths = 2\ncitizens_per_office = 8\nservants_per_office = 2\n"
UNCERTAIN = ["need_rate", "citizen_threshold", "relapse_months", "quality_decay", "culture_mean", "mechanisms.participation"]
SMALL = f"uncertainties = {UNCERTAIN}\nfutures = 32\nresamples = 20"
GOAL = "[discover.goals.use_share]\nat_least = 0.5\n"
POLICY = 'schema = 1\nkind = "policy"\nname = "train"\n[[overlays]]\nparameter = "training_rate"\nstart = 1\nspend = 0.5\n'


def plan_at(
    folder, table=f"uncertainties = {UNCERTAIN}\nfutures = 192\nresamples = 20\nseed = 3", goals=GOAL, head=HEAD, more=""
):
    (folder / "train.toml").write_text(POLICY)
    path = folder / "plan.toml"
    path.write_text(f"{head}{SETTINGS}[discover]\n{table}\n{goals}\n{more}".replace("'", '"'))
    return path


def loket(*arguments):
    outcome = CliRunner().invoke(run.app, list(map(str, arguments)))
    return outcome.exit_code, outcome.output


def is_planted(scenario):
    """Say whether the policy fails: high thresholds together with quick decay."""
    p = scenario.parameters
    return scenario.policy != "baseline" and p["citizen_threshold"] > 0.0 and p["quality_decay"] > 0.04


@pytest.fixture
def model_with_a_box(monkeypatch):
    """Replace the model by one in which use is high but for a planted box; chance moves one run in twenty."""
    import model

    calls = []

    def simulate(scenario, replicate):
        calls.append((scenario.policy, replicate))
        record = fake_model.simulate(fake_model.replace(scenario, policy="baseline"), replicate)
        chance = np.random.default_rng([scenario.seed, replicate, 1]).random() < 0.05
        record.series[:, USE] = 0.2 if is_planted(scenario) != chance else 0.8
        return record

    monkeypatch.setattr(model, "simulate", simulate)
    monkeypatch.setattr(model, "warm_up", lambda scenario: None)
    return calls


def test_the_planted_box_is_recovered_through_the_command(model_with_a_box, tmp_path):
    code, output = loket("discover", plan_at(tmp_path), "--out", tmp_path / "result", "--workers", 1)
    assert code == 0, output
    home = tmp_path / "result" / "discovery"
    boxes = pandas.read_csv(home / "tables" / "boxes.csv")
    mine = boxes[boxes["policy"] == "train"].set_index("factor")
    assert set(mine.index) == {"citizen_threshold", "quality_decay"} and mine["reproduced"].min() > 0.6
    assert abs(mine.loc["citizen_threshold", "low"]) < 0.25 and abs(mine.loc["quality_decay", "low"] - 0.04) < 0.006
    assert mine["density"].iloc[0] > 0.85 and mine["coverage"].iloc[0] > 0.6 and mine["chance_p"].iloc[0] < 0.05
    assert "train fails when" in output and "citizen_threshold" in output and "prediction" in output
    assert "6 uncertain parameters were varied together, 5 of them assumed" in re.sub(r"\s+", " ", output)
    page = (home / "report.html").read_text()
    assert page.index("Which policy is robust") < page.index("<figure>") and "box-train" in page
    for name in ("box-train", "pairs-train", "tree-train", "regret", "satisficing"):
        assert {path.suffix for path in (home / "figures").glob(f"{name}.*")} == {".pdf", ".svg", ".png", ".csv", ".txt"}
    assert loket("figures", tmp_path / "result", "--list")[1].split() == [
        "satisficing",
        "regret",
        "box-train",
        "pairs-train",
        "tree-train",
    ]
    assert loket("figures", "box-trian", "--from", tmp_path / "result")[0] == 2
    futures = pandas.read_csv(home / "tables" / "futures.csv")
    assert len(futures) == 384 and futures.groupby("point")["use_share_regret"].min().eq(0.0).all()


@pytest.fixture
def without_figures(monkeypatch):
    """Draw nothing: one test draws everything."""
    from experiments.figures import discovery

    monkeypatch.setattr(discovery, "catalogue", lambda found: {})


def test_every_policy_meets_the_same_futures_under_the_same_seeds(model_with_a_box, without_figures, tmp_path):
    plan = plan_at(tmp_path, SMALL)
    code, output = loket("discover", plan, "--out", tmp_path / "result", "--workers", 1, "--replicates", 2)
    assert code == 0 and "Single seeds disagree" in output
    design = Result.open(tmp_path / "result").design
    seeds = {policy: rows[["point", "replicate"]].to_numpy().tolist() for policy, rows in design.groupby("policy")}
    assert seeds["baseline"] == seeds["train"] and design["replicate"].nunique() == 64
    assert loket("verify", tmp_path / "result")[0] == 0
    assert loket("replay", tmp_path / "result", design["run_id"].iloc[-1])[0] == 0


def test_it_continues_grows_and_gives_the_same_again(model_with_a_box, without_figures, tmp_path):
    assert loket("sweep", plan_at(tmp_path, SMALL), "--out", tmp_path / "result", "--workers", 1)[0] == 0
    before = len(model_with_a_box)
    plan = plan_at(tmp_path, SMALL.replace("32", "64"))
    assert loket("discover", plan, "--out", tmp_path / "result", "--workers", 1)[0] == 0
    assert before == 64 and len(model_with_a_box) == 128
    answer = (tmp_path / "result" / "discovery" / "answer.txt").read_bytes()
    assert loket("discover", plan, "--out", tmp_path / "result", "--workers", 1)[0] == 0
    assert len(model_with_a_box) == 128 and (tmp_path / "result" / "discovery" / "answer.txt").read_bytes() == answer


def test_a_failed_run_is_refused_by_name_or_its_future_dropped(model_with_a_box, without_figures, tmp_path, monkeypatch):
    import model

    sound = model.simulate

    def simulate(scenario, replicate):
        if scenario.policy == "train" and replicate == 7:
            raise ZeroDivisionError("planted")
        return sound(scenario, replicate)

    plan = plan_at(tmp_path, SMALL)
    monkeypatch.setattr(model, "simulate", simulate)
    code, output = loket("discover", plan, "--out", tmp_path / "result", "--workers", 1)
    (failed,) = Result.open(tmp_path / "result").journal.failures
    assert code == 3 and f"run {failed}" in output and "choices" in output
    assert not (tmp_path / "result" / "discovery").exists()
    code, output = loket("discover", plan, "--out", tmp_path / "result", "--workers", 1, "--on-missing", "drop")
    assert code == 3 and "1 of 32 futures" in output and "left out for all policies" in output
    futures = pandas.read_csv(tmp_path / "result" / "discovery" / "tables" / "futures.csv")
    assert len(futures) == 62 and 7 not in set(futures["point"])


def test_goals_on_the_change_are_paired_with_the_baseline(model_with_a_box, without_figures, tmp_path):
    goals = '[discover.goals.use_share]\nat_least = -0.1\nof = "change"\n'
    code, output = loket("discover", plan_at(tmp_path, SMALL, goals), "--out", tmp_path / "result", "--workers", 1)
    futures = pandas.read_csv(tmp_path / "result" / "discovery" / "tables" / "futures.csv")
    assert code == 0 and set(futures[futures["policy"] == "baseline"]["use_share"]) == {0.0}
    assert set(futures[futures["policy"] == "train"]["use_share"].round(9)) <= {0.0, -0.6, 0.6}
    assert "fails or succeeds in too few futures" in output  # the baseline never falls behind itself


def test_money_moves_levers_alike_in_every_future(tmp_path):
    from experiments.plans.plan_file import read_plan
    from experiments.sweep import study_of

    study = study_of(read_plan(plan_at(tmp_path, "uncertainties = ['training_unit_cost']\nfutures = 20")))
    built = [variant.build() for variant in study.variants if variant.policy == "train"]
    assert len({scenario.overlays for scenario in built}) == 1 and built[0].overlays[0].amount > 0.0
    assert len({scenario.parameters["training_unit_cost"] for scenario in built}) == 20


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ({"table": "uncertainties = ['citzens']\nfutures = 64"}, "citizens"),
        ({"table": "futures = 64", "more": "[factors.training_rate]\n"}, "a lever is not uncertain"),
        ({"more": '[design]\nmethod = "sobol"\npoints = 8\n'}, "given together with discover"),
        ({"more": "[[constraints]]\n"}, "given together with discover"),
        ({"head": HEAD.replace('"train.toml"', '"trian.toml"')}, "no such policy"),
        ({"goals": "[discover.goals.use_share]\nat_leest = 0.5\n"}, "at_least"),
    ],
)
def test_bad_plans_are_refused_with_the_key_and_nothing_is_written(tmp_path, pieces, said):
    code, output = loket("discover", plan_at(tmp_path, **pieces), "--out", tmp_path / "result")
    assert code == 2 and said in output and "plan.toml" in output and not (tmp_path / "result").exists()


def test_a_policy_that_moves_what_is_uncertain_is_refused(tmp_path):
    plan = plan_at(tmp_path, "uncertainties = ['need_rate']\nfutures = 20")
    (tmp_path / "train.toml").write_text(POLICY.replace("training_rate", "need_rate").replace("spend = 0.5", "factor = 1.1"))
    code, output = loket("discover", plan, "--out", tmp_path / "result")
    assert code == 2 and "cannot be uncertain" in output and not (tmp_path / "result").exists()


def test_another_plan_is_no_discovery(tmp_path):
    code, output = loket("discover", "small-sobol", "--out", tmp_path / "result")
    assert code == 2 and "not a plan of a discovery" in output
