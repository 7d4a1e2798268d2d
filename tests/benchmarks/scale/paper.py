"""From what was measured at one size to what another size would take, on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scheduler.graph.settings import IN_FLIGHT
from scheduler.settings.doubts import MESSAGES_PER_PERSON, RECIPIENTS_PER_DAY

ANSWER_SECONDS = 0.25
"""What Graph takes for an answer, assumed."""
MESSAGES_A_MINUTE = 30
"""What one mailbox sends (Exchange Online's message rate limit); the rest waits at the server."""
CARDS_A_SECOND = 50
"""Requests of one bot in one tenant (Teams' page on rate limits for bots)."""
BASE_MEGABYTES = 350
"""Of a process before it has read anything."""
CORE_SECOND, GIBIBYTE_SECOND = 0.000024, 0.000003
"""US dollars in Azure Container Apps, by list price, while in use."""
MACHINE_CORES, MACHINE_GIBIBYTES, MACHINES = 4, 8, 4
"""Of the size "large" in infra/azure."""


@dataclass(frozen=True, slots=True)
class Evening:
    """What one round of so many people takes."""

    people: int
    groups: int
    requests_to_plan: int
    hours_to_plan: float
    requests_to_book: int
    hours_to_book: float
    core_seconds: float
    seconds_on_machines: float
    megabytes: int
    organisers: int
    invitation_hours: float
    card_hours: float
    database_megabytes: int
    dollars: float


def scale(people, run, booked):
    """The figures for another number of people, all in proportion.

    Args:
        people: How many.
        run: One worker, from nothing to a plan, as measured.
        booked: One worker, from nothing to a booked round, at a smaller size.
    """
    share = people / run["people"]
    to_plan = math.ceil(run["requests_to_plan"] * share)
    per_person = (booked["requests"]["requests"] - booked["requests_to_plan"]) / booked["people"]
    to_book = math.ceil(per_person * people)
    placed, groups = run["placed"] * share, round(run["groups"] * share)
    organisers = math.ceil(placed * MESSAGES_PER_PERSON / RECIPIENTS_PER_DAY)
    core_seconds = run["cpu_seconds_to_plan"] * share
    hours = [count * ANSWER_SECONDS / IN_FLIGHT / 3600 for count in (to_plan, to_book)]
    on_machines = core_seconds / (MACHINES * MACHINE_CORES)
    rate = MACHINE_CORES * CORE_SECOND + MACHINE_GIBIBYTES * GIBIBYTE_SECOND
    return Evening(
        people=people,
        groups=groups,
        requests_to_plan=to_plan,
        hours_to_plan=hours[0],
        requests_to_book=to_book,
        hours_to_book=hours[1],
        core_seconds=core_seconds,
        seconds_on_machines=on_machines,
        megabytes=round(BASE_MEGABYTES + (max(run["megabytes"]) - BASE_MEGABYTES) * share),
        organisers=organisers,
        invitation_hours=groups / organisers / MESSAGES_A_MINUTE / 60,
        card_hours=placed / CARDS_A_SECOND / 3600,
        database_megabytes=round(booked["database_megabytes"] * people / booked["people"]),
        dollars=MACHINES * rate * 3600 * (sum(hours) + on_machines / 3600),
    )


def bound_speed(one, shared, workers):
    """How many times as fast so many workers can be, each with a core, by CPU seconds.

    What only the leader does takes as long as ever; the rest is shared out, and no cohort is cut.

    Args:
        one: The run of one worker.
        shared: The run of several: its cohorts, each with CPU seconds.
        workers: How many.
    """
    cohorts = [seconds for _, seconds in shared["cohorts"]]
    calendars = one["calendar_cpu_seconds"]
    alone = one["cpu_seconds_to_plan"] - calendars - sum(cohorts)
    together = alone + calendars / workers + max(sum(cohorts) / workers, *cohorts)
    return one["cpu_seconds_to_plan"] / together, alone, calendars, sum(cohorts), max(cohorts)
