"""The report: one page that opens offline and begins with the answer."""

import base64
import struct
from collections import Counter, namedtuple
from pathlib import Path

import jinja2
import numpy as np

from experiments.compare import effects, mean_intervals
from experiments.comparison.pairing import pairing
from experiments.comparison.tables import pairwise
from experiments.figures import available
from experiments.publish import publish
from experiments.summary import caution
from model.parameter_table import BASELINE
from model.registry import load_observables, load_registry

Harm = namedtuple("Harm", ("size", "words"))
SMALL = 0.1  # harm below it, in the unit shown, is named without numbers
SCREEN = 1.5 * 96 / 300  # pixels on the screen per pixel of a figure: half larger than on paper
TEMPLATE = Path(__file__).with_name("report_template.html")
COLUMNS = ("use_share", "wait_days", "cost_per_case", "dropped_share", "trust_agency", "skill_gap", "setting_gap")
POINTS = "share of cases"
OF_HUNDRED = ("trust_agency",)  # on a scale from 0 to 1, shown from 0 to 100
HARMS = ("dropped_share", "use_share", "wait_days", "trust_agency")
TEXT = {
    "name": "Loket",
    "answer": "The answer in short",
    "policies": "All policies",
    "policy": "Policy",
    "table": "Change against the baseline, mean of the last twelve months, paired by replicate; below it the 95 % interval.",
    "figures": "Figures",
    "made": "How this was made",
    "leads": (
        "{policy} moves digital use most: {use} percentage points ({interval}, 95 % interval) for a planned cost of "
        "Rp {cost} trillion; without any policy {base} % of cases are digital at the end."
    ),
    "clear": (
        "It can be told apart from the next, {next} ({use} percentage points): the difference of the two, paired by "
        "replicate, is {ahead} percentage points ({interval}, 95 % interval for all pairs at once)."
    ),
    "unclear": (
        "It cannot be told apart from the next, {next} ({use} percentage points): the difference of the two, paired by "
        "replicate, is {ahead} percentage points ({interval}, 95 % interval for all pairs at once)."
    ),
    "gap": (
        "Who is left behind: under {policy} the gap in digital use between the most and the least skilled third of "
        "citizens goes from {skill_before} to {skill_after} percentage points (change {skill}, {skill_interval}), that "
        "between town and country from {setting_before} to {setting_after} (change {setting}, {setting_interval})."
    ),
    "service": (
        "Under {policy} the wait for a decision changes by {wait} days ({wait_interval}), the public cost of a case "
        "by {cost} thousand rupiah ({cost_interval})."
    ),
    "harm": "Harm: {policy} {what}.",
    "harm_part": "{verb} {label} by {change} {unit} ({interval})",
    "small_harm": "Smaller harm, below {limit} of its unit: {policies}; the table has the numbers.",
    "raises": "raises",
    "lowers": "lowers",
    "gentle": (
        "Of the policies that drop no more cases than the baseline, {policy} moves use most: {use} percentage points "
        "({interval})."
    ),
    "no_harm": "No policy lowers digital use or trust, or raises dropped cases or the wait, beyond chance.",
    "nothing": "No policy moves digital use beyond chance.",
    "pairing": (
        "Pairing by common random numbers, with {runs} baseline runs as controls, reduced the variance of the effect of "
        "{policy} on digital use by a factor of {factor} ({low} to {high}, 95 % interval; pairing alone: {alone}): {n} "
        "replicates do the work of {equal} with seeds of their own."
    ),
    "mean": "{label}: {mean} {unit} ({interval}, 95 % interval of the mean) in the last twelve months.",
    "points": "percentage points",
    "trust_points": "points of 100",
    "percent": "% of cases",
    "planned": "Planned cost (Rp billion)",
    "alternative": "Chart of {name}. The caption says what it shows; {file} holds its numbers.",
    "numbers": "numbers",
    "files": "Files",
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
        answers=policy_answers(result, tables) if compared else mean_answers(result),
        table=effect_table(result, tables) if compared else None,
        figures=[embedded(result, name) for name in available(result) if drawn(result, name).is_file()],
        facts=facts(result),
        files=files(result),
    )
    path = result.folder / "report.html"
    publish(path, page)
    return path


def shown(name, value, signed=True):
    """Return a number as words: shares of cases in percentage points, others in their unit."""
    value = scaled(name, value)
    text = f"{value:+.2f}" if signed else f"{value:.2f}"
    return "0.00" if text in ("-0.00", "+0.00") else text


def scaled(name, value):
    """Return a number in the unit in which it is shown."""
    return 100.0 * value if load_observables()[name].unit == POINTS or name in OF_HUNDRED else value


def span(name, row):
    """Return the 95 % interval of an effect as words."""
    return f"{shown(name, row['low'])} to {shown(name, row['high'])}"


def policy_answers(result, tables):
    """Return the sentences of the first screen for a comparison."""
    use = tables["use_share"].sort_values("mean_difference", ascending=False)
    best = use.iloc[0]
    if not best["simultaneous_low"] > 0:
        return [TEXT["nothing"], *harms(tables, use)]
    policy = use.index[0]
    interval, base = span("use_share", best), shown("use_share", best["baseline_mean"], signed=False)
    change, cost = shown("use_share", best["mean_difference"]), f"{best['planned_cost'] / 1e6:.1f}"
    sentences = [TEXT["leads"].format(policy=policy, use=change, interval=interval, cost=cost, base=base)]
    if len(use) > 1:
        sentences.append(against_next(result, use))
    sentences += [*about(tables, policy), *harms(tables, use)]
    return [*sentences, about_pairing(result, policy)]


def about_pairing(result, policy):
    """Return the sentence on what pairing is worth for the effect of a policy on digital use."""
    row = pairing(result, ["use_share"]).set_index("policy").loc[policy]
    numbers = {"factor": row["factor"], "low": row["low"], "high": row["high"], "alone": row["pairing_factor"]}
    words = {name: f"{value:.1f}" for name, value in numbers.items()}
    counts = {"n": int(row["n"]), "runs": int(row["baseline_runs"]), "equal": f"{row['replicates_independent']:.0f}"}
    return TEXT["pairing"].format(policy=policy, **words, **counts)


def against_next(result, use):
    """Return the sentence on the best policy against the second, by their paired difference.

    Overlap of two intervals would be the wrong test: policies share their draws, so the difference is known better.
    The pair is chosen by its outcome, hence the interval holds for all pairs of policies at once.
    """
    best, second = use.index[:2]
    row = pairwise(result, ["use_share"]).set_index(["policy", "other"])
    turned = (best, second) not in row.index
    row = row.loc[(second, best) if turned else (best, second)]
    bounds = sorted((-1 if turned else 1) * row[f"simultaneous_{end}"] for end in ("low", "high"))
    ahead = shown("use_share", (-1 if turned else 1) * row["mean_difference"])
    words = {"next": second, "use": shown("use_share", use.iloc[1]["mean_difference"]), "ahead": ahead}
    interval = " to ".join(shown("use_share", bound) for bound in bounds)
    return TEXT["clear" if bounds[0] > 0 else "unclear"].format(**words, interval=interval)


def about(tables, policy):
    """Return sentences on gaps, wait and cost under one policy."""
    words = {"policy": policy}
    for word, name in (("skill", "skill_gap"), ("setting", "setting_gap"), ("wait", "wait_days"), ("cost", "cost_per_case")):
        row = tables[name].loc[policy]
        words[word], words[f"{word}_interval"] = shown(name, row["mean_difference"]), span(name, row)
        words[f"{word}_before"] = shown(name, row["baseline_mean"], signed=False)
        words[f"{word}_after"] = shown(name, row["policy_mean"], signed=False)
    return [TEXT["gap"].format(**words), TEXT["service"].format(**words)]


def harms(tables, use):
    """Return sentences on policies that do harm beyond chance, and on the best of those that drop no more cases."""
    found = {policy: [done for name in HARMS if (done := harm(name, tables[name].loc[policy]))] for policy in use.index}
    large = {policy: [one.words for one in what if one.size >= SMALL] for policy, what in found.items()}
    sentences = [TEXT["harm"].format(policy=policy, what="; ".join(what)) for policy, what in large.items() if what]
    small = [policy for policy, what in found.items() if what and not large[policy]]
    if small:
        sentences.append(TEXT["small_harm"].format(limit=SMALL, policies=", ".join(small)))
    dropped = tables["dropped_share"]
    dropping = dropped.index[dropped["simultaneous_low"] > 0]
    gentle = use.drop(dropping)
    if len(dropping) and len(gentle) and gentle.iloc[0]["simultaneous_low"] > 0:
        row = gentle.iloc[0]
        words = {"policy": gentle.index[0], "use": shown("use_share", row["mean_difference"])}
        sentences.append(TEXT["gentle"].format(**words, interval=span("use_share", row)))
    return sentences or [TEXT["no_harm"]]


def harm(name, row):
    """Return what a policy worsens as a Harm; None if it does not, beyond chance."""
    rises = load_observables()[name].direction == "lower"
    clear = row["simultaneous_low"] > 0 if rises else row["simultaneous_high"] < 0
    if not clear:
        return None
    # The verb says the direction, so the numbers carry no sign.
    size, low, high = (scaled(name, row[key]) * (1 if rises else -1) for key in ("mean_difference", "low", "high"))
    low, high = sorted((low, high))
    words = {"verb": TEXT["raises" if rises else "lowers"], "label": load_observables()[name].label.lower()}
    interval = f"{low:.2f} to {high:.2f}"
    return Harm(size, TEXT["harm_part"].format(**words, change=f"{size:.2f}", unit=unit_of(name), interval=interval))


def unit_of(name):
    """Return the unit in which a change of an observable is shown."""
    unit = load_observables()[name].unit
    return TEXT["points"] if unit == POINTS else TEXT["trust_points"] if name in OF_HUNDRED else unit


def mean_answers(result):
    """Return the sentences of the first screen for a single case."""
    sentences = []
    table = mean_intervals(result, result.scenario["headline"])
    for row in table.to_dict("records"):
        entry = load_observables()[row["observable"]]
        low, mean, high = (shown(row["observable"], row[key], signed=False) for key in ("low", "mean", "high"))
        unit = TEXT["percent"] if entry.unit == POINTS else unit_of(row["observable"])
        sentences.append(TEXT["mean"].format(label=entry.label, unit=unit, mean=mean, interval=f"{low} to {high}"))
    return sentences


def effect_table(result, tables):
    """Return columns and rows of the policy table, the strongest effect on use first."""
    entries = load_observables()
    columns = [f"{entries[name].label} ({unit_of(name)})" for name in tables] + [TEXT["planned"]]
    titles = {policy["name"]: policy.get("title", "") for policy in result.manifest["loket"]["policies"]}
    rows = []
    order = tables["use_share"].sort_values("mean_difference", ascending=False)
    for policy in order.index:
        cells = []
        for name, table in tables.items():
            row = table.loc[policy]
            cells.append({"mean": shown(name, row["mean_difference"]), "interval": span(name, row)})
        cells.append({"mean": f"{order.loc[policy, 'planned_cost'] / 1000:,.0f}", "interval": ""})
        rows.append({"name": policy, "title": titles.get(policy, ""), "cells": cells})
    return {"columns": columns, "rows": rows}


def drawn(result, name):
    """Return where the picture of a figure is."""
    return result.folder / "figures" / f"{name}.png"


def embedded(result, name):
    """Return a figure as data for the page, with its caption."""
    caption = drawn(result, name).with_suffix(".txt").read_text(encoding="utf-8").strip()
    alternative = TEXT["alternative"].format(name=name.replace("_", " "), file=f"figures/{name}.csv")
    picture = drawn(result, name).read_bytes()
    width, height = (round(side * SCREEN) for side in struct.unpack(">II", picture[16:24]))
    data = base64.b64encode(picture).decode("ascii")
    return {"name": name, "caption": caption, "alternative": alternative, "width": width, "height": height, "data": data}


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
        ("Command", " ".join(about["command"])),
        ("Scenario", f"{about['scenario']['name']}: {about['scenario']['reference']}"),
        ("Parameters by status", ", ".join(f"{number} {status}" for status, number in statuses.most_common())),
        ("Months", about["scenario"]["months"]),
        ("Runs, month by month", "series/, groups/, flows/ (Parquet)"),
    ]


def files(result):
    """Return the tables behind table and figures that exist, as names relative to the report."""
    found = [*sorted((result.folder / "tables").glob("*.csv")), *sorted((result.folder / "figures").glob("*.csv"))]
    return [path.relative_to(result.folder).as_posix() for path in found]
