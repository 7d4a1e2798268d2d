"""Pages for people. A module here holds one ``router``; :data:`ROUTERS` lists them in order.

Each route carries a dependency of :mod:`scheduler.web.access`, or the app does not start.
"""

from __future__ import annotations

from fastapi import APIRouter

from scheduler.web.pages import (
    changing,
    deciding,
    door,
    first,
    following,
    insights,
    me,
    me_choices,
    me_data,
    me_ideas,
    me_meetings,
    me_people,
    programmes,
    rounds,
    what_if,
)

ROUTERS: tuple[APIRouter, ...] = (
    door.router, first.router,
    programmes.router, rounds.router, changing.router, deciding.router, following.router,
    insights.router, what_if.router,
    me.router, me_meetings.router, me_people.router, me_ideas.router, me_choices.router,
    me_data.router,
)  # fmt: skip
