"""The tables. What changes here needs a migration beside it.

People appear by their directory id alone; names, addresses and calendars are not stored.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[dt.datetime]):
    """An instant. A time without a zone is refused; what is read is in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Store in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Read as UTC; SQLite keeps no zone."""
        if value is None:
            return None
        instant: dt.datetime = value
        return (
            instant.replace(tzinfo=dt.UTC)
            if dialect.name == "sqlite"
            else instant.astimezone(dt.UTC)
        )


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _round() -> Column[str]:
    return Column("round_id", String(120), ForeignKey("rounds.id"), primary_key=True)


rounds = Table(
    "rounds",
    metadata,
    Column("id", String(120), primary_key=True),  # programme/date
    Column("programme", String(100), nullable=False, index=True),
    Column("date", Date, nullable=False),
    Column("state", String(20), nullable=False),
    # 32 bits without a sign
    Column("seed", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("revision", Integer, nullable=False),  # of the plan that counts
    Column("cancel_message", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

plans = Table(
    "plans",
    metadata,
    _round(),
    Column("revision", Integer, primary_key=True),
    Column("plan", Text, nullable=False),  # JSON; Text keeps its bytes as they were
    Column("reason", String(200), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("prices", Text),  # JSON, what each hard rule costs; NULL: not asked
)

bookings = Table(
    "bookings",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("transaction_id", String(36), nullable=False, unique=True),
    Column("fingerprint", String(64), nullable=False),  # of members, slot and place
    Column("organiser", String(320), nullable=False),
    Column("state", String(20), nullable=False),  # intended | booked | cancelled | removed
    Column("event_id", String(500)),
    Column("ical_uid", String(500)),
    Column("join_url", Text),
    Column("web_link", Text),
    Column("agenda_attached", Boolean, nullable=False, default=False),
    Column("problem", String(500)),
    Column("intended_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
)

meetings = Table(
    "meetings",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("person_id", String(100), primary_key=True),
    Column("programme", String(100), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("met", String(10), nullable=False),  # expected | yes | partly | no
    Index("ix_meetings_person_id", "person_id"),
    Index("ix_meetings_starts_at", "starts_at"),
)

answers = Table(
    "answers",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("who", String(320), primary_key=True),  # a person's id, or a room's address
    Column("response", String(30), nullable=False),
    Column("answered_at", UtcTime),
    Column("proposed_start", UtcTime),
    Column("read_at", UtcTime, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("person_id", String(100), primary_key=True),
    Column("kind", String(50), primary_key=True),
    Column("state", String(20), nullable=False),  # intended | sent | failed
    Column("reference", Text),  # what the other side calls it
    Column("tries", Integer, nullable=False),
    Column("problem", String(500)),
    Column("intended_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("shown", String(64)),  # of members, slot and place; NULL: it never changes
)

calendar_links = Table(
    "calendar_links",
    metadata,
    _round(),
    Column("mailbox", String(320), primary_key=True),
    Column("delta_link", Text, nullable=False),
    Column("read_at", UtcTime, nullable=False),
)

choices = Table(
    "choices",
    metadata,
    Column("person_id", String(100), primary_key=True),
    Column("kind", String(50), primary_key=True),
    Column("about", String(200), primary_key=True),  # what it is about: a programme, a person, ""
    Column("value", JSON, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

choice_changes = Table(
    "choice_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("person_id", String(100), nullable=False, index=True),
    Column("kind", String(50), nullable=False),
    Column("about", String(200), nullable=False),
    Column("value", JSON),  # NULL: taken back
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("by", String(200), nullable=False),
    Column("what", String(100), nullable=False),
    Column("round_id", String(120), index=True),
    Column("details", JSON, nullable=False),
)

seats = Table(  # who said on a card that they come, or that they cannot
    "seats",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("person_id", String(100), primary_key=True),
    Column("coming", Boolean, nullable=False),
    Column("said_at", UtcTime, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("person_id", String(100), primary_key=True),
    Column("met", String(10), nullable=False),  # yes | partly | no
    Column("again", String(10)),  # yes | maybe | no; NULL: not said
    Column("said_at", UtcTime, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("person_id", String(100), primary_key=True),
    Column("sealed", Text, nullable=False),  # encrypted; nobody but the person reads it
    Column("written_at", UtcTime, nullable=False),
    Index("ix_notes_person_id", "person_id"),
)

thanks = Table(
    "thanks",
    metadata,
    _round(),
    Column("group_number", Integer, primary_key=True),
    Column("from_id", String(100), primary_key=True),
    Column("to_id", String(100), primary_key=True),
    Column("sealed", Text),  # the words, encrypted; NULL: thanked without words
    Column("said_at", UtcTime, nullable=False),
)

posts = Table(  # a programme's forum
    "posts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("programme", String(100), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # question | answer | ask | offer | reply
    Column("parent", String(36), index=True),  # the post that is answered
    Column("person_id", String(100)),  # NULL: asked by the programme
    Column("text", Text, nullable=False),
    Column("said_at", UtcTime, nullable=False),
)

notices = Table(  # messages about a programme, where deliveries are about a round
    "notices",
    metadata,
    Column("subject", String(120), primary_key=True),
    Column("person_id", String(100), primary_key=True),  # or a channel
    Column("kind", String(50), primary_key=True),
    Column("state", String(20), nullable=False),  # intended | sent | failed
    Column("reference", Text),
    Column("tries", Integer, nullable=False),
    Column("problem", String(500)),
    Column("intended_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
)

unreachable = Table(  # whom the bot cannot write to
    "unreachable",
    metadata,
    Column("person_id", String(100), primary_key=True),
    Column("reason", String(500), nullable=False),
    Column("since", UtcTime, nullable=False),
)

channels = Table(  # as learned when the bot was added to a team
    "channels",
    metadata,
    Column("name", String(300), primary_key=True),  # team/channel
    Column("conversation_id", String(500), nullable=False),
    Column("learned_at", UtcTime, nullable=False),
)

departments = Table(  # names that the directory has had, so that a new one is noticed
    "departments",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("first_seen", Date, nullable=False),
)
