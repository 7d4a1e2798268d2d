"""``scheduler demo``: the product's own commands, on an embedded tenant, told as one story."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import os
import shlex
import shutil
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import typer

from scheduler.cli.errors import explain_sandbox_errors
from scheduler.cli.progress import Bars
from scheduler.cli.session import run
from scheduler.errors import ScheduleError
from scheduler.rounds.approval import approve_round
from scheduler.rounds.figures import count_plan
from scheduler.rounds.outcome import Outcome, carry_out_round
from scheduler.rounds.papers import write_papers
from scheduler.rounds.planning import PlannedRound, plan_round
from scheduler.sandbox.process import Addresses, start_sandbox
from scheduler.sandbox.settings import SandboxSettings
from scheduler.settings.loader import load_settings
from scheduler.web.plan_page import plan_page

if TYPE_CHECKING:
    from scheduler.rounds.context import Context

SUMMARY = "summary.json"
ENVIRONMENT = "demo.env"
SAMPLES = 5
"""Agendas, invitations and cards that are written out to be looked at."""
PAGES_PORT, TENANT_PORT = 8080, 8081
"""Where the pages and the tenant are opened afterwards, if these ports are free."""


@dataclass(frozen=True, slots=True)
class Door:
    """The ports on which the demo can be opened again."""

    pages: int
    tenant: int

    @property
    def pages_address(self) -> str:
        """Of the product's pages."""
        return f"http://localhost:{self.pages}"


def run_demo(
    *,
    organisation: Path | None,
    people: int,
    seed: int,
    today: dt.date | None,
    config: Path,
    out: Path,
) -> None:
    """Run the demo and write ``out``; exits with 1 when planned, booked and announced differ."""
    began = time.perf_counter()
    day = today or dt.datetime.now(dt.UTC).date()
    load_settings(config, today=day)  # a mistake is said before anything is started or cleared
    _clear(out)
    bars = Bars()
    log = out / "log.jsonl"
    log.touch()
    settings = SandboxSettings(
        state=out / "sandbox",
        people=people,
        seed=seed,
        organisation=organisation,
        today=day,
        keep=True,  # so that it can be opened again and looked at
    )
    door = Door(pages=_find_port(PAGES_PORT), tenant=_find_port(TENANT_PORT))
    with explain_sandbox_errors():
        with bars.step("Starting an embedded Microsoft 365 tenant"):
            tenant = start_sandbox(settings)
            addresses = tenant.__enter__()
        try:
            os.environ |= addresses.environment()
            os.environ["SCHEDULER_DATABASE_URL"] = str(out / "scheduler.db")
            os.environ["SCHEDULER_TODAY"] = day.isoformat()
            own_config = _copy_config(config, out, addresses)
            story = run(
                own_config,
                lambda context: _tell(context, out, addresses, bars),
                log=log,
                progress=bars,
            )
            bot = {"url": f"{door.pages_address}/api/messages"}
            httpx.post(f"{addresses.http}/sandbox/bot", json=bot, timeout=60).raise_for_status()
        finally:
            tenant.__exit__(None, None, None)
    first, *more = story
    summary = {
        **first,
        "more_rounds": more,
        "seed": seed,
        "today": day.isoformat(),
        "organisation": str(organisation) if organisation else f"invented, {people} people",
        "seconds_in_all": round(time.perf_counter() - began, 2),
    }
    (out / SUMMARY).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", "utf-8")
    _print_summary(summary, out)
    _write_environment(out, addresses, day)
    _print_addresses(out, door)
    if not all(round_["complete"] for round_ in story):
        raise typer.Exit(1)


def _clear(out: Path) -> None:
    """Make room for this demo in the place of the last, and of nothing else."""
    if out.exists():
        if any(out.iterdir()) and not (out / "log.jsonl").exists():
            raise ScheduleError(
                f"{out} holds something that no demo made. Move it away, or choose another folder "
                "with --out."
            )
        shutil.rmtree(out)
    out.mkdir(parents=True)


def _copy_config(config: Path, out: Path, addresses: Addresses) -> Path:
    """The configuration as it is; the ties that the tenant knows of are added as a file."""
    own = out / "config"
    shutil.copytree(config, own)
    witness = addresses.http + "/sandbox"
    ties = httpx.get(f"{witness}/ties", timeout=60).json()
    if ties:
        mails = {p["id"]: p["mail"] for p in httpx.get(f"{witness}/people", timeout=60).json()}
        with (own / "known-ties.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((mails[one], mails[other]) for one, other in ties)
        with (own / "organisation.yaml").open("a", encoding="utf-8") as file:
            file.write("\n# Who wrote to whom, as the given organisation says.\n")
            file.write("known_ties: known-ties.csv\n")
    return own


async def _tell(
    context: Context, out: Path, addresses: Addresses, bars: Bars
) -> list[dict[str, Any]]:
    """Plan, approve, book and announce one round of each programme."""
    story: list[dict[str, Any]] = []
    for name in sorted(context.settings.programmes):
        typer.echo(f"\n{context.settings.programmes[name].title}", err=True)
        bars.seconds.clear()
        before = await _ask_witness(addresses)
        planned = await plan_round(context, name)
        round_id = planned.plan.round_id
        approve_round(context.store, round_id, by="demo")
        outcome = await carry_out_round(context, round_id)
        folder = out if not story else out / name
        _write_page(planned, folder, context.settings.programmes[name].title)
        with bars.step("Writing agendas, invitations and cards to look at"):
            await write_papers(context, round_id, folder, SAMPLES)
        figures = _sum_up(planned, outcome, before, await _ask_witness(addresses))
        story.append({**figures, "seconds": dict(bars.seconds)})
    return story


def _write_page(planned: PlannedRound, folder: Path, title: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = plan_page(planned.plan, planned.people, title=title, note="Everybody has been invited.")
    (folder / "plan.html").write_text(page, "utf-8")


async def _ask_witness(addresses: Addresses) -> Mapping[str, Any]:
    """What the tenant itself has counted, whatever the product believes."""
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.get(addresses.http + "/sandbox/report")
    report: Mapping[str, Any] = answer.json()
    return report


def _sum_up(
    planned: PlannedRound, outcome: Outcome, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    figures = asdict(count_plan(planned.plan))

    def grown(name: str) -> int:
        return int(after[name]) - int(before[name])

    return {
        "people": len(planned.people),
        **figures,
        "booked": outcome.booking.booked,
        "agendas_attached": outcome.booking.attached,
        "announced": outcome.announcement.announced,
        "invitations_delivered": grown("invitations_delivered"),
        "cards_delivered": grown("cards_delivered"),
        "events_in_tenant": grown("events"),
        "complete": figures["complete"]
        and outcome.exit_code == 0
        and grown("events") == len(planned.plan.groups)
        and int(after["duplicates"]) == 0,
        "set_aside": len(planned.set_aside),
    }


def _print_summary(summary: Mapping[str, Any], out: Path) -> None:
    for round_ in (summary, *summary["more_rounds"]):
        typer.echo(
            f"\n{round_['round']}: {round_['placed']} of {round_['placed_bound']} people who could "
            f"be placed have a seat, in {round_['groups']} groups;\n"
            f"  {round_['new_ties']} new ties, {round_['cross_department_ties']} between "
            f"departments, {round_['repeats']} repeats; value within {round_['gap']:.1%} of the "
            "best possible.\n"
            f"  Planned {round_['groups']} = booked {round_['booked']} = announced "
            f"{round_['announced']}; {round_['agendas_attached']} agendas attached, "
            f"{round_['invitations_delivered']} invitations and {round_['cards_delivered']} cards "
            "delivered."
        )
        left_out = ", ".join(f"{count} {kind}" for kind, count in round_["left_out"].items())
        typer.echo(f"  Without a seat: {left_out or 'nobody'}.")
    typer.echo(
        f"\nIt took {summary['seconds_in_all']:.0f} s. Look at {out / 'plan.html'}; everything "
        f"else is in {out}/."
    )


def _find_port(wanted: int) -> int:
    """The port, or one that is free where something else listens on it."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    return wanted


def _write_environment(out: Path, addresses: Addresses, day: dt.date) -> None:
    """What the product needs to go on where this demo ended, for a shell to read."""
    lines = [
        "# What `scheduler serve` needs to go on where this demo ended; its tenant has to be open.",
        f". {shlex.quote(addresses.env_file)}",
        f"SCHEDULER_DATABASE_URL={shlex.quote(str((out / 'scheduler.db').resolve()))}",
        f"SCHEDULER_CONFIG={shlex.quote(str((out / 'config').resolve()))}",
        f"SCHEDULER_TODAY={day.isoformat()}",
    ]
    (out / ENVIRONMENT).write_text("\n".join(lines) + "\n", "utf-8")


def _print_addresses(out: Path, door: Door) -> None:
    program = _name_program()
    state, environment = (shlex.quote(str(out / name)) for name in ("sandbox", ENVIRONMENT))
    typer.echo(
        "\nTo look at what people got, open both, each in a terminal of its own:\n\n"
        f"  {program} sandbox --state {state} --keep --page-port {door.tenant}\n"
        f"    http://localhost:{door.tenant} is the invented Microsoft 365: whose calendar would "
        "you like to see?\n\n"
        f"  set -a; . {environment}; set +a; {program} serve --port {door.pages}\n"
        f"    {door.pages_address} are the pages: everybody's own network, and HR's. Sign in as "
        "whomever you like.\n"
    )


def _name_program() -> str:
    """How this program was called, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    if called.name != "scheduler" or shutil.which("scheduler") == str(called.resolve()):
        return "scheduler"
    with contextlib.suppress(ValueError):
        called = called.resolve().relative_to(Path.cwd())
    return shlex.quote(str(called))
