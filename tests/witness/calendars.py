"""Another client of the tenant: plain HTTP and the standard library, minute by minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


@dataclass
class Calendar:
    """What one mailbox says: taken spans (UTC, by status), working hours, or an error."""

    taken: list[tuple[dt.datetime, dt.datetime, str]]
    hours: tuple[set[str], dt.time, dt.time, str] | None
    error: bool

    def is_taken(self, start: dt.datetime, end: dt.datetime, statuses: Iterable[str]) -> bool:
        return any(
            status in statuses and begin < end and start < until
            for begin, until, status in self.taken
        )

    def works(self, start: dt.datetime, end: dt.datetime) -> bool | None:
        """None where the mailbox says nothing that can be understood."""
        if self.hours is None:
            return None
        days, opens, closes, zone = self.hours
        begin, until = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
        return (
            begin.strftime("%A").lower() in days
            and opens <= begin.time()
            and until.time() <= closes
            and begin.date() == until.date()
        )


def read_calendars(
    environment: dict[str, str], mails: list[str], start: dt.datetime, end: dt.datetime
) -> dict[str, Calendar]:
    """Ask ``getSchedule`` over plain HTTP with a token from the sign-in page."""
    token = httpx.post(
        f"{environment['SCHEDULER_SANDBOX_HTTP_URL']}/{environment['AZURE_TENANT_ID']}"
        "/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": environment["AZURE_CLIENT_ID"],
            "client_secret": environment["AZURE_CLIENT_SECRET"],
            "scope": "https://graph.microsoft.com/.default",
        },
    ).json()["access_token"]
    found: dict[str, Calendar] = {}
    for at in range(0, len(mails), 20):
        answer = httpx.post(
            f"{environment['SCHEDULER_SANDBOX_HTTP_URL']}/v1.0/users/networking-1@lindenhof.example"
            "/calendar/getSchedule",
            headers={"Authorization": f"Bearer {token}", "Prefer": 'outlook.timezone="UTC"'},
            json={
                "schedules": mails[at : at + 20],
                "startTime": {
                    "dateTime": start.replace(tzinfo=None).isoformat(),
                    "timeZone": "UTC",
                },
                "endTime": {"dateTime": end.replace(tzinfo=None).isoformat(), "timeZone": "UTC"},
                "availabilityViewInterval": 30,
            },
            timeout=60,
        )
        answer.raise_for_status()
        for entry in answer.json()["value"]:
            found[entry["scheduleId"].lower()] = _read(entry)
    return found


def _read(entry: dict) -> Calendar:
    taken = [
        (_instant(item["start"]), _instant(item["end"]), item["status"])
        for item in entry.get("scheduleItems") or ()
    ]
    hours = entry.get("workingHours")
    read = None
    if hours and hours["timeZone"]["name"] in WINDOWS_TO_OLSON:
        read = (
            set(hours["daysOfWeek"]),
            dt.time.fromisoformat(hours["startTime"][:8]),
            dt.time.fromisoformat(hours["endTime"][:8]),
            WINDOWS_TO_OLSON[hours["timeZone"]["name"]],
        )
    return Calendar(taken, read, "error" in entry)


def _instant(time: dict[str, str]) -> dt.datetime:
    assert time["timeZone"] == "UTC"
    return dt.datetime.fromisoformat(time["dateTime"][:19]).replace(tzinfo=dt.UTC)
