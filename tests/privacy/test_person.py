"""What a person is given, read back by another parser."""

import json

import html5lib

from scheduler.privacy.person import explain, person_as_json, person_as_page
from scheduler.privacy.storing import STORED
from scheduler.settings.organisation import Retention

MEETINGS = [
    {"round_id": "lunch/2026-12-07", "person_id": "me", "starts_at": "2026-12-07T11:00:00+00:00",
     "met": "yes"},
    {"round_id": "lunch/2026-12-21", "person_id": "me", "starts_at": None, "met": "expected"},
]  # fmt: skip
NOTE = [{"person_id": "me", "text": "<script>alert(1)</script>"}]


def read_texts(page):
    root = html5lib.parse(page, namespaceHTMLElements=False)
    cells = [("".join(cell.itertext())).strip() for cell in root.iter("td")]
    return cells, [("".join(head.itertext())).strip() for head in root.iter("th")], root


def test_page_has_every_value_and_runs_nothing():
    sections = (explain("table meetings", MEETINGS), explain("table notes", NOTE))

    cells, heads, root = read_texts(person_as_page(sections, Retention()))

    assert cells == [
        "lunch/2026-12-07", "2026-12-07 11:00 UTC", "yes",
        "lunch/2026-12-21", "–", "expected",
        "<script>alert(1)</script>",
    ]  # fmt: skip
    assert heads == ["round id", "starts at", "met", "text"]
    assert list(root.iter("script")) == []
    assert not any(e.get("src") or e.get("href") for e in root.iter() if isinstance(e.tag, str))


def test_page_says_how_long_things_are_kept():
    page = person_as_page((explain("table notes", NOTE),), Retention(feedback_months=5))

    assert "Kept: 5 months." in page


def test_json_has_rows_as_they_are_stored():
    section = explain("table meetings", MEETINGS)

    records = json.loads(person_as_json((section,)))["records"]

    assert records == {"Meetings": {"from": "table meetings", "kept": "history", "rows": MEETINGS}}


def test_every_table_about_people_has_a_title():
    """``explain`` needs a title for each table that :mod:`scheduler.store.persons` reads."""
    about = {
        item.place
        for item in STORED
        if item.place.startswith("table ") and item.field in {"person_id", "from_id", "who"}
    }

    assert all(explain(place, []).title for place in about)
