"""Which application permission a request needs, and the refusal without it."""

from __future__ import annotations

from scheduler.sandbox.api.request import GraphError, Json, Request

_CALENDAR_WORDS = frozenset({"calendar", "calendars", "calendarview", "events"})
_EXCHANGE: dict[str, tuple[str, ...]] = {
    "places": ("Place.Read.All", "Place.ReadWrite.All"),
    "subscriptions": ("Calendars.Read", "Calendars.ReadWrite"),
    "mailboxsettings": ("MailboxSettings.Read", "MailboxSettings.ReadWrite"),
    "sendmail": ("Mail.Send",),
}
_DIRECTORY: dict[str, tuple[str, ...]] = {
    "users": ("User.Read.All", "Directory.Read.All"),
    "groups": ("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"),
    "organization": ("Organization.Read.All", "Directory.Read.All"),
}


def _needed(request: Request) -> tuple[tuple[str, ...], bool]:
    """Return the permissions of which one is enough, and whether Exchange checks them."""
    words = [segment.lower() for segment in request.segments]
    below = words[2] if words[0] == "users" and len(words) > 2 else ""
    if words[-1] == "getschedule":
        return ("Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"), True
    if below in _CALENDAR_WORDS:
        reading = ("Calendars.Read",) if request.method == "GET" else ()
        return (*reading, "Calendars.ReadWrite"), True
    if (below or words[0]) in _EXCHANGE:
        return _EXCHANGE[below or words[0]], True
    return _DIRECTORY.get(words[0], ()), False


def check_permission(request: Request, claims: Json, mailboxes: frozenset[str]) -> None:
    """Let a request pass when the token's roles allow it.

    Args:
        request: the request.
        claims: of the access token.
        mailboxes: addresses to which Exchange limits the app (RBAC for Applications); empty for
            all mailboxes.

    Raises:
        GraphError: 403, ``ErrorAccessDenied`` from Exchange or ``Authorization_RequestDenied``
            from the directory.
    """
    if not request.segments or request.segments[0].lower() == "$batch":
        return
    needed, exchange = _needed(request)
    if needed and not set(needed) & set(claims.get("roles") or ()):
        if exchange:
            raise _deny()
        raise GraphError(
            403, "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )  # fmt: skip
    of_user = exchange and request.segments[0].lower() == "users"
    if of_user and mailboxes and request.segments[1].lower() not in mailboxes:
        raise _deny()


def _deny() -> GraphError:
    return GraphError(
        403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
    )
