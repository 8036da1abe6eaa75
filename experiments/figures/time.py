"""Figures of the baseline over time: adoption, stages, supply and use, divides, projects."""

import textwrap

import pandas
from matplotlib.ticker import MaxNLocator

from experiments.figures import data, style
from experiments.figures.style import BLUE, GREEN, LINES, ORANGE, RED, new_figure
from experiments.storage.records import STAGES
from experiments.texts import named, say
from experiments.units import HUNDRED

ALONG = 28  # letters of a label along an axis of a low panel
KINDS = (
    ("Offices", ("office_street", "office_screen", "office_system")),
    ("Leaders", ("leader_guard", "leader_sponsor", "leader_driver")),
    ("Civil servants", ("servant_paper", "servant_screen", "servant_steward")),
    ("Citizens", ("citizen_counter", "citizen_assisted", "citizen_online")),
)


def adoption(result):
    """Share beyond the first stage, by kind of agent."""
    frame = result.series.copy()
    for kind, stages in KINDS:
        frame[kind] = frame[stages[1]] + frame[stages[2]]
    table = data.over_time(result, [kind for kind, _ in KINDS], frame=frame)
    figure, axes = new_figure(190, 80)
    for (kind, stages), (colour, dashes) in zip(KINDS, LINES, strict=False):
        data.draw_band(axes, data.levels(table[table["name"] == kind], stages[1]), colour, dashes, named(kind))
    axes.set(ylim=(0, HUNDRED), xlabel=named("Year"), ylabel=named("Share beyond the first stage (%)"))
    whole_years(axes)
    axes.legend(loc="upper left", ncols=2)
    return figure, table, caption_of(result, "adoption")


def caption_of(result, key):
    """Return a caption that says whose world is shown and what the bands are."""
    return say(f"caption.{key}", subject=data.subject(result), band=say("caption.band"))


WIDE = 6.8  # inches; below it the words of three stages do not fit side by side


def stages(result):
    """Stage shares over time, stacked, by kind of agent."""
    table = data.over_time(result, [name for _, names in KINDS for name in names])
    figure, panels = new_figure(190, 120, 2, 2, sharex=True, sharey=True)
    for axes, (kind, names) in zip(panels.flat, KINDS, strict=True):
        parts = [data.levels(table[table["name"] == name], name) for name in names]
        year = parts[0]["year"]
        axes.stackplot(year, [part["mean"] for part in parts], colors=style.STAGES, edgecolor="white", linewidth=0.3)
        for edge in ("low", "high"):
            axes.plot(year, parts[0][edge], color="black", linewidth=0.6, linestyle="--")
            axes.plot(year, HUNDRED - parts[2][edge], color="white", linewidth=0.6, linestyle="--")
        axes.set(title=named(kind), ylim=(0, HUNDRED))
        whole_years(axes)
        handles = [axes.fill_between([], [], [], color=colour) for colour in style.STAGES]
        words = [within_kind(data.short_label(name), kind) for name in names]
        columns = 3 if figure.get_figwidth() > WIDE else 1
        axes.legend(handles[::-1], words[::-1], loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=columns, fontsize=6)
    for axes in panels[:, 0]:
        axes.set_ylabel(named("Share of agents (%)"))
    return figure, table, caption_of(result, "stages")


def within_kind(label, kind):
    """Return the label of a stage without the words for whose stage it is."""
    for word in (kind, "Staff"):
        label = label.removeprefix(f"{named(word)} ")
    return label.capitalize()


def supply_use(result):
    """Supply index against use."""
    frame = data.smooth(result.series, ("supply_index", "use_share"))
    table = data.over_time(result, ["supply_index", "use_share"], frame=frame)
    figure, axes = new_figure(90, 75)
    supply, use = (data.levels(table[table["name"] == name], name) for name in ("supply_index", "use_share"))
    axes.fill_between(supply["year"], use["mean"], supply["mean"], color="0.9", linewidth=0, label=named("Gap"))
    data.draw_band(axes, supply, BLUE, "--", data.label("supply_index"))
    data.draw_band(axes, use, RED, "-", data.label("use_share"))
    units = [data.unit_of_level(name) for name in ("use_share", "supply_index")]
    axes.set(ylim=(0, None), xlabel=named("Year"), ylabel="; ".join(units))
    whole_years(axes)
    axes.legend(loc="upper left")
    return figure, table, caption_of(result, "supply_use")


def divides(result):
    """Digital use by skill third and by setting, yearly."""
    runs = set(result.design.loc[result.design["policy"] == data.first_policy(result), "run_id"])
    rows = result.groups[result.groups["run_id"].isin(runs)]
    figure, panels = new_figure(190, 75, 1, 2, sharey=True)
    tables = []
    for axes, kind, names in zip(panels, ("skill", "setting"), (("high", "middle", "low"), ("urban", "rural")), strict=True):
        for name, (colour, dashes) in zip(names, LINES, strict=False):
            mine = rows[(rows["kind"] == kind) & (rows["name"] == name)]
            table = data.over_time(result, ["use_share"], frame=mine).assign(name=f"{kind}: {name}")
            data.draw_band(axes, data.levels(table, "use_share"), colour, dashes, named(name))
            tables.append(table)
        axes.set(xlabel=named("Year"), title=named("By setting" if kind == "setting" else "By third of initial skill"))
        axes.legend(loc="upper left")
        whole_years(axes)
    # Only now: a limit set before the second panel is drawn would hold for both and cut its lines.
    panels[0].set_ylim(0, None)
    panels[0].set_ylabel(data.label_in_lines("use_share", ALONG))
    return figure, pandas.concat(tables, ignore_index=True), caption_of(result, "divides")


PROJECTS = (
    ("projects_succeeded", GREEN, "-"),
    ("projects_partial", ORANGE, "--"),
    ("projects_failed", RED, "-."),
    ("offices_regressed", "black", ":"),
)


def projects(result):
    """Projects and relapses, cumulative."""
    names = [name for name, _, _ in PROJECTS]
    frame = result.series[["run_id", "month", *names]].sort_values(["run_id", "month"])
    frame[names] = frame.groupby("run_id")[names].cumsum()
    table = data.over_time(result, names, frame=frame)
    figure, axes = new_figure(90, 75)
    for name, colour, dashes in PROJECTS:
        data.draw_band(axes, table[table["name"] == name], colour, dashes, data.short_label(name))
    axes.set(ylim=(0, None), xlabel=named("Year"), ylabel=named("Since the start, per 100 offices"))
    whole_years(axes)
    axes.legend(loc="upper left")
    return figure, table, caption_of(result, "projects")


FLOW_KINDS = ("office", "leader", "servant", "citizen")


def flows(result):
    """Moves between stages a year, forward and back, by kind of agent."""
    runs = set(result.design.loc[result.design["policy"] == data.first_policy(result), "run_id"])
    rows = result.flows[result.flows["run_id"].isin(runs)].copy()
    place = {(kind, name): number for kind, names in STAGES.items() for number, name in enumerate(names)}
    step = [
        place[kind, after] - place[kind, before]
        for kind, before, after in zip(rows["kind"], rows["from_stage"], rows["to_stage"], strict=True)
    ]
    rows["direction"] = ["forward" if by > 0 else "back" for by in step]
    rows["share"] *= 100.0 * per_year(rows["month"])
    moved = rows[[by != 0 for by in step]].groupby(["run_id", "kind", "month", "direction"], as_index=False)["share"].sum()
    figure, panels = new_figure(190, 110, 2, 2, sharex=True)
    tables = []
    for axes, kind, (title, _) in zip(panels.flat, FLOW_KINDS, KINDS, strict=True):
        for direction, colour, dashes in (("forward", BLUE, "-"), ("back", RED, "--")):
            mine = moved[(moved["kind"] == kind) & (moved["direction"] == direction)]
            table = data.over_time(result, ["share"], frame=mine).assign(name=f"{kind}: {direction}")
            data.draw_band(axes, table, colour, dashes, named(direction))
            tables.append(table)
        axes.set(title=named(title), ylim=(0, 1.3 * max(axes.get_ylim()[1], 0.1)))  # headroom for the legend
        whole_years(axes)
        axes.legend(loc="upper left", ncols=2)
    for axes in panels[:, 0]:
        axes.set_ylabel(textwrap.fill(named("Moves per 100 agents and year"), ALONG))
    for axes in panels[-1]:
        axes.set_xlabel(named("Year"))
    return figure, pandas.concat(tables, ignore_index=True), caption_of(result, "flows")


def per_year(months):
    """Return by what to multiply moves so that they are a year's: 1, but more if the last year is incomplete."""
    return 12.0 / ((months - 1) % 12 + 1)


def whole_years(axes):
    """Let the time axis fill the panel and count whole years."""
    axes.margins(x=0)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
