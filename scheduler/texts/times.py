"""Dates, clock times, zones and lists as people of a language write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_timezone_gmt,
    get_timezone_location,
    get_timezone_name,
)
from babel.lists import format_list

from scheduler.texts.catalogue import Texts


def day_text(moment: dt.date, texts: Texts) -> str:
    """``Monday, 7 December 2026``; an instant counts as its day in its own zone."""
    return format_date(moment, "full", locale=texts.locale)


def short_day_text(moment: dt.date, texts: Texts) -> str:
    """``Mon, 7 Dec``."""
    return format_skeleton("MMMEd", moment, locale=texts.locale)


def month_text(moment: dt.date, texts: Texts) -> str:
    """``September 2026``."""
    return format_skeleton("yMMMM", moment, locale=texts.locale)


def clock_text(moment: dt.datetime, texts: Texts) -> str:
    """``12:00`` or ``12:00 PM``, on the clock of the instant's own zone."""
    _require_zone(moment)
    return format_time(moment.timetz(), "short", tzinfo=moment.tzinfo, locale=texts.locale)


def span_text(starts: dt.datetime, minutes: int, texts: Texts) -> str:
    """``12:00–13:00``; ``minutes`` pass on the clock of instants, so also over a clock change."""
    ends = (starts.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(starts.tzinfo)
    return f"{clock_text(starts, texts)}–{clock_text(ends, texts)}"


def zone_text(moment: dt.datetime, texts: Texts) -> str:
    """The zone's name at that instant and its city: ``Central European Standard Time (Berlin)``."""
    _require_zone(moment)
    name = get_timezone_name(moment, width="long", locale=texts.locale)
    if not isinstance(moment.tzinfo, ZoneInfo) or "/" not in moment.tzinfo.key:
        return name
    if name == get_timezone_gmt(moment, width="long", locale=texts.locale):
        # babel finds no name for zones that were renamed (Asia/Calcutta, Europe/Kiev): say where.
        name = get_timezone_location(moment.tzinfo, locale=texts.locale)
        name = name.replace(_place(moment, texts), zone_city(moment, texts))
    city = zone_city(moment, texts)
    return name if city in name else f"{name} ({city})"


def zone_city(moment: dt.datetime, texts: Texts) -> str:
    """The city that the instant's zone is named after: ``Berlin``, ``Tokio``."""
    _require_zone(moment)
    return _place(moment, texts).rpartition("/")[2]


def _place(moment: dt.datetime, texts: Texts) -> str:
    """The zone's city, where it needs it with the country: ``Argentina/Buenos Aires``."""
    return get_timezone_location(moment.tzinfo, locale=texts.locale, return_city=True)


def list_text(items: Sequence[str], texts: Texts) -> str:
    """``Anna, Ben and Carla``."""
    return format_list(list(items), "standard", locale=texts.locale)


def _require_zone(moment: dt.datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone, so it names no instant")
