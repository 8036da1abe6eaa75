"""The report: one page that opens offline and begins with the answer, in the language at hand."""

from collections import Counter
from pathlib import Path

import numpy as np

from experiments.compare import mean_intervals
from experiments.figures import available
from experiments.pages import embedded, rendered, tables_of_page
from experiments.planner.answers import answers
from experiments.planner.evidence import Evidence
from experiments.planner.harms import harm_sentences
from experiments.planner.tables import tables
from experiments.planner.words import interval, shown
from experiments.storage.publish import publish
from experiments.summary import caution
from experiments.texts import measured, named, say, spoken
from experiments.units import level_in
from model.parameter_table import BASELINE
from model.registry import load_observables, load_registry

TEMPLATE = Path(__file__).with_name("report_template.html")


def write_report(result, written=()):
    """Write report.html into the result folder and return its path; needs the figures drawn.

    Parameters
    ----------
    written : names of the files of this result in its folder of tables.
    """
    compared = BASELINE in result.policies and len(result.policies) > 1
    evidence = Evidence(result) if compared else None
    page = rendered(
        TEMPLATE,
        {"named": named},
        say=say,
        language=spoken(),
        scenario=result.scenario,
        caution=caution(),
        answers=answers(evidence) if compared else mean_answers(result),
        harms=harm_sentences(evidence) if compared else [],
        tables=tables(evidence) if compared else [],
        figures=[shown_on_page(result, name) for name in available(result) if drawn(result, name).is_file()],
        facts=facts(result),
        files=files(result, written),
    )
    path = result.folder / "report.html"
    publish(path, page)
    return path


def mean_answers(result):
    """Return the first screen for a single case: a sentence for each headline observable."""
    sentences = []
    for row in mean_intervals(result, result.scenario["headline"]).to_dict("records"):
        name, entry = row["observable"], load_observables()[row["observable"]]
        mean = measured(shown(name, row["mean"], signed=False), named(level_in(name)[1]))
        sentences.append(say("means.mean", label=named(entry.label), mean=mean, interval=interval(name, row, signed=False)))
    return [{"question": say("means.question"), "sentences": sentences}]


def drawn(result, name):
    """Return where the picture of a figure is."""
    return result.folder / "figures" / f"{name}.png"


def shown_on_page(result, name):
    """Return a figure as data for the page, in the language of the page."""
    alternative = say("page.alternative", name=name.replace("_", " "), file=f"figures/{name}.csv")
    return embedded(drawn(result, name), name, alternative)


def facts(result):
    """Return what a reader needs to repeat this, as pairs of name and value."""
    about = result.manifest["loket"]
    statuses = Counter(entry.status for entry in load_registry().values())
    ok = int(np.sum(result.design["status"] == "ok"))
    values = {
        "runs": say("facts.runs_of", done=ok, all=len(result.design)),
        "replicates": about["replicates"],
        "seed": about["seed"],
        "model_version": about["model_version"],
        "code_version": about["code_version"],
        "hash": result.hash,
        "command": " ".join(about["command"]),
        "scenario": f"{about['scenario']['name']}: {about['scenario']['reference']}",
        "statuses": ", ".join(f"{count} {say(f'status.{status}')}" for status, count in statuses.most_common()),
        "months": about["scenario"]["months"],
        "stored": "series/, groups/, flows/ (Parquet)",
    }
    return [(say(f"facts.{name}"), value) for name, value in values.items()]


def files(result, written):
    """Return the tables that were written, and those behind the figures of this design, as names relative to the report."""
    wanted = set(available(result))
    drawn_from = [path for path in sorted((result.folder / "figures").glob("*.csv")) if path.stem in wanted]
    return [*tables_of_page(result.folder, written), *(path.relative_to(result.folder).as_posix() for path in drawn_from)]
