"""A report as one HTML file that loads nothing: for a browser, for paper, as an attachment."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from scheduler.insights.charts import draw_charts, find_step, name_steps
from scheduler.insights.drawing import DARK, Chart
from scheduler.insights.figures import Figures
from scheduler.insights.network import Network
from scheduler.insights.report import Report
from scheduler.insights.tables import Cell, Column, Table, write_cell, write_row
from scheduler.texts.templates import open_templates


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures on top: what it is now, and what to hold it against."""

    label: str
    value: str
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with the table that says the same."""

    chart: Chart
    svg: Markup
    table: Table | None


def report_as_page(report: Report) -> str:
    """The whole page, with its style and its charts inside."""
    pictures = draw_pictures(report)
    shown = {picture.table.key for picture in pictures if picture.table}
    return (
        open_templates("scheduler.insights")
        .get_template("report.html.j2")
        .render(
            report=report,
            tiles=make_tiles(report.figures),
            pictures=pictures,
            tables=[table for table in report.tables if table.key not in shown],
            write_row=write_row,
            dark=DARK,
            floor=report.figures.floor,
        )
    )


def draw_pictures(report: Report) -> list[Picture]:
    """The charts of a report, each with the table that says the same."""
    tables = {table.key: table for table in report.tables}
    beside = {"rounds": "rounds", "arrivals": "arrivals", "answers": "answers"}
    return [
        Picture(
            chart,
            # The chart library escapes every text in its picture.
            Markup(chart.svg),  # noqa: S704
            tables.get(beside.get(chart.key, "")) or _make_own_table(report.figures, chart),
        )
        for chart in draw_charts(report.figures)
    ]


def make_tiles(figures: Figures) -> list[Tile]:
    """The figures on top."""
    total, network = figures.total, figures.network
    tiles = [
        Tile(
            "new ties across departments",
            f"{total.new_across:,}",
            _random_of(total.random_new_across),
        ),
        Tile("pairs met again", f"{total.again:,}", _random_of(total.random_again)),
    ]
    if network is not None:
        tiles.append(
            Tile(
                f"of {network.possible:,} department pairs have a tie",
                _number(network.reach.after),
                (f"before {_number(network.reach.before)}", *_random_of(network.reach.random)),
            )
        )
        tiles.append(
            Tile(
                "people without a tie outside their department",
                _number(network.alone.after),
                (f"before {_number(network.alone.before)}", *_random_of(network.alone.random)),
            )
        )
    return tiles


def _number(value: float | None) -> str:
    return write_cell(None if value is None else round(value), Column("", ""))


def _random_of(value: float | None) -> tuple[str, ...]:
    return () if value is None else (f"random groups {value:,.0f}",)


def _make_own_table(figures: Figures, chart: Chart) -> Table | None:
    """The table of a chart that no table of the report was drawn from."""
    network = figures.network
    if network is None:
        return None
    if chart.key == "reach":
        rows: list[tuple[Cell, ...]] = [
            (point.day, point.reached, round(point.random, 1)) for point in network.curve
        ]
        return Table(
            "reach",
            chart.title,
            f"Of {network.possible:,} pairs.",
            (
                Column("day", "Round", "day"),
                Column("reached", "Pairs with a tie"),
                Column("random", "Random", "mean"),
            ),
            tuple(rows),
        )
    if chart.key in {"heat-before", "heat-after", "network"}:
        return _make_pair_table(network, chart, figures.floor)
    return None


def _make_pair_table(network: Network, chart: Chart, floor: int) -> Table:
    """Departments by how many others they have ties of which strength with."""
    people = network.people_before if chart.key == "heat-before" else network.people_after
    steps = name_steps(floor)
    rows: list[tuple[Cell, ...]] = []
    for block in sorted(range(len(network.blocks)), key=lambda b: -network.blocks[b].people):
        counts = [0] * len(steps)
        for other in range(len(network.blocks)):
            step = find_step(int(people[block, other]), floor)
            if other != block and step is not None:
                counts[step] += 1
        rows.append((network.blocks[block].name, network.blocks[block].people, *counts))
    return Table(
        chart.key,
        chart.title,
        "To how many other departments there are ties, by the number of people who have them.",
        (
            Column("department", "Department", "text"),
            Column("people", "People"),
            *(Column(f"step_{n}", name) for n, name in enumerate(steps)),
        ),
        tuple(rows),
    )
