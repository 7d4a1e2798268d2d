"""What the product may do in Microsoft 365: the one list of permissions.

``docs/permissions.md`` is made from it (``python -m scheduler.graph.permissions``), the scripts in
``infra/entra/`` grant exactly it, and a test compares it with the calls that this package makes.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["directory", "mailbox"]
"""``directory``: an application permission of Microsoft Graph, granted in Entra ID for the whole
tenant. ``mailbox``: an application role of Exchange Online, granted for chosen mailboxes only
(RBAC for Applications)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One right, why it is needed, and what is asked with it.

    ``calls`` are method and path as in Microsoft's reference, with ``{id}`` for every id.
    ``without`` says what the product does when an optional right is not granted.
    """

    name: str
    kind: Kind
    feature: str
    reaches: str
    calls: tuple[str, ...]
    without: str = ""

    @property
    def optional(self) -> bool:
        """Whether the product works without it."""
        return bool(self.without)

    @property
    def grant(self) -> str:
        """The name by which an administrator grants it."""
        return f"Application {self.name}" if self.kind == "mailbox" else self.name


PERMISSIONS = (
    Permission(
        name="User.Read.All",
        kind="directory",
        feature="Who works here: name, address, department, office, manager, first day",
        reaches="every person in the directory, read only",
        calls=("GET /users",),
        without="People come from an HR export alone (config/people.yaml).",
    ),
    Permission(
        name="Calendars.ReadWrite",
        kind="mailbox",
        feature="Free/busy, and the meetings that the product itself arranges",
        reaches="the organiser mailboxes only",
        calls=(
            "POST /users/{id}/calendar/getSchedule",
            "POST /users/{id}/events",
            "GET /users/{id}/events",
            "GET /users/{id}/events/{id}",
            "PATCH /users/{id}/events/{id}",
            "POST /users/{id}/events/{id}/cancel",
            "GET /users/{id}/events/{id}/attachments",
            "POST /users/{id}/events/{id}/attachments",
            "POST /users/{id}/events/{id}/attachments/createUploadSession",
            "DELETE /users/{id}/events/{id}/attachments/{id}",
            "GET /users/{id}/calendarView/delta",
            "GET /subscriptions",
            "POST /subscriptions",
            "PATCH /subscriptions/{id}",
            "DELETE /subscriptions/{id}",
        ),
    ),
    Permission(
        name="Place.Read.All",
        kind="directory",
        feature="Which meeting rooms there are, and how many people they hold",
        reaches="the list of rooms, read only",
        calls=("GET /places/microsoft.graph.room",),
        without="Groups meet at the tables of config/organisation.yaml, or online.",
    ),
    Permission(
        name="GroupMember.Read.All",
        kind="directory",
        feature="Who is in an Entra group that a programme names as its audience",
        reaches="the members of groups, read only",
        calls=("GET /groups", "GET /groups/{id}/transitiveMembers"),
        without="Audiences are described with `where` instead of `groups`.",
    ),
    Permission(
        name="Mail.Send",
        kind="mailbox",
        feature="Mail to people whom Teams cannot reach",
        reaches="the organiser mailboxes only, as sender",
        calls=("POST /users/{id}/sendMail",),
        without="They have the Outlook invitation alone, and are listed for the administrator.",
    ),
)

UNWANTED = {
    "Calendars.ReadWrite": "in Entra ID it opens every calendar of the company; "
    "the same right in Exchange Online is limited to the organiser mailboxes, and the two add up",
    "Calendars.Read": "free/busy is asked from the organiser mailboxes, and no calendar is opened",
    "Mail.Send": "in Entra ID it can send as anybody; Exchange Online limits it to the organisers",
    "Mail.Read": "the product never reads mail",
    "Mail.ReadWrite": "the product never reads mail",
    "MailboxSettings.ReadWrite": "the product changes nobody's settings",
    "Directory.Read.All": "User.Read.All is enough",
    "Directory.ReadWrite.All": "the product changes nothing in the directory",
    "Chat.Read.All": "the product never reads a chat",
    "Files.Read.All": "the product never reads a file",
}
"""Rights in Entra ID that the product must not have, and why."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rights in Entra ID that are missing, and those that should be taken away."""

    missing: tuple[Permission, ...]
    unwanted: tuple[str, ...]


def compare_grants(granted: Iterable[str]) -> Comparison:
    """Compare the Graph application permissions of a token (its ``roles``) with the list.

    Roles of Exchange Online do not show in a token: whether they hold, and hold only for the
    organiser mailboxes, is seen by calling Graph or with Test-ServicePrincipalAuthorization.
    """
    have = set(granted)
    wanted = {permission.name for permission in PERMISSIONS if permission.kind == "directory"}
    return Comparison(
        tuple(p for p in PERMISSIONS if p.kind == "directory" and p.name not in have),
        tuple(sorted(have - wanted)),
    )


def read_roles(token: str) -> tuple[str, ...]:
    """The application permissions that an access token carries (its claim ``roles``).

    The token is our own and is only looked into, not trusted: its signature is Graph's to check.

    Raises:
        ValueError: it is no token of the form that Entra ID gives.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError) as error:
        raise ValueError("this is not an access token of Entra ID") from error
    return tuple(sorted(str(role) for role in claims.get("roles", ())))


HEAD = """\
# Permissions

*This page is made from `scheduler/graph/permissions.py`; the scripts in `infra/entra/` grant
exactly what it lists. Change the list, then run `make docs`.*

The product signs in as itself, never as a person. It asks for the rights below and no others.
A right that reaches *the organiser mailboxes only* is granted in Exchange Online (RBAC for
Applications) for the few mailboxes that send the invitations. **No right opens the calendar or
the mail of an employee**: whether somebody is free is asked from an organiser mailbox, and
Exchange answers with what that person shares with every colleague.

| right | granted as | what for | reaches | needed |
|---|---|---|---|---|
"""

TAIL = """\

## Try on your tenant first

Microsoft's pages do not say in so many words that `getSchedule`, asked by an application from an
organiser mailbox under a scoped role, answers for all colleagues. If `scheduler check` says that
free/busy is not to be had, look at the calendar permission *Default* of one person
(`Get-MailboxFolderPermission PERSON:\\Calendar`): it must be `AvailabilityOnly` or more, which is
Exchange's own default. Do not grant an unscoped right instead: it opens every calendar.

## Signing in to the pages

People who open the pages sign in with `openid` and `profile`. The product then reads their id and
their role from the sign-in itself and calls nothing in their name. The app registration has two
roles of its own: `HR` and `Administrator`.
"""


def write_page() -> str:
    """Write ``docs/permissions.md``."""
    rows = [
        f"| `{p.name}` | {_describe_grant(p)} | {p.feature} | {p.reaches} | "
        f"{'no' if p.optional else 'yes'} |"
        for p in PERMISSIONS
    ]
    without = [f"- **Without `{p.name}`**: {p.without}" for p in PERMISSIONS if p.optional]
    calls = [f"| `{call}` | `{p.name}` |" for p in PERMISSIONS for call in p.calls]
    unwanted = [f"| `{name}` | {reason} |" for name, reason in UNWANTED.items()]
    parts = [
        HEAD + "\n".join(rows),
        "\n".join(without),
        "## What is called with them\n\n| call | right |\n|---|---|\n" + "\n".join(calls),
        "## Rights that the product must not have\n\n`scheduler check --permissions` warns of any "
        "application permission in Entra ID that is not listed above. These are the ones that are "
        "granted by mistake most easily:\n\n"
        "| right in Entra ID | why not |\n|---|---|\n" + "\n".join(unwanted),
    ]
    return "\n\n".join(parts) + "\n" + TAIL


def _describe_grant(permission: Permission) -> str:
    if permission.kind == "mailbox":
        return f"role `{permission.grant}` in Exchange Online"
    return "application permission in Entra ID"


if __name__ == "__main__":
    sys.stdout.write(write_page())
