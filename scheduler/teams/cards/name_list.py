"""What is said about a list on which people put their names down, wherever they read it."""

from __future__ import annotations

import datetime as dt

from scheduler.people.sign_up import Listing
from scheduler.programmes.programme import Programme
from scheduler.texts.catalogue import Texts
from scheduler.texts.times import day_text


def describe_listing(listing: Listing, texts: Texts) -> tuple[str, ...]:
    """Where somebody stands on a list, in sentences to them; none for who is on it and pauses."""
    occasion = _name_occasion(listing.title, listing.day, texts, fixed=listing.fixed)
    closes = day_text(listing.closes, texts)
    match listing.standing:
        case "place":
            said = _say_place(listing, occasion, closes, texts)
        case "seat":
            said = (texts.say("You have a seat at {occasion}.", occasion=occasion),)
        case "waiting":
            said = (_say_taken(listing, occasion, texts), _say_waiting(listing, texts))
        case "full":
            said = _say_full(listing, occasion, closes, texts)
        case "late":
            said = (_say_closed(occasion, closes, texts), _say_next(listing, texts))
        case "out":
            said = _invite(listing, occasion, closes, texts)
        case "away":
            said = ()
    return said


def explain_list(
    programme: Programme, day: dt.date, closes: dt.date, texts: Texts
) -> tuple[str, ...]:
    """How seats are given where people put their names down, for who is asked to."""
    sign_up = programme.sign_up
    if sign_up is None:
        return ()
    occasion = _name_occasion(programme.title, day, texts, fixed=bool(programme.cadence.on))
    return (
        texts.say(
            "Put your name down for {occasion} by the end of {closes}.",
            closes=day_text(closes, texts),
            occasion=occasion,
        ),
        _say_seats(programme, texts),
    )


def _say_seats(programme: Programme, texts: Texts) -> str:
    sign_up = programme.sign_up
    assert sign_up is not None  # noqa: S101 -- asked only where there is one
    if sign_up.waiting_list:
        return texts.say(
            "There are {capacity} seats, for those who come first; the others are on a waiting "
            "list.",
            capacity=sign_up.capacity,
        )
    return texts.say("There are {capacity} seats, for those who come first.",
                     capacity=sign_up.capacity)  # fmt: skip


def _name_occasion(title: str, day: dt.date, texts: Texts, *, fixed: bool) -> str:
    if fixed:
        return texts.say("{title} on {day}", title=title, day=day_text(day, texts))
    return texts.say("{title} in the weeks from {day} on", title=title, day=day_text(day, texts))


def _say_place(listing: Listing, occasion: str, closes: str, texts: Texts) -> tuple[str, ...]:
    place = texts.say(
        "Your name is on the list for {occasion}. You are number {number}, and there are "
        "{capacity} seats.",
        occasion=occasion, number=listing.number, capacity=listing.capacity,
    )  # fmt: skip
    until = (
        texts.say("The list closed at the end of {closes}; the invitation comes by Outlook.",
                  closes=closes)
        if listing.closed
        else texts.say("The list closes at the end of {closes}; then the invitation comes by "
                       "Outlook.", closes=closes)
    )  # fmt: skip
    return (place, until)


def _say_taken(listing: Listing, occasion: str, texts: Texts) -> str:
    return texts.say("All {capacity} seats for {occasion} are taken.", occasion=occasion,
                     capacity=listing.capacity)  # fmt: skip


def _say_waiting(listing: Listing, texts: Texts) -> str:
    return texts.say(
        "You are number {number} on the waiting list: whoever drops out makes room for the first "
        "on it.",
        number=listing.number,
    )


def _say_full(listing: Listing, occasion: str, closes: str, texts: Texts) -> tuple[str, ...]:
    full = texts.say(
        "It is full: all {capacity} seats for {occasion} are taken, and there is no waiting list.",
        occasion=occasion, capacity=listing.capacity,
    )  # fmt: skip
    if listing.closed:
        return (full, _say_next(listing, texts))
    chance = texts.say(
        "You have a seat only if somebody in front of you takes their name off before the list "
        "closes, at the end of {closes}.",
        closes=closes,
    )
    return (full, chance)


def _say_closed(occasion: str, closes: str, texts: Texts) -> str:
    return texts.say("The list for {occasion} closed at the end of {closes}.", closes=closes,
                     occasion=occasion)  # fmt: skip


def _say_next(listing: Listing, texts: Texts) -> str:
    if listing.next_day is None:
        return texts.say("You are down for the next one; its day is not known yet.")
    day = day_text(listing.next_day, texts)
    return texts.say("You are down for the next one, on {day}.", day=day)


def _invite(listing: Listing, occasion: str, closes: str, texts: Texts) -> tuple[str, ...]:
    if listing.closed:
        closed = _say_closed(occasion, closes, texts)
        return (closed, texts.say("Who joins now is down for the next one."))
    free = listing.capacity - listing.names
    if free > 0:
        return (
            texts.say("Put your name down for {occasion} by the end of {closes}.",
                      closes=closes, occasion=occasion),
            texts.say("{free} of {capacity} seats are free.",
                      free=free, capacity=listing.capacity),
        )  # fmt: skip
    taken = _say_taken(listing, occasion, texts)
    if not listing.waiting_list:
        return (taken, texts.say("There is no waiting list."))
    return (
        taken,
        texts.say("Put your name down by the end of {closes}, and you are on the waiting list.",
                  closes=closes),
    )  # fmt: skip
