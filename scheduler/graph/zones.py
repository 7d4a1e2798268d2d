"""Time zones at Graph's edge: Windows names and custom zones become IANA names, and back.

Microsoft 365 speaks Windows zone names; everything else here speaks IANA names. The table is
Unicode CLDR's, as ``tzlocal`` ships it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tzlocal.windows_tz import tz_win, win_tz

CUSTOM_ZONE = "#microsoft.graph.customTimeZone"
_UTC_NAMES = {"utc": "UTC", "tzone://microsoft/utc": "UTC"}
_WINDOWS = {name.casefold(): iana for name, iana in win_tz.items()}


@cache
def to_iana(name: str) -> str | None:
    """The IANA name of a Windows or IANA zone name, None when nobody knows it."""
    key = name.strip().casefold()
    if key in _UTC_NAMES:
        return _UTC_NAMES[key]
    if key in _WINDOWS:
        return _WINDOWS[key]
    return name.strip() if name.strip() in available_timezones() else None


@cache
def to_windows(iana: str) -> str | None:
    """The Windows name of an IANA zone, None where Windows has none."""
    return tz_win.get(iana)


def read_zone(
    zone: Mapping[str, Any], moments: Iterable[dt.datetime], hint: str | None = None
) -> str | None:
    """The IANA name of a ``timeZoneBase`` as working hours carry it, None when it is unsound.

    A custom zone is a set of offsets without a place. It becomes ``hint`` (the zone of the
    person's office) where that agrees at all ``moments``, else the first zone that agrees.
    Custom zones have been seen with the sign of the bias reversed and without daylight time
    (microsoft-graph-docs issue 8972), so ``hint`` also wins when only those explain the offsets.

    Args:
        zone: ``{"name": ...}``, with ``bias`` and offsets when it is a custom zone.
        moments: Instants (UTC) at which the zone must be right.
        hint: An IANA name.
    """
    name = zone.get("name")
    if isinstance(name, str) and not _is_custom(zone):
        return to_iana(name)
    offsets = [(moment, _custom_offset(zone, moment)) for moment in moments]
    if not offsets or any(offset is None for _, offset in offsets):
        return hint
    wanted = tuple((moment, offset) for moment, offset in offsets if offset is not None)
    if hint is not None:
        standard = dt.timedelta(minutes=int(zone["bias"]))
        if _agrees(hint, wanted) or _standard_offset(hint, wanted[0][0]) in {standard, -standard}:
            return hint
    return next((iana for iana in _candidates() if _agrees(iana, wanted)), None)


def to_utc(date_time: str, zone: str) -> dt.datetime | None:
    """An instant from Graph's ``dateTimeTimeZone``, None when it cannot be read."""
    iana = to_iana(zone)
    if iana is None:
        return None
    try:
        # Seven digits of seconds come from Graph; Python reads six of them.
        local = dt.datetime.fromisoformat(date_time[:26].removesuffix("Z"))
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(iana)).astimezone(dt.UTC)


def to_wall_clock(instant: dt.datetime, iana: str | None) -> dict[str, str]:
    """Graph's ``dateTimeTimeZone`` of ``instant`` on the clocks of ``iana``.

    UTC where Windows has no zone that agrees, and in the hour that a clock change repeats,
    which a wall clock cannot tell apart.
    """
    windows = to_windows(iana) if iana else None
    meant = to_iana(windows) if windows else None
    if iana and windows and meant:
        local = instant.astimezone(ZoneInfo(iana))
        # Several places share a Windows name; the one it stands for may change clocks alone.
        agrees = instant.astimezone(ZoneInfo(meant)).utcoffset() == local.utcoffset()
        if agrees and local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
            return {"dateTime": local.replace(tzinfo=None).isoformat(), "timeZone": windows}
    return {
        "dateTime": instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(),
        "timeZone": "UTC",
    }


def _is_custom(zone: Mapping[str, Any]) -> bool:
    return zone.get("@odata.type") == CUSTOM_ZONE or "bias" in zone


def _custom_offset(zone: Mapping[str, Any], moment: dt.datetime) -> dt.timedelta | None:
    """The offset from UTC of a custom zone; a bias is minutes from local time to UTC."""
    try:
        standard = -dt.timedelta(minutes=int(zone["bias"]))
        summer, winter = zone.get("daylightOffset"), zone.get("standardOffset")
        if not summer or not winter or not summer.get("month") or not winter.get("month"):
            return standard
        daylight = standard - dt.timedelta(minutes=int(summer.get("daylightBias", 0)))
        local = (moment + standard).replace(tzinfo=None)
        begins = _change_moment(summer, local.year)
        ends = _change_moment(winter, local.year) - (daylight - standard)
    except (KeyError, TypeError, ValueError):
        return None
    in_summer = begins <= local < ends if begins < ends else not ends <= local < begins
    return daylight if in_summer else standard


def _change_moment(rule: Mapping[str, Any], year: int) -> dt.datetime:
    """When a clock change takes place: the n-th weekday of a month, 5 for its last."""
    days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    weekday = (days.index(str(rule["dayOfWeek"]).casefold()) - 1) % 7
    month, nth = int(rule["month"]), int(rule["dayOccurrence"])
    if int(rule.get("year") or 0):
        year = int(rule["year"])
    first = dt.date(year, month, 1)
    day = first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    while day.month != month:
        day -= dt.timedelta(days=7)
    time = dt.time.fromisoformat(str(rule.get("time", "00:00"))[:8])
    return dt.datetime.combine(day, time)


def _agrees(iana: str, wanted: tuple[tuple[dt.datetime, dt.timedelta], ...]) -> bool:
    zone = ZoneInfo(iana)
    return all(moment.astimezone(zone).utcoffset() == offset for moment, offset in wanted)


def _standard_offset(iana: str, moment: dt.datetime) -> dt.timedelta | None:
    local = moment.astimezone(ZoneInfo(iana))
    offset, daylight = local.utcoffset(), local.dst()
    return None if offset is None or daylight is None else offset - daylight


@cache
def _candidates() -> tuple[str, ...]:
    """One zone per Windows name, in a fixed order."""
    return tuple(sorted({iana for iana in win_tz.values() if iana in available_timezones()}))
