"""What a run says about the points of targets: the observable of a province and a year, read from stored results."""

import numpy as np
import pandas

from experiments.storage.store import part_name
from experiments.storage.tables import read_arrow
from model.checks import fail, nearest_name

NATIONAL = ""


def point_of(start, months, target, year):
    """Return the months (first, last) of a run in which a target's year is read, or None if the run does not cover it."""
    first = (year - start[0]) * 12 + 2 - start[1]  # month 1 is the month of the start
    last = first + 11
    if last > months or last < 1 or (target.moment == "year-mean" and first < 1):
        return None
    return (last, last) if target.moment == "year-end" else (first, last)


def need_covered(plan, scenario):
    """Require that the run covers every point of every target, and that its provinces exist."""
    from model.checks import Place

    for target in plan.targets:
        place = Place(target.file, "values")
        names = [region.name for region in scenario.regions]
        for group, year in zip(target.groups, target.years, strict=True):
            if point_of(scenario.start, scenario.months, target, year) is None:
                span = f"{scenario.month_label(1)} to {scenario.month_label(scenario.months)}"
                fail(place / str(year), "outside the run", given=str(year), allowed=f"whole years in {span}")
            if group and group not in names:
                fail(place / group, "no such province in the scenario", given=group, allowed=", ".join(names[:12]),
                     nearest=nearest_name(group, names))  # fmt: skip
        if any(target.groups) and scenario.start[1] != 1:
            fail(Place(plan.scenario, "start"), "targets of provinces need years from January", allowed="YYYY-01")


class Readings:
    """Readings of the runs of a result: parts are read once, and only the columns that are needed."""

    def __init__(self, scenario, targets):
        self.start, self.months = scenario.start, scenario.months
        self.observables = sorted({target.observable for target in targets if not any(target.groups)})
        self.measures = sorted({target.observable for target in targets if any(target.groups)})
        self.parts = {}

    def load(self, result):
        """Read the parts of a Result that are new."""
        for number in sorted(result.journal.parts):
            if number not in self.parts:
                self.parts[number] = self._read(result.folder, number)
        return self

    def _read(self, folder, number):
        """Return run id -> {(observable, province): values by month or by year} of one part."""
        found = {}
        if self.observables:
            columns = ["run_id", "month", *self.observables]
            series = read_arrow(folder / part_name("series", number), columns).to_pandas()
            for run_id, mine in series.sort_values(["run_id", "month"], kind="stable").groupby("run_id"):
                found[run_id] = {(name, NATIONAL): mine[name].to_numpy() for name in self.observables}
        if self.measures:
            columns = ["run_id", "month", "kind", "name", *self.measures]
            groups = read_arrow(folder / part_name("groups", number), columns).to_pandas()
            groups = groups[groups["kind"] == "province"].sort_values(["run_id", "name", "month"], kind="stable")
            for (run_id, province), mine in groups.groupby(["run_id", "name"]):
                for name in self.measures:
                    found.setdefault(run_id, {})[name, province] = mine[name].to_numpy()
        return found

    def runs(self):
        """Return run id -> readings of all parts."""
        return {run_id: series for part in self.parts.values() for run_id, series in part.items()}

    def values(self, run_ids, target, groups, years):
        """Return what the model says in the unit of the observable, shape (runs, points); NaN for runs without numbers.

        Provinces have year ends: use is that of the whole year, access and supply those of December.
        """
        runs = self.runs()
        found = np.full((len(run_ids), len(years)), np.nan)
        for row, run_id in enumerate(run_ids):
            series = runs.get(run_id)
            if series is None:
                continue
            for column, (group, year) in enumerate(zip(groups, years, strict=True)):
                mine = series[target.observable, group]
                if group:
                    found[row, column] = mine[year - self.start[0]]
                else:
                    first, last = point_of(self.start, self.months, target, year)
                    found[row, column] = mine[first : last + 1].mean()
        return found


def run_ids_of(result, count):
    """Return the run id of each point of a design with one run a point, in order."""
    design = result.design.sort_values("point", kind="stable")
    assert pandas.Index(design["point"]).is_unique and len(design) == count
    return design["run_id"].to_list()
