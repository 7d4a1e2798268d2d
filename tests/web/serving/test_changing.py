"""What HR's forms refuse, and where a kept change goes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from scheduler.rounds.approval import approve_round
from scheduler.rounds.outcome import carry_out_round
from scheduler.rounds.planning import plan_round
from scheduler.store.audit import read_audit
from scheduler.store.plans import read_plan
from scheduler.store.rounds import read_round
from tests.web.serving.conftest import csrf_of

MONDAY = dt.date(2026, 12, 7)


@pytest.fixture(scope="module")
def mondays():
    return iter(MONDAY + dt.timedelta(weeks=2 * number) for number in range(20))


def make_plan(serving, monday):
    context = dataclasses.replace(serving.context, effort=0.05)
    return serving.run(plan_round(context, "cross-team-lunch", first_day=monday)).plan


@pytest.fixture
def plan(serving, mondays):
    """A round of this test alone."""
    return make_plan(serving, next(mondays))


@pytest.fixture(scope="module")
def standing(serving, mondays):
    """A round that waits for approval, and that no test may change."""
    return make_plan(serving, next(mondays))


@pytest.fixture(scope="module")
def hr(serving):
    return serving.sign_in(serving.of("Human Resources")["mail"])


def send(hr, plan, path, **fields):
    token = csrf_of(hr.get("/what-if").text)
    return hr.post(f"/rounds/{plan.round_id}/{path}", data={"csrf": token, **fields})


def revision(serving, plan):
    return read_round(serving.context.store, plan.round_id).revision


def test_approved_plan_is_not_changed_but_sent_back_first(serving, hr, plan, visible_text):
    person = plan.groups[0].member_ids[0]
    approve_round(serving.context.store, plan.round_id, by="hr")

    answer = send(hr, plan, "change", what="out", person=person, revision=1, agreed="yes")

    assert answer.status_code == 409
    assert "This plan is approved. Send it back first" in visible_text(answer.text)
    for path in ("fix", "solve"):
        refused = send(hr, plan, path, number=1, fixed="yes", revision=1)
        assert (refused.status_code, revision(serving, plan)) == (409, 1)


def test_change_that_breaks_a_rule_is_kept_only_when_it_is_meant(serving, hr, plan, visible_text):
    group = next(group for group in plan.groups if len(group.member_ids) == 3)
    wish = {"what": "out", "person": group.member_ids[0], "revision": 1}

    answer = send(hr, plan, "change", **wish)
    assert answer.status_code == 409
    assert "breaks a rule" in visible_text(answer.text)
    assert revision(serving, plan) == 1

    assert send(hr, plan, "change", **wish, agreed="yes").status_code == 303
    kept = read_plan(serving.context.store, plan.round_id)
    assert [g.number for g in kept.groups if g.fixed] == [group.number]
    trail = read_audit(serving.context.store, round_id=plan.round_id)[-1]
    assert (trail.what, trail.details["groups"]) == ("plan changed by hand", [group.number])
    assert trail.by == serving.of("Human Resources")["id"]


def test_person_is_not_put_where_they_cannot_be(serving, hr, standing, visible_text):
    """Somebody of another office, which no tick can change."""
    offices = {group.place.office for group in standing.groups}
    one, other = (
        next(group for group in standing.groups if group.place.office == office)
        for office in sorted(offices)[:2]
    )
    wish = {"what": "move", "person": one.member_ids[0], "to": other.number}

    shown = visible_text(hr.get(f"/rounds/{standing.round_id}/change", params=wish).text)
    answer = send(hr, standing, "change", **wish, revision=1, agreed="yes")

    assert "It cannot be done." in shown
    assert "works in another office" in shown
    assert "Keep this change" not in shown
    assert (answer.status_code, revision(serving, standing)) == (409, 1)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ({"what": "drop", "to": "999"}, "There is no group 999"),
        ({"what": "move", "person": "nobody"}, "Nobody of that name takes part"),
        ({"what": "x", "person": ""}, "Nobody of that name takes part"),
        ({"what": "move", "to": "1", "other": "zzz"}, "Nobody in this round is called “zzz”"),
    ],
)
def test_change_that_names_nobody_is_explained(hr, standing, visible_text, wish, text):
    answer = hr.get(f"/rounds/{standing.round_id}/change", params=wish)

    assert text in visible_text(answer.text)


def test_round_that_is_not_approved_is_not_booked(serving, hr, standing, visible_text):
    answer = send(hr, standing, "book")

    assert answer.status_code == 409
    assert read_round(serving.context.store, standing.round_id).state == "planned"


def test_round_is_not_called_off_without_a_word(serving, hr, standing, visible_text):
    answer = send(hr, standing, "cancel", message="  ")

    assert "Write what everybody is told" in visible_text(answer.text)
    assert read_round(serving.context.store, standing.round_id).state == "planned"


@pytest.mark.parametrize("path", ["approve", "change", "fix", "solve"])
def test_decision_about_a_plan_that_does_not_count_any_more_is_refused(
    serving, hr, standing, visible_text, path
):
    person = standing.groups[0].member_ids[0]

    answer = send(hr, standing, path, revision=7, what="out", person=person, number=1)

    assert answer.status_code == 409
    assert "has changed since you looked at it" in visible_text(answer.text)
    found = read_round(serving.context.store, standing.round_id)
    assert (found.state, found.revision) == ("planned", 1)


def test_no_wish_however_strange_is_an_error_of_ours(hr, plan):
    people = (plan.groups[0].member_ids[0], plan.left_out[0].person_id, "x", "")
    kinds = ("move", "swap", "out", "drop", "", "<b>")
    numbers = ("", "1", "999", "-1", "out", "²", "9" * 40)
    wishes = itertools.product(kinds, people, numbers, ("", "a", "zzz"))
    answers = []
    for what, person, to, other in itertools.islice(wishes, 0, None, 17):
        wish = {"what": what, "person": person, "to": to, "other": other}
        answers.append((wish, hr.get(f"/rounds/{plan.round_id}/change", params=wish)))
        if len(answers) % 7 == 0:
            answers.append((wish, send(hr, plan, "change", revision=1, **wish)))

    expected = {200, 303, 409}
    assert [(wish, a.status_code) for wish, a in answers if a.status_code not in expected] == []


def test_prices_are_asked_for_and_kept(hr, standing, visible_text):
    page = f"/rounds/{standing.round_id}/rules"
    assert "Nobody has asked yet" in visible_text(hr.get(page).text)

    step = send(hr, standing, "prices")
    while step.status_code == 303 or "data-live" in step.text:
        step = hr.get(step.headers.get("location", f"/rounds/{standing.round_id}/prices"))

    shown = visible_text(hr.get(page).text)
    assert "different department" in shown
    assert "Ask again" in shown


def test_person_taken_out_of_an_invited_group_is_uninvited_and_nobody_else_hears(serving, hr, plan):
    approve_round(serving.context.store, plan.round_id, by="hr")
    serving.run(carry_out_round(serving.context, plan.round_id))
    group, other = plan.groups[0], plan.groups[-1]
    person, stranger = group.member_ids[0], other.member_ids[0]
    events = serving.ask("report")["events"]

    def meetings(person_id):
        return [
            event["id"]
            for event in serving.ask(f"mailboxes/{person_id}")["events"]
            if not event.get("isCancelled")
        ]

    before = meetings(person), serving.ask(f"mailboxes/{stranger}")
    answer = send(hr, plan, "change", what="out", person=person, revision=1, agreed="yes")
    assert answer.headers["location"].endswith("/progress")
    while 'data-live="2"' in hr.get(f"/rounds/{plan.round_id}/progress").text:
        pass

    after = read_plan(serving.context.store, plan.round_id)
    assert person not in {m for g in after.groups for m in g.member_ids}
    assert other in after.groups
    assert serving.ask("report")["events"] == events
    assert len(meetings(person)) == len(before[0]) - 1
    assert serving.ask(f"mailboxes/{stranger}") == before[1]
