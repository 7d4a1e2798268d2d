"""What is known about one person, as JSON and as a page that they can read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.privacy.item import Category, say_how_long
from scheduler.privacy.sheet import ITEMS
from scheduler.settings.organisation import Retention
from scheduler.texts.templates import open_templates

TITLES: Mapping[str, str] = {
    "table meetings": "Meetings",
    "table choices": "Choices that hold now",
    "table choice_changes": "Every choice so far",
    "table seats": "What they said on cards about coming",
    "table answers": "Answers to invitations",
    "table feedback": "What they said afterwards",
    "table notes": "Private notes",
    "table thanks": "Thanks given and received",
    "table posts": "Posts in forums",
    "table deliveries": "Cards and mails about meetings",
    "table notices": "Cards and mails about programmes",
    "table unreachable": "Whether Teams reaches them",
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
NOT_INCLUDED = (
    "Not in here: who else was in a group (it stands in the invitation), and what other people "
    "decided or noted for themselves."
)


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one place; ``purposes`` says why each field of them is kept, ``source`` whence."""

    place: str
    title: str
    rows: Sequence[Mapping[str, Any]] = field(repr=False)
    purposes: Mapping[str, str]
    category: Category | None
    source: str

    @property
    def columns(self) -> list[str]:
        """The fields of the rows, in the order in which they first come, but whose they are."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        return [name for name in names if name not in {"person_id", "who"}]


def explain(place: str, rows: Sequence[Mapping[str, Any]], title: str | None = None) -> Section:
    """Rows with what the table of :mod:`scheduler.privacy` says about their place."""
    items = [item for item in ITEMS if item.place == place]
    return Section(
        place,
        title or TITLES[place],
        rows,
        {item.field: item.purpose for item in items},
        items[0].kept if items else None,
        items[0].source if items else "HR",
    )


def person_as_json(sections: Sequence[Section]) -> str:
    """By title, the rows of each place."""
    value = {
        "note": NOT_INCLUDED,
        "records": {
            section.title: {
                "from": section.place,
                "kept": section.category,
                "rows": list(section.rows),
            }
            for section in sections
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def person_as_page(sections: Sequence[Section], retention: Retention) -> str:
    """One HTML file that loads nothing."""
    return (
        open_templates("scheduler.privacy")
        .get_template("person.html.j2")
        .render(
            sections=sections,
            note=NOT_INCLUDED,
            write=_write,
            how_long={
                section.place: say_how_long(section.category, retention)
                for section in sections
                if section.category is not None
            },
        )
    )


def _write(value: object) -> str:
    """A value in words."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_write, value)) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_write(part)}" for name, part in value.items())
    text = str(value)
    return f"{text[:10]} {text[11:16]} UTC" if _INSTANT.fullmatch(text) else text
