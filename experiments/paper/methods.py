"""The methods paragraph, the table of factors and the references of a paper, filled from registry and manifest."""

import re
from collections import Counter
from pathlib import Path

import pandas

from experiments.run_outcomes import label as outcome_label
from experiments.sensitivity.layout import GIVEN_DATA
from experiments.sensitivity.report import METHODS, size_words
from experiments.sensitivity.tables import booktabs, escape, minus
from experiments.sensitivity.verdict import label
from model.registry import load_registry

REFERENCES = Path(__file__).with_name("references.bib")
ALWAYS = ("terhoeven2025", "grimm2020")
SENSITIVITY = ("owen1997", "herman2017", "iwanaga2022")
BY_METHOD = {
    "one-at-a-time": ("tenbroeke2016",),
    "morris": ("morris1991", "campolongo2007"),
    "morris-radial": ("campolongo2011",),
    "sobol": ("saltelli2010", "khorashadi2017"),
    "fast": ("saltelli1999",),
    "pawn": ("pianosi2018",),
    "delta": ("plischke2013",),
    "rbd-fast": ("plischke2010", "tissot2012"),
    "regional": ("hornberger1981",),
    "dgsm": ("sobol2009",),
    "shapley": ("goda2021",),
}
BY_SALIB = ("sobol", "fast", "rbd-fast")  # methods whose indices SALib's functions compute
WITHOUT_SALIB = ("one-at-a-time", "regional")  # methods that SALib has not, or not with these indices
NOT_SCRAMBLED = ("one-at-a-time", "morris", "fast")  # methods whose parts are no scramblings of a Sobol sequence
PARAGRAPH = (
    "Simulations were made with Loket (code {code}, model version {model}, Python {python}, {packages}), an agent-based "
    'model built on Mesa [@terhoeven2025] and described after the ODD protocol [@grimm2020]. The case is "{title}": '
    "{months} months from {start}, {regions} provinces, {offices} offices, {servants} civil servants and {citizens} "
    "simulated citizens. {varied} {runs} All draws follow from the seed {seed}; the same command gives the same bits. "
    "{assumed} of {all} parameters of the model are assumptions without a measured value: results explain and explore, "
    "they do not predict. The numbers carry the hash {hash}."
)
STUDY = (
    "{count} factors were varied over the ranges of the table of factors, {uniform}; the sensitivity of {outcomes} was "
    "measured by {method} {cited}{salib}. {chance} The design has {size} in {parts} independent parts{scrambled}; "
    "intervals (95 %) are a delete-one jackknife over the parts with Student's t."
)


def methods_of(result, analysis=None):
    """Return the methods paragraph of a result, and of its Analysis if there is one."""
    facts = result.manifest["loket"]
    scenario, statuses = facts["scenario"], Counter(entry.status for entry in load_registry().values())
    offices = sum(region["regencies"] + region["cities"] for region in scenario["regions"])
    done = int((result.design["status"] == "ok").sum())
    return PARAGRAPH.format(
        code=facts["code_version"],
        model=facts["model_version"],
        python=facts["python"],
        packages=", ".join(f"{name} {facts['packages'][name]}" for name in ("mesa", "numpy", "numba", "SALib")),
        title=scenario["title"],
        months=scenario["months"],
        start="{}-{:02d}".format(*scenario["start"]),
        regions=len(scenario["regions"]),
        offices=offices,
        servants=offices * scenario["servants_per_office"],
        citizens=offices * scenario["citizens_per_office"],
        varied=study_words(analysis) if analysis else policy_words(result),
        runs=f"{done:,} of {len(result.design):,} runs were finished.",
        seed=facts["seed"],
        assumed=statuses["assumed"],
        all=statuses.total(),
        hash=result.hash[:16],
    )


def study_words(analysis):
    """Return the sentences on a sensitivity analysis."""
    layout = analysis.layout
    cited = "[" + "; ".join(f"@{key}" for key in BY_METHOD[layout.method]) + "]"
    return STUDY.format(
        count=len(analysis.factors),
        uniform=distribution_words(analysis.factors),
        outcomes=listed([outcome_label(name).lower() for name in analysis.outcomes]),
        method=METHODS[layout.method],
        cited=cited,
        salib=salib_words(layout.method),
        chance=chance_words(layout),
        size=size_words(layout),
        parts=len(set(layout.part.tolist())),
        scrambled="" if layout.method in NOT_SCRAMBLED else " [@owen1997]",
    )


def listed(words):
    """Return words as a list within a sentence."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def salib_words(method):
    """Return what the estimators of a method have to do with SALib."""
    if method in WITHOUT_SALIB:
        return ""
    return f", with estimators {'of' if method in BY_SALIB else 'that are tested against'} SALib [@herman2017; @iwanaga2022]"


def chance_words(layout):
    """Return the sentence on how the share of chance is known."""
    share = "the share of variance due to the seed"
    if layout.method in GIVEN_DATA:
        seeds = layout.seeds.shape[1]
        return f"Every point is run under {seeds} seeds, which show {share}." if seeds > 1 else "Every point has one seed."
    if layout.method == "one-at-a-time":
        return f"Every point is run under the same {len(layout.part)} seeds, which show {share}."
    return f"The seed varies like a factor, so that {share} is estimated with the indices."


def distribution_words(factors):
    """Return how the values of factors are distributed."""
    peaked = [label(factor.name) for factor in factors if factor.mode is not None]
    if not peaked:
        return "each uniform"
    return f"triangular with the mode given there for {', '.join(peaked)}, and uniform for all others"


def policy_words(result):
    """Return the sentence on a comparison of policies."""
    plan = result.manifest["loket"].get("plan", {})
    points = result.design["point"].nunique()
    if points > 1:
        names = ", ".join(factor["name"] for factor in plan["factors"])
        design = f"{points} points of a design of method {plan['method']} over {names}"
        return f"{design} were run in {result.manifest['loket']['replicates']} replicates each."
    others = [name for name in result.policies if name != "baseline"]
    words = f"{len(others)} policies ({', '.join(others)}) were compared with the baseline" if others else "One case was run"
    replicates = result.manifest["loket"]["replicates"]
    return f"{words} in {replicates} replicates that share their draws; intervals (95 %) are Student's t over replicates."


def factor_table(analysis):
    """Return the factors with their ranges, units, status and source from the registry."""
    registry, rows = load_registry(), []
    for factor in analysis.factors:
        entry = registry.get(factor.name)
        rows.append({
            "factor": factor.name, "label": label(factor.name), "unit": entry.unit if entry else "switch",
            "low": factor.low, "high": factor.high, "mode": factor.mode,
            "values": " ".join(str(value).lower() for value in factor.values),
            "default": entry.default if entry else 1.0, "role": entry.role if entry else "structure",
            "status": entry.status if entry else "rule", "source": entry.source if entry else "",
        })  # fmt: skip
    return pandas.DataFrame(rows)


def latex_factors(table):
    """Return the table of factors as LaTeX (booktabs)."""
    lines = []
    for row in table.itertuples():
        ends = " & ".join(minus(f"{end:g}") for end in (row.low, row.high))
        lines.append(f"{escape(row.label)} & {ends} & {escape(row.unit)} & {escape(row.status)} \\\\")
    return booktabs("lrrll", "Factor & Low & High & Unit & Status", lines)


def references_in(text):
    """Return the BibTeX entries that a text cites; every citation must have one."""
    entries = {match.group(1): match.group(0) for match in re.finditer(r"@\w+\{(\w+),.*?\n\}\n", REFERENCES.read_text(
        encoding="utf-8"), re.DOTALL)}  # fmt: skip
    cited = sorted(set(re.findall(r"@([a-z]+\d{4})", text)))
    return "\n".join(entries[key] for key in cited)
