from __future__ import annotations

import pytest

from scheduler.people.choices import Introduction
from scheduler.people.introducing import advise

GOOD = "I test the brakes of trains before they leave the factory."


def test_good_introduction_needs_no_advice():
    assert (
        advise(Introduction(do=GOOD, help="Spreadsheets that have become too large", learn=""))
        == ()
    )


def test_empty_introduction_is_not_criticised():
    assert advise(Introduction()) == ()


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Everything.", "Name one thing."),
        ("Controlling", "A few words more"),
        (GOOD * 3, f"This has {3 * len(GOOD)} characters."),
        ("I am responsible for the brakes of trains", "Say what you do"),
        ("I run the SAPQX migration of our plants", "Write out “SAPQX”"),
        ("I drive synergies between plants", "Try it without “drive”"),
    ],
)
def test_rule_says_what_would_be_better(text, advice):
    (first, *_) = advise(Introduction(help=text))

    assert first.part == "help"
    assert first.text.startswith(advice)


def test_two_pieces_of_advice_are_enough():
    text = "I am responsible for XYZW synergies " * 6

    assert len(advise(Introduction(do=text))) == 2
