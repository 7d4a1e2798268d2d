"""A conversation starter for each pair of departments at the table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scheduler.agendas.about import department_text
from scheduler.agendas.ranked import ranked
from scheduler.people.person import Person
from scheduler.texts.catalogue import Texts, mark

AT_MOST = 10
"""All pairs of five departments; with more, each is asked twice, once by either neighbour."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question between two departments, which it names."""

    departments: tuple[str, str]
    question: str


# What a department does, told by its name, in English or German: whole words, and beginnings
# of words that end in "*". The first area that fits wins, so the more telling words come first.
_AREAS: dict[str, str] = {
    "legal": "legal recht* complian* audit* risk* privacy datenschutz*",
    "it": "it edv information* infrastruct* helpdesk workplace",
    "research": "research* forschung* r&d science* lab* data* daten* analy* intelligence",
    "product": "product produkt* design* ux",
    "sales": "sales vertrieb* business",
    "marketing": "marketing brand* communicat* kommunikation* pr presse",
    "engineering": "engineer* develop* entwickl* software platform* architect* technik technology",
    "finance": "finan* account* controlling treasury tax buchhalt* rechnungs*",
    "people": "hr human people personal* talent recruit* learning culture",
    "operations": (
        "operation* logisti* supply production produktion* manufactur* fertigung* lager* "
        "einkauf* procure* purchas*"
    ),
    "service": "service* support customer* kunden* care",
    "quality": "quality qualit* safety sicherheit* environment* umwelt*",
    "strategy": "strateg* management executive* geschäftsführ* vorstand*",
}

_QUESTIONS: dict[str, tuple[str, ...]] = {
    "finance": (
        mark("Which figure does {own} watch that {other} could move with little effort?"),
        mark("What does {own} need to know early, so that {other} gets a quick yes?"),
        mark("Which form between {own} and {other} would nobody miss?"),
    ),
    "people": (
        mark("Which skill does {own} look for everywhere that {other} already has?"),
        mark("What would {other} tell {own} to change about the first week of a newcomer?"),
        mark("Why do people like to stay in {other}, and can {own} pass it on?"),
    ),
    "it": (
        mark("Which task is still done by hand in {other} that {own} could take away?"),
        mark("Which tool does {own} offer that hardly anybody in {other} knows?"),
        mark("What does {own} see first when something in {other} stands still?"),
    ),
    "engineering": (
        mark("What would {own} build for {other} in a free week?"),
        mark("Which wish of {other} sounds small and is large for {own}, or the other way round?"),
        mark("What has {own} learned the hard way that {other} can have for nothing?"),
    ),
    "product": (
        mark("Whom in {other} should {own} watch at work before deciding anything?"),
        mark("Which decision of {own} puzzled {other}, and what was behind it?"),
        mark("What would {other} leave out if {own} asked?"),
    ),
    "sales": (
        mark("What do customers tell {own} that never reaches {other}?"),
        mark("Which promise is easy for {own} to make and hard for {other} to keep?"),
        mark("What could {other} show a customer that {own} has never thought of?"),
    ),
    "marketing": (
        mark("Which story from {other} should {own} tell outside, and what is in the way?"),
        mark("Which word does {own} use every day that means something else in {other}?"),
        mark("What would {other} like to be known for, and what would {own} make of it?"),
    ),
    "legal": (
        mark("Which question should {other} ask {own} early, because late is expensive?"),
        mark("Which rule seems odd in {other}, and does {own} know the story behind it?"),
        mark("What would {own} like {other} to stop worrying about?"),
    ),
    "operations": (
        mark("What does {own} notice first when something changes in {other}?"),
        mark("Where does work wait between {own} and {other}, and for what?"),
        mark("What would {other} see in a day with {own} that no report shows?"),
    ),
    "service": (
        mark("Which question is {own} asked every day that {other} could make unnecessary?"),
        mark("Which thank-you reached {own} and never got to {other}?"),
        mark("What would {other} hear in an hour of listening in at {own}?"),
    ),
    "research": (
        mark("What has {own} found out that {other} has not heard of yet?"),
        mark("Which question of {other} is worth a small experiment by {own}?"),
        mark("What does {own} measure that {other} decides by feeling?"),
    ),
    "quality": (
        mark("What nearly went wrong lately that {own} and {other} can both learn from?"),
        mark("Which check by {own} helps {other} most, and which one least?"),
        mark("What does {other} do so well that {own} should write it down for all?"),
    ),
    "strategy": (
        mark("Which goal of {own} means something different in {other}?"),
        mark("What should {own} know about an ordinary day in {other}?"),
        mark("What would {other} do first in the place of {own}?"),
    ),
}

_ANY = (
    mark("Where does something that {own} makes end up with {other}?"),
    mark("What does {own} do that {other} would like to watch for a morning?"),
    mark("What would go wrong first in {other} if {own} closed for a week?"),
    mark("Which problem do {own} and {other} both solve, each on their own?"),
    mark("What does everybody in {own} know and nobody in {other}?"),
    mark("Whom in {other} should somebody from {own} meet next, and about what?"),
    mark("What has {own} stopped doing lately, and did {other} notice?"),
    mark("What are {own} and {other} both proud of this year?"),
    mark("Which meeting would {own} and {other} gladly replace by a lunch?"),
    mark("What did {own} try that failed, and what can {other} learn from it?"),
    mark("What would {own} ask {other} for if the answer were certainly yes?"),
    mark("Which habit of {own} would {other} like to borrow?"),
)


def write_starters(people: Sequence[Person], *, seed: str, texts: Texts) -> tuple[Starter, ...]:
    """One question per pair of departments, none asked twice while there are others left."""
    departments = sorted(
        {department_text(person.department, texts) for person in people if person.department}
    )
    asked: set[str] = set()
    starters = []
    for pair in _pairs(departments):
        own, other, message = _choose(pair, seed, asked)
        asked.add(message)
        starters.append(Starter(pair, texts.say(message, own=own, other=other)))
    return tuple(starters)


def _pairs(departments: Sequence[str]) -> list[tuple[str, str]]:
    """All pairs, or neighbours in a ring where all would be more than anybody reads."""
    pairs = list(itertools.combinations(departments, 2))
    if len(pairs) <= AT_MOST:
        return pairs
    ring = itertools.pairwise((*departments, departments[0]))
    return list(ring)[:AT_MOST]


def _choose(pair: tuple[str, str], seed: str, asked: set[str]) -> tuple[str, str, str]:
    """The department that is asked about, the other one, and the question's message.

    Questions that know what a department does come first, those for any pair after them.
    """
    one, two = pair
    known = [
        (own, other, message)
        for own, other in ((one, two), (two, one))
        for message in _QUESTIONS.get(area_of(own) or "", ())
    ]
    general = [(one, two, message) for message in _ANY]
    choices = [
        choice
        for options in (known, general)
        for choice in ranked(f"{seed} {one} {two}", options, key="\0".join)
    ]
    return next((choice for choice in choices if choice[2] not in asked), choices[0])


@cache
def area_of(department: str) -> str | None:
    """What the department does, as far as its name tells: a key of ``_QUESTIONS``."""
    words = re.findall(r"[\w&]+", department.casefold())
    for area, marks in _AREAS.items():
        for sign in marks.split():
            if any(
                word.startswith(sign[:-1]) if sign.endswith("*") else word == sign for word in words
            ):
                return area
    return None
