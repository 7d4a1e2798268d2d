"""What a group gets to read, written for the people who are in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.agendas.about import about_text
from scheduler.agendas.prompts import is_new, write_prompts
from scheduler.agendas.ranked import ranked
from scheduler.agendas.starters import Starter, write_starters
from scheduler.people.person import Person
from scheduler.programmes.programme import AgendaPlan
from scheduler.texts.catalogue import Texts, texts_in
from scheduler.texts.times import clock_text, day_text, span_text, zone_city, zone_text


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedItem:
    """One line of the agenda: from ``starts``, an instant, for ``minutes``; ``clock`` in words."""

    starts: dt.datetime
    minutes: int
    clock: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member as the others get to know them: a name, and what they do and where.

    ``tables``: the number of their table (or breakout room) in each turn, where tables change.
    """

    id: str
    name: str
    about: str
    tables: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of tables that change: from ``starts``, an instant, for ``minutes``."""

    starts: dt.datetime
    minutes: int
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """What stands above the parts of an agenda."""

    when: str
    where: str
    topic: str
    speaker: str
    who: str
    why: str
    items: str
    speaking: str
    prompts: str
    starters: str
    closing: str
    tables: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """An agenda in one language, all of it plain text.

    ``elsewhere`` is the span on the clocks of members in other zones. ``closing`` holds the
    beginnings of the sentences that everybody completes at the end. ``in_rooms``: the tables of
    ``turns`` are breakout rooms.
    """

    language: str
    headings: Headings
    title: str
    purpose: str
    day: str
    span: str
    zone: str
    elsewhere: tuple[str, ...]
    place: str
    topic: str | None
    speaker: str | None
    people: tuple[Attendee, ...]
    why: tuple[str, ...]
    items: tuple[TimedItem, ...]
    everyone_speaks: tuple[str, ...]
    prompts: tuple[str, ...]
    starters: tuple[Starter, ...]
    closing: tuple[str, ...]
    turns: tuple[Turn, ...] = ()
    in_rooms: bool = False


@dataclass(frozen=True, slots=True)
class Seating:
    """Tables that change every ``minutes``: the ids of the members at each table of each turn.

    ``rooms``: they are the breakout rooms of an online meeting.
    """

    minutes: int
    turns: tuple[tuple[tuple[str, ...], ...], ...]
    rooms: bool = False


def write_agenda(
    plan: AgendaPlan,
    *,
    title: str,
    members: Sequence[Person],
    starts: dt.datetime,
    minutes: int,
    place: str,
    why: Sequence[str],
    facilitator: str | None = None,
    seating: Seating | None = None,
    language: str = "en",
) -> Agenda:
    """Write the agenda of one group. The same group at the same time gets the same agenda.

    Args:
        plan: What HR wrote for the programme.
        title: The meeting's title, as it is the event's subject.
        members: Who is in the group; their order does not matter.
        starts: The start, in the zone whose clock the agenda shows.
        minutes: The meeting's length.
        place: Where, as people say it: "Café Linde, table 4", "Online in Teams".
        why: Sentences that say why these people were put together.
        facilitator: The id of the member whose turn it is to open the meeting and keep the
            time; without one, somebody is chosen by lot.
        seating: Where tables change during the meeting, who sits where.
        language: The language of what is not HR's own text.

    Raises:
        ValueError: When ``starts`` has no zone, nobody is in the group, or the items of ``plan``
            take longer than the meeting.
    """
    if not members:
        raise ValueError("an agenda needs at least one member")
    planned = sum(item.minutes for item in plan.items)
    if planned > minutes:
        raise ValueError(f"the agenda takes {planned} minutes, the meeting only {minutes}")
    texts = texts_in(language)
    people = sorted(members, key=lambda person: (person.name.casefold(), person.id))
    seed = f"{starts.astimezone(dt.UTC).isoformat()} {sorted(person.id for person in people)}"
    return Agenda(
        language=texts.language,
        headings=_headings(texts, rooms=seating is not None and seating.rooms),
        title=title,
        purpose=plan.purpose,
        day=day_text(starts, texts),
        span=span_text(starts, minutes, texts),
        zone=zone_text(starts, texts),
        elsewhere=_spans_elsewhere(people, starts, minutes, texts),
        place=place,
        topic=plan.topic,
        speaker=plan.speaker,
        people=tuple(
            Attendee(
                person.id, person.name, about_text(person, texts), _tables_of(person.id, seating)
            )
            for person in people
        ),
        why=tuple(why),
        items=_time_items(plan, starts, texts),
        everyone_speaks=_everyone_speaks(
            plan, people, facilitator, day=starts.date(), seed=seed, texts=texts
        ),
        prompts=write_prompts(people, day=starts.date(), seed=seed, texts=texts),
        starters=write_starters(people, seed=seed, texts=texts),
        closing=(
            texts.say("I can help with"),
            texts.say("I would like help with"),
            texts.say("I will get back to somebody about"),
        ),
        turns=() if seating is None else _time_turns(plan, starts, minutes, seating, texts),
        in_rooms=seating is not None and seating.rooms,
    )


def _headings(texts: Texts, *, rooms: bool) -> Headings:
    return Headings(
        when=texts.say("When"),
        where=texts.say("Where"),
        topic=texts.say("Topic"),
        speaker=texts.say("Guest"),
        who=texts.say("Who you meet"),
        why=texts.say("Why you"),
        items=texts.say("Agenda"),
        speaking=texts.say("So that everyone is heard"),
        prompts=texts.say("Questions for this table"),
        starters=texts.say("Between your departments"),
        closing=texts.say("Before you part, each of you completes"),
        tables=texts.say("Your breakout rooms") if rooms else texts.say("Your tables"),
        name=texts.say("Name"),
    )


def _time_items(plan: AgendaPlan, starts: dt.datetime, texts: Texts) -> tuple[TimedItem, ...]:
    """Items one after the other, counted in instants: a clock change moves only what is shown."""
    items = []
    moment = starts.astimezone(dt.UTC)
    for item in plan.items:
        shown = moment.astimezone(starts.tzinfo)
        items.append(
            TimedItem(
                starts=shown,
                minutes=item.minutes,
                clock=clock_text(shown, texts),
                title=item.title,
                text=item.text,
            )
        )
        moment += dt.timedelta(minutes=item.minutes)
    return tuple(items)


def _tables_of(person_id: str, seating: Seating | None) -> tuple[int, ...]:
    if seating is None:
        return ()
    return tuple(
        number
        for tables in seating.turns
        for number, members in enumerate(tables, 1)
        if person_id in members
    )


def _time_turns(
    plan: AgendaPlan, starts: dt.datetime, minutes: int, seating: Seating, texts: Texts
) -> tuple[Turn, ...]:
    """Turns take the place of the items of their length, else the end of the meeting."""
    count = len(seating.turns)
    lengths = [item.minutes for item in plan.items]
    run = [seating.minutes] * count
    first = next((at for at in range(len(lengths)) if lengths[at : at + count] == run), None)
    before = minutes - seating.minutes * count if first is None else sum(lengths[:first])
    begin = starts.astimezone(dt.UTC) + dt.timedelta(minutes=before)
    moments = [
        (begin + dt.timedelta(minutes=seating.minutes * turn)).astimezone(starts.tzinfo)
        for turn in range(count)
    ]
    return tuple(Turn(at, seating.minutes, clock_text(at, texts)) for at in moments)


def _spans_elsewhere(
    people: Sequence[Person], starts: dt.datetime, minutes: int, texts: Texts
) -> tuple[str, ...]:
    """The span once for each clock that differs from the one shown."""
    offset = starts.utcoffset()
    seen: dict[dt.timedelta | None, dt.datetime] = {}
    for zone in sorted({person.zone for person in people if person.zone}):
        there = starts.astimezone(ZoneInfo(zone))
        if there.utcoffset() != offset:
            seen.setdefault(there.utcoffset(), there)
    return tuple(
        texts.say(
            "{span} in {city}, {day}",
            span=span_text(there, minutes, texts),
            city=zone_city(there, texts),
            day=day_text(there, texts),
        )
        if there.date() != starts.date()
        else texts.say(
            "{span} in {city}", span=span_text(there, minutes, texts), city=zone_city(there, texts)
        )
        for there in sorted(seen.values(), key=lambda there: there.utcoffset() or dt.timedelta())
    )


def _everyone_speaks(
    plan: AgendaPlan,
    people: Sequence[Person],
    facilitator: str | None,
    *,
    day: dt.date,
    seed: str,
    texts: Texts,
) -> tuple[str, ...]:
    """Turns for all, and who begins; neither guests nor newcomers while there are others."""
    longest = max(item.minutes for item in plan.items)
    each = longest // len(people)
    turns = (
        texts.say_plural(
            "Everyone speaks once before anyone speaks twice: about {count} minute each.",
            "Everyone speaks once before anyone speaks twice: about {count} minutes each.",
            each,
        )
        if each
        else texts.say("Everyone speaks once before anyone speaks twice.")
    )
    settled = [person for person in people if not (person.guest or is_new(person, day))]
    first = ranked(f"{seed} turns", settled or people, key=lambda person: person.id)[0]
    leads = next((person for person in people if person.id == facilitator), first)
    if plan.facilitator == "by-turn":
        return turns, texts.say("{name} opens the meeting and keeps the time.", name=leads.name)
    return turns, texts.say("{name} begins.", name=leads.name)
