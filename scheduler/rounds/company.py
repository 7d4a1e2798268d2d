"""Everybody who works here: the directory, with what the HR export knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.graph.directory import DirectoryReading, read_people
from scheduler.people.audience import settle_people
from scheduler.people.imports.export import read_export
from scheduler.people.imports.joining import Joined, join_directory
from scheduler.people.imports.refusal import RowProblem
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.rounds.context import Context


@dataclass(frozen=True, slots=True)
class Company:
    """``people`` are settled in offices; ``set_aside``: records and leavers, with reasons;
    ``unknown_offices``: names that organisation.yaml does not have; ``row_problems``: rows of the
    HR export that were not used; ``joined``: what came of the export, None where there is none.
    """

    people: tuple[Person, ...]
    set_aside: tuple[LeftOut, ...]
    unknown_offices: tuple[str, ...]
    row_problems: tuple[RowProblem, ...] = ()
    joined: Joined | None = None


async def read_company(context: Context, progress: Callable[[int], None] | None = None) -> Company:
    """Read the directory, and join it with the HR export where people.yaml names one.

    Raises:
        GraphError: the directory cannot be read.
        ExportRefusedError: the HR export cannot be read without guessing.
    """
    return join_export(context, await read_people(context.graph, progress))


def join_export(context: Context, reading: DirectoryReading) -> Company:
    """What the directory said, with what the HR export knows.

    Raises:
        ExportRefusedError: see :func:`read_company`.
    """
    people, set_aside = reading.people, reading.set_aside
    problems: tuple[RowProblem, ...] = ()
    joined: Joined | None = None
    spec = context.settings.people.hr_export
    if spec is not None:
        export = read_export(spec.file, spec)
        joined = join_directory(people, export.records, today=context.today, by=spec.join_by)
        people, set_aside = joined.people, set_aside + joined.left_out
        problems = export.problems + joined.problems
    settled, unknown = settle_people(people, context.settings.organisation.offices)
    return Company(settled, set_aside, unknown, problems, joined)
