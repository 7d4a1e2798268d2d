"""Change notifications: subscriptions, their validation, and what is posted to them."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx

from scheduler.sandbox.api.event_reader import bad
from scheduler.sandbox.api.odata import context
from scheduler.sandbox.api.request import (
    Answer,
    GraphError,
    Json,
    Request,
    answer_json,
    answer_nothing,
)
from scheduler.sandbox.mailboxes import Copy
from scheduler.sandbox.outgoing import is_loopback, post
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.zones import read_moment

MAX_MINUTES = 10_080
"""Longest life of a subscription to Outlook events: less than seven days."""
MIN_MINUTES = 45
MAX_STATE = 128
_GATHER_SECONDS = 0.05
_TRIES = 3
_KINDS = ("created", "updated", "deleted")
_RESOURCE = re.compile(r"/?users/([^/]+)/(?:calendar/)?events/?", re.IGNORECASE)


@dataclass(slots=True)
class Subscription:
    """A standing wish to hear of changes in one mailbox."""

    id: str
    kinds: frozenset[str]
    url: str
    resource: str
    mailbox: str
    expires: dt.datetime
    state: str | None
    lifecycle_url: str | None
    app: str
    waiting: list[tuple[str, str, str]] = field(default_factory=list)


class Subscriptions:
    """All subscriptions of a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.known: dict[str, Subscription] = {}
        self.failed = 0
        self._tasks: set[asyncio.Task[None]] = set()
        tenant.watchers.append(self._notice)

    async def create(self, tenant: Tenant, request: Request) -> Answer:
        """``POST /subscriptions``: the address must answer the validation first."""
        body = request.read_object()
        kinds = {kind.strip().lower() for kind in str(body.get("changeType") or "").split(",")}
        if not kinds <= set(_KINDS):
            raise bad("changeType must be created, updated or deleted.", "InvalidRequest")
        resource = str(body.get("resource") or "")
        found = _RESOURCE.fullmatch(resource)
        if not found:
            raise bad(f"Resource '{resource}' is not supported.", "ExtensionError")
        box = tenant.find_mailbox(found.group(1))
        url = _read_url(body, "notificationUrl")
        if url is None:
            raise bad("notificationUrl is missing.", "InvalidRequest")
        state = body.get("clientState")
        if state is not None and len(str(state)) > MAX_STATE:
            raise bad(f"clientState must not exceed {MAX_STATE} characters.", "InvalidRequest")
        if body.get("includeResourceData"):
            raise bad("This tenant sends no resource data.", "InvalidRequest")
        subscription = Subscription(
            str(uuid.uuid4()), frozenset(kinds), url, resource, box.owner.id,
            self._read_expiry(body), None if state is None else str(state),
            _read_url(body, "lifecycleNotificationUrl"), str(request.claims.get("appid", "")),
        )  # fmt: skip
        await _validate(url)
        if subscription.lifecycle_url:
            await _validate(subscription.lifecycle_url)
        self.known[subscription.id] = subscription
        return self._answer(request, subscription, 201)

    def _read_expiry(self, body: Json) -> dt.datetime:
        text = body.get("expirationDateTime")
        if not isinstance(text, str):
            raise bad("expirationDateTime is missing.", "InvalidRequest")
        expires = read_moment(text)
        now = self._now(expires)
        minutes = (expires - now).total_seconds() / 60
        if minutes <= 0 or minutes > MAX_MINUTES:
            raise bad(
                f"Subscription expiration can only be {MAX_MINUTES} minutes in the future.",
                "ExtensionError",
            )
        return max(expires, now + dt.timedelta(minutes=MIN_MINUTES))

    def _now(self, near: dt.datetime) -> dt.datetime:
        """Return the clock which the client means: the tenant's, or that of this computer."""
        clocks = (self._tenant.now(), dt.datetime.now(dt.UTC))
        return min(clocks, key=lambda now: abs(near - now))

    def _find(self, subscription: str) -> Subscription:
        found = self.known.get(subscription)
        if found is None or found.expires <= self._now(found.expires):
            self.known.pop(subscription, None)
            raise GraphError(404, "ResourceNotFound", "The object was not found.")
        return found

    @staticmethod
    def _answer(request: Request, subscription: Subscription, status: int = 200) -> Answer:
        where = {"@odata.context": context(request, "subscriptions/$entity")}
        return answer_json({**where, **_write(subscription)}, status)

    def get(self, tenant: Tenant, request: Request, subscription: str) -> Answer:
        """``GET /subscriptions/{id}``."""
        del tenant
        return self._answer(request, self._find(subscription))

    def list(self, tenant: Tenant, request: Request) -> Answer:
        """``GET /subscriptions``."""
        del tenant
        where = {"@odata.context": context(request, "subscriptions")}
        return answer_json({**where, "value": [_write(s) for s in self.known.values()]})

    def renew(self, tenant: Tenant, request: Request, subscription: str) -> Answer:
        """``PATCH /subscriptions/{id}``: a new expiry."""
        del tenant
        found = self._find(subscription)
        found.expires = self._read_expiry(request.read_object())
        return self._answer(request, found)

    def delete(self, tenant: Tenant, request: Request, subscription: str) -> Answer:
        """``DELETE /subscriptions/{id}``."""
        del tenant, request
        self._find(subscription)
        del self.known[subscription]
        return answer_nothing(204)

    def _notice(self, copy: Copy, change: str) -> None:
        """Note a change for those who want to hear of it, and post it a moment later."""
        for subscription in list(self.known.values()):
            if copy.owner.id != subscription.mailbox or change not in subscription.kinds:
                continue
            if subscription.expires <= self._now(subscription.expires):
                self.known.pop(subscription.id, None)
                continue
            subscription.waiting.append((change, copy.id, copy.etag))
            if len(subscription.waiting) == 1:
                task = asyncio.get_running_loop().create_task(self._post(subscription))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _post(self, subscription: Subscription) -> None:
        await asyncio.sleep(_GATHER_SECONDS)
        changes, subscription.waiting = subscription.waiting, []
        body = {"value": [self._describe(subscription, *change) for change in changes]}
        for attempt in range(_TRIES):
            try:
                answer = await post(subscription.url, json=body)
            except httpx.HTTPError:
                pass
            else:
                if answer.status_code < 300:
                    self._tenant.counts["notifications delivered"] += len(changes)
                    return
            await asyncio.sleep(0.2 * 2**attempt)
        self.failed += len(changes)
        self._tenant.counts["notifications lost"] += len(changes)

    def _describe(self, subscription: Subscription, change: str, event: str, etag: str) -> Json:
        resource = f"Users/{subscription.mailbox}/Events/{event}"
        return {
            "subscriptionId": subscription.id,
            "subscriptionExpirationDateTime": _write_moment(subscription.expires),
            "tenantId": self._tenant.id,
            "changeType": change,
            "resource": resource,
            "clientState": subscription.state,
            "resourceData": {
                "@odata.type": "#Microsoft.Graph.Event",
                "@odata.id": resource,
                "@odata.etag": etag,
                "id": event,
            },
        }


def _read_url(body: Json, name: str) -> str | None:
    """Return an address to post to: HTTPS, or plain HTTP on this computer.

    Raises:
        GraphError: 400 for another one.
    """
    url = body.get(name)
    if url is None:
        return None
    scheme = urlsplit(str(url)).scheme
    if scheme not in ("https", "http") or (scheme == "http" and not is_loopback(str(url))):
        raise bad(f"{name} must be an https address.", "InvalidRequest")
    if not is_loopback(str(url)):
        raise bad(f"This tenant posts to this computer only, not to '{url}'.", "InvalidRequest")
    return str(url)


async def _validate(url: str) -> None:
    """Ask an address to return a token as plain text with status 200 within ten seconds.

    Raises:
        GraphError: 400 ``ValidationError``.
    """
    token = f"Validation: Testing client application reachability. {secrets.token_urlsafe(16)}"
    joined = f"{url}{'&' if '?' in url else '?'}validationToken={quote(token, safe='')}"
    try:
        answer = await post(joined, text="")
    except httpx.HTTPError as error:
        raise bad(
            f"Subscription validation request failed. {type(error).__name__}", "ValidationError"
        ) from error
    if answer.status_code != 200 or answer.text != token:
        raise bad(
            f"Subscription validation request failed. Must respond with 200 OK to this request, "
            f"with the token as text; the answer was {answer.status_code}.", "ValidationError",
        )  # fmt: skip


def _write_moment(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _write(subscription: Subscription) -> Json:
    return {
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": subscription.app,
        "changeType": ",".join(kind for kind in _KINDS if kind in subscription.kinds),
        "clientState": None,
        "notificationUrl": subscription.url,
        "lifecycleNotificationUrl": subscription.lifecycle_url,
        "expirationDateTime": _write_moment(subscription.expires),
        "creatorId": subscription.app,
        "includeResourceData": None,
        "latestSupportedTlsVersion": "v1_2",
        "encryptionCertificate": None,
        "encryptionCertificateId": None,
        "notificationQueryOptions": None,
        "notificationUrlAppId": None,
    }
