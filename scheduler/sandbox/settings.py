"""What a sandbox can be told when it starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """The settings of one tenant.

    ``state`` receives ``sandbox.env`` and ``sandbox-ca.pem``. ``organisation`` is a folder with
    ``people.csv`` (and ``ties.csv``) or one HR export; without it ``people`` people are invented
    from ``seed``. ``today`` is the day on which the tenant's calendars are centred.

    ``port`` is the HTTPS port, ``page_port`` that of plain HTTP, where the pages are for whose
    browser does not know the sandbox's certificate; 0 takes a free one. ``keep`` goes on where the
    last tenant of ``state`` ended, with its people and its day, and keeps what happens.
    ``concurrency`` is how many mailbox requests of one app may be under way at once (4 as
    documented; 0 switches throttling off), ``latency_seconds`` how long each of them takes.
    ``blocked_share`` is the share of people whom the Teams bot cannot reach. ``replay`` says what
    a repeated ``transactionId`` with the same content gets: the event that exists (``return``) or
    ``ErrorDuplicateTransactionId`` (``refuse``); Microsoft's documentation leaves it open.
    ``token_seconds`` is the lifetime of an access token.
    """

    state: Path
    people: int = 1000
    seed: int = 7
    organisation: Path | None = None
    today: dt.date | None = None
    port: int = 0
    page_port: int = 0
    keep: bool = False
    faults: Path | None = None
    concurrency: int = 4
    latency_seconds: float = 0.0
    answer_seconds: float = 0.0
    blocked_share: float = 0.0
    replay: str = "return"
    token_seconds: int = 3599
