"""An agenda as plain text, for calendars and mail programs that show nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.agendas.agenda import Agenda


def agenda_text(agenda: Agenda) -> str:
    """The whole agenda in lines of plain text."""
    headings = agenda.headings
    when = f"{agenda.day}, {agenda.span}, {agenda.zone}"
    items = (
        f"{item.clock}  {item.title}" + (f": {item.text}" if item.text else "")
        for item in agenda.items
    )
    people = (", ".join(part for part in (who.name, who.about) if part) for who in agenda.people)
    evening = [
        f"{heading}: {text}"
        for heading, text in ((headings.topic, agenda.topic), (headings.speaker, agenda.speaker))
        if text
    ]
    where = f"{headings.where}: {agenda.place}"
    parts = [
        [agenda.purpose],
        [f"{headings.when}: {when}", *agenda.elsewhere, where, *evening],
        _part(headings.who, people),
        _part(headings.tables, table_lines(agenda)),
        _part(headings.why, agenda.why),
        _part(headings.items, items),
        _part(headings.speaking, agenda.everyone_speaks),
        _part(headings.prompts, agenda.prompts),
        _part(headings.starters, (starter.question for starter in agenda.starters)),
        _part(headings.closing, (f"{line} …" for line in agenda.closing)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def table_lines(agenda: Agenda) -> list[str]:
    """Each member's tables, turn by turn; nothing where tables do not change."""
    if not agenda.turns:
        return []
    clocks = ", ".join(turn.clock for turn in agenda.turns)
    seats = (f"{who.name}: {', '.join(map(str, who.tables))}" for who in agenda.people)
    return [clocks, *seats]


def _part(heading: str, lines: Iterable[str]) -> list[str]:
    bullets = [f"- {line}" for line in lines]
    return [heading, *bullets] if bullets else []
