"""The file of who knows whom already."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from scheduler.errors import ScheduleError
from scheduler.people.contacts import Pair, pair_of
from scheduler.people.person import Person


class KnownTiesError(ScheduleError):
    """The file of known ties cannot be read as two columns of addresses."""


def read_known_ties(path: Path, people: Iterable[Person]) -> frozenset[Pair]:
    """Pairs of person ids out of a CSV of addresses; people who are gone are passed over.

    Raises:
        KnownTiesError: the file is not UTF-8 or a line has not two columns.
    """
    by_mail = {person.mail.casefold(): person.id for person in people}
    pairs = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                if not row:
                    continue
                if len(row) != 2:
                    raise KnownTiesError(
                        f"{path}:{number}: a line has two addresses, and this one has "
                        f"{len(row)} columns"
                    )
                one, other = (by_mail.get(mail.strip().casefold()) for mail in row)
                if one is not None and other is not None and one != other:
                    pairs.add(pair_of(one, other))
    except UnicodeDecodeError as error:
        raise KnownTiesError(f"{path}: this is not UTF-8 text; save it as CSV UTF-8") from error
    return frozenset(pairs)
