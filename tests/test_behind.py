"""Who is left behind: every gap is judged, only the largest clear changes are named, and what is left out is counted."""

import pytest

from experiments.planner.behind import changed_gaps, few, gaps, harm_in_short, who_is_left_behind
from experiments.planner.evidence import Evidence
from experiments.texts import LANGUAGES, say, speaking
from tests.synthetic_result import WORTH, SyntheticResult, lifted

NO_BEST = {"baseline": {}, "little": {}, "nothing": {}}
TEN = ["baseline", *(f"policy{number}" for number in range(10))]


def lift(result, policy, group, size):
    """Change the digital use of a group, (kind, name), under one policy of a result."""
    mine = result.groups["run_id"].str.startswith(f"{policy}-") & (result.groups["kind"] == group[0])
    result.groups.loc[mine & (result.groups["name"] == group[1]), "use_share"] += size


@pytest.mark.parametrize(
    ("worth", "begin"), [(NO_BEST, "Gaps in digital use clearly"), (WORTH, "Among the other policies gaps clearly")]
)
def test_gaps_with_a_verdict_are_named_whether_or_not_a_policy_is_best(tmp_path, worth, begin):
    result = lifted(tmp_path, "little", ("skill", "high"), 0.05, worth=worth)
    lift(result, "nothing", ("setting", "rural"), 0.05)
    said = who_is_left_behind(Evidence(result))
    named = "widen most under Little & more (by skill); narrow most under Nothing & more (between town and country)."
    assert f"{begin} {named}" in said
    assert say("behind.not_narrowed") in said and say("behind.unchanged") not in said


def test_only_the_largest_change_of_a_gap_is_named_and_the_others_are_counted(tmp_path):
    result = SyntheticResult(tmp_path, worth=dict.fromkeys(TEN, {}))
    for place, policy in enumerate(TEN[1:]):
        lift(result, policy, ("skill", "high"), 0.05 + 0.01 * place)
    widened, left_out, not_narrowed = changed_gaps(Evidence(result))
    assert widened == "Gaps in digital use clearly widen most under Policy9 & more (by skill)."
    assert " points: 9;" in left_out and say("table.gaps.title") in left_out
    assert not_narrowed == say("behind.not_narrowed")


def test_the_best_policy_is_not_among_the_others(tmp_path):
    result = lifted(tmp_path, "best", ("skill", "high"), 0.05, worth={"baseline": {}, "best": WORTH["best"], "little": {}})
    said = changed_gaps(Evidence(result))
    assert said == [say("behind.not_narrowed")]  # what the best does stands before, with numbers


def test_a_small_change_is_counted_and_not_named_and_the_gap_by_skill_is_not_said_to_stay(tmp_path):
    evidence = Evidence(SyntheticResult(tmp_path, worth=NO_BEST))
    evidence.gaps["verdict"] = "unclear"
    evidence.gaps.loc[("skill", "little"), ["verdict", "mean_difference"]] = ["narrows", -0.0009]
    left_out, little = changed_gaps(evidence)
    assert "below 0.1 percentage points: 1;" in left_out
    assert little == "The gap by skill clearly narrows only a little, by less than 0.1 percentage points (Little & more)."


def test_all_gaps_are_a_number_and_their_changes_follow(tmp_path):
    evidence = Evidence(lifted(tmp_path, "best", ("skill", "high"), 0.0, scenario_file="small.toml"))
    evidence.gaps["verdict"] = "widens"
    every = evidence.gaps.index.get_level_values("kind").nunique()
    first, numbers, _ = gaps(evidence)
    assert first == f"Under Best & more, gaps in digital use widen by all {every} measures."
    assert numbers.count("percentage") == 1 and numbers.count(" to ") == every


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_policies_with_harm_are_not_all_named(tmp_path, language):
    harm = {policy: {"dropped_share": 0.05 if policy != "baseline" else 0.0} for policy in TEN}
    with speaking(language):
        said = harm_in_short(Evidence(SyntheticResult(tmp_path, worth=harm)))
        assert say("behind.others", count=7) in said and said.count("& more") == 3 and "10" in said


def test_four_are_named_in_full():
    assert few(list("abcd")) == "a, b, c and d" and few(list("abcde")) == "a, b, c and 2 others"
