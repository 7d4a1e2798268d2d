"""The table as people read it: in a terminal, as JSON, and as the sheet for the works council."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby

from scheduler.privacy.item import Category, Item, say_how_long
from scheduler.privacy.reading import READ, WRITTEN
from scheduler.privacy.storing import STORED
from scheduler.settings.organisation import Retention

ITEMS: tuple[Item, ...] = (*READ, *STORED)

PROMISES = """\
Free/busy is read when a round is planned, booked or repaired, and is never written to disk, with \
one exception: several workers that plan a big round hand each other parts of it through the \
database, encrypted, for two hours at most, or until the next start where everything was stopped.
No subject, place or attendee of anybody's own appointments is used, stored or logged.
The database holds people's ids of the directory. Names and addresses stay in the directory, but \
for the addresses in those parts.
Whom somebody never wants to meet is encrypted and shown to nobody, HR included.
Private notes are encrypted and shown to their author alone. The key is not in the database.
Reports tell nothing about fewer than five people, and nothing that follows from the difference \
of two reports.
`scheduler people export PERSON` gives everything about one person. `scheduler people erase \
PERSON` removes it everywhere; of meetings that took place only the number of seats stays.
What is older than the times below is deleted every day, and the audit trail says so.
""".splitlines()

HEAD = """\
# What the scheduler knows about people

*This sheet is made from the table in `scheduler/privacy/`; `scheduler privacy` prints it with the
times that are set in `config/organisation.yaml`. A test compares the table with the database and
with every request to Microsoft Graph: a field without a row here fails it.*

"""


def as_text(retention: Retention) -> str:
    """For a terminal: place by place, one line a field."""
    lines = [*PROMISES, ""]
    for place, items in groupby(ITEMS, key=lambda item: item.place):
        lines.append(place)
        for (source, kept), fields in _by_kind(items):
            lines.append(f"  from: {source}. Kept: {say_how_long(kept, retention)}")
            lines += [
                f"    {item.field}: {item.purpose} (seen by {item.seen_by})" for item in fields
            ]
    return "\n".join(lines) + "\n"


def as_json(retention: Retention) -> str:
    """For machines: one object a field."""
    rows = [
        {
            "place": item.place,
            "field": item.field,
            "source": item.source,
            "purpose": item.purpose,
            "seen_by": item.seen_by,
            "category": item.kept,
            "retention": say_how_long(item.kept, retention),
        }
        for item in ITEMS
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_markdown(retention: Retention) -> str:
    """The sheet for the works council, ``docs/works-council.md``."""
    parts = [HEAD + "\n".join(f"- {promise}" for promise in PROMISES)]
    for title, items in (
        ("What is read", [item for item in READ if item not in WRITTEN]),
        ("What is written to Microsoft 365", WRITTEN),
        ("What is stored", STORED),
    ):
        parts.append(f"## {title}")
        for place, found in groupby(items, key=lambda item: item.place):
            for (source, kept), fields in _by_kind(found):
                rows = [f"| {item.field} | {item.purpose} | {item.seen_by} |" for item in fields]
                parts.append(
                    f"**{place}**. From: {source}. Kept: {say_how_long(kept, retention)}.\n\n"
                    "| field | why | who sees it |\n|---|---|---|\n" + "\n".join(rows)
                )
    return "\n\n".join(parts) + "\n"


def _by_kind(items: Iterable[Item]) -> list[tuple[tuple[str, Category], list[Item]]]:
    grouped = groupby(items, key=lambda item: (item.source, item.kept))
    return [(key, list(fields)) for key, fields in grouped]
