"""How a round stands: who answered, what was repaired, and what needs a hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scheduler.rounds.group_cards import CARD
from scheduler.store.answers import read_answers
from scheduler.store.bookings import Booking, read_bookings
from scheduler.store.deliveries import read_deliveries
from scheduler.store.engine import Store
from scheduler.store.notices import read_unreachable
from scheduler.store.revisions import Revision, list_revisions
from scheduler.store.rounds import Round
from scheduler.store.seats import read_seats
from scheduler.web.plan_view import PlanView

_HELD = frozenset({"booking", "booked", "held", "closed"})


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The answers of one group; ``needs``: what needs a hand, as sentences."""

    number: int
    when: str
    place: str
    coming: int
    declined: tuple[str, ...]
    silent: int
    room: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A round in figures; ``repairs``: plans after the first; ``read_at``: of the answers."""

    seats: int
    coming: int
    declined: int
    silent: int
    groups: tuple[GroupLine, ...]
    repairs: tuple[Revision, ...]
    not_told: int
    unreachable: int
    read_at: dt.datetime | None

    @property
    def needing(self) -> int:
        """Groups that need a hand."""
        return sum(bool(group.needs) for group in self.groups)


def read_standing(store: Store, found: Round, view: PlanView) -> Standing:
    """Gather what the store knows of a round's meetings, group by group."""
    answers = read_answers(store, found.id)
    by_seat = {(one.group_number, one.who): one.response for one in answers}
    rooms = {one.group_number: one.response for one in answers if "@" in one.who}
    seats = read_seats(store, found.id)
    bookings = read_bookings(store, found.id)
    deliveries = read_deliveries(store, found.id, kinds=[CARD])
    told = {(one.group_number, one.person_id) for one in deliveries if one.state == "sent"}
    lost = read_unreachable(store)
    lines, coming, declined, silent, not_told = [], 0, 0, 0, 0
    for group in view.plan.groups:
        said_no, said_yes = [], 0
        for member in group.member_ids:
            card = seats.get((group.number, member))
            response = by_seat.get((group.number, member), "none")
            if card is not None:
                response = "accepted" if card.coming else "declined"
            if response == "declined":
                said_no.append(view.people[member].name)
            elif response in {"accepted", "tentativelyAccepted", "organizer"}:
                said_yes += 1
            not_told += (
                found.state in _HELD
                and not view.people[member].guest
                and (group.number, member) not in told
            )
        quiet = len(group.member_ids) - len(said_no) - said_yes
        coming, declined, silent = coming + said_yes, declined + len(said_no), silent + quiet
        room = rooms.get(group.number, "") if group.place.mail else ""
        lines.append(
            GroupLine(
                group.number,
                view.when(group.number),
                group.place.name,
                said_yes,
                tuple(said_no),
                quiet,
                {"accepted": "accepted", "declined": "declined"}.get(room, ""),
                _list_needs(found, bookings.get(group.number), room),
            )
        )
    lines.sort(key=lambda line: (not line.needs, line.number))
    return Standing(
        seats=sum(len(group.member_ids) for group in view.plan.groups),
        coming=coming,
        declined=declined,
        silent=silent,
        groups=tuple(lines),
        repairs=list_revisions(store, found.id)[1:],
        not_told=not_told,
        unreachable=sum(member in lost for member in view.seat_of),
        read_at=max((one.read_at for one in answers), default=None),
    )


def _list_needs(found: Round, booking: Booking | None, room: str) -> tuple[str, ...]:
    """What somebody should look at; nothing before people are invited."""
    if found.state not in _HELD:
        return ()
    needs = []
    if booking is None or booking.state == "intended":
        needs.append("Has no meeting in Outlook yet; the next run tries again.")
    elif booking.state == "removed":
        needs.append("Somebody deleted the meeting in Outlook, which is respected.")
    elif booking.state == "booked" and not booking.agenda_attached:
        needs.append("The invitation lacks its agenda; the next run attaches it.")
    if booking is not None and booking.problem is not None:
        needs.append(booking.problem)
    if room == "declined":
        needs.append("The room declined; the next run looks for another one.")
    return tuple(needs)
