"""Somebody joins a programme, or does not."""

from __future__ import annotations

from scheduler.rounds.deeds import RefusedError, join_programme, leave_programme
from scheduler.rounds.planning import find_programme
from scheduler.teams.cards.answer import joined_card, not_joined_card
from scheduler.web.listings import find_listings_of
from scheduler.web.presses.press import Press, Reply, buttons_like
from scheduler.web.service import Service


async def join(service: Service, press: Press) -> Reply:
    """Take part from now on."""
    context = service.context(press.person_id)
    programme = find_programme(context, press.action.subject)
    if not await service.in_store(join_programme, context, press.person_id, programme.name):
        raise RefusedError("twice")
    listing = (await find_listings_of(service, press.person_id, {programme.name})).get(
        programme.name
    )
    buttons = buttons_like(service, press)
    return Reply(card=joined_card(programme, buttons, language=press.language, listing=listing))


async def not_now(service: Service, press: Press) -> Reply:
    """Not this time; the next asking may come."""
    programme = find_programme(service.context(), press.action.subject)
    buttons = buttons_like(service, press)
    return Reply(card=not_joined_card(programme, buttons, never=False, language=press.language))


async def never(service: Service, press: Press) -> Reply:
    """Never be asked again."""
    context = service.context(press.person_id)
    programme = find_programme(context, press.action.subject)
    if not await service.in_store(leave_programme, context, press.person_id, programme.name):
        raise RefusedError("twice")
    buttons = buttons_like(service, press)
    return Reply(card=not_joined_card(programme, buttons, never=True, language=press.language))
