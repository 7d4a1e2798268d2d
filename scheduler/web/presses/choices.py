"""Somebody looks at what they decided, and changes it."""

from __future__ import annotations

from scheduler.people.audience import joins_by_silence
from scheduler.rounds.deeds import (
    RefusedError,
    end_silence,
    list_offered,
    read_my_choices,
    save_choices_form,
)
from scheduler.teams.cards.answer import answer_card
from scheduler.teams.cards.choices import choices_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.cards.rest import back_card
from scheduler.texts.catalogue import texts_in
from scheduler.web.listings import find_signed_up, tell_listings
from scheduler.web.presses.press import Press, Reply, buttons_like
from scheduler.web.service import Service


async def show_choices(service: Service, person_id: str, language: str) -> Card | None:
    """The card of somebody's choices; None for somebody who is not in the directory."""
    context = service.context(person_id)
    people = await service.directory.people()
    person = people.get(person_id)
    if person is None:
        return None
    choices = await service.in_store(read_my_choices, context, person_id)
    offered = list_offered(context, person, await service.directory.group_members())
    return choices_card(
        choices,
        offered,
        Buttons(service.signer, "choices", person_id),
        today=context.today,
        mails={known: people[known].mail for known in choices.meet_people if known in people},
        language=language,
        automatic=[p.name for p in offered if joins_by_silence(person, p, context.today)],
    )


async def settings(service: Service, press: Press) -> Reply:
    """The form of all choices."""
    card = await show_choices(service, press.person_id, press.language)
    if card is None:
        raise RefusedError("late")
    return Reply(card=card)


async def ask_again(service: Service, press: Press) -> Reply:
    """End the pause of somebody who left invitations unanswered."""
    person = (await service.directory.people()).get(press.person_id)
    if person is None:
        raise RefusedError("late")
    context = service.context(press.person_id)
    members = await service.directory.group_members()
    if not await service.in_store(end_silence, context, person, members):
        raise RefusedError("twice")
    return Reply(card=back_card(buttons_like(service, press), language=press.language))


async def save_choices(service: Service, press: Press) -> Reply:
    """Keep what the form says, all or nothing."""
    context = service.context(press.person_id)
    people = await service.directory.people()
    person = people.get(press.person_id)
    if person is None:
        raise RefusedError("late")
    texts = texts_in(press.language)
    before = await find_signed_up(service, press.person_id)
    changed = await service.in_store(
        save_choices_form,
        context,
        person,
        press.inputs,
        people=people,
        group_members=await service.directory.group_members(),
    )
    if not changed:
        raise RefusedError("twice")
    settings = Buttons(service.signer, "choices", press.person_id).press(
        "settings", texts.say("My choices"), inputs=False
    )
    joined = await find_signed_up(service, press.person_id) - before
    said = [
        texts.say("Kept. It counts from the next round on."),
        *await tell_listings(service, press.person_id, joined, texts),
    ]
    return Reply(
        card=answer_card(texts.say("My choices"), said, [settings], language=press.language)
    )
