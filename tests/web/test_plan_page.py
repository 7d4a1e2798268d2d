"""The plan's page says what the plan says, and needs nothing else."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.web.plan_page import plan_page

MARKUP = "<script>alert(1)</script> & \"quotes\" 'too'"


class Reader(HTMLParser):
    """Text without style and script, tags, and attributes with their values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags[-1:] not in (["style"], ["script"]):
            self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture
def page(plan, people):
    return Reader(plan_page(plan, people, title="Cross-team lunch"))


def test_headline_says_how_good_the_plan_is(page):
    assert "10 of 13 people have a seat in 3 groups." in page.text
    assert "No plan could seat more than 11. This one reaches 90.9% of that." in page.text
    assert "worth at least 97% of what the best possible plan could be worth" in page.text
    assert "2 of 3 and 1 of 4" in page.text


def test_best_possible_plan_is_called_that(plan, people):
    best = dataclasses.replace(plan, placed_bound=10)

    text = Reader(plan_page(best, people, title="Lunch")).text

    assert "No plan could seat more of them" in text


def test_nearly_all_is_not_rounded_to_all(plan, people):
    close = dataclasses.replace(plan, value=99_996, value_bound=100_000)

    assert "at least 99.9% of" in Reader(plan_page(close, people, title="Lunch")).text


def test_search_that_was_stopped_is_admitted(plan, people):
    stopped = dataclasses.replace(plan, complete=False)

    text = Reader(plan_page(stopped, people, title="Lunch")).text

    assert "The search was stopped before it was done" in text


def test_grid_lists_groups_by_week_day_time_and_place(page):
    assert (
        "Week of Monday, 7 December 2026 Mon 7 Dec 2 groups 12:00 Café Linde 1 2 "
        "Week of Monday, 14 December 2026 Tue 15 Dec 1 group 12:00 Online 3" in page.text
    )


def test_group_says_who_when_where_and_why(page):
    assert (
        "1 Mon 7 Dec, 12:00–13:00 Café Linde, Berlin Person 0 Sales Person 1 Legal "
        "Person 2 Research Person 3 Department 14 6 new ties. You are from afar." in page.text
    )


def test_group_across_zones_shows_each_clock(page):
    assert "3 Tue 15 Dec, 12:00–12:30 Online · 12:00 Berlin, 16:30 Kolkata" in page.text


def test_left_out_are_counted_by_reason_and_named(page):
    assert (
        "Left out, and why Free at none of the meeting times 2 "
        "Person 11 Department 14 · Pune They are free at none of this round's meeting times. "
        "Person 12 Sales · Pune They are free at none of this round's meeting times. "
        "On leave 1 Person 13 Legal · Pune They are on leave until 4 January." in page.text
    )


def test_full_round_leaves_nobody_out(plan, people):
    full = dataclasses.replace(plan, left_out=())

    assert "Nobody: everybody on the roster has a seat." in (
        Reader(plan_page(full, people, title="Lunch")).text
    )


def test_heat_map_has_a_header_for_each_row_and_column(page):
    assert page.attributes.count(("scope", "col")) == 5
    assert page.attributes.count(("scope", "row")) == 4
    assert "6 of 6 pairs of departments" in page.text


def test_links_lead_to_something_on_the_page(page):
    ids = {value for name, value in page.attributes if name == "id"}
    links = {value for name, value in page.attributes if name == "href"}

    assert links == {"#groups", "#left-out", "#group-1", "#group-2", "#group-3"}
    assert {link.removeprefix("#") for link in links} <= ids
    assert {value for name, value in page.attributes if name == "aria-labelledby"} <= ids


def test_nothing_is_loaded_from_elsewhere(plan, people):
    html = plan_page(plan, people, title="Lunch")

    assert not re.search(r"https?:|//[a-z]|url\(|@import|\bsrc=", html)


def test_markup_in_any_text_stays_text(plan, people):
    marked = {
        key: dataclasses.replace(person, name=MARKUP, department=MARKUP, office=MARKUP + key)
        for key, person in people.items()
    }
    plan = dataclasses.replace(
        plan,
        round_id=MARKUP,
        bound_by=MARKUP,
        left_out=(LeftOut("11", MARKUP, MARKUP),),
        groups=tuple(
            dataclasses.replace(
                group, why=(MARKUP,), place=dataclasses.replace(group.place, name=MARKUP)
            )
            for group in plan.groups
        ),
    )

    html = plan_page(plan, marked, title=MARKUP, note=MARKUP)

    assert Reader(html).tags.count("script") == 1  # our own
    assert html.count("<script>") == 1
    assert "alert(1)</script> &" not in html


def test_person_who_is_not_known_is_named_in_the_error(plan, people):
    del people["3"]

    with pytest.raises(KeyError, match="3"):
        plan_page(plan, people, title="Lunch")


def test_page_for_a_thousand_people_stays_below_a_megabyte(plan, people):
    crowd = {
        str(number): Person(
            id=str(number),
            name=f"Maximiliana von Hohenstein {number}",
            mail="m@example.com",
            department=f"Department of Descriptive Names {number % 42}",
            office="Berlin",
            zone="Europe/Berlin",
        )
        for number in range(1000)
    }
    ids = list(crowd)
    why = ("You come from four departments with long names, and none of you has met before.",) * 2
    groups = tuple(
        Group(
            number=index // 4 + 1,
            member_ids=tuple(ids[index : index + 4]),
            slot=Slot(plan.groups[0].slot.start, 60),
            place=Place(f"Room {index % 30}", "room", seats=6),
            new_ties=6,
            why=why,
        )
        for index in range(0, 900, 4)
    )
    left_out = tuple(LeftOut(key, "no_slot", why[0]) for key in ids[900:])
    large: Plan = dataclasses.replace(plan, groups=groups, left_out=left_out, roster_size=1000)

    assert len(plan_page(large, crowd, title="Lunch").encode()) < 1_000_000
