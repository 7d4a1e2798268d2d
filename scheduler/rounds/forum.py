"""The forum of a programme: a question every week, asking for help, offering it."""

from __future__ import annotations

import datetime as dt

from scheduler.rounds.context import Context
from scheduler.rounds.deeds import RefusedError
from scheduler.rounds.planning import find_programme
from scheduler.store.posts import Post, PostKind, find_post, make_post_id, save_post
from scheduler.teams.cards.forum import ANSWER_LETTERS
from scheduler.texts.catalogue import mark

QUESTIONS = (
    mark("What did you learn at work this month that others could use?"),
    mark("Which tool or shortcut saves you time every week?"),
    mark("What would you like to understand better about another department?"),
    mark("Whom did you meet lately who helped you, and with what?"),
    mark("What are you working on that needs another pair of eyes?"),
    mark("Which mistake taught you something worth passing on?"),
    mark("What do people often get wrong about what your team does?"),
    mark("What would make your work with other teams easier?"),
    mark("Which book, talk or article changed how you work?"),
    mark("What can you do well that few colleagues know of?"),
    mark("What should somebody new know that nobody writes down?"),
    mark("Which small thing at your place of work makes you glad?"),
)
"""One a week, in turn."""


def question_of(day: dt.date) -> str:
    """The week's question, in English; it is said in each channel's language.

    Weeks begin on Monday, as day 1 of the calendar was one.
    """
    return QUESTIONS[(day.toordinal() - 1) // 7 % len(QUESTIONS)]


def open_question(context: Context, programme: str, *, at: dt.datetime) -> Post:
    """The post of this week's question in a programme's forum, made when there is none yet.

    Raises:
        UnknownProgrammeError: There is no such programme.
    """
    find_programme(context, programme)
    year, week, _ = at.isocalendar()
    post = Post(
        id=make_post_id(programme, "question", f"{year}-{week:02}"),
        programme=programme,
        kind="question",
        parent=None,
        person_id=None,
        text=question_of(at.date()),
        said_at=at,
    )
    save_post(context.store, post)
    return post


def say(
    context: Context,
    programme: str,
    person_id: str,
    kind: PostKind,
    text: str,
    *,
    parent: str | None = None,
    at: dt.datetime,
) -> Post | None:
    """Write in a programme's forum. None: the same person said just this already.

    Args:
        context: Settings and store.
        programme: Whose forum.
        person_id: Who writes.
        kind: ``ask`` and ``offer`` begin something, ``answer`` and ``reply`` answer ``parent``.
        text: What is said.
        parent: The post that is answered.
        at: The moment.

    Raises:
        RefusedError: The text is too long or empty, or there is nothing to answer.
        UnknownProgrammeError: There is no such programme.
    """
    find_programme(context, programme)
    text = text.strip()
    if len(text) > ANSWER_LETTERS:
        raise RefusedError("too_long")
    if kind in ("answer", "reply"):
        answered = find_post(context.store, parent or "")
        if answered is None or answered.programme != programme:
            raise RefusedError("late")
    if not text:
        raise RefusedError("forged")
    post = Post(
        id=make_post_id(programme, kind, parent or "", person_id, text),
        programme=programme,
        kind=kind,
        parent=parent,
        person_id=person_id,
        text=text,
        said_at=at,
    )
    return post if save_post(context.store, post) else None
