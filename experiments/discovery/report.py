"""The page of a discovery: which policy is robust, then when each of them fails, and how sure that is."""

from experiments.analysis_page import origin, write_page
from experiments.discovery import tables, verdict, words
from experiments.sensitivity.points import need_plan
from experiments.texts import measured

INTERVALS = "Value and 95 % interval over futures. Regret: mean distance from the best policy of a future."
LIMITS = "Limits of the box, below them 5 to 95 % over half samples; share of half samples that restrict the parameter."


def write_report(result, discovery, folder, written):
    """Write report.html into a folder in which tables and figures are; `written` are the names of its tables."""
    plan, futures = need_plan(result), discovery.futures
    assumed, every = words.assumed_count(futures)
    policies = range(len(futures.policies))
    write_page(
        folder,
        "Policy or parameter",
        figures_in(discovery, folder),
        written,
        title=plan["title"],
        question=plan["question"] or plan["title"],
        subtitle=f"{plan['title']}: {len(futures.x):,} futures over {every} uncertain parameters, {assumed} of them assumed",
        sections=[robust_section(discovery), *(policy_section(discovery, policy) for policy in policies)],
        notes=[verdict.basis(futures), *futures.notes],
        facts=facts(result, discovery),
    )


def robust_section(discovery):
    """Return what the page says about robust choice: a row for each policy, and below it one for each goal."""
    futures, rows = discovery.futures, []
    table = tables.policies_table(discovery).set_index(["policy", "criterion", "outcome"])
    for policy in futures.policies:
        all_met = cell(table.loc[policy, "satisficing", tables.ALL_GOALS], *words.SHARE_OF_FUTURES)
        cells = [plain(tables.ALL_GOALS), all_met, plain(""), plain("")]
        rows.append({"label": policy, "rule": len(rows) > 0, "cells": cells})
        for goal in futures.goals:
            kinds = ("satisficing", "expected", "mean regret")
            found = [cell(table.loc[policy, kind, goal.outcome], *words.shown_in(goal, kind)) for kind in kinds]
            rows.append({"label": "", "rule": False, "cells": [plain(words.called(goal).capitalize()), *found]})
    heads = ["Goal", "Met", "Mean", "Mean regret"]
    sentences = verdict.robust_words(discovery)
    return {"title": "Which policy is robust", "sentences": sentences, "caption": INTERVALS, "heads": heads, "rows": rows}


def plain(text):
    """Return a cell of text."""
    return {"value": text, "interval": ""}


def cell(row, factor, unit):
    """Return value and interval as words, in the unit in which they are shown."""
    value = measured(words.figure(row["value"], factor), unit)
    return {"value": value, "interval": words.span(row["low"], row["high"], factor, unit)}


def policy_section(discovery, policy):
    """Return what the page says about the failures of one policy."""
    futures, rows = discovery.futures, []
    for found in discovery.findings:
        if found.policy == policy:
            rows += [restriction_row(futures, found, place) for place in found.box.restricted]
    return {
        "title": futures.policies[policy], "sentences": verdict.policy_words(discovery, policy), "caption": LIMITS,
        "heads": ["Missed", "Limits", "Half samples"], "rows": rows,
    }  # fmt: skip


def restriction_row(futures, found, place):
    """Return the row of one restricted parameter."""
    row = tables.restriction(futures, found, place)
    ends = [(called, end) for called, end in (("above", "low"), ("below", "high")) if row[end] == row[end]]
    limits = " and ".join(f"{called} {words.number(row[end])}" for called, end in ends)
    spreads = [f"{words.number(row[f'{end}_half_5'])} to {words.number(row[f'{end}_half_95'])}" for _, end in ends]
    cells = [plain(tables.who(futures, found)["missed"]), {"value": limits, "interval": "; ".join(spreads)}]
    name = f"{row['label']} ({row['factor']}){words.suffix(futures.factors[place])}"
    return {"label": name, "rule": False, "cells": [*cells, plain(words.percent(row["reproduced"]))]}


def figures_in(discovery, folder):
    """Return the pictures of a folder in the order of the catalogue."""
    from experiments.figures.discovery import catalogue

    return [folder / "figures" / f"{name}.png" for name in catalogue(discovery)]


def facts(result, discovery):
    """Return what a reader needs to repeat this, as pairs of name and value."""
    about, options, futures = result.manifest["loket"], need_plan(result)["options"], discovery.futures
    return [
        ("Futures", f"{len(futures.x):,} points of a design of kind {options['design']}, {futures.runs:,} different runs"),
        ("Uncertain parameters", len(futures.factors)),
        ("Replicates of a future", futures.replicates),
        ("Search", "PRIM: peels of 5 %, boxes of at least 5 % of the futures, best harmonic mean of coverage and density"),
        ("Resampling", f"{discovery.resamples} half samples and {discovery.resamples} shuffles for each policy"),
        ("Seed", about["seed"]),
        *origin(result),
    ]
