"""Fronts as arithmetic: against brute force, known volumes and a planted bend."""

import itertools

import numpy as np
import pytest

from experiments.fronts import hypervolume, knee, nondominated, scaled, spread_out


def cloud(points, goals, seed=0):
    return np.round(np.random.default_rng(seed).random((points, goals)), 1)  # rounded, so that there are ties


@pytest.mark.parametrize("goals", [2, 3, 5])
def test_nondominated_is_what_its_definition_says(goals):
    losses = cloud(60, goals)
    beaten = [any((other <= one).all() and (other < one).any() for other in losses) for one in losses]
    assert nondominated(losses).tolist() == [not one for one in beaten]


@pytest.mark.parametrize("goals", [2, 3, 4])
def test_hypervolume_is_that_of_the_boxes(goals):
    """Coordinates are tenths, so the unit cells of a grid of tenths can be counted."""
    losses = cloud(15, goals)
    corners = np.array(list(itertools.product(np.arange(0.0, 1.0, 0.1), repeat=goals)))
    covered = (corners[:, None] >= losses[None] - 1e-9).all(axis=2).any(axis=1).sum()
    assert hypervolume(losses, np.ones(goals)) == pytest.approx(covered * 0.1**goals)


def test_hypervolume_of_known_fronts():
    assert hypervolume([[0.0, 0.0, 0.0]], [1.0, 2.0, 3.0]) == pytest.approx(6.0)
    assert hypervolume([[1.0, 0.5]], [1.0, 1.0]) == 0.0
    corner = np.eye(3)
    assert hypervolume(corner, [2.0, 2.0, 2.0]) == pytest.approx(7.0)  # all of the cube but one unit corner


def test_hypervolume_never_falls_when_a_point_is_added_and_ignores_beaten_ones():
    losses = cloud(40, 3, seed=3)
    volumes = [hypervolume(losses[:count], np.ones(3)) for count in range(1, 41)]
    assert all(np.diff(volumes) >= -1e-12)
    assert volumes[-1] == pytest.approx(hypervolume(losses[nondominated(losses)], np.ones(3)))


def test_the_knee_is_where_a_front_bends():
    left = np.column_stack([np.linspace(0.0, 0.2, 9), np.linspace(1.0, 0.1, 9)])
    right = np.column_stack([np.linspace(0.3, 1.0, 9), np.linspace(0.09, 0.0, 9)])
    front = np.concatenate([left, right])
    assert knee(front) == 8
    assert knee(front * [1000.0, 0.001] + [7.0, -3.0]) == 8  # units do not matter


def test_the_best_of_one_goal_alone_is_no_knee():
    """Three goals, of which doing nothing has the best of two: in the third it is as far from the ideal as can be."""
    front = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.4, 0.3, 0.3]])
    assert knee(front) == 2


def test_spread_out_keeps_the_best_of_every_goal_and_the_knee():
    losses = np.random.default_rng(1).random((50, 3))
    chosen = spread_out(losses, 10)
    assert len(chosen) == len(set(chosen)) == 10 and chosen == sorted(chosen)
    assert {*losses.argmin(axis=0).tolist(), knee(losses)} <= set(chosen)
    assert spread_out(losses[:4], 10) == [0, 1, 2, 3]


def test_a_goal_that_does_not_vary_weighs_nothing():
    assert scaled([[1.0, 5.0], [3.0, 5.0]]).tolist() == [[0.0, 0.0], [1.0, 0.0]]
