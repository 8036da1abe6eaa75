"""What a calibration found: the posterior of each parameter, what was not informed, files that other plans can use."""

import numpy as np
import pandas
from scipy.special import ndtr

from experiments.calibration.particles import effective_size
from experiments.calibration.plan import FOLDER
from experiments.calibration.scores import BANDS
from model.registry import load_registry

PRIOR_SD = 12.0**-0.5  # of a uniform share
INFORMED, WEAK = 0.5, 0.1  # contraction of the standard deviation from prior to posterior
DRAWS = 100  # equally weighted points for sweeps


def shares_of(fit):
    """Return the points as shares of their ranges, shape (points, factors)."""
    return ndtr(fit.population.scores)


def quantiles(values, weights, levels):
    """Return weighted quantiles."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.interp(levels, reached, values[order])


def summary(fit):
    """Return a row for each parameter: prior, posterior median and bands, contraction, and whether the data informed it."""
    registry, rows, shares = load_registry(), [], shares_of(fit)
    for column, factor in enumerate(fit.plan.factors):
        share = shares[:, column]
        mean = fit.weights @ share
        spread = float(np.sqrt(fit.weights @ (share - mean) ** 2))
        levels = [0.5] + [0.5 + sign * level / 2.0 for level in BANDS for sign in (-1, 1)]
        found = factor.low + (factor.high - factor.low) * quantiles(share, fit.weights, levels)
        contraction = 1.0 - spread / PRIOR_SD
        names = ["median"] + [f"{end}_{level * 100:.0f}" for level in BANDS for end in ("low", "high")]
        rows.append({
            "parameter": factor.name, "label": registry[factor.name].label, "unit": registry[factor.name].unit,
            "prior_low": factor.low, "prior_high": factor.high, "default": fit.scenario.parameters[factor.name],
            **dict(zip(names, found, strict=True)), "contraction": contraction, "informed": verdict(contraction),
        })  # fmt: skip
    return pandas.DataFrame(rows)


def verdict(contraction):
    """Return in a word whether the data said something about a parameter."""
    return "yes" if contraction >= INFORMED else "weakly" if contraction >= WEAK else "no"


def correlations(fit):
    """Return the weighted rank-like correlations (of normal scores) between parameters, shape (factors, factors)."""
    scores = fit.population.scores
    apart = scores - fit.weights @ scores
    spread = apart.T @ (apart * fit.weights[:, None])
    size = np.sqrt(np.diag(spread))
    return spread / np.outer(size, size)


def central(fit):
    """Return factor -> value of the run nearest to the middle of the posterior, so that ties between parameters hold.

    Among the points that carry nine tenths of the weight, the one with the smallest Mahalanobis distance.
    """
    scores, weights = fit.population.scores, fit.weights
    middle = weights @ scores
    spread = (scores - middle).T @ ((scores - middle) * weights[:, None]) + 1e-9 * np.eye(scores.shape[1])
    order = np.argsort(-weights, kind="stable")
    heavy = order[: int(np.searchsorted(np.cumsum(weights[order]), 0.9)) + 1]
    apart = scores[heavy] - middle
    distance = np.sum(apart * np.linalg.solve(spread, apart.T).T, axis=1)
    return fit.values[int(heavy[np.argmin(distance)])]


def scenario_text(fit):
    """Return a scenario file that extends the calibrated scenario with the parameters in the middle of the posterior."""
    table, values = summary(fit).set_index("parameter"), central(fit)
    targets = ", ".join(target.name for target in fit.plan.targets if target.role == "fit")
    left_out = sum(map(sum, fit.plan.held))
    lines = [
        f"# Made by `run.py calibrate {called(fit.plan.file)}`: the parameters of the run nearest to the",
        "# middle of the posterior; the size of the world is that of the scenario, not of the plan.",
        f"# Fitted: {targets}; {left_out} points left out. {len(fit.values)} runs; result {fit.result.hash[:16]}.",
        f"# {width(fit)}",
        "# Parameter uncertainty is in posterior_draws.csv, which a plan of method csv takes as its points.",
        "",
        "schema = 1",
        'kind = "case"',
        f'name = "{fit.plan.name}-calibrated"',
        f'title = "{fit.scenario.title}, calibrated"',
        f'extends = "{fit.plan.scenario.stem}"',
        "",
        "[parameters]",
    ]
    for name, value in values.items():
        row = table.loc[name]
        lines.append(f"{name} = {value!r}  # 90 %: {row['low_90']:.4g} to {row['high_90']:.4g}; informed: {row['informed']}")
    return "\n".join(lines) + "\n"


def width(fit):
    """Return in a sentence how many points carry the posterior, and whether it was widened until they did."""
    size = f"Effective size {effective_size(fit.weights):.0f}"
    if fit.temperature == 1.0:
        return f"{size}; the posterior is that of the declared errors."
    return f"{size} by widening: {tempered(fit)}."


def tempered(fit):
    """Return as a clause how a posterior was widened."""
    return f"the likelihood counts as to the power 1 / {fit.temperature:.3g} (temperature)"


def called(file):
    """Return how a user names a plan: a bundled one by its name, another by its file."""
    return file.stem if file.parent.resolve() == FOLDER.resolve() else file.name


def draws_table(fit, count=DRAWS):
    """Return equally weighted points of the posterior, a column for each parameter: a design of method csv."""
    return pandas.DataFrame([fit.values[row] for row in fit.sample(count)])
