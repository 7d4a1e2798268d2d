"""Those in the directory who are no colleagues: guests, leavers, shared and organiser mailboxes."""

from __future__ import annotations

import datetime as dt

from scheduler.sandbox.dice import pick, throw
from scheduler.sandbox.organisation.member import DOMAIN, Member, make_id
from scheduler.sandbox.organisation.names import NameMaker
from scheduler.sandbox.organisation.offices import OFFICES, Office

ORGANISERS = 4


def add_others(people: list[Member], names: NameMaker, seed: int, today: dt.date) -> list[Member]:
    """Return guests (1 %), leavers (1.5 %), two shared mailboxes and the organisers' mailboxes."""
    size = len(people)
    guests = [_make_guest(n, names, seed) for n in range(max(2, size // 100))]
    leavers = [_make_leaver(n, people, names, seed, today) for n in range(max(2, size * 3 // 200))]
    shared = [
        _make_box("shared", key, name, seed, enabled=enabled)
        for key, name, enabled in (
            ("reception", "Reception", True),
            ("invoices", "Invoices", False),
        )
    ]
    organisers = [
        _make_box("organiser", f"networking-{n}", f"Networking lunches {n}", seed, enabled=False)
        for n in range(1, ORGANISERS + 1)
    ]
    return [*guests, *leavers, *shared, *organisers]


def _make_guest(number: int, names: NameMaker, seed: int) -> Member:
    office = OFFICES[number % 3]
    given, surname, _, _ = names.make_name(office.locale)
    mail = names.make_mail(given, surname).replace(DOMAIN, "partner.example")
    return Member(
        id=make_id(seed, "guest", number), key=f"guest-{number}", kind="guest",
        name=f"{given} {surname}", given=given, surname=surname, mail=mail,
        upn=f"{mail.replace('@', '_')}#EXT#@{DOMAIN}", zone=office.zone,
        windows_zone=office.windows_zone, mailbox="missing",
    )  # fmt: skip


def _make_leaver(
    number: int, people: list[Member], names: NameMaker, seed: int, today: dt.date
) -> Member:
    rng = throw(seed, "leaver", number)
    like = pick(rng, people)
    office: Office = next((o for o in OFFICES if o.zone == like.zone), OFFICES[0])
    given, surname, latin_given, latin_surname = names.make_name(office.locale)
    mail = names.make_mail(latin_given, latin_surname)
    return Member(
        id=make_id(seed, "leaver", number), key=f"leaver-{number}", kind="leaver",
        name=f"{given} {surname}", given=given, surname=surname, mail=mail, upn=mail,
        zone=like.zone, windows_zone=like.windows_zone, department=like.department,
        office=like.office, city=like.city, country=like.country, title="Specialist",
        hired=today - dt.timedelta(days=900 + number), enabled=False, mailbox="disabled",
        employee_type="Employee",
    )  # fmt: skip


def _make_box(kind: str, key: str, name: str, seed: int, *, enabled: bool) -> Member:
    return Member(
        id=make_id(seed, kind, key), key=key, kind=kind, name=name, given="", surname="",
        mail=f"{key}@{DOMAIN}", upn=f"{key}@{DOMAIN}", zone=OFFICES[0].zone,
        windows_zone=OFFICES[0].windows_zone, enabled=enabled,
    )  # fmt: skip
