"""Who may draw and seal a result, and which report is named as its own."""

import pytest

from experiments import commands, runner
from experiments.publish import LOCK
from experiments.stamp import stamp_of
from experiments.store import STAMP
from tests import fake_model


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
    from experiments import seal

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
