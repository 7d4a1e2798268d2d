"""The tables of a report, and how their cells are written for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scheduler.insights.figures import AnswerFigures, Figures, TieFigures
from scheduler.insights.network import Compared
from scheduler.insights.newcomers import HORIZONS

Cell = str | int | float | dt.date | None
Kind = Literal["text", "day", "count", "mean", "index", "share"]
"""How a column is written; a mean has one decimal, an index two, a share is a percentage. A count
that is no whole number is a figure of its own and has two decimals."""

DASH = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names the column for machines, ``title`` for people."""

    key: str
    title: str
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; None: cannot be told, or there is nothing to compare with.

    The first ``named_by`` cells together name a row.
    """

    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    named_by: int = 1


def write_row(table: Table, row: Sequence[Cell]) -> list[str]:
    """The cells of a row for people."""
    return [write_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)]


def write_cell(cell: Cell, column: Column) -> str:
    """A cell for people; a dash for None."""
    if cell is None:
        return DASH
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date):
        return write_day(cell)
    if isinstance(cell, float) and column.kind == "count":
        return f"{cell:.2f}".replace("-", "−")
    formats = {"mean": f"{cell:,.1f}", "index": f"{cell:+.2f}", "share": f"{cell:.1%}"}
    return formats.get(column.kind, f"{cell:,.0f}").replace("%", "\u202f%").replace("-", "−")


def write_day(day: dt.date) -> str:
    """``7 December 2026``."""
    return f"{day.day} {day:%B %Y}"


def make_company_table(figures: Figures) -> Table:
    """What changed for the company as a whole."""
    network, total = figures.network, figures.total
    rows: list[tuple[Cell, ...]] = [
        ("New ties across departments", 0, total.new_across, _whole(total.random_new_across)),
        ("Meetings of two who had met before", 0, total.again, _whole(total.random_again)),
    ]
    if network is not None:
        rows += [
            (f"Department pairs with a tie, of {network.possible:,}", *_whole_each(network.reach)),
            ("People without a tie outside their department", *_whole_each(network.alone)),
            ("E-I index of the company", *_rounded_each(network.ei, 2)),
            ("Average steps between departments", *_rounded_each(network.distance, 2)),
        ]
    return Table(
        "company",
        "The company",
        "Random: what random groups of the same people at tables of the same sizes would have "
        "reached on average, computed and not drawn. The E-I index is −1 when all ties stay inside "
        "a department and +1 when all go outside; its random value is that of the expected numbers "
        "of ties. No such value is known for the average steps.",
        (
            Column("figure", "Figure", "text"),
            Column("before", "Before"),
            Column("after", "After"),
            Column("random", "Random"),
        ),
        tuple(rows),
    )


def make_tie_table(key: str, title: str, figures: Sequence[TieFigures]) -> Table:
    """Ties by round or by programme; ``key`` says which."""
    return Table(
        key,
        title,
        "A new tie is made when two people meet who had not met through a programme and did not "
        "know each other from elsewhere. Met again: they had met through a programme before.",
        (
            Column("name", "Programme", "text"),
            Column("day", "Round", "day") if key == "rounds" else Column("rounds", "Rounds"),
            Column("people", "People"),
            Column("new", "New ties"),
            Column("new_across", "Across departments"),
            Column("random_new_across", "Random"),
            Column("again", "Met again"),
            Column("random_again", "Random"),
        ),
        tuple(
            (
                f.name,
                _name_days(f) if key == "rounds" else f.rounds,
                f.people,
                f.new,
                f.new_across,
                _whole(f.random_new_across),
                f.again,
                _whole(f.random_again),
            )
            for f in figures
        ),
        named_by=2 if key == "rounds" else 1,
    )


def make_department_table(figures: Figures) -> Table:
    """What changed for each department."""
    blocks = figures.network.blocks if figures.network else ()
    return Table(
        "departments",
        "Department by department",
        "E-I index: −1 when all ties of a department stay inside it, +1 when all go outside. "
        "Departments that are too small to be told alone are told together.",
        (
            Column("department", "Department", "text"),
            Column("people", "People"),
            Column("new_outside", "New ties outside per person", "mean"),
            Column("ei_before", "E-I before", "index"),
            Column("ei_after", "E-I after", "index"),
            Column("ei_random", "E-I random", "index"),
        ),
        tuple((b.name, b.people, round(b.new_outside, 1), *_rounded_each(b.ei, 2)) for b in blocks),
    )


def make_arrival_table(figures: Figures) -> Table:
    """Whom newcomers met."""
    return Table(
        "arrivals",
        "People who are new, or back",
        "Different people met through the programmes, on average, by those whose first "
        f"{HORIZONS[-1]} days are over.",
        (
            Column("who", "Who", "text"),
            Column("days", "Days since the first"),
            Column("people", "People"),
            Column("contacts", "Contacts", "mean"),
            Column("outside", "Of other departments", "mean"),
            Column("random", "Random contacts", "mean"),
        ),
        tuple(
            (
                f.name,
                days,
                f.people,
                round(f.contacts[row], 1),
                round(f.outside[row], 1),
                None if (random := f.random[row]) is None else round(random, 1),
            )
            for f in figures.arrivals
            for row, days in enumerate(HORIZONS)
        ),
        named_by=2,
    )


def make_answer_table(figures: Sequence[AnswerFigures]) -> Table:
    """Answers by programme."""
    return Table(
        "answers",
        "What people answered",
        "Met: of those who said, how many met at least partly. Again: of those who said, how many "
        "would do it again.",
        (
            Column("name", "Programme", "text"),
            Column("seats", "Seats"),
            Column("answered", "Answers"),
            Column("met", "Met", "share"),
            Column("again", "Again", "share"),
        ),
        tuple(
            (
                f.name,
                f.seats,
                f.answered,
                round(f.met_rate, 3),
                None if f.mood is None else round(f.mood, 3),
            )
            for f in figures
        ),
    )


def make_sharing_table(figures: Figures) -> Table:
    """Waits and how evenly seats were shared."""
    s = figures.sharing
    rows: list[tuple[Cell, ...]] = []
    if s is not None:
        rows = [
            ("People who asked for a seat", s.people),
            ("Share of requests that got a seat", round(s.placed, 3)),
            (f"Longest wait that {figures.floor} people or more had, in rounds", s.longest),
            ("Gini coefficient of seats per request (0: even)", _rounded(s.gini, 2)),
            ("Jain's index of seats per request (1: even)", _rounded(s.jain, 2)),
        ]
    return Table(
        "sharing",
        "How seats were shared",
        "There is nothing to compare with: random groups of the same people share seats alike.",
        (Column("figure", "Figure", "text"), Column("value", "Value")),
        tuple(rows),
    )


def make_cost_table(figures: Figures) -> Table:
    """What each hard rule cost."""
    return Table(
        "costs",
        "What hard rules cost",
        "How many more people would have had a seat, and how many points of new ties there would "
        "have been, without the rule; found by planning the round again without it.",
        (
            Column("round", "Round", "text"),
            Column("rule", "Rule", "text"),
            Column("people", "People without a seat"),
            Column("points", "Points"),
        ),
        tuple(
            (
                f"{cost.programme}, {write_day(cost.round_day)}",
                cost.rule,
                f"fewer than {figures.floor}" if 0 < cost.people < figures.floor else cost.people,
                cost.points,
            )
            for cost in figures.costs
        ),
        named_by=2,
    )


def _name_days(figures: TieFigures) -> Cell:
    """The round's day, or from when to when rounds that are told together were."""
    if figures.first == figures.last:
        return figures.first
    return f"{write_day(figures.first)} to {write_day(figures.last)}"


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _whole_each(figure: Compared) -> tuple[int | None, ...]:
    return tuple(_whole(value) for value in (figure.before, figure.after, figure.random))


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _rounded_each(figure: Compared, digits: int) -> tuple[float | None, ...]:
    return tuple(_rounded(value, digits) for value in (figure.before, figure.after, figure.random))
