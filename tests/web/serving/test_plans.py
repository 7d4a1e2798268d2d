"""HR reads a plan where the card's button leads."""

import dataclasses

import pytest

from scheduler.rounds.planning import plan_round


@pytest.fixture(scope="module")
def planned(serving):
    context = dataclasses.replace(serving.context, effort=0.05)
    return serving.run(plan_round(context, "cross-team-lunch")).plan


@pytest.fixture(scope="module")
def hr(serving):
    return serving.sign_in(serving.of("Human Resources")["mail"])


def test_hr_reads_the_plan_with_every_group(hr, planned) -> None:
    page = hr.get(f"/rounds/{planned.round_id}")

    assert page.status_code == 200
    assert page.text.count('id="group-') == len(planned.groups)
    assert "the plan waits for approval" in page.text


def test_plan_page_runs_its_own_blocks_and_no_others(hr, planned) -> None:
    policy = hr.get(f"/rounds/{planned.round_id}").headers["content-security-policy"]

    assert policy.count("'sha256-") == 2
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("round_id", ["cross-team-lunch/2020-01-06", "cross-team-lunch/soon"])
def test_round_that_does_not_exist_is_not_found(hr, round_id) -> None:
    assert hr.get(f"/rounds/{round_id}").status_code == 404


def test_plan_is_for_hr_alone(serving, planned) -> None:
    somebody = serving.sign_in(serving.of("Sales")["mail"])

    assert somebody.get(f"/rounds/{planned.round_id}").status_code == 403
