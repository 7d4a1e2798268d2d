"""The agenda is written for the people who are in the group."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import itertools
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from scheduler.agendas.agenda import Seating, write_agenda
from scheduler.agendas.html import agenda_html
from scheduler.agendas.pdf import agenda_pdf
from scheduler.agendas.plain import agenda_text
from scheduler.people.person import Person
from scheduler.programmes.programme import AgendaItem, AgendaPlan


def test_items_follow_each_other_on_the_clock(plan, lunch):
    agenda = write_agenda(plan, **lunch)

    assert [(item.clock, item.title) for item in agenda.items] == [
        ("12:00", "Arrive and order"),
        ("12:10", "Who we are"),
        ("12:35", "Where our work touches"),
    ]
    assert agenda.day == "Monday, 7 December 2026"
    assert agenda.span == "12:00–13:00"
    assert agenda.zone == "Central European Standard Time (Berlin)"


def test_items_over_a_clock_change_skip_the_missing_hour(plan, lunch):
    early = lunch | {"starts": dt.datetime(2027, 3, 28, 1, 40, tzinfo=ZoneInfo("Europe/Berlin"))}

    agenda = write_agenda(plan, **early)

    assert [item.clock for item in agenda.items] == ["01:40", "01:50", "03:15"]
    assert agenda.span == "01:40–03:40"


def test_members_in_other_zones_find_their_own_clock(plan, lunch, members):
    elsewhere = [*members, dataclasses.replace(members[0], id="5", zone="Pacific/Auckland")]

    agenda = write_agenda(plan, **lunch | {"members": elsewhere})

    assert agenda.elsewhere == (
        "11:00–12:00 in London",
        "00:00–01:00 in Auckland, Tuesday, 8 December 2026",
    )


def test_same_group_gets_the_same_agenda_whatever_the_order(plan, lunch, members):
    agendas = {
        write_agenda(plan, **lunch | {"members": list(order)})
        for order in itertools.permutations(members)
    }

    assert len(agendas) == 1


def test_people_are_introduced_by_what_is_known(plan, lunch):
    agenda = write_agenda(plan, **lunch)

    assert [(person.name, person.about) for person in agenda.people][1:] == [
        ("Zoë Łukasiewicz", "Team lead · Customer Service · Berlin"),
        ("Ελένη Παπαδοπούλου", "Analyst · Research · London"),
        ("Наталья Щербакова", "Analyst · Legal · Berlin"),
    ]
    assert agenda.people[0].about == "Department 14"


def test_everyone_speaks_and_no_newcomer_has_to_begin(plan, lunch, members):
    beginners = set()
    for day in range(1, 29):
        starts = dt.datetime(2026, 12, day, 12, tzinfo=ZoneInfo("Europe/Berlin"))
        turns, begins = write_agenda(plan, **lunch | {"starts": starts}).everyone_speaks
        beginners.add(begins)

        assert turns == "Everyone speaks once before anyone speaks twice: about 6 minutes each."

    assert beginners == {f"{members[index].name} begins." for index in (0, 2, 3)}


def test_facilitator_is_who_the_turn_falls_to(plan, lunch, members):
    led = plan.model_copy(update={"facilitator": "by-turn"})

    agenda = write_agenda(led, **lunch, facilitator=members[1].id)

    assert agenda.everyone_speaks[1] == ("Наталья Щербакова opens the meeting and keeps the time.")


def test_agenda_without_members_is_refused(plan, lunch):
    with pytest.raises(ValueError, match="at least one member"):
        write_agenda(plan, **lunch | {"members": []})


def test_agenda_longer_than_the_meeting_is_refused(lunch):
    plan = AgendaPlan(purpose="Talk.", items=(AgendaItem(minutes=61, title="Talk"),))

    with pytest.raises(ValueError, match="takes 61 minutes, the meeting only 60"):
        write_agenda(plan, **lunch)


def test_start_without_a_zone_is_refused(plan, lunch):
    with pytest.raises(ValueError, match="has no time zone"):
        write_agenda(plan, **lunch | {"starts": dt.datetime(2026, 12, 7, 12)})  # noqa: DTZ001


def test_turns_take_the_place_of_the_items_of_their_length(lunch, members):
    plan = AgendaPlan(
        purpose="Meet many.",
        items=(
            AgendaItem(minutes=6, title="Welcome"),
            AgendaItem(minutes=12, title="First"),
            AgendaItem(minutes=12, title="Second"),
        ),
    )
    seating = Seating(12, ((("1", "2"), ("3", "4")), (("1", "3"), ("2", "4"))))

    agenda = write_agenda(plan, **lunch, seating=seating)

    assert [turn.clock for turn in agenda.turns] == ["12:06", "12:18"]
    assert {who.id: who.tables for who in agenda.people} == {
        "1": (1, 1), "2": (1, 2), "3": (2, 1), "4": (2, 2),
    }  # fmt: skip
    assert agenda.headings.tables == "Your tables"


def text_of_pdf(agenda):
    pages = PdfReader(io.BytesIO(agenda_pdf(agenda))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("write", [agenda_text, agenda_html, text_of_pdf])
def test_seating_is_in_every_form_of_the_agenda(plan, lunch, members, write):
    turns = tuple(tuple((person.id,) for person in members) for _ in range(2))
    agenda = write_agenda(plan, **lunch, seating=Seating(25, turns, rooms=True))

    text = write(agenda)

    assert "Your breakout rooms" in text
    assert "12:10" in text
    assert "12:35" in text


def test_guest_is_introduced_with_the_company_and_does_not_begin(plan, lunch, members):
    guest = Person(id="g@x.example", name="Ines Duarte", mail="g@x.example", guest=True,
                   company="Harbour Freight", office="London")  # fmt: skip
    agenda = write_agenda(plan, **lunch | {"members": [guest, members[1]]})

    assert agenda.people[0].about == "Harbour Freight"
    assert "Ines" not in " ".join(agenda.everyone_speaks)
