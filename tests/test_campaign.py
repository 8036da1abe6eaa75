"""The campaign's own bookkeeping: portions add up, none counts twice, and a fault is never averaged away."""

import json

import pytest

from benchmarks import campaign


def portion(seed, n=50, bad=(), part="kills"):
    return {"part": part, "seed": seed, "n": n, "bad": list(bad)}


def test_portions_add_up():
    found = campaign.total([portion(1), portion(2, 150)])
    assert found["n"] == 200 and found["portions"] == 2 and found["bound_95"] == pytest.approx(0.0149, abs=1e-4)
    assert "bound_95" not in campaign.total([portion(1), portion(2, bad=["a run lost"])])


def test_a_portion_is_not_counted_twice(tmp_path, monkeypatch, capsys):
    path = tmp_path / "portions.jsonl"
    path.write_text(json.dumps(portion(7)) + "\n")
    monkeypatch.setattr(campaign, "PARTS", {"kills": lambda folder, extent: {"n": extent.of(200), "bad": []}})
    monkeypatch.setattr("sys.argv", ["campaign", "kills", "--seed", "7", "--record", str(path)])
    with pytest.raises(SystemExit) as refused:
        campaign.main()
    assert refused.value.code == 2 and "choose another" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["campaign", "kills", "--seed", "8", "--scale", "0.5", "--record", str(path)])
    with pytest.raises(SystemExit) as done:
        campaign.main()
    assert done.value.code == 0 and json.loads(capsys.readouterr().out.splitlines()[-1])["n"] == 150
