"""Tables of an analysis as DataFrames and as LaTeX (booktabs); one line for each outcome, unit and index."""

import numpy as np
import pandas

from experiments.run_outcomes import label, unit
from experiments.sensitivity import verdict
from experiments.sensitivity.variance import pairs_of

LATEX = str.maketrans({"&": r"\&", "%": r"\%", "_": r"\_", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}",
                       "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"})  # fmt: skip
PAIRS = 12  # lines of a table of pairs
HEADS = {
    "ST": "$S_T$", "S1": "$S_1$", "mu_star": r"$\mu^*$", "sigma": r"$\sigma$", "mu": r"$\mu$", "delta": r"$\delta$",
    "median": "PAWN, median", "maximum": "PAWN, maximum", "distance": "distance", "bound": "upper bound of $S_T$",
    "slope": "slope", "share": "Shapley share", "swing": "swing", "ends": "high minus low", "S2": "$S_{ij}$",
}  # fmt: skip


def index_table(analysis, estimates=None):
    """Return a row for each outcome, index and unit (or pair): value, interval, rank of factors, chance of the outcome."""
    rows = []
    for place, outcome in enumerate(analysis.outcomes):
        ranks = {int(unit): rank + 1 for rank, unit in enumerate(verdict.order_of(analysis, place))}
        for index, found in (estimates or analysis.estimates).items():
            names = pairs_of(analysis.layout.names) if index == "S2" else [(name, "") for name in analysis.layout.units]
            for number, (one, other) in enumerate(names):
                words = verdict.label(one) if other else verdict.label_of(analysis, number)
                value, half = found.value[number, place], found.half_width[number, place]
                rows.append({
                    "outcome": outcome, "outcome_label": label(outcome), "outcome_unit": unit(outcome), "index": index,
                    "factor": one, "with": other, "label": words, "value": value, "low": value - half,
                    "high": value + half, "rank": ranks.get(number) if index == analysis.main else None,
                    "chance_share": analysis.chance.value[0, place],
                })  # fmt: skip
    return pandas.DataFrame(rows).astype({"rank": "Int64"})


def convergence_table(analysis):
    """Return the index table at a quarter, a half and all of the rows."""
    frames = []
    for share, found in analysis.stages.items():
        kept = {name: one for name, one in found.items() if name != "S2"}
        rows = round(share * len(analysis.layout.part))
        frames.append(index_table(analysis, kept).drop(columns=["rank", "chance_share"]).assign(share=share, rows=rows))
    return pandas.concat(frames, ignore_index=True)


def time_table(analysis):
    """Return a row for each observable, month, index and unit; empty without a course over time."""
    rows = []
    for observable, (months, estimates) in analysis.course.items():
        for index, found in estimates.items():
            half = found.half_width
            for unit_place, name in enumerate(analysis.layout.units):
                for place, month in enumerate(months):
                    value, wide = found.value[unit_place, place], half[unit_place, place]
                    rows.append((observable, month, index, name, verdict.label(name), value, value - wide, value + wide))
    return pandas.DataFrame(rows, columns=["observable", "month", "index", "factor", "label", "value", "low", "high"])


def latex_table(analysis, outcome):
    """Return the indices of one outcome as a LaTeX table (booktabs), strongest first, then seed and dummy."""
    found = [index for index in analysis.estimates if index != "S2"]
    order = [*verdict.order_of(analysis, outcome), len(analysis.layout.names), len(analysis.layout.names) + 1]
    heads = " & ".join(f"{HEADS[name]} & 95\\,\\% interval" for name in found)
    labels = [escape(verdict.label_of(analysis, place)) for place in order]
    shown = [(*verdict.shown(analysis, index, outcome), verdict.places_of(analysis, index, outcome)) for index in found]
    rows = [cells(shown, place) for place in order]
    lines = [f"{words} & {row} \\\\" for words, row in zip(labels, rows, strict=True)]
    lines.insert(len(analysis.layout.names), r"\midrule")
    below = [*units_words(found, analysis.outcomes[outcome]), escape(verdict.chance(analysis, outcome))]
    lines += [r"\midrule", *(rf"\multicolumn{{{1 + 2 * len(found)}}}{{l}}{{{words}}} \\" for words in below)]
    return booktabs("l" + "rr" * len(found), f"Factor & {heads}", lines)


def units_words(indices, name):
    """Return the sentence, if any, that says in which unit a LaTeX table has those indices of an outcome that bear one."""
    units = {HEADS[index]: verdict.shown_in(index, name)[1] for index in indices}
    measured = [index for index, unit_words in units.items() if unit_words]
    return [f"In {escape(units[measured[0]])}: {', '.join(measured)}."] if measured else []


def latex_pairs(analysis, outcome):
    """Return the largest second-order indices of one outcome as a LaTeX table (booktabs)."""
    found, names = analysis.estimates["S2"], pairs_of(analysis.layout.names)
    value, half = found.value[:, outcome], found.half_width[:, outcome]
    lines = []
    for pair in np.argsort(-value, kind="stable")[:PAIRS]:
        one, other = (escape(verdict.label(name)) for name in names[pair])
        spread = minus(verdict.interval(value[pair], half[pair]))
        lines.append(f"{one} & {other} & {minus(verdict.number(value[pair]))} & {spread} \\\\")
    return booktabs("llrr", f"Factor & With & {HEADS['S2']} & 95\\,\\% interval", lines)


def booktabs(columns, heads, lines):
    """Return a table in LaTeX."""
    body = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", rf"{heads} \\", r"\midrule", *lines]
    return "\n".join(["% needs \\usepackage{booktabs}", *body, r"\bottomrule", r"\end{tabular}", ""])


def cells(shown, unit_place):
    """Return value and interval of every index of one unit; `shown` has values, half widths and decimals of each."""
    parts = []
    for values, halves, digits in shown:
        value, half = values[unit_place], halves[unit_place]
        parts.append(minus(verdict.number(value, digits)) if np.isfinite(value) else "--")
        parts.append(minus(verdict.interval(value, half, digits)) if np.isfinite(half) else "--")
    return " & ".join(parts)


def minus(text):
    """Return numbers with the minus sign of LaTeX."""
    return text.replace("-", "$-$")


def escape(text):
    """Return text with the signs that LaTeX would read as commands written out."""
    return text.translate(LATEX)
