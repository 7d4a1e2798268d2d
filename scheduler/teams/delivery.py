"""Telling many people at once: each card once, and a list of who could not be told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scheduler.teams.cards.kit import Card, CardTooLargeError
from scheduler.teams.connector import Connector, GetToken, TeamsError, UnreachableError
from scheduler.teams.settings import TeamsSettings


@dataclass(frozen=True, slots=True)
class Notice:
    """A card for one person. ``key`` says what it is about, so that it is sent once.

    ``make`` builds the card when its turn comes: thousands of cards never wait in memory.
    """

    key: str
    person_id: str
    make: Callable[[], Card]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A card that arrived, and where: by these ids it can be updated later."""

    key: str
    person_id: str
    conversation_id: str
    activity_id: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A card that did not arrive.

    ``unreachable``: no card reaches this person, so they are to be told by mail and not tried
    again until something changes; otherwise Teams failed, and the next run tries again.
    """

    key: str
    person_id: str
    unreachable: bool
    reason: str


@dataclass(slots=True)
class DeliveryReport:
    """What became of all cards: ``delivered + skipped + len(undelivered)`` is their number."""

    delivered: int = 0
    skipped: int = 0
    undelivered: list[Undelivered] = field(default_factory=list)


async def announce(
    notices: Iterable[Notice],
    *,
    settings: TeamsSettings,
    get_token: GetToken,
    is_delivered: Callable[[str], bool],
    on_delivered: Callable[[Delivered], Awaitable[None]],
    on_undelivered: Callable[[Undelivered], Awaitable[None]],
    chats: Mapping[str, str] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> DeliveryReport:
    """Send each notice to its person's chat, unless it arrived before.

    One person's failure never stops the others. A card whose sending was cut off (the process
    was killed between Teams' answer and ``on_delivered``) is sent again by the next run.

    Args:
        notices: What to send; read one by one as there is room.
        settings: How to reach Teams.
        get_token: Gives a token for a scope, from the credential that Graph uses too.
        is_delivered: Whether a key was delivered by an earlier run.
        on_delivered: Records a delivery before the next card is taken.
        on_undelivered: Tells the person by mail where they are unreachable, and records it.
        chats: Known chats by person id, from earlier deliveries; spares a request each.
        on_progress: Called with the number of notices done.
    """
    report = DeliveryReport()
    turns = _deal(notices)
    known = chats or {}
    async with Connector(settings, get_token) as connector:

        async def work() -> None:
            for notice in turns:
                if is_delivered(notice.key):
                    report.skipped += 1
                else:
                    outcome = await _deliver(connector, notice, known.get(notice.person_id))
                    if isinstance(outcome, Delivered):
                        await on_delivered(outcome)
                        report.delivered += 1
                    else:
                        await on_undelivered(outcome)
                        report.undelivered.append(outcome)
                if on_progress:
                    on_progress(report.delivered + report.skipped + len(report.undelivered))

        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(settings.in_flight):
                    workers.create_task(work())
        except ExceptionGroup as failures:  # the caller's own, or no token: one is enough to say
            raise failures.exceptions[0] from None
    return report


def _deal(notices: Iterable[Notice]) -> Iterator[Notice]:
    """Hand out each key once, also where it stands in the list twice."""
    seen: set[str] = set()
    for notice in notices:
        if notice.key not in seen:
            seen.add(notice.key)
            yield notice


async def _deliver(
    connector: Connector, notice: Notice, chat: str | None
) -> Delivered | Undelivered:
    try:
        card = notice.make()
        conversation = chat or await connector.open_chat(notice.person_id)
        try:
            activity = await connector.send(conversation, card)
        except TeamsError as error:
            if error.status != 404 or chat is None:
                raise
            conversation = await connector.open_chat(notice.person_id)  # the bot was reinstalled
            activity = await connector.send(conversation, card)
    except (UnreachableError, CardTooLargeError) as error:  # mail has room for it
        return Undelivered(notice.key, notice.person_id, True, str(error))
    except TeamsError as error:
        return Undelivered(notice.key, notice.person_id, False, str(error))
    return Delivered(notice.key, notice.person_id, conversation, activity)
