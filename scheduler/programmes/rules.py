"""The rules a programme is made of.

Every rule is one mapping in the programme's ``rules`` list. ``weight`` says how
much it matters: ``hard`` (a group that breaks it does not exist) or a positive
number (a group that breaks it pays that much, on the scale on which one new tie
between two departments that never meet is worth 10).

``kind`` is for the code alone. HR writes the rule's name as the key
(``- different: department``); :mod:`scheduler.settings.spelling` turns one into the other.
Texts named ``where``, ``when`` and ``of`` are expressions over the fields of a person, see
:mod:`scheduler.people.where`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scheduler.programmes.values import Frozen

__all__ = [
    "Apart", "AskedFor", "AtLeast", "AtMost", "AtMostOfOne", "Bridge", "CommonHours",
    "CommonLanguage", "ContactMix", "Different", "Frozen", "LevelSpread", "NotMetWithin",
    "PersonField", "Prefer", "Rule", "Same", "Together", "Weight",
]  # fmt: skip

Weight = Literal["hard"] | Annotated[int, Field(ge=1, le=1000)]
PersonField = Literal[
    "department", "team", "office", "country", "title", "level", "manager", "company", "zone"
]


class Different(Frozen):
    """No two members of a group have the same value of ``field``."""

    kind: Literal["different"] = "different"
    field: PersonField
    weight: Weight = "hard"


class Same(Frozen):
    """All members of a group have the same value of ``field``."""

    kind: Literal["same"] = "same"
    field: PersonField
    weight: Weight = "hard"


class AtMostOfOne(Frozen):
    """At most ``count`` members share one value of ``field``."""

    kind: Literal["at_most_of_one"] = "at_most_of_one"
    field: PersonField
    count: int = Field(ge=1, le=500)
    weight: Weight = "hard"


class AtLeast(Frozen):
    """At least ``count`` members satisfy ``where``; with ``when``, only in groups that have
    a member who satisfies ``when``.
    """

    kind: Literal["at_least"] = "at_least"
    count: int = Field(ge=1, le=500)
    where: str
    when: str | None = None
    weight: Weight = "hard"


class AtMost(Frozen):
    """At most ``count`` members satisfy ``where``."""

    kind: Literal["at_most"] = "at_most"
    count: int = Field(ge=0, le=500)
    where: str
    weight: Weight = "hard"


class Apart(Frozen):
    """These people are never in one group.

    ``pairs`` by address; ``managers_and_reports``: each manager with own reports;
    ``manager_chain``: anybody with anybody above them in the chain of managers.
    """

    kind: Literal["apart"] = "apart"
    pairs: tuple[tuple[str, str], ...] = ()
    managers_and_reports: bool = False
    manager_chain: bool = False
    weight: Weight = "hard"


class Together(Frozen):
    """These people are in one group, or none of them takes part in the round.

    ``pairs`` by address; ``newcomer_and_buddy``: each person with their ``buddy``.
    """

    kind: Literal["together"] = "together"
    pairs: tuple[tuple[str, str], ...] = ()
    newcomer_and_buddy: bool = False


class NotMetWithin(Frozen):
    """Two people who met in the last ``rounds`` rounds (of any programme) or ``days`` days do
    not meet again; after that, meeting again costs a price that fades with time.
    """

    kind: Literal["not_met_within"] = "not_met_within"
    rounds: int | None = Field(default=None, ge=1, le=1000)
    days: int | None = Field(default=None, ge=1, le=3650)
    weight: Weight = "hard"

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.rounds is None) == (self.days is None):
            raise ValueError("give either rounds or days, and not both")
        return self


class LevelSpread(Frozen):
    """The levels of a group's members lie at least / at most this far apart."""

    kind: Literal["level_spread"] = "level_spread"
    at_least: int | None = Field(default=None, ge=0, le=30)
    at_most: int | None = Field(default=None, ge=0, le=30)
    weight: Weight = "hard"

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least or at_most, or both")
        if None not in (self.at_least, self.at_most) and self.at_least > self.at_most:  # type: ignore[operator]
            raise ValueError("at_least must not be larger than at_most")
        return self


class CommonLanguage(Frozen):
    """All members of a group speak at least one language in common."""

    kind: Literal["common_language"] = "common_language"
    weight: Weight = "hard"


class CommonHours(Frozen):
    """All members share at least ``minutes`` of working hours on the day they meet."""

    kind: Literal["common_hours"] = "common_hours"
    minutes: int = Field(ge=15, le=600)
    weight: Weight = "hard"


class ContactMix(Frozen):
    """In a group with a member who satisfies ``of``, that member knows at least ``known`` of the
    others and has never met at least ``new`` of them; no group has two such members.

    Who knows whom: history and the file of known ties.
    """

    kind: Literal["contacts"] = "contacts"
    of: str
    known: int = Field(default=1, ge=0, le=59)
    new: int = Field(default=1, ge=0, le=59)
    weight: Weight = "hard"


class AskedFor(Frozen):
    """A member who asked to learn about an area meets at least ``count`` people of it, and,
    where they asked for a recruiter or supervisor too, one who satisfies ``advisers``.

    An area is a department, a team, or an interest that people named.
    """

    kind: Literal["asked_for"] = "asked_for"
    count: int = Field(default=1, ge=1, le=59)
    advisers: str | None = None
    weight: Weight = "hard"


class Bridge(Frozen):
    """A group mixes the two departments of one of the ``pairs``, half and half: the halves
    differ by one person at most, and nobody of another department is in the group.

    The programme's sizes are such (an even ``at_most``, ``at_least`` at most one below) that this
    is the same as: all of one pair, and at most half of ``at_most`` of one department.
    """

    kind: Literal["bridge"] = "bridge"
    pairs: tuple[tuple[str, str], ...] = Field(min_length=1)
    field: Literal["department", "team", "office", "company"] = "department"

    @model_validator(mode="after")
    def _two_sides(self) -> Self:
        for left, right in self.pairs:
            if left.casefold() == right.casefold():
                raise ValueError(f"a bridge needs two different ends, and both are {left}")
        return self


class Prefer(Frozen):
    """What makes a new tie worth more than another; each with a weight."""

    kind: Literal["prefer"] = "prefer"
    what: Literal["few_ties", "far_in_organisation", "shared_interest", "requested", "influence"]
    weight: Annotated[int, Field(ge=1, le=1000)] = 10


Rule = Annotated[
    Different | Same | AtMostOfOne | AtLeast | AtMost | Apart | Together | NotMetWithin
    | LevelSpread | CommonLanguage | CommonHours | ContactMix | AskedFor | Bridge | Prefer,
    Field(discriminator="kind"),
]  # fmt: skip
