"""Guests from outside have the invitation by mail, and hear nothing else from us."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.booking.keys import fingerprint
from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place
from scheduler.people.person import Person
from scheduler.rounds.context import Context
from scheduler.rounds.meeting_notices import list_meeting_messages
from scheduler.rounds.person_notices import list_thanks
from scheduler.settings.loader import load_settings
from scheduler.store.bookings import Intention, confirm_booking, intend_bookings
from scheduler.store.engine import open_store
from scheduler.store.feedback import Feedback, save_feedback
from scheduler.store.rounds import move_round, save_plan
from scheduler.teams.gallery import example_plan
from scheduler.teams.signing import Signer

ROOT = Path(__file__).parents[2]
ROUND = "partners/2026-12-07"
START = dt.datetime(2026, 12, 8, 12, tzinfo=dt.UTC)
GUEST = "ines@harbour.example"
PEOPLE = {
    one.id: one
    for one in (
        Person(id="ann", name="Ann", mail="ann@x.example", zone="Europe/London"),
        Person(id="bob", name="Bob", mail="bob@x.example", zone="Europe/London"),
        Person(id=GUEST, name="Ines", mail=GUEST, zone="Europe/London", guest=True),
    )
}


@pytest.fixture
def context(tmp_path):
    """A booked lunch of two colleagues and a guest, with tables that change."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    shutil.copy(ROOT / "scheduler/programmes/examples/partners.yaml", config / "programmes")
    group = Group(
        number=1, member_ids=("ann", "bob", GUEST), slot=Slot(START, 75),
        place=Place("Café", "table", seats=6), new_ties=3, zones=("Europe/London",) * 3,
        turns=((("ann", GUEST), ("bob",)), (("bob", GUEST), ("ann",))),
    )  # fmt: skip
    plan = replace(example_plan([]), round_id=ROUND, groups=(group,), left_out=())
    with open_store(tmp_path / "scheduler.db") as store:
        save_plan(store, plan, at=START - dt.timedelta(days=9), by="hr")
        intended = Intention(
            round_id=ROUND, group_number=1, attempt=1, transaction_id="t",
            fingerprint=fingerprint(group), organiser="o@x.example",
        )  # fmt: skip
        for state in ("approved", "booking"):
            move_round(store, ROUND, state, at=START - dt.timedelta(days=9), by="hr")
        intend_bookings(store, [intended], at=START - dt.timedelta(days=9))
        confirm_booking(
            store, ROUND, group, event_id="e", ical_uid=None, join_url=None, web_link=None,
            agenda_attached=True, at=START - dt.timedelta(days=9),
        )  # fmt: skip
        move_round(store, ROUND, "booked", at=START - dt.timedelta(days=9), by="hr")
        yield Context(settings=load_settings(config), store=store, graph=None,
                      today=dt.date(2026, 11, 25), by="test")  # fmt: skip


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (dt.timedelta(hours=-22), {"reminder"}),
        (dt.timedelta(hours=-3), {"reminder", "tables"}),
        (dt.timedelta(hours=2), {"feedback"}),
        (dt.timedelta(days=15), {"follow-up"}),
    ],
)
def test_guest_gets_no_card_and_no_mail_that_colleagues_get(context, after, kinds):
    signer = Signer(["a secret of this test that is long enough"])

    messages = list(list_meeting_messages(context, PEOPLE, signer, START + after))

    assert {(m.person.id, m.kind) for m in messages} == {
        (who, kind) for who in ("ann", "bob") for kind in kinds
    }


def test_thanks_go_to_colleagues_alone(context):
    said = Feedback(
        round_id=ROUND, group_number=1, person_id="ann", met="yes", again=None, said_at=START
    )
    save_feedback(context.store, said, thank=["bob", GUEST], words="For the idea")

    messages = list(list_thanks(context, PEOPLE, START + dt.timedelta(hours=2)))

    assert [message.person.id for message in messages] == ["bob"]
