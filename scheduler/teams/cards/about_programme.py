"""How a programme works, in sentences made of its own settings."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_time, get_day_names

from scheduler.programmes.programme import WEEKDAYS, Programme
from scheduler.texts.catalogue import Texts
from scheduler.texts.times import list_text, short_day_text


def explain_programme(programme: Programme, texts: Texts) -> tuple[str, ...]:
    """What happens to somebody who joins: with whom, how often, when, where, and what is read."""
    return (
        _with_whom(programme, texts),
        _how_often(programme, texts),
        _when(programme, texts),
        _where(programme, texts),
        _what_is_read(programme, texts),
        texts.say("You can pause or leave at any time, without a reason."),
    )


def _what_is_read(programme: Programme, texts: Texts) -> str:
    if programme.sign_up is not None:
        return texts.say("Nobody looks at your calendar: who puts their name down comes.")
    return texts.say(
        "We look only at when you are free or busy, never at what your appointments are about."
    )


def _with_whom(programme: Programme, texts: Texts) -> str:
    least, most = programme.size.at_least - 1, programme.size.at_most - 1
    if programme.whole == "everybody":
        return texts.say("You meet everybody who takes part.")
    if programme.whole:
        return texts.say("You meet everybody who belongs to your group.")
    if least == most:
        return texts.say_plural(
            "You meet {count} colleague, chosen for you.",
            "You meet {count} colleagues, chosen for you.",
            most,
        )
    return texts.say(
        "You meet {least} to {most} colleagues, chosen for you.", least=least, most=most
    )


def _how_often(programme: Programme, texts: Texts) -> str:
    cadence = programme.cadence
    if cadence.on:
        days = list_text([short_day_text(day, texts) for day in cadence.on], texts)
        return texts.say("It takes place on {days}.", days=days)
    return texts.say_plural(
        "It takes place every week.", "It takes place every {count} weeks.", cadence.every_weeks
    )


def _when(programme: Programme, texts: Texts) -> str:
    window = programme.window
    if programme.cadence.on:
        return texts.say(
            "It takes {minutes} minutes between {earliest} and {latest}.",
            minutes=window.minutes,
            earliest=_clock(window.earliest, texts),
            latest=_clock(window.latest, texts),
        )
    names = get_day_names("wide", locale=texts.locale)
    days = [names[WEEKDAYS.index(day)] for day in sorted(window.days, key=WEEKDAYS.index)]
    return texts.say(
        "It takes {minutes} minutes between {earliest} and {latest}, on a day that suits all of "
        "you: {days}.",
        minutes=window.minutes,
        earliest=_clock(window.earliest, texts),
        latest=_clock(window.latest, texts),
        days=list_text(days, texts),
    )


def _where(programme: Programme, texts: Texts) -> str:
    match programme.venue.kind:
        case "online":
            return texts.say("You meet online, in Teams.")
        case "in-person":
            return texts.say("You meet in person, at your office.")
        case _:
            return texts.say("You meet here: {place}.", place=programme.venue.place)


def _clock(time: dt.time, texts: Texts) -> str:
    return format_time(time, "short", locale=texts.locale)
