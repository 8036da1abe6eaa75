"""Tables of the report: what policies change, who gains, what it costs; every number with its interval."""

from experiments.compare import BILLION
from experiments.comparison import gaps, money
from experiments.planner.evidence import COLUMNS
from experiments.planner.words import interval, shown, title_of, unit_of
from experiments.texts import named, number, say, span
from model.registry import load_observables

GAPS = {"skill_gap": "skill", "setting_gap": "setting"}  # observables that the table of gaps has, by group and year
BRIEF = {"digital_cases": 1000.0, "waiting_hours": 1000.0, "legitimacy_points": 1 / BILLION}  # from million rupiah


def tables(evidence):
    """Return the tables of the page, policies in rows, those that move digital use most first."""
    return [
        table(evidence, "effects", effect_columns(evidence)),
        table(evidence, "gaps", gap_columns(evidence)),
        table(evidence, "prices", price_columns(evidence)),
    ]


def table(evidence, key, columns):
    """Return one table; `columns` maps a heading to a function from a policy to its cell."""
    rows = []
    for policy in evidence.use.index:
        title = title_of(evidence.result, policy)
        cells = [cell_of(policy) for cell_of in columns.values()]
        rows.append({"title": title, "name": "" if title == policy else policy, "cells": cells})
    words = {name: say(f"table.{key}.{name}") for name in ("title", "caption")}
    return {"key": key, **words, "columns": list(columns), "rows": rows}


def cell(mean, ends):
    """Return a cell: a number and what stands below it."""
    return {"mean": mean, "interval": ends}


def effect_columns(evidence):
    """Return the columns of what each policy changes, and its planned cost."""

    def column(name):
        rows = evidence.effects[name]
        return lambda policy: cell(shown(name, rows.loc[policy, "mean_difference"]), interval(name, rows.loc[policy]))

    kinds = evidence.gaps.index.get_level_values("kind")
    names = [name for name in COLUMNS if GAPS.get(name) not in kinds]
    columns = {f"{named(load_observables()[name].label)} ({unit_of(name)})": column(name) for name in names}
    costs = evidence.use["planned_cost"]
    return {**columns, say("table.planned"): lambda policy: cell(number(costs[policy] / BILLION, 0), "")}


def gap_columns(evidence):
    """Return the columns of the change on average and of every gap, with what it means."""
    found = evidence.gaps
    kinds = [kind for kind in gaps.KINDS if kind in found.index]

    def average(policy):
        row = found.loc[(kinds[0], policy)]
        ends = span(*(shown("use_share", row[f"average_{end}"]) for end in ("low", "high")))
        return cell(shown("use_share", row["average"]), ends)

    def column(kind):
        rows = found.loc[kind]

        def gap(policy):
            row = rows.loc[policy]
            change = shown("use_share", row["mean_difference"])
            return cell(f"{change} {say('table.gaps.' + row['verdict'])}", interval("use_share", row, kind="simultaneous_"))

        return gap

    return {say("table.gaps.average"): average, **{say(f"table.gaps.{kind}"): column(kind) for kind in kinds}}


def price_columns(evidence):
    """Return the columns of the price of every gain in both accounts."""

    def column(account, gain):
        rows = evidence.prices[account, gain]

        def price(policy):
            numbers = [BRIEF[gain] * rows.loc[policy, name] for name in ("price", "price_low", "price_high")]
            if not numbers[0] == numbers[0]:
                return cell(say("table.none"), "")
            digits = 0 if max(map(abs, numbers)) >= 100.0 else 2
            mean, *ends = (number(value, digits) for value in numbers)
            return cell(mean, span(*ends))

        return price

    return {
        say(f"table.prices.{gain}", account=say(f"table.prices.{account}")): column(account, gain)
        for gain in money.GAINS
        for account in money.ACCOUNTS
    }
