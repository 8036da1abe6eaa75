"""Figures of the baseline over time: adoption, stages, supply and use, divides, projects."""

import pandas
from matplotlib.ticker import MaxNLocator

from experiments.figures import data
from experiments.figures.style import BLUE, GREEN, LINES, ORANGE, RED, STAGES, new_figure

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
    for (kind, _), (colour, dashes) in zip(KINDS, LINES, strict=False):
        data.draw_band(axes, table[table["name"] == kind], colour, dashes, kind)
    axes.set(ylim=(0, 1), xlabel="Year", ylabel="Share beyond the first stage")
    whole_years(axes)
    axes.legend(loc="upper left", ncols=2)
    words = "Share of each kind of agent beyond its first stage (street level, guarding, paper, counter)"
    return figure, table, caption_of(result, words)


def caption_of(result, words, more=""):
    """Return a caption that says whose world is shown and what the bands are."""
    return f"{words}; {data.subject(result)}; {more}{data.BAND_WORDS}."


WIDE = 6.8  # inches; below it the words of three stages do not fit side by side


def stages(result):
    """Stage shares over time, stacked, by kind of agent."""
    table = data.over_time(result, [name for _, names in KINDS for name in names])
    figure, panels = new_figure(190, 120, 2, 2, sharex=True, sharey=True)
    for axes, (kind, names) in zip(panels.flat, KINDS, strict=True):
        parts = [table[table["name"] == name] for name in names]
        year = parts[0]["year"]
        axes.stackplot(year, [part["mean"] for part in parts], colors=STAGES, edgecolor="white", linewidth=0.3)
        for edge in ("low", "high"):
            axes.plot(year, parts[0][edge], color="black", linewidth=0.6, linestyle="--")
            axes.plot(year, 1.0 - parts[2][edge], color="white", linewidth=0.6, linestyle="--")
        axes.set(title=kind, ylim=(0, 1))
        whole_years(axes)
        handles = [axes.fill_between([], [], [], color=colour) for colour in STAGES]
        words = [data.short_label(name).removeprefix(f"{kind} ").removeprefix("Staff ").capitalize() for name in names]
        columns = 3 if figure.get_figwidth() > WIDE else 1
        axes.legend(handles[::-1], words[::-1], loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=columns, fontsize=6)
    for axes in panels[:, 0]:
        axes.set_ylabel("Share of agents")
    words = "Stages over time; means over replicates; dashed: 5 to 95 % of replicates at each border"
    caption = f"{words}; {data.subject(result)}."
    return figure, table, caption


def supply_use(result):
    """Supply index against use."""
    frame = data.smooth(result.series, ("supply_index", "use_share"))
    table = data.over_time(result, ["supply_index", "use_share"], frame=frame)
    figure, axes = new_figure(90, 75)
    supply, use = (table[table["name"] == name] for name in ("supply_index", "use_share"))
    axes.fill_between(supply["year"], use["mean"], supply["mean"], color="0.9", linewidth=0, label="Gap")
    data.draw_band(axes, supply, BLUE, "--", data.short_label("supply_index"))
    data.draw_band(axes, use, RED, "-", data.short_label("use_share"))
    axes.set(ylim=(0, None), xlabel="Year", ylabel="Share, 0 to 1")
    whole_years(axes)
    axes.legend(loc="upper left")
    return figure, table, caption_of(result, "Digital supply and its use; grey: the gap", "twelve-month means; ")


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
            data.draw_band(axes, table, colour, dashes, name)
            tables.append(table)
        axes.set(xlabel="Year", title=f"By {kind}" if kind == "setting" else "By third of initial skill")
        axes.legend(loc="upper left")
        whole_years(axes)
    # Only now: a limit set before the second panel is drawn would hold for both and cut its lines.
    panels[0].set_ylim(0, None)
    panels[0].set_ylabel(data.label("use_share"))
    caption = caption_of(result, "Who uses digital services: yearly use by initial skill and by setting")
    return figure, pandas.concat(tables, ignore_index=True), caption


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
    axes.set(ylim=(0, None), xlabel="Year", ylabel="Since the start, per 100 offices")
    whole_years(axes)
    axes.legend(loc="upper left")
    return figure, table, caption_of(result, "How projects end, and offices that fall back", "cumulative; ")


FLOW_KINDS = ("office", "leader", "servant", "citizen")
ORDER = {
    "office": ("street", "screen", "system"),
    "leader": ("guard", "sponsor", "driver"),
    "servant": ("paper", "screen", "steward"),
    "citizen": ("counter", "assisted", "online"),
}


def flows(result):
    """Moves between stages a year, forward and back, by kind of agent."""
    runs = set(result.design.loc[result.design["policy"] == data.first_policy(result), "run_id"])
    rows = result.flows[result.flows["run_id"].isin(runs)].copy()
    place = {(kind, name): number for kind, names in ORDER.items() for number, name in enumerate(names)}
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
            data.draw_band(axes, table, colour, dashes, direction)
            tables.append(table)
        axes.set(title=title, ylim=(0, 1.3 * max(axes.get_ylim()[1], 0.1)))  # headroom for the legend
        whole_years(axes)
        axes.legend(loc="upper left", ncols=2)
    for axes in panels[:, 0]:
        axes.set_ylabel("Moves per 100 agents and year")
    for axes in panels[-1]:
        axes.set_xlabel("Year")
    caption = caption_of(result, "Flows between stages, forward and back, a year")
    return figure, pandas.concat(tables, ignore_index=True), caption


def per_year(months):
    """Return by what to multiply moves so that they are a year's: 1, but more if the last year is incomplete."""
    return 12.0 / ((months - 1) % 12 + 1)


def whole_years(axes):
    """Let the time axis fill the panel and count whole years."""
    axes.margins(x=0)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
