"""The page of an analysis: the drivers, whether their order is settled and how much is chance come first."""

from experiments.analysis_page import origin, write_page
from experiments.run_outcomes import label, unit
from experiments.sensitivity import verdict
from experiments.sensitivity.layout import GIVEN_DATA
from experiments.sensitivity.points import need_plan
from experiments.units import level_of

SHOWN = 8  # factors in the table of an outcome; the CSV holds all
HEADS = {
    "ST": "Total", "S1": "First order", "mu_star": "Mean size (mu*)", "sigma": "Spread", "mu": "Mean", "swing": "Swing",
    "median": "PAWN median", "maximum": "PAWN maximum", "delta": "Delta", "distance": "Distance", "bound": "Bound of total",
    "slope": "Slope", "share": "Shapley share", "ends": "High minus low",
}  # fmt: skip
CAPTION = "Value and 95 % interval; the {count} strongest of {all} factors, then chance and a dummy without effect."
METHODS = {
    "one-at-a-time": "one factor at a time from the scenario",
    "morris": "elementary effects along trajectories (Morris)",
    "morris-radial": "elementary effects from base points (radial)",
    "sobol": "shares of the variance (Sobol)",
    "fast": "shares of the variance from Fourier spectra (extended FAST)",
    "pawn": "distances between distributions (PAWN)",
    "delta": "shifts of density (delta)",
    "rbd-fast": "shares of the variance from random balance designs (RBD-FAST)",
    "regional": "regional analysis (Monte Carlo filtering)",
    "dgsm": "derivatives (DGSM)",
    "shapley": "Shapley effects",
}


def write_report(result, analysis, folder, written):
    """Write report.html into a folder in which tables and figures are; `written` are the names of its tables."""
    plan = need_plan(result)
    write_page(
        folder,
        "Factor",
        figures_in(analysis, folder),
        written,
        title=plan["title"],
        question=plan["question"] or plan["title"],
        subtitle=f"{plan['title']}: {METHODS[analysis.layout.method]}, {analysis.runs} runs",
        sections=[section(analysis, place) for place in range(len(analysis.outcomes))],
        notes=analysis.notes,
        facts=facts(result, analysis),
    )


def section(analysis, place):
    """Return what the page says about one outcome."""
    found = {index: verdict.shown(analysis, index, place) for index in analysis.estimates if index != "S2"}
    count, shown = len(analysis.layout.names), verdict.order_of(analysis, place)[:SHOWN].tolist()
    rows, places = [], {index: verdict.places_of(analysis, index, place) for index in found}
    for at in [*shown, count, count + 1]:
        cells = [cell(values[at], halves[at], places[index]) for index, (values, halves) in found.items()]
        rows.append({"label": verdict.label_of(analysis, at), "cells": cells, "rule": at == count})
    name = analysis.outcomes[place]
    return {
        "title": f"{label(name)} ({level_of(unit(name))[1]})",
        "answers": verdict.answers(analysis, place),
        "caption": CAPTION.format(count=len(shown), all=count),
        "heads": [head(index, name) for index in found],
        "rows": rows,
    }


def head(index, name):
    """Return the head of the column of an index, with its unit if it has one."""
    unit_words = verdict.shown_in(index, name)[1]
    return f"{HEADS[index]}, {unit_words}" if unit_words else HEADS[index]


def cell(value, half, places):
    """Return value and interval as words."""
    if value != value:
        return {"value": "not known", "interval": ""}
    return {"value": verdict.number(value, places), "interval": verdict.interval(value, half, places)}


def figures_in(analysis, folder):
    """Return the pictures of a folder in the order of the figures of a report."""
    from experiments.figures.analysis import usual

    paths = (folder / "figures" / f"{name}.png" for name in usual(analysis))
    return [path for path in paths if path.is_file()]


def size_words(layout):
    """Return how large a design is."""
    rows, columns = layout.seeds.shape
    if layout.method in GIVEN_DATA:
        return f"{rows} points under {columns} {'seed' if columns == 1 else 'seeds'} each"
    return f"{rows} rows of {columns} points"


def facts(result, analysis):
    """Return what a reader needs to repeat this, as pairs of name and value."""
    about = result.manifest["loket"]
    layout = analysis.layout
    return [
        ("Method", METHODS[layout.method]),
        ("Size of the design", f"{size_words(layout)}; {analysis.runs} different runs"),
        ("Factors", f"{len(analysis.factors)} in {len(layout.names)} units"),
        ("Replicates of a point", analysis.replicates),
        ("Seed", about["seed"]),
        ("Intervals", f"95 %, jackknife over {len(set(layout.part.tolist()))} independent parts of the design"),
        *origin(result),
    ]
