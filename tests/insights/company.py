"""A company of 60 with a year of rounds, and names that mean harm."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from scheduler.insights.figures import RuleCost, gather_figures
from scheduler.insights.history import Answer, Asked, Meeting, make_history
from scheduler.insights.report import make_report
from scheduler.insights.suppress import choose_periods, decide_told, list_periods
from tests.insights.histories import make_people

FIRST = dt.date(2025, 1, 6)
TODAY = dt.date(2026, 1, 1)
EVIL = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert('R&D')</script>"
DEPARTMENTS = [EVIL] * 18 + [MARKUP] * 16 + ["Legal"] * 14 + ["Sales"] * 9 + ["Board"] * 3
LAST_LUNCH = FIRST + dt.timedelta(days=14 * 19)
COSTS = (
    RuleCost("lunch", LAST_LUNCH, "one per department", 12, 340),
    RuleCost("lunch", LAST_LUNCH, "@apart", 2, 1),
)


def make_company():
    rng = np.random.default_rng(11)
    hired = [
        FIRST + dt.timedelta(days=int(rng.integers(0, 200))) if number % 4 == 0 else None
        for number in range(len(DEPARTMENTS))
    ]
    people = make_people(DEPARTMENTS, hired)
    people = [
        replace(person, returned=FIRST + dt.timedelta(days=20 * number))
        if number in {1, 2, 3, 5, 6, 7}
        else person
        for number, person in enumerate(people)
    ]
    ids = [person.id for person in people]
    meetings, asked = [], []
    for number in range(20):
        day = FIRST + dt.timedelta(days=14 * number)
        here = [ids[n] for n in rng.permutation(60)[:48]]
        asked.append(Asked("lunch", day, tuple(here)))
        for start in range(0, 44, 4):
            answers = {
                person: Answer(str(rng.choice(["yes", "partly", "no"], p=[0.8, 0.1, 0.1])), True)
                for person in here[start : start + 3]
            }
            meetings.append(Meeting("lunch", day, day, tuple(here[start : start + 4]), answers))
        if number % 5 == 0:
            for start in range(0, 20, 2):
                pair = tuple(here[start : start + 2])
                meetings.append(Meeting("<b>coffee</b>", day, day, pair))
    known = [(ids[a], ids[b]) for a, b in rng.integers(0, 60, (150, 2)) if a != b]
    return people, make_history(people, meetings, asked, known)


def make_company_report(since=None, programme=None, today=TODAY):
    _, history = make_company()
    periods = choose_periods(list_periods(history, today), since)
    figures = gather_figures(history, decide_told(history, periods), programme, COSTS)
    return make_report(figures) if figures else None
