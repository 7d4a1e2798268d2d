"""My meetings: agenda, calendar file, coming or not, and afterwards notes and meeting again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scheduler.agendas.calendar_file import invitation_ics
from scheduler.agendas.pdf import agenda_pdf
from scheduler.people.follow_ups import mark_line, split_note
from scheduler.rounds.attending import confirm_seat, give_seat_away
from scheduler.rounds.circle import read_introductions
from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.looking_back import MET, THANKS_LETTERS, give_feedback, keep_note
from scheduler.rounds.member_agendas import language_of
from scheduler.store.feedback import find_feedback, find_note, write_note
from scheduler.store.meetings import read_own_meetings
from scheduler.teams.cards.feedback import NOTE_LETTERS
from scheduler.teams.links import compose_link
from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import day_text, span_text, zone_text
from scheduler.web.me import LANGUAGE, Blank, Me, Mine, find_own_round, go_back, text_of
from scheduler.web.meetings import (
    OwnMeeting,
    describe_past,
    list_coming,
    read_meeting,
)
from scheduler.web.presses.meeting import find_times_with

router = APIRouter(prefix="/me/meetings")
Number = Annotated[int, Path(ge=1, le=1_000_000)]
"""Of a group; more than any round has."""


@router.get("")
async def my_meetings(me: Mine) -> Response:
    """Meetings to come."""
    return me.render("me_meetings.html.j2", title="My meetings", coming=await list_coming(me))


@router.get("/{programme}/{date}/{number}")
async def my_meeting(programme: str, date: str, number: Number, me: Mine) -> Response:
    """One meeting: before it the agenda, afterwards the people, notes and what to follow up."""
    return await _show(me, f"{programme}/{date}", number)


@router.get("/{programme}/{date}/{number}/agenda.pdf")
async def my_agenda(programme: str, date: str, number: Number, me: Mine) -> Response:
    """The agenda as a PDF, in the person's language."""
    round_id = f"{programme}/{date}"
    found = await find_own_round(me, round_id, number)
    agenda = await me.service.write_agenda(found, number, me.id, language_of(me.person))
    if agenda is None:
        raise HTTPException(404)
    content = await asyncio.to_thread(agenda_pdf, agenda)
    return _file(content, f"agenda-{programme}-{date}.pdf", "application/pdf")


@router.get("/{programme}/{date}/{number}/invitation.ics")
async def my_invitation(programme: str, date: str, number: Number, me: Mine) -> Response:
    """The meeting for another calendar than Outlook's."""
    meeting = await _own_meeting(me, f"{programme}/{date}", number)
    found = await find_own_round(me, meeting.round_id, number)
    agenda = await me.service.write_agenda(found, number, me.id, language_of(me.person))
    known = me.context.settings.programmes[programme]
    content = invitation_ics(
        agenda or meeting.agenda,
        uid=meeting.booking.ical_uid or meeting.booking.transaction_id,
        minutes=meeting.slot.minutes,
        organiser=(known.title, meeting.booking.organiser),
        members=(),
        stamp=me.service.now(),
        join_url=meeting.booking.join_url,
        category=known.category,
        method="PUBLISH",
    )
    return _file(content, f"{programme}-{date}.ics", "text/calendar; charset=utf-8")


@router.post("/{programme}/{date}/{number}/seat")
async def answer_seat(
    programme: str, date: str, number: Number, request: Request, me: Mine
) -> Response:
    """Give the seat away, or come after all."""
    round_id = f"{programme}/{date}"
    answer = text_of(await request.form(), "answer")
    if answer not in {"come", "away"}:
        raise HTTPException(400)
    if answer == "away":  # at a second press the seat may be somebody else's by now
        deed = give_seat_away
    else:
        await find_own_round(me, round_id, number)
        deed = confirm_seat
    try:
        new = await me.service.in_store(
            deed, me.context, round_id, number, me.id, at=me.service.now()
        )
    except RefusedError as refused:
        if await _is_mine(me, round_id, number):
            raise
        raise HTTPException(404) from refused
    if answer == "away" and new:
        me.service.ask_repair(round_id)
    return go_back("/me/meetings", ("coming" if answer == "come" else "away") if new else "same")


@router.post("/{programme}/{date}/{number}/note")
async def write_my_note(
    programme: str, date: str, number: Number, request: Request, me: Mine
) -> Response:
    """Keep a private note; each line of it is something to follow up. Empty removes it."""
    round_id = f"{programme}/{date}"
    await find_own_round(me, round_id, number)
    text = text_of(await request.form(), "note").replace("\r\n", "\n")
    try:
        await me.service.in_store(
            keep_note, me.context, round_id, number, me.id, text, at=me.service.now()
        )
    except RefusedError:
        problem = f"A note has at most {NOTE_LETTERS} characters; this has {len(text)}."
        return await _show(me, round_id, number, note=text, problems={"note": problem})
    return go_back(f"/me/meetings/{round_id}/{number}", "noted", to="note")


@router.post("/{programme}/{date}/{number}/follow-up")
async def mark_follow_up(
    programme: str, date: str, number: Number, request: Request, me: Mine
) -> Response:
    """One line of the note is done, or to do again."""
    round_id = f"{programme}/{date}"
    await find_own_round(me, round_id, number)
    form = await request.form()
    line = text_of(form, "line")
    note = await me.service.in_store(find_note, me.context.store, round_id, number, me.id)
    if note is None or not line.isdecimal() or len(line) > 4:
        raise HTTPException(404)
    text = mark_line(note.text, int(line), done=text_of(form, "done") == "yes")
    # Marks come on top of what a note may have: no letter of it is cut off for them.
    await me.service.in_store(
        write_note, me.context.store, round_id, number, me.id, text, at=me.service.now()
    )
    home = text_of(form, "from") == "home"
    path = "/me" if home else f"/me/meetings/{round_id}/{number}"
    return go_back(path, "noted", to="follow-ups" if home else "note")


@router.post("/{programme}/{date}/{number}/feedback")
async def say_how_it_was(
    programme: str, date: str, number: Number, request: Request, me: Mine
) -> Response:
    """Say once whether the group met, and thank."""
    round_id = f"{programme}/{date}"
    await find_own_round(me, round_id, number)
    form = await request.form()
    met, thanks = text_of(form, "met"), text_of(form, "thanks")
    problems = {}
    if met not in MET:
        problems["met"] = "Please say whether you met."
    if len(thanks) > THANKS_LETTERS:
        problems["thanks"] = f"At most {THANKS_LETTERS} characters; this has {len(thanks)}."
    if problems:
        given = {
            "met": met, "again": text_of(form, "again"), "thanks": thanks,
            "thank": [one for one in form.getlist("thank") if isinstance(one, str)],
        }  # fmt: skip
        return await _show(me, round_id, number, given=given, problems=problems)
    new = await me.service.in_store(
        give_feedback,
        me.context,
        round_id,
        number,
        me.id,
        met=met,
        again=text_of(form, "again"),
        thank=[one for one in form.getlist("thank") if isinstance(one, str)],
        thanks=thanks,
        at=me.service.now(),
    )
    path = "/me/people" if met == "no" else f"/me/meetings/{round_id}/{number}"
    return go_back(path, "thanked" if new else "same")


@router.get("/{programme}/{date}/{number}/again/{other_id}")
async def meet_again(
    programme: str, date: str, number: Number, other_id: str, me: Mine
) -> Response:
    """Times at which both are free, each with a link to a meeting that is not sent yet."""
    refused = me.too_much(me.service.presses)
    if refused is not None:
        return refused
    round_id = f"{programme}/{date}"
    try:
        person, other, slots = await find_times_with(me.service, me.id, round_id, number, other_id)
    except RefusedError as error:
        raise HTTPException(404) from error
    texts = texts_in(LANGUAGE)
    zone = ZoneInfo(person.zone or me.context.settings.organisation.offices[0].zone)
    times = []
    for slot in slots:
        starts = slot.start.astimezone(zone)
        link = compose_link(
            subject=texts.say("{one} and {other}", one=person.name, other=other.name),
            to=other.mail,
            starts=slot.start,
            minutes=slot.minutes,
        )
        times.append((day_text(starts, texts), span_text(starts, slot.minutes, texts), link))
    return me.render(
        "me_again.html.j2",
        title=f"Meet {other.name} again",
        other=other,
        times=times,
        zone=zone_text(slots[0].start.astimezone(zone), texts) if slots else "",
        back=f"/me/meetings/{round_id}/{number}",
    )


async def _show(
    me: Me,
    round_id: str,
    number: int,
    *,
    note: str | None = None,
    given: Mapping[str, object] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    """The page of a meeting, with what was typed where that could not be kept."""
    store = me.context.store
    found = await find_own_round(me, round_id, number)
    meeting = await read_meeting(me, round_id, number)
    stored = next(
        (
            one
            for one in await me.service.in_store(read_own_meetings, store, me.id, with_absent=True)
            if (one.round_id, one.group_number) == (round_id, number)
        ),
        None,
    )
    if stored is None:
        raise HTTPException(404)
    begun = stored.start <= me.service.now()
    kept = await me.service.in_store(find_note, store, round_id, number, me.id)
    said = await me.service.in_store(find_feedback, store, round_id, number, me.id)
    past = describe_past(me, stored, await me.people())
    introductions = await me.service.in_store(read_introductions, me.context, stored.person_ids)
    return me.render(
        "me_meeting.html.j2",
        status=400 if problems else 200,
        title=past.title,
        meeting=meeting,
        past=past if begun else None,
        introductions=introductions,
        here=f"/me/meetings/{round_id}/{number}",
        note=note if note is not None else kept.text if kept else "",
        todo=split_note(kept.text) if kept else (),
        note_letters=NOTE_LETTERS,
        thanks_letters=THANKS_LETTERS,
        asks=begun and said is None and found.state != "closed",
        met_answers={"yes": "Yes, all of us", "partly": "Partly, somebody was missing", "no": "No"},
        again_answers={"yes": "Yes", "maybe": "Maybe", "no": "No"},
        given=Blank(given or {}),
        problems=Blank(problems or {}),
    )


async def _own_meeting(me: Me, round_id: str, number: int) -> OwnMeeting:
    await find_own_round(me, round_id, number)
    meeting = await read_meeting(me, round_id, number)
    if meeting is None:
        raise HTTPException(404)
    return meeting


async def _is_mine(me: Me, round_id: str, number: int) -> bool:
    try:
        await find_own_round(me, round_id, number)
    except HTTPException:
        return False
    return True


def _file(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
