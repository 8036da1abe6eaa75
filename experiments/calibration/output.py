"""The folder of a calibration: tables, figures and the calibrated scenario, all of one posterior."""

import pandas

from experiments.calibration import posterior
from experiments.calibration.tables import fit_table, luck_table, spread_table
from experiments.figures.calibration import draw_all
from experiments.storage.publish import locked, publish, storage_errors
from experiments.storage.seal import write_seal

FOLDER, FIGURES = "calibration", "figures"
NOT_ALWAYS = ("held_out", "validation", "countries", "country_scores", "spread")  # tables of some plans and commands only
FIGURES_NOT_ALWAYS = ("countries", "pairs")


def write(fit, more):
    """Write every table (`more`: name -> table of those of a validation), figure and file of a Fit; return the folder."""
    folder = fit.result.folder / FOLDER
    frames = {**tables_of(fit), **more}
    with locked(fit.result.folder):
        with storage_errors(folder):
            folder.mkdir(exist_ok=True)
            remove_earlier(folder)
        for name, frame in frames.items():
            publish(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
        publish(folder / f"{fit.plan.name}-calibrated.toml", posterior.scenario_text(fit))
        draw_all(fit, frames, folder / FIGURES)
        write_seal(fit.result)
    return folder


def tables_of(fit):
    """Return name -> table of what every calibration has."""
    names = [factor.name for factor in fit.plan.factors]
    linked = pandas.DataFrame(posterior.correlations(fit), index=names, columns=names)
    spread = spread_table(fit)
    return {
        "posterior": posterior.summary(fit),
        "correlations": linked.reset_index(names="parameter"),
        "generations": pandas.DataFrame(fit.history),
        "luck": luck_table(fit),
        "fit": fit_table(fit),
        "posterior_draws": posterior.draws_table(fit),
        **({"spread": spread} if len(spread) else {}),
    }


def remove_earlier(folder):
    """Remove what an earlier command wrote and this one may not: scores of another posterior must not stand beside it."""
    for name in NOT_ALWAYS:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    for name in FIGURES_NOT_ALWAYS:
        for path in (folder / FIGURES).glob(f"{name}.*"):
            path.unlink()
