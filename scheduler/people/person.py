"""A person, as the directory or an HR export describes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the directory.

    ``id`` is the directory's object id, ``zone`` an IANA name, ``manager`` another
    person's id. ``level`` counts steps from the top of the manager chain (0 = top).
    """

    id: str
    name: str
    mail: str
    department: str | None = None
    team: str | None = None
    office: str | None = None
    country: str | None = None
    title: str | None = None
    level: int | None = None
    manager: str | None = None
    company: str | None = None
    hired: dt.date | None = None
    zone: str | None = None
    languages: tuple[str, ...] = ()
    employee_type: str | None = None
