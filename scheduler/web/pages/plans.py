"""A round's plan, as HR reads it before and after anybody is invited."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from scheduler.grouping.plan import Plan
from scheduler.people.person import Person
from scheduler.store.plans import read_plan
from scheduler.store.rounds import read_round, split_round_id
from scheduler.web.access import require_role
from scheduler.web.guards import make_policy
from scheduler.web.plan_page import STATE_NOTES, plan_page
from scheduler.web.service import Service, service_of

router = APIRouter(dependencies=[Depends(require_role("HR"))])
Here = Annotated[Service, Depends(service_of)]


@router.get("/rounds/{programme}/{date}")
async def plan_of_round(programme: str, date: str, request: Request, service: Here) -> Response:
    """The plan that counts, whatever state the round is in."""
    del request
    context = service.context()
    round_id = f"{programme}/{date}"
    split_round_id(round_id)
    found = await service.in_store(read_round, context.store, round_id)
    plan = await service.in_store(read_plan, context.store, round_id)
    known = context.settings.programmes.get(found.programme)
    guests = {guest.mail: guest.name for guest in known.guests} if known else {}
    page = plan_page(
        plan,
        _with_strangers(plan, await service.directory.people(), guests),
        title=known.title if known else found.programme,
        note=STATE_NOTES[found.state],
    )
    policy = make_policy(scripts=_hashes(page, "script"), styles=_hashes(page, "style"))
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _with_strangers(
    plan: Plan, people: Mapping[str, Person], guests: Mapping[str, str]
) -> dict[str, Person]:
    """Everybody whom the plan names: guests, and those who have left since, are in no directory."""
    named = {p for group in plan.groups for p in group.member_ids}
    named |= {entry.person_id for entry in plan.left_out}
    strangers = {
        person_id: Person(
            id=person_id, name=guests.get(person_id, "Somebody who has left"), mail=person_id
        )
        for person_id in named - set(people)
    }
    return {**people, **strangers}


def _hashes(page: str, element: str) -> list[str]:
    """The sources under which a browser takes the page's own inline blocks (CSP level 2)."""
    blocks = re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
    digests = (hashlib.sha256(block.encode()).digest() for block in blocks)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
