"""The forum of a programme: questions, requests, offers, and what is said to them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from scheduler.store.engine import Store
from scheduler.store.schema import posts

PostKind = Literal["question", "answer", "ask", "offer", "reply"]
_IDS = uuid.UUID("0c7b9a52-6f0e-4c39-8a0b-3a4a52a3b6d1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One thing said; ``parent`` is the post that it answers, ``person_id`` None: the programme."""

    id: str
    programme: str
    kind: PostKind
    parent: str | None
    person_id: str | None
    text: str
    said_at: dt.datetime


def make_post_id(*parts: str) -> str:
    """An id that follows from what was said: saying it twice is saying it once."""
    return str(uuid.uuid5(_IDS, "\n".join(parts)))


def save_post(store: Store, post: Post) -> bool:
    """Keep a post; False when it is there already."""
    try:
        with store.write() as connection:
            connection.execute(insert(posts).values(**asdict(post)))
    except IntegrityError:
        return False
    return True


def find_post(store: Store, post_id: str) -> Post | None:
    """One post."""
    with store.read() as connection:
        row = connection.execute(select(posts).where(posts.c.id == post_id)).mappings().first()
    return None if row is None else Post(**row)


def read_posts(
    store: Store, programme: str, *, parent: str | None = None, kind: PostKind | None = None
) -> tuple[Post, ...]:
    """A programme's posts, oldest first: all, what answers one of them, or one kind."""
    statement = (
        select(posts).where(posts.c.programme == programme).order_by(posts.c.said_at, posts.c.id)
    )
    if parent is not None:
        statement = statement.where(posts.c.parent == parent)
    if kind is not None:
        statement = statement.where(posts.c.kind == kind)
    with store.read() as connection:
        return tuple(Post(**row) for row in connection.execute(statement).mappings())
