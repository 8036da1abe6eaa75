"""The files of an analysis: CSV and LaTeX tables, figures, one page of HTML."""

import sys

from experiments.publish import publish, storage_errors
from experiments.sensitivity import tables
from experiments.sensitivity.report import write_report


def write_pages(result, analysis, folder):
    """Write tables, figures and report into a folder."""
    from experiments.figures.analysis import draw, usual

    write_tables(result, analysis, folder / "tables")
    print("drawing figures", file=sys.stderr, flush=True)
    for name in usual(analysis):
        draw(analysis, result, folder / "figures", name)
    write_report(result, analysis, folder)


def write_tables(result, analysis, folder):
    """Write every table of an analysis; those in LaTeX begin with the hash of the result."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    frames = {
        "indices": tables.index_table(analysis),
        "convergence": tables.convergence_table(analysis),
        "over_time": tables.time_table(analysis),
    }
    for name, frame in frames.items():
        if len(frame):
            publish(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
    origin = f"% result {result.hash}\n"
    for place, outcome in enumerate(analysis.outcomes):
        publish(folder / f"indices_{outcome}.tex", origin + tables.latex_table(analysis, place))
        if "S2" in analysis.estimates:
            publish(folder / f"pairs_{outcome}.tex", origin + tables.latex_pairs(analysis, place))
