"""The cards of a programme's channel: question of the week, asking for help, offering it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from microsoft_teams.cards.core import CardElement

from scheduler.teams.cards.kit import (
    Buttons,
    Card,
    entry,
    heading,
    make_card,
    quiet,
    strong,
    unfolds,
    words,
)
from scheduler.texts.catalogue import Texts, texts_in

SHOWN = 6
"""Answers on the card, the newest; all are on the programme's page."""
ANSWER_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote in the channel."""

    name: str
    text: str


def question_card(
    title: str, question: str, answers: Sequence[Said], buttons: Buttons, *, language: str
) -> Card:
    """The question of the week, with the answers so far, oldest first."""
    texts = texts_in(language)
    body: list[CardElement] = [
        heading(texts.say("{title}: the question of the week", title=title)),
        words(strong(question)),
        *_said(answers, texts),
    ]
    text = _text(texts.say("Your answer; everybody in this channel sees it"), texts)
    press = buttons.press("answer", texts.say("Answer"), style="positive")
    summary = texts.say("The question of the week: {question}", question=question)
    return make_card(
        body,
        [unfolds(texts.say("Answer"), [text], [press])],
        texts=texts,
        summary=summary,
    )


def market_card(title: str, buttons: Buttons, *, language: str) -> Card:
    """Invites everybody in the channel to ask for help or to offer some."""
    texts = texts_in(language)
    body: list[CardElement] = [
        heading(texts.say("{title}: ask and offer", title=title)),
        words(texts.say("Somebody here knows what you need, or needs what you know.")),
    ]
    ask = buttons.press("ask", texts.say("Ask"), style="positive")
    offer = buttons.press("offer", texts.say("Offer"), style="positive")
    ask_text = _text(texts.say("What do you need help with?"), texts)
    offer_text = _text(texts.say("What can you help with?"), texts)
    actions = [
        unfolds(texts.say("Ask for help"), [ask_text], [ask]),
        unfolds(texts.say("Offer help"), [offer_text], [offer]),
    ]
    summary = texts.say("{title}: ask for help, or offer some", title=title)
    return make_card(body, actions, texts=texts, summary=summary)


def post_card(
    kind: Literal["ask", "offer"],
    post: Said,
    replies: Sequence[Said],
    buttons: Buttons,
    *,
    language: str,
) -> Card:
    """Somebody asks for help or offers it, with the replies so far, oldest first."""
    texts = texts_in(language)
    asks = kind == "ask"
    title = (
        texts.say("{name} asks for help", name=post.name)
        if asks
        else texts.say("{name} offers help", name=post.name)
    )
    button = texts.say("I can help") if asks else texts.say("I'd like that")
    body: list[CardElement] = [heading(title), words(post.text), *_said(replies, texts)]
    text = _text(texts.say("Your reply; everybody in this channel sees it"), texts)
    press = buttons.press("reply", texts.say("Reply"), style="positive")
    return make_card(body, [unfolds(button, [text], [press])], texts=texts, summary=title)


def _text(label: str, texts: Texts) -> CardElement:
    return entry("text", label, most=ANSWER_LETTERS, required=texts.say("Please write something."))


def _said(said: Sequence[Said], texts: Texts) -> list[CardElement]:
    elements: list[CardElement] = []
    if len(said) > SHOWN:
        earlier = len(said) - SHOWN
        elements.append(
            words(
                quiet(
                    texts.say_plural("{count} earlier answer", "{count} earlier answers", earlier)
                )
            )
        )
    elements += [words(strong(f"{one.name}  "), one.text) for one in said[-SHOWN:]]
    return elements
