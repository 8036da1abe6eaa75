"""The files of an analysis: CSV and LaTeX tables, figures, one page of HTML."""

import sys

from experiments.sensitivity import tables
from experiments.sensitivity.report import write_report
from experiments.storage.publish import publish, storage_errors


def write_pages(result, analysis, folder):
    """Write tables, figures and report into a folder."""
    from experiments.figures.analysis import draw, usual

    written = write_tables(result, analysis, folder / "tables")
    print("drawing figures", file=sys.stderr, flush=True)
    for name in usual(analysis):
        draw(analysis, result, folder / "figures", name)
    write_report(result, analysis, folder, written)


def write_tables(result, analysis, folder):
    """Write every table of an analysis, those in LaTeX with the hash of the result first; return the names of the files."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    frames = {
        "indices": tables.index_table(analysis),
        "convergence": tables.convergence_table(analysis),
        "over_time": tables.time_table(analysis),
    }
    texts = {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, frame in frames.items() if len(frame)}
    origin = f"% result {result.hash}\n"
    for place, outcome in enumerate(analysis.outcomes):
        texts[f"indices_{outcome}.tex"] = origin + tables.latex_table(analysis, place)
        if "S2" in analysis.estimates:
            texts[f"pairs_{outcome}.tex"] = origin + tables.latex_pairs(analysis, place)
    for name, text in texts.items():
        publish(folder / name, text)
    return list(texts)
