"""Figures of a calibration: posterior against prior, pairs of parameters, the fit and the points left out."""

import textwrap

import numpy as np
import pandas

from experiments.calibration.particles import NOT_RULED_OUT
from experiments.calibration.posterior import shares_of, tempered
from experiments.calibration.predictive import draws, left_out_draws
from experiments.calibration.scores import band
from experiments.calibration.tables import each_target
from experiments.figures.style import BLACK, BLUE, DOUBLE, RED, drawing, new_figure, save
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors
from experiments.units import level_of
from model.registry import load_observables

COLUMNS = 3
BINS = 20
MOST_PAIRS = 6  # parameters on the figure of pairs
MOST_PANELS = 9  # series on the figure of the fit
DOTS = 300
NARROW, WIDE, MARK = 2, 6, 12  # points: bars of 90 and 50 % of a single year, and the mark of its median


def draw_all(fit, frames, folder):
    """Draw every figure of a Fit into a folder, each as PDF, SVG, PNG, CSV and caption."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    kinds = {"marginals": marginals, "fit": bands}
    if len(fit.plan.factors) > 1:
        kinds["pairs"] = pairs
    if "countries" in frames:
        kinds["countries"] = countries
    for name, kind in kinds.items():
        with drawing():
            figure, table, caption = kind(fit, frames)
            save(figure, folder, name, figure_metadata(fit.result, name))
        publish(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
        publish(folder / f"{name}.txt", caption + "\n")


def panels(count, height):
    """Return (figure, flat list of axes) of a grid with COLUMNS columns; panels that are not needed are hidden."""
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    figure, axes = new_figure(DOUBLE, height * rows + 14, rows, columns, squeeze=False)
    for axis in axes.ravel()[count:]:
        axis.set_visible(False)
    return figure, list(axes.ravel()[:count])


def marginals(fit, frames):
    """Draw the posterior of each parameter as a histogram, the prior as a line; say what the data did not inform."""
    table, shares, rows = frames["posterior"], shares_of(fit), []
    figure, axes = panels(len(table), 38)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    for column, (axis, row) in enumerate(zip(axes, table.itertuples(), strict=True)):
        density, _ = np.histogram(shares[:, column], edges, weights=fit.weights, density=True)
        at = row.prior_low + (row.prior_high - row.prior_low) * edges
        axis.stairs(density, at, fill=True, color="0.75")
        axis.stairs(density, at, color="0.25", linewidth=0.8)
        axis.plot([row.prior_low, row.prior_high], [1.0, 1.0], color=BLUE, linestyle="--", linewidth=1.0)
        axis.axvline(row.default, color=RED, linestyle=":", linewidth=1.2)
        axis.set(title=f"{row.label}\ninformed: {row.informed}", yticks=[], xlabel=row.unit, ylim=(0, None))
        axis.locator_params(axis="x", nbins=4)
        rows += [(row.parameter, low, high, value) for low, high, value in zip(at[:-1], at[1:], density, strict=True)]
    names = ["parameter", "low", "high", "density_times_range"]
    caption = (
        "Posterior (grey), uniform prior (dashed) and default value (dotted) of each parameter. Not informed: "
        f"the data left the standard deviation within a tenth of the prior's; weakly: within a half.{widening(fit)}"
    )
    return figure, pandas.DataFrame(rows, columns=names), caption


def pairs(fit, frames):
    """Draw posterior points of every pair of the parameters that the data informed most, with their correlation."""
    table = frames["posterior"].reset_index().sort_values("contraction", ascending=False, kind="stable").head(MOST_PAIRS)
    chosen, size = table["index"].tolist(), len(table)
    points = pandas.DataFrame([fit.values[row] for row in fit.sample(DOTS)])
    linked = frames["correlations"].set_index("parameter")
    figure, axes = new_figure(DOUBLE, 26 * (size - 1) + 16, size - 1, size - 1, squeeze=False)
    names = [fit.plan.factors[place].name for place in chosen]
    labels = frames["posterior"]["label"].tolist()
    for row in range(1, size):
        for column in range(size - 1):
            axis = axes[row - 1, column]
            if column >= row:
                axis.set_visible(False)
                continue
            axis.plot(
                points[names[column]], points[names[row]], "o", color=BLACK, markersize=2, alpha=0.25, markeredgewidth=0
            )
            for set_limits, place in ((axis.set_xlim, chosen[column]), (axis.set_ylim, chosen[row])):
                set_limits(fit.plan.factors[place].low, fit.plan.factors[place].high)
            axis.set_title(f"r = {linked.loc[names[row], names[column]]:.2f}", fontsize=6, pad=2)
            axis.locator_params(nbins=3)
            if row == size - 1:
                axis.set_xlabel(wrapped(labels[chosen[column]]), fontsize=6)
            if column == 0:
                axis.set_ylabel(wrapped(labels[chosen[row]]), fontsize=6)
    caption = (
        "Points of the posterior for pairs of the parameters that the data informed most, over their prior ranges; r is the "
        "correlation of normal scores. A narrow slope means that the data know a combination, not each parameter."
        f"{widening(fit)}"
    )
    return figure, points[names], caption


def widening(fit):
    """Return the sentence of a caption that says by how much the posterior was widened, or nothing."""
    return "" if fit.temperature == 1.0 else f" The posterior is wider than the declared errors imply: {tempered(fit)}."


def wrapped(text):
    """Return a label in two lines if it is long."""
    return textwrap.fill(text, 16)


def bands(fit, frames):
    """Draw each series: points, the band of the fit, and for years left out the forecast with its bands."""
    series = [(target, held, group) for target, held in each_target(fit)
              for group in dict.fromkeys(target.groups)]  # fmt: skip
    figure, axes = panels(min(len(series), MOST_PANELS), 46)
    alone, rows = len({target.name for target, _, _ in series}) == 1 and len(series) > 1, []
    for axis, (target, held, group) in zip(axes, series, strict=False):
        mine = [place for place, where in enumerate(target.groups) if where == group]
        years = [target.years[place] for place in mine]
        out = np.array([held[place] for place in mine])
        factor, unit = shown_in(target)
        values = np.array([target.values[place] for place in mine])
        known, later = ([year for year, is_out in zip(years, out, strict=True) if is_out == late] for late in (False, True))
        if known:
            sample = left_out_draws(fit, target, group, known, values[~out])
            rows += band_of(axis, sample, (target.name, group), known, "fit", factor)
        if later:
            sample = draws(fit, target, held, group, later, "carried")
            rows += band_of(axis, sample, (target.name, group), later, "forecast", factor)
        draw_published(axis, np.array(years), factor * values, out)
        axis.set(title=panel_title(target, group, alone), ylabel=unit, ylim=(0, None))
        axis.xaxis.get_major_locator().set_params(integer=True, nbins=5)
        if len(set(years)) == 1:
            axis.set_xlim(years[0] - 1, years[0] + 1)  # matplotlib would leave a century on either side
    known = {}
    for axis in axes:
        known |= dict(zip(*reversed(axis.get_legend_handles_labels()), strict=True))
    figure.legend(known.values(), known.keys(), loc="outside lower center", ncols=4)
    if alone:
        figure.suptitle(series[0][0].title, fontsize=8)
    names = ["target", "province", "year", "kind", "median", "low_50", "high_50", "low_90", "high_90"]
    caption = warning(frames) + (
        "Published values (points), posterior median (line) and 50 and 90 % bands (of a single year bars). Grey: each year "
        "that was fitted, as the runs and the other fitted years have it, with the declared errors. Blue: years left out of "
        f"the fit, forecast from those that were fitted.{widening(fit)}"
    )
    if len(series) > MOST_PANELS:
        caption += f" The first {MOST_PANELS} of {len(series)} series."
    return figure, pandas.DataFrame(rows, columns=names), caption


def draw_published(axis, years, values, out):
    """Draw the published values of a series; those left out of the fit are hollow."""
    looks = {"fitted": (~out, {"markersize": 3}), "left out": (out, {"markersize": 4, "markerfacecolor": "white"})}
    for words, (chosen, look) in looks.items():
        if chosen.any():  # the legend names nothing that is not there
            axis.plot(years[chosen], values[chosen], "o", color=BLACK, label=words, **look)


def warning(frames):
    """Return how a caption begins if no run of the last generation comes near the data, else nothing."""
    if frames["generations"]["share_not_ruled_out"].iloc[-1] > 0.0:
        return ""
    return (
        f"No run comes near the data: all runs of the last generation are more than {NOT_RULED_OUT:g} standard deviations "
        "away, so the curves do not show a fit. "
    )


def shown_in(target):
    """Return (factor, unit) in which a series is drawn: as observables are, of what the source counts, on its own scale."""
    return level_of(target.unit or load_observables()[target.observable].unit)


def panel_title(target, group, alone):
    """Return the title of a panel; a province stands by itself if the whole figure is about one target."""
    words = f"{target.title}: {group}" if group and not alone else group or target.title
    return textwrap.fill(words, 28)


def band_of(axis, sample, series, years, kind, factor):
    """Draw median and bands of some years, of a fit or a forecast, times a factor; return them as rows, without it."""
    colour, line = {"fit": ("0.5", "-"), "forecast": (BLUE, "--")}[kind]
    columns = [np.median(sample, axis=0), *band(sample, 0.5), *band(sample, 0.9)]
    middle, low_50, high_50, low_90, high_90 = (factor * column for column in columns)
    single = len(years) == 1  # has no area and no line: bars, and a mark across them
    for low, high, shade, width in ((low_90, high_90, 0.2, NARROW), (low_50, high_50, 0.3, WIDE)):
        if single:
            axis.vlines(years, low, high, color=colour, alpha=0.2 + shade, linewidth=width)
        else:
            axis.fill_between(years, low, high, color=colour, alpha=shade, linewidth=0)
    if single:
        axis.plot(years, middle, "_", color=colour, markersize=MARK, markeredgewidth=1.2)
    axis.plot(years, middle, color=colour, linestyle=line, linewidth=1.2, label=f"{kind}, 50 and 90 %")
    return [(*series, year, kind, *numbers)
            for year, *numbers in zip(years, *columns, strict=True)]  # fmt: skip


def countries(fit, frames):
    """Draw the model's error on other countries over that of each rival, a panel for each series."""
    table = frames["countries"].dropna(subset="ratio_rmse")
    titles = {target.name: target.indicator.replace("_", " ") for target in fit.plan.targets}
    rivals = list(dict.fromkeys(table["forecast"]))  # not every scale has all of them
    figure, axes = panels(table["target"].nunique(), 46)
    for axis, (name, mine) in zip(axes, table.groupby("target", sort=False), strict=True):
        places = np.array([len(rivals) - 1 - rivals.index(name) for name in mine["forecast"]])
        apart = [mine["ratio_rmse"] - mine["ratio_rmse_low"], mine["ratio_rmse_high"] - mine["ratio_rmse"]]
        axis.axvline(1.0, color="0.5", linestyle="--", linewidth=0.8)
        axis.errorbar(mine["ratio_rmse"], places, xerr=apart, fmt="o", color=BLACK, markersize=3.5, linewidth=1.2)
        axis.set(title=f"{titles[name]}, {mine['countries'].iloc[0]} countries", ylim=(-0.6, len(rivals) - 0.4))
        axis.set_yticks(range(len(rivals)), rivals[::-1] if not axis.get_subplotspec().colspan.start else [])
        axis.set_xlabel("model's error / rival's")
    caption = (
        "Root mean square error of the model on other countries over that of each rival, all points left out together; left "
        "of the dashed line the model is better. Bars: 95 % intervals over resampled countries, which share surveys, so "
        f"they are too narrow. Parameters of {fit.plan.name} as they are; a country's own input is its first internet use."
    )
    return figure, table, caption
