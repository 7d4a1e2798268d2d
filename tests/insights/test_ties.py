from collections import Counter

import numpy as np
from hypothesis import given

from scheduler.insights.history import find_held
from scheduler.insights.ties import count_ties, tables_by_sitting
from tests.insights.histories import in_order, stories, tell, told_pairs, who_met


def keys_of(story):
    _, meetings, asked, _ = story
    return sorted(
        {(m.round_day, m.programme, m.turn) for m in meetings}
        | {(a.round_day, a.programme, 0) for a in asked}
    )


@given(stories())
def test_ties_are_those_of_the_words(story):
    history = tell(story)
    department = {person.id: person.department for person in story[0]}
    rows = told_pairs(story)

    ties = count_ties(history, find_held(history))

    def expected(*kinds, across=False):
        counts = Counter(
            key
            for key, pair, kind in rows
            if kind in kinds and (not across or len({department[p] for p in pair}) == 2)
        )
        return [counts[key] for key in keys_of(story)]

    assert ties.new.tolist() == expected("new")
    assert ties.known.tolist() == expected("known")
    assert ties.again.tolist() == expected("again")
    assert ties.pairs.tolist() == expected("new", "known", "again")
    assert ties.across.tolist() == expected("new", "known", "again", across=True)
    assert ties.new_across.tolist() == expected("new", across=True)


@given(stories())
def test_each_new_tie_is_listed_with_the_sitting_that_made_it(story):
    history = tell(story)
    ids = [person.id for person in story[0]]

    ties = count_ties(history, find_held(history))

    listed = {
        (keys_of(story)[sitting], frozenset((ids[one], ids[other])))
        for one, other, sitting in zip(ties.one, ties.other, ties.sitting, strict=True)
    }
    assert listed == {(key, pair) for key, pair, kind in told_pairs(story) if kind == "new"}
    assert np.all(ties.one < ties.other)


@given(stories())
def test_tables_are_those_at_which_people_met(story):
    history = tell(story)

    tables = tables_by_sitting(history, find_held(history))

    met = {key: [] for key in keys_of(story)}
    for meeting in in_order(story[1]):
        if who_met(meeting):
            met[meeting.round_day, meeting.programme, meeting.turn].append(len(who_met(meeting)))
    assert [sizes.tolist() for sizes in tables] == [met[key] for key in keys_of(story)]
