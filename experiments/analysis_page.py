"""The page of an analysis (sensitivity, discovery, search): answers and tables by section, figures, how it was made."""

from pathlib import Path

from experiments.pages import embedded, rendered, tables_of_page
from experiments.storage.publish import publish
from experiments.summary import caution

TEMPLATE = Path(__file__).with_name("analysis_page.html")
TEXT = {
    "name": "Loket",
    "figures": "Figures",
    "made": "How this was made",
    "numbers": "numbers",
    "files": "Tables:",
}
ALTERNATIVE = "Chart of {name}. The caption says what it shows; figures/{name}.csv holds its numbers."


def write_page(folder, factor, pictures, written, **content):
    """Write report.html into a folder in which tables and figures are.

    Parameters
    ----------
    factor : head of the first column of the tables. pictures : paths of the figures to show. written : names of the files
    of this analysis in the folder of tables.
    content : title, question, subtitle, sections, notes, facts; see analysis_page.html.
    """
    page = rendered(
        TEMPLATE,
        text={**TEXT, "factor": factor},
        caution=caution(),
        figures=[embedded(path, path.stem, ALTERNATIVE.format(name=path.stem)) for path in pictures],
        files=tables_of_page(folder, written),
        **content,
    )
    publish(folder / "report.html", page)


def origin(result):
    """Return where a result came from, as pairs of name and value."""
    about = result.manifest["loket"]
    return [
        ("Model version", about["model_version"]),
        ("Code version", about["code_version"]),
        ("Result hash", result.hash),
        ("Command", " ".join(about["command"])),
        ("Scenario", f"{about['scenario']['name']}: {about['scenario']['reference']}"),
    ]
