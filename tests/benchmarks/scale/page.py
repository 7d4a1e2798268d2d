"""``docs/scale.md``, from what was measured."""

from __future__ import annotations

from tests.benchmarks.scale.paper import (
    ANSWER_SECONDS,
    BASE_MEGABYTES,
    CARDS_A_SECOND,
    CORE_SECOND,
    GIBIBYTE_SECOND,
    MACHINE_CORES,
    MACHINE_GIBIBYTES,
    MACHINES,
    MESSAGES_A_MINUTE,
    bound_speed,
    scale,
)

SIZES = (10_000, 100_000, 1_000_000)

TEXT = """\
# From one process to a million people

Written by `make scale` from its measurements; Python {python}, {machine}, {cores} cores, with the
embedded tenant and PostgreSQL on the same machine.

## What bounds a large round

Not the machine. Graph answers four requests of an application at the same time, and free/busy comes
for 20 people in one. At a quarter of a second for an answer that is 16 requests a second, whatever
the number of processes: several workers share the four places among them. What several workers do is to solve the offices of a large company at the same time, to
let a round go on when one of them dies, and to lose nothing of what was done by then.

The evening that we plan for a round is **four hours**, from 18:00 to 22:00.

## Measured: {people:,} people, one round

| | one worker | four workers | four, one killed every 20 s |
|---|---|---|---|
| from nothing to the plan | {one[planned_seconds]} s | {four[planned_seconds]} s | {killed[planned_seconds]} s |
| from nothing to all booked | | | {killed[seconds]} s |
| people with a seat, of those who can | {one_placed} | {four_placed} | {killed_placed} |
| groups | {one[groups]:,} | {four[groups]:,} | {killed[groups]:,} |
| events in the tenant | | | {killed[events_created]:,} |
| groups with two events, or with none | | | {killed_wrong} |
| workers killed | 0 | 0 | {killed[kills]} |
| CPU seconds to the plan, all workers | {one[cpu_seconds_to_plan]} | {four[cpu_seconds_to_plan]} | {killed[cpu_seconds_to_plan]} |
| parts that others than the leader did | | {four_helped} | |
| requests at the same time, at most | {one[requests][most_under_way]} | {four[requests][most_under_way]} | {killed[requests][most_under_way]} |
| requests that Graph's limits refused | {one[requests][throttled]} | {four[requests][throttled]} | {killed[requests][throttled]} |
| memory of the largest process | {one_memory} MB | {four_memory} MB | {killed_memory} MB |

A worker is one process that solves one cohort at a time. On {cores} cores, which the tenant and the
database use too, four cannot show what four cores of their own would give. The CPU seconds tell:
of {one[cpu_seconds_to_plan]} s that one worker needs, {calendars:.0f} s are reading calendars and
{cohorts:.0f} s are solving cohorts, which are shared out; the largest cohort is {largest:.0f} s, and
a cohort is not cut. {alone:.0f} s are the leader's alone: the directory, the frame of the problem,
the names of the plan, the start of the process. Four workers with a core each are **{bound:.1f} times**
as fast as one, as far as it is the machine that bounds; a company with more offices, none of them
much larger than the rest, comes nearer to four.

## On paper: up to a million people

All in proportion to the first column above and, for booking, to a round of {booked_people:,} people
that one worker planned and booked; only the last column is beyond what was run. Answers of Graph are
taken to come after {answer} s each.

| people | {heads} |
|---|{lines}|
| groups | {groups} |
| requests to plan | {requests_to_plan} |
| hours at Graph's limit | {hours_to_plan} |
| requests to book | {requests_to_book} |
| hours at Graph's limit | {hours_to_book} |
| **hours of the evening** | {hours} |
| CPU seconds to plan | {core_seconds} |
| on {machines} machines of {machine_cores} cores | {seconds_on_machines} |
| memory of the leader | {megabytes} |
| organisers' mailboxes, at least | {organisers} |
| hours until Exchange has sent all | {invitation_hours} |
| hours for cards in Teams, at least | {card_hours} |
| database, for each round | {database_megabytes} |
| machines, US dollars a round | {dollars} |

- **Organisers.** A mailbox may write to 10,000 people a day, and twice for each person is reckoned
  with: the invitation, and a mail where there is no card. `scheduler check` says when there are too
  few. It also sends {minute} messages a minute; what is more waits at the server.
- **Cards.** A bot may send {cards} requests a second in one tenant. Cards go out after the booking
  and do not delay it.
- **Memory** is {base} MB for a process that has read nothing, and the rest in proportion.
- **Dollars**: {machines} machines of {machine_cores} cores and {gibibytes} GiB for as long as the
  evening takes, at {core} a core and second and {gib} a GiB and second, list price.
- **If your tenant grants more.** Microsoft's page counts the four requests per application; users
  report four per mailbox. Where that is so, set `SCHEDULER_GRAPH_IN_FLIGHT` to four times the number
  of organisers, 20 at most: hours become minutes.

## Beyond one evening, and a group of companies

A million people in one tenant are about {million_hours:.0f} hours at the limit, so such a company
spreads its programmes: half of the offices in odd weeks, half in even ones, each a programme of its
own. Companies with tenants of their own are one installation each: a tenant's calendars cannot be
read from another one, and limits are counted for each tenant.

## What we have not run

More than {people:,} people in one round, more than one machine, a real tenant of this size, and
Graph's own pace: the embedded tenant answers as soon as it can, and enforces the documented limits.
"""  # noqa: E501 -- rows of a table


def write_page(results):
    """The page."""
    one, four, killed = results["one"], results["four"], results["killed"]
    runs = {"one": one, "four": four, "killed": killed}
    evenings = [scale(people, one, results["booked"]) for people in SIZES]
    bound, alone, calendars, cohorts, largest = bound_speed(one, four, 4)
    many = len(SIZES)

    def row(value):
        return " | ".join(value(evening) for evening in evenings)

    return TEXT.format(
        **runs,
        **{f"{name}_placed": f"{r['placed']:,} of {r['bound']:,}" for name, r in runs.items()},
        **{f"{name}_wrong": len(r["wrong"]) for name, r in runs.items()},
        **{f"{name}_memory": f"{max(r['megabytes']):,}" for name, r in runs.items()},
        python=one["python"],
        machine=one["machine"],
        cores=one["cores"],
        people=one["people"],
        booked_people=results["booked"]["people"],
        four_helped=", ".join(
            f"{job['by_helpers']} of {job['parts']} {job['kind']}" for job in four["parts"]
        ),
        bound=bound,
        alone=alone,
        calendars=calendars,
        cohorts=cohorts,
        largest=largest,
        answer=ANSWER_SECONDS,
        heads=" | ".join(f"{people:,}" for people in SIZES),
        lines="|".join(["---"] * many),
        groups=row(lambda e: f"{e.groups:,}"),
        requests_to_plan=row(lambda e: f"{e.requests_to_plan:,}"),
        hours_to_plan=row(lambda e: f"{e.hours_to_plan:.2f}"),
        requests_to_book=row(lambda e: f"{e.requests_to_book:,}"),
        hours_to_book=row(lambda e: f"{e.hours_to_book:.2f}"),
        hours=row(
            lambda e: f"{e.hours_to_plan + e.seconds_on_machines / 3600 + e.hours_to_book:.1f}"
        ),
        core_seconds=row(lambda e: f"{e.core_seconds:,.0f}"),
        seconds_on_machines=row(lambda e: f"{e.seconds_on_machines:,.0f} s"),
        megabytes=row(lambda e: f"{e.megabytes / 1000:.1f} GB"),
        organisers=row(lambda e: f"{e.organisers}"),
        invitation_hours=row(lambda e: f"{e.invitation_hours:.1f}"),
        card_hours=row(lambda e: f"{e.card_hours:.2f}"),
        database_megabytes=row(lambda e: f"{e.database_megabytes:,} MB"),
        dollars=row(lambda e: f"{e.dollars:.2f}"),
        machines=MACHINES,
        machine_cores=MACHINE_CORES,
        gibibytes=MACHINE_GIBIBYTES,
        core=f"{CORE_SECOND:.6f}",
        gib=f"{GIBIBYTE_SECOND:.6f}",
        minute=MESSAGES_A_MINUTE,
        cards=CARDS_A_SECOND,
        base=BASE_MEGABYTES,
        million_hours=evenings[-1].hours_to_plan + evenings[-1].hours_to_book,
    )
