"""All figures of a result: each is made from the result alone, saved with the numbers behind it."""

from experiments.figures import policies, time
from experiments.figures.data import need_replicates
from experiments.figures.style import drawing, save
from experiments.provenance import figure_metadata
from experiments.publish import publish, storage_errors
from model.errors import InputError

FIGURES = {
    "policy_effects": policies.policy_effects,
    "trajectories": policies.trajectories,
    "adoption": time.adoption,
    "stages": time.stages,
    "flows": time.flows,
    "supply_use": time.supply_use,
    "province_map": policies.province_map,
    "divides": time.divides,
    "projects": time.projects,
}
NEED_POLICIES = ("policy_effects",)


def available(result):
    """Return the names of the figures that this result can fill."""
    several = "baseline" in result.policies and len(result.policies) > 1
    return [name for name in FIGURES if several or name not in NEED_POLICIES]


def draw_all(result, folder, names=None, progress=None, journal="elsevier"):
    """Draw figures into a folder, each as PDF, SVG, PNG and CSV, and keep their captions beside them.

    Raises InputError if a policy has fewer than two replicates (a figure without uncertainty is refused), or if a figure
    is asked for that this result cannot fill.
    """
    need_replicates(result)
    for name in names or ():
        if name not in available(result):
            raise InputError(f"'{name}' compares policies with a baseline, which this result lacks", file=result.folder)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name in names or available(result):
        draw(result, folder, name, journal)
        if progress:
            progress(name)


def draw(result, folder, name, journal="elsevier"):
    """Draw one figure; the caption is published last, so that a caption means a complete figure."""
    with drawing(journal):
        figure, table, caption = FIGURES[name](result)
        save(figure, folder, name, figure_metadata(result, name))
    publish(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    publish(folder / f"{name}.txt", caption + "\n")
