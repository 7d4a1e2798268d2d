from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from scheduler.programmes.programme import Cadence, Size, VenueWish, Window
from scheduler.programmes.rules import Bridge, LevelSpread, NotMetWithin
from scheduler.programmes.values import read_clock, read_day


@pytest.mark.parametrize("text", ["09:30", "9:30", "09:30:00", " 9:30 "])
def test_time_of_day_is_read(text):
    assert read_clock(text) == dt.time(9, 30)


@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("2pm", "14:00"),
        ("12am", "00:00"),
        ("11h30", "11:30"),
        (1130, None),
        ("noon", None),
        (11, "11:00"),
        (True, None),
    ],
)
def test_number_or_word_is_no_time_of_day(written, guess):
    with pytest.raises(ValueError, match="write it like 11:30") as caught:
        read_clock(written)
    assert str(caught.value).endswith(f"did you mean {guess}?") == (guess is not None)


@pytest.mark.parametrize("written", ["2026-02-30", "20261207", 20261207, "7.12.2026", None])
def test_no_other_date_is_taken(written):
    with pytest.raises(ValueError, match=r"not a (date|day of the calendar)"):
        read_day(written)


@pytest.mark.parametrize(
    ("model", "values", "words"),
    [
        (Size, {"at_least": 5, "ideal": 4, "at_most": 6}, "the sizes must grow"),
        (Window, {"earliest": "11:30", "latest": "12:00", "minutes": 60}, "do not fit between"),
        (Cadence, {"first": "2026-12-07", "last": "2026-11-01"}, "lies before first"),
        (VenueWish, {"kind": "elsewhere"}, "needs its place"),
        (VenueWish, {"kind": "in-person", "rooms": False, "tables": False}, "rooms or tables"),
        (NotMetWithin, {}, "either rounds or days"),
        (LevelSpread, {}, "give at_least or at_most"),
        (LevelSpread, {"at_least": 3, "at_most": 2}, "must not be larger"),
        (Bridge, {"pairs": [["Sales", "SALES"]]}, "two different ends"),
    ],
)  # fmt: skip
def test_values_that_contradict_each_other_are_refused(model, values, words):
    with pytest.raises(ValidationError, match=words):
        model(**values)
