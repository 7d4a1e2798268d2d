"""Questions that fit who is there: newcomers, old hands, offices, languages, levels."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from babel import Locale

from scheduler.agendas.ranked import ranked
from scheduler.people.person import Person
from scheduler.texts.catalogue import Texts, mark
from scheduler.texts.times import list_text, month_text

NEW_DAYS = 183
"""Somebody is new for half a year, which is also the usual length of a probation period."""
LONG_YEARS = 10
AT_MOST = 4
AT_LEAST = 2
NAMED_AT_MOST = 6
"""A question that names more people than this is a list, and nobody feels asked."""

_NEWCOMER = (
    mark("{name} joined in {month}. What do you wish somebody had told you in your first weeks?"),
    mark("{name} joined in {month}. Whom should a newcomer meet first, and why?"),
    mark("{name} joined in {month} and still sees what we no longer see. What surprised you?"),
)
_NEWCOMERS = (
    mark("{names} are new here. What do you wish somebody had told you in your first weeks?"),
    mark("{names} are new here. Whom should a newcomer meet first, and why?"),
    mark("{names} are new here and still see what we no longer see. What surprised you?"),
)
_LONG = (
    mark("{name} has been here since {year}. Which change turned out better than feared?"),
    mark("{name} has been here since {year}. What should never change?"),
    mark("{name} has been here since {year}. Which old story does everyone need to know?"),
)
_LEVELS = (
    mark("Titles stay outside. Which question would you never ask in a meeting?"),
    mark("Titles stay outside. What did you learn lately from somebody much newer than you?"),
    mark("Titles stay outside. What looks easy from the other end of the organisation?"),
)
_OFFICES = (
    mark("You work in {offices}. What does your office do better than the others?"),
    mark("You work in {offices}. What should a guest see first in yours?"),
    mark("You work in {offices}. What do you miss by not being in one place?"),
)
_LANGUAGES = (
    mark("Together you speak {languages}. Which word do you miss in the others?"),
    mark("Together you speak {languages}. What gets lost when you work in translation?"),
)
_RETURNED = (
    mark("{name} came back in {month}. What looks different when you return?"),
    mark("{name} came back in {month}. What have we unlearned in the meantime?"),
)
_GUESTS = (
    mark("{names} visit from outside. What do we do here that you do quite differently?"),
    mark("{names} visit from outside. What should we ask you that nobody ever asks?"),
)
_GUEST = (
    mark("{name} visits from outside. What do we do here that you do quite differently?"),
    mark("{name} visits from outside. What should we ask you that nobody ever asks?"),
)
_INTEREST = (
    mark("{names} share an interest: {interest}. How did you come to it?"),
    mark("{names} share an interest: {interest}. What could the others learn from it?"),
)
_SAME_YEAR = (
    mark("{names} joined in the same year, {year}. What was your first impression?"),
    mark("{names} both started in {year}. What would you do again, and what not?"),
)
_SAME_TITLE = (
    mark("{names} have the same job title. Where do your days differ?"),
    mark("{names} have the same job title. What would you borrow from each other?"),
)
_ANYBODY = (
    mark("What are you working on that you would gladly talk about for an hour?"),
    mark("What have you changed your mind about this year?"),
    mark("Which small thing would make your week easier?"),
    mark("Who helped you lately without having to?"),
    mark("What do colleagues ask you about, and what do you wish they asked?"),
    mark("What did you do before you came here that still helps you today?"),
)


def is_new(person: Person, day: dt.date) -> bool:
    """Whether the person was hired in the half year before ``day``, and not for a second time."""
    return (
        person.hired is not None
        and person.returned is None
        and (day - person.hired).days < NEW_DAYS
    )


def write_prompts(
    people: Sequence[Person], *, day: dt.date, seed: str, texts: Texts
) -> tuple[str, ...]:
    """Two to four questions: first those about who is here, then those for anybody."""
    asked = _Asked(people, day, seed, texts)
    fitting = itertools.chain(
        asked.about_years(),
        asked.about_guests(),
        asked.about_differences(),
        asked.about_common_ground(),
    )
    general = (texts.say(message) for message in ranked(seed, _ANYBODY, key=str))
    prompts = list(itertools.islice(fitting, AT_MOST))
    return (*prompts, *itertools.islice(general, max(0, AT_LEAST - len(prompts))))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The people who are asked, and one wording of each question that fits them."""

    people: Sequence[Person]
    day: dt.date
    seed: str
    texts: Texts

    def about_years(self) -> Iterator[str]:
        new = [person for person in self.people if is_new(person, self.day)]
        if len(new) == 1 and new[0].hired:
            month = month_text(new[0].hired, self.texts)
            yield self._say(_NEWCOMER, name=new[0].name, month=month)
        elif 2 <= len(new) <= NAMED_AT_MOST:
            yield self._say(_NEWCOMERS, names=self._names(new))
        for person in self.people:
            if person.returned and (self.day - person.returned).days < NEW_DAYS:
                month = month_text(person.returned, self.texts)
                yield self._say(_RETURNED, name=person.name, month=month)
        since = [(person.hired, person.id, person) for person in self.people if person.hired]
        if since:
            hired, _, oldest = min(since, key=lambda entry: entry[:2])
            if self.day.year - hired.year >= LONG_YEARS:
                yield self._say(_LONG, name=oldest.name, year=hired.year)

    def about_guests(self) -> Iterator[str]:
        guests = [person for person in self.people if person.guest]
        if len(guests) == 1:
            yield self._say(_GUEST, name=guests[0].name)
        elif 2 <= len(guests) <= NAMED_AT_MOST:
            yield self._say(_GUESTS, names=self._names(guests))

    def about_differences(self) -> Iterator[str]:
        offices = sorted({person.office for person in self.people if person.office})
        if 2 <= len(offices) <= 4:
            yield self._say(_OFFICES, offices=list_text(offices, self.texts))
        levels = [person.level for person in self.people if person.level is not None]
        if levels and max(levels) - min(levels) >= 2:
            yield self._say(_LEVELS)

    def about_common_ground(self) -> Iterator[str]:
        for interest in sorted({of for person in self.people for of in person.interests}):
            sharing = [person for person in self.people if interest in person.interests]
            if 2 <= len(sharing) <= NAMED_AT_MOST:
                yield self._say(_INTEREST, names=self._names(sharing), interest=interest)
        for _, group in _sharing(self.people, lambda person: person.title):
            departments = {person.department for person in group}
            if len(departments) > 1 and len(group) <= NAMED_AT_MOST:
                yield self._say(_SAME_TITLE, names=self._names(group))
        settled = [person for person in self.people if not is_new(person, self.day)]
        for year, group in _sharing(settled, _year_hired):
            if len(group) == 2:
                yield self._say(_SAME_YEAR, names=self._names(group), year=year)
        spoken = sorted(
            {_language_name(tag, self.texts) for person in self.people for tag in person.languages}
        )
        if 2 <= len(spoken) <= 5:
            yield self._say(_LANGUAGES, languages=list_text(spoken, self.texts))

    def _say(self, wordings: Sequence[str], **fields: object) -> str:
        return self.texts.say(ranked(self.seed, wordings, key=str)[0], **fields)

    def _names(self, group: Sequence[Person]) -> str:
        return list_text([person.name for person in group], self.texts)


def _year_hired(person: Person) -> str | None:
    return str(person.hired.year) if person.hired else None


def _sharing(
    people: Sequence[Person], field: Callable[[Person], str | None]
) -> list[tuple[str, list[Person]]]:
    """Groups of two or more people with the same value, in the order of the values."""
    by_value: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        if value := field(person):
            by_value[value].append(person)
    return [(value, group) for value, group in sorted(by_value.items()) if len(group) > 1]


def _language_name(tag: str, texts: Texts) -> str:
    """``de`` or ``de-AT`` as a name in the reader's language; what is no tag stays as it is."""
    code = tag.replace("-", "_").split("_")[0].lower()
    known: str | None = Locale.parse(texts.locale).languages.get(code)
    return known or tag
