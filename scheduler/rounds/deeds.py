"""What people do about themselves: join, leave, pause, and everything else that they decide.

Cards and pages call the same functions. Each changes nothing when it is done again, and says so.
The person is whom the sign-in names; no function here takes their word for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scheduler.errors import ScheduleError
from scheduler.people.audience import in_audience, joins_by_silence
from scheduler.people.choices import (
    EVERY_PROGRAMME,
    KINDS,
    Choice,
    Choices,
    Kind,
    gather_choices,
)
from scheduler.people.choosing import LONGEST_TEXT, ChoiceError, check_length, parse_choice
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.participation import find_paused
from scheduler.rounds.planning import find_programme
from scheduler.store.choices import change_choice, read_choices, remove_choice, save_choice
from scheduler.teams.cards.answer import REFUSALS, Refusal

NOTHING = Choices()
TAKE_BACK_MARKS = frozenset({"-", "–", "—"})
"""What somebody writes where an empty field means "as it was"."""


class RefusedError(ScheduleError):
    """What was asked was not done, and nothing was changed; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(REFUSALS[refusal])
        self.refusal = refusal


def read_my_choices(context: Context, person_id: str) -> Choices:
    """What one person decided so far, and whether they pause because they do not answer."""
    stored = read_choices(context.store, person_ids=[person_id])
    gathered = gather_choices(
        Choice(c.person_id, _kind(c.kind), c.value, c.changed_at, c.changed_by) for c in stored
    )
    silent = person_id in find_paused(context, gathered, person_ids=[person_id])
    return replace(gathered.get(person_id, NOTHING), silent=silent)


def moment_of_choice(context: Context, person_id: str) -> dt.datetime:
    """The present on the run's own day, and after every choice of the person's before.

    The newest decision counts, so one that is made now has to be the newest, also where an earlier
    run was on a later day or a clock was set back.
    """
    held = read_choices(context.store, person_ids=[person_id])
    after = [one.changed_at + dt.timedelta(microseconds=1) for one in held]
    return max([context.moment(), *after])


def list_offered(
    context: Context,
    person: Person,
    group_members: Mapping[str, frozenset[str]] | None = None,
) -> list[Programme]:
    """The programmes that are meant for a person, by name.

    ``group_members``: who is in each Entra group that an audience names.
    """
    return [
        programme
        for _, programme in sorted(context.settings.programmes.items())
        if in_audience(person, programme, today=context.today, group_members=group_members)
    ]


def takes_part(choices: Choices, programme: Programme, person: Person, today: dt.date) -> bool:
    """Whether somebody is in: silence is counted as the programme counts it, and who pauses
    because they left invitations unanswered is in nothing until they join again.
    """
    silence = joins_by_silence(person, programme, today)
    return not choices.silent and choices.takes_part(programme.name, silence=silence)


def join_programme(context: Context, person_id: str, programme: str) -> bool:
    """Take part from now on. False: they did already.

    Raises:
        UnknownProgrammeError: There is no such programme.
    """
    return _decide(context, person_id, "join", programme)


def end_silence(
    context: Context,
    person: Person,
    group_members: Mapping[str, frozenset[str]] | None = None,
) -> bool:
    """Be asked again, in the programmes in which one was. False: one is being asked.

    Args:
        context: Settings, store, day.
        person: Who left invitations unanswered.
        group_members: See :func:`list_offered`.
    """
    mine = read_my_choices(context, person.id)
    if not mine.silent:
        return False
    before = replace(mine, silent=False)
    for programme in list_offered(context, person, group_members):
        if takes_part(before, programme, person, context.today):
            _join_again(context, person.id, programme.name)
    return True


def leave_programme(context: Context, person_id: str, programme: str) -> bool:
    """Take part no more, and be asked no more. False: that held already.

    Raises:
        UnknownProgrammeError: There is no such programme.
    """
    return _decide(context, person_id, "leave", programme)


def pause_until(context: Context, person_id: str, day: dt.date | None) -> bool:
    """Take a break; None ends it. False: that held already.

    Raises:
        ChoiceError: The day has passed.
    """
    words = ["none"] if day is None else [day.isoformat()]
    return bool(save_choices(context, person_id, {"pause-until": words}, people={}))


def save_choices(
    context: Context,
    person_id: str,
    wishes: Mapping[str, Sequence[str]],
    *,
    people: Mapping[str, Person],
) -> tuple[Kind, ...]:
    """Keep several choices, all or none; the kinds that changed.

    Args:
        context: Settings, store, day.
        person_id: Whose choices.
        wishes: Words by kind, as :func:`scheduler.people.choosing.parse_choice` takes them.
        people: Everybody by id, to find addresses.

    Raises:
        ChoiceError: One cannot be kept; nothing was.
    """
    parsed = [_parse(context, kind, words, people) for kind, words in wishes.items()]
    at = moment_of_choice(context, person_id)
    changed: list[Kind] = []
    for kind, about, value in parsed:
        if kind in ("join", "leave"):
            done = _decide(context, person_id, kind, str(value))
        else:
            # Nothing was said before and nothing is said now: that leaves no trail.
            empty = value is None and kind not in _stored_kinds(context, person_id)
            done = not empty and change_choice(
                context.store, person_id, kind, value, about=about, at=at, by=person_id
            )
        if done:
            changed.append(kind)
    return tuple(changed)


def save_choices_form(
    context: Context,
    person: Person,
    form: Mapping[str, Any],
    *,
    people: Mapping[str, Person],
    group_members: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Kind, ...]:
    """Keep what the form of all choices says; an empty field takes a choice back.

    Whom somebody never meets is not shown on the form: an empty field leaves it as it is, and a
    dash takes it back.

    Args:
        context: Settings, store, day.
        person: Whose choices.
        form: Texts by the names of :data:`scheduler.teams.verbs.VERBS` (``save_choices``). A name
            that is not there leaves its choice as it is.
        people: Everybody by id.
        group_members: See :func:`list_offered`.

    Raises:
        ChoiceError: A field cannot be kept; nothing was changed.
    """
    changed = list(save_choices(context, person.id, _read_form(form), people=people))
    if "nothing_else" in form:
        changed += _leave_the_rest(context, person.id, _text(form, "nothing_else") == "yes")
    if "programmes" not in form:
        return tuple(changed)
    wanted = set(_split(_text(form, "programmes")))
    mine = read_my_choices(context, person.id)
    # By joining one they end their silence, and then leave what they did not tick.
    before = replace(mine, silent=mine.silent and not wanted)
    for programme in list_offered(context, person, group_members):
        ticked = programme.name in wanted
        if ticked != takes_part(before, programme, person, context.today) or (
            ticked and mine.silent
        ):
            move: Kind = "join" if ticked else "leave"
            if _decide(context, person.id, move, programme.name):
                changed.append(move)
    return tuple(changed)


def _leave_the_rest(context: Context, person_id: str, wanted: bool) -> list[Kind]:
    """Be in nothing but what one joins by name, now and later; or take that back."""
    if wanted:
        return ["leave"] if _decide(context, person_id, "leave", EVERY_PROGRAMME) else []
    if EVERY_PROGRAMME not in read_my_choices(context, person_id).left:
        return []
    removed = remove_choice(
        context.store,
        person_id,
        "leave",
        about=EVERY_PROGRAMME,
        at=moment_of_choice(context, person_id),
        by=person_id,
    )
    return ["leave"] if removed else []


def check_choices_form(
    context: Context, form: Mapping[str, Any], *, people: Mapping[str, Person]
) -> dict[str, str]:
    """What cannot be kept of the form of all choices, by the name of the field; keeps nothing."""
    problems: dict[str, str] = {}
    for name in form:
        try:
            for kind, words in _read_form({name: form[name]}).items():
                _parse(context, kind, words, people)
        except ChoiceError as error:
            problems[name] = str(error)
    return problems


_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "pause-until": ("pause_until",),
    "introduction": ("do", "help", "learn"),
    "adviser": ("adviser",),
    "diet": ("diet",),
    "access": ("access",),
}

_LISTS: Mapping[Kind, str] = {
    "meet-person": "meet_people",
    "meet-area": "meet_areas",
    "interests": "interests",
    "languages": "languages",
}


def _read_form(form: Mapping[str, Any]) -> dict[str, list[str]]:
    """Words by kind of choice out of the texts of a form."""
    wishes: dict[str, list[str]] = {}
    for kind, names in _FIELDS.items():
        if any(name in form for name in names):
            given = [_text(form, name) for name in names]
            wishes[kind] = given if any(given) else ["none"]
    for listed, name in _LISTS.items():
        if name in form:
            wishes[listed] = _split(_text(form, name)) or ["none"]
    if never := _text(form, "never_with"):
        wishes["never-with"] = ["none"] if never in TAKE_BACK_MARKS else _split(never)
    if "every_weeks" in form:
        weeks = _text(form, "every_weeks")
        wishes["frequency"] = [weeks if weeks not in ("", "0") else "none"]
    if wishes.get("adviser") == ["no"]:
        wishes["adviser"] = ["none"]
    return wishes


def _decide(context: Context, person_id: str, kind: Kind, programme: str) -> bool:
    if programme != EVERY_PROGRAMME:
        find_programme(context, programme)
    done = change_choice(
        context.store,
        person_id,
        kind,
        programme,
        about=programme,
        rivals=["leave" if kind == "join" else "join"],
        at=moment_of_choice(context, person_id),
        by=person_id,
    )
    if not done and kind == "join" and read_my_choices(context, person_id).silent:
        # They had joined and then left invitations unanswered: saying so again ends the pause.
        _join_again(context, person_id, programme)
        return True
    return done


def _join_again(context: Context, person_id: str, programme: str) -> None:
    """Say anew that one takes part, which answers every invitation before."""
    at = moment_of_choice(context, person_id)
    save_choice(context.store, person_id, "join", programme, about=programme, at=at, by=person_id)


def _parse(
    context: Context, kind: str, words: Sequence[str], people: Mapping[str, Person]
) -> tuple[Kind, str, Any]:
    if kind == "introduction" and len(words) == 3:  # parts of it may be empty
        check_length(words)
        return "introduction", "", dict(zip(("do", "help", "learn"), words, strict=True))
    return parse_choice(
        kind,
        words,
        people=people.values(),
        programmes=context.settings.programmes,
        today=context.today,
    )


def _stored_kinds(context: Context, person_id: str) -> set[str]:
    return {choice.kind for choice in read_choices(context.store, person_ids=[person_id])}


def _kind(kind: str) -> Kind:
    return next(one for one in KINDS if one == kind)


def _text(form: Mapping[str, Any], name: str) -> str:
    text = str(form.get(name) or "").strip()
    if len(text) > LONGEST_TEXT * 4:
        raise ChoiceError(f"A field has at most {LONGEST_TEXT * 4} characters.")
    return text


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
