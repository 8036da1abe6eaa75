"""What the report is written from: the tables of a comparison, each made once."""

from dataclasses import dataclass
from functools import cached_property

from experiments.compare import effects, mean_intervals
from experiments.comparison import gaps, money
from experiments.comparison.pairing import pairing
from experiments.comparison.tables import pairwise
from model.parameter_table import BASELINE

COLUMNS = ("use_share", "wait_days", "cost_per_case", "dropped_share", "trust_agency", "skill_gap", "setting_gap")
USE, CASES = "use_share", "digital_cases"


@dataclass(frozen=True)
class Evidence:
    """The tables behind a report; `result` is a comparison with a baseline."""

    result: object

    @cached_property
    def effects(self):
        """Observable -> effects by policy."""
        return {name: effects(self.result, name).set_index("policy") for name in COLUMNS}

    @cached_property
    def use(self):
        """Effects on digital use, the largest first."""
        return self.effects[USE].sort_values("mean_difference", ascending=False)

    @property
    def best(self):
        """The policy that raises digital use most, or None if none does beyond chance."""
        return self.use.index[0] if self.use.iloc[0]["simultaneous_low"] > 0 else None

    @cached_property
    def baseline_use(self):
        """Mean and interval of digital use without any policy."""
        table = mean_intervals(self.result, [USE]).set_index("policy")
        return table.loc[BASELINE]

    @cached_property
    def apart(self):
        """Differences in digital use of every two policies, by (policy, other), both ways round."""
        table = pairwise(self.result, [USE])
        rows = {(row["policy"], row["other"]): row for row in table.to_dict("records")}
        signs = {"mean_difference": "mean_difference", "low": "high", "high": "low"}
        signs |= {"simultaneous_low": "simultaneous_high", "simultaneous_high": "simultaneous_low"}
        turned = {(b, a): {new: -row[old] for new, old in signs.items()} for (a, b), row in rows.items()}
        return {**rows, **turned}

    @cached_property
    def gaps(self):
        """What policies do to the gaps in digital use, by kind of gap and policy."""
        return gaps.gaps(self.result, [USE]).set_index(["kind", "policy"])

    @cached_property
    def provinces(self):
        """What policies do to digital use in each province, by policy and province."""
        table = gaps.groups(self.result, [USE])
        return table[table["kind"] == "province"].set_index(["policy", "group"])

    @cached_property
    def prices(self):
        """(account, gain) -> prices by policy."""
        table = money.prices(self.result)
        return {key: rows.set_index("policy") for key, rows in table.groupby(["account", "gain"])}

    @cached_property
    def frontier(self):
        """Names on the frontier of planned cost and digital cases, the cheapest first; the baseline may be one."""
        table = money.incremental(self.result)
        mine = table[(table["account"] == "programme") & (table["state"] == "frontier")]
        return mine.sort_values("cost")["policy"].tolist()

    @cached_property
    def pairing(self):
        """What pairing is worth for the effect on digital use, by policy."""
        return pairing(self.result, [USE]).set_index("policy")
