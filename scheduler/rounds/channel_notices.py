"""What channels and HR hear: a plan waits, what a round changed, the question of the week."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from scheduler.grouping.plan import Plan
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.forum import open_question
from scheduler.rounds.telling import Message, Teller
from scheduler.store.bookings import read_bookings
from scheduler.store.deliveries import read_deliveries
from scheduler.store.feedback import read_feedback
from scheduler.store.plans import read_plan
from scheduler.store.rounds import Round, list_rounds
from scheduler.teams.cards.forum import market_card, question_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.cards.organiser import RoundReport, plan_ready_card, round_report_card
from scheduler.teams.signing import Signer
from scheduler.teams.workflow import keep_links
from scheduler.texts.catalogue import texts_in

REPORT_AFTER = dt.timedelta(days=7)
"""By then most have said how it was."""
FEW = 5
"""A share of fewer answers would tell what single people said."""
LANGUAGE = "en"
"""Of channels and HR; a channel has no language of its own."""


async def post_due(
    context: Context,
    teller: Teller,
    people: Mapping[str, Person],
    signer: Signer,
    now: dt.datetime,
) -> None:
    """Tell HR which plans wait and what rounds changed, and keep the programmes' forums going."""
    await _tell_plans(context, teller, people, signer)
    await _post_reports(context, teller, now)
    await _keep_forums(context, teller, signer, now)


async def _tell_plans(
    context: Context, teller: Teller, people: Mapping[str, Person], signer: Signer
) -> None:
    contact = context.settings.organisation.contact
    hr = next((p for p in people.values() if p.mail.casefold() == contact.mail.casefold()), None)
    # A mailbox that is nobody's own is told by mail: no card reaches it, and nobody can press.
    to = hr or Person(id=f"mail:{contact.mail}"[:100], name=contact.name, mail=contact.mail)
    for found in list_rounds(context.store, states=frozenset({"planned"})):
        programme = context.settings.programmes.get(found.programme)
        if programme is None or programme.approval != "required":
            continue
        plan = read_plan(context.store, found.id)
        kind = f"plan-ready {found.revision}"  # a new plan waits anew
        buttons = Buttons(signer, found.id, to.id)

        def make(
            language: str,
            plan: Plan = plan,
            programme: Programme = programme,
            buttons: Buttons = buttons,
        ) -> Card:
            return plan_ready_card(
                plan, programme.title, buttons, page_url=_page(plan.round_id), language=language
            )

        message = Message(subject=found.id, number=0, kind=kind, person=to, make=make)
        await teller.tell([message], cards=hr is not None)
        if contact.channel:
            await teller.post(found.id, kind, contact.channel, lambda make=make: _open(make))  # type: ignore[misc]


def _open(make: Callable[[str], Card]) -> Card:
    """The same card for a channel: everybody may look, nobody approves there."""
    card = make(LANGUAGE)
    return replace(card, content=keep_links(card.content))


async def _post_reports(context: Context, teller: Teller, now: dt.datetime) -> None:
    channel = context.settings.organisation.contact.channel
    if channel is None:
        return
    for found in list_rounds(context.store, states=frozenset({"booked", "held", "closed"})):
        programme = context.settings.programmes.get(found.programme)
        plan = read_plan(context.store, found.id)
        if programme is None or not plan.groups:
            continue
        last = max(group.slot.end for group in plan.groups)
        if REPORT_AFTER <= now - last <= REPORT_AFTER * 4:
            report = count_round(context, found, plan)
            title = programme.title
            await teller.post(
                found.id,
                "report",
                channel,
                lambda report=report, title=title, found=found: round_report_card(  # type: ignore[misc]
                    report, title, page_url=_page(found.id), language=LANGUAGE
                ),
            )


def count_round(context: Context, found: Round, plan: Plan) -> RoundReport:
    """What a round came to, by what its members said."""
    bookings = read_bookings(context.store, found.id, states={"booked"})
    groups = [group for group in plan.groups if group.number in bookings]
    given = read_feedback(context.store, found.id)
    missed: dict[int, bool] = {}
    for one in given:
        missed[one.group_number] = missed.get(one.group_number, True) and one.met == "no"
    met = [group for group in groups if not missed.get(group.number, False)]
    again = [one.again for one in given if one.again is not None]
    share = sum(one == "yes" for one in again) / len(again) if len(again) >= FEW else None
    told = read_deliveries(context.store, found.id)
    by_mail = {one.person_id for one in told if one.state == "sent" and one.by_mail}
    return RoundReport(
        groups=len(groups),
        groups_met=len(met),
        people=sum(len(group.member_ids) for group in met),
        new_ties=sum(group.new_ties for group in met),
        cross_department_ties=min(plan.cross_department_ties, sum(group.new_ties for group in met)),
        answers=len(again),
        again_share=share,
        repaired=sum(booking.attempt > 1 for booking in bookings.values()),
        unreachable=len(by_mail),
    )


async def _keep_forums(context: Context, teller: Teller, signer: Signer, now: dt.datetime) -> None:
    texts = texts_in(LANGUAGE)
    for name, programme in sorted(context.settings.programmes.items()):
        channel = programme.notices.channel
        if channel is None:
            continue
        title = programme.title
        market = Buttons(signer, name, None)
        await teller.post(
            name,
            "market",
            channel,
            lambda title=title, market=market: market_card(title, market, language=LANGUAGE),  # type: ignore[misc]
        )
        question = open_question(context, name, at=now)
        buttons = Buttons(signer, name, None, question.id)
        await teller.post(
            name,
            f"question {question.id}"[:50],
            channel,
            lambda title=title, question=question, buttons=buttons: question_card(  # type: ignore[misc]
                title, texts.say(question.text), [], buttons, language=LANGUAGE
            ),
        )


def _page(round_id: str) -> str:
    address = os.environ.get("SCHEDULER_ADDRESS", "").strip().rstrip("/")
    return f"{address or 'http://localhost:8080'}/rounds/{round_id}"
