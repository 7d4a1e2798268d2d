"""From method and path to the function that answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from scheduler.sandbox.api import (
    attachments,
    calendars,
    event_lists,
    events,
    mail,
    places,
    schedules,
    users,
)
from scheduler.sandbox.api.attachments import Uploads
from scheduler.sandbox.api.request import Answer, GraphError, Request
from scheduler.sandbox.api.subscriptions import Subscriptions
from scheduler.sandbox.tenant import Tenant

Handler = Callable[..., Answer | Awaitable[Answer]]

# {name} is one segment; the rest is compared without regard to case. Calendars can be named in
# several ways that all mean the one calendar of the mailbox.
_CALENDARS = ("users/{user}", "users/{user}/calendar", "users/{user}/calendars/{calendar}")


def _routes() -> list[tuple[str, str, Handler]]:
    found: list[tuple[str, str, Handler]] = [
        ("GET", "users", users.list_users),
        ("GET", "users/$count", users.count_users),
        ("GET", "users/delta", users.list_users_delta),
        ("GET", "users/{user}", users.get_user),
        ("GET", "users/{user}/manager", users.get_manager),
        ("GET", "users/{user}/mailboxsettings", users.get_mailbox_settings),
        ("GET", "users/{user}/calendar", calendars.get_calendar),
        ("GET", "users/{user}/calendars", calendars.list_calendars),
        ("GET", "users/{user}/calendars/{calendar}", calendars.get_calendar),
        ("GET", "groups", users.list_groups),
        ("GET", "groups/{group}", users.get_group),
        ("GET", "groups/{group}/members", users.list_group_members),
        ("GET", "groups/{group}/members/user", users.list_group_members),
        ("GET", "groups/{group}/transitivemembers", users.list_group_members),
        ("GET", "groups/{group}/transitivemembers/user", users.list_group_members),
        ("GET", "organization", users.list_organization),
        ("GET", "places/room", places.list_rooms),
        ("GET", "places/roomlist", places.list_room_lists),
        ("GET", "places/{place}", places.get_place),
        ("GET", "places/{place}/roomlist/rooms", places.list_rooms_of_list),
        ("POST", "users/{user}/sendmail", mail.send_mail),
    ]
    for root in _CALENDARS:
        event = root + "/events/{event}"
        found += [
            ("POST", f"{root}/getschedule", schedules.get_schedule),
            ("POST", f"{root}/events", events.create_event),
            ("GET", f"{root}/events", event_lists.list_events),
            ("GET", f"{root}/calendarview", event_lists.list_calendar_view),
            ("GET", f"{root}/calendarview/delta", event_lists.list_calendar_view_delta),
            ("GET", event, events.get_event),
            ("PATCH", event, events.update_event),
            ("DELETE", event, events.delete_event),
            ("POST", f"{event}/cancel", events.cancel_event),
            ("POST", f"{event}/accept", events.accept_event),
            ("POST", f"{event}/decline", events.decline_event),
            ("POST", f"{event}/tentativelyaccept", events.tentatively_accept_event),
            ("POST", f"{event}/forward", events.forward_event),
            ("GET", f"{event}/attachments", attachments.list_attachments),
            ("POST", f"{event}/attachments", attachments.add_attachment),
            ("GET", event + "/attachments/{attachment}", attachments.get_attachment),
            ("DELETE", event + "/attachments/{attachment}", attachments.delete_attachment),
            ("GET", event + "/attachments/{attachment}/$value", attachments.get_attachment_bytes),
        ]
    return found


class Router:
    """Finds the handler of a request; ``add`` takes further routes before the first request."""

    def __init__(self, tenant: Tenant, uploads: Uploads, subscriptions: Subscriptions) -> None:
        self._tenant = tenant
        self._by_length: dict[int, list[tuple[str, list[str], Handler]]] = {}
        for method, path, handler in _routes():
            self.add(method, path, handler)

        def create_session(tenant: Tenant, request: Request, user: str, event: str) -> Answer:
            return attachments.create_upload_session(tenant, request, uploads, user, event)

        for root in _CALENDARS:
            self.add(
                "POST", root + "/events/{event}/attachments/createuploadsession", create_session
            )

        self.add("POST", "subscriptions", subscriptions.create)
        self.add("GET", "subscriptions", subscriptions.list)
        self.add("GET", "subscriptions/{subscription}", subscriptions.get)
        self.add("PATCH", "subscriptions/{subscription}", subscriptions.renew)
        self.add("DELETE", "subscriptions/{subscription}", subscriptions.delete)

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Add a route."""
        parts = path.split("/")
        self._by_length.setdefault(len(parts), []).append((method, parts, handler))

    async def answer(self, request: Request) -> Answer:
        """Answer a request.

        Raises:
            GraphError: 404 ``ResourceNotFound`` for a path that is not served, 405 for a method
                which it does not know, and whatever the handler refuses.
        """
        segments = request.segments
        if segments and segments[0].lower() == "me":
            raise GraphError(
                400, "BadRequest", "/me request is only valid with delegated authentication flow."
            )
        methods = set()
        best: tuple[int, Handler, dict[str, str]] | None = None
        for method, parts, handler in self._by_length.get(len(segments), ()):
            found = _match(parts, segments)
            if found is None:
                continue
            methods.add(method)
            if method == request.method and (best is None or len(found) < best[0]):
                best = (len(found), handler, found)
        if best is None:
            if methods:
                raise GraphError(405, "Request_BadRequest", "Specified HTTP method is not allowed.")
            raise GraphError(
                400 if segments else 404, "BadRequest",
                f"Resource not found for the segment '{segments[-1] if segments else ''}'.",
            )  # fmt: skip
        names = {name: value for name, value in best[2].items() if name != "calendar"}
        answer = best[1](self._tenant, request, **names)
        return answer if isinstance(answer, Answer) else await answer


def _match(parts: list[str], segments: list[str]) -> dict[str, str] | None:
    found = {}
    for part, segment in zip(parts, segments, strict=True):
        if part[0] == "{":
            found[part[1:-1]] = segment
        elif part != segment.lower():
            return None
    return found
