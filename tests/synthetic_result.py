"""A result made by arithmetic: ten policies, six replicates, five years, 34 provinces, plausible and without a model."""

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas

from experiments.storage.provenance import PACKAGES
from experiments.storage.records import STAGES
from model import load_observables, load_scenario
from model.record import GROUP_MEASURES

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
MONTHS, REPLICATES = 60, 6
# Worth of each policy at the end of the run, in the unit of the observable; what is not named stays.
WORTH = {
    "baseline": {},
    "best": {"use_share": 0.09, "wait_days": -2.0, "skill_gap": 0.02},
    "next-best": {"use_share": 0.088, "wait_days": -1.5},
    "middling": {"use_share": 0.04},
    "helping": {"use_share": 0.03, "skill_gap": -0.03},
    "little": {"use_share": 0.01},
    "nothing": {},
    "slow": {"use_share": 0.02, "wait_days": 3.0},
    "strict": {"use_share": 0.05, "dropped_share": 0.08, "trust_agency": -0.05},
    "backward": {"use_share": -0.03},
}
LEVELS = {"wait_days": (20.0, 14.0), "cost_per_case": (60.0, 52.0), "digital_spending": (5.0, 40.0)}
CHANCE = 0.01  # of a replicate, shared by all policies, as a share of the level
OWN_CHANCE = 0.002  # of a run


@dataclass
class SyntheticResult:
    """What figures and report read of a result."""

    folder: Path
    worth: dict = field(default_factory=lambda: WORTH)
    replicates: int = REPLICATES
    months: int = MONTHS
    scenario_file: str = "indonesia.toml"
    title: str = "A synthetic country"
    hash: str = "0" * 64

    @property
    def policies(self):
        """Names of the policies."""
        return list(self.worth)

    @cached_property
    def scenario(self):
        """The resolved scenario as it is read from a manifest."""
        facts = asdict(load_scenario(SCENARIOS / self.scenario_file))
        facts.update(title=self.title, months=self.months)
        return json.loads(json.dumps(facts, default=str))

    @cached_property
    def manifest(self):
        """Provenance with the fields that figures and report use."""
        facts = {key: "0" for key in ("model_sha256", "code_version", "run_set_hash")}
        policies = [{"name": name, "title": f"{name.capitalize()} & more"} for name in self.policies]
        facts.update(seed=1, replicates=self.replicates, model_version=1, scenario=self.scenario, policies=policies)
        return {"loket": {**facts, "packages": dict.fromkeys(PACKAGES, "1"), "command": ["run.py", "compare"]}}

    @cached_property
    def design(self):
        """A row for each run."""
        runs = [(f"{policy}-{number}", policy, number) for policy in self.worth for number in range(self.replicates)]
        table = pandas.DataFrame(runs, columns=["run_id", "policy", "replicate"])
        cost = np.where(table["policy"] == "baseline", 0.0, 5e6)
        return table.assign(scenario="synthetic", seed=1, planned_cost=cost, status="ok")

    @cached_property
    def series(self):
        """A row for each run and month."""
        return pandas.concat([self.run_series(run) for run in self.design.itertuples()], ignore_index=True)

    def run_series(self, run):
        """Return the series of one run: a level that grows, chance, and the policy's worth growing with time."""
        time = np.linspace(0.0, 1.0, self.months + 1)
        columns = {"run_id": run.run_id, "month": np.arange(self.months + 1)}
        for place, name in enumerate(load_observables()):
            first, last = LEVELS.get(name, (0.02, 0.20 + 0.01 * (place % 7)))
            luck = np.random.default_rng([place, run.replicate]).normal()
            own = np.random.default_rng([place, run.replicate, self.policies.index(run.policy)]).normal()
            level = first + (last - first) * time**1.5
            noise = (CHANCE * luck + OWN_CHANCE * own) * last * time
            columns[name] = level + noise + self.worth[run.policy].get(name, 0.0) * time
        return with_stages(pandas.DataFrame(columns), time)

    @cached_property
    def groups(self):
        """A row for each run, year end and group."""
        kinds = [("skill", name) for name in ("low", "middle", "high")] + [("setting", name) for name in ("urban", "rural")]
        kinds += [("province", region["name"]) for region in self.scenario["regions"]]
        rows = []
        for number, run in enumerate(self.design["run_id"]):
            noise = np.random.default_rng([7, number])
            for month in self.year_ends:
                for place, (kind, name) in enumerate(kinds):
                    use = 0.2 * month / self.months * (0.5 + (place % 11) / 11) + 0.01 * noise.random()
                    rows.append((run, month, kind, name, use, 0.5, 0.4, 12.0, 0.5, 0.05))
        return pandas.DataFrame(rows, columns=["run_id", "month", "kind", "name", *GROUP_MEASURES])

    @cached_property
    def flows(self):
        """A row for each run, year end, kind of agent and pair of stages."""
        rows = []
        for number, run in enumerate(self.design["run_id"]):
            noise = np.random.default_rng([8, number])
            for month in self.year_ends:
                for kind, stages in STAGES.items():
                    for i, before in enumerate(stages):
                        for j, after in enumerate(stages):
                            share = 0.0 if i == j else (0.05 if j > i else 0.02) * (1 + 0.2 * noise.random())
                            rows.append((run, month, kind, before, after, share))
        return pandas.DataFrame(rows, columns=["run_id", "month", "kind", "from_stage", "to_stage", "share"])

    @property
    def year_ends(self):
        """Months that close a year, the last one always."""
        return sorted({*range(12, self.months + 1, 12), self.months})


def with_stages(table, time):
    """Return a series whose three stages of every kind of agent sum to one."""
    for kind, (first, second, third) in STAGES.items():
        table[f"{kind}_{third}"] = 0.3 * time * (table["use_share"] + 0.5)
        table[f"{kind}_{second}"] = 0.6 * time * (1.0 - table[f"{kind}_{third}"])
        table[f"{kind}_{first}"] = 1.0 - table[f"{kind}_{second}"] - table[f"{kind}_{third}"]
    return table


def lifted(folder, policy, group, size, **changes):
    """Return a synthetic result in which a policy changes the digital use of one group, (kind, name), by so much."""
    result = SyntheticResult(folder, **changes)
    mine = result.groups["run_id"].str.startswith(f"{policy}-") & (result.groups["kind"] == group[0])
    result.groups.loc[mine & (result.groups["name"] == group[1]), "use_share"] += size
    return result
