import datetime as dt

from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.participation import count_unanswered, find_handed_over, find_last_met
from scheduler.settings.presets import read_preset
from scheduler.store.answers import Invitation
from scheduler.store.meetings import Meeting

TODAY = dt.date(2026, 11, 25)


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")


def asked(*answered: bool) -> list[Invitation]:
    days = ("2026-08-03", "2026-09-07", "2026-10-05", "2026-11-02")
    return [
        Invitation(person_id="ann", start=at(day), answered=one)
        for day, one in zip(days, answered, strict=False)
    ]


def met(programme: str, day: str, *people: str) -> Meeting:
    return Meeting(f"{programme}/{day}", programme, 1, at(day), people)


def test_count_unanswered_counts_since_the_last_answer():
    assert count_unanswered(asked(False, True, False, False), {}) == {"ann": 2}
    assert count_unanswered(asked(False, False, False, True), {}) == {}


def test_count_unanswered_begins_anew_when_somebody_joins_again():
    again = Choices(joined=frozenset({"lunch"}), joined_at={"lunch": at("2026-10-20")})

    assert count_unanswered(asked(False, False, False), {"ann": again}) == {}
    assert count_unanswered(asked(False, False, False, False), {"ann": again}) == {"ann": 1}


def test_find_last_met_takes_the_latest_of_all_programmes():
    meetings = [met("lunch", "2026-09-07", "ann", "bob"), met("coffee", "2026-10-05", "ann", "cy")]

    assert find_last_met(meetings) == {
        "ann": dt.date(2026, 10, 5), "bob": dt.date(2026, 9, 7), "cy": dt.date(2026, 10, 5),
    }  # fmt: skip


def hired(person_id: str, day: str, returned: str | None = None) -> Person:
    back = None if returned is None else dt.date.fromisoformat(returned)
    return Person(id=person_id, name=person_id, mail=f"{person_id}@x.example",
                  hired=dt.date.fromisoformat(day), returned=back)  # fmt: skip


def test_find_handed_over_takes_those_who_took_part_while_new_and_are_no_longer():
    welcome = Programme.model_validate(
        {"name": "welcome", **read_preset("welcome"), "rules": []}
    )  # its hand_over is to cross-team-lunch, 90 days after the first day
    people = [
        hired("was-new", "2026-08-01"),
        hired("still-new", "2026-10-01"),
        hired("long-here", "2015-01-01"),
        hired("never-met", "2026-08-01"),
        hired("came-back", "2015-01-01", "2026-08-01"),
    ]
    meetings = [
        met("welcome", "2026-08-20", "was-new", "long-here", "came-back"),
        met("welcome", "2026-10-20", "still-new", "long-here"),
        met("coffee", "2026-08-20", "never-met", "long-here"),
    ]

    found = find_handed_over([welcome], "cross-team-lunch", people, meetings, TODAY)

    assert found == {"was-new", "came-back"}
    assert find_handed_over([welcome], "coffee", people, meetings, TODAY) == frozenset()
