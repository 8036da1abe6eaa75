"""Sizes of a target's errors from other countries: planted sizes are found, windows cut as stated, bad tables refused."""

import re

import numpy as np
import pytest
from typer.testing import CliRunner

import run
from experiments.calibration import errors
from experiments.calibration.panel import FEWEST, Window, cut_to, estimate, of_one_survey, read_panel
from experiments.calibration.targets import read_target, transform
from model.errors import InputError

HEAD = "country,iso3,year,indicator,value\n"
WINDOW = ("--points", 8, "--last", 2012)


SURVEYS = {1995: 0.5, 2000: -0.7, 2004: 0.4}


def planted(folder, countries=60, drift_sd=0.4, drift_years=3.0, measurement_sd=0.15, years=range(1995, 2013), surveys=()):
    """Write a table of countries with trends of their own, drift and errors of known sizes; return its path.

    surveys : year -> what every country has in that year beside.
    """
    generator, years = np.random.default_rng(7), np.array(years, float)
    apart = np.abs(np.subtract.outer(years, years))
    spread = drift_sd**2 * np.exp(-apart / drift_years) + measurement_sd**2 * np.eye(len(years))
    rows = []
    for number in range(countries):
        line = generator.normal(-1.0, 1.0) + generator.normal(0.1, 0.1) * (years - years[0])
        line += [dict(surveys).get(int(year), 0.0) for year in years]
        logits = line + generator.multivariate_normal(np.zeros(len(years)), spread)
        shares = 100.0 / (1.0 + np.exp(-logits))
        rows += [f"Land {number},L{number:03d},{int(y)},online,{v}\n" for y, v in zip(years, shares, strict=True)]
    path = folder / "panel.csv"
    path.write_text(HEAD + "".join(rows))
    return path


def loket(*arguments):
    outcome = CliRunner().invoke(run.app, list(map(str, arguments)))
    return outcome.exit_code, outcome.output


def logit(values):
    return transform("logit", values)


def test_planted_sizes_are_found_and_lie_in_their_intervals(tmp_path):
    panel = read_panel(planted(tmp_path, countries=150), "online", 0.01, Window(18, 2012))
    found = estimate(panel, logit, resamples=40)
    for name, true in (("drift_sd", 0.4), ("drift_years", 3.0), ("measurement_sd", 0.15), ("trend_sd", 0.1)):
        assert found.low[name] <= true <= found.high[name]
        assert found.value[name] == pytest.approx(true, rel=0.4) and not found.at_bound(name)
    assert found.yearly_step == pytest.approx(0.4 * np.sqrt(2 * (1 - np.exp(-1 / 3))), rel=0.15)


def test_levels_and_a_common_trend_do_not_count_as_error(tmp_path):
    panel = read_panel(planted(tmp_path), "online", 0.01, Window(18, 2012))
    found = estimate(panel, logit, resamples=2)
    moved = {iso3: (years, 1 / (1 + np.exp(-(logit(values) + place % 5 - 2 - 0.1 * (years - 2000)))))
             for place, (iso3, (years, values)) in enumerate(panel.items())}  # fmt: skip
    again = estimate(moved, logit, resamples=2)
    assert list(again.value.values()) == pytest.approx(list(found.value.values()), rel=0.02)


def test_what_surveys_do_to_all_is_found_and_does_not_count_as_drift(tmp_path):
    whole = read_panel(planted(tmp_path, surveys=SURVEYS.items()), "online", 0.01, Window(18, 2012))
    plain = read_panel(planted(tmp_path), "online", 0.01, Window(18, 2012))
    found, mixed, without = (
        estimate(*known, resamples=2) for known in ((whole, logit, True), (whole, logit), (plain, logit, True))
    )
    assert list(found.value.values()) == pytest.approx(list(without.value.values()), rel=0.01)
    assert mixed.value["drift_sd"] > found.value["drift_sd"]
    years = np.arange(1995, 2013)
    shift = np.array([SURVEYS.get(year, 0.0) for year in years])
    shift -= np.polyval(np.polyfit(years, shift, 1), years)
    assert [found.survey_shift[year] for year in years] == pytest.approx(shift, abs=0.25)
    assert found.survey_sd == pytest.approx(shift.std(ddof=2), rel=0.2)


def test_a_country_that_missed_a_survey_is_left_out(tmp_path):
    path = planted(tmp_path, countries=20)
    kept = [line for line in path.read_text().splitlines() if not line.startswith("Land 3,L003,2004")]
    path.write_text("\n".join(kept) + "\n")
    panel = read_panel(path, "online", 0.01, Window(17, 2012))
    found = of_one_survey(path, panel)
    assert len(found) == 19 and "L003" not in found
    apart = {iso3: (years + place, values) for place, (iso3, (years, values)) in enumerate(panel.items())}
    with pytest.raises(InputError, match="too few countries with the same years"):
        of_one_survey(path, apart)


def test_the_step_of_a_random_walk_is_found_and_an_error_that_is_not_there_said_to_be_at_its_bound(tmp_path):
    generator, rows = np.random.default_rng(3), []
    for number in range(40):
        walk = np.cumsum(generator.normal(0.1, 0.2, 18)) - 2
        rows += [f"A,L{number:03d},{1995 + y},online,{100 / (1 + np.exp(-v))}\n" for y, v in enumerate(walk)]
    (tmp_path / "walk.csv").write_text(HEAD + "".join(rows))
    code, output = loket("target-errors", tmp_path / "walk.csv", "online", "--points", 18, "--last", 2012, "--factor", 0.01)
    assert code == 0 and re.search("measurement_sd = .*at the end of the range searched", output)
    step = float(output.rsplit("drift changes by ", 1)[1].split()[0])
    assert step == pytest.approx(0.2, rel=0.1)


def test_the_window_is_cut_as_stated():
    shares = {2000: 0.01, 2001: 0.03, 2002: 0.02, 2003: 0.05, 2004: 0.06, 2005: 0.2}
    known = {year: (None, share) for year, share in shares.items()}
    years, values = cut_to(known, Window(3, 2004, start_at=0.02))
    assert list(years) == [2001, 2002, 2003] and list(values) == [0.03, 0.02, 0.05]
    assert cut_to(known, Window(5, 2004, start_at=0.02)) is None
    assert cut_to(known, Window(6, 2005, highest=0.1)) is None


def test_what_the_command_prints_can_stand_in_a_target(tmp_path):
    path = planted(tmp_path)
    code, output = loket("target-errors", path, "online", *WINDOW, "--factor", 0.01, "--without", "L000, L001")
    assert code == 0 and output.startswith("# 58 countries, 8 points each")
    head = 'schema = 1\nkind = "target"\nname = "mine"\nindicator = "online"\nsource = "own"\nobservable = "access_share"\n'
    (tmp_path / "mine.toml").write_text(head + output + "[values]\n2010 = 0.1\n2011 = 0.2\n")
    made = read_target(tmp_path / "mine.toml")
    assert made.drift_sd > 0.1 and made.trend_sd > 0.0 and errors.covariance(made, [2010, 2011])[0, 1] > 0.0
    code, output = loket("target-errors", path, "online", *WINDOW, "--factor", 0.01, "--surveys")
    (tmp_path / "mine.toml").write_text(head + output + "[values]\n2010 = 0.1\n2011 = 0.2\n")
    made = read_target(tmp_path / "mine.toml")
    assert made.survey_sd > 0.0 and sorted(made.survey_shift) == list(range(1995, 2003))
    assert made.known_shift([2002, 2013]) == pytest.approx([made.survey_shift[2002], 0.0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing", *WINDOW), ("indicator", "nothing", "online")),
        (("online", "--points", 30, "--last", 2012, "--factor", 0.01), ("too few countries", str(FEWEST))),
        (("online", *WINDOW), ("not a share", "value x factor in 0..1")),
        (("online", *WINDOW, "--factor", 0.01, "--within", "0.9:0.1"), ("--within", "0.9:0.1", "LOW:HIGH")),
        (("online", *WINDOW, "--factor", 0.01, "--transformation", "logits"), ("logits", "logit, log, identity")),
        (("online", *WINDOW, "--factor", 0.01, "--without", "L000,l001"), ("--without", "l001", "did you mean 'L001'")),
        (("online", *WINDOW, "--factor", 0), ("--factor", "given '0'", "number above 0")),
        (("online", *WINDOW, "--factor", "nan"), ("--factor", "given 'nan'", "number above 0")),
    ],
)
def test_mistakes_are_told(tmp_path, arguments, words):
    code, output = loket("target-errors", planted(tmp_path), *arguments)
    assert code == 2 and all(word in output for word in words)


def test_provinces_are_not_read_and_a_second_value_is_refused(tmp_path):
    path = planted(tmp_path)
    plain = read_panel(path, "online", 0.01, Window(8, 2012))
    path.write_text(path.read_text() + "Land 1: North,L001,2000,online,50\n")
    again = read_panel(path, "online", 0.01, Window(8, 2012))
    assert all(np.array_equal(again[iso3][1], values) for iso3, (_, values) in plain.items())
    path.write_text(path.read_text() + "Land 1,L001,2000,online,50\n")
    with pytest.raises(InputError, match="a second value"):
        read_panel(path, "online", 0.01, Window(8, 2012))


def test_a_table_without_the_columns_is_refused(tmp_path):
    (tmp_path / "bad.csv").write_text("iso3,year\nA,2000\n")
    with pytest.raises(InputError, match="missing columns"):
        read_panel(tmp_path / "bad.csv", "online", 1.0, Window(4, 2012))
