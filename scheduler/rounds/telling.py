"""Telling people, each once: a card in Teams, or the same by mail; and posts in channels."""

from __future__ import annotations

import datetime as dt
import json
import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from scheduler.errors import ScheduleError
from scheduler.graph.errors import GraphError
from scheduler.graph.mail import send_mail
from scheduler.people.person import Person
from scheduler.rounds.card_mail import card_as_html
from scheduler.rounds.context import Context
from scheduler.rounds.member_agendas import language_of
from scheduler.store.deliveries import (
    begin_delivery,
    finish_delivery,
    read_chats,
    read_deliveries,
    record_delivery,
)
from scheduler.store.notices import (
    begin_notice,
    find_channel,
    finish_notice,
    note_unreachable,
    read_unreachable,
)
from scheduler.teams.cards.kit import Card
from scheduler.teams.connector import Connector, TeamsError
from scheduler.teams.delivery import Delivered, Notice, Undelivered, announce
from scheduler.teams.settings import TeamsSettings
from scheduler.teams.workflow import post_to_workflow
from scheduler.texts.catalogue import texts_in

log = structlog.get_logger(__name__)

WORKFLOWS = "SCHEDULER_WORKFLOWS"
"""Channels that only a Workflows webhook reaches: JSON of addresses by ``team/channel``. Whoever
knows such an address can post, so it is a secret."""


class WorkflowsError(ScheduleError):
    """The environment does not name the webhooks as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one person is told. ``subject`` is a round's id, or a programme's name.

    ``make`` builds the card in the person's language when its turn comes. ``again_before``: one
    about a programme that was sent before this moment may be sent again. ``shown``: a digest of
    what the card shows of a group, so that it can change with that.
    """

    subject: str
    number: int
    kind: str
    person: Person
    make: Callable[[str], Card]
    again_before: dt.datetime | None = None
    shown: str | None = None

    @property
    def key(self) -> str:
        """What tells messages apart."""
        return f"{self.subject}/{self.number}/{self.person.id}/{self.kind}"

    @property
    def is_about_round(self) -> bool:
        """Whether it is kept with the round's deliveries."""
        return "/" in self.subject


@dataclass(slots=True)
class Told:
    """What became of messages; ``failed`` are tried again by the next run."""

    cards: int = 0
    mails: int = 0
    failed: int = 0
    posts: int = 0


class Teller:
    """Tells people and channels, and writes down what it did."""

    def __init__(self, context: Context, teams: TeamsSettings | None, at: dt.datetime) -> None:
        """Take the connection, the bot's settings (None: everybody by mail), and the moment."""
        self._context = context
        self._teams = teams
        self._at = at
        self._address = os.environ.get("SCHEDULER_ADDRESS", "").strip().rstrip("/") or None
        self._webhooks = _read_webhooks(os.environ)
        self._sent: dict[str, set[tuple[int, str, str]]] = {}
        self.told = Told()

    async def tell(
        self,
        messages: Sequence[Message],
        *,
        cards: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Tell everybody who has not been told; without ``cards`` all of them by mail.

        ``progress`` is called with the number of cards done.
        """
        reached = cards and self._teams is not None
        lost = read_unreachable(self._context.store) if reached else {}
        chosen = [m for m in messages if reached and m.person.id not in lost]
        sent = {message.key: message for message in chosen}
        if self._teams is not None and sent:
            await announce(
                (self._notice(message) for message in chosen),
                settings=self._teams,
                get_token=self._context.graph.get_token,
                is_delivered=lambda key: self._was_sent(sent[key]),
                on_delivered=lambda one: self._note_delivered(sent[one.key], one),
                on_undelivered=lambda one: self._note_undelivered(sent[one.key], one),
                chats=read_chats(self._context.store),
                on_progress=progress,
            )
        for message in messages:
            if message.key not in sent and self._begin(message):
                await self._mail(message)

    async def post(self, subject: str, kind: str, channel: str, card: Callable[[], Card]) -> None:
        """Post a card to a channel, once.

        A channel is named ``team/channel``, as the bot learned it when it was added to the team,
        or by Teams' own id; where only a webhook reaches it, the buttons that need a bot are left
        out.
        """
        key = channel.casefold()[:100]
        if not begin_notice(self._context.store, subject, key, kind, at=self._at):
            return
        try:
            reference = await self._post(channel, card())
        except TeamsError as error:
            self.told.failed += 1
            finish_notice(self._context.store, subject, key, kind, at=self._at, problem=str(error))
            log.warning("post-failed", subject=subject, kind=kind, status=error.status)
            return
        self.told.posts += 1
        finish_notice(self._context.store, subject, key, kind, at=self._at, reference=reference)

    async def _post(self, channel: str, card: Card) -> str:
        if channel in self._webhooks:
            ca_file = self._teams.ca_file if self._teams else None
            await post_to_workflow(self._webhooks[channel], card, ca_file=ca_file)
            return "webhook"
        known = channel if channel.startswith("19:") else find_channel(self._context.store, channel)
        if self._teams is None or known is None:
            raise TeamsError(404, "ChannelUnknown", "The bot was not added to this channel's team.")
        async with Connector(self._teams, self._context.graph.get_token) as connector:
            return f"{known} {await connector.send(known, card)}"

    def _notice(self, message: Message) -> Notice:
        return Notice(
            message.key, message.person.id, lambda: message.make(language_of(message.person))
        )

    def _was_sent(self, message: Message) -> bool:
        """Whether a card is not to be sent (any more).

        One about a round is written down after it was sent, in one go: a kill in between sends it
        again, and twice is better than never.
        """
        if not message.is_about_round:
            return not self._begin(message)
        if message.subject not in self._sent:
            self._sent[message.subject] = {
                (d.group_number, d.person_id, d.kind)
                for d in read_deliveries(self._context.store, message.subject)
                if d.state == "sent"
            }
        return (message.number, message.person.id, message.kind) in self._sent[message.subject]

    def _begin(self, message: Message) -> bool:
        store, person = self._context.store, message.person.id
        if message.is_about_round:
            return begin_delivery(
                store, message.subject, message.number, person, message.kind, at=self._at
            )
        return begin_notice(
            store,
            message.subject,
            person,
            message.kind,
            at=self._at,
            again_before=message.again_before,
        )

    def _finish(
        self,
        message: Message,
        *,
        reference: str | None,
        problem: str | None,
        by_mail: bool = False,
    ) -> None:
        """A mail must not go out twice: its end is written as surely as its beginning."""
        store, person = self._context.store, message.person.id
        if message.is_about_round:
            if by_mail:
                finish_delivery(
                    store, message.subject, message.number, person, message.kind,
                    at=self._at, reference=reference, problem=problem,
                )  # fmt: skip
                return
            record_delivery(
                store, message.subject, message.number, person, message.kind,
                at=self._at, reference=reference, problem=problem, shown=message.shown,
            )  # fmt: skip
        else:
            finish_notice(
                store, message.subject, person, message.kind,
                at=self._at, reference=reference, problem=problem,
            )  # fmt: skip

    async def _note_delivered(self, message: Message, delivered: Delivered) -> None:
        self.told.cards += 1
        reference = f"{delivered.conversation_id} {delivered.activity_id}"
        self._finish(message, reference=reference, problem=None)

    async def _note_undelivered(self, message: Message, undelivered: Undelivered) -> None:
        if undelivered.unreachable:
            note_unreachable(
                self._context.store, message.person.id, undelivered.reason, at=self._at
            )
            if self._begin(message):
                await self._mail(message)
        else:
            self.told.failed += 1
            self._finish(message, reference=None, problem=undelivered.reason)

    async def _mail(self, message: Message) -> None:
        language = language_of(message.person)
        card = message.make(language)
        organiser = self._choose_organiser(message.person.id)
        try:
            await send_mail(
                self._context.graph,
                organiser,
                message.person.mail,
                subject=card.summary[:200],
                html=card_as_html(card, texts_in(language), address=self._address),
            )
        except GraphError as error:
            self.told.failed += 1
            self._finish(message, reference=None, problem=str(error), by_mail=True)
            log.warning("mail-failed", subject=message.subject, person=message.person.id)
            return
        self.told.mails += 1
        self._finish(message, reference=organiser, problem=None, by_mail=True)

    def _choose_organiser(self, person_id: str) -> str:
        """Always the same for one person; the mails are spread, as each mailbox has its limits."""
        organisers = self._context.settings.organisation.organisers
        return organisers[zlib.crc32(person_id.encode()) % len(organisers)]


def _read_webhooks(environ: Mapping[str, str]) -> dict[str, str]:
    text = environ.get(WORKFLOWS, "").strip()
    if not text:
        return {}
    try:
        value = json.loads(text)
        return {str(name): str(url) for name, url in value.items()}
    except (ValueError, AttributeError):
        raise WorkflowsError(
            f"{WORKFLOWS} is not JSON (environment). Write the webhooks' addresses by channel, "
            'like {"People/Networking": "https://..."}.'
        ) from None
