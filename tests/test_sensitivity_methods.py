"""Every method of sensitivity analysis where the answer is known, through the code that analyses the model."""

import warnings

import numpy as np
import pytest
from SALib.analyze import delta as salib_delta
from SALib.analyze import dgsm as salib_dgsm
from SALib.analyze import morris as salib_morris
from SALib.analyze import pawn as salib_pawn
from SALib.analyze import shapley as salib_shapley
from SALib.analyze import sobol as salib_sobol

from experiments.sensitivity import given, variance
from experiments.sensitivity.intervals import estimate
from experiments.sensitivity.layout import SEEDS
from experiments.sensitivity.settings import DEFAULT_SIZE, rounded
from experiments.sensitivity.study import STATISTICS, indices
from tests.known_functions import CASES, evaluate, ishigami, layout_of, linear

SMALL = {"sobol": 256, "fast": 129, "shapley": 512, "morris": 48, "morris-radial": 64, "dgsm": 128, "one-at-a-time": 6}
METHODS = list(DEFAULT_SIZE)


def analysed(method, function=linear, factors=5, noise=0.0, **options):
    layout = layout_of(method, factors, **{"size": SMALL.get(method, 512), **options})
    outputs = evaluate(layout, function, noise)
    return layout, outputs, estimate(STATISTICS[method], layout, outputs)


@pytest.mark.parametrize("case", CASES)
def test_sobol_indices_lie_in_their_intervals(case):
    function, factors, (first, total) = CASES[case]
    layout = layout_of("sobol", factors, size=1024, seed=5)
    found = estimate(variance.sobol, layout, evaluate(layout, function))
    for name, known in (("S1", first), ("ST", total)):
        value, half = found[name].value[:factors, 0], found[name].half_width[:factors, 0]
        # z = 5 over the t interval's 2.13: no index may be further off than chance can explain.
        assert (np.abs(value - known) <= 5.0 / 2.13 * half + 1e-9).all(), (name, value, known, half)
        assert (half < 0.15).all()


def test_sobol_agrees_with_salib_and_second_order_is_known():
    layout = layout_of("sobol", 3, size=256, second_order=True)
    outputs = evaluate(layout, ishigami)
    mine = variance.sobol(layout, outputs)
    theirs = outputs[:, [0, 2, 3, 4, 6, 7, 8, 1], 0]  # A, AB1..AB3, BA1..BA3, B; without the seed's column
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0.0, 1.0]] * 3}
    expected = salib_sobol.analyze(problem, theirs.ravel(), calc_second_order=True, num_resamples=2, seed=1)
    np.testing.assert_allclose(mine["ST"][:3, 0], expected["ST"], rtol=1e-9)
    pairs = mine["S2"][:, 0]
    np.testing.assert_allclose(pairs, np.asarray(expected["S2"])[np.triu_indices(3, 1)], atol=0.06)
    assert abs(pairs[1] - 0.2437) < 0.12  # x1 with x3, the only pair of Ishigami's function


@pytest.mark.parametrize("method", METHODS)
def test_every_method_ranks_a_linear_function(method):
    layout, _, found = analysed(method)
    main = next(iter(found.values())).value[:5, 0]
    assert np.argsort(main).tolist() == [0, 1, 2, 3, 4]
    assert layout.units[-2:] == ("seed", "dummy")


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_gets_its_share(method):
    layout, outputs, _ = analysed(method, noise=1.5, seeds_a_point=3)
    _, chance = indices(layout, outputs)
    spread = 2.25 / (3 if method in ("pawn", "delta", "rbd-fast", "regional") else 1)
    share = spread / (spread + 55.0 / 12.0)
    if method == "one-at-a-time":  # its points do not spread over the space, so its share is of another variance
        assert 0.1 < chance.value[0, 0] < 0.95
    else:
        assert abs(chance.value[0, 0] - share) < max(2.5 * chance.half_width[0, 0], 0.04)


@pytest.mark.parametrize("size", [65, 129])
def test_fourier_indices_hold_on_short_curves_whose_factors_share_frequencies(size):
    layouts = [layout_of("fast", 5, size=size, seed=seed) for seed in range(8)]
    found = [variance.fast(layout, evaluate(layout, linear, 1.5)) for layout in layouts]
    total, first = (np.mean([one[name][:, 0] for one in found], axis=0) for name in ("ST", "S1"))
    known = np.array([*np.arange(1, 6) ** 2 / 12.0, 2.25, 0.0]) / (55.0 / 12.0 + 2.25)
    np.testing.assert_allclose(total, known, atol=0.04)
    np.testing.assert_allclose(np.delete(first, 5), np.delete(known, 5), atol=0.04)


@pytest.mark.parametrize("method", ["morris", "morris-radial"])
def test_elementary_effects_of_a_linear_function_are_its_slopes(method):
    _, _, found = analysed(method)
    np.testing.assert_allclose(found["mu_star"].value[:5, 0], [1, 2, 3, 4, 5], rtol=1e-9)
    np.testing.assert_allclose(found["mu"].value[:5, 0], [1, 2, 3, 4, 5], rtol=1e-9)
    np.testing.assert_allclose(found["sigma"].value[:5, 0], 0.0, atol=1e-9)
    assert (found["mu_star"].half_width[:5, 0] < 1e-9).all() and found["mu_star"].value[5:].max() == 0.0


def test_trajectories_agree_with_salib():
    layout = layout_of("morris", 3, size=20)
    points = layout.shares.reshape(-1, 3)
    outputs = evaluate(layout, ishigami)
    mine = STATISTICS["morris"](layout, outputs)
    kept = [row[np.r_[True, moved != 3]] for row, moved in zip(outputs[:, :, 0], layout.extra["moved"], strict=True)]
    places = [row[np.r_[True, moved != 3]] for row, moved in zip(layout.shares, layout.extra["moved"], strict=True)]
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0.0, 1.0]] * 3}
    exact = np.round(np.concatenate(places) * 3.0) / 3.0
    expected = salib_morris.analyze(problem, exact, np.concatenate(kept), num_resamples=2, num_levels=4)
    np.testing.assert_allclose(mine["mu_star"][:3, 0], np.asarray(expected["mu_star"]), rtol=1e-6)
    np.testing.assert_allclose(mine["sigma"][:3, 0], np.asarray(expected["sigma"]), rtol=1e-6)
    assert len(points) == 20 * 5


def test_shapley_shares_add_up_to_one_and_match_a_linear_function():
    _, _, found = analysed("shapley")
    value, half = found["share"].value[:, 0], found["share"].half_width[:, 0]
    assert abs(value.sum() - 1.0) < 1e-12
    assert (np.abs(value[:5] - np.arange(1, 6) ** 2 / 55.0) <= 2.5 * half[:5]).all()


def test_fourier_and_balanced_indices_of_a_linear_function():
    known = np.arange(1, 6) ** 2 / 55.0
    for method, slack in (("fast", 0.03), ("rbd-fast", 0.06)):
        _, _, found = analysed(method)
        np.testing.assert_allclose(found["S1"].value[:5, 0], known, atol=slack)


def test_delta_on_binned_data_is_that_of_salib():
    layout, outputs, found = analysed("delta", ishigami, 3)
    means, edges = outputs.mean(axis=1)[:, 0], given.edges_of(512)
    grid = np.linspace(means.min(), means.max(), 200)
    theirs = [salib_delta.calc_delta(means, grid, layout.shares[:, 0, place], edges) for place in range(3)]
    np.testing.assert_allclose(found["delta"].value[:3, 0], theirs, atol=0.01)


def problem_of(count):
    return {"num_vars": count, "names": [f"x{number}" for number in range(count)], "bounds": [[0.0, 1.0]] * count}


def test_pawn_is_that_of_salib():
    layout, outputs, found = analysed("pawn", ishigami, 3)
    means, shares = outputs.mean(axis=1)[:, 0], layout.shares[:, 0]
    theirs = salib_pawn.analyze(problem_of(3), shares, means, S=given.SLICES)
    # SALib leaves the largest point out of the last slice.
    np.testing.assert_allclose(found["median"].value[:3, 0], np.asarray(theirs["median"]), atol=0.01)
    np.testing.assert_allclose(found["maximum"].value[:3, 0], np.asarray(theirs["maximum"]), atol=0.03)


def test_shapley_shares_are_those_of_salib():
    layout, outputs, found = analysed("shapley", ishigami, 3, noise=1.0)
    seen = np.concatenate([layout.shares, layout.seeds[:, :, None]], axis=2).reshape(-1, 4)
    theirs = salib_shapley.analyze(problem_of(4), seen, outputs[:, :, 0].ravel())
    np.testing.assert_allclose(found["share"].value[:4, 0], np.asarray(theirs["shapley_normalized"]), rtol=1e-9)


def test_derivative_bounds_are_those_of_salib():
    layout, outputs, found = analysed("dgsm", ishigami, 3)
    for unit in range(3):
        base, perturbed, step = outputs[:, 0, 0], outputs[:, unit + 1, 0], layout.extra["steps"][:, unit]
        theirs, _ = salib_dgsm.calc_dgsm(base, perturbed, step, [0.0, 1.0], 2, 0.95)
        np.testing.assert_allclose(found["bound"].value[unit, 0], theirs, rtol=1e-9)


def test_the_derivative_bound_is_above_the_total_index():
    _, _, found = analysed("dgsm", ishigami, 3)
    assert (found["bound"].value[:3, 0] > [0.5575, 0.4424, 0.2437]).all()


STILL = {"dgsm": [0], "shapley": [0, -1], "sobol": [0, 1], "fast": slice(None)}  # columns on whose variance indices hang


@pytest.mark.parametrize("method", STILL)
def test_an_index_without_variance_beyond_one_part_has_no_interval(method):
    layout = layout_of(method, 3, size=65 if method == "fast" else 64)
    outputs = evaluate(layout, lambda shares: shares.sum(axis=-1))
    others = np.flatnonzero(layout.part > 0)
    outputs[others[:, None], np.arange(outputs.shape[1])[STILL[method]]] = 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = next(iter(estimate(STATISTICS[method], layout, outputs).values()))
        assert np.isfinite(found.value[:3]).all()
        assert np.isnan(found.half_width[:3]).all()
        assert np.isnan(found.lead(0, 1, 0)[1])


def test_a_share_of_chance_without_variance_beyond_one_part_has_no_interval():
    layout = layout_of("pawn", 2, size=64, seeds_a_point=2)
    outputs = np.where(layout.part[:, None, None] == 0, layout.shares[..., :1], [[1.0], [-1.0]])  # means of others are zero
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = estimate(lambda _, values: {"chance": given.chance_share(values)[None]}, layout, outputs)["chance"]
        assert np.isnan(found.half_width).all()


def test_groups_move_together():
    groups = {"weak": ["x1", "x2"], "strong": ["x3", "x4", "x5"]}
    for method in ("sobol", "shapley"):
        layout, _, found = analysed(method, groups=groups)
        value = next(iter(found.values())).value[:2, 0]
        assert layout.names == ("weak", "strong")
        np.testing.assert_allclose(value, [5.0 / 55.0, 50.0 / 55.0], atol=0.12)


@pytest.mark.parametrize("method", [name for name in METHODS if name != "fast"])
def test_a_larger_layout_keeps_every_point_of_the_smaller(method):
    small, large = (layout_of(method, 3, size=size, second_order=True) for size in (64, 128))

    def keys(layout):
        rows = zip(layout.shares.reshape(-1, 3).tolist(), layout.seeds.ravel().tolist(), strict=True)
        return {(*shares, seed) for shares, seed in rows}

    assert keys(small) <= keys(large) and len(keys(large)) > len(keys(small))


def test_seed_zero_repeats_and_differs_from_one():
    layouts = [layout_of("sobol", 3, size=64, seed=seed) for seed in (0, 0, 1)]
    assert (layouts[0].shares == layouts[1].shares).all() and (layouts[0].shares != layouts[2].shares).any()
    assert layouts[0].seeds.min() >= 0 and layouts[0].seeds.max() < SEEDS


@pytest.mark.parametrize(
    ("method", "asked", "size"),
    [("sobol", 1000, 1024), ("sobol", 5, 64), ("fast", 3, 65), ("fast", 128, 129), ("morris", 40, 48)],
)
def test_sizes_are_rounded_with_a_note(method, asked, size):
    found, note = rounded(method, asked)
    assert found == size and bool(note) == (asked != size) and (not note or str(asked) in note)
