"""Who may draw and seal a result, and which report is named as its own."""

import pytest

from experiments.command_line import commands
from experiments.comparison.tables import write_tables
from experiments.report import write_report
from experiments.running import runner
from experiments.storage.publish import LOCK
from experiments.storage.stamp import stamp_of
from experiments.storage.store import STAMP
from tests import fake_model
from tests.synthetic_result import WORTH, SyntheticResult


@pytest.fixture
def drawn(monkeypatch):
    """Draw nothing but a page and a stamp; return whether the folder was held each time."""
    held = []

    def draw(result, language):
        held.append((result.folder / LOCK).is_file())
        (result.folder / "report.html").write_text("")
        (result.folder / STAMP).write_text(stamp_of(result, language))

    monkeypatch.setattr(commands, "draw", draw)
    return held


def test_a_comparison_is_drawn_and_sealed_by_the_holder_of_the_folder(quick, drawn, tmp_path, monkeypatch):
    from experiments.storage import seal

    sealed = []
    monkeypatch.setattr(seal, "write_seal", lambda result: sealed.append((result.folder / LOCK).is_file()))
    result = runner.run(fake_model.scenarios(), 2, tmp_path)
    assert commands.finish(result, "en", fewest=2) and commands.finish(result, "en", fewest=2)
    assert drawn == [True] and sealed == [True, True] and not (tmp_path / LOCK).exists()


def test_a_report_of_earlier_numbers_is_not_named(quick, drawn, tmp_path, capsys):
    result = runner.run(fake_model.scenarios(), 2, tmp_path)
    commands.finish(result, "id", fewest=2)
    commands.conclude(result)
    assert f"report: {tmp_path / 'report.html'}" in capsys.readouterr().out
    larger = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert not commands.finish(larger, "id", fewest=4)
    commands.conclude(larger)
    said = capsys.readouterr()
    assert "report:" not in said.out and "report.html shows an earlier state" in said.err


def test_tables_of_an_earlier_and_larger_comparison_are_not_listed_and_stay(tmp_path, capsys):
    three, two = ({name: WORTH[name] for name in names} for names in (("baseline", "best", "slow"), ("baseline", "best")))
    for worth in (three, two):
        result = SyntheticResult(tmp_path, worth=worth, scenario_file="small.toml")
        page = write_report(result, write_tables(result)).read_text(encoding="utf-8")
        assert ('href="tables/pairwise.csv"' in page) == (worth is three)  # one policy has no other to differ from
        assert 'href="tables/effects.csv"' in page and 'href="tables/effects.tex"' in page
    assert (tmp_path / "tables" / "pairwise.csv").is_file()
    said = capsys.readouterr().err
    assert said.count("note: ") == 1 and "not of this result, and not in its report: pairwise.csv" in said
