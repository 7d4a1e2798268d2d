"""Whom to meet next: ideas with their reasons, a search by name, and wishes."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.people.choosing import LONGEST_TEXT, MOST_ENTRIES, ChoiceError
from scheduler.people.finding import SHORTEST, find_people
from scheduler.rounds.circle import (
    Circle,
    ask_to_meet,
    ask_to_meet_area,
    propose_people,
    take_back_area,
    take_back_person,
)
from scheduler.rounds.deeds import read_my_choices
from scheduler.web.me import Blank, Me, Mine, go_back, text_of

router = APIRouter(prefix="/me/ideas")

FOUND_AT_MOST = 20
AREA_LETTERS = 80


@router.get("")
async def my_ideas(me: Mine, q: str = "") -> Response:
    """Ideas, whoever is found by a name, and what was asked for so far."""
    if q.strip():
        refused = me.too_much(me.service.searches)
        if refused is not None:
            return refused
    return await _show(me, q=q[:100])


@router.post("/people")
async def ask_for_person(request: Request, me: Mine) -> Response:
    """Ask to meet somebody who takes part."""
    form = await request.form()
    circle = await _circle(me)
    other = circle.people.get(text_of(form, "person"))
    if other is None or other.id == me.id:
        raise HTTPException(404)
    try:
        new = await me.service.in_store(ask_to_meet, me.context, me.person, other)
    except ChoiceError:
        return await _show(me, problems={"person": _TOO_MANY})
    return go_back("/me/ideas", "asked" if new else "same", to="wishes")


@router.post("/people/no-longer")
async def ask_no_longer_for_person(request: Request, me: Mine) -> Response:
    """Take a wish to meet somebody back."""
    wanted = text_of(await request.form(), "person")
    done = await me.service.in_store(take_back_person, me.context, me.person, wanted)
    return go_back("/me/ideas", "unasked" if done else "same", to="wishes")


@router.post("/areas")
async def ask_for_area(request: Request, me: Mine) -> Response:
    """Ask to meet people of a department or team, or about a topic."""
    area = " ".join(text_of(await request.form(), "area").split())
    if not area or len(area) > AREA_LETTERS:
        problem = (
            f"This has {len(area)} characters; at most {AREA_LETTERS} are kept."
            if area
            else "Name a department, a team or a topic, for example Legal."
        )
        return await _show(me, area=area[:LONGEST_TEXT], problems={"area": problem})
    try:
        new = await me.service.in_store(ask_to_meet_area, me.context, me.person, area)
    except ChoiceError:
        return await _show(me, area=area, problems={"area": _TOO_MANY})
    return go_back("/me/ideas", "asked" if new else "same", to="wishes")


@router.post("/areas/no-longer")
async def ask_no_longer_for_area(request: Request, me: Mine) -> Response:
    """Take a wish to meet an area back."""
    area = text_of(await request.form(), "area")
    done = await me.service.in_store(take_back_area, me.context, me.person, area)
    return go_back("/me/ideas", "unasked" if done else "same", to="wishes")


_TOO_MANY = f"At most {MOST_ENTRIES} wishes are kept. Take one back first."


async def _circle(me: Me) -> Circle:
    people = await me.people()
    members = await me.service.directory.group_members()
    return await me.service.in_store(me.service.circles.find, me.context, people, members)


async def _show(
    me: Me, *, q: str = "", area: str = "", problems: dict[str, str] | None = None
) -> Response:
    people = await me.people()
    circle = await _circle(me)
    mine = await me.service.in_store(read_my_choices, me.context, me.id)
    ideas = await me.service.in_store(
        propose_people, me.context, circle, me.person, people, secret=me.service.secrets[0]
    )
    found = [one for one in find_people(q, circle.people.values()) if one.id != me.id]
    return me.render(
        "me_ideas.html.j2",
        status=400 if problems else 200,
        title="Whom to meet next",
        ideas=ideas,
        q=q,
        too_short=bool(q.strip()) and len(q.replace(" ", "")) < SHORTEST,
        found=found[:FOUND_AT_MOST],
        more=len(found) > FOUND_AT_MOST,
        asked=[people[one] for one in mine.meet_people if one in people],
        areas=mine.meet_areas,
        departments=sorted({one.department for one in circle.people.values() if one.department}),
        area=area,
        area_letters=AREA_LETTERS,
        problems=Blank(problems or {}),
    )
