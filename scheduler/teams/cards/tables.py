"""The card of a networking hour: at which table somebody sits in each turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from microsoft_teams.cards.core import CardElement, Container

from scheduler.teams.cards.kit import Card, heading, make_card, quiet, strong, words
from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import day_text, list_text, span_text, zone_text


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: from ``starts``, in the recipient's zone, with ``others`` at ``table``."""

    starts: dt.datetime
    minutes: int
    table: str
    others: tuple[str, ...]


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
    for turn in turns:
        span = span_text(turn.starts, turn.minutes, texts)
        body.append(
            Container(
                items=[
                    words(strong(f"{span}  {turn.table}")),
                    words(quiet(list_text(turn.others, texts)), spacing="None"),
                ],
                spacing="Medium",
                separator=True,
            )
        )
    summary = texts.say(
        "{title}: you begin at {table}, {span}.",
        title=title,
        table=turns[0].table,
        span=span_text(starts, turns[0].minutes, texts),
    )
    return make_card(body, texts=texts, summary=summary)
