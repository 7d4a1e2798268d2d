"""Time zones as Exchange knows them: Windows names, and some IANA names.

The table of Windows names is icalendar's copy of the Unicode CLDR list (territory 001).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler.sandbox.api.request import GraphError

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()

# Newer spellings of the zones whose CLDR name is the older one.
_RENAMED = {
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Europe/Kiev": "Europe/Kyiv",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Etc/UTC": "UTC",
}

# The page of ``dateTimeTimeZone`` lists, beside the Windows names, about one IANA name for each;
# other IANA names are refused by the service.
_IANA = {name: name for name in WINDOWS_TO_OLSON.values()} | {new: new for new in _RENAMED.values()}
_KNOWN = {k.lower(): v for k, v in (WINDOWS_TO_OLSON | _IANA | {"Etc/GMT": "UTC"}).items()}

_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,7})?)?)?(Z|[+-]\d\d:\d\d)?"
)


@functools.lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo:
    """Return the zone of a name which Exchange accepts.

    Raises:
        GraphError: 400 ``TimeZoneNotSupportedException`` for a display name, a misspelt name, or
            an IANA name outside the documented list.
    """
    known = _KNOWN.get(name.strip().lower())
    if known is None:
        raise GraphError(
            400,
            "TimeZoneNotSupportedException",
            f"A valid TimeZone value must be specified. The following TimeZone value is not "
            f"supported: '{name}'.",
        )
    return ZoneInfo(known)


@functools.lru_cache(maxsize=65536)
def day_offset_minutes(zone: str, day: int) -> tuple[int, int]:
    """Return the minutes east of UTC of an IANA zone at 00:00 and at 12:00 of a day (ordinal)."""
    info, date = ZoneInfo(zone), dt.date.fromordinal(day)
    offsets = [
        dt.datetime.combine(date, dt.time(hour), info).utcoffset() or dt.timedelta()
        for hour in (0, 12)
    ]
    return offsets[0] // dt.timedelta(minutes=1), offsets[1] // dt.timedelta(minutes=1)


def wall_minute(zone: str, day: int, minute: int) -> int:
    """Return the UTC minute (since 1970) of a wall-clock minute of a day (ordinal).

    Clocks change at night: from 06:00 on, the offset of noon holds.
    """
    night, noon = day_offset_minutes(zone, day)
    return (day - _EPOCH_DAY) * 1440 + minute - (noon if minute >= 360 else night)


def to_minute(moment: dt.datetime) -> int:
    """Return the UTC minute (since 1970) of an aware moment, seconds dropped."""
    return int((moment - EPOCH).total_seconds() // 60)


def from_minute(minute: int, zone: dt.tzinfo = dt.UTC) -> dt.datetime:
    """Return the moment of a UTC minute, on the clocks of ``zone``."""
    return (EPOCH + dt.timedelta(minutes=minute)).astimezone(zone)


def read_moment(text: str, zone: dt.tzinfo = dt.UTC) -> dt.datetime:
    """Read ``2026-12-07T12:00:00`` (with or without fraction, Z or offset), else on ``zone``.

    Raises:
        GraphError: 400 when it is no date and time.
    """
    found = _DATE_TIME.fullmatch(text.strip())
    if not found:
        raise GraphError(400, "ErrorInvalidParameter", f"The value '{text}' is not a date and time")
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        moment = dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=zone,
        )  # fmt: skip
        if offset:
            moment = moment.replace(
                tzinfo=dt.datetime.fromisoformat("2000-01-01T00:00" + offset).tzinfo
            )
    except ValueError as error:
        raise GraphError(400, "ErrorInvalidParameter", f"'{text}': {error}") from error
    return moment.astimezone(dt.UTC)


def read_zoned(value: object, name: str) -> tuple[int, str]:
    """Read a ``dateTimeTimeZone``: the UTC minute and the zone name as it was given.

    Raises:
        GraphError: 400 with the name of the property when it is no such thing.
    """
    if not isinstance(value, dict):
        raise GraphError(400, "ErrorInvalidParameter", f"'{name}' must have dateTime and timeZone.")
    parts = {str(k).lower(): v for k, v in value.items() if not str(k).startswith("@")}
    unknown = set(parts) - {"datetime", "timezone"}
    if unknown or not isinstance(parts.get("datetime"), str):
        raise GraphError(400, "ErrorInvalidParameter", f"'{name}' must have dateTime and timeZone.")
    zone_name = parts.get("timezone") or "UTC"
    return to_minute(read_moment(parts["datetime"], find_zone(str(zone_name)))), str(zone_name)


def write_zoned(minute: int, zone_name: str) -> dict[str, str]:
    """Write a ``dateTimeTimeZone`` with Graph's seven digits after the second."""
    moment = from_minute(minute, dt.UTC if zone_name == "UTC" else find_zone(zone_name))
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone_name}
