import datetime as dt

from hypothesis import given

from scheduler.insights.history import day_number, find_held
from scheduler.insights.newcomers import HORIZONS, NEVER, measure_arrivals
from tests.insights.histories import FIRST, stories, tell, who_met

SINCE = FIRST - dt.timedelta(days=60)
UNTIL = FIRST + dt.timedelta(days=110)


@given(stories(most_rounds=8))
def test_arrivals_met_whom_the_words_say(story):
    people, meetings, _, _ = story
    history = tell(story)
    department = {person.id: person.department for person in people}

    arrivals = measure_arrivals(
        history, find_held(history), history.hired, day_number(SINCE), day_number(UNTIL)
    )

    chosen = [
        person
        for person in people
        if person.hired and SINCE <= person.hired < UNTIL - dt.timedelta(days=90)
    ]
    assert [people[n].id for n in arrivals.person] == [person.id for person in chosen]
    for column, person in enumerate(chosen):
        for row, horizon in enumerate(HORIZONS):
            met = {
                other
                for m in meetings
                if 0 <= (m.day - person.hired).days <= horizon and person.id in who_met(m)
                for other in who_met(m)
                if other != person.id
            }
            assert arrivals.contacts[row, column] == len(met)
            assert arrivals.outside[row, column] == sum(
                department[other] != person.department for other in met
            )


@given(stories(most_rounds=8))
def test_arrivals_remember_the_days_to_each_sitting(story):
    people, meetings, _, _ = story
    history = tell(story)

    arrivals = measure_arrivals(
        history, find_held(history), history.hired, day_number(SINCE), day_number(UNTIL)
    )

    for column, number in enumerate(arrivals.person):
        days = [
            (m.day - people[number].hired).days for m in meetings if people[number].id in who_met(m)
        ]
        told = [int(d) for d in arrivals.met_after[column] if d != NEVER]
        assert sorted(told) == sorted(d for d in days if 0 <= d <= HORIZONS[-1])
