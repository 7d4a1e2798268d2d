"""What a card sends back when a button is pressed, signed so that nobody can make it up.

A button carries one text, the action: what is asked, about which round or programme, and for
whom the card was made. Whoever presses is taken from the sign-in of the request, never from
here; the door compares the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

FIELD = "act"
"""The name under which a card's data holds the signed action."""


class ForgedActionError(Exception):
    """An action was changed on its way, or was never ours."""


@dataclass(frozen=True, slots=True)
class Action:
    """One press of a button.

    Attributes:
        verb: What is asked, for example ``decline``.
        subject: The round's id, or the programme's name where there is no round yet.
        person_id: Whose card it is; None on a card for a channel, where anybody may press.
        about: What more is needed: a group's number, another person's id, a note's id.
    """

    verb: str
    subject: str
    person_id: str | None = None
    about: str | None = None


class Signer:
    """Signs actions with the newest of several secrets and reads those signed with any."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Take the secrets, oldest first.

        Raises:
            ValueError: There is none, or one is shorter than 32 characters.
        """
        if not secrets or min(map(len, secrets)) < 32:
            raise ValueError("a secret to sign cards with needs at least 32 characters")
        self._serializer = URLSafeSerializer(
            list(secrets),
            salt="scheduler.teams.action",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def sign(self, action: Action) -> str:
        """The action as one signed text."""
        return str(
            self._serializer.dumps([action.verb, action.subject, action.person_id, action.about])
        )

    def read(self, signed: object) -> Action:
        """The action behind a signed text.

        Raises:
            ForgedActionError: The text is not one that :meth:`sign` gave.
        """
        if not isinstance(signed, str):
            raise ForgedActionError("the card sent no signed action")
        try:
            verb, subject, person_id, about = self._serializer.loads(signed)
        except BadSignature as error:
            raise ForgedActionError("the card's action was not signed by this service") from error
        return Action(verb, subject, person_id, about)
