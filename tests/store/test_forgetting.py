"""What is too old goes, with all that belongs to it; what is not, stays."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from scheduler.store.audit import find_last_audit, read_audit, write_audit
from scheduler.store.choices import read_choices, save_choice
from scheduler.store.forgetting import forget_rounds, forget_rows
from scheduler.store.rounds import list_rounds
from scheduler.store.schema import metadata
from tests.store.conftest import AT, ROUND

MEETS_ON = dt.date(2026, 12, 7)


def count_rows(store) -> dict[str, int]:
    with store.read() as connection:
        counts = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
    return {name: count for name, count in counts.items() if count}


def test_round_goes_with_everything_once_its_last_meeting_is_old(store, full_round):
    assert {"plans", "meetings", "feedback", "notes", "thanks", "seats"} <= set(count_rows(store))

    assert forget_rounds(store, MEETS_ON + dt.timedelta(days=1)) == 1

    assert count_rows(store) == {}


@pytest.mark.parametrize("before", [MEETS_ON, MEETS_ON - dt.timedelta(days=1)])
def test_round_that_meets_on_a_kept_day_stays(store, full_round, before):
    rows = count_rows(store)

    assert forget_rounds(store, before) == 0
    assert count_rows(store) == rows


def test_round_stays_while_one_of_its_meetings_is_young(store, plan, full_round):
    later = plan.groups[1].slot.start + dt.timedelta(days=9)
    with store.write() as connection:
        table = metadata.tables["meetings"]
        connection.execute(table.update().where(table.c.group_number == 2).values(starts_at=later))

    assert forget_rounds(store, MEETS_ON + dt.timedelta(days=9)) == 0
    assert [r.id for r in list_rounds(store)] == [ROUND]


def test_rows_go_by_the_day_of_their_own_clock(store, full_round):
    assert forget_rows(store, "feedback", "said_at", AT.date()) == 0
    assert forget_rows(store, "feedback", "said_at", AT.date() + dt.timedelta(days=1)) == 1
    assert "feedback" not in count_rows(store)
    assert "meetings" in count_rows(store)


def test_choices_of_leavers_go_and_those_of_others_stay(store):
    for person in ("ann", "bob"):
        save_choice(store, person, "frequency", 4, at=AT, by=person)

    gone = forget_rows(
        store, "choices", "changed_at", AT.date() + dt.timedelta(days=1), keep_people={"ann"}
    )

    assert gone == 1
    assert [choice.person_id for choice in read_choices(store)] == ["ann"]


def test_last_audit_is_the_newest_of_its_kind(store):
    for hours, what in enumerate(("swept", "swept", "else")):
        write_audit(store, what, at=AT + dt.timedelta(hours=hours), by="job")

    assert find_last_audit(store, "swept") == AT + dt.timedelta(hours=1)
    assert find_last_audit(store, "never") is None
    assert len(read_audit(store)) == 3
