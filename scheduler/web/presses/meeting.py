"""Members of a group: they come or cannot, say how it was, and meet again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from scheduler.agendas.agenda import Agenda
from scheduler.calendars.slots import Slot
from scheduler.graph.errors import GraphError
from scheduler.people.person import Person
from scheduler.rounds.attending import confirm_seat, find_own_meeting, give_seat_away
from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.looking_back import find_common_times, give_feedback
from scheduler.rounds.planning import find_programme
from scheduler.store.meetings import read_members
from scheduler.store.rounds import split_round_id
from scheduler.teams.cards.answer import answer_card, confirmed_card, declined_card, thanked_card
from scheduler.teams.cards.feedback import Offer, times_card
from scheduler.teams.cards.kit import Card
from scheduler.teams.links import compose_link
from scheduler.texts.catalogue import Texts, texts_in
from scheduler.web.presses.press import Press, Reply, buttons_like
from scheduler.web.service import Service


async def _agenda(service: Service, press: Press) -> Agenda | None:
    found, _ = await service.in_store(
        find_own_meeting,
        service.context(),
        press.action.subject,
        press.group_number,
        press.person_id,
    )
    return await service.write_agenda(found, press.group_number, press.person_id, press.language)


async def confirm(service: Service, press: Press) -> Reply:
    """Come, also after having said the opposite."""
    new = await service.in_store(
        confirm_seat,
        service.context(press.person_id),
        press.action.subject,
        press.group_number,
        press.person_id,
        at=service.now(),
    )
    if not new:
        raise RefusedError("twice")
    agenda = await _agenda(service, press)
    if agenda is None:
        return Reply(text=texts_in(press.language).say("You are coming. The others will be glad."))
    return Reply(card=confirmed_card(agenda, buttons_like(service, press)))


async def decline(service: Service, press: Press) -> Reply:
    """Give the seat away; the group is put together anew after the answer."""
    try:
        agenda = await _agenda(service, press)  # before the seat is somebody else's
    except RefusedError as refused:
        if refused.refusal == "cancelled":
            raise
        agenda = None
    new = await service.in_store(
        give_seat_away,
        service.context(press.person_id),
        press.action.subject,
        press.group_number,
        press.person_id,
        at=service.now(),
    )
    if not new:
        raise RefusedError("twice")
    service.ask_repair(press.action.subject)
    if agenda is None:
        texts = texts_in(press.language)
        return Reply(text=texts.say("You gave your seat away, and the others are told."))
    return Reply(card=declined_card(agenda, buttons_like(service, press)))


async def feedback(service: Service, press: Press) -> Reply:
    """Say how it was, once."""
    context = service.context(press.person_id)
    given = press.inputs
    new = await service.in_store(
        give_feedback,
        context,
        press.action.subject,
        press.group_number,
        press.person_id,
        met=given.get("met", ""),
        again=given.get("again", ""),
        note=given.get("note", ""),
        thank=_split(given.get("thank", "")),
        thanks=given.get("thanks", ""),
        at=service.now(),
    )
    if not new:
        raise RefusedError("twice")
    title = find_programme(context, split_round_id(press.action.subject)[0]).title
    return Reply(card=thanked_card(title, language=press.language))


async def connect(service: Service, press: Press) -> Reply:
    """Look for times at which both are free, and offer them."""
    texts = texts_in(press.language)
    try:
        person, other, slots = await find_times_with(
            service,
            press.person_id,
            press.action.subject,
            press.group_number,
            press.inputs.get("with", ""),
        )
    except GraphError:
        return Reply(
            text=texts.say("The calendars cannot be read just now. Please try again in a minute.")
        )
    return Reply(card=_times_card(service, press, person, other, slots, texts))


async def find_times_with(
    service: Service, person_id: str, round_id: str, group_number: int, other_id: str
) -> tuple[Person, Person, tuple[Slot, ...]]:
    """Two members of a meeting, and times at which both are free.

    Raises:
        RefusedError: They do not both belong to it, or one has left the directory.
        GraphError: The calendars cannot be read.
    """
    context = service.context(person_id)
    await service.in_store(find_own_meeting, context, round_id, group_number, person_id)
    members = await service.in_store(read_members, context.store, round_id, group_number)
    people = await service.directory.people()
    person, other = people.get(person_id), people.get(other_id)
    if person is None or other is None or other_id not in members or other == person:
        raise RefusedError("late")
    return person, other, await find_common_times(context, person, other, at=service.now())


def _times_card(
    service: Service,
    press: Press,
    person: Person,
    other: Person,
    slots: tuple[Slot, ...],
    texts: Texts,
) -> Card:
    zone = ZoneInfo(person.zone or service.context().settings.organisation.offices[0].zone)
    offers = [
        Offer(
            starts=slot.start.astimezone(zone),
            minutes=slot.minutes,
            url=compose_link(
                subject=texts.say("{one} and {other}", one=person.name, other=other.name),
                to=other.mail,
                starts=slot.start,
                minutes=slot.minutes,
            ),
        )
        for slot in slots
    ]
    return times_card(other.name, offers, language=press.language)


async def done(service: Service, press: Press) -> Reply:
    """Close the card of two weeks later."""
    context = service.context()
    title = find_programme(context, split_round_id(press.action.subject)[0]).title
    said = texts_in(press.language).say("Well done. Until next time.")
    return Reply(card=answer_card(title, [said], language=press.language))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
