"""The table against the database, the requests to Graph, the HR export and the sign-in."""

import collections
import dataclasses
import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import inspect

from scheduler.calendars.freebusy import FreeBusy
from scheduler.calendars.parcels import read_arrays, write_calendars
from scheduler.graph.permissions import PERMISSIONS
from scheduler.grouping.engine import solve
from scheduler.grouping.parcels import write_answers, write_tasks
from scheduler.grouping.solving import solve_task
from scheduler.people.imports.columns import COLUMNS
from scheduler.privacy.item import HOW_LONG, find_cutoff, say_how_long
from scheduler.privacy.reading import READ
from scheduler.privacy.sheet import ITEMS, as_json, as_markdown, as_text
from scheduler.privacy.storing import CLOCKS, PARTS, STORED
from scheduler.rounds.parts import ask_calendars
from scheduler.settings.organisation import Retention
from scheduler.store.engine import open_store
from tests.grouping.offices import make_office
from tests.witness.graph_calls import FOLDER, find_fields

ROOT = Path(__file__).parents[2]
METHODS = ("GET ", "POST ", "PATCH ", "DELETE ")


def fields_by_place(items):
    places = collections.defaultdict(set)
    for item in items:
        places[item.place].add(item.field)
    return dict(places)


def test_every_column_of_the_database_has_a_row_and_every_row_a_column(tmp_path):
    with open_store(tmp_path / "scheduler.db") as store:
        found = inspect(store.engine)
        columns = {
            f"table {table}": {column["name"] for column in found.get_columns(table)}
            for table in found.get_table_names()
        }

    told = fields_by_place(item for item in STORED if item.place.startswith("table "))

    assert told == columns


def test_every_field_of_calendars_that_workers_share_has_a_row():
    day = dt.datetime(2026, 12, 7, tzinfo=dt.UTC)
    (asked,) = ask_calendars(["a@b.c"], day, day, zones={"a@b.c": "Asia/Tokyo"}, through=["o@b.c"])
    none = np.zeros(0, np.int64)
    read = write_calendars({"a@b.c": FreeBusy(none, none, none.astype(np.int8), None, "unknown")})

    told = {item.field for item in PARTS if item.source != "the product, when it plans and books"}

    assert told == json.loads(asked).keys() | read_arrays(read).keys()


def test_cohorts_that_workers_share_are_numbers_and_name_nobody():
    parcels = []

    def share(tasks):
        answers = [solve_task(task, lambda *_: False) for task in tasks]
        parcels.extend([write_tasks(tasks), write_answers(answers)])
        return answers

    assert solve(make_office(60, seed=5), effort=0.05, share=share).groups
    kinds = {
        name.split(" ", 1)[1]: array.dtype.kind
        for parcel in parcels
        for name, array in read_arrays(parcel).items()
    }

    assert kinds.pop("by") == "U"  # which of our bounds holds
    assert set(kinds.values()) <= set("biufV")
    assert len(kinds) > 20


def test_every_call_of_graph_has_a_row_and_every_row_a_permission():
    told = {item.place for item in READ if item.place.startswith(METHODS)}

    assert told == {call for permission in PERMISSIONS for call in permission.calls}


def test_every_field_that_graph_is_asked_for_has_a_row():
    asked = collections.defaultdict(set)
    for path in FOLDER.glob("*.py"):
        for call, fields in find_fields(path):
            asked[call] |= fields

    told = fields_by_place(item for item in READ if item.place in asked)

    assert told == dict(asked)
    assert {"GET /users", "GET /users/{id}/events"} <= set(asked)


def test_calls_without_chosen_fields_have_a_row_for_all_they_give():
    chosen = {call for path in FOLDER.glob("*.py") for call, _ in find_fields(path)}
    reading = {call for p in PERMISSIONS for call in p.calls if call.startswith("GET ")} - chosen

    told = fields_by_place(READ)

    assert {call: told[call] for call in reading} == {call: {"*"} for call in reading}


def test_every_column_of_an_hr_export_has_a_row():
    assert fields_by_place(READ)["HR export"] == set(COLUMNS)


def test_every_category_is_used_and_every_row_says_everything():
    assert {item.kept for item in ITEMS} == set(HOW_LONG)
    for item in ITEMS:
        assert all(dataclasses.asdict(item).values()), item
    keys = [(item.place, item.field) for item in ITEMS]
    assert len(keys) == len(set(keys))


def test_every_table_about_people_has_a_clock():
    tables = {
        item.place.removeprefix("table ")
        for item in STORED
        if item.place.startswith("table ") and item.kept != "installation"
    }

    assert set(CLOCKS) == tables


def test_sheet_for_the_works_council_is_made_from_the_table():
    page = (ROOT / "docs" / "works-council.md").read_text("utf-8")

    assert page == as_markdown(Retention()), "run: make docs"


def test_text_and_json_name_every_field_with_the_times_of_the_settings():
    retention = Retention(history_months=7, feedback_months=3, log_days=11)

    rows = json.loads(as_json(retention))

    assert [(row["place"], row["field"]) for row in rows] == [(i.place, i.field) for i in ITEMS]
    assert {row["retention"] for row in rows if row["category"] == "history"} == {"7 months"}
    text = as_text(retention)
    assert all(item.field in text and item.purpose in text for item in ITEMS)
    assert say_how_long("log", retention) in text


@pytest.mark.parametrize(
    ("today", "months", "cutoff"),
    [
        (dt.date(2026, 11, 25), 24, dt.date(2024, 11, 25)),
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 3, 30), 1, dt.date(2028, 2, 29)),
        (dt.date(2027, 1, 31), 1, dt.date(2026, 12, 31)),
        (dt.date(2026, 12, 31), 13, dt.date(2025, 11, 30)),
    ],
)
def test_cutoff_is_the_same_day_of_an_earlier_month(today, months, cutoff):
    assert find_cutoff("history", Retention(history_months=months), today) == cutoff


def test_cutoff_of_what_no_clock_ends_is_refused():
    with pytest.raises(ValueError, match="not kept"):
        find_cutoff("not kept", Retention(), dt.date(2026, 11, 25))
