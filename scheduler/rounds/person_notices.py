"""What people hear apart from a meeting: an invitation to a programme, thanks, and a rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from scheduler.people.audience import in_audience
from scheduler.people.person import Person
from scheduler.programmes.programme import Programme
from scheduler.rounds.context import Context
from scheduler.rounds.deeds import NOTHING, list_offered, takes_part
from scheduler.rounds.participation import find_paused
from scheduler.rounds.past import read_own_choices
from scheduler.rounds.sign_up import OpenList, find_open_list
from scheduler.rounds.telling import Message
from scheduler.store.answers import find_lately_unanswered
from scheduler.store.deliveries import read_deliveries
from scheduler.store.feedback import Thanks, read_thanks
from scheduler.store.notices import read_noticed
from scheduler.teams.cards.feedback import thanks_card
from scheduler.teams.cards.invitation import invitation_card
from scheduler.teams.cards.kit import Buttons, Card
from scheduler.teams.cards.rest import rest_card
from scheduler.teams.signing import Signer

ASKED_AGAIN = dt.timedelta(days=90)
"""Who said "not now", or nothing, is asked once more after this long."""
THANKS_FOR = dt.timedelta(days=7)
SILENT_LATELY = dt.timedelta(days=60)
"""Silence that began to count longer ago needs no message any more."""


def list_invitations(
    context: Context,
    people: Mapping[str, Person],
    group_members: Mapping[str, frozenset[str]],
    signer: Signer,
    now: dt.datetime,
) -> Iterator[Message]:
    """Ask the audience of each opt-in programme, those who have not decided.

    Who said that they never want to be asked has left; who is away on a pause, or rests because
    they did not answer, is left alone. To put their name down, people are asked while a list is
    open to them.
    """
    choices = read_own_choices(context)
    lately_silent = find_lately_unanswered(context.store, (now - SILENT_LATELY).date())
    resting = find_paused(context, choices, person_ids=lately_silent, until=now)
    before = now - ASKED_AGAIN
    for name, programme in sorted(context.settings.programmes.items()):
        if programme.audience.join != "opt-in" or not programme.notices.invite:
            continue
        asked = read_noticed(context.store, name, "invitation")
        find_list = partial(_find_list, {}, context, programme, now)
        for person in people.values():
            own = choices.get(person.id, NOTHING)
            undecided = own.takes_part(name, silence=True) != own.takes_part(name, silence=False)
            paused = own.paused_until is not None and own.paused_until > now.date()
            lately = person.id in asked and asked[person.id] >= before
            if not undecided or paused or lately or person.guest or person.id in resting:
                continue
            open_list = find_list(person)
            if programme.sign_up is not None and open_list is None:
                continue
            if in_audience(person, programme, today=now.date(), group_members=group_members):
                yield Message(
                    subject=name,
                    number=0,
                    kind="invitation",
                    person=person,
                    make=_invite(programme, Buttons(signer, name, person.id), open_list),
                    again_before=before,
                )


def list_rests(
    context: Context,
    people: Mapping[str, Person],
    group_members: Mapping[str, frozenset[str]],
    signer: Signer,
    now: dt.datetime,
) -> Iterator[Message]:
    """Tell those who have just left too many invitations unanswered that they are left in peace.

    Who takes part in nothing, or has said that they pause, needs no such message. Who came back
    and falls silent anew is told anew.
    """
    lately = find_lately_unanswered(context.store, (now - SILENT_LATELY).date())
    if not lately:
        return
    choices = read_own_choices(context)
    told = read_noticed(context.store, "choices", "rest")
    paused = find_paused(context, choices, person_ids=lately, until=now)
    for person_id, silence in sorted(paused.items()):
        person, own = people.get(person_id), choices.get(person_id, NOTHING)
        if person is None or person.guest or told.get(person_id, silence.since) > silence.since:
            continue
        if own.paused_until is not None and own.paused_until > now.date():
            continue
        offered = list_offered(context, person, group_members)
        if any(takes_part(own, programme, person, now.date()) for programme in offered):
            yield Message(
                subject="choices",
                number=0,
                kind="rest",
                person=person,
                make=_rest(silence.unanswered, Buttons(signer, "choices", person_id)),
                again_before=silence.since,
            )


def list_thanks(
    context: Context, people: Mapping[str, Person], now: dt.datetime
) -> Iterator[Message]:
    """Pass thanks on, with the words and the name of whoever said them; to colleagues alone."""
    for said in read_thanks(context.store, since=now - THANKS_FOR):
        to, giver = people.get(said.to_id), people.get(said.from_id)
        kind = f"thanks {said.from_id}"[:50]
        if to is None or to.guest or giver is None or _is_told(context, said, kind):
            continue
        yield Message(
            subject=said.round_id,
            number=said.group_number,
            kind=kind,
            person=to,
            make=_thank(giver, said),
        )


def _is_told(context: Context, said: Thanks, kind: str) -> bool:
    return any(
        delivery.state == "sent" and delivery.person_id == said.to_id
        for delivery in read_deliveries(context.store, said.round_id, kinds=[kind])
    )


def _find_list(
    known: dict[str | None, OpenList | None],
    context: Context,
    programme: Programme,
    now: dt.datetime,
    person: Person,
) -> OpenList | None:
    """Which list is open to somebody; that is the same for all of one office."""
    if person.office not in known:
        known[person.office] = find_open_list(context, programme, person, now)
    return known[person.office]


def _invite(
    programme: Programme, buttons: Buttons, open_list: OpenList | None
) -> Callable[[str], Card]:
    return lambda language: invitation_card(
        programme, buttons, language=language, open_list=open_list
    )


def _rest(unanswered: int, buttons: Buttons) -> Callable[[str], Card]:
    return lambda language: rest_card(unanswered, buttons, language=language)


def _thank(giver: Person, said: Thanks) -> Callable[[str], Card]:
    return lambda language: thanks_card(giver.name, said.words, language=language)
