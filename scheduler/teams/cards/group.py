"""The "your group" card: who you meet, when, where, why, and a way out."""

from __future__ import annotations

from collections.abc import Mapping

from microsoft_teams.cards.core import Action, CardElement, Container

from scheduler.agendas.agenda import Agenda, Attendee
from scheduler.people.choices import Introduction
from scheduler.teams.cards.kit import (
    Buttons,
    Card,
    frame,
    heading,
    hidden,
    make_card,
    opens,
    quiet,
    quote,
    section,
    shows,
    strong,
    unfolds,
    words,
)
from scheduler.teams.cards.tables import list_own_turns, turn_elements
from scheduler.texts.catalogue import Texts, texts_in
from scheduler.texts.times import list_text

NAMED_AT_MOST = 12
"""People named on the card; a table of more is read in the invitation."""


def group_card(
    agenda: Agenda,
    buttons: Buttons,
    *,
    introductions: Mapping[str, Introduction] | None = None,
    event_url: str | None = None,
    join_url: str | None = None,
) -> Card:
    """What one member gets once the group is booked.

    Args:
        agenda: The group's agenda in the member's language and zone.
        buttons: Bound to the round and the member.
        introductions: What members wrote about themselves, by person id.
        event_url: Opens the event in Outlook.
        join_url: Joins an online meeting.
    """
    texts = texts_in(agenda.language)
    about_themselves = introductions or {}
    others = [person for person in agenda.people if person.id != buttons.person_id]
    body: list[CardElement] = [
        heading(agenda.title),
        when_and_where(agenda),
        section(agenda.headings.who),
        *(_member(who, about_themselves.get(who.id), texts) for who in others[:NAMED_AT_MOST]),
    ]
    if len(others) > NAMED_AT_MOST:
        more = len(others) - NAMED_AT_MOST
        body.append(
            words(
                texts.say_plural(
                    "and {count} other, named in the invitation.",
                    "and {count} others, named in the invitation.",
                    more,
                )
            )
        )
    turns = list_own_turns(agenda, buttons.person_id)
    if turns:
        body += [section(agenda.headings.tables), *turn_elements(turns, texts)]
    if agenda.why:
        body += [section(agenda.headings.why), words(" ".join(agenda.why))]
    body.append(hidden("agenda", *_agenda(agenda)))
    actions: list[Action] = []
    if join_url:
        actions.append(opens(texts.say("Join online"), join_url))
    if event_url:
        actions.append(opens(texts.say("Open in Outlook"), event_url))
    actions += [shows(agenda.headings.items, "agenda"), cannot_come(buttons, texts)]
    summary = texts.say(
        "{title}: you meet {names}, {day}, {span}, {place}.",
        title=agenda.title,
        names=name_some(others, texts),
        day=agenda.day,
        span=agenda.span,
        place=agenda.place,
    )
    return make_card(body, actions, texts=texts, summary=summary)


def when_and_where(agenda: Agenda) -> Container:
    """Day, clock time with its zone, and place, set apart."""
    elements = [
        words(strong(f"{agenda.day}, {agenda.span}")),
        words(quiet(agenda.zone), spacing="None"),
        *(words(quiet(clock), spacing="None") for clock in agenda.elsewhere),
        words(strong(agenda.place), spacing="Small"),
    ]
    for title, text in (
        (agenda.headings.topic, agenda.topic),
        (agenda.headings.speaker, agenda.speaker),
    ):
        if text:
            elements.append(words(quiet(f"{title}: "), text, spacing="None"))
    return frame(*elements)


def cannot_come(buttons: Buttons, texts: Texts) -> Action:
    """A way out that asks once more, because the others' meeting is rearranged for it."""
    return unfolds(
        texts.say("I can't make it"),
        [words(texts.say("Your seat is given to somebody else, and the others are told."))],
        [buttons.press("decline", texts.say("Yes, give my seat away"), style="destructive")],
    )


def name_some(people: list[Attendee], texts: Texts) -> str:
    """``Ann, Bob and Cy``, or ``Ann, Bob and 7 others``."""
    names = [person.name for person in people]
    if len(names) > 4:
        others = len(names) - 3
        names = [
            *names[:3],
            texts.say_plural("{count} other person", "{count} other people", others),
        ]
    return list_text(names, texts)


def _member(person: Attendee, introduction: Introduction | None, texts: Texts) -> Container:
    elements: list[CardElement] = [words(strong(person.name))]
    if person.about:
        elements.append(words(quiet(person.about), spacing="None"))
    if introduction:
        parts = []
        if introduction.do:
            parts.append(introduction.do)
        if introduction.help:
            parts.append(texts.say("Can help with: {what}", what=introduction.help))
        if introduction.learn:
            parts.append(texts.say("Would like to learn about: {what}", what=introduction.learn))
        elements += [words(quote(part), spacing="None") for part in parts]
    return Container(items=elements, spacing="Medium")


def _agenda(agenda: Agenda) -> list[CardElement]:
    elements: list[CardElement] = [section(agenda.headings.items), words(agenda.purpose)]
    for item in agenda.items:
        elements.append(words(strong(f"{item.clock}  {item.title}"), spacing="Small"))
        if item.text:
            elements.append(words(quiet(item.text), spacing="None"))
    elements.append(section(agenda.headings.prompts))
    elements += [words(f"• {prompt}", spacing="Small") for prompt in agenda.prompts]
    return elements
