"""What a card turns into once its button was pressed, and what is said when it was too late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from microsoft_teams.cards.core import Action

from scheduler.agendas.agenda import Agenda
from scheduler.people.sign_up import Listing
from scheduler.programmes.programme import Programme
from scheduler.teams.cards.group import when_and_where
from scheduler.teams.cards.kit import Buttons, Card, heading, make_card, words
from scheduler.teams.cards.name_list import describe_listing
from scheduler.texts.catalogue import mark, texts_in

Refusal = Literal["twice", "late", "not_yours", "cancelled", "forged", "too_many", "too_long"]

REFUSALS: Mapping[Refusal, str] = {
    "twice": mark("We have that already; nothing more is needed."),
    "late": mark("That is over, so nothing was changed. Thank you all the same."),
    "not_yours": mark("This card was made for somebody else, so nothing was changed."),
    "cancelled": mark("This meeting was called off, so nothing was changed."),
    "forged": mark("This card is not one of ours any more. Nothing was changed."),
    "too_many": mark("That was a lot at once. Please try again in a minute."),
    "too_long": mark("That is longer than we can keep. Please shorten it."),
}
"""What is said to a press that changes nothing."""


def refusal_text(refusal: Refusal, *, language: str) -> str:
    """The kind answer to a press that changes nothing."""
    return texts_in(language).say(REFUSALS[refusal])


def answer_card(
    title: str, sentences: Sequence[str], actions: Sequence[Action] = (), *, language: str
) -> Card:
    """A card that only says something; ``title`` and ``sentences`` are in the language already."""
    return make_card(
        [heading(title), *(words(sentence) for sentence in sentences)],
        actions,
        texts=texts_in(language),
        summary=f"{title}: {sentences[0]}" if sentences else title,
    )


def joined_card(
    programme: Programme, buttons: Buttons, *, language: str, listing: Listing | None = None
) -> Card:
    """In the place of the invitation, once somebody joined; ``listing``: where people put their
    names down.
    """
    texts = texts_in(language)
    said = () if listing is None else describe_listing(listing, texts)
    sentences = [
        *(said or [texts.say("You are in. We write to you when your group is put together.")]),
        texts.say("You can pause or leave at any time, without a reason."),
    ]
    actions = [buttons.press("settings", texts.say("My choices"))]
    return answer_card(programme.title, sentences, actions, language=language)


def not_joined_card(programme: Programme, buttons: Buttons, *, never: bool, language: str) -> Card:
    """In the place of the invitation, once somebody said not now, or never."""
    texts = texts_in(language)
    sentence = (
        texts.say("We will not ask you again. Should you change your mind, you can still join.")
        if never
        else texts.say("Not this time, then. You can join whenever you like.")
    )
    return answer_card(
        programme.title, [sentence], [buttons.press("join", texts.say("Join"))], language=language
    )


def confirmed_card(agenda: Agenda, buttons: Buttons) -> Card:
    """In the place of the reminder, once somebody said that they come."""
    texts = texts_in(agenda.language)
    return make_card(
        [
            heading(agenda.title),
            words(texts.say("You are coming. The others will be glad.")),
            when_and_where(agenda),
        ],
        [buttons.press("decline", texts.say("I can't make it after all"))],
        texts=texts,
        summary=texts.say("{title}: you are coming.", title=agenda.title),
    )


def declined_card(agenda: Agenda, buttons: Buttons) -> Card:
    """In the place of the group card, once somebody said that they cannot come."""
    texts = texts_in(agenda.language)
    return make_card(
        [
            heading(agenda.title),
            words(texts.say("You gave your seat away, and the others are told.")),
            when_and_where(agenda),
        ],
        [buttons.press("come_after_all", texts.say("I can come after all"))],
        texts=texts,
        summary=texts.say("{title}: you are not coming.", title=agenda.title),
    )


def cancelled_card(agenda: Agenda, *, reason: str | None = None) -> Card:
    """In the place of any card of a group whose meeting was called off."""
    texts = texts_in(agenda.language)
    sentences = [
        texts.say("{day}, {span}: this meeting was called off.", day=agenda.day, span=agenda.span)
    ]
    return answer_card(
        agenda.title, [*sentences, *([reason] if reason else [])], language=agenda.language
    )


def without_you_card(agenda: Agenda) -> Card:
    """In the place of any card of a group that somebody is not in any more."""
    texts = texts_in(agenda.language)
    sentences = [
        texts.say("{day}, {span}: the others meet without you.", day=agenda.day, span=agenda.span),
        texts.say("Should you be in another group, there is a card of that one too."),
    ]
    return answer_card(agenda.title, sentences, language=agenda.language)


def thanked_card(title: str, *, language: str) -> Card:
    """In the place of "how was it?", once somebody answered."""
    texts = texts_in(language)
    return answer_card(
        title,
        [texts.say("Thank you. What you noted for yourself comes back to you in two weeks.")],
        language=language,
    )
