"""Which column of an HR export holds what: built-in mappings, and where the header row is.

Headers come from: Microsoft's page on downloading users from the Entra admin centre (both
generations: ``physicalDeliveryOfficeName``/``objectId`` and ``officeLocation``/``id``) and its
template for bulk creation; public connectors and reports of Workday, BambooHR, Personio, HiBob and
SAP SuccessFactors in English, and German and French words for the same. An account's own words are
added in config/people.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.people.imports.table import Cell, Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("object id", "objectid", "id", "azure ad id", "entra object id"),
    "employee_id": (
        "employee id", "employeeid", "employee number", "emp no", "emp id", "employee no",
        "employee id in company", "person number", "person id external", "user id",
        "worker id", "personalnummer", "personal nr", "matricule", "personnel number",
    ),
    "mail": (
        "mail", "email", "e mail", "work email", "email work", "primary work email",
        "email primary work", "email address", "business email", "company email", "work e mail",
        "e mail adresse", "email adresse", "courriel",
        "adresse e mail", "geschäftliche e mail", "email business",
    ),
    "user_principal_name": ("userprincipalname", "user principal name", "upn"),
    "user_type": ("usertype", "user type"),
    "name": (
        "display name", "displayname", "name", "full name", "worker", "employee name", "employee",
        "payroll name", "legal name", "mitarbeiter",
    ),
    "first_name": (
        "first name", "firstname", "given name", "givenname", "vorname", "prénom",
        "legal first name",
    ),
    "preferred_name": ("preferred name", "preferred first name", "rufname", "nickname"),
    "last_name": (
        "last name", "lastname", "surname", "family name", "nachname", "nom", "nom de famille",
        "legal last name",
    ),
    "department": (
        "department", "department name", "home department", "abteilung", "fachbereich",
        "service", "département", "supervisory organization", "cost center", "cost centre",
        "org einheit", "cost center 1",
    ),
    "team": ("team", "team name", "sub department", "unit", "squad", "équipe"),
    "office": (
        "office", "officelocation", "office location", "location", "site", "work location",
        "physicaldeliveryofficename", "standort", "büro", "niederlassung", "lieu", "location name",
        "primary work location",
    ),
    "country": (
        "country", "country code", "usagelocation", "usage location", "land", "pays",
        "work country", "country region",
    ),
    "title": (
        "job title", "jobtitle", "title", "business title", "position", "job", "position title",
        "job name", "poste", "stellenbezeichnung", "position description", "work title",
    ),
    "level": ("level", "management level", "job level", "grade", "job grade", "stufe", "niveau"),
    "manager": (
        "manager email", "manager id", "manager employee id", "manager user id",
        "manager personalnummer", "reports to email", "reports to employee id",
        "reports to id in company", "supervisor email", "supervisor id", "manager", "reports to",
        "manager name", "supervisor", "line manager", "vorgesetzter", "vorgesetzte r",
        "responsable", "worker s manager",
    ),
    "company": (
        "company", "companyname", "company name", "legal entity", "division", "gesellschaft",
        "subsidiary", "société", "business unit",
    ),
    "hired": (
        "hire date", "hiredate", "start date", "date of hire", "original hire date",
        "employeehiredate", "employee hire date", "eintrittsdatum", "eintritt", "date d entrée",
        "date d embauche", "startdatum",
    ),
    "returned": (
        "rehire date", "return date", "returned", "last rehire date", "wiedereintritt",
        "return from leave date", "date de retour",
    ),
    "left": (
        "termination date", "end date", "leave date", "last day of work", "austrittsdatum",
        "austritt", "date de sortie", "last day",
    ),
    "status": (
        "status", "active status", "employment status", "assignment status", "position status",
        "accountenabled", "account enabled", "aktiv", "active", "statut", "employee status",
        "life cycle status", "lifecycle status", "internal lifecycle status",
    ),
    "employee_type": (
        "employee type", "employeetype", "worker type", "employment type", "contract type",
        "beschäftigungsart", "employee class", "type de contrat",
    ),
    "languages": ("languages", "language", "sprachen", "sprache", "spoken languages", "langues"),
    "interests": ("interests", "hobbies", "interessen", "superpowers"),
    "influence": ("influence", "influence rating"),
    "buddy": ("buddy", "buddy email", "onboarding buddy", "mentor", "pate"),
    "zone": ("time zone", "timezone", "zeitzone", "fuseau horaire"),
}  # fmt: skip
"""Headers by field, written as :func:`normalise` does; within a field, the first is preferred."""

SOURCES: dict[str, Mapping[str, tuple[str, ...]]] = {
    "any": {},
    "entra": {"name": ("displayname",), "employee_id": ("employeeid",)},
    "workday": {"department": ("supervisory organization", "department", "cost center")},
    "bamboohr": {"company": ("company", "legal entity"), "team": ("team", "division")},
    "personio": {"manager": ("supervisor email", "supervisor", "vorgesetzter")},
    "hibob": {"manager": ("reports to id in company", "manager email", "reports to email")},
    "successfactors": {
        "employee_id": ("user id", "person id external"),
        "employee_type": ("employee class", "employment type"),
    },
}
"""What a source says differently from the common table above."""

HEADER_WITHIN = 15
"""Rows in which the header is looked for; reports put a title, a date and blank lines above it."""


@dataclass(frozen=True, slots=True)
class Header:
    """``columns``: which cell of a row holds each field; ``last_row``: index of the header's last
    row.
    """

    columns: dict[str, int]
    last_row: int


def normalise(cell: Cell) -> str:
    """A header's words in one form: ``Employee #`` and ``employee-number`` are the same."""
    text = str(cell)
    template = re.search(r"\[(\w+)\]", text)  # "Name [displayName] Required" in Entra's template
    if template:
        text = template[1]
    text = text.replace("#", " number").replace("_", " ").casefold()
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


def find_header(
    rows: Sequence[Row], source: str, own: Mapping[str, str] | None = None
) -> Header | None:
    """The row among the first that names most fields; None where no row names a person.

    A header may stand in two rows (a merged "Employment" over "Start", "End"): then both are
    tried together. ``own`` maps fields to headers as config/people.yaml gives them.
    """
    best: Header | None = None
    for index in range(min(len(rows), HEADER_WITHIN)):
        for cells, last in _candidates(rows, index):
            found = Header(_match(cells, source, own or {}), last)
            if best is None or len(found.columns) > len(best.columns):
                best = found
    if best is None or not {"mail", "employee_id", "id"} & best.columns.keys():
        return None
    return best if len(best.columns) >= 2 else None


def _candidates(rows: Sequence[Row], index: int) -> list[tuple[list[str], int]]:
    single = [normalise(cell) for cell in rows[index]]
    found = [(single, index)]
    if index + 1 < len(rows):
        below = [normalise(cell) for cell in rows[index + 1]]
        above, carried = [], ""
        for position in range(len(below)):
            carried = (single[position] if position < len(single) else "") or carried
            above.append(carried)
        found.append(([f"{a} {b}".strip() for a, b in zip(above, below, strict=True)], index + 1))
    return found


def _match(cells: Sequence[str], source: str, own: Mapping[str, str]) -> dict[str, int]:
    places = {cell: position for position, cell in reversed(list(enumerate(cells))) if cell}
    matched: dict[str, int] = {}
    for field, header in own.items():
        if normalise(header) in places:
            matched[field] = places[normalise(header)]
    for field, headers in COLUMNS.items():
        if field in own:
            continue
        for header in (*SOURCES[source].get(field, ()), *headers):
            if header in places and places[header] not in matched.values():
                matched[field] = places[header]
                break
    return matched
