"""My network: what comes next, what to follow up, whom to meet, and where one takes part."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.people.follow_ups import split_note
from scheduler.rounds.circle import propose_people
from scheduler.rounds.deeds import (
    join_programme,
    leave_programme,
    list_offered,
    read_my_choices,
    takes_part,
)
from scheduler.store.feedback import read_notes
from scheduler.teams.cards.name_list import describe_listing
from scheduler.texts.catalogue import texts_in
from scheduler.web.listings import find_listings_of
from scheduler.web.me import LANGUAGE, Me, Mine, go_back, text_of
from scheduler.web.meetings import list_coming, list_past

router = APIRouter()

FOLLOW_UPS_SHOWN = 6
IDEAS_SHOWN = 3


@router.get("/me")
async def my_network(me: Mine) -> Response:
    """What comes next, what to follow up, ideas, programmes."""
    return await show_network(me)


async def show_network(me: Me) -> Response:
    """The page itself, which is also the first page of whoever is signed in."""
    context, service = me.context, me.service
    people = await me.people()
    members = await service.directory.group_members()
    choices = await service.in_store(read_my_choices, context, me.id)
    circle = await service.in_store(service.circles.find, context, people, members)
    ideas = await service.in_store(
        propose_people, context, circle, me.person, people,
        secret=service.secrets[0], most=IDEAS_SHOWN,
    )  # fmt: skip
    past = await list_past(me)
    notes = await service.in_store(read_notes, context.store, me.id)
    written = {(note.round_id, note.group_number): note.text for note in notes}
    todo = [
        (meeting, one)
        for meeting in past
        for one in split_note(written.get((meeting.round_id, meeting.number), ""))
        if not one.done
    ]
    texts = texts_in(LANGUAGE)
    lists = {
        name: describe_listing(one, texts)
        for name, one in (await find_listings_of(service, me.id)).items()
    }
    # Who has just put their name down is told at the top of the page where they stand.
    told = " ".join(lists.get(me.request.query_params.get("programme", ""), ()))
    shown: dict[str, Any] = {"message": told} if told else {}
    return me.render(
        "me.html.j2",
        title="My network",
        lists=lists,
        **shown,
        coming=await list_coming(me),
        todo=todo[:FOLLOW_UPS_SHOWN],
        met=len({person.id for meeting in past for person in meeting.others}),
        ideas=ideas,
        introduced=choices.introduction is not None,
        paused_until=choices.paused_until
        if choices.paused_until and choices.paused_until > context.today
        else None,
        programmes=[
            (programme, takes_part(choices, programme, me.person, context.today),
             not choices.takes_part(programme.name, silence=True))
            for programme in list_offered(context, me.person, members)
        ],
    )  # fmt: skip


@router.post("/me/programmes/{programme}")
async def answer_programme(programme: str, request: Request, me: Mine) -> Response:
    """Join a programme, not now, or never."""
    members = await me.service.directory.group_members()
    if programme not in {one.name for one in list_offered(me.context, me.person, members)}:
        raise HTTPException(404)
    answer = text_of(await request.form(), "answer")
    match answer:
        case "join":
            new = await me.service.in_store(join_programme, me.context, me.id, programme)
        case "never":
            new = await me.service.in_store(leave_programme, me.context, me.id, programme)
        case "not-now":  # as on the card: nothing is kept, and the next asking may come
            return go_back("/me", "not-now", to="programmes")
        case _:
            raise HTTPException(400)
    done = {"join": "joined", "never": "left"}[answer]
    listed = answer == "join" and me.context.settings.programmes[programme].sign_up is not None
    about = {"programme": programme} if listed else {}
    return go_back("/me", done if new else "same", to="programmes", **about)
