"""Hearing from Graph that somebody answered, so that declines are mended within a minute or two.

Where ``scheduler serve`` is reached from outside, it keeps one subscription for each organiser's
calendar. A notification only says that something has changed; what, is read as always, and is read
on schedule too, because a notification can be lost.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence

import structlog

from scheduler.graph.errors import GraphError
from scheduler.graph.subscriptions import (
    LIFETIME,
    RENEW_BEFORE,
    keep_subscription,
    list_subscriptions,
    remove_subscription,
)
from scheduler.rounds.context import Context

log = structlog.get_logger(__name__)

PATH = "/api/changes"
"""Where Graph posts to, below the address of the service."""
GATHER_SECONDS = 60.0
"""Answers come in crowds, and so do the notifications of what we do ourselves: one reading for
all that come within a minute."""
LOOKED_AFTER_EVERY = dt.timedelta(hours=1)
"""A subscription is renewed two days before it lapses, so an hour more is nothing."""
_SALT = b"scheduler.rounds.listening"


class Listener:
    """One for the life of the process: rung by what Graph posts, waited for by the rounds."""

    def __init__(
        self, address: str, secrets: Sequence[str], *, gather_seconds: float = GATHER_SECONDS
    ) -> None:
        """Take our address from outside, without a slash at its end, and our secrets."""
        self._states = tuple(_make_state(secret) for secret in secrets)
        self._base = f"{address}{PATH}"
        # Graph never says which state a subscription has. With a new secret the address is
        # another one too, so that subscriptions with the old state are replaced.
        self.address = (
            f"{self._base}?key={hashlib.sha256(self._states[-1].encode()).hexdigest()[:12]}"
        )
        self._gather_seconds = gather_seconds
        self._rung = asyncio.Event()
        self._renew = False
        self._kept_until: dt.datetime | None = None

    def knows(self, state: str) -> bool:
        """Whether a notification's ``clientState`` is one that we gave to Graph."""
        return any(hmac.compare_digest(state.encode(), ours.encode()) for ours in self._states)

    def ring(self, *, renew: bool = False) -> None:
        """Something has changed; with ``renew``, Graph wants its subscriptions looked after too."""
        self._renew = self._renew or renew
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Until something has changed and others had time to follow, or for so many seconds."""
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return
        await asyncio.sleep(self._gather_seconds)
        self._rung.clear()

    async def keep(self, context: Context, *, at: dt.datetime) -> None:
        """Have a subscription for each organiser that lasts for days, and none for anybody else.

        What Graph refuses is said in the log and tried again the next time; until then answers
        are read on schedule.
        """
        if not self._renew and self._kept_until is not None and at < self._kept_until:
            return
        renew, self._renew = self._renew, False
        organisers = context.settings.organisation.organisers
        try:
            for mailbox in organisers:
                await keep_subscription(
                    context.graph,
                    mailbox,
                    self.address,
                    self._states[-1],
                    at=at,
                    renew_before=LIFETIME if renew else RENEW_BEFORE,
                )
            ours = {mailbox.casefold() for mailbox in organisers}
            for one in await list_subscriptions(context.graph):
                if one.mailbox not in ours and one.address.startswith(self._base):
                    await remove_subscription(context.graph, one.id)
        except GraphError as error:
            self._renew, self._kept_until = renew, None
            log.warning("not-listening", reason=str(error))
            return
        self._kept_until = at + LOOKED_AFTER_EVERY


def _make_state(secret: str) -> str:
    """What comes back with each notification: it tells nothing of the secret that it is made of."""
    return hmac.new(secret.encode(), _SALT, hashlib.sha256).hexdigest()
