"""``scheduler simulate``: rounds ahead, as the programme is and with a change, side by side."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from scheduler.rounds.simulating import Simulation


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("simulate")(simulate)


def simulate(
    programme: Annotated[
        str, typer.Argument(metavar="PROGRAMME", help="A file name in config/programmes/.")
    ],
    rounds: Annotated[int, typer.Option(min=1, max=100, help="How many rounds ahead.")] = 12,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A change to try out: size.ideal=5."),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Run rounds ahead on today's people and calendars. Nothing is kept and nobody is told."""
    from scheduler.cli.session import run  # noqa: PLC0415 -- slow import
    from scheduler.rounds import simulating  # noqa: PLC0415 -- slow import

    before, after = run(
        config,
        lambda context: simulating.simulate(
            context, programme, rounds=rounds, changes=changes or ()
        ),
    )
    if as_json:
        figures = {"as_it_is": _as_json(before), "changes": changes or []}
        if after is not None:
            figures["with_the_change"] = _as_json(after)
        typer.echo(json.dumps(figures, indent=2, default=str))
        return
    typer.echo(f"{programme}, {rounds} rounds ahead; nothing was stored or sent.")
    _print_table(before, after)


def _as_json(simulation: Simulation) -> dict[str, object]:
    return {
        **{name: text for name, _, text in _measure(simulation)},
        "rounds": [dataclasses.asdict(one) for one in simulation.rounds],
    }


def _measure(simulation: Simulation) -> list[tuple[str, str, int | float]]:
    """Each measure: its key, what it is called, and its value."""
    share = simulation.seats / max(1, simulation.seats_bound)
    return [
        ("people", "people who take part", simulation.people),
        ("seats", "seats over all rounds", simulation.seats),
        ("seats_share", "share of the seats that are possible", round(share, 4)),
        ("never_placed", "people who never have a seat", simulation.never_placed),
        ("new_ties", "new ties", simulation.new_ties),
        ("repeats", "pairs who meet again", simulation.repeats),
        ("department_pairs", "pairs of departments reached", simulation.department_pairs),
        ("possible_department_pairs", "of possible", simulation.possible_department_pairs),
        ("longest_wait", "longest wait, in rounds", simulation.longest_wait),
    ]


def _print_table(before: Simulation, after: Simulation | None) -> None:
    from rich.console import Console  # noqa: PLC0415 -- slow import
    from rich.table import Table  # noqa: PLC0415 -- slow import

    table = Table("", box=None, pad_edge=False)
    table.add_column("as it is", justify="right")
    if after is not None:
        table.add_column("with the change", justify="right")
        table.add_column("difference", justify="right")
    for row, (key, title, value) in enumerate(_measure(before)):
        cells = [_show(key, value)]
        if after is not None:
            other = _measure(after)[row][2]
            sign = "+" if other > value else ""
            same = other == value
            cells += [_show(key, other), "=" if same else sign + _show(key, other - value)]
        table.add_row(title, *cells)
    Console().print(table)


def _show(key: str, value: float) -> str:
    return f"{value:.1%}" if key == "seats_share" else f"{value:,}"
