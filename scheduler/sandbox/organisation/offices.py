"""The offices of Lindenhof: where people sit, which clocks and which names they have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Office:
    """A place: IANA zone and its Windows name, names from ``locale``, hours as (start, end)."""

    name: str
    country: str
    zone: str
    windows_zone: str
    locale: str
    languages: tuple[str, ...]
    hours: tuple[tuple[float, float], ...] = ((9, 17), (8, 16), (9.5, 17.5), (8.5, 16.5))


# Largest first: the share of the n-th office falls as 1/n (Zipf).
OFFICES = (
    Office("London", "United Kingdom", "Europe/London", "GMT Standard Time", "en_GB", ("en-GB",)),
    Office(
        "Berlin", "Germany", "Europe/Berlin", "W. Europe Standard Time", "de_DE",
        ("de-DE", "de-DE", "en-US"),
    ),
    Office(
        "New York", "United States", "America/New_York", "Eastern Standard Time", "en_US",
        ("en-US",),
    ),
    Office(
        "Bengaluru", "India", "Asia/Kolkata", "India Standard Time", "en_IN", ("en-IN", "en-US"),
        ((9.5, 18), (10, 18.5)),
    ),
    Office(
        "São Paulo", "Brazil", "America/Sao_Paulo", "E. South America Standard Time", "pt_BR",
        ("pt-BR",),
    ),
    Office(
        "Sydney", "Australia", "Australia/Sydney", "AUS Eastern Standard Time", "en_AU",
        ("en-AU",),
    ),
    Office("Athens", "Greece", "Europe/Athens", "GTB Standard Time", "el_GR", ("el-GR", "en-US")),
    Office("Tokyo", "Japan", "Asia/Tokyo", "Tokyo Standard Time", "ja_JP", ("ja-JP", "en-US")),
    Office("Sofia", "Bulgaria", "Europe/Sofia", "FLE Standard Time", "bg_BG", ("bg-BG", "en-US")),
)  # fmt: skip

# Where some of those who work remotely live, besides the cities of the offices.
FAR_HOMES = (
    Office("Kathmandu", "Nepal", "Asia/Kathmandu", "Nepal Standard Time", "en_IN", ("en-US",)),
    Office(
        "Honolulu", "United States", "Pacific/Honolulu", "Hawaiian Standard Time", "en_US",
        ("en-US",),
    ),
    Office("Lisbon", "Portugal", "Europe/Lisbon", "GMT Standard Time", "pt_BR", ("pt-PT",)),
    Office(
        "Adelaide", "Australia", "Australia/Adelaide", "Cen. Australia Standard Time", "en_AU",
        ("en-AU",),
    ),
)  # fmt: skip

REMOTE = "Remote"


def choose_offices(people: int) -> tuple[Office, ...]:
    """Return as many offices as an organisation fills: 1 below 60 people, all from 400."""
    return OFFICES[: max(1, min(len(OFFICES), people // 50 + (people >= 60)))]


def find_office(name: str) -> Office | None:
    """Return the office or home town of that name, in any case; None when there is none."""
    wanted = name.strip().casefold()
    return next((o for o in OFFICES + FAR_HOMES if o.name.casefold() == wanted), None)
