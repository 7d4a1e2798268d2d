"""Small made-up histories, and slow, obvious ways to count what they did."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from scheduler.insights.history import Answer, Asked, History, Meeting, make_history
from scheduler.people.person import Person

FIRST = dt.date(2025, 1, 6)
PROGRAMMES = ("coffee", "lunch")


def make_people(departments, hired=None):
    return [
        Person(
            id=f"p{number:03}",
            name=f"Person {number}",
            mail=f"p{number}@example.com",
            department=department,
            hired=hired[number] if hired else None,
        )
        for number, department in enumerate(departments)
    ]


@st.composite
def stories(draw, most_people=9, most_rounds=5, days_apart=14, programmes=PROGRAMMES, answers=True):
    """People, meetings, rosters and known pairs, in words."""
    count = draw(st.integers(2, most_people))
    departments = draw(st.lists(st.sampled_from("ABC"), min_size=count, max_size=count))
    hired = [
        FIRST + dt.timedelta(days=draw(st.integers(-200, 60))) if draw(st.booleans()) else None
        for _ in range(count)
    ]
    people = make_people(departments, hired)
    ids = [person.id for person in people]
    meetings, asked = [], []
    for number in range(draw(st.integers(0, most_rounds))):
        day = FIRST + dt.timedelta(days=days_apart * number)
        programme = draw(st.sampled_from(programmes))
        order = draw(st.permutations(ids))
        seated = order[: draw(st.integers(0, count))]
        asked.append(Asked(programme, day, tuple(order[: draw(st.integers(len(seated), count))])))
        while len(seated) > 1:
            size = draw(st.integers(2, min(4, len(seated))))
            group, seated = seated[:size], seated[size:]
            given_answers = {
                person: Answer(
                    draw(st.sampled_from([None, "yes", "partly", "no"])),
                    draw(st.sampled_from([None, True, False])),
                )
                for person in group
                if answers and draw(st.booleans())
            }
            later = dt.timedelta(days=draw(st.integers(0, 10)))
            meetings.append(Meeting(programme, day, day + later, tuple(group), given_answers))
    pairs = list(combinations(ids, 2))
    known = draw(st.lists(st.sampled_from(pairs), max_size=6)) if pairs else []
    return people, meetings, asked, known


def tell(story) -> History:
    people, meetings, asked, known = story
    return make_history(people, meetings, asked, known)


def in_order(meetings):
    return sorted(meetings, key=lambda m: (m.round_day, m.programme, m.turn))


def who_met(meeting):
    return [
        person for person in meeting.member_ids if meeting.answers.get(person, Answer()).met != "no"
    ]


def told_pairs(story):
    """Each pair that sat together: the round's key, the pair, and whether it was new.

    Straight from the words: "new", "known" (from elsewhere, first meeting), or "again".
    """
    _, meetings, _, known = story
    seen, knew = set(), {frozenset(pair) for pair in known}
    rows = []
    for meeting in in_order(meetings):
        for pair in combinations(who_met(meeting), 2):
            both = frozenset(pair)
            kind = "again" if both in seen else "known" if both in knew else "new"
            seen.add(both)
            rows.append(((meeting.round_day, meeting.programme, meeting.turn), both, kind))
    return rows


def deal_out(rng, person, sizes):
    """A random partition: people to tables of these sizes."""
    shuffled = rng.permutation(person)
    cuts = np.cumsum([0, *sizes])
    return [shuffled[cuts[k] : cuts[k + 1]] for k in range(len(sizes))]


def all_partitions(people, sizes):
    """Every way to deal people out to tables in order; each equally likely."""
    if not sizes:
        yield []
        return
    for table in combinations(people, sizes[0]):
        rest = [person for person in people if person not in table]
        for others in all_partitions(rest, sizes[1:]):
            yield [table, *others]
