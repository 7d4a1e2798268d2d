"""An invitation as an ``.ics`` file that every calendar opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from scheduler.agendas.agenda import Agenda
from scheduler.agendas.html import agenda_html
from scheduler.agendas.plain import agenda_text
from scheduler.people.person import Person

PRODUCT = "-//networking-scheduler//EN"


def invitation_ics(
    agenda: Agenda,
    *,
    uid: str,
    minutes: int,
    organiser: tuple[str, str],
    members: Sequence[Person],
    stamp: dt.datetime,
    join_url: str | None = None,
    category: str = "Networking",
    remind_minutes: int = 15,
    sequence: int = 0,
    method: Literal["REQUEST", "CANCEL", "PUBLISH"] = "REQUEST",
) -> bytes:
    """One meeting as iCalendar (RFC 5545, RFC 5546), with its zone's rules in the file.

    Args:
        agenda: What the group gets to read; its first item begins when the meeting does.
        uid: The meeting's own id, the same in every later version of it.
        minutes: The meeting's length.
        organiser: Name and mail address of the mailbox that invites.
        members: Who is invited; with PUBLISH nobody, as RFC 5546 wants it (section 3.2.1).
        stamp: When this version was made, an instant.
        join_url: Where to join an online meeting.
        category: The category that calendars colour the meeting by.
        remind_minutes: How long before the start calendars remind.
        sequence: Counts the versions of the meeting, from 0.
        method: REQUEST asks for an answer, CANCEL takes the meeting back, PUBLISH only shows it.

    Raises:
        ValueError: When ``stamp`` has no zone.
    """
    if stamp.tzinfo is None:
        raise ValueError(f"{stamp.isoformat()} has no time zone, so it names no instant")
    starts = agenda.items[0].starts
    ends = (starts.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(starts.tzinfo)
    cancelled = method == "CANCEL"

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", agenda.title)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("location", agenda.place)
    text = agenda_text(agenda)
    event.add("description", f"{join_url}\n\n{text}" if join_url else text)
    # What Outlook and Exchange show instead of the plain description.
    event.add("x-alt-desc", vText(agenda_html(agenda)), parameters={"FMTTYPE": "text/html"})
    event.add("categories", [category])
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if join_url:
        event.add("url", join_url)
    event.add("organizer", _address(*organiser))
    for person in members:
        event.add("attendee", _attendee(person, asked=method == "REQUEST"))
    if not cancelled:
        event.add_component(_reminder(agenda.title, remind_minutes))

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    # The rules of the years around the meeting; all since 1970 would be most of the file.
    year = dt.timedelta(days=366)
    calendar.add_missing_timezones(starts.date() - year, starts.date() + year)
    data: bytes = calendar.to_ical()
    return data


def _address(name: str, mail: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["CN"] = vText(name)
    return address


def _attendee(person: Person, *, asked: bool) -> vCalAddress:
    address = _address(person.name, person.mail)
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("TRUE" if asked else "FALSE")
    return address


def _reminder(title: str, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", dt.timedelta(minutes=-minutes))
    return alarm
