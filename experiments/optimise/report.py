"""The files of an optimisation: tables, figures, and one page that begins with the answer."""

import sys

import pandas

from experiments.analysis_page import origin, write_page
from experiments.compare import BILLION, LEVEL, half_width
from experiments.optimise import words
from experiments.optimise.goals import axis, number
from experiments.optimise.judgement import front_table, numbers_of
from experiments.optimise.levers import lever_words
from experiments.optimise.settings import COST
from experiments.storage.publish import publish, storage_errors

TABLES = ("front.csv", "generations.csv")
TEXT = {
    "answer": "What the search found",
    "money": "What the policies of the front spend",
    "money_caption": "Rp billion over the whole run; below it start and region.",
    "caption": (
        "Change from doing nothing in the last twelve months, means of {seeds} fresh seeds, 95 % intervals for all policies "
        "at once; the knee first. The last row: doing nothing, as it is."
    ),
}


def write_pages(question, result, found, judged):
    """Write tables, figures and report of an optimisation into its result folder."""
    from experiments.figures.fronts import draw_front

    tables = result.folder / "tables"
    with storage_errors(tables):
        tables.mkdir(exist_ok=True)
    front, history = front_table(judged), pandas.DataFrame(found.history)
    for name, table in zip(TABLES, (front, history), strict=True):
        publish(tables / name, table.to_csv(index=False, lineterminator="\n"))
    print("drawing figures", file=sys.stderr, flush=True)
    names = draw_front(result, judged, front, history)
    write_report(question, result, found, judged, names)


def write_report(question, result, found, judged, names):
    """Write report.html; `names` are the figures to show."""
    plan, folder = question.plan, result.folder
    write_page(
        folder,
        "Policy",
        [folder / "figures" / f"{name}.png" for name in names],
        TABLES,
        title=plan.title,
        question=plan.question or plan.title,
        subtitle=f"{plan.title}: {result.design['run_id'].nunique()} different runs",
        sections=[answer_section(question, found, judged), money_section(question, judged)],
        notes=[],
        facts=facts(question, result),
    )


def answer_section(question, found, judged):
    """Return what the page says: sentences, and the changes of each unbeaten policy, the knee first."""
    return {
        "title": TEXT["answer"],
        "sentences": words.sentences(question, found, judged),
        "caption": TEXT["caption"].format(seeds=judged.values.shape[1]),
        "heads": [axis(goal) for goal in judged.goals],
        "rows": [*(row_of(judged, place) for place in rows_shown(judged)), row_of_nothing(judged)],
        "wide": True,
    }


def rows_shown(judged):
    """Return the positions of the unbeaten policies, the knee first; doing nothing has a row of its own."""
    places = [judged.knee, *(place for place in range(len(judged.points)) if place != judged.knee)]
    return [place for place in places if judged.unbeaten[place] and judged.points[place].number]


def name_of(judged, place):
    """Return the name of a row."""
    return f"{judged.points[place].number}{' (knee)' if place == judged.knee else ''}"


def row_of(judged, place):
    """Return what one policy changes."""
    cells = []
    for position, goal in enumerate(judged.goals):
        found = numbers_of(judged, place, position)
        change, low, high = (number(goal, found[key], signed=True) for key in ("change", "change_low", "change_high"))
        cells.append({"value": change, "interval": "" if goal == COST else f"{low} to {high}"})
    return {"label": name_of(judged, place), "cells": cells, "rule": False}


def money_section(question, judged):
    """Return what each unbeaten policy spends on which lever, from when and where."""
    rows = []
    for place in rows_shown(judged):
        cells = [
            {"value": f"{part.spend / BILLION:,.0f}", "interval": f"{part.start}, {part.where}"}
            if part.spend
            else {"value": "-", "interval": ""}
            for part in judged.points[place].parts
        ]
        rows.append({"label": name_of(judged, place), "cells": cells, "rule": False})
    levers = question.options["levers"]
    return {
        "title": TEXT["money"],
        "sentences": [],
        "caption": TEXT["money_caption"],
        "heads": [lever_words(lever) for lever in levers],
        "rows": rows,
        "wide": True,
    }


def row_of_nothing(judged):
    """Return the row of the scenario as it is: levels instead of changes."""
    cells = []
    for position, goal in enumerate(judged.goals):
        mean, half = judged.nothing[:, position].mean(), half_width(judged.nothing[:, position], LEVEL)
        interval = "" if goal == COST else f"{number(goal, mean - half)} to {number(goal, mean + half)}"
        cells.append({"value": number(goal, mean), "interval": interval})
    return {"label": "doing nothing, as it is", "cells": cells, "rule": True}


def facts(question, result):
    """Return what a reader needs to repeat this, as pairs of name and value."""
    about, options = result.manifest["loket"], question.options
    return [
        ("Search", f"{options['algorithm']} (Optuna {about['packages']['optuna']}), blend crossover"),
        ("Population, generations", f"{options['population']}, {options['generations']}"),
        ("Seeds of a point in the search", question.replicates),
        ("Fresh seeds of a point shown", len(question.fresh_seeds)),
        ("Seed of the search, of the model", f"{options['seed']}, {about['seed']}"),
        ("Budget", f"Rp {options['budget'] / BILLION:,.0f} billion"),
        *origin(result),
    ]
