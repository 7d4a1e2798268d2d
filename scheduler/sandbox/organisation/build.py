"""Build an organisation around a file or from nothing: everything that is not given is invented."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from random import Random

from scheduler.sandbox.dice import pick, throw
from scheduler.sandbox.organisation.departments import (
    GRADES,
    TEAM_SIZE,
    find_roles,
    size_departments,
)
from scheduler.sandbox.organisation.extras import add_others
from scheduler.sandbox.organisation.files import Row, read_people, read_ties
from scheduler.sandbox.organisation.member import Member, Organisation, make_id
from scheduler.sandbox.organisation.names import (
    LONG_GIVEN,
    LONG_SURNAME,
    NameMaker,
    write_name,
)
from scheduler.sandbox.organisation.offices import (
    FAR_HOMES,
    REMOTE,
    Office,
    choose_offices,
    find_office,
)
from scheduler.sandbox.organisation.rooms import make_rooms

REMOTE_SHARE = 0.12
CONTRACTOR_SHARE = 0.03
_LED_DAYS = 400
"""Nobody leads a team or a department in the first year."""
HOME_SHARE = 0.7
"""Share of a team that sits in the office of the team."""


def build_organisation(
    *, people: int, seed: int, today: dt.date, path: Path | None = None
) -> Organisation:
    """Build the organisation: the same for the same arguments.

    Raises:
        OrganisationFileError: when ``path`` cannot be read.
    """
    rows = read_people(path) if path else _invent_rows(people)
    offices = choose_offices(len(rows))
    teams = _form_teams(rows)
    rng = throw(seed, "organisation")
    homes = {team: _pick_office(rng, offices) for team in dict.fromkeys(teams)}
    names = NameMaker(seed)
    members = [
        _make_person(number, row, team, homes[team], offices, names, seed, today)
        for number, (row, team) in enumerate(zip(rows, teams, strict=True))
    ]
    members = _set_managers(members, rows, today)
    members = _spoil_mailboxes(members, throw(seed, "mailboxes"))
    rooms = make_rooms(members, seed)
    others = add_others(members, names, seed, today)
    ids = {member.key: member.id for member in members}
    pairs = read_ties(path) if path else []
    ties = {
        (min(ids[a], ids[b]), max(ids[a], ids[b]))
        for a, b in pairs
        if a != b and a in ids and b in ids
    }
    return Organisation(
        seed=seed,
        today=today,
        members=(*members, *others, *(room.member for room in rooms)),
        rooms=rooms,
        teams={team: home.zone for team, home in homes.items()},
        ties=tuple(sorted(ties)),
    )


def _invent_rows(people: int) -> list[Row]:
    rows: list[Row] = []
    for department, size in size_departments(people):
        rows += [Row(key=f"{len(rows) + n + 1:05d}", department=department) for n in range(size)]
    return rows


def _form_teams(rows: list[Row]) -> list[str]:
    """Return the team of each row: departments cut into teams of about eight."""
    seats: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    for row in rows:
        sizes[row.department or ""] += 1
    teams = []
    for row in rows:
        department = row.department or ""
        count = max(1, round(sizes[department] / TEAM_SIZE))
        number = seats[department] * count // sizes[department] + 1
        seats[department] += 1
        teams.append(f"{_name_department(department) or 'Unassigned'} {number}")
    return teams


def _name_department(department: str | None) -> str | None:
    """A department which the file only numbers gets a name that reads as one."""
    if department and department.isdigit():
        return f"Department {int(department):02d}"
    return department or None


def _pick_office(rng: Random, offices: tuple[Office, ...]) -> Office:
    return pick(rng, offices, [1 / (rank + 1) for rank in range(len(offices))])


def _place_person(
    row: Row, home: Office, offices: tuple[Office, ...], rng: Random
) -> tuple[Office, str]:
    """Return the place whose clock a person lives by, and the office name in the directory."""
    remote, stays = rng.random() < REMOTE_SHARE, rng.random() < HOME_SHARE
    office = home if stays else _pick_office(rng, offices)
    if row.office:
        return find_office(row.office) or office, row.office
    if remote:
        return (pick(rng, FAR_HOMES) if rng.random() < 0.2 else office), REMOTE
    return office, office.name


def _name_person(
    number: int, row: Row, place: Office, names: NameMaker
) -> tuple[str, str, str, str]:
    """Return given name, surname, display name and address of a person."""
    given, surname, latin_given, latin_surname = names.make_name(place.locale)
    # Each directory has a few names that break whatever was written for Smith.
    if number == 11:
        given, surname = latin_given, latin_surname = "Aoife", "O'Connor"
    elif number == 12:
        given, surname = latin_given, latin_surname = LONG_GIVEN, LONG_SURNAME
    elif number == 13:
        given, surname = latin_given, latin_surname = "Zoë", "Łukaszewicz-Ångström"
    if row.name:
        if "," in row.name:
            surname, given = (part.strip() for part in row.name.split(",", 1))
        else:
            given, _, surname = row.name.rpartition(" ")
        latin_given, latin_surname = given, surname
    if row.given or row.surname:
        given, surname = row.given or "", row.surname or ""
        latin_given, latin_surname = given, surname
    shown = row.name if row.name and "," not in row.name else None
    display = shown or write_name(given, surname, place.locale)
    if row.mail and names.take_mail(row.mail):
        return given, surname, display, row.mail
    return given, surname, display, names.make_mail(latin_given, latin_surname)


def _make_person(
    number: int, row: Row, team: str, home: Office, offices: tuple[Office, ...],
    names: NameMaker, seed: int, today: dt.date,
) -> Member:  # fmt: skip
    rng = throw(seed, "person", row.key)
    place, office = _place_person(row, home, offices, rng)
    given, surname, display, mail = _name_person(number, row, place, names)
    # Time since hiring is close to exponential; the mean is three and a half years.
    days = 3 + int(rng.expovariate(1 / 1250)) % 9000
    title = pick(rng, GRADES) + pick(rng, find_roles(row.department or ""))
    contractor = rng.random() < CONTRACTOR_SHARE
    language = pick(rng, place.languages) if rng.random() < 0.95 else None
    return Member(
        id=make_id(seed, "person", row.key),
        key=row.key,
        kind="person",
        name=display,
        given=given,
        surname=surname,
        mail=mail,
        upn=mail,
        zone=place.zone,
        windows_zone=place.windows_zone,
        department=_name_department(row.department),
        team=team,
        office=office,
        city=place.name,
        country=place.country,
        title=row.title or title,
        hired=row.hired or today - dt.timedelta(days=days),
        language=language,
        employee_type="Contractor" if contractor else "Employee",
    )


def _set_managers(members: list[Member], rows: list[Row], today: dt.date) -> list[Member]:
    """Set managers: as given, else team lead, head of the largest team, and one person on top."""
    by_name = {text.casefold(): m.id for m in members for text in (m.name, m.mail, m.key)}
    given = [by_name.get((row.manager or "").casefold()) for row in rows]
    if any(given):
        return [
            replace(member, manager=manager if manager != member.id else None)
            for member, manager in zip(members, given, strict=True)
        ]
    heads: dict[str, str] = {}
    leads: dict[str, str] = {}
    for member in members:
        heads.setdefault(member.department or "", member.id)
        leads.setdefault(member.team or "", member.id)
    top = members[0].id
    result = []
    for member in members:
        manager, title = leads[member.team or ""], member.title
        if member.id == manager:
            manager, title = heads[member.department or ""], f"Team Lead, {member.team}"
        if member.id == heads[member.department or ""]:
            manager, title = top, f"Head of {member.department or 'Staff'}"
        if member.id == top:
            manager, title = "", "Chief Executive Officer"
        hired = member.hired
        if title != member.title and hired and (today - hired).days < _LED_DAYS:
            hired = today - dt.timedelta(days=_LED_DAYS + (today - hired).days)
        result.append(replace(member, manager=manager or None, title=title, hired=hired))
    return [
        replace(member, title=row.title or member.title, hired=row.hired or member.hired)
        for member, row in zip(result, rows, strict=True)
    ]


def _spoil_mailboxes(members: list[Member], rng: Random) -> list[Member]:
    """Give a few people (about one in a hundred) a mailbox that cannot be read."""
    count = max(3, len(members) // 100) if len(members) >= 30 else 0
    spoilt = {int(rng.random() * len(members)) for _ in range(count)} - {0}
    kinds = {
        number: ("missing", "unreadable", "disabled")[k % 3]
        for k, number in enumerate(sorted(spoilt))
    }
    return [
        replace(member, mailbox=kinds[number]) if number in kinds else member
        for number, member in enumerate(members)
    ]
