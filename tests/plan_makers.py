"""Makers of plan files, and a small plan that runs in no time."""

from experiments.plans.plan_file import read_plan
from experiments.sweep import study_of

TINY = {"months": 2, "citizens_per_office": 8, "servants_per_office": 2}
HEAD = 'schema = 1\nkind = "plan"\nname = "test"\nscenario = "small"\nreplicates = 2\n'
SETTINGS = "[settings]\n" + "".join(f"{key} = {value}\n" for key, value in TINY.items())
TWO = "[factors.training_rate]\nlow = 0.0\nhigh = 0.4\n[factors.counters]\nvalues = [1, 2, 3]\n"


def plan_text(design='method = "grid"\nlevels = 3', factors=TWO, head=HEAD, more="", settings=SETTINGS):
    """Return the text of a plan."""
    return f"{head}\n{settings}\n[design]\n{design}\n{factors}\n{more}\n"


def write_plan(folder, **pieces):
    """Return the path of a plan file."""
    path = folder / "plan.toml"
    path.write_text(plan_text(**pieces))
    return path


def make_study(folder, **pieces):
    """Return the Study of a plan."""
    return study_of(read_plan(write_plan(folder, **pieces)))


def points(study):
    """Return the points of a study as dictionaries, without number and scenario."""
    names = [name for name in study.points if name not in ("point", "scenario")]
    return [dict(zip(names, row, strict=True)) for row in zip(*(study.points[name] for name in names), strict=True)]
