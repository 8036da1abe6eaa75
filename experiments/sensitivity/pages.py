"""The files of an analysis: CSV and LaTeX tables, figures, one page of HTML."""

from experiments.publish import publish, storage_errors
from experiments.sensitivity import tables


def write_pages(result, analysis, folder):
    """Write tables, figures and report into a folder."""
    with storage_errors(folder):
        (folder / "tables").mkdir(parents=True, exist_ok=True)
    write_tables(analysis, folder / "tables")


def write_tables(analysis, folder):
    """Write every table of an analysis."""
    frames = {
        "indices": tables.index_table(analysis),
        "convergence": tables.convergence_table(analysis),
        "over_time": tables.time_table(analysis),
    }
    for name, frame in frames.items():
        if len(frame):
            publish(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
    for place, outcome in enumerate(analysis.outcomes):
        publish(folder / f"indices_{outcome}.tex", tables.latex_table(analysis, place))
