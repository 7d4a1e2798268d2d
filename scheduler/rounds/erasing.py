"""Erasing a person: out of meetings to come, out of the store, out of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog

from scheduler.booking.keys import fingerprint
from scheduler.errors import ScheduleError
from scheduler.grouping.mending import Upset
from scheduler.grouping.plan import Plan
from scheduler.people.person import Person
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.log_file import forget_text
from scheduler.rounds.mending import mend
from scheduler.rounds.outcome import carry_out_round
from scheduler.store.audit import write_audit
from scheduler.store.bookings import change_fingerprint, read_bookings
from scheduler.store.deliveries import forget_shown
from scheduler.store.engine import now
from scheduler.store.persons import Erased, erase_person, is_known
from scheduler.store.plans import read_plan, replace_plan
from scheduler.store.rounds import State, list_rounds
from scheduler.store.shredding import compact

log = structlog.get_logger(__name__)

AHEAD: frozenset[State] = frozenset({"planned", "approved", "booking", "booked"})
INVITED: frozenset[State] = frozenset({"booking", "booked"})


class UnknownPersonError(ScheduleError):
    """Nobody of that address or id is in the directory or in the store."""


class ErasureIncompleteError(ScheduleError):
    """A meeting to come could not be changed, so nothing was removed yet."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The person meant: their id, and what else the directory says, if they are in it."""

    id: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing a person did: rounds changed, rows removed, seats that stay without a name."""

    rounds: int
    erased: Erased
    in_directory: bool


async def find_whom(
    context: Context, wanted: str, *, people: Mapping[str, Person] | None = None
) -> Whom:
    """The person of a mail address or an id; ``people`` by id where they were read already.

    Raises:
        UnknownPersonError: Nobody is; says what to give.
        GraphError: The directory cannot be read.
    """
    key = wanted.strip().casefold()
    for person in (people or await read_settled_people(context)).values():
        if key in (person.id.casefold(), person.mail.casefold()):
            return Whom(person.id, person)
    for spelling in (wanted.strip(), key):
        if is_known(context.store, spelling):
            return Whom(spelling, None)
    raise UnknownPersonError(
        "Nobody with this address or id is in the directory, and nothing is stored about them. "
        "For somebody who has left, give the id that they had in the directory."
    )


async def erase(context: Context, wanted: str) -> Erasure:
    """Remove everything about a person; doing it again goes on where it was interrupted.

    They are taken out of meetings to come first, by the smallest change that lets the others meet.
    Of meetings that took place the number of seats stays.

    Args:
        context: Settings, store, connection.
        wanted: Their mail address or id.

    Raises:
        UnknownPersonError: There is no such person.
        ErasureIncompleteError: Outlook did not take a change; nothing was removed.
        GraphError: Graph cannot be reached; nothing was removed.
        RoundHeldError: Another process is at one of their rounds.
    """
    whom = await find_whom(context, wanted)
    changed = 0
    for round_ in list_rounds(context.store, states=AHEAD):
        plan = read_plan(context.store, round_.id)
        if _meets_ahead(plan, whom.id, context.moment()):
            await _take_out(context, plan, whom.id, invited=round_.state in INVITED)
            changed += 1
    words = () if whom.person is None else (whom.person.mail, whom.person.name)
    named = _groups_with(context, whom.id)
    erased = erase_person(context.store, whom.id, words)
    _describe_anew(context, named)
    if context.log is not None:
        forget_text(context.log, whom.id)
    write_audit(
        context.store,
        "person erased",
        at=now(),
        by=context.by,
        details={"rounds_changed": changed, "rows": erased.rows, "seats_kept": erased.seats},
    )
    compact(context.store)
    log.info("person-erased", rounds=changed, rows=erased.rows)
    return Erasure(changed, erased, whom.person is not None)


def _meets_ahead(plan: Plan, person_id: str, moment: dt.datetime) -> bool:
    return any(person_id in g.member_ids and g.slot.start > moment for g in plan.groups)


async def _take_out(context: Context, plan: Plan, person_id: str, *, invited: bool) -> None:
    mended = await mend(
        context, plan, Upset(dropped=frozenset({person_id}), without_room=frozenset(), proposals={})
    )
    replace_plan(context.store, mended, reason="somebody was taken out", at=now())
    if not invited:
        return
    outcome = await carry_out_round(context, plan.round_id, again=True)
    standing = read_plan(context.store, plan.round_id)
    if not outcome.booking.complete or _meets_ahead(standing, person_id, context.moment()):
        raise ErasureIncompleteError(
            f"Round {plan.round_id} could not be changed in Outlook, so nothing was removed yet. "
            f"{outcome.booking.describe_difference() or ''} The same command tries again.".strip()
        )


def _groups_with(context: Context, person_id: str) -> tuple[tuple[str, int], ...]:
    """Booked groups of theirs: what their events were booked for is told by a digest of ids."""
    return tuple(
        (round_.id, group.number)
        for round_ in list_rounds(context.store)
        for group in read_plan(context.store, round_.id).groups
        if person_id in group.member_ids
    )


def _describe_anew(context: Context, groups: Iterable[tuple[str, int]]) -> None:
    """Events of the past are as they should be: their digests are those of the plan as it is.

    Cards of such groups are not changed any more, so nothing is kept of what they show.
    """
    for round_id, number in groups:
        forget_shown(context.store, round_id, number)
        if number in read_bookings(context.store, round_id):
            plan = read_plan(context.store, round_id)
            group = next(g for g in plan.groups if g.number == number)
            change_fingerprint(context.store, round_id, number, fingerprint(group))
