"""People I met."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from scheduler.people.finding import find_people
from scheduler.people.follow_ups import split_note
from scheduler.store.feedback import read_notes
from scheduler.web.me import Mine
from scheduler.web.meetings import list_past

router = APIRouter()

SHOWN = 20
"""Meetings on one page."""


@router.get("/me/people")
async def people_i_met(me: Mine, q: str = "", page: int = 1) -> Response:
    """Meetings that were, newest first, with the people in them and what was noted."""
    past = await list_past(me)
    met = {person.id: person for meeting in past for person in meeting.others}
    if q.strip():
        wanted = {person.id for person in find_people(q[:100], met.values())}
        found = [one for one in past if any(person.id in wanted for person in one.others)]
    else:
        wanted, found = set(), past
    pages = max(1, -(-len(found) // SHOWN))
    page = min(max(1, page), pages)
    notes = await me.service.in_store(read_notes, me.context.store, me.id)
    return me.render(
        "me_people.html.j2",
        title="People I met",
        q=q[:100],
        met=len(met),
        meetings=found[(page - 1) * SHOWN : page * SHOWN],
        wanted=wanted,
        notes={(n.round_id, n.group_number): split_note(n.text) for n in notes},
        page=page,
        pages=pages,
    )
