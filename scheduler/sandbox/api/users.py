"""Users, managers, groups, mailbox settings and the organisation."""

from __future__ import annotations

import re

from anyascii import anyascii

from scheduler.sandbox.api.filters import read_filter
from scheduler.sandbox.api.odata import (
    context,
    link,
    page,
    read_number,
    read_select,
    read_token,
    select,
    write_token,
)
from scheduler.sandbox.api.request import Answer, GraphError, Json, Request, answer_json
from scheduler.sandbox.api.working_hours import write_working_hours
from scheduler.sandbox.directory import DEFAULT_PROPERTIES
from scheduler.sandbox.organisation.member import COMPANY, DOMAIN
from scheduler.sandbox.tenant import Tenant

# Stored outside of the directory: one of them in a list's $select fails the whole page.
_ELSEWHERE = frozenset(
    [
        "aboutMe",
        "birthday",
        "hireDate",
        "interests",
        "mySite",
        "pastProjects",
        "preferredName",
        "responsibilities",
        "schools",
        "skills",
        "mailboxSettings",
    ]
)
_KNOWN_MORE = frozenset(
    [
        "ageGroup",
        "assignedLicenses",
        "assignedPlans",
        "consentProvidedForMinor",
        "creationType",
        "faxNumber",
        "employeeLeaveDateTime",
        "identities",
        "imAddresses",
        "lastPasswordChangeDateTime",
        "postalCode",
        "state",
        "onPremisesExtensionAttributes",
        "onPremisesSyncEnabled",
        "streetAddress",
        "signInActivity",
    ]
)


def _read_names(request: Request, sample: Json) -> list[str]:
    names = read_select(request)
    if names is None:
        return list(DEFAULT_PROPERTIES)
    for name in names:
        if name in _ELSEWHERE:
            raise GraphError(
                501, "NotImplemented",
                f"The property '{name}' cannot be selected for a list of users.",
            )  # fmt: skip
        if name not in sample and name not in _KNOWN_MORE:
            raise GraphError(
                400, "BadRequest",
                f"Parsing OData Select and Expand failed: Could not find a property named '{name}' "
                f"on type 'microsoft.graph.user'.",
            )  # fmt: skip
    return names


def _write_user(
    tenant: Tenant, request: Request, user: Json, names: list[str], manager: list[str] | None
) -> Json:
    answer = {name: user.get(name) for name in names}
    if "id" not in answer and request.query.get("$select"):
        answer["id"] = user["id"]
    if manager is not None:
        boss = tenant.directory.get(tenant.members[user["id"]].manager or "")
        if boss:
            answer["manager"] = {
                "@odata.type": "#microsoft.graph.user",
                **{name: boss.get(name) for name in (manager or DEFAULT_PROPERTIES)},
            }
    return answer


def _read_expand(request: Request) -> list[str] | None:
    """Return the properties of an expanded manager, [] for the default ones, None without."""
    text = request.query.get("$expand", "").strip()
    if not text:
        return None
    found = re.fullmatch(r"manager(?:\(\s*(?:\$levels=\w+;?)?(?:\$select=([\w,\s]+))?\))?", text)
    if not found:
        raise GraphError(400, "Request_UnsupportedQuery", f"'{text}' cannot be expanded here.")
    return [n.strip() for n in (found.group(1) or "").split(",") if n.strip()]


def _filter_users(tenant: Tenant, request: Request) -> list[Json]:
    users = list(tenant.directory.values())
    eventual = request.headers.get("consistencylevel", "").lower() == "eventual"
    count = request.query.get("$count", "").lower() == "true"
    text = request.query.get("$filter")
    if "$search" in request.query or ("$count" in request.query and not eventual):
        raise _needs_eventual("The requested query")
    if text:
        found = read_filter(text)
        unknown = found.names - set(users[0]) - {"mail"}
        if unknown:
            raise GraphError(
                400, "Request_UnsupportedQuery",
                f"Unsupported or invalid query filter clause specified for property "
                f"'{min(unknown)}' of resource 'User'.",
            )  # fmt: skip
        if found.advanced and not (eventual and count):
            raise _needs_eventual("This filter")
        users = [user for user in users if found.test(user)]
    order = request.query.get("$orderby")
    if order:
        name, _, way = order.strip().partition(" ")
        if name not in ("displayName", "userPrincipalName") or (text and not (eventual and count)):
            raise GraphError(
                400, "Request_UnsupportedQuery",
                f"Sorting by '{name}' is not supported for the resource 'User' with this query.",
            )  # fmt: skip
        users.sort(key=lambda user: str(user[name]).casefold(), reverse=way.lower() == "desc")
    return users


def _needs_eventual(what: str) -> GraphError:
    return GraphError(
        400, "Request_UnsupportedQuery",
        f"{what} needs the header ConsistencyLevel: eventual and the query option $count=true.",
    )  # fmt: skip


def list_users(tenant: Tenant, request: Request) -> Answer:
    """``GET /users``: pages of 100, at most 999."""
    size = read_number(request, "$top", 100, low=1, high=999)
    users = _filter_users(tenant, request)
    names = _read_names(request, next(iter(tenant.directory.values())))
    manager = _read_expand(request)
    what = f"users({request.query['$select']})" if "$select" in request.query else "users"
    answer = page(
        request, "users", users, size,
        lambda user: _write_user(tenant, request, user, names, manager), what,
    )  # fmt: skip
    if request.query.get("$count", "").lower() == "true" and "$skiptoken" not in request.query:
        answer["@odata.count"] = len(users)
    return answer_json(answer)


def count_users(tenant: Tenant, request: Request) -> Answer:
    """``GET /users/$count``: a number as text."""
    if request.headers.get("consistencylevel", "").lower() != "eventual":
        raise _needs_eventual("$count")
    request.query["$count"] = "true"
    number = len(_filter_users(tenant, request))
    return Answer(200, str(number).encode(), {"Content-Type": "text/plain"})


def get_user(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}``."""
    member = tenant.find_member(user)
    found = tenant.directory[member.id]
    names = _read_names(request, found)
    answer = _write_user(tenant, request, found, names, _read_expand(request))
    return answer_json({"@odata.context": context(request, "users/$entity"), **answer})


def get_manager(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/manager``."""
    member = tenant.find_member(user)
    boss = tenant.directory.get(member.manager or "")
    if boss is None:
        raise GraphError(
            404, "Request_ResourceNotFound",
            "Resource 'manager' does not exist or one of its queried reference-property objects "
            "are not present.",
        )  # fmt: skip
    names = _read_names(request, boss)
    return answer_json(
        {
            "@odata.context": context(request, "directoryObjects/$entity"),
            "@odata.type": "#microsoft.graph.user",
            **{name: boss.get(name) for name in names},
        }
    )


def list_users_delta(tenant: Tenant, request: Request) -> Answer:
    """``GET /users/delta``: everybody first, later who changed since the token."""
    if {"$filter", "$orderby", "$search", "$expand"} & set(request.query):
        raise GraphError(400, "Request_UnsupportedQuery", "This query option is not supported.")
    token = request.query.get("$deltatoken")
    since = 0
    if token == "latest":  # noqa: S105 -- a word of the protocol, no secret
        since = tenant.directory_version
    elif token:
        since = int(read_token(token).get("v", 0))
    elif "$skiptoken" in request.query:
        since = int(read_token(request.query["$skiptoken"]).get("since", 0))
    names = _read_names(request, next(iter(tenant.directory.values())))
    # Members keep their places when one of them goes, so that no page loses anybody.
    changed = [i for i, version in tenant.changes.items() if version > since]
    ids = changed if since else list(tenant.members)
    state = read_token(request.query["$skiptoken"]) if "$skiptoken" in request.query else {}
    offset, number = int(state.get("o", 0)), int(state.get("n", 0))
    reached = int(state.get("v", tenant.directory_version))
    size = int(request.preferences().get("odata.maxpagesize", "200") or 200)
    chunk = [] if number % 3 == 1 and offset < len(ids) else ids[offset : offset + size]
    offset += len(chunk)
    answer: Json = {"@odata.context": context(request, "users")}
    if offset < len(ids):
        skip = write_token({"o": offset, "n": number + 1, "since": since, "v": reached})
        answer["@odata.nextLink"] = link(request, "users/delta", skiptoken=skip, deltatoken=None)
    else:
        mark = write_token({"v": reached})
        answer["@odata.deltaLink"] = link(request, "users/delta", deltatoken=mark, skiptoken=None)
    answer["value"] = [
        _write_user(tenant, request, tenant.directory[i], names, None)
        if i in tenant.directory
        else {"id": i, "@removed": {"reason": "changed"}}
        for i in chunk
        if since or i in tenant.directory
    ]
    return answer_json(answer)


def get_mailbox_settings(tenant: Tenant, request: Request, user: str) -> Answer:
    """``GET /users/{id}/mailboxSettings``: zone, working hours, language, purpose."""
    box = tenant.find_mailbox(user)
    member = box.owner
    purpose = {"room": "room", "shared": "shared", "organiser": "shared"}.get(member.kind, "user")
    answer: Json = {
        "@odata.context": context(request, f"users('{user}')/mailboxSettings"),
        "archiveFolder": None,
        "timeZone": member.windows_zone,
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "yyyy-MM-dd",
        "timeFormat": "HH:mm",
        "userPurpose": purpose,
        "automaticRepliesSetting": {
            "status": "disabled",
            "externalAudience": "none",
            "internalReplyMessage": "",
            "externalReplyMessage": "",
            "scheduledStartDateTime": {
                "dateTime": "2026-01-01T00:00:00.0000000",
                "timeZone": "UTC",
            },
            "scheduledEndDateTime": {"dateTime": "2026-01-02T00:00:00.0000000", "timeZone": "UTC"},
        },
        "language": {"locale": member.language, "displayName": member.language},
        "workingHours": write_working_hours(member, tenant.diary.habits_of(member)),
    }
    return answer_json(select(answer, read_select(request)))


def list_groups(tenant: Tenant, request: Request) -> Answer:
    """``GET /groups``."""
    groups = [_write_group(i, name) for i, (name, _) in tenant.groups.items()]
    if request.query.get("$filter"):
        found = read_filter(request.query["$filter"])
        groups = [group for group in groups if found.test(group)]
    size = read_number(request, "$top", 100, low=1, high=999)
    names = read_select(request)
    return answer_json(
        page(request, "groups", groups, size, lambda g: select(g, names), "groups", gaps=False)
    )


def _find_group(tenant: Tenant, group: str) -> tuple[str, tuple[str, ...]]:
    if group not in tenant.groups:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{group}' does not exist.")
    return tenant.groups[group]


def _write_group(group: str, name: str) -> Json:
    nickname = anyascii(name).lower().replace(" ", "-")
    return {
        "id": group, "displayName": name, "description": f"{name} (invented)",
        "groupTypes": ["Unified"], "mail": f"{nickname}@{DOMAIN}", "mailEnabled": True,
        "mailNickname": nickname, "securityEnabled": False, "visibility": "Public",
    }  # fmt: skip


def get_group(tenant: Tenant, request: Request, group: str) -> Answer:
    """``GET /groups/{id}``."""
    name, _ = _find_group(tenant, group)
    shown = select(_write_group(group, name), read_select(request))
    return answer_json({"@odata.context": context(request, "groups/$entity"), **shown})


def list_group_members(tenant: Tenant, request: Request, group: str) -> Answer:
    """``GET /groups/{id}/members`` and ``/transitiveMembers``."""
    _, ids = _find_group(tenant, group)
    size = read_number(request, "$top", 100, low=1, high=999)
    users = [tenant.directory[i] for i in ids if i in tenant.directory]
    names = _read_names(request, next(iter(tenant.directory.values())))
    path = "/".join(request.segments)
    return answer_json(
        page(
            request, path, users, size,
            lambda user: {"@odata.type": "#microsoft.graph.user"}
            | _write_user(tenant, request, user, names, None),
            "directoryObjects",
        )
    )  # fmt: skip


def list_organization(tenant: Tenant, request: Request) -> Answer:
    """``GET /organization``: the tenant itself."""
    return answer_json(
        {
            "@odata.context": context(request, "organization"),
            "value": [
                {
                    "id": tenant.id,
                    "displayName": COMPANY,
                    "countryLetterCode": "DE",
                    "preferredLanguage": "en",
                    "tenantType": "AAD",
                    "verifiedDomains": [
                        {
                            "capabilities": "Email, OfficeCommunicationsOnline",
                            "isDefault": True,
                            "isInitial": True,
                            "name": DOMAIN,
                            "type": "Managed",
                        }
                    ],
                }
            ],
        }
    )
