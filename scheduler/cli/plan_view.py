"""A plan in the terminal, as a page, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from scheduler.cli.session import run
from scheduler.people.person import Person
from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.figures import count_plan
from scheduler.rounds.planning import find_programme
from scheduler.rounds.pricing import price_rules
from scheduler.store.plans import read_plan
from scheduler.store.rounds import read_round, split_round_id

if TYPE_CHECKING:
    from scheduler.grouping.plan import Plan
    from scheduler.rounds.context import Context


def show_round(
    round_id: str, config: Path, *, page: str | None, prices: bool, as_json: bool
) -> None:
    """Print a round's plan, or write it as a page."""
    from scheduler.cli.rounds import print_figures  # noqa: PLC0415 -- they import each other

    plan, people, state, title = run(config, lambda context: _read(context, round_id))
    priced = run(config, lambda context: price_rules(context, round_id)) if prices else ()
    if as_json:
        figures = _as_json(plan, state)
        if prices:
            figures["prices"] = [asdict(price) for price in priced]
        typer.echo(json.dumps(figures, indent=2))
        return
    print_figures(count_plan(plan), as_json=False)
    typer.echo(f"  State: {state}")
    if prices:
        typer.echo("  What the rules cost, on the calendars of today:")
        for price in priced:
            typer.echo(f"    {price.in_words()}")
    if page is None:
        _print_groups(plan, people)
    else:
        from scheduler.web.plan_page import STATE_NOTES, plan_page  # noqa: PLC0415 -- slow import

        Path(page).write_text(
            plan_page(plan, people, title=title, note=STATE_NOTES[state]), "utf-8"
        )
        typer.echo(f"  The whole plan is in {page}.")


async def _read(context: Context, round_id: str) -> tuple[Plan, Mapping[str, Person], str, str]:
    state = read_round(context.store, round_id).state
    plan = read_plan(context.store, round_id)
    people = await read_settled_people(context)
    programme = find_programme(context, split_round_id(round_id)[0])
    return plan, people, state, programme.title


def _as_json(plan: Plan, state: str) -> dict[str, object]:
    """Ids and places; names stay in the directory."""
    return {
        **count_plan(plan).as_dict(),
        "state": state,
        "plan": [
            {
                "group": group.number,
                "members": list(group.member_ids),
                "start": group.slot.start.isoformat(),
                "minutes": group.slot.minutes,
                "place": group.place.name,
                "office": group.place.office,
                "new_ties": group.new_ties,
                "why": list(group.why),
                "facilitator": group.facilitator,
                "turns": group.turns,
            }
            for group in plan.groups
        ],
        "people_left_out": [
            {"person": one.person_id, "kind": one.kind, "text": one.text} for one in plan.left_out
        ],
    }


def _print_groups(plan: Plan, people: Mapping[str, Person]) -> None:
    table = Table("Group", "When", "Where", "Who", box=None, pad_edge=False)
    for group in plan.groups:
        office = group.place.office
        start = group.slot.start.astimezone(ZoneInfo(group.zone))
        who = (people.get(person_id) for person_id in group.member_ids)
        table.add_row(
            str(group.number),
            f"{start:%a %d %b %H:%M}" + ("" if office is not None else f" ({group.zone})"),
            ", ".join(part for part in (group.place.name, office) if part),
            "; ".join(_name(person) for person in who),
        )
    Console().print(table)


def _name(person: Person | None) -> str:
    if person is None:
        return "somebody who left"
    where = person.company if person.guest else person.department
    return f"{person.name} ({where})" if where else person.name
