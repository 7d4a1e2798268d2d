"""The rules a programme is made of, as HR writes them.

Every rule is one mapping in the programme's ``rules`` list. ``weight`` says how
much it matters: ``hard`` (a group that breaks it does not exist) or a positive
number (a group that breaks it pays that much, on the scale on which one new tie
between two departments that never meet is worth 10).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Weight = Literal["hard"] | Annotated[int, Field(ge=1, le=1000)]
PersonField = Literal[
    "department", "team", "office", "country", "title", "level", "manager", "company", "zone"
]


class Frozen(BaseModel):
    """A checked, unchangeable value; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    count: int = Field(ge=1)
    weight: Weight = "hard"


class AtLeast(Frozen):
    """At least ``count`` members satisfy ``where``; with ``when``, only in groups that have
    a member who satisfies ``when``.
    """

    kind: Literal["at_least"] = "at_least"
    count: int = Field(ge=1)
    where: str
    when: str | None = None
    weight: Weight = "hard"


class AtMost(Frozen):
    """At most ``count`` members satisfy ``where``."""

    kind: Literal["at_most"] = "at_most"
    count: int = Field(ge=0)
    where: str
    weight: Weight = "hard"


class Apart(Frozen):
    """These people are never in one group: pairs by address, or each manager with own reports."""

    kind: Literal["apart"] = "apart"
    pairs: tuple[tuple[str, str], ...] = ()
    managers_and_reports: bool = False
    weight: Weight = "hard"


class Together(Frozen):
    """These people are in one group, or none of them takes part in the round."""

    kind: Literal["together"] = "together"
    pairs: tuple[tuple[str, str], ...] = ()
    newcomer_and_buddy: bool = False


class NotMetWithin(Frozen):
    """Two people who met in the last ``rounds`` rounds (of any programme) or ``days`` days do
    not meet again; after that, meeting again costs a price that fades with time.
    """

    kind: Literal["not_met_within"] = "not_met_within"
    rounds: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    weight: Weight = "hard"

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.rounds is None) == (self.days is None):
            raise ValueError("give either rounds or days")
        return self


class LevelSpread(Frozen):
    """The levels of a group's members lie at least / at most this far apart."""

    kind: Literal["level_spread"] = "level_spread"
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    weight: Weight = "hard"


class CommonLanguage(Frozen):
    """All members of a group speak at least one language in common."""

    kind: Literal["common_language"] = "common_language"
    weight: Weight = "hard"


class CommonHours(Frozen):
    """All members share at least ``minutes`` of working hours on the day they meet."""

    kind: Literal["common_hours"] = "common_hours"
    minutes: int = Field(ge=15, le=600)
    weight: Weight = "hard"


class Prefer(Frozen):
    """What makes a new tie worth more than another; each with a weight."""

    kind: Literal["prefer"] = "prefer"
    what: Literal["few_ties", "far_in_organisation", "shared_interest", "requested", "influence"]
    weight: Annotated[int, Field(ge=1, le=1000)] = 10


Rule = Annotated[
    Different | Same | AtMostOfOne | AtLeast | AtMost | Apart | Together | NotMetWithin
    | LevelSpread | CommonLanguage | CommonHours | Prefer,
    Field(discriminator="kind"),
]  # fmt: skip
