"""The "your group" card says who, when, where and why, and offers a way out."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from scheduler.agendas.agenda import Turn
from scheduler.people.choices import Introduction
from scheduler.teams.cards.group import NAMED_AT_MOST, group_card
from scheduler.teams.cards.kit import LIMIT_BYTES, CardTooLargeError
from scheduler.teams.signing import FIELD, Action


def find(content, kind):
    """All elements and actions of a kind, in order, fallbacks too."""
    found = []
    if isinstance(content, dict):
        if content.get("type") == kind:
            found.append(content)
        for value in content.values():
            found += find(value, kind)
    elif isinstance(content, list):
        for value in content:
            found += find(value, kind)
    return found


def test_card_fits_the_schema(agenda, buttons, check_card):
    check_card(
        group_card(
            agenda, buttons, join_url="https://x.example", event_url="https://y.example"
        ).content
    )


def test_card_says_who_when_where_and_why(agenda, buttons, say):
    said = say(group_card(agenda, buttons)).split("\n")

    assert said[:13] == [
        "Cross-team lunch",
        "Monday, 7 December 2026, 12:00–13:00",
        "Central European Standard Time (Berlin)",
        "Café Linde, table 4",
        "Who you meet",
        "José *Star* O'Neil",
        "Analyst · Legal · Berlin",
        "王伟",
        "Analyst · Research · Berlin",
        "Why you",
        "None of you has met before.",
        "Agenda",
        "Meet people from other teams.",
    ]
    assert "12:00  Arrive" in said
    assert "12:10  Talk" in said


def test_summary_says_all_of_it_in_a_sentence(agenda, buttons):
    card = group_card(agenda, buttons)

    assert card.summary == (
        "Cross-team lunch: you meet José *Star* O'Neil and 王伟, "
        "Monday, 7 December 2026, 12:00–13:00, Café Linde, table 4."
    )
    assert card.content["fallbackText"] == card.content["speak"] == card.summary


def test_introductions_stand_with_their_authors(agenda, buttons, say):
    introductions = {
        "1": Introduction(do="I am the reader."),
        "2": Introduction(do="I read *contracts*.", help="small print", learn="code"),
    }

    said = say(group_card(agenda, buttons, introductions=introductions))

    assert (
        "Analyst · Legal · Berlin\nI read *contracts*.\nCan help with: small print\n"
        "Would like to learn about: code" in said
    )
    assert "I am the reader." not in said


def test_way_out_is_asked_for_twice_and_signed(agenda, buttons, signer):
    card = group_card(agenda, buttons)

    (unfolded,) = find(card.content, "Action.ShowCard")
    (press,) = find(unfolded, "Action.Execute")
    assert (press["verb"], press["title"]) == ("decline", "Yes, give my seat away")
    expected = Action("decline", "cross-team-lunch/2026-12-07", "1", "12")
    assert signer.read(press["data"][FIELD]) == expected
    assert press["fallback"]["type"] == "Action.Submit"
    assert press["fallback"]["data"] == press["data"]


def test_links_open_outlook_and_the_meeting(agenda, buttons):
    card = group_card(
        agenda, buttons, event_url="https://outlook.example/1", join_url="https://teams.example/2"
    )

    assert [(link["title"], link["url"]) for link in find(card.content, "Action.OpenUrl")] == [
        ("Join online", "https://teams.example/2"),
        ("Open in Outlook", "https://outlook.example/1"),
    ]


def test_agenda_is_shown_on_demand(agenda, buttons):
    card = group_card(agenda, buttons)

    (toggle,) = find(card.content, "Action.ToggleVisibility")
    hidden = [box for box in find(card.content, "Container") if box.get("isVisible") is False]
    assert toggle["targetElements"] == [box["id"] for box in hidden] == ["agenda"]


def test_names_are_never_read_as_markdown(agenda, buttons):
    """Only text blocks are markdown in Teams; names stand in text runs."""
    card = group_card(agenda, buttons)

    assert not any("Star" in block["text"] for block in find(card.content, "TextBlock"))


def test_title_of_a_programme_is_escaped(agenda, buttons):
    card = group_card(dataclasses.replace(agenda, title="Q&A [x](https://y) *now*"), buttons)

    assert find(card.content, "TextBlock")[0]["text"] == r"Q&A \[x\]\(https://y\) \*now\*"


def test_large_table_is_named_in_part(agenda, buttons, say):
    crowd = tuple(
        dataclasses.replace(agenda.people[0], id=str(number), name=f"Person {number}")
        for number in range(60)
    )

    card = group_card(dataclasses.replace(agenda, people=crowd), buttons)

    assert f"and {59 - NAMED_AT_MOST} others, named in the invitation." in say(card)
    assert "you meet Person 0, Person 2, Person 3 and 56 other people" in card.summary
    assert card.size < LIMIT_BYTES


def test_card_that_teams_would_refuse_is_not_made(agenda, buttons):
    endless = dataclasses.replace(agenda, purpose="x" * LIMIT_BYTES)

    with pytest.raises(CardTooLargeError, match="20000 are the most"):
        group_card(endless, buttons)


def test_card_of_a_networking_hour_says_where_its_reader_sits(agenda, buttons, say, check_card):
    seats = {person.id: (1, 2) for person in agenda.people}
    seats[agenda.people[-1].id] = (2, 2)
    moment = agenda.items[0].starts
    seated = dataclasses.replace(
        agenda,
        people=tuple(dataclasses.replace(p, tables=seats[p.id]) for p in agenda.people),
        turns=(Turn(moment, 12, "12:00"), Turn(moment + dt.timedelta(minutes=12), 12, "12:12")),
    )
    own = agenda.people.index(next(p for p in agenda.people if p.id == buttons.person_id))
    assert own != len(agenda.people) - 1  # else the witness below would not tell them apart

    card = group_card(seated, buttons)

    check_card(card.content)
    said = say(card).split("\n")
    at = said.index(agenda.headings.tables)
    others = [p.name for p in agenda.people if p.id != buttons.person_id]
    assert said[at + 1] == "12:00–12:12  Table 1"
    assert others[-1] not in said[at + 2]
    assert said[at + 3] == "12:12–12:24  Table 2"
    assert all(name in said[at + 4] for name in others)
