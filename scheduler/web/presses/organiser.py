"""HR's contact approves a plan, or sends it back."""

from __future__ import annotations

from scheduler.rounds.approval import approve_round, send_back_round
from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.planning import find_programme
from scheduler.store.rounds import read_round, split_round_id
from scheduler.teams.cards.answer import answer_card
from scheduler.teams.cards.kit import opens
from scheduler.texts.catalogue import texts_in
from scheduler.web.presses.press import Press, Reply
from scheduler.web.service import Service


async def approve(service: Service, press: Press) -> Reply:
    """Approve a plan, so that the next run invites."""
    context = service.context(press.person_id)
    await _check_hr(service, press)
    await _check_state(service, press, "approved")
    await service.in_store(approve_round, context.store, press.action.subject, by=press.person_id)
    said = texts_in(press.language).say("Approved. The invitations go out with the next run.")
    return _tell_hr(service, press, said)


async def send_back(service: Service, press: Press) -> Reply:
    """Send a plan back with what should be different."""
    context = service.context(press.person_id)
    await _check_hr(service, press)
    await _check_state(service, press, "planned")
    await service.in_store(
        send_back_round,
        context.store,
        press.action.subject,
        by=press.person_id,
        reason=press.inputs.get("comment", ""),
    )
    said = texts_in(press.language).say(
        "Sent back. Nobody is invited until a new plan is approved."
    )
    return _tell_hr(service, press, said)


async def _check_hr(service: Service, press: Press) -> None:
    """The card was made for HR's contact, and whoever presses is still that."""
    person = await service.directory.find(press.person_id)
    contact = service.context().settings.organisation.contact.mail
    if person is None or person.mail.casefold() != contact.casefold():
        raise RefusedError("not_yours")


async def _check_state(service: Service, press: Press, wanted: str) -> None:
    """A second press finds the round as the first one left it."""
    found = await service.in_store(read_round, service.context().store, press.action.subject)
    if found.state == wanted:
        raise RefusedError("twice")


def _tell_hr(service: Service, press: Press, said: str) -> Reply:
    round_id = press.action.subject
    title = find_programme(service.context(), split_round_id(round_id)[0]).title
    link = opens(
        texts_in(press.language).say("Open the plan"),
        f"{service.web.address}/rounds/{round_id}",
    )
    return Reply(card=answer_card(f"{title}, {round_id}", [said], [link], language=press.language))
