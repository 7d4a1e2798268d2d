"""From a press to its reply: who may, what is done, and the kind word where nothing is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog

from scheduler.people.choosing import ChoiceError
from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.planning import UnknownProgrammeError
from scheduler.store.errors import RoundStateError, UnknownRoundError
from scheduler.teams.cards.answer import refusal_text
from scheduler.web.presses import choices, forum, meeting, organiser, programme
from scheduler.web.presses.press import Press, Reply
from scheduler.web.service import Service

log = structlog.get_logger(__name__)

Deed = Callable[[Service, Press], Awaitable[Reply]]
DEEDS: Mapping[str, Deed] = {
    "join": programme.join,
    "not_now": programme.not_now,
    "never": programme.never,
    "confirm": meeting.confirm,
    "decline": meeting.decline,
    "come_after_all": meeting.confirm,
    "feedback": meeting.feedback,
    "connect": meeting.connect,
    "done": meeting.done,
    "ask_again": choices.ask_again,
    "settings": choices.settings,
    "save_choices": choices.save_choices,
    "approve": organiser.approve,
    "send_back": organiser.send_back,
    "answer": forum.answer,
    "ask": forum.ask,
    "offer": forum.offer,
    "reply": forum.reply,
}
CHANNEL_VERBS = frozenset({"answer", "ask", "offer", "reply"})
"""The only ones on cards that are nobody's own."""


async def answer_press(service: Service, press: Press) -> Reply:
    """Do what the button asks, once, and say what the card turns into.

    Whoever presses is given by the door, from the request's sign-in. The action is signed by us;
    what was filled in is not, so every field is checked where it is used.
    """
    try:
        _check_press(press)
        return await DEEDS[press.action.verb](service, press)
    except RefusedError as refused:
        log.info("press-refused", verb=press.action.verb, why=refused.refusal)
        return Reply(text=refusal_text(refused.refusal, language=press.language))
    except (UnknownProgrammeError, UnknownRoundError):
        return Reply(text=refusal_text("cancelled", language=press.language))
    except RoundStateError:
        return Reply(text=refusal_text("late", language=press.language))
    except ChoiceError as error:
        return Reply(text=str(error))


def _check_press(press: Press) -> None:
    action = press.action
    if action.verb not in DEEDS:
        raise RefusedError("forged")
    if action.person_id is None and action.verb not in CHANNEL_VERBS:
        raise RefusedError("not_yours")
    if action.person_id is not None and action.person_id != press.person_id:
        raise RefusedError("not_yours")
