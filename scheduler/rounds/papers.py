"""A few of a round's agendas, invitations and cards as files, to look at."""

from __future__ import annotations

import json
import os
from pathlib import Path

from scheduler.agendas.calendar_file import invitation_ics
from scheduler.agendas.pdf import agenda_pdf
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.context import Context
from scheduler.rounds.member_agendas import write_member_agenda
from scheduler.rounds.planning import find_programme
from scheduler.rounds.secrets import read_secrets
from scheduler.store.bookings import read_bookings
from scheduler.store.engine import now
from scheduler.store.plans import read_plan
from scheduler.store.rounds import split_round_id
from scheduler.teams.cards.group import group_card
from scheduler.teams.cards.kit import Buttons
from scheduler.teams.signing import Signer


async def write_papers(context: Context, round_id: str, folder: Path, count: int) -> None:
    """Write ``agendas/``, ``invitations/`` and ``cards/`` of the first booked groups.

    Raises:
        UnknownRoundError: there is no such round.
    """
    programme = find_programme(context, split_round_id(round_id)[0])
    people = await read_settled_people(context)
    signer = Signer(read_secrets(os.environ, context.store))
    bookings = read_bookings(context.store, round_id, states={"booked"})
    booked = [g for g in read_plan(context.store, round_id).groups if g.number in bookings]
    # Spread over the round, so that several offices and days are seen.
    for group in booked[:: max(1, len(booked) // count)][:count]:
        agenda = write_member_agenda(programme, group, people)
        booking = bookings[group.number]
        members = [people[person_id] for person_id in group.member_ids]
        name = f"group-{group.number:03}"
        _write(folder / "agendas" / f"{name}.pdf", agenda_pdf(agenda))
        ics = invitation_ics(
            agenda,
            uid=booking.ical_uid or booking.transaction_id,
            minutes=group.slot.minutes,
            organiser=(programme.title, booking.organiser),
            members=members,
            stamp=now(),
            join_url=booking.join_url,
            category=programme.category,
        )
        _write(folder / "invitations" / f"{name}.ics", ics)
        card = group_card(
            agenda,
            Buttons(signer, round_id, members[0].id, str(group.number)),
            event_url=booking.web_link,
            join_url=booking.join_url,
        )
        text = json.dumps(card.content, indent=2, ensure_ascii=False)
        _write(folder / "cards" / f"{name}.json", text.encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
