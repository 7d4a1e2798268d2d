"""A person, as the directory or an HR export describes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the directory.

    ``id`` is the directory's object id, ``zone`` an IANA name, ``manager`` another
    person's id. ``level`` counts steps from the top of the manager chain (0 = top).
    ``returned`` is the day of coming back after having left; ``influence`` (1 to 5) is a rating
    set by HR or the person; ``buddy`` is the person's id who looks after a newcomer; ``guest``
    is somebody from outside, whose calendar is not read. ``wishes`` are the areas that the person
    asked to learn about, ``adviser`` whom they would like to have with them (``recruiter`` or
    ``supervisor``).
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
    employee_id: str | None = None
    returned: dt.date | None = None
    interests: tuple[str, ...] = ()
    influence: int | None = None
    buddy: str | None = None
    guest: bool = False
    wishes: tuple[str, ...] = ()
    adviser: str | None = None
