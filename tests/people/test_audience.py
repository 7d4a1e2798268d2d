from __future__ import annotations

import datetime as dt
from pathlib import Path

from scheduler.people.audience import (
    Participation,
    in_audience,
    make_roster,
    name_teams,
    settle_people,
)
from scheduler.people.choices import Choices
from scheduler.people.offices import Office
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.programmes.programme import Audience, Guest, Programme
from scheduler.programmes.rules import Bridge
from scheduler.settings.loader import load_settings

SETTINGS = load_settings(Path(__file__).parents[2] / "config")
LUNCH = SETTINGS.programmes["cross-team-lunch"]
OFFICES = SETTINGS.organisation.offices
TODAY = dt.date(2026, 11, 25)


def person(name: str, **other) -> Person:
    given = {"office": "London", "department": "Sales", "hired": dt.date(2020, 1, 1), **other}
    return Person(id=name, name=name, mail=f"{name}@lindenhof.example", **given)


def programme(**changes) -> Programme:
    return LUNCH.model_copy(update=changes)


def roster(people, lunch=LUNCH, choices=None, **other):
    return make_roster(people, lunch, choices or {}, today=TODAY, offices=OFFICES, **other)


def reasons(*args, **other) -> dict[str, str]:
    return {one.person_id: one.kind for one in roster(*args, **other).left_out}


def test_opt_out_programme_takes_everybody_who_did_not_leave():
    people = [person("ana"), person("ben"), person("cem")]
    choices = {"ben": Choices(left=frozenset({"cross-team-lunch"}))}
    found = roster(people, choices=choices)
    assert [one.id for one in found.people] == ["ana", "cem"]
    assert found.left_out == (LeftOut("ben", "left", "Has left this programme."),)


def test_opt_in_programme_takes_those_who_said_yes_and_those_for_whom_silence_is_yes():
    people = [person("ana"), person("ben"), person("new", hired=dt.date(2026, 10, 1))]
    asked = programme(audience=Audience(join="opt-in", automatic="tenure < 90 days"))
    found = roster(people, asked, {"ana": Choices(joined=frozenset({"*"}))})
    assert [one.id for one in found.people] == ["ana", "new"]
    assert [one.kind for one in found.left_out] == ["not joined"]


def test_people_outside_the_audience_are_not_left_out_of_it():
    people = [person("ana", employee_type="Contractor"), person("ben", office="Remote")]
    assert roster(people).people == ()
    assert roster(people).left_out == ()


def test_group_of_entra_is_the_audience():
    asked = programme(audience=Audience(groups=("lunch-fans",)))
    members = {"lunch-fans": frozenset({"ana"})}
    assert in_audience(person("ana"), asked, today=TODAY, group_members=members)
    assert not in_audience(person("ben"), asked, today=TODAY, group_members=members)


def test_pause_holds_until_its_day():
    choices = {
        "ana": Choices(paused_until=dt.date(2026, 12, 8)),
        "ben": Choices(paused_until=dt.date(2026, 12, 7)),
    }
    people = [person("ana"), person("ben")]
    assert reasons(people, choices=choices, round_start=dt.date(2026, 12, 7)) == {"ana": "paused"}


def test_frequency_of_the_person_is_kept():
    choices = {name: Choices(every_weeks=4) for name in ("ana", "ben", "cem")}
    past = Participation(last_met={"ana": dt.date(2026, 11, 9), "ben": dt.date(2026, 11, 10)})
    people = [person("ana"), person("ben"), person("cem")]
    start = dt.date(2026, 12, 7)
    assert reasons(people, choices=choices, participation=past, round_start=start) == {
        "ben": "wants to meet less often"
    }


def test_three_unanswered_invitations_running_pause():
    past = Participation(unanswered={"ana": 3, "ben": 2})
    people = [person("ana"), person("ben")]
    assert reasons(people, participation=past) == {"ana": "no answers"}


def test_nobody_meets_in_person_without_an_office():
    anybody = programme(audience=Audience(join="opt-out"))
    people = [person("a", office=None), person("b", office="Remote"), person("c", office="Pune")]
    assert reasons(people, anybody) == {"a": "no office", "b": "no office", "c": "unknown office"}


def test_person_handed_over_counts_as_joined():
    asked = programme(audience=Audience(join="opt-in"))
    past = Participation(handed_over=frozenset({"ana"}))
    assert [one.id for one in roster([person("ana")], asked, participation=past).people] == ["ana"]


def test_bridge_asks_only_its_departments():
    rules = (Bridge(pairs=(("Sales", "Engineering"),)),)
    people = [
        person("ana"),
        person("ben", department="ENGINEERING"),
        person("cem", department="HR"),
    ]
    found = roster(people, programme(rules=rules))
    assert [one.id for one in found.people] == ["ana", "ben"]


def test_choices_about_oneself_are_on_the_roster():
    choices = {"ana": Choices(languages=("German",), meet_areas=("Legal",), adviser="recruiter")}
    [one] = roster([person("ana", interests=("chess",))], choices=choices).people
    assert (one.languages, one.interests, one.wishes, one.adviser) == (
        ("German",), ("chess",), ("Legal",), "recruiter",
    )  # fmt: skip


def test_guests_come_to_the_one_office_of_the_roster():
    guest = Guest(name="Ines", mail="ines@partner.example", company="Partner")
    people = [person("ana", zone="Europe/London")]
    assert roster(people, programme(guests=(guest,))).people[1] == Person(
        id="ines@partner.example", name="Ines", mail="ines@partner.example", company="Partner",
        office="London", zone="Europe/London", guest=True,
    )  # fmt: skip


def test_people_are_settled_in_offices_by_any_spelling():
    people = [
        person("ana", office=" sao paulo "),
        person("ben", office="Pune"),
        person("c", zone="Asia/Kolkata"),
    ]
    settled, unknown = settle_people(people, OFFICES)
    assert [(one.office, one.zone) for one in settled] == [
        ("São Paulo", "America/Sao_Paulo"),
        ("Pune", None),
        ("London", "Asia/Kolkata"),
    ]
    assert unknown == ("Pune",)


def test_people_without_a_team_are_in_that_of_their_manager():
    people = [
        person("top"),
        person("lead", manager="top"),
        person("one", manager="lead"),
        person("two", manager="lead", team="Deals"),
        person("alone"),
    ]
    assert [one.team for one in name_teams(people)] == [
        None, "Team lead", "Team lead", "Deals", None,
    ]  # fmt: skip


def test_manager_of_managers_alone_is_in_the_team_above():
    people = [person("top"), person("mid", manager="top"), person("lead", manager="mid")]
    people += [person("one", manager="lead"), person("two", manager="top")]
    assert {one.id: one.team for one in name_teams(people)} == {
        "top": "Team top", "mid": "Team top", "lead": "Team lead", "one": "Team lead",
        "two": "Team top",
    }  # fmt: skip


def test_office_without_country_keeps_the_persons_own():
    offices = (Office(name="London", zone="Europe/London"),)
    [one], _ = settle_people([person("ana", country="GB")], offices)
    assert one.country == "GB"
