"""The card of the day before."""

from __future__ import annotations

from microsoft_teams.cards.core import Action, CardElement

from scheduler.agendas.agenda import Agenda
from scheduler.teams.cards.group import cannot_come, name_some, when_and_where
from scheduler.teams.cards.kit import Buttons, Card, heading, make_card, opens, words
from scheduler.texts.catalogue import texts_in


def reminder_card(
    agenda: Agenda,
    buttons: Buttons,
    *,
    event_url: str | None = None,
    join_url: str | None = None,
) -> Card:
    """Remind one member; arguments as for :func:`scheduler.teams.cards.group.group_card`."""
    texts = texts_in(agenda.language)
    others = [person for person in agenda.people if person.id != buttons.person_id]
    names = name_some(others, texts)
    body: list[CardElement] = [
        heading(agenda.title),
        words(texts.say("You meet {names} soon. Are you still coming?", names=names)),
        when_and_where(agenda),
    ]
    actions: list[Action] = [
        buttons.press("confirm", texts.say("I'll be there"), style="positive"),
        cannot_come(buttons, texts),
    ]
    if join_url:
        actions.append(opens(texts.say("Join online"), join_url))
    if event_url:
        actions.append(opens(texts.say("Open in Outlook"), event_url))
    summary = texts.say(
        "{title}: {day}, {span}, with {names}. Are you still coming?",
        title=agenda.title,
        day=agenda.day,
        span=agenda.span,
        names=names,
    )
    return make_card(body, actions, texts=texts, summary=summary)
