import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.grouping.plan import Plan
from scheduler.people.choices import Choices
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import (
    end_silence,
    join_programme,
    read_my_choices,
    save_choices_form,
    takes_part,
)
from scheduler.rounds.participation import (
    Silence,
    find_handed_over,
    find_last_met,
    find_silences,
)
from scheduler.rounds.person_notices import list_rests
from scheduler.settings.loader import load_settings
from scheduler.settings.presets import read_preset
from scheduler.store.answers import Answer, Invitation, save_answers
from scheduler.store.choices import save_choice
from scheduler.store.engine import open_store
from scheduler.store.meetings import Meeting
from scheduler.store.notices import begin_notice, finish_notice
from scheduler.store.rounds import save_plan
from scheduler.teams.signing import Signer

ROOT = Path(__file__).parents[2]

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


def test_silence_counts_since_the_last_answer():
    assert find_silences(asked(False, True, False, False), {}) == {
        "ann": Silence(2, at("2026-10-05"))
    }
    assert find_silences(asked(False, False, False, True), {}) == {}


def test_silence_begins_anew_when_somebody_joins_again():
    again = Choices(joined=frozenset({"lunch"}), joined_at={"lunch": at("2026-10-20")})

    assert find_silences(asked(False, False, False), {"ann": again}) == {}
    assert find_silences(asked(False, False, False, False), {"ann": again}) == {
        "ann": Silence(1, at("2026-11-02"))
    }


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


ANN = Person(id="ann", name="Ann", mail="ann@x.example", languages=("de",))
LUNCH, COFFEE = "cross-team-lunch", "virtual-coffee"


@pytest.fixture
def silence(tmp_path):
    """Ann joined the lunch, and left three invitations to it open. Long ago: deeds are of now."""
    with open_store(tmp_path / "scheduler.db") as store:
        context = Context(settings=load_settings(ROOT / "config"), store=store, graph=None,
                          today=dt.date(2020, 11, 25), by="test")  # fmt: skip
        keep(context, "join", LUNCH)
        for month in (8, 9, 10):
            leave_open(context, f"{LUNCH}/2020-{month:02}-05")
        yield context


def keep(context, kind, programme, day="2020-07-01"):
    save_choice(context.store, "ann", kind, programme, about=programme, at=at(day), by="ann")


def leave_open(context, round_id):
    save_plan(context.store, empty_plan(round_id), at=at("2020-07-01"), by="hr")
    save_answers(context.store, [silent(round_id, "ann")], at=at("2020-07-01"))


def rests(context, now):
    signer = Signer(["a secret of this test that is long enough"])
    return list(list_rests(context, {"ann": ANN, "bob": replace(ANN, id="bob")}, {}, signer, now))


def test_who_is_paused_for_silence_is_in_nothing_until_they_join_again(silence):
    lunch, coffee = (silence.settings.programmes[name] for name in (LUNCH, COFFEE))

    def taken_part():
        own = read_my_choices(silence, "ann")
        return [p.name for p in (lunch, coffee) if takes_part(own, p, ANN, silence.today)]

    assert coffee.audience.join == "opt-out"
    assert taken_part() == []
    assert join_programme(silence, "ann", LUNCH)
    assert taken_part() == [LUNCH, COFFEE]
    # Who is not paused keeps their place in the order of joining.
    assert not join_programme(silence, "ann", LUNCH)


def test_form_of_choices_ends_silence_by_what_is_ticked_and_leaves_the_rest(silence):
    def save(programmes):
        return save_choices_form(silence, ANN, {"programmes": programmes}, people={})

    assert save("") == ()
    assert read_my_choices(silence, "ann").silent
    assert sorted(save(LUNCH)) == ["join", "leave"]
    own = read_my_choices(silence, "ann")
    assert (own.joined, own.left, own.silent) == ({LUNCH}, {COFFEE}, False)


def test_form_of_choices_leaves_everything_but_what_is_ticked_and_takes_that_back(silence):
    def save(programmes, nothing_else):
        form = {"programmes": programmes, "nothing_else": nothing_else}
        changed = save_choices_form(silence, ANN, form, people={})
        own = read_my_choices(silence, "ann")
        lunch, coffee = (
            own.takes_part(name, silence=True) for name in (LUNCH, COFFEE)
        )  # fmt: skip
        return bool(changed), lunch, coffee, own.takes_part("a programme to come", silence=True)

    assert save(LUNCH, "yes") == (True, True, False, False)
    assert save(LUNCH, "yes") == (False, True, False, False)
    assert save("", "yes") == (True, False, False, False)
    assert save(COFFEE, "") == (True, False, True, True)
    assert save(COFFEE, "") == (False, False, True, True)


def test_asking_again_ends_silence_where_somebody_was(silence):
    keep(silence, "leave", COFFEE)

    assert end_silence(silence, ANN)
    own = read_my_choices(silence, "ann")
    assert (own.joined, own.left, own.silent) == ({LUNCH}, {COFFEE}, False)
    assert not end_silence(silence, ANN)


def test_who_falls_silent_is_told_once_and_again_only_after_they_came_back(silence):
    (message,) = rests(silence, at("2020-11-01"))
    card = message.make("de")

    assert (message.person, message.subject, message.kind) == (ANN, "choices", "rest")
    assert "die letzten 3 Einladungen" in str(card.content)
    begin_notice(silence.store, "choices", "ann", "rest", at=at("2020-11-01"))
    finish_notice(silence.store, "choices", "ann", "rest", at=at("2020-11-01"), reference="x")
    assert rests(silence, at("2020-11-02")) == []
    assert rests(silence, at("2020-10-04")) == []  # by then they had left two open
    keep(silence, "join", LUNCH, "2020-11-03")
    for month in (11, 12):
        leave_open(silence, f"{LUNCH}/2020-{month}-10")
    assert rests(silence, at("2020-12-20")) == []
    leave_open(silence, f"{COFFEE}/2020-12-15")
    (again,) = rests(silence, at("2020-12-20"))
    assert again.again_before == dt.datetime(2020, 11, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("kind", ["left", "paused", "long ago"])
def test_who_would_not_be_asked_anyway_is_not_told_of_silence(silence, kind):
    now = at("2020-11-01")
    if kind == "left":
        keep(silence, "leave", LUNCH)
        keep(silence, "leave", COFFEE)
    elif kind == "paused":
        save_choice(silence.store, "ann", "pause-until", "2020-12-24", at=now, by="ann")
    else:
        now = at("2021-03-01")

    assert rests(silence, now) == []


def empty_plan(round_id: str) -> Plan:
    return Plan(round_id=round_id, groups=(), left_out=(), roster_size=0, placed=0, placed_bound=0,
                value=0, value_bound=0, bound_by="-", new_ties=0, cross_department_ties=0,
                repeats=0, seed=1, complete=True)  # fmt: skip


def silent(round_id: str, who: str) -> Answer:
    return Answer(round_id=round_id, group_number=1, who=who, response="none", answered_at=None,
                  proposed_start=None, read_at=at("2020-10-30"))  # fmt: skip
