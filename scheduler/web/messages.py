"""The bot's door: what Teams sends us. Nothing is done before the sender is known.

A request is taken for Teams' when its token is (issuer, audience, time, signature, service
address), for our tenant's when all it says of a tenant is ours, and for a person's by the
directory id that Teams gives the sender. A card's own data names nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

import jwt
import structlog
from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scheduler.rounds.deeds import RefusedError
from scheduler.store.notices import learn_channel, note_reachable
from scheduler.teams.cards.answer import refusal_text
from scheduler.teams.cards.kit import Card
from scheduler.teams.connector import CARD_TYPE, Connector, TeamsError
from scheduler.teams.package import settings_commands
from scheduler.teams.signing import FIELD, ForgedActionError
from scheduler.texts.catalogue import languages, mark, texts_in
from scheduler.web.access import anybody
from scheduler.web.guards import address_of
from scheduler.web.presses.answering import answer_press
from scheduler.web.presses.choices import show_choices
from scheduler.web.presses.press import Press, Reply, read_inputs
from scheduler.web.service import Service, service_of
from scheduler.web.teams_sdk import (
    AdaptiveCardActionMessageResponse,
    AdaptiveCardInvokeValue,
    TokenError,
)

log = structlog.get_logger(__name__)

router = APIRouter()
Here = Annotated[Service, Depends(service_of)]

ACTIVITY_LIMIT_BYTES = 128 * 1024
"""Teams sends at most 100 KB of a message."""
CHANNEL = "msteams"
HELP = mark("help")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MENTION = re.compile(r"<at>.*?</at>", re.DOTALL)

Json = Mapping[str, Any]


class DoorError(Exception):
    """A request that is answered with a status and nothing else."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@router.post("/api/messages", dependencies=[Depends(anybody)])
async def take_message(request: Request, service: Here) -> Response:
    """Take one activity of the bot's. The door checks its caller by itself, by the token."""
    address = address_of(request.scope)
    if service.forgeries.is_spent(address):
        return JSONResponse({"error": "refused"}, 429)
    try:
        activity = await _read_activity(request)
        await _check_sender(service, request.headers.get("authorization", ""), activity)
        person_id = _read_person(activity)
    except DoorError as error:
        if error.status in {401, 403}:
            service.forgeries.take(address)
        log.warning("activity-refused", status=error.status, why=str(error))
        return JSONResponse({"error": "refused"}, error.status)
    return await _answer(service, activity, person_id)


async def _read_activity(request: Request) -> Json:
    body = await request.body()
    if len(body) > ACTIVITY_LIMIT_BYTES:
        raise DoorError(413, "too large")
    try:
        activity: Any = json.loads(body)
    except ValueError as error:
        raise DoorError(400, "no JSON") from error
    if not isinstance(activity, dict):
        raise DoorError(400, "no object")
    return activity


async def _check_sender(service: Service, authorization: str, activity: Json) -> None:
    if service.tokens is None or service.teams is None:
        raise DoorError(404, "Teams is not set up")
    try:
        await service.tokens.check(authorization, _text(activity, "serviceUrl"))
    except jwt.PyJWKClientConnectionError as error:
        raise DoorError(503, "Teams' keys cannot be read") from error
    except TokenError as error:
        raise DoorError(401, f"token: {type(error).__name__}") from error
    if activity.get("channelId") != CHANNEL:
        raise DoorError(403, "another channel")
    said = {
        _text(_part(activity, "conversation"), "tenantId"),
        _text(_part(_part(activity, "channelData"), "tenant"), "id"),
    } - {""}
    if said != {service.teams.tenant_id}:
        raise DoorError(403, "another tenant")


def _read_person(activity: Json) -> str:
    person_id = _text(_part(activity, "from"), "aadObjectId").lower()
    if not _GUID.fullmatch(person_id):
        raise DoorError(403, "nobody of the directory")
    return person_id


async def _answer(service: Service, activity: Json, person_id: str) -> Response:
    kind, language = activity.get("type"), texts_in(_text(activity, "locale")).language
    if activity.get("action") != "remove":  # whoever takes the bot away is not reached by it
        await service.in_store(note_reachable, service.context().store, person_id)
    if kind == "invoke":
        if activity.get("name") != "adaptiveCard/action":
            return JSONResponse(None, 501)
        return await _answer_invoke(service, activity, person_id, language)
    if kind == "message":
        await _answer_message(service, activity, person_id, language)
    elif kind in {"conversationUpdate", "installationUpdate"}:
        await _learn(service, activity)
    return Response(status_code=200)


async def _answer_invoke(
    service: Service, activity: Json, person_id: str, language: str
) -> Response:
    try:
        data = AdaptiveCardInvokeValue.model_validate(activity.get("value")).action.data
    except ValidationError:
        return _say(refusal_text("forged", language=language))
    reply = await _press(service, data, person_id, language)
    if reply.card is None:
        return _say(reply.text)
    message_id = _text(activity, "replyToId")
    if reply.everybody and message_id:
        service.go_on(_update(service, activity, message_id, reply.card), "update-card")
    if reply.post is not None:
        service.go_on(_send(service, activity, reply.post), "post-card")
    return JSONResponse({"statusCode": 200, "type": CARD_TYPE, "value": dict(reply.card.content)})


async def _answer_message(service: Service, activity: Json, person_id: str, language: str) -> None:
    """A message asks for one's choices; or it is a press, from a client that knows no other way."""
    if _is_channel(activity):
        return  # the bot speaks in channels only when a button asks it to
    value = activity.get("value")
    if isinstance(value, dict) and FIELD in value:
        reply = await _press(service, value, person_id, language)
        if reply.card is not None:
            service.go_on(_send(service, activity, reply.card), "answer-card")
        else:
            service.go_on(_send_text(service, activity, reply.text), "answer-text")
        return
    if service.presses.take(person_id):
        return
    words = _MENTION.sub("", _text(activity, "text")).strip().casefold()
    known = settings_commands() | {texts_in(each).say(HELP).casefold() for each in languages()}
    card = await show_choices(service, person_id, language) if words in known else None
    if card is not None:
        service.go_on(_send(service, activity, card), "choices-card")
        return
    texts = texts_in(language)
    hint = texts.say(
        "Write “{command}” to see and change what you decided. Meetings themselves are in Outlook.",
        command=texts.say("settings"),
    )
    service.go_on(_send_text(service, activity, hint), "hint")


async def _press(
    service: Service, data: Mapping[str, object], person_id: str, language: str
) -> Reply:
    if service.presses.take(person_id):
        return Reply(text=refusal_text("too_many", language=language))
    try:
        action = service.signer.read(data.get(FIELD))
        inputs = read_inputs(action.verb, data)
    except ForgedActionError:
        log.warning("action-forged", person=person_id)
        return Reply(text=refusal_text("forged", language=language))
    except RefusedError as refused:
        return Reply(text=refusal_text(refused.refusal, language=language))
    press = Press(person_id=person_id, action=action, inputs=inputs, language=language)
    return await answer_press(service, press)


async def _learn(service: Service, activity: Json) -> None:
    """Remember the channels of a team to which the bot was added, by their names."""
    data = _part(activity, "channelData")
    team, channel = _part(data, "team"), _part(data, "channel")
    conversation = _text(channel, "id") or _text(team, "id")
    if not _text(team, "name") or not conversation:
        return
    name = f"{_text(team, 'name')}/{_text(channel, 'name') or 'General'}"
    await service.in_store(
        learn_channel, service.context().store, name[:300], conversation[:500], at=service.now()
    )


async def _send(service: Service, activity: Json, card: Card) -> None:
    async with _connect(service) as connector:
        await connector.send(_conversation(activity), card)


async def _send_text(service: Service, activity: Json, text: str) -> None:
    async with _connect(service) as connector:
        await connector.say(_conversation(activity), text)


async def _update(service: Service, activity: Json, message_id: str, card: Card) -> None:
    try:
        async with _connect(service) as connector:
            await connector.update(_conversation(activity), message_id, card)
    except TeamsError as error:
        log.warning("card-not-updated", status=error.status, code=error.code)


def _connect(service: Service) -> Connector:
    if service.teams is None:
        raise DoorError(404, "Teams is not set up")
    return Connector(service.teams, service.context().graph.get_token)


def _conversation(activity: Json) -> str:
    return _text(_part(activity, "conversation"), "id")


def _is_channel(activity: Json) -> bool:
    return _text(_part(activity, "conversation"), "conversationType") not in {"", "personal"}


def _say(text: str) -> Response:
    said = AdaptiveCardActionMessageResponse(value=text)
    return JSONResponse(said.model_dump(by_alias=True))


def _part(value: Json, name: str) -> Json:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: Json, name: str) -> str:
    text = value.get(name)
    return text if isinstance(text, str) else ""
