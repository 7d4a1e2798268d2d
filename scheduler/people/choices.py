"""What people decided: join, leave, pause until, never with, would like to meet, and more.

A :class:`Choice` is one decision as it is kept in the table of choices; the newest decision of a
person about one thing counts. :func:`gather_choices` makes each person's :class:`Choices` of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from scheduler.people.contacts import Pair, pair_of

__all__ = [
    "CONFIDENTIAL_KINDS", "EVERY_PROGRAMME", "KINDS", "ORGANISER_KINDS", "Choice", "Choices",
    "Introduction", "describe_choice", "gather_choices", "shunned_pairs",
]  # fmt: skip

Kind = Literal[
    "join", "leave", "pause-until", "frequency", "never-with", "meet-person", "meet-area",
    "adviser", "interests", "languages", "introduction", "diet", "access",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "join", "leave", "pause-until", "frequency", "never-with", "meet-person", "meet-area",
    "adviser", "interests", "languages", "introduction", "diet", "access",
)  # fmt: skip
CONFIDENTIAL_KINDS: frozenset[Kind] = frozenset({"never-with"})
"""Shown to nobody, HR included; in no log, page, card or reason."""
ORGANISER_KINDS: frozenset[Kind] = frozenset({"diet", "access"})
"""Shown to the organiser of a meeting, and to the person."""
EVERY_PROGRAMME = "*"


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: ``value`` is what JSON can hold.

    ========== ============================================================
    kind       value
    ========== ============================================================
    join       programme's name, or ``*`` for every programme
    leave      programme's name, or ``*``
    pause-until  date as text (``2027-01-31``), or None: no pause
    frequency  at most one meeting in so many weeks, or None: as programmes say
    never-with list of person ids; only the list counts that was given last
    meet-person  list of person ids
    meet-area  list of texts: departments, teams, interests
    adviser    ``recruiter``, ``supervisor`` or None
    interests  list of texts
    languages  list of texts
    introduction  mapping with ``do``, ``help``, ``learn``
    diet       text
    access     text
    ========== ============================================================
    """

    person_id: str
    kind: Kind
    value: Any = field(repr=False)
    changed_at: dt.datetime
    changed_by: str = "self"


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two sentences of a person about themselves, in three parts."""

    do: str = ""
    help: str = ""
    learn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All that one person decided. Confidential values never show in a printed form.

    ``silent``: they left so many invitations unanswered that they pause, whatever they joined,
    until they join again. That follows from their answers and is no decision, so
    :func:`gather_choices` does not know it.
    """

    joined: frozenset[str] = frozenset()
    joined_at: Mapping[str, dt.datetime] = field(default_factory=dict, compare=False, repr=False)
    left: frozenset[str] = frozenset()
    paused_until: dt.date | None = None
    every_weeks: int | None = None
    never_with: frozenset[str] = field(default=frozenset(), repr=False)
    meet_people: tuple[str, ...] = ()
    meet_areas: tuple[str, ...] = ()
    adviser: Literal["recruiter", "supervisor"] | None = None
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    introduction: Introduction | None = None
    diet: str | None = field(default=None, repr=False)
    access: str | None = field(default=None, repr=False)
    silent: bool = False

    def takes_part(self, programme: str, *, silence: bool) -> bool:
        """Whether the person is in; ``silence`` is what no answer means.

        A decision about one programme counts more than one about all.
        """
        for name in (programme, EVERY_PROGRAMME):
            if name in self.left:
                return False
            if name in self.joined:
                return True
        return silence


def gather_choices(choices: Iterable[Choice]) -> dict[str, Choices]:
    """Each person's choices, by person id. Order does not matter: the newest decision counts."""
    gathered: dict[str, Choices] = {}
    for choice in sorted(choices, key=lambda one: (one.changed_at, KINDS.index(one.kind))):
        before = gathered.get(choice.person_id, Choices())
        gathered[choice.person_id] = _decide(before, choice)
    return gathered


def _decide(before: Choices, choice: Choice) -> Choices:
    if choice.kind in ("join", "leave"):
        return _move(before, str(choice.value), choice)
    name, read = _READERS[choice.kind]
    change: dict[str, Any] = {name: read(choice.value)}
    return replace(before, **change)


_READERS: Mapping[Kind, tuple[str, Callable[[Any], Any]]] = {
    "pause-until": ("paused_until", lambda day: dt.date.fromisoformat(day) if day else None),
    "frequency": ("every_weeks", lambda weeks: int(weeks) if weeks else None),
    "never-with": ("never_with", lambda ids: frozenset(ids or ())),
    "meet-person": ("meet_people", lambda ids: tuple(ids or ())),
    "meet-area": ("meet_areas", lambda areas: tuple(areas or ())),
    "adviser": ("adviser", lambda who: who or None),
    "interests": ("interests", lambda texts: tuple(texts or ())),
    "languages": ("languages", lambda texts: tuple(texts or ())),
    "introduction": ("introduction", lambda parts: Introduction(**parts) if parts else None),
    "diet": ("diet", lambda text: text or None),
    "access": ("access", lambda text: text or None),
}


def _move(before: Choices, programme: str, choice: Choice) -> Choices:
    """A decision about every programme takes back what was decided about single ones before."""
    joined_at, left = dict(before.joined_at), set(before.left)
    if programme == EVERY_PROGRAMME:
        joined_at, left = {}, set()
    joined_at.pop(programme, None)
    left.discard(programme)
    if choice.kind == "join":
        joined_at[programme] = choice.changed_at
    else:
        left.add(programme)
    return replace(before, joined=frozenset(joined_at), joined_at=joined_at, left=frozenset(left))


def shunned_pairs(choices: Mapping[str, Choices]) -> frozenset[Pair]:
    """Pairs of which at least one never wants to meet the other; who said so is not in it."""
    return frozenset(
        pair_of(person_id, other)
        for person_id, own in choices.items()
        for other in own.never_with
        if other != person_id
    )


def describe_choice(kind: Kind, value: Any) -> str:
    """A decision in words for logs and for the audit trail; confidential values are left out."""
    if kind in CONFIDENTIAL_KINDS or kind in ORGANISER_KINDS:
        return kind
    if kind in ("join", "leave"):
        return f"{kind} {'every programme' if value == EVERY_PROGRAMME else value}"
    if kind in ("introduction", "meet-person", "adviser"):
        return kind  # free text, names and plans to move on stay out of logs
    if isinstance(value, list | tuple):
        return f"{kind} {', '.join(map(str, value))}"
    return f"{kind} {value if value is not None else 'no longer'}"
