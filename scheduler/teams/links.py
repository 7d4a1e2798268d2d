"""Addresses that cards open in other parts of Microsoft 365."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote, urlencode

COMPOSE = "https://outlook.office.com/calendar/deeplink/compose"


def compose_link(*, subject: str, to: str, starts: dt.datetime, minutes: int) -> str:
    """Opens a new meeting in the person's own Outlook, filled in but not sent."""
    start = starts.astimezone(dt.UTC)
    end = start + dt.timedelta(minutes=minutes)
    query = {
        "subject": subject,
        "to": to,
        "startdt": start.isoformat(timespec="minutes").replace("+00:00", "Z"),
        "enddt": end.isoformat(timespec="minutes").replace("+00:00", "Z"),
        "online": "true",
    }
    return f"{COMPOSE}?{urlencode(query, quote_via=quote)}"
