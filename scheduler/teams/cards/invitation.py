"""The card that asks somebody to take part in a programme."""

from __future__ import annotations

import datetime as dt

from scheduler.programmes.programme import Programme
from scheduler.teams.cards.about_programme import explain_programme
from scheduler.teams.cards.kit import Buttons, Card, heading, hidden, make_card, shows, words
from scheduler.teams.cards.name_list import explain_list
from scheduler.texts.catalogue import texts_in


def invitation_card(
    programme: Programme,
    buttons: Buttons,
    *,
    language: str,
    open_list: tuple[dt.date, dt.date] | None = None,
) -> Card:
    """Ask one person of a programme's audience; silence means what the audience says it means.

    ``open_list``: where people put their names down, the first day of the round that they are asked
    for, and the last day on which they can.
    """
    texts = texts_in(language)
    silence = (
        texts.say("You take part only if you say so.")
        if programme.audience.join == "opt-in"
        else texts.say("You take part unless you say no.")
    )
    how = [words(f"• {line}", spacing="Small") for line in explain_programme(programme, texts)]
    body = [
        heading(programme.title),
        words(programme.agenda.purpose),
        words(silence),
        *(
            words(line)
            for line in (explain_list(programme, *open_list, texts) if open_list else ())
        ),
        hidden("how", *how),
    ]
    actions = [
        buttons.press("join", texts.say("Join"), style="positive"),
        buttons.press("not_now", texts.say("Not now")),
        buttons.press("never", texts.say("Never ask me again")),
        shows(texts.say("How it works"), "how"),
    ]
    summary = texts.say("{title}: would you like to take part?", title=programme.title)
    return make_card(body, actions, texts=texts, summary=summary)
