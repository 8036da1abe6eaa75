"""The benchmark measures what it says: a world with every mechanism on, held against the limit."""

from dataclasses import replace

from experiments import benchmark
from experiments.command_line.commands import load
from model.registry import load_mechanisms


def test_every_mechanism_is_on_in_the_measured_world():
    assert benchmark.idle_mechanisms(benchmark.sized(load("indonesia"), 10_000, 24)) == []


def test_mechanisms_switched_off_are_told():
    names = sorted(load_mechanisms())[:3]
    off = replace(benchmark.sized(load("small"), 1_000, 2), switched_off=tuple(names))
    assert sorted(benchmark.idle_mechanisms(off)) == names


def test_the_limit_is_kept_or_missed():
    assert [benchmark.verdict(nanoseconds) for nanoseconds in (119.9, 120.0, 120.1)] == ["within", "within", "MISSED"]
