"""What is allowed in the configuration and still probably not meant."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Iterator, Mapping, Sequence

from scheduler.people.audience import in_audience
from scheduler.people.offices import Hours
from scheduler.people.person import Person
from scheduler.people.where import parse_where
from scheduler.programmes.cadence import days_planned_ahead
from scheduler.programmes.programme import Programme, Window
from scheduler.programmes.rules import Same
from scheduler.programmes.values import minute_of_day
from scheduler.settings.organisation import Organisation
from scheduler.settings.problems import Problem
from scheduler.settings.settings import Settings
from scheduler.settings.yaml_file import Document, KeyPath, show_path

RECIPIENTS_PER_DAY = 10_000
"""What Exchange Online lets one mailbox write to in a day, invitations and mails together; what is
more comes back undelivered (the recipient rate limit of its page on limits). Its limit of 30
messages a minute only delays: what is more waits at the server."""
MESSAGES_PER_PERSON = 2
"""Of one round on one day: the invitation, and a mail where there is no card."""


def find_doubts(
    settings: Settings,
    *,
    today: dt.date | None = None,
    people: Sequence[Person] | None = None,
    seats: Mapping[str, int] | None = None,
) -> tuple[Problem, ...]:
    """Warnings, each at its place in the files.

    Args:
        settings: As loaded.
        today: Dates before it have passed; None: dates are not looked at.
        people: The directory, settled in offices; None: audiences are not counted.
        seats: The largest room of each office, by the office's name; None: rooms are not known,
            and only programmes that use tables alone are looked at.
    """
    found: list[Problem] = []
    if today is not None:
        found += _days_off_passed(settings, today)
    for name, programme in settings.programmes.items():
        document = settings.documents.get(name, Document(f"{name}.yaml", {}))
        if today is not None:
            found += _dates_passed(programme, document, today)
        found += _nobody_works(programme, document, settings.organisation)
        found += _unknown_offices(programme, document, settings.organisation)
        found += _no_room(programme, document, settings.organisation, seats)
        found += _no_successor(programme, document, settings)
        found += _planned_while_open(programme, document)
        if people is not None:
            found += _nobody_asked(programme, document, people, today or dt.date.max)
    if people is not None:
        found += _few_organisers(settings, people, today or dt.date.max)
    return tuple(sorted(found))


def _doubt(
    document: Document, path: KeyPath, message: str, suggestion: str | None = None
) -> Problem:
    shown = document.known_part(path)
    mark = document.mark(shown)
    key = show_path(shown or path)
    return Problem(document.file, mark.line, mark.column, key, message, suggestion, "warning")


def _days_off_passed(settings: Settings, today: dt.date) -> Iterator[Problem]:
    document = settings.documents.get("organisation", Document("organisation.yaml", {}))
    for index, day in enumerate(settings.organisation.days_off):
        if (day.until or day.date) < today:
            message = f"{day.name} has passed; this entry does nothing any more"
            yield _doubt(document, ("days_off", index), message)


def _few_organisers(
    settings: Settings, people: Sequence[Person], today: dt.date
) -> Iterator[Problem]:
    document = settings.documents.get("organisation", Document("organisation.yaml", {}))
    asked = max(
        (
            sum(in_audience(person, programme, today=today) for person in people)
            for programme in settings.programmes.values()
        ),
        default=0,
    )
    needed = math.ceil(asked * MESSAGES_PER_PERSON / RECIPIENTS_PER_DAY)
    if len(settings.organisation.organisers) < needed:
        message = (
            f"a round can ask {asked:,} people, and a mailbox may write to "
            f"{RECIPIENTS_PER_DAY:,} a day; name at least {needed}"
        )
        yield _doubt(document, ("organisers",), message)


def _dates_passed(programme: Programme, document: Document, today: dt.date) -> Iterator[Problem]:
    cadence = programme.cadence
    if cadence.last is not None and cadence.last < today:
        message = f"{cadence.last} has passed; no round takes place any more"
        yield _doubt(document, ("cadence", "last"), message)
    for index, day in enumerate(cadence.on):
        if day < today:
            yield _doubt(document, ("cadence", "on", index), f"{day} has passed")


def _nobody_works(
    programme: Programme, document: Document, organisation: Organisation
) -> Iterator[Problem]:
    window = programme.window
    if window.outside_hours:
        return
    hours = [office.hours or organisation.hours for office in organisation.offices]
    if not any(_fits(window, one) for one in hours):
        usual = organisation.hours
        message = (
            f"nobody works in this window: usual working hours are {usual.start:%H:%M} to "
            f"{usual.end:%H:%M} on {', '.join(usual.days)}; change it, or write outside_hours: true"
        )
        yield _doubt(document, ("window",), message)


def _fits(window: Window, hours: Hours) -> bool:
    first = max(minute_of_day(window.earliest), minute_of_day(hours.start))
    last = min(minute_of_day(window.latest), minute_of_day(hours.end))
    return bool(set(window.days) & set(hours.days)) and last - first >= window.minutes


def _unknown_offices(
    programme: Programme, document: Document, organisation: Organisation
) -> Iterator[Problem]:
    known = [name for office in organisation.offices for name in (office.name, *office.also)]
    folded = {name.casefold() for name in known}
    for key in ("where", "automatic"):
        text = getattr(programme.audience, key)
        if text is None:
            continue
        for field, name in sorted(parse_where(text).names):
            if field == "office" and name.casefold() not in folded:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
                message = f"organisation.yaml has no office {name}"
                yield _doubt(document, ("audience", key), message, near[0] if near else None)


def _no_room(
    programme: Programme,
    document: Document,
    organisation: Organisation,
    seats: Mapping[str, int] | None,
) -> Iterator[Problem]:
    venue = programme.venue
    if venue.kind != "in-person" or (venue.rooms and seats is None):
        return
    held = [0]
    if venue.rooms and seats is not None:
        held += seats.values()
    if venue.tables:
        held += [table.seats for table in organisation.tables]
    if max(held) < programme.size.at_least:
        what = "room or table" if venue.rooms and venue.tables else "room"
        what = what if venue.rooms else "table"
        message = (
            f"no {what} holds {programme.size.at_least} people; the largest has {max(held)} seats"
        )
        yield _doubt(document, ("size", "at_least"), message)


def _no_successor(
    programme: Programme, document: Document, settings: Settings
) -> Iterator[Problem]:
    hand_over = programme.hand_over
    if hand_over is not None and hand_over.to not in settings.programmes:
        near = difflib.get_close_matches(hand_over.to, settings.programmes, n=1, cutoff=0.5)
        message = f"there is no programme {hand_over.to} to go on in"
        yield _doubt(document, ("hand_over", "to"), message, near[0] if near else None)


def _planned_while_open(programme: Programme, document: Document) -> Iterator[Problem]:
    path: KeyPath = ("cadence", "plan_days_ahead")
    ahead, possible = programme.cadence.plan_days_ahead, days_planned_ahead(programme)
    if programme.sign_up is None or ahead <= possible or path not in document.keys:
        return
    message = (
        f"{ahead} days before, people can still put their names down: the list closes "
        f"{programme.sign_up.closes_days_before} days before, so the plan is made {possible} days "
        f"before; write at most that, or sign_up.closes_days_before: {ahead + 1}"
    )
    yield _doubt(document, path, message)


def _nobody_asked(
    programme: Programme, document: Document, people: Sequence[Person], today: dt.date
) -> Iterator[Problem]:
    if programme.audience.groups:
        return  # members of groups are read when a round is planned
    asked = [person for person in people if in_audience(person, programme, today=today)]
    if not asked:
        yield _doubt(document, ("audience", "where"), "this audience is nobody of the directory")
        return
    same = [rule.field for rule in programme.rules if isinstance(rule, Same)]
    if len(asked) < programme.size.at_least and not same:
        message = f"this audience is {len(asked)} people, too few for one group"
        yield _doubt(document, ("audience", "where"), message)
