"""A press as it comes in, and the reply that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.rounds.deeds import RefusedError
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.signing import Action
from scheduler.teams.verbs import VERBS
from scheduler.web.service import Service

FIELD_LETTERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed. ``inputs`` are texts by name, as they were filled in."""

    person_id: str
    action: Action
    inputs: Mapping[str, str]
    language: str

    @property
    def group_number(self) -> int:
        """The group that the card is about.

        Raises:
            RefusedError: The card names none.
        """
        if not (self.action.about or "").isdecimal():
            raise RefusedError("forged")
        return int(self.action.about or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a press: a card in the place of the one pressed, or a text beside it.

    ``everybody``: the card is the same for all, and is put in the place of the message. ``post``: a
    further card for the same conversation.
    """

    card: Card | None = None
    text: str = ""
    everybody: bool = False
    post: Card | None = None


def read_inputs(verb: str, data: Mapping[str, object]) -> dict[str, str]:
    """The inputs that a verb has, as texts.

    Raises:
        RefusedError: One is too long or no text.
    """
    inputs: dict[str, str] = {}
    for name in VERBS.get(verb, ()):
        value = data.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise RefusedError("forged")
        if len(value) > FIELD_LETTERS:
            raise RefusedError("too_long")
        inputs[name] = value
    return inputs


def buttons_like(service: Service, press: Press) -> Buttons:
    """Makes buttons bound as those of the card that was pressed."""
    action = press.action
    return Buttons(service.signer, action.subject, action.person_id, action.about)
