"""My choices in one form, and my introduction with help to write a good one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from scheduler.people.choices import Choices, Introduction
from scheduler.people.choosing import ChoiceError
from scheduler.people.introducing import LONG, PARTS, advise
from scheduler.rounds.deeds import (
    check_choices_form,
    list_offered,
    read_my_choices,
    save_choices_form,
    takes_part,
)
from scheduler.teams.cards.choices import WEEKS
from scheduler.teams.verbs import VERBS
from scheduler.texts.catalogue import texts_in
from scheduler.web.listings import find_signed_up, tell_listings
from scheduler.web.me import LANGUAGE, Blank, Me, Mine, about, go_back, text_of

router = APIRouter()

LABELS: Mapping[str, str] = {
    "programmes": "I take part in",
    "pause_until": "I pause until",
    "every_weeks": "How often at most?",
    "meet_people": "People I would like to meet",
    "meet_areas": "Departments, teams or topics I would like to meet",
    "never_with": "Never in a group with",
    "do": "What I do",
    "help": "I can help with",
    "learn": "I would like to learn about",
    "interests": "What interests me",
    "languages": "Languages I like to speak",
    "adviser": "At a meeting about an area, I would like to have with me",
    "diet": "What I eat, or do not",
    "access": "What a room needs for me",
}
"""What stands before each field of the form; the same as on the card."""


@router.get("/me/choices")
async def my_choices(me: Mine) -> Response:
    """The form, filled in with what counts now."""
    return await _show_choices(me, None, {})


@router.post("/me/choices")
async def save_my_choices(request: Request, me: Mine) -> Response:
    """Keep what the form says, all or nothing."""
    given = _read_choices(await request.form())
    people = await me.people()
    problems = await me.service.in_store(check_choices_form, me.context, given, people=people)
    if not problems:
        members = await me.service.directory.group_members()
        before = await find_signed_up(me.service, me.id)
        try:
            changed = await me.service.in_store(
                save_choices_form, me.context, me.person, given,
                people=people, group_members=members,
            )  # fmt: skip
        except ChoiceError as error:  # two fields that only together are too much
            problems = {"do": str(error)}
        else:
            joined = ",".join(sorted(await find_signed_up(me.service, me.id) - before))
            new = {"joined": joined} if joined else {}
            return go_back("/me/choices", "kept" if changed else "same", **new)
    return await _show_choices(me, given, problems)


@router.get("/me/introduction")
async def my_introduction(me: Mine) -> Response:
    """What others read, and advice."""
    mine = await me.service.in_store(read_my_choices, me.context, me.id)
    return _show_introduction(me, mine.introduction or Introduction(), {})


@router.post("/me/introduction")
async def save_my_introduction(request: Request, me: Mine) -> Response:
    """Keep the introduction; advice on it comes with the next look."""
    form = await request.form()
    given: dict[str, str] = {name: " ".join(text_of(form, name).split()) for name in PARTS}
    people = await me.people()
    problems = await me.service.in_store(check_choices_form, me.context, given, people=people)
    if problems:
        return _show_introduction(me, Introduction(**given), problems)
    changed = await me.service.in_store(
        save_choices_form, me.context, me.person, given, people=people
    )
    return go_back("/me/introduction", "kept" if changed else "same")


def _read_choices(form: FormData) -> dict[str, str]:
    """The texts of the form by the names that the card uses; ticks are parted by commas."""
    given = {name: text_of(form, name).strip() for name in VERBS["save_choices"] if name in form}
    ticked = [one for one in form.getlist("programmes") if isinstance(one, str)]
    return given | {"programmes": ",".join(ticked)}


async def _show_choices(
    me: Me, given: Mapping[str, str] | None, problems: Mapping[str, str]
) -> Response:
    people = await me.people()
    members = await me.service.directory.group_members()
    offered = list_offered(me.context, me.person, members)
    mine = await me.service.in_store(read_my_choices, me.context, me.id)
    joined = {p.name for p in offered if takes_part(mine, p, me.person, me.context.today)}
    mails = {one: people[one].mail for one in mine.meet_people if one in people}
    values = given if given is not None else _write_choices(mine, mails, me.context.today)
    new = me.request.query_params.get("joined", "").split(",")
    told = await tell_listings(me.service, me.id, joined.intersection(new), texts_in(LANGUAGE))
    return me.render(
        "me_choices.html.j2",
        status=400 if problems else 200,
        title="My choices",
        labels=LABELS,
        values={name: values.get(name, "") for name in LABELS},
        problems=Blank(problems),
        programmes=offered,
        ticked=joined if given is None else set(given["programmes"].split(",")),
        today=me.context.today,
        often=_list_weeks(values.get("every_weeks", "")),
        told=told,
    )


def _list_weeks(value: str) -> list[tuple[str, str]]:
    """How often at most; what was said before is among them, whatever it was."""
    weeks = {*WEEKS, int(value)} if value.isdecimal() and 0 < int(value) <= 52 else {*WEEKS}
    said = [
        (str(n), f"At most every {n} weeks" if n > 1 else "At most once a week")
        for n in sorted(weeks)
    ]
    return [("0", "As often as the programmes take place"), *said]


def _write_choices(mine: Choices, mails: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """What counts now as texts of the form. Whom somebody avoids is never shown again."""
    introduction, paused = mine.introduction or Introduction(), mine.paused_until
    return {
        "pause_until": paused.isoformat() if paused and paused > today else "",
        "every_weeks": str(mine.every_weeks or 0),
        "meet_people": ", ".join(mails[one] for one in mine.meet_people if one in mails),
        "meet_areas": ", ".join(mine.meet_areas),
        "do": introduction.do,
        "help": introduction.help,
        "learn": introduction.learn,
        "interests": ", ".join(mine.interests),
        "languages": ", ".join(mine.languages),
        "adviser": mine.adviser or "no",
        "diet": mine.diet or "",
        "access": mine.access or "",
    }


def _show_introduction(me: Me, introduction: Introduction, problems: Mapping[str, str]) -> Response:
    advice: dict[str, list[str]] = {}
    for one in advise(introduction):
        advice.setdefault(one.part, []).append(one.text)
    return me.render(
        "me_introduction.html.j2",
        status=400 if problems else 200,
        title="My introduction",
        labels=LABELS,
        introduction=introduction,
        empty=introduction == Introduction(),
        advice=Blank({} if problems else advice),
        problems=Blank(problems),
        long=LONG,
        about_me=about(me.person),
    )
