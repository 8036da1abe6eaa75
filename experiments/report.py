"""The report: one page that opens offline and begins with the answer."""

import base64
from collections import Counter
from pathlib import Path

import jinja2
import numpy as np

from experiments.compare import effects, mean_intervals
from experiments.figures import available
from experiments.publish import publish
from model.parameter_table import BASELINE
from model.registry import load_observables, load_registry

TEMPLATE = Path(__file__).with_name("report_template.html")
COLUMNS = ("use_share", "wait_days", "cost_per_case", "dropped_share", "trust_agency", "skill_gap", "setting_gap")
POINTS = "share of cases"
TEXT = {
    "name": "Loket",
    "answer": "The answer in short",
    "policies": "All policies",
    "policy": "Policy",
    "table": "Change against the baseline, mean of the last twelve months, paired by replicate; below it the 95 % interval.",
    "figures": "Figures",
    "made": "How this was made",
    "caution": "For exploration and explanation, not prediction. {assumed} of {all} parameters are assumptions.",
    "leads": (
        "{policy} moves digital use most: {use} percentage points ({interval}, 95 % interval) for a planned cost of "
        "Rp {cost} trillion; without any policy {base} % of cases are digital at the end."
    ),
    "clear": "It differs from the next, {next} ({use} percentage points): their 95 % intervals do not overlap.",
    "unclear": "It cannot be told apart from the next, {next} ({use} percentage points): their 95 % intervals overlap.",
    "gap": (
        "Who is left behind: under {policy} the gap between the most and the least skilled third of citizens changes by "
        "{skill} percentage points ({skill_interval}), that between town and country by {setting} ({setting_interval})."
    ),
    "service": (
        "Under {policy} the wait for a decision changes by {wait} days ({wait_interval}), the public cost of a case "
        "by {cost} thousand rupiah ({cost_interval})."
    ),
    "harm": "Harm: {policy} raises dropped cases by {dropped} percentage points ({interval}).",
    "gentle": (
        "Of the policies that drop no more cases than the baseline, {policy} moves use most: {use} percentage points "
        "({interval})."
    ),
    "no_harm": "No policy raises dropped cases beyond chance.",
    "nothing": "No policy moves digital use beyond chance.",
    "pairing": "Pairing by common random numbers reduced the variance of the effect of {policy} by a factor of {factor}.",
    "mean": "{label}: {mean} {unit} ({interval}, 95 % interval of the mean) in the last twelve months.",
}


def write_report(result):
    """Write report.html into the result folder and return its path; needs the figures drawn."""
    compared = BASELINE in result.policies and len(result.policies) > 1
    tables = {name: effects(result, name).set_index("policy") for name in COLUMNS} if compared else {}
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        text=TEXT,
        scenario=result.scenario,
        caution=caution(),
        answers=policy_answers(tables) if compared else mean_answers(result),
        table=effect_table(tables) if compared else None,
        figures=[embedded(result, name) for name in available(result) if drawn(result, name).is_file()],
        facts=facts(result),
    )
    path = result.folder / "report.html"
    publish(path, page)
    return path


def caution():
    """Return the sentence that every section carries."""
    statuses = Counter(entry.status for entry in load_registry().values())
    return TEXT["caution"].format(assumed=statuses["assumed"], all=statuses.total())


def shown(name, value, signed=True):
    """Return a number as words: shares of cases in percentage points, others in their unit."""
    if load_observables()[name].unit == POINTS or name in ("trust_agency",):
        value = 100.0 * value
    text = f"{value:+.2f}" if signed else f"{value:.2f}"
    return "0.00" if text in ("-0.00", "+0.00") else text


def span(name, row):
    """Return the 95 % interval of an effect as words."""
    return f"{shown(name, row['low'])} to {shown(name, row['high'])}"


def policy_answers(tables):
    """Return the sentences of the first screen for a comparison."""
    use = tables["use_share"].sort_values("mean_difference", ascending=False)
    best, second = use.iloc[0], use.iloc[1] if len(use) > 1 else None
    if best["simultaneous_low"] <= 0:
        return [TEXT["nothing"]]
    policy = use.index[0]
    interval, base = span("use_share", best), shown("use_share", best["baseline_mean"], signed=False)
    change, cost = shown("use_share", best["mean_difference"]), f"{best['planned_cost'] / 1e6:.1f}"
    sentences = [TEXT["leads"].format(policy=policy, use=change, interval=interval, cost=cost, base=base)]
    if second is not None:
        key = "clear" if second["high"] < best["low"] else "unclear"
        sentences.append(TEXT[key].format(next=use.index[1], use=shown("use_share", second["mean_difference"])))
    sentences += [*about(tables, policy), *harms(tables, use)]
    factor = f"{best['variance_ratio']:.1f}"
    return [*sentences, TEXT["pairing"].format(policy=policy, factor=factor)]


def about(tables, policy):
    """Return sentences on gaps, wait and cost under one policy."""
    rows = {name: tables[name].loc[policy] for name in tables}
    mean = {name: shown(name, row["mean_difference"]) for name, row in rows.items()}
    spans = {name: span(name, row) for name, row in rows.items()}
    return [
        TEXT["gap"].format(
            policy=policy,
            skill=mean["skill_gap"],
            skill_interval=spans["skill_gap"],
            setting=mean["setting_gap"],
            setting_interval=spans["setting_gap"],
        ),
        TEXT["service"].format(
            policy=policy,
            wait=mean["wait_days"],
            wait_interval=spans["wait_days"],
            cost=mean["cost_per_case"],
            cost_interval=spans["cost_per_case"],
        ),
    ]


def harms(tables, use):
    """Return sentences on policies that drop cases, and on the best of those that do not."""
    dropped = tables["dropped_share"].loc[use.index]
    harmful = dropped[dropped["simultaneous_low"] > 0]
    if not len(harmful):
        return [TEXT["no_harm"]]
    sentences = []
    for policy, row in harmful.iterrows():
        words = shown("dropped_share", row["mean_difference"])
        sentences.append(TEXT["harm"].format(policy=policy, dropped=words, interval=span("dropped_share", row)))
    gentle = use.drop(harmful.index)
    if len(gentle) and gentle.iloc[0]["simultaneous_low"] > 0:
        row = gentle.iloc[0]
        words = {"policy": gentle.index[0], "use": shown("use_share", row["mean_difference"])}
        sentences.append(TEXT["gentle"].format(**words, interval=span("use_share", row)))
    return sentences


def mean_answers(result):
    """Return the sentences of the first screen for a single case."""
    sentences = []
    table = mean_intervals(result, result.scenario["headline"])
    for row in table.to_dict("records"):
        entry = load_observables()[row["observable"]]
        interval = f"{row['low']:.3f} to {row['high']:.3f}"
        words = {"label": entry.label, "unit": entry.unit, "mean": f"{row['mean']:.3f}"}
        sentences.append(TEXT["mean"].format(**words, interval=interval))
    return sentences


def effect_table(tables):
    """Return columns and rows of the policy table, the strongest effect on use first."""
    entries = load_observables()
    units = {name: "percentage points" if entries[name].unit == POINTS else entries[name].unit for name in tables}
    units["trust_agency"] = "points of 100"
    columns = [f"{entries[name].label} ({units[name]})" for name in tables] + ["Planned cost (Rp billion)"]
    rows = []
    order = tables["use_share"].sort_values("mean_difference", ascending=False)
    for policy in order.index:
        cells = []
        for name, table in tables.items():
            row = table.loc[policy]
            cells.append({"mean": shown(name, row["mean_difference"]), "interval": span(name, row)})
        cells.append({"mean": f"{order.loc[policy, 'planned_cost'] / 1000:,.0f}", "interval": ""})
        rows.append({"name": policy, "cells": cells})
    return {"columns": columns, "rows": rows}


def drawn(result, name):
    """Return where the picture of a figure is."""
    return result.folder / "figures" / f"{name}.png"


def embedded(result, name):
    """Return a figure as data for the page, with its caption."""
    caption = drawn(result, name).with_suffix(".txt").read_text(encoding="utf-8").strip()
    return {"name": name, "caption": caption, "data": base64.b64encode(drawn(result, name).read_bytes()).decode("ascii")}


def facts(result):
    """Return what a reader needs to repeat this, as pairs of name and value."""
    about = result.manifest["loket"]
    statuses = Counter(entry.status for entry in load_registry().values())
    ok = int(np.sum(result.design["status"] == "ok"))
    return [
        ("Runs finished", f"{ok} of {len(result.design)}"),
        ("Replicates", about["replicates"]),
        ("Seed", about["seed"]),
        ("Model version", about["model_version"]),
        ("Code version", about["code_version"]),
        ("Result hash", result.hash),
        ("Command", about["command"]),
        ("Scenario", f"{about['scenario']['name']}: {about['scenario']['reference']}"),
        ("Parameters by status", ", ".join(f"{number} {status}" for status, number in statuses.most_common())),
        ("Tables", "tables/effects.csv, series/, groups/, flows/ (Parquet), figures/*.csv"),
    ]
