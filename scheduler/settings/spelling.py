"""How HR writes a rule: its name as the key, and perhaps a weight beside it.

    rules:
      - different: department
      - different: level
        weight: 20
      - at_least: {count: 1, where: tenure >= 2 years}
      - managers_and_reports: apart

Each entry below says how one such key becomes a model of :mod:`scheduler.programmes.rules`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import Any

from scheduler.programmes.rules import (
    Apart,
    AskedFor,
    AtLeast,
    AtMost,
    AtMostOfOne,
    Bridge,
    CommonHours,
    CommonLanguage,
    ContactMix,
    Different,
    Frozen,
    LevelSpread,
    NotMetWithin,
    Prefer,
    Same,
    Together,
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """``short``: the field that a plain value (no mapping) stands for; ``word``: the one word
    that may follow the key, which then means ``sets``; ``example`` is shown in messages.
    """

    model: type[Frozen]
    example: str
    short: str | None = None
    word: str | None = None
    sets: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The tag by which the models are told apart."""
        return str(self.model.model_fields["kind"].default)


SPELLINGS: dict[str, Spelling] = {
    "different": Spelling(Different, "different: department", short="field"),
    "same": Spelling(Same, "same: office", short="field"),
    "at_most_of_one": Spelling(AtMostOfOne, "at_most_of_one: {field: team, count: 2}"),
    "at_least": Spelling(AtLeast, "at_least: {count: 1, where: tenure >= 2 years}"),
    "at_most": Spelling(AtMost, "at_most: {count: 2, where: level <= 1}"),
    "apart": Spelling(Apart, "apart: [[ana@example.com, ben@example.com]]", short="pairs"),
    "managers_and_reports": Spelling(
        Apart, "managers_and_reports: apart", word="apart", sets={"managers_and_reports": True}
    ),
    "manager_chain": Spelling(
        Apart, "manager_chain: apart", word="apart", sets={"manager_chain": True}
    ),
    "together": Spelling(Together, "together: [[ana@example.com, ben@example.com]]", short="pairs"),
    "newcomer_and_buddy": Spelling(
        Together, "newcomer_and_buddy: together", word="together", sets={"newcomer_and_buddy": True}
    ),
    "not_met_within": Spelling(NotMetWithin, "not_met_within: {rounds: 12}"),
    "level_spread": Spelling(LevelSpread, "level_spread: {at_least: 1}"),
    "common_language": Spelling(CommonLanguage, "common_language: needed", word="needed"),
    "common_hours": Spelling(CommonHours, "common_hours: 120", short="minutes"),
    "contacts": Spelling(ContactMix, "contacts: {of: since_return < 90 days, known: 1, new: 1}"),
    "asked_for": Spelling(AskedFor, "asked_for: {count: 1}", short="count"),
    "bridge": Spelling(Bridge, "bridge: [[Sales, Engineering]]", short="pairs"),
    "prefer": Spelling(Prefer, "prefer: few_ties", short="what"),
}


class SpellingError(ValueError):
    """A rule that is not written as a rule; ``key`` is the part of it that is wrong."""

    def __init__(self, message: str, key: str | None = None, suggestion: str | None = None) -> None:
        self.message, self.key, self.suggestion = message, key, suggestion
        super().__init__(message)


def spell_rule(written: Any) -> dict[str, Any]:
    """One entry of ``rules`` as HR writes it, as the mapping that the models take.

    Raises:
        SpellingError: it has no or several rule names, or a value of no known form.
    """
    if not isinstance(written, dict):
        raise SpellingError("a rule is a name and a value, for example: different: department")
    names = [key for key in written if key != "weight"]
    for name in names:
        if name not in SPELLINGS:
            near = difflib.get_close_matches(name, SPELLINGS, n=1, cutoff=0.55)
            known = "" if near else f" (there are {', '.join(SPELLINGS)})"
            raise SpellingError(f"there is no such rule{known}", name, near[0] if near else None)
    if not names:
        raise SpellingError("the rule's name is missing, for example: different: department")
    if len(names) > 1:
        raise SpellingError(
            f"{names[1]} stands in the same entry as {names[0]}; begin it with a dash of its own",
            names[1],
        )
    name = names[0]
    rule = {"kind": SPELLINGS[name].kind, **_body(name, written[name])}
    if "weight" in written:
        if "weight" in rule:
            raise SpellingError("the weight stands here twice; keep one", "weight")
        rule["weight"] = written["weight"]
    return rule


def _body(name: str, value: Any) -> dict[str, Any]:
    spelling = SPELLINGS[name]
    if spelling.word is not None:
        if value != spelling.word:
            raise SpellingError(f"write it as {spelling.example}", name)
        return dict(spelling.sets)
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if key != "kind"}
    if name in ("different", "same") and isinstance(value, str):
        value = value.replace(" ", "_")
    if name == "not_met_within" and isinstance(value, str):
        match = re.fullmatch(r"(\d{1,4}) (rounds|days)", value)
        if match:
            return {match[2]: int(match[1])}
    if spelling.short is None or value is None:
        raise SpellingError(f"write it as {spelling.example}", name)
    return {spelling.short: value}
