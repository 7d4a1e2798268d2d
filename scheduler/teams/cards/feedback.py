"""The cards after a meeting: how was it, and two weeks later what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from microsoft_teams.cards.core import Action, CardElement

from scheduler.agendas.agenda import Attendee
from scheduler.teams.cards.kit import (
    Buttons,
    Card,
    choice,
    entry,
    frame,
    heading,
    make_card,
    quiet,
    quote,
    unfolds,
    words,
)
from scheduler.texts.catalogue import texts_in

NOTE_LETTERS = 1000
OFFERED_AT_MOST = 40
"""People to choose from on a card; of a larger evening the first by name."""


def feedback_card(
    title: str, day: str, others: Sequence[Attendee], buttons: Buttons, *, language: str
) -> Card:
    """Ask one member how it was; ``day`` in words, ``others`` the rest of the group."""
    texts = texts_in(language)
    body: list[CardElement] = [
        heading(texts.say("How was it?")),
        words(f"{title}, {day}"),
        choice(
            "met",
            texts.say("Did you meet?"),
            [
                ("yes", texts.say("Yes, all of us")),
                ("partly", texts.say("Partly, somebody was missing")),
                ("no", texts.say("No")),
            ],
            required=texts.say("Please say whether you met."),
        ),
        choice(
            "again",
            texts.say("Would you do it again?"),
            [
                ("yes", texts.say("Yes")),
                ("maybe", texts.say("Maybe")),
                ("no", texts.say("No")),
            ],
        ),
        entry(
            "note",
            texts.say("What do you want to follow up? Only you see this."),
            placeholder=texts.say("For example: send Ann the link to the tool"),
            most=NOTE_LETTERS,
        ),
    ]
    if others:
        body += [
            choice(
                "thank",
                texts.say("Would you like to thank somebody?"),
                _named(others),
                many=True,
                expanded=len(others) <= 6,
            ),
            entry("thanks", texts.say("What for? They get your words and your name."), most=300),
        ]
    summary = texts.say("{title}, {day}: how was it?", title=title, day=day)
    actions = [buttons.press("feedback", texts.say("Send"), style="positive")]
    return make_card(body, actions, texts=texts, summary=summary)


def follow_up_card(
    title: str,
    day: str,
    others: Sequence[Attendee],
    buttons: Buttons,
    *,
    note: str | None,
    language: str,
) -> Card:
    """Give somebody their own note back, and offer another meeting with one of the group."""
    texts = texts_in(language)
    body: list[CardElement] = [
        heading(texts.say("What came of it?")),
        words(texts.say("{title}, {day}", title=title, day=day)),
    ]
    if note:
        body += [
            words(quiet(texts.say("You noted for yourself; only you see this:"))),
            frame(words(quote(note))),
        ]
    else:
        body.append(words(texts.say("Is there somebody whom you would like to meet again?")))
    actions: list[Action] = []
    if others:
        who = choice(
            "with",
            texts.say("With whom? We look for a time when both of you are free."),
            _named(others),
            expanded=len(others) <= 6,
            required=texts.say("Please choose somebody."),
        )
        press = buttons.press("connect", texts.say("Propose a time"), style="positive")
        actions.append(unfolds(texts.say("Connect again"), [who], [press]))
    actions.append(buttons.press("done", texts.say("Done, thank you"), inputs=False))
    summary = texts.say("{title}, {day}: what came of it?", title=title, day=day)
    return make_card(body, actions, texts=texts, summary=summary)


def _named(others: Sequence[Attendee]) -> list[tuple[str, str]]:
    return [(person.id, person.name) for person in others[:OFFERED_AT_MOST]]
