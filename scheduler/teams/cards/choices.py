"""The card on which somebody decides everything about themselves, in one form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from microsoft_teams.cards.core import CardElement, DateInput

from scheduler.people.choices import EVERY_PROGRAMME, Choices, Introduction
from scheduler.programmes.programme import Programme
from scheduler.teams.cards.kit import (
    Buttons,
    Card,
    choice,
    entry,
    heading,
    make_card,
    quiet,
    section,
    words,
)
from scheduler.texts.catalogue import Texts, mark, texts_in

WEEKS = (2, 4, 8, 12)
RESTING = mark("You left several invitations without an answer, so you are asked no more for now.")


def choices_card(
    choices: Choices,
    programmes: Sequence[Programme],
    buttons: Buttons,
    *,
    today: dt.date,
    mails: Mapping[str, str],
    language: str,
    automatic: Collection[str] = (),
) -> Card:
    """What one person decided, to look at and to change.

    Whom they never want to meet is asked and never shown: a card can be seen over a shoulder.

    Args:
        choices: What the person decided so far.
        programmes: Those whose audience the person belongs to.
        buttons: Bound to the person.
        today: The earliest day of a pause.
        mails: Mail addresses by person id, of those whom the person asked to meet.
        language: The person's language.
        automatic: Names of programmes in which this person is without having said so.
    """
    texts = texts_in(language)
    body: list[CardElement] = [
        heading(texts.say("My choices")),
        words(quiet(texts.say("What you leave empty is not kept."))),
        *_taking_part(choices, programmes, automatic, today, texts),
        *_whom(choices, mails, texts),
        *_about_me(choices, texts),
        *_needs(choices, texts),
    ]
    actions = [buttons.press("save_choices", texts.say("Save"), style="positive")]
    summary = texts.say("My choices: programmes, pauses, whom to meet, and what others read of me")
    return make_card(body, actions, texts=texts, summary=summary)


def _taking_part(
    choices: Choices,
    programmes: Sequence[Programme],
    automatic: Collection[str],
    today: dt.date,
    texts: Texts,
) -> list[CardElement]:
    joined = [
        programme.name
        for programme in programmes
        if not choices.silent
        and choices.takes_part(
            programme.name,
            silence=programme.audience.join == "opt-out" or programme.name in automatic,
        )
    ]
    rest = (
        [words(texts.say(RESTING), " ", texts.say("Tick what you would like to be asked for."))]
        if choices.silent
        else []
    )
    never = texts.say("As often as the programmes take place")
    weeks = [
        (str(count), texts.say_plural("At most once a week", "At most every {count} weeks", count))
        for count in WEEKS
    ]
    paused = choices.paused_until
    return [
        section(texts.say("Taking part")),
        *rest,
        choice(
            "programmes",
            texts.say("I take part in"),
            [(programme.name, programme.title) for programme in programmes],
            value=",".join(joined),
            many=True,
        ),
        choice(
            "nothing_else",
            texts.say("All other programmes"),
            [("yes", texts.say("Ask me for none of them, now or later"))],
            value="yes" if EVERY_PROGRAMME in choices.left else "",
            many=True,
        ),
        DateInput(
            id="pause_until",
            label=texts.say("I pause until"),
            value=paused.isoformat() if paused and paused >= today else None,
            min=today.isoformat(),
        ),
        choice(
            "every_weeks",
            texts.say("How often at most?"),
            [("0", never), *weeks],
            value=str(choices.every_weeks or 0),
            expanded=False,
        ),
    ]


def _whom(choices: Choices, mails: Mapping[str, str], texts: Texts) -> list[CardElement]:
    wanted = [mails[person] for person in choices.meet_people if person in mails]
    return [
        section(texts.say("Whom I meet")),
        entry(
            "meet_people",
            texts.say("People I would like to meet"),
            placeholder=texts.say("Mail addresses, separated by commas"),
            value=", ".join(wanted) or None,
            lines=False,
        ),
        entry(
            "meet_areas",
            texts.say("Departments, teams or topics I would like to meet"),
            placeholder=texts.say("Separated by commas"),
            value=", ".join(choices.meet_areas) or None,
            lines=False,
        ),
        entry(
            "never_with",
            texts.say("Never in a group with"),
            placeholder=texts.say("Mail addresses, separated by commas"),
            lines=False,
        ),
        words(
            quiet(
                texts.say(
                    "Nobody ever sees this, so it is not shown here either. Leave it empty to keep "
                    "what you said before; write a dash to take it back."
                )
            ),
            spacing="Small",
        ),
    ]


def _about_me(choices: Choices, texts: Texts) -> list[CardElement]:
    mine = choices.introduction or Introduction()
    return [
        section(texts.say("What others read about me")),
        entry("do", texts.say("What I do"), value=mine.do or None, most=200, lines=False),
        entry("help", texts.say("I can help with"), value=mine.help or None, most=200, lines=False),
        entry(
            "learn",
            texts.say("I would like to learn about"),
            value=mine.learn or None,
            most=200,
            lines=False,
        ),
        entry(
            "interests",
            texts.say("What interests me"),
            placeholder=texts.say("Separated by commas"),
            value=", ".join(choices.interests) or None,
            lines=False,
        ),
        entry(
            "languages",
            texts.say("Languages I like to speak"),
            placeholder=texts.say("Separated by commas"),
            value=", ".join(choices.languages) or None,
            lines=False,
        ),
        choice(
            "adviser",
            texts.say("At a meeting about an area, I would like to have with me"),
            [
                ("no", texts.say("nobody else")),
                ("recruiter", texts.say("a recruiter")),
                ("supervisor", texts.say("a supervisor")),
            ],
            value=choices.adviser or "no",
            expanded=False,
        ),
    ]


def _needs(choices: Choices, texts: Texts) -> list[CardElement]:
    return [
        section(texts.say("What the organiser of a meal or a room needs to know")),
        entry("diet", texts.say("What I eat, or do not"), value=choices.diet, lines=False),
        entry("access", texts.say("What a room needs for me"), value=choices.access, lines=False),
    ]
