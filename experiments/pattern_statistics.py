"""How the stylized facts are measured: each statistic takes the evidence and returns a number for each replicate.

Names are those of patterns.toml. Ratios have a denominator averaged over replicates where a single one may be near zero.
"""

import numpy as np
import pandas

from experiments.compare import WINDOW
from model.overlays import month_index
from model.record import GROUP_MEASURES

YEAR = 12
REGULATION = (2018, 10)
LEAST_SHARE = 0.001  # of cases: below it, a share is as good as none
SURGE_START, SURGE_END = 61, 67  # months of scenarios/shocks/demand-surge.toml


class Evidence:
    """What all worlds of a result hold, replicate by replicate; only replicates that every world has finished.

    Parameters
    ----------
    result : result of the study of `patterns.study_of`. worlds : their names, in the order of the points.
    scenario : Scenario. panel : DataFrame replicate, turnover, spread of the baseline.
    """

    def __init__(self, result, worlds, scenario, panel):
        self.scenario, self.result = scenario, result
        design = result.design[result.design["status"] == "ok"]
        by_world = {name: design[design["point"] == number] for number, name in enumerate(worlds)}
        common = set.intersection(*(set(rows["replicate"]) for rows in by_world.values()), set(panel["replicate"]))
        self.replicates = sorted(common)
        self.runs = {
            name: rows.set_index("replicate").loc[self.replicates, "run_id"].tolist() for name, rows in by_world.items()
        }
        self.panel = panel.set_index("replicate").loc[self.replicates]
        self._series = result.series.set_index(["run_id", "month"]).sort_index()

    def series(self, world, name):
        """Return an observable of a world, shape (replicates, months + 1)."""
        return np.array([self._series.loc[run, name].to_numpy() for run in self.runs[world]])

    def last(self, world, name, ago=0):
        """Return the mean of an observable over the last twelve months, or those `ago` months earlier."""
        values = self.series(world, name)
        end = values.shape[1] - ago
        return values[:, max(end - WINDOW, 1) : end].mean(axis=1)

    def groups(self, world, kind, measure):
        """Return a measure of every group of a kind, shape (replicates, years, groups)."""
        rows = self.result.groups[self.result.groups["kind"] == kind]
        wide = rows.pivot_table(index=["run_id", "month"], columns="name", values=measure).sort_index()
        return np.array([wide.loc[run].to_numpy() for run in self.runs[world]])


def samples_of(evidence):
    """Return fact -> a number for each replicate, or a text that says why there is none."""
    return {name: statistic(evidence) for name, statistic in STATISTICS.items()}


def project_share(name):
    """Return the statistic that is the share of ended projects with one outcome."""

    def share(evidence):
        kinds = ("projects_succeeded", "projects_partial", "projects_failed")
        ended = sum(evidence.series("baseline", kind).sum(axis=1) for kind in kinds)
        return evidence.series("baseline", name).sum(axis=1) / np.maximum(ended, 1e-12)

    return share


def gap(evidence):
    """Supply minus use."""
    return evidence.last("baseline", "supply_use_gap")


def users_of_those_online(evidence):
    """Citizens who use digital services relative to those with access."""
    return evidence.last("baseline", "citizen_adoption") / evidence.last("baseline", "access_share").mean()


def infrastructure_less_skill(evidence):
    """Rise of infrastructure minus rise of human capital."""

    def rise(names):
        values = np.mean([evidence.series("baseline", name) for name in names], axis=0)
        return values[:, -1] - values[:, 0]

    return rise(("access_share", "coverage")) - rise(("citizen_skill", "staff_skill"))


def slow_start(evidence):
    """Use in the fifth year relative to the last."""
    use = evidence.series("baseline", "use_share")
    return use[:, 4 * YEAR + 1 : 5 * YEAR + 1].mean(axis=1) / max(use[:, -WINDOW:].mean(), LEAST_SHARE)


def dispersion(evidence):
    """Use in the best quarter of provinces relative to the worst, last year."""
    use = np.sort(evidence.groups("baseline", "province", GROUP_MEASURES[0])[:, -1], axis=1)
    quarter = max(1, use.shape[1] // 4)
    return use[:, -quarter:].mean(axis=1) / max(use[:, :quarter].mean(), LEAST_SHARE)


def lag(evidence):
    """Yearly rise of use in years four to six online minus that in years one to three."""
    use = evidence.series("baseline", "use_share")
    smooth = pandas.DataFrame(use.T).rolling(YEAR, min_periods=1).mean().to_numpy().T
    online = 1.0 - evidence.series("baseline", "office_street")
    last = use.shape[1] - 1
    if 6 * YEAR > last:
        return f"needs {6 * YEAR} months after going online; the run has {last}"
    start = np.minimum(np.argmax(online >= 0.1, axis=1), last - 6 * YEAR)
    rows = np.arange(len(use))
    early = smooth[rows, start + 3 * YEAR] - smooth[rows, start]
    late = smooth[rows, start + 6 * YEAR] - smooth[rows, start + 3 * YEAR]
    return (late - early) / 3.0


def gap_closed(evidence):
    """Share of the urban-rural gap in use that infrastructure closes."""
    before = evidence.last("baseline", "setting_gap")
    mean = before.mean()
    if abs(mean) < LEAST_SHARE:
        return "urban and rural citizens use digital services alike"
    return (before - evidence.last("infrastructure", "setting_gap")) / mean


def counters_kept(evidence):
    """Share of cases that are not digital."""
    return 1.0 - evidence.last("baseline", "use_share")


def saving_beyond_arithmetic(evidence):
    """What a case costs less than at the counter, minus what moving cases should save; thousand rupiah."""
    p = evidence.scenario.parameters
    counter = 1000.0 * p["counter_cost"]
    saved = counter - evidence.last("baseline", "cost_per_case")
    moved = evidence.last("baseline", "online_share") * (1.0 - p["online_cost_ratio"])
    moved += evidence.last("baseline", "assisted_share") * (1.0 - p["assisted_cost_ratio"])
    return saved - counter * moved


def system_level(evidence):
    """Share of offices at system level."""
    return evidence.last("baseline", "office_system")


def turnover(evidence):
    """Change of an office's digital spending after a change of leader."""
    return evidence.panel["turnover"].to_numpy()


def spread(evidence):
    """Best less worst office of a province."""
    return evidence.panel["spread"].to_numpy()


def fragmentation(evidence):
    """Growth of the number of applications in the last two years."""
    later = evidence.last("baseline", "applications_per_function")
    return later / evidence.last("baseline", "applications_per_function", 2 * YEAR) - 1.0


def hysteresis(evidence):
    """Share of the greatest fall of standards that is left half a year after the surge."""
    fall = evidence.series("baseline", "service_standard") - evidence.series("surge", "service_standard")
    greatest = fall[:, SURGE_START : SURGE_END + YEAR].max(axis=1).mean()
    after = 2 * SURGE_END - SURGE_START - 1
    return fall[:, after] / greatest if greatest > 1e-9 else np.zeros(len(fall))


def complements(evidence):
    """Interaction of online services and internet use in bribery."""
    both, services, internet, neither = (
        evidence.last(world, "bribery_share") for world in ("baseline", "no_internet", "no_services", "neither")
    )
    return both - services - internet + neither


def batches(evidence):
    """Share of all hits by faulty rules in the worst tenth of months; 0 without hits."""
    hits = evidence.series("integrated", "fault_share_hit")[:, 1:]
    total = hits.sum(axis=1)
    worst = np.sort(hits, axis=1)[:, -max(1, hits.shape[1] // 10) :].sum(axis=1)
    return np.where(total > 0.0, worst / np.maximum(total, 1e-12), 0.0)


def take_off(evidence):
    """Yearly rise of the development index after the regulation relative to before."""
    index = evidence.series("baseline", "development_index")
    month, last = month_index(REGULATION, evidence.scenario.start), index.shape[1] - 1
    if not YEAR < month <= last - YEAR:
        return "the run does not span October 2018 by a year on both sides"
    before = (index[:, month - 1] - index[:, 0]) / (month - 1)
    after = (index[:, last] - index[:, month - 1]) / (last - month + 1)
    return after / before.mean()


def regulation(evidence):
    """What the regulation adds to supply."""
    return evidence.last("baseline", "supply_index") - evidence.last("unregulated", "supply_index")


def by_mandate(name):
    """Return the statistic that is what a mandate changes in a sensitive service."""
    return lambda evidence: evidence.last("sensitive_mandate", name) - evidence.last("sensitive", name)


STATISTICS = {
    "F1b": project_share("projects_failed"),
    "F1c": project_share("projects_partial"),
    "F1d": project_share("projects_succeeded"),
    "F2a": gap,
    "F2b": users_of_those_online,
    "F3": infrastructure_less_skill,
    "F4a": slow_start,
    "F4b": dispersion,
    "F6": lag,
    "F7": gap_closed,
    "F9a": counters_kept,
    "F9b": saving_beyond_arithmetic,
    "F11": system_level,
    "F13": turnover,
    "F14": fragmentation,
    "F15": hysteresis,
    "F16": complements,
    "F17": batches,
    "F18": spread,
    "F19a": take_off,
    "F19b": regulation,
    "F20a": by_mandate("use_share"),
    "F20b": by_mandate("trust_polarisation"),
}
