"""What members do after they met: say how it was, note something, thank, and connect again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from scheduler.calendars.availability import find_availability
from scheduler.calendars.slots import Slot, make_slots
from scheduler.graph.schedules import read_free_busy
from scheduler.people.person import Person
from scheduler.programmes.programme import Window
from scheduler.rounds.attending import find_own_meeting
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.surroundings import office_habits
from scheduler.store.feedback import AgainAnswer, Feedback, MetAnswer, save_feedback, write_note
from scheduler.store.meetings import read_members
from scheduler.teams.cards.feedback import NOTE_LETTERS

THANKS_LETTERS = 300
CONNECT = Window(
    days=("mon", "tue", "wed", "thu", "fri"),
    earliest=dt.time(8),
    latest=dt.time(18),
    minutes=30,
    starts_every=30,
)
"""When two people may meet again: in the working hours of both, for half an hour."""
CONNECT_DAYS = 14
MET: Mapping[str, MetAnswer] = {"yes": "yes", "partly": "partly", "no": "no"}
AGAIN: Mapping[str, AgainAnswer] = {"yes": "yes", "maybe": "maybe", "no": "no"}


def give_feedback(
    context: Context,
    round_id: str,
    group_number: int,
    person_id: str,
    *,
    met: str,
    again: str = "",
    note: str = "",
    thank: Collection[str] = (),
    thanks: str = "",
    at: dt.datetime,
) -> bool:
    """Keep how it was. False: this person has answered already, and nothing was changed.

    Args:
        context: Settings and store.
        round_id: The round.
        group_number: The group.
        person_id: Who answers.
        met: ``yes``, ``partly`` or ``no``.
        again: ``yes``, ``maybe``, ``no`` or nothing.
        note: For the person alone.
        thank: Ids of members whom they thank; others' ids are passed over.
        thanks: What for; the thanked read it.
        at: The moment.

    Raises:
        RefusedError: The meeting was called off or is not theirs, the round is closed, or a text
            is too long.
    """
    found, _ = find_own_meeting(context, round_id, group_number, person_id)
    if found.state == "closed" or met not in MET:
        raise RefusedError("late")
    if len(note) > NOTE_LETTERS or len(thanks) > THANKS_LETTERS:
        raise RefusedError("too_long")
    members = set(read_members(context.store, round_id, group_number)) - {person_id}
    given = Feedback(
        round_id=round_id,
        group_number=group_number,
        person_id=person_id,
        met=MET[met],
        again=AGAIN.get(again),
        said_at=at,
    )
    return save_feedback(
        context.store,
        given,
        note=note.strip(),
        thank=members & set(thank),
        words=thanks.strip(),
    )


def keep_note(
    context: Context,
    round_id: str,
    group_number: int,
    person_id: str,
    text: str,
    *,
    at: dt.datetime,
) -> None:
    """Keep a private note about one's own meeting; an empty text removes it.

    Raises:
        RefusedError: The meeting is not theirs, or the text is too long.
    """
    find_own_meeting(context, round_id, group_number, person_id)
    if len(text) > NOTE_LETTERS:
        raise RefusedError("too_long")
    write_note(context.store, round_id, group_number, person_id, text.strip(), at=at)


async def find_common_times(
    context: Context, person: Person, other: Person, *, at: dt.datetime, most: int = 3
) -> tuple[Slot, ...]:
    """The first times, at most one a day, at which two people are free in their working hours.

    Args:
        context: Settings and connection.
        person: Who asks.
        other: Whom they want to meet again.
        at: The moment; looked at are the fourteen days from tomorrow.
        most: How many times.

    Raises:
        GraphError: Graph cannot be asked.
    """
    pair = (person, other)
    organisation = context.settings.organisation
    days = [at.date() + dt.timedelta(days=n) for n in range(1, CONNECT_DAYS + 1)]
    begin = dt.datetime.combine(days[0], dt.time(), dt.UTC) - dt.timedelta(days=1)
    end = dt.datetime.combine(days[-1], dt.time(), dt.UTC) + dt.timedelta(days=2)
    read = await read_free_busy(
        context.graph,
        [one.mail for one in pair],
        begin,
        end,
        zones={one.mail: one.zone for one in pair if one.zone is not None},
        through=organisation.organisers,
    )
    zone = person.zone or organisation.offices[0].zone
    slots = make_slots(CONNECT, days, {zone, other.zone or zone})
    free = find_availability(
        pair,
        {one.id: read[one.mail] for one in pair},
        slots,
        CONNECT,
        office_habits(organisation, days),
        in_person=False,
        lunch=organisation.lunch,
    ).free
    found: dict[dt.date, Slot] = {}
    for slot, both in zip(slots, (free[0] & free[1]).tolist(), strict=True):
        if both and slot.start > at:
            found.setdefault(slot.start.astimezone(ZoneInfo(zone)).date(), slot)
    return tuple(found.values())[:most]
