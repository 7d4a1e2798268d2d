"""The cards after a meeting: how was it, and two weeks later what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from microsoft_teams.cards.core import Action, CardElement

from scheduler.agendas.agenda import Attendee
from scheduler.teams.cards.answer import answer_card
from scheduler.teams.cards.kit import (
    Buttons,
    Card,
    choice,
    entry,
    frame,
    heading,
    make_card,
    opens,
    quiet,
    quote,
    unfolds,
    words,
)
from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import clock_text, day_text, short_day_text, span_text, zone_text

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


@dataclass(frozen=True, slots=True)
class Offer:
    """A time at which two people are free; ``url`` opens an invitation to it in Outlook."""

    starts: dt.datetime
    minutes: int
    url: str


def times_card(name: str, offers: Sequence[Offer], *, language: str) -> Card:
    """In the place of "what came of it?": when somebody can meet ``name`` again."""
    texts = texts_in(language)
    title = texts.say("Meet {name} again", name=name)
    if not offers:
        nothing = texts.say(
            "In the next two weeks there is no half hour at which both of you are free. "
            "Write to {name}, and find a time together.",
            name=name,
        )
        return answer_card(title, [nothing], language=language)
    times = [
        f"{day_text(one.starts, texts)}, {span_text(one.starts, one.minutes, texts)}"
        for one in offers
    ]
    sentences = [
        texts.say("Both of you are free then. Choose one, and send it:"),
        *times,
        zone_text(offers[0].starts, texts),
    ]
    # A button's words do not break, so they have to fit the narrowest chat.
    actions = [
        opens(f"{short_day_text(one.starts, texts)}, {clock_text(one.starts, texts)}", one.url)
        for one in offers
    ]
    return answer_card(title, sentences, actions, language=language)


def thanks_card(name: str, words: str, *, language: str) -> Card:
    """Pass thanks on: who thanks, and what for."""
    texts = texts_in(language)
    said = words or texts.say("For a good conversation.")
    return answer_card(texts.say("{name} thanks you", name=name), [said], language=language)


def _named(others: Sequence[Attendee]) -> list[tuple[str, str]]:
    return [(person.id, person.name) for person in others[:OFFERED_AT_MOST]]
