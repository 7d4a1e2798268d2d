"""The card of a networking hour: at which table somebody sits in each turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from microsoft_teams.cards.core import CardElement, Container

from scheduler.agendas.agenda import Agenda
from scheduler.teams.cards.kit import Card, heading, make_card, quiet, strong, words
from scheduler.texts.catalogue import Texts, texts_in
from scheduler.texts.times import day_text, list_text, span_text, zone_text


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: from ``starts``, in the recipient's zone, with ``others`` at ``table``."""

    starts: dt.datetime
    minutes: int
    table: str
    others: tuple[str, ...]


def list_own_turns(agenda: Agenda, person_id: str | None) -> tuple[Turn, ...]:
    """Where one member sits in each turn, and with whom; nothing where tables do not change."""
    texts = texts_in(agenda.language)
    own = next((one.tables for one in agenda.people if one.id == person_id), ())
    return tuple(
        Turn(
            starts=turn.starts,
            minutes=turn.minutes,
            table=texts.say("Room {number}", number=number)
            if agenda.in_rooms
            else texts.say("Table {number}", number=number),
            others=tuple(
                one.name
                for one in agenda.people
                if one.id != person_id and one.tables[index] == number
            ),
        )
        for index, (turn, number) in enumerate(zip(agenda.turns, own, strict=False))
    )


def turn_elements(turns: Sequence[Turn], texts: Texts) -> list[CardElement]:
    """When, at which table, and with whom, turn by turn."""
    return [
        Container(
            items=[
                words(strong(f"{span_text(turn.starts, turn.minutes, texts)}  {turn.table}")),
                words(quiet(list_text(turn.others, texts)), spacing="None"),
            ],
            spacing="Medium",
            separator=True,
        )
        for turn in turns
    ]


def tables_card(title: str, place: str, turns: Sequence[Turn], *, language: str) -> Card:
    """Tell one person where they sit, turn by turn, on the day.

    Raises:
        ValueError: There is no turn.
    """
    if not turns:
        raise ValueError("a networking hour has at least one turn")
    texts = texts_in(language)
    starts = turns[0].starts
    body: list[CardElement] = [
        heading(title),
        words(strong(day_text(starts, texts))),
        words(quiet(zone_text(starts, texts)), spacing="None"),
        words(place, spacing="None"),
    ]
    body += turn_elements(turns, texts)
    summary = texts.say(
        "{title}: you begin at {table}, {span}.",
        title=title,
        table=turns[0].table,
        span=span_text(starts, turns[0].minutes, texts),
    )
    return make_card(body, texts=texts, summary=summary)
