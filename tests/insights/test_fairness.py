import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.insights.fairness import gini, jain, measure_sharing
from tests.insights.histories import stories, tell

SHARES = st.lists(st.floats(0, 5, allow_subnormal=False), min_size=1, max_size=12)


@given(stories(answers=False))
def test_sharing_is_what_each_person_lived_through(story):
    people, meetings, asked, _ = story
    history = tell(story)

    sharing = measure_sharing(history, np.ones(history.sittings, np.bool_))

    told = []
    for number, person in enumerate(people):
        wait, longest, times, seats = {}, 0, 0, 0
        for roster in sorted(asked, key=lambda a: (a.round_day, a.programme)):
            seated = any(
                person.id in m.member_ids
                for m in meetings
                if (m.round_day, m.programme) == (roster.round_day, roster.programme)
            )
            if person.id in roster.person_ids:
                times += 1
                seats += seated
                name = roster.programme
                wait[name] = 0 if seated else wait.get(name, 0) + 1
                longest = max(longest, wait[name])
        if times:
            told.append((number, times, seats, longest))
    rows = zip(sharing.person, sharing.asked, sharing.seated, sharing.longest, strict=True)
    assert [tuple(int(v) for v in row) for row in rows] == told


@given(SHARES)
def test_gini_is_half_the_mean_difference_over_the_mean(shares):
    values = np.array(shares)

    if values.sum() == 0:
        assert gini(values) is None
    else:
        mean_difference = np.abs(values[:, None] - values[None, :]).mean()
        assert gini(values) == pytest.approx(mean_difference / 2 / values.mean(), abs=1e-9)


def test_gini_and_jain_know_the_extremes():
    alike, one_has_all = np.full(4, 0.5), np.array([0, 0, 0, 1.0])

    assert [gini(alike), jain(alike)] == [0, 1]
    assert [gini(one_has_all), jain(one_has_all)] == [0.75, 0.25]
    assert [gini(np.zeros(3)), jain(np.zeros(3))] == [None, None]
