"""``calendar/getSchedule``: who is free when."""

from __future__ import annotations

import functools
import json
from typing import Any

from scheduler.sandbox.api.odata import context
from scheduler.sandbox.api.request import Answer, GraphError, Json, Request, answer_bytes
from scheduler.sandbox.api.working_hours import write_working_hours
from scheduler.sandbox.diary import Item
from scheduler.sandbox.tenant import Tenant
from scheduler.sandbox.zones import find_zone, read_zoned, write_zoned

MAX_SCHEDULES = 20
MAX_DAYS = 62
MAX_ENTRIES = 1000
_VIEW = {"free": 0, "workingElsewhere": 0, "tentative": 1, "busy": 2, "oof": 3}


def get_schedule(tenant: Tenant, request: Request, user: str) -> Answer:
    """``POST /users/{id}/calendar/getSchedule``.

    Limits as documented: 20 addresses, a window of less than 62 days, an interval of 5 to 1440
    minutes. An address without a readable calendar gets an entry with ``error``.
    """
    tenant.find_mailbox(user)
    body = request.read_action()
    addresses, interval = _read_addresses(body), _read_interval(body)
    start, _ = read_zoned(body.get("starttime"), "StartTime")
    end, _ = read_zoned(body.get("endtime"), "EndTime")
    if not 0 < end - start < MAX_DAYS * 1440:
        raise GraphError(
            400, "ErrorInvalidTimeInterval",
            f"The requested time duration specified for FreeBusyViewOptions.TimeWindow is not "
            f"within the allowed limits: less than {MAX_DAYS} days, and the end after the start.",
        )  # fmt: skip
    if end - start < interval:
        raise GraphError(
            400, "ErrorInvalidMergedFreeBusyInterval",
            "The interval is longer than the requested window.",
        )  # fmt: skip
    zone = request.preferences().get("outlook.timezone", "UTC")
    find_zone(zone)
    parts = [_describe(tenant, address, start, end, interval, zone) for address in addresses]
    head = json.dumps(context(request, "Collection(microsoft.graph.scheduleInformation)"))
    return answer_bytes(f'{{"@odata.context":{head},"value":[{",".join(parts)}]}}'.encode())


def _read_addresses(body: Json) -> list[str]:
    addresses = body.get("schedules")
    if not isinstance(addresses, list) or not addresses:
        raise GraphError(
            400,
            "ErrorInvalidParameter",
            "The parameter 'Schedules' must hold at least one address.",
        )
    if len(addresses) > MAX_SCHEDULES:
        raise GraphError(
            400, "ErrorMailboxDataArrayTooBig",
            f"There are too many mailboxes in the request: allowed size = {MAX_SCHEDULES}, actual "
            f"size = {len(addresses)}.",
        )  # fmt: skip
    return [str(address) for address in addresses]


def _read_interval(body: Json) -> int:
    value: Any = body.get("availabilityviewinterval", 30)
    if value is None:  # seen of the real service: no validation, an internal error
        raise GraphError(500, "ErrorInternalServerError", "An internal server error occurred.")
    try:
        interval = int(value)
    except (TypeError, ValueError):
        interval = 0
    if not 5 <= interval <= 1440:
        raise GraphError(
            400, "ErrorInvalidMergedFreeBusyInterval",
            "The AvailabilityViewInterval must be from 5 to 1440 minutes.",
        )  # fmt: skip
    return interval


def _refuse(address: str, code: str, message: str) -> str:
    error = {"message": message, "responseCode": code}
    return json.dumps(
        {"scheduleId": address, "scheduleItems": [], "availabilityView": "", "error": error}
    )


def _describe(tenant: Tenant, address: str, start: int, end: int, interval: int, zone: str) -> str:
    member = tenant.by_address.get(address.lower())
    box = tenant.mailboxes.get(member.id) if member else None
    if member is None or box is None or box.vanished:
        return _refuse(
            address,
            "5009",
            f"Unable to resolve e-mail address {address} to an Active Directory object.",
        )
    if member.mailbox == "unreadable":
        return _refuse(
            address, "ErrorNoFreeBusyAccess",
            "The caller does not have permission to view free/busy information.",
        )  # fmt: skip
    items = tenant.entries_between(member, start, end)
    if len(items) > MAX_ENTRIES:
        return _refuse(address, "5006", "The result set contains too many calendar entries.")
    habits = tenant.diary.habits_of(member)
    hours = write_working_hours(member, habits)
    detail = habits.shares_detail or member.kind == "room"
    written = ",".join(write_item(item, zone, detail=detail) for item in items)
    answer = (
        f'{{"scheduleId":{json.dumps(address)},"availabilityView":"'
        f'{_merge(items, start, end, interval)}","scheduleItems":[{written}]'
    )
    return answer + (f',"workingHours":{json.dumps(hours)}}}' if hours else "}")


@functools.lru_cache(maxsize=65536)
def _write_minute(minute: int, zone: str) -> str:
    """Write a ``dateTime``: entries begin and end on quarters of an hour, so few are many."""
    return write_zoned(minute, zone)["dateTime"]


def write_item(item: Item, zone: str, *, detail: bool) -> str:
    """Write a ``scheduleItem``; subject and place only where the owner shares them."""
    start, end = _write_minute(item.start, zone), _write_minute(item.end, zone)
    seen = ""
    if detail and not item.private:
        seen = (
            f'"isPrivate":false,"subject":{json.dumps(item.subject)},'
            f'"location":{json.dumps(item.place)},'
        )
    elif detail:
        seen = '"isPrivate":true,'
    return (
        f'{{{seen}"status":"{item.status}",'
        f'"start":{{"dateTime":"{start}","timeZone":"{zone}"}},'
        f'"end":{{"dateTime":"{end}","timeZone":"{zone}"}}}}'
    )


def _merge(items: list[Item], start: int, end: int, interval: int) -> str:
    """Return the ``availabilityView``: the most absent status of each interval."""
    slots = -(-(end - start) // interval)
    view = bytearray(b"0" * slots)
    for level in (1, 2, 3):
        mark = str(level).encode()
        for item in items:
            if _VIEW.get(item.status, 0) == level:
                first = max(0, (item.start - start) // interval)
                last = min(slots, -(-(item.end - start) // interval))
                view[first:last] = mark * (last - first)
    return view.decode()
