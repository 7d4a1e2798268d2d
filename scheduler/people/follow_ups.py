"""What somebody wants to follow up: each line of a private note is one thing to do."""

from __future__ import annotations

from dataclasses import dataclass, field

DONE = "✓ "
"""Begins a line that is done; it is part of the note, and so as private as the rest."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One line of a note: ``number`` from 0, without the mark that it is done."""

    number: int
    text: str = field(repr=False)
    done: bool


def split_note(text: str) -> tuple[FollowUp, ...]:
    """The things to do in a note; empty lines are none."""
    return tuple(
        FollowUp(number, line.strip().removeprefix(DONE.strip()).strip(), _is_done(line))
        for number, line in enumerate(text.splitlines())
        if line.strip().removeprefix(DONE.strip()).strip()
    )


def mark_line(text: str, number: int, *, done: bool) -> str:
    """The note with one line done, or to do again; a line that is not there changes nothing."""
    lines = text.splitlines()
    if not 0 <= number < len(lines) or not lines[number].strip():
        return text
    bare = lines[number].strip().removeprefix(DONE.strip()).strip()
    lines[number] = DONE + bare if done else bare
    return "\n".join(lines)


def _is_done(line: str) -> bool:
    return line.strip().startswith(DONE.strip())
