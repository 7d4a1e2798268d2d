"""HR reads a plan where the card's button leads: the groups, who is left out, and why."""

import dataclasses
import re

import pytest

from scheduler.rounds.directory import Directory
from scheduler.rounds.planning import plan_round
from scheduler.web.plan_view import GROUPS_A_PAGE


@pytest.fixture(scope="module")
def planned(serving):
    context = dataclasses.replace(serving.context, effort=0.05)
    return serving.run(plan_round(context, "cross-team-lunch")).plan


@pytest.fixture(scope="module")
def people(serving):
    return serving.run(serving.service.directory.people())


@pytest.fixture(scope="module")
def hr(serving):
    return serving.sign_in(serving.of("Human Resources")["mail"])


def list_groups(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="group-(\d+)"', page)]


def test_hr_finds_every_group_page_by_page(hr, planned, visible_text) -> None:
    base = f"/rounds/{planned.round_id}"
    shown: list[int] = []
    for number in range(1, 2 + len(planned.groups) // GROUPS_A_PAGE):
        page = hr.get(base, params={"page": number})
        assert page.status_code == 200
        shown += list_groups(page.text)

    assert sorted(shown) == [group.number for group in planned.groups]
    assert "Waits for approval" in visible_text(page.text)


def test_search_and_filters_are_answered_by_the_server(hr, planned, people) -> None:
    base, group = f"/rounds/{planned.round_id}", planned.groups[0]
    somebody = people[group.member_ids[0]]

    assert list_groups(hr.get(base, params={"q": somebody.name.upper()}).text) == [group.number]
    day = hr.get(base, params={"day": f"{group.slot.start:%Y-%m-%d}"})
    assert set(list_groups(day.text)) == {
        other.number
        for other in planned.groups
        if other.slot.start.date() == group.slot.start.date()
    }
    assert list_groups(hr.get(base, params={"q": "nobody has this name"}).text) == []


def test_everybody_left_out_is_named_with_their_reason(hr, planned, people, visible_text) -> None:
    page = visible_text(hr.get(f"/rounds/{planned.round_id}/left-out").text)

    assert planned.left_out
    for one in planned.left_out:
        assert f"{people[one.person_id].name} " in page
        assert one.text in page


@pytest.mark.parametrize(
    "tab", ["", "/left-out", "/rules", "/departments", "/versions", "/answers", "/groups/1"]
)
def test_no_page_of_a_round_needs_more_than_the_policy_allows(hr, planned, tab) -> None:
    page = hr.get(f"/rounds/{planned.round_id}{tab}")

    assert page.status_code == 200
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert not re.search(r"<(style|script)(?! src=)|\sstyle=|\son\w+=", page.text)


@pytest.mark.parametrize("round_id", ["cross-team-lunch/2020-01-06", "cross-team-lunch/soon"])
def test_round_that_does_not_exist_is_not_found(hr, round_id) -> None:
    assert hr.get(f"/rounds/{round_id}").status_code == 404


def test_group_that_does_not_exist_is_not_found(hr, planned) -> None:
    assert hr.get(f"/rounds/{planned.round_id}/groups/999").status_code == 404


def test_directory_is_read_again_behind_an_answer_and_waited_for_when_it_is_old(serving) -> None:
    directory = Directory(serving.context, fresh_seconds=1000)

    async def story():
        first = await directory.people()
        directory._read_at -= 1500
        second = await directory.people()
        await directory._behind
        third = await directory.people()
        directory._read_at -= 2500
        fourth = await directory.people()
        return first is second, second is third, third is fourth, len(first) == len(fourth)

    assert serving.run(story()) == (True, False, False, True)


def test_plan_is_for_hr_alone(serving, planned) -> None:
    somebody = serving.sign_in(serving.of("Sales")["mail"])

    assert somebody.get(f"/rounds/{planned.round_id}").status_code == 403
