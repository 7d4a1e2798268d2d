"""Days on which an office does not work: public holidays and the company's own days off."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from functools import lru_cache

from scheduler.people.offices import DayOff, Office


def list_days_off(
    office: Office | None,
    days: Iterable[dt.date],
    days_off: tuple[DayOff, ...] = (),
    *,
    public: bool = True,
) -> dict[dt.date, str]:
    """Those of ``days`` that are off at an office, with the name of each.

    Args:
        office: Its country and region say which public holidays are kept; None: those of nobody.
        days: The days to look at.
        days_off: The company's own, which go first where a day has two names.
        public: Whether public holidays count at all.
    """
    name = None if office is None else office.name
    found: dict[dt.date, str] = {}
    for day in days:
        own = next((off.name for off in days_off if off.covers(day, name)), None)
        if own is None and public and office is not None and office.country is not None:
            own = _public_holidays(office.country, office.region, day.year).get(day)
        if own is not None:
            found[day] = own
    return found


@lru_cache(maxsize=512)
def _public_holidays(country: str, region: str | None, year: int) -> dict[dt.date, str]:
    import holidays  # noqa: PLC0415 - 0.2 s, and most commands need no holiday

    return dict(holidays.country_holidays(country, subdiv=region, years=year, language="en_US"))


@lru_cache(maxsize=512)
def check_region(country: str, region: str | None) -> tuple[str, str | None] | None:
    """What is wrong with a country and region, and the nearest right one; None: both are known."""
    import holidays  # noqa: PLC0415 - see above

    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return f"no public holidays are known for the country {country}", None
    if region is None:
        return None
    aliases = calendar.get_subdivision_aliases()
    if region in aliases:
        return None
    near = [code for code, names in aliases.items() if region in (name.upper() for name in names)]
    near = near or difflib.get_close_matches(region, aliases, n=1, cutoff=0.5)
    listed = ", ".join(sorted(aliases)) or "none"
    message = f"{country} has no region {region} (there are {listed})"
    return message, near[0] if near else None
