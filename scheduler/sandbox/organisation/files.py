"""A given organisation: ``people.csv`` with ``ties.csv``, or one HR export."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from pathlib import Path


class OrganisationFileError(Exception):
    """The given organisation cannot be read; the text says where and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of a file; what the file does not say is None."""

    key: str
    department: str | None = None
    name: str | None = None
    given: str | None = None
    surname: str | None = None
    mail: str | None = None
    office: str | None = None
    title: str | None = None
    manager: str | None = None
    hired: dt.date | None = None


# What HR systems call their columns, reduced to lower-case letters.
_HEADERS: dict[str, tuple[str, ...]] = {
    "key": (
        "person", "employeeid", "id", "personnumber", "personnelnumber", "employeenumber",
        "employee", "personalnummer", "empno", "personidexternal", "userid", "objectid",
    ),
    "name": ("displayname", "name", "fullname", "worker", "employeename", "payrollname"),
    "given": ("givenname", "firstname", "vorname", "prénom", "prenom", "preferredname"),
    "surname": ("surname", "lastname", "nachname", "familyname", "nom"),
    "mail": ("mail", "email", "workemail", "emailaddress", "userprincipalname"),
    "department": (
        "department", "departmentname", "homedepartment", "abteilung", "service", "team",
        "orgeinheit", "costcenter", "division", "fachbereich",
    ),
    "office": (
        "officelocation", "office", "location", "physicaldeliveryofficename", "standort", "site",
    ),
    "title": ("jobtitle", "title", "businesstitle", "jobname", "position", "poste", "jobprofile"),
    "manager": (
        "managerid", "manageremail", "manager", "reportstoemail", "reportsto", "managername",
        "managerpersonalnummer", "supervisor",
    ),
    "hired": (
        "hiredate", "employeehiredate", "startdate", "datedentree", "datedentrée", "entrydate",
    ),
}  # fmt: skip


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _read_table(path: Path) -> list[list[str]]:
    try:
        text = _decode(path.read_bytes())
    except OSError as error:
        raise OrganisationFileError(
            f"{path}: {error.strerror}. Give a folder with people.csv, or a CSV file."
        ) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]


def _match_headers(row: list[str]) -> dict[str, int]:
    plain = [re.sub(r"[^\w]|_|\d", "", cell.lower()) for cell in row]
    return {
        field: plain.index(alias)
        for field, aliases in _HEADERS.items()
        for alias in [next((a for a in aliases if a in plain), None)]
        if alias is not None
    }


def _read_date(text: str | None) -> dt.date | None:
    """Read a date that can mean one day only; others are left out rather than guessed."""
    try:
        return dt.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _find_header(table: list[list[str]], file: Path) -> tuple[int, dict[str, int]]:
    """Return the number of the header row, and which column holds what.

    HR systems put titles and dates above it, so that the first ten rows are looked at.
    """
    for number, row in enumerate(table[:10]):
        columns = _match_headers(row)
        if "department" in columns and {"name", "surname", "key"} & set(columns):
            return number, columns
    raise OrganisationFileError(
        f"{file}: none of the first rows names the columns. One row must say at least "
        f"'person' (or 'name') and 'department'."
    )


def read_people(path: Path) -> list[Row]:
    """Read the people of a folder (its ``people.csv``) or of a CSV file, in the order of the file.

    Raises:
        OrganisationFileError: when there is no such file, no header row with a person and a
            department, or no row.
    """
    file = path / "people.csv" if path.is_dir() else path
    table = _read_table(file)
    number, columns = _find_header(table, file)
    rows: list[Row] = []
    seen: set[str] = set()
    for cells in table[number + 1 :]:
        got: dict[str, str | None] = {
            field: (cells[column].strip() or None) if column < len(cells) else None
            for field, column in columns.items()
        }
        key = (
            got.get("key")
            or got.get("mail")
            or got.get("name")
            or (f"{got.get('given') or ''} {got.get('surname') or ''}".strip())
        )
        if not key or key in seen or cells == table[number] or len(cells) < 2:
            continue
        seen.add(key)
        hired = _read_date(got.pop("hired", None))
        got.pop("key", None)
        rows.append(Row(hired=hired, key=key, **got))
    if not rows:
        raise OrganisationFileError(f"{file}: no person below the header row.")
    return rows


def read_ties(path: Path) -> list[tuple[str, str]]:
    """Read the ties of a folder's ``ties.csv`` as pairs of keys; none without such a file."""
    file = path / "ties.csv"
    if not path.is_dir() or not file.exists():
        return []
    table = _read_table(file)
    return [(row[0].strip(), row[1].strip()) for row in table[1:] if len(row) >= 2]
