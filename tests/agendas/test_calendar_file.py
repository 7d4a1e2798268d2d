"""The calendar file reads back as it was meant."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from scheduler.agendas.agenda import write_agenda
from scheduler.agendas.calendar_file import invitation_ics
from scheduler.agendas.html import agenda_html
from scheduler.agendas.plain import agenda_text


def unescaped(text: str) -> str:
    """TEXT as RFC 5545 3.3.11 writes it; the parser leaves unknown properties as they stand."""
    return re.sub(r"\\(.)", lambda mark: "\n" if mark[1] in "nN" else mark[1], text)


STAMP = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


@pytest.fixture
def agenda(plan, lunch):
    return write_agenda(plan, **lunch)


@pytest.fixture
def invite(agenda, members):
    def write(**changes: object) -> Calendar:
        written = invitation_ics(
            changes.pop("agenda", agenda),
            **{
                "uid": "cross-team-lunch/2026-12-07/4@example.com",
                "minutes": 60,
                "organiser": ("Networking", "networking@example.com"),
                "members": members,
                "stamp": STAMP,
            }
            | changes,
        )
        return Calendar.from_ical(written)

    return write


def test_invitation_reads_back(invite, agenda):
    calendar = invite()
    (event,) = calendar.events

    assert calendar["METHOD"] == "REQUEST"
    assert event.uid == "cross-team-lunch/2026-12-07/4@example.com"
    assert event["SUMMARY"] == "Cross-team lunch"
    assert event["LOCATION"] == "Café Linde, table 4"
    assert event["DESCRIPTION"] == agenda_text(agenda)
    assert unescaped(event["X-ALT-DESC"]) == agenda_html(agenda)
    assert event["X-ALT-DESC"].params["FMTTYPE"] == "text/html"
    assert event["DTSTART"].dt == dt.datetime(2026, 12, 7, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert event["DTEND"].dt == dt.datetime(2026, 12, 7, 13, tzinfo=ZoneInfo("Europe/Berlin"))
    assert event["ORGANIZER"] == "mailto:networking@example.com"
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [dt.timedelta(minutes=-15)]


def test_attendees_are_named_and_asked(invite, members):
    (event,) = invite().events

    assert [
        (str(who), who.params["CN"], who.params["PARTSTAT"], who.params["RSVP"])
        for who in event["ATTENDEE"]
    ] == [
        (f"mailto:{person.mail}", person.name.replace('"', "'"), "NEEDS-ACTION", "TRUE")
        for person in members
    ]


def test_zone_rules_are_in_the_file(invite):
    (zone,) = invite().walk("VTIMEZONE")
    berlin = zone.to_tz(lookup_tzid=False)

    assert zone["TZID"] == "Europe/Berlin"
    for day in (dt.datetime(2026, 12, 7, 12), dt.datetime(2027, 6, 7, 12)):  # noqa: DTZ001
        expected = day.replace(tzinfo=ZoneInfo("Europe/Berlin")).utcoffset()
        assert berlin.utcoffset(day) == expected


def test_meeting_over_a_clock_change_keeps_its_length(invite, plan, lunch):
    starts = dt.datetime(2027, 3, 28, 1, 40, tzinfo=ZoneInfo("Europe/Berlin"))
    (event,) = invite(agenda=write_agenda(plan, **lunch | {"starts": starts})).events

    ends = event["DTEND"].dt.astimezone(dt.UTC)
    assert ends - starts.astimezone(dt.UTC) == dt.timedelta(minutes=60)


def test_cancellation_takes_back_the_same_meeting(invite):
    calendar = invite(method="CANCEL", sequence=1)
    (event,) = calendar.events

    assert calendar["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert event.uid == "cross-team-lunch/2026-12-07/4@example.com"
    assert event.walk("VALARM") == []


def test_online_meeting_can_be_joined(invite):
    (event,) = invite(join_url="https://teams.example.com/l/meetup-join/1").events

    assert event["URL"] == "https://teams.example.com/l/meetup-join/1"
    assert event["DESCRIPTION"].startswith("https://teams.example.com/l/meetup-join/1\n\n")


def test_lines_are_folded_as_the_standard_asks(agenda, members):
    written = invitation_ics(
        agenda, uid="1", minutes=60, organiser=("N", "n@example.com"), members=members, stamp=STAMP
    )

    lines = written.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75


def test_stamp_without_a_zone_is_refused(invite):
    with pytest.raises(ValueError, match="has no time zone"):
        invite(stamp=dt.datetime(2026, 11, 25))  # noqa: DTZ001
