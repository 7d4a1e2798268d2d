"""Pages for people. A module here holds one ``router``; :data:`ROUTERS` lists them in order.

Each route carries a dependency of :mod:`scheduler.web.access`, or the app does not start.
"""

from __future__ import annotations

from fastapi import APIRouter

from scheduler.web.pages import (
    door,
    first,
    me,
    me_choices,
    me_data,
    me_ideas,
    me_meetings,
    me_people,
    plans,
)

ROUTERS: tuple[APIRouter, ...] = (
    door.router, first.router, plans.router,
    me.router, me_meetings.router, me_people.router, me_ideas.router, me_choices.router,
    me_data.router,
)  # fmt: skip
