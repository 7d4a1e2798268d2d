"""The card for somebody who left invitations unanswered: a rest, and a way back."""

from __future__ import annotations

from scheduler.teams.cards.answer import answer_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.texts.catalogue import texts_in


def rest_card(unanswered: int, buttons: Buttons, *, language: str) -> Card:
    """Say kindly that nobody asks any more, and offer to be asked again.

    Args:
        unanswered: Invitations running without an answer.
        buttons: Bound to the person.
        language: The person's language.
    """
    texts = texts_in(language)
    sentences = [
        texts.say_plural(
            "You did not answer the last invitation, so we leave you in peace for now.",
            "You did not answer the last {count} invitations, so we leave you in peace for now.",
            unanswered,
        ),
        texts.say("That is fine, and nobody waits for you at a table."),
        texts.say("Whenever you would like to meet colleagues again, just say so."),
    ]
    actions = [
        buttons.press("ask_again", texts.say("Ask me again"), style="positive"),
        buttons.press("settings", texts.say("My choices")),
    ]
    return answer_card(texts.say("A break for you"), sentences, actions, language=language)


def back_card(buttons: Buttons, *, language: str) -> Card:
    """In the place of that card, once somebody wants to be asked again."""
    texts = texts_in(language)
    sentences = [
        texts.say("Welcome back. You are asked again, in the programmes in which you were.")
    ]
    actions = [buttons.press("settings", texts.say("My choices"))]
    return answer_card(texts.say("A break for you"), sentences, actions, language=language)
