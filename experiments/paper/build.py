"""One folder with everything a paper shows: figures, tables, captions, methods paragraph, references, hashes."""

import hashlib
import json
import sys
from pathlib import Path

from experiments.figures import analysis as sensitivity_figures
from experiments.figures.style import JOURNALS
from experiments.paper import methods
from experiments.run_outcomes import label
from experiments.sensitivity.pages import write_tables
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors

CONTENTS = "paper.json"


def build(results, out, journal):
    """Write the pack of several results.

    Parameters
    ----------
    results : list of (name, Result, Analysis or None). out : folder. journal : name in JOURNALS.

    Returns
    -------
    list of (figure, why it was refused).
    """
    out, captions, paragraphs, refused = Path(out), [], [], []
    for name, result, analysis in results:
        folder = out if len(results) == 1 else out / name
        with storage_errors(folder):
            (folder / "tables").mkdir(parents=True, exist_ok=True)
        drawn, left = draw(result, analysis, folder / "figures", journal)
        refused += left
        paragraphs.append(methods.methods_of(result, analysis))
        captions += [f"## {name}: figure {figure}\n\n{caption}\n" for figure, caption in drawn]
        captions += [f"## {name}: table {table}\n\n{caption}\n" for table, caption in tabulate(result, analysis, folder)]
    text = "\n\n".join(paragraphs) + "\n"
    publish(out / "captions.md", "\n".join(captions))
    publish(out / "methods.md", text)
    publish(out / "references.bib", methods.references_in(text))
    write_contents(results, out, journal)
    return refused


def draw(result, analysis, folder, journal):
    """Draw the figures of a result; return (list of name and caption, list of name and reason of those refused)."""
    if analysis is None:
        return draw_sweep(result, folder, journal)
    names = sensitivity_figures.usual(analysis)
    drawn = []
    for name in names:
        print(f"drawing {name}", file=sys.stderr, flush=True)
        drawn.append((name, sensitivity_figures.draw(analysis, result, folder, name, journal)))
    refused = [(f"drivers-{outcome}", "no interval") for outcome in analysis.outcomes if f"drivers-{outcome}" not in names]
    return drawn, refused


def draw_sweep(result, folder, journal):
    """Draw the figures of a sweep, or of policies in replicates; as `draw`."""
    from experiments.figures import FIGURES, NEED_POLICIES, available_for_sweep, need_replicates
    from experiments.figures import draw as draw_one
    from experiments.figures.sweep_data import Swept, has_factors

    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if has_factors(result):
        subject, names = Swept(result), available_for_sweep(result)
    else:
        need_replicates(result)
        several = "baseline" in result.policies and len(result.policies) > 1
        subject, names = result, [name for name in FIGURES if several or name not in NEED_POLICIES]
    for name in names:
        draw_one(subject, folder, name, journal)
    return [(name, (folder / f"{name}.txt").read_text(encoding="utf-8").strip()) for name in names], []


def tabulate(result, analysis, folder):
    """Write the tables of a result; return pairs of name and caption."""
    if analysis is None:
        return effects_of(result, folder / "tables")
    write_tables(result, analysis, folder / "tables")
    factors = methods.factor_table(analysis)
    publish(folder / "tables" / "factors.csv", factors.to_csv(index=False, lineterminator="\n"))
    publish(folder / "tables" / "factors.tex", methods.latex_factors(factors))
    captions = [("factors", "What was varied, between which values, and on what ground (the registry of parameters).")]
    captions += [
        (
            f"indices_{outcome}",
            f"Sensitivity of {label(outcome).lower()}: indices with 95 % intervals, chance and a dummy without effect.",
        )
        for outcome in analysis.outcomes
    ]
    if "S2" in analysis.estimates:
        captions += [(f"pairs_{outcome}", f"Strongest pairs of factors for {label(outcome).lower()}, 95 % intervals.")
                     for outcome in analysis.outcomes]  # fmt: skip
    return captions


def effects_of(result, folder):
    """Write the effects of policies on the headline outcomes; return pairs of name and caption."""
    from experiments.compare import effects

    if "baseline" not in result.policies or len(result.policies) < 2 or result.design["point"].nunique() > 1:
        return []
    captions = []
    for name in result.scenario["headline"]:
        publish(folder / f"effects_{name}.csv", effects(result, name).to_csv(index=False, lineterminator="\n"))
        captions.append((f"effects_{name}", f"Change of {name} against the baseline, paired by replicate, 95 % intervals."))
    return captions


def write_contents(results, out, journal):
    """Publish the hashes of all files and the provenance of the results, so that a second build can be compared."""
    paths = sorted(path for path in out.rglob("*") if path.is_file() and path.name != CONTENTS and path.name[0] != ".")
    files = {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    sources = {name: json.loads(figure_metadata(result, "all")) for name, result, _ in results}
    widths = dict(zip(("one_column_mm", "two_columns_mm"), JOURNALS[journal], strict=True))
    contents = {"journal": journal, **widths, "results": sources, "files": files}
    publish(out / CONTENTS, json.dumps(contents, indent=1, sort_keys=True) + "\n")
