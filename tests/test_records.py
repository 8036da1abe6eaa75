"""From records to tables: one hash however it is taken, every row in its place, empty cells apart from numbers."""

import numpy as np
import pandas
import pyarrow as pa

from experiments import outcomes
from experiments.outcomes import joined, read_outcomes, write_outcomes
from experiments.running.runner import Options
from experiments.storage.records import columns_of, part_tables, record_hash
from experiments.storage.tables import identical, run_hash, table_digest
from experiments.storage.verify import runs_of
from experiments.sweep import sweep
from tests import fake_model
from tests.plan_makers import make_study


def records():
    """Return two runs of different length."""
    return {months: fake_model.simulate(fake_model.scenarios(months)[0], 3) for months in (14, 30)}


def test_keys_that_are_known_do_not_change_the_hash():
    short, long = (columns_of(record) for record in records().values())
    assert [record_hash(record) for record in records().values()] == [run_hash(short), run_hash(long)]
    changed = {**short, "flows": {**short["flows"], "share": short["flows"]["share"] + 1e-12}}
    assert run_hash(changed) != run_hash(short)


def test_a_part_holds_runs_of_different_length():
    made = records()
    tables = part_tables({f"{months:016x}": record for months, record in made.items()}, {"seed": 1})
    found = dict(runs_of(tables))
    assert {int(run_id, 16): run_hash(columns) for run_id, columns in found.items()} == {
        months: record_hash(record) for months, record in made.items()
    }
    assert tables["series"].column_names[:2] == ["run_id", "month"] and tables["series"].num_rows == 15 + 31


def test_empty_cells_are_neither_zero_nor_nan():
    tables = [pa.table({"x": pa.array([1.0, value])}) for value in (None, 0.0, float("nan"), -0.0)]
    assert len({table_digest(table) for table in tables}) == 4
    assert not any(identical(one, other) for one in tables for other in tables if one is not other)
    assert identical(tables[2], pa.table({"x": pa.array([1.0, np.nan])}))


def test_outcomes_are_the_same_whatever_is_held_at_a_time(quick, tmp_path, monkeypatch):
    result = sweep(make_study(tmp_path), tmp_path / "r", Options())
    whole = joined(result)
    monkeypatch.setattr(outcomes, "BLOCK", 5)
    assert write_outcomes(result) == 18
    pandas.testing.assert_frame_equal(read_outcomes(result), whole, check_dtype=False)
    some = joined(result, ["wait_days"])
    assert "use_share" not in some and some["wait_days"].tolist() == whole["wait_days"].tolist()
