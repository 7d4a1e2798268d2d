"""The charts of a report as SVG, drawn without a browser.

Beside each picture a page shows the table that it was drawn from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import numpy as np

from scheduler.insights.drawing import (
    INK,
    OURS,
    PAPER,
    QUIET,
    RANDOM,
    STEPS,
    WIDTH,
    Chart,
    chart_of,
    finish_chart,
    shorten,
    two_colours,
    with_labels,
)
from scheduler.insights.figures import Figures, TieFigures
from scheduler.insights.graphs import lay_out
from scheduler.insights.history import Ints
from scheduler.insights.network import Network
from scheduler.insights.newcomers import HORIZONS

MOST_DEPARTMENTS = 42
"""More rows than this cannot be read on a page of paper; the largest departments are shown."""
CLOSEST = 3
"""A network picture draws so many of each department's closest partners: all would be a blot."""


def draw_charts(figures: Figures) -> tuple[Chart, ...]:
    """The charts for which there are figures."""
    charts = []
    if len(figures.rounds) > 1:
        charts.append(draw_rounds(figures))
    if figures.network is not None:
        if len(figures.network.curve) > 1:
            charts.append(draw_reach(figures.network))
        if len(figures.network.blocks) > 1:
            charts += draw_heat_maps(figures.network, figures.floor)
            charts.append(draw_network(figures.network, figures.floor))
    if figures.arrivals:
        charts.append(draw_arrivals(figures))
    if figures.answers:
        charts.append(draw_answers(figures))
    return tuple(charts)


def draw_rounds(figures: Figures) -> Chart:
    """New ties across departments, round by round, beside random groups."""
    names = dict.fromkeys(f.name for f in figures.rounds)
    panels = [
        _draw_rounds_of([f for f in figures.rounds if f.name == name]).properties(
            title=shorten(name, 80), width=WIDTH, height=200 if len(names) == 1 else 130
        )
        for name in names
    ]
    return finish_chart(
        alt.vconcat(*panels, spacing=24),
        "rounds",
        "New ties across departments, round by round",
        "Bars: ties that each round made. Strokes: what random groups of the same people would "
        "have made on average.",
    )


def draw_reach(network: Network) -> Chart:
    """Department pairs with a tie, after each round, beside random groups."""
    names = ("Our groups", "Random groups")
    rows = [
        {"day": point.day.isoformat(), "pairs": value, "who": who}
        for point in network.curve
        for who, value in zip(names, (point.reached, point.random), strict=True)
    ]
    line = (
        chart_of(rows)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=28, filled=True))
        .encode(
            x=alt.X(
                "day:T", axis=alt.Axis(title=None, format="%b %Y", labelOverlap=True, tickCount=8)
            ),
            y=alt.Y(
                "pairs:Q",
                scale=alt.Scale(zero=False, nice=True),
                axis=alt.Axis(title="Department pairs with a tie"),
            ),
            color=two_colours("who:N", names, (OURS, RANDOM)),
            strokeDash=alt.StrokeDash(
                "who:N", scale=alt.Scale(domain=list(names), range=[[1, 0], [5, 4]]), legend=None
            ),
        )
    )
    everything = chart_of([{"all": network.possible, "text": f"all {network.possible:,}"}])
    limit = everything.mark_rule(color=QUIET, strokeDash=[2, 3]).encode(y="all:Q")
    name = everything.mark_text(align="left", x=4, dy=-6, color=QUIET, fontSize=11).encode(
        y="all:Q", text="text:N"
    )
    return finish_chart(
        alt.layer(limit, name, line).properties(width=WIDTH, height=280),
        "reach",
        "Pairs of departments with a tie",
        f"Of {network.possible:,} pairs, {network.reach.before:,.0f} had a tie before the first "
        f"round and {network.reach.after:,.0f} after the last one.",
    )


def draw_answers(figures: Figures) -> Chart:
    """Of those who answered, how many met and how many would again, by programme."""
    names = ("met", "would do it again")
    places, label = with_labels([shorten(one.name, 40) for one in figures.answers])
    rows = [
        {"place": place, "what": what, "share": share, "text": f"{share:.0%}"}
        for place, one in zip(places, figures.answers, strict=True)
        for what, share in zip(names, (one.met_rate, one.mood), strict=True)
        if share is not None
    ]
    base = chart_of(rows).encode(
        y=alt.Y("place:O", axis=alt.Axis(title=None, labelExpr=label, labelLimit=260)),
        yOffset=alt.YOffset("what:N", sort=list(names)),
        x=alt.X(
            "share:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title="Share of those who answered", format="%", tickCount=5),
        ),
    )
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(domain=list(names), range=[OURS, STEPS[1]]),
        legend=alt.Legend(title=None, orient="top", symbolType="square"),
    )
    bars = base.mark_bar().encode(color=colour)
    texts = base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(text="text:N")
    return finish_chart(
        alt.layer(bars, texts).properties(width=WIDTH - 160, height={"step": 22}),
        "answers",
        "What people answered",
        "Of those who said something afterwards: how many met at least partly, and how many would "
        "do it again.",
    )


def draw_heat_maps(network: Network, floor: int) -> list[Chart]:
    """Which departments have ties to which, before and after."""
    return [
        _draw_heat_map(network, people, key, title, floor)
        for people, key, title in (
            (network.people_before, "heat-before", "Who had ties to whom before"),
            (network.people_after, "heat-after", "Who has ties to whom now"),
        )
    ]


def name_steps(floor: int) -> tuple[str, ...]:
    """The classes of people with ties between two departments, from few to many."""
    cuts = _cuts(floor)
    return (
        *(f"{a:,} to {b - 1:,}" if b > a + 1 else f"{a:,}" for a, b in pairwise(cuts)),
        f"{cuts[-1]:,} or more",
    )


def find_step(people: int, floor: int) -> int | None:
    """The class of :func:`name_steps` that so many people are in; None below the first."""
    reached = [step for step, cut in enumerate(_cuts(floor)) if people >= cut]
    return reached[-1] if reached else None


def draw_network(network: Network, floor: int) -> Chart:
    """Departments as circles, their closest partners joined; pairs that are new stand out."""
    largest = _largest(network)
    members = [block.people for block in network.blocks]
    pairs = _closest_pairs(network, largest, floor)
    new = {pair for pair in pairs if network.people_before[pair] < max(floor, 1)}
    places = _lay_out(largest, pairs)
    kinds = ("with ties before", "new since the first round")
    lines = [
        {
            "x": places[a][0],
            "y": places[a][1],
            "x2": places[b][0],
            "y2": places[b][1],
            "kind": kinds[(a, b) in new],
            "step": find_step(int(network.people_after[a, b]), floor),
        }
        for a, b in sorted(pairs, key=lambda pair: (pair in new, pair))
    ]
    circles = [
        {
            "x": places[block][0],
            "y": places[block][1],
            "people": members[block],
            "name": shorten(network.blocks[block].name, 22),
        }
        for block in largest
    ]
    frame = alt.Scale(domain=[-0.07, 1.07], nice=False)
    x, y = alt.X("x:Q", scale=frame, axis=None), alt.Y("y:Q", scale=frame, axis=None)
    edges = (
        chart_of(lines)
        .mark_rule(opacity=0.7)
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            size=alt.Size(
                "step:O",
                scale=alt.Scale(domain=[0, 1, 2, 3], range=[0.8, 1.6, 2.6, 4]),
                legend=None,
            ),
            color=two_colours("kind:N", kinds, (QUIET, RANDOM)),
        )
    )
    nodes = chart_of(circles).encode(x=x, y=y)
    dots = nodes.mark_circle(color=OURS, opacity=1).encode(
        size=alt.Size("people:Q", scale=alt.Scale(range=[60, 700]), legend=None)
    )
    names = nodes.mark_text(dy=-17, fontSize=11, color=INK).encode(text="name:N")
    return finish_chart(
        alt.layer(edges, dots, names)
        .resolve_scale(size="independent")
        .properties(width=WIDTH, height=620),
        "network",
        "The departments as a network",
        "Each circle is a department, the larger the more people. Each is joined to the "
        f"{CLOSEST} others with which the largest share of its people have ties now; the line is "
        f"the thicker the more people. {_count_new(len(new), len(pairs), floor)}",
    )


def draw_arrivals(figures: Figures) -> Chart:
    """Contacts after 30, 60 and 90 days beside random groups."""
    panels = []
    for arrivals in figures.arrivals:
        rows = [
            {"days": f"after {days} days", "contacts": value, "random": random}
            for days, value, random in zip(
                HORIZONS, arrivals.contacts, arrivals.random, strict=True
            )
        ]
        base = chart_of(rows).encode(
            y=alt.Y("days:O", sort=None, axis=alt.Axis(title=None, ticks=False, domain=False))
        )
        contacts = alt.X("contacts:Q", axis=alt.Axis(title="People met, on average", tickMinStep=1))
        layers: list[alt.Chart] = [
            base.mark_bar(color=OURS, size=26).encode(x=contacts),
            base.mark_text(align="right", dx=-7, color=PAPER, fontWeight="bold").encode(
                x="contacts:Q", text=alt.Text("contacts:Q", format=".1f")
            ),
        ]
        if None not in arrivals.random:
            layers.append(
                base.mark_tick(color=RANDOM, thickness=4, stroke=PAPER, size=36).encode(
                    x="random:Q"
                )
            )
        panels.append(
            alt.layer(*layers).properties(
                width=WIDTH,
                height=alt.Step(42),
                title=f"{arrivals.name}: {arrivals.people:,} people",
            )
        )
    return finish_chart(
        alt.vconcat(*panels, spacing=24),
        "arrivals",
        "Whom newcomers met",
        "Different people met through the programmes in the first days. Strokes: what random "
        "groups would have given on average.",
    )


def _draw_rounds_of(rounds: Sequence[TieFigures]) -> Any:
    places, label = with_labels([f.first.isoformat() for f in rounds])
    rows = [
        {"place": place, "ties": f.new_across, "random": f.random_new_across}
        for place, f in zip(places, rounds, strict=True)
    ]
    axis = alt.Axis(title=None, labelExpr=label, labelAngle=-50, labelOverlap=True)
    base = chart_of(rows).encode(x=alt.X("place:O", axis=axis))
    bars = base.mark_bar(color=OURS, cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(
        y=alt.Y("ties:Q", axis=alt.Axis(title="New ties", tickCount=5))
    )
    if any(row["random"] is None for row in rows):
        return alt.layer(bars)
    strokes = base.mark_tick(color=RANDOM, thickness=4, stroke=PAPER, width={"band": 0.95}).encode(
        y="random:Q"
    )
    return alt.layer(bars, strokes)


def _draw_heat_map(network: Network, people: Ints, key: str, title: str, floor: int) -> Chart:
    largest = _largest(network)
    places, label = with_labels([shorten(network.blocks[block].name, 20) for block in largest])
    steps = name_steps(floor)
    cells = [
        {"row": places[r], "column": places[c], "step": steps[step]}
        for r, a in enumerate(largest)
        for c, b in enumerate(largest)
        if (step := find_step(int(people[a, b]), floor)) is not None
    ]
    size = max(10, min(22, (WIDTH - 60) // len(largest)))

    def axis(orient: Literal["top", "left"], angle: int) -> alt.Axis:
        return alt.Axis(
            orient=orient,
            title=None,
            labelExpr=label,
            labelAngle=angle,
            labelFontSize=min(11, size - 2),
            labelLimit=150,
            labelOverlap=False,
            ticks=False,
            domain=False,
            grid=False,
        )

    shared = alt.Scale(domain=places, paddingInner=0.08)
    chart = (
        chart_of(cells)
        .mark_rect(aria=False)
        .encode(
            x=alt.X("column:O", scale=shared, axis=axis("top", -60)),
            y=alt.Y("row:O", scale=shared, axis=axis("left", 0)),
            color=alt.Color(
                "step:O",
                scale=alt.Scale(domain=list(steps), range=list(STEPS)),
                legend=alt.Legend(title="People with such ties", orient="bottom"),
            ),
        )
        .properties(width=size * len(largest), height=size * len(largest))
    )
    few = f"fewer than {floor} people have ties" if floor > 1 else "there is no tie"
    left_out = len(network.blocks) - len(largest)
    return finish_chart(
        chart,
        key,
        title,
        "Rows and columns are departments, the largest first; the stronger a colour, the more "
        f"people have ties between the two. A cell is empty where {few}: "
        f"{len(largest) ** 2 - len(cells):,} of {len(largest) ** 2:,} are."
        + (f" The {left_out:,} smallest departments are not drawn." if left_out else ""),
    )


def _cuts(floor: int) -> tuple[int, ...]:
    low = max(floor, 1)
    return (low, 4 * low, 10 * low, 25 * low)


def _count_new(new: int, pairs: int, floor: int) -> str:
    ties = f"ties of at least {floor} people" if floor > 1 else "any tie"
    return f"{new:,} of these {pairs:,} pairs did not have {ties} before the first round."


def _largest(network: Network) -> list[int]:
    order = sorted(range(len(network.blocks)), key=lambda b: (-network.blocks[b].people, b))
    return order[:MOST_DEPARTMENTS]


def _closest_pairs(network: Network, blocks: Sequence[int], floor: int) -> set[tuple[int, int]]:
    """Each department with the others that have ties with the largest share of both."""
    members = np.array([block.people for block in network.blocks])
    share = network.people_after / (members[:, None] + members[None, :])
    pairs = set()
    for block in blocks:
        others = [
            other
            for other in blocks
            if other != block and network.people_after[block, other] >= max(floor, 1)
        ]
        others.sort(key=lambda other: (-share[block, other], other))
        pairs |= {(min(block, other), max(block, other)) for other in others[:CLOSEST]}
    return pairs


def _lay_out(
    blocks: Sequence[int], pairs: Collection[tuple[int, int]]
) -> dict[int, tuple[float, float]]:
    """Places between 0 and 1; departments with close ties lie near each other. Always the same."""
    number = {block: place for place, block in enumerate(blocks)}
    near = np.zeros((len(blocks), len(blocks)), np.bool_)
    for a, b in pairs:
        near[number[a], number[b]] = near[number[b], number[a]] = True
    return {block: (x, y) for block, (x, y) in zip(blocks, lay_out(near).tolist(), strict=True)}
