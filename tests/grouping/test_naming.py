import dataclasses
import datetime as dt

from scheduler.grouping.framing import PRIVATE_RULE
from scheduler.grouping.naming import explain_group, name_plan
from scheduler.grouping.plan import Place
from scheduler.grouping.problem import Seating
from scheduler.grouping.solution import Solution, Unplaced
from scheduler.people.contacts import gather_contacts
from scheduler.people.roster import LeftOut
from tests.grouping.test_framing import ADA, BOB, CY, TODAY, frame, person

CANTEEN = Place("Canteen", "table", seats=4, tables=3, office="Berlin")


def solution(*groups: Seating, unplaced: tuple[Unplaced, ...] = ()) -> Solution:
    placed = sum(len(g.members) for g in groups)
    return Solution(groups, placed, placed, 0, 0, unplaced, "counting")


def test_name_plan_numbers_groups_by_slot_and_counts_ties() -> None:
    people = [ADA, BOB, person("dan"), person("eve", department="Art")]
    contacts = gather_contacts([(TODAY, ["ada", "bob"])], [("dan", "eve")])

    plan = name_plan(
        frame(people, places=[CANTEEN], contacts=contacts),
        solution(Seating((2, 3), 1, 0), Seating((0, 1), 0, 0)),
        round_id="lunch/2026-12-07",
        seed=7,
    )

    assert [(g.number, g.member_ids) for g in plan.groups] == [
        (1, ("ada", "bob")),
        (2, ("dan", "eve")),
    ]
    assert (plan.new_ties, plan.cross_department_ties, plan.repeats) == (0, 0, 1)


def test_name_plan_tells_the_calendar_reason_before_the_engines() -> None:
    framed = frame([ADA, BOB], places=[CANTEEN])
    availability = dataclasses.replace(
        framed.availability,
        left_out=(LeftOut("ada", "away", "Away."),),
    )

    plan = name_plan(
        dataclasses.replace(framed, availability=availability),
        solution(unplaced=(Unplaced(0, "no_slot"), Unplaced(1, "rules", ("different team",)))),
        round_id="lunch/2026-12-07",
        seed=7,
    )

    assert [(r.person_id, r.kind, r.text) for r in plan.left_out] == [
        ("ada", "away", "Away."),
        ("bob", "rules",
         "They can meet nobody who is free when they are, under “different team”."),
    ]  # fmt: skip


def test_name_plan_never_names_private_choices() -> None:
    plan = name_plan(
        frame([ADA, BOB], places=[CANTEEN]),
        solution(unplaced=(Unplaced(1, "rules", (PRIVATE_RULE,)),)),
        round_id="lunch/2026-12-07",
        seed=7,
    )

    # The same words as for somebody whom no rule concerns: that there is a choice is private too.
    assert plan.left_out == (
        LeftOut(
            "bob",
            "left over",
            "Those they could meet have seats in other groups. They come first next time.",
        ),
    )


def test_explain_group_names_departments_offices_and_tenure() -> None:
    new = person("new", department="Art", hired=TODAY - dt.timedelta(days=30))
    old = person("old", office="London", hired=TODAY - dt.timedelta(days=4000))

    assert explain_group([new, old], frame([new, old])) == (
        "You come from Art and Sales.",
        "You have not met through this programme and are not known to work together.",
        "Somebody who just joined meets somebody who has been here for years.",
        "You work in Berlin and London.",
    )


def test_explain_group_of_old_acquaintances_claims_nothing_new() -> None:
    contacts = gather_contacts([(TODAY, ["ada", "bob"])])

    assert explain_group([ADA, BOB, CY], frame([ADA, BOB, CY], contacts=contacts))[1] == (
        "2 of the 3 pairs among you have not met before."
    )
