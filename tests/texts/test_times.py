"""Times as people of a language write them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from scheduler.texts.catalogue import texts_in
from scheduler.texts.times import clock_text, day_text, list_text, span_text, zone_text


def noon(zone: str, month: int = 12) -> dt.datetime:
    return dt.datetime(2026, month, 7, 12, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("language", "day", "span"),
    [
        ("en", "Monday, 7 December 2026", "12:00–13:00"),
        ("en-US", "Monday, December 7, 2026", "12:00\u202fPM–1:00\u202fPM"),
        ("de", "Montag, 7. Dezember 2026", "12:00–13:00"),
    ],
)
def test_day_and_span_follow_the_language(language, day, span):
    texts = texts_in(language)

    assert day_text(noon("Europe/Berlin"), texts) == day
    assert span_text(noon("Europe/Berlin"), 60, texts) == span


@pytest.mark.parametrize(
    ("zone", "month", "language", "name"),
    [
        ("Europe/Berlin", 12, "en", "Central European Standard Time (Berlin)"),
        ("Europe/Berlin", 7, "en", "Central European Summer Time (Berlin)"),
        ("Europe/Berlin", 12, "de", "Mitteleuropäische Normalzeit (Berlin)"),
        ("Asia/Tokyo", 12, "de", "Japanische Normalzeit (Tokio)"),
        ("Asia/Kolkata", 12, "en", "India Time (Kolkata)"),
        ("Europe/Kyiv", 12, "en", "Ukraine (Kyiv) Time"),
        ("America/Argentina/Buenos_Aires", 12, "en", "Argentina (Buenos Aires) Time"),
        ("UTC", 12, "en", "Coordinated Universal Time"),
    ],
)
def test_zone_is_named_with_its_season_and_city(zone, month, language, name):
    assert zone_text(noon(zone, month), texts_in(language)) == name


def test_span_over_a_clock_change_counts_minutes_that_pass():
    starts = dt.datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    assert span_text(starts, 120, texts_in("en")) == "01:30–02:30"


def test_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="names no instant"):
        clock_text(dt.datetime(2026, 12, 7, 12), texts_in("en"))  # noqa: DTZ001


def test_names_are_listed_as_the_language_lists_them():
    names = ["Ann", "Bob", "Cy"]

    assert list_text(names, texts_in("en")) == "Ann, Bob and Cy"
    assert list_text(names, texts_in("de")) == "Ann, Bob und Cy"
