"""What is kept: the tables of the database, and the files beside it.

:data:`CLOCKS` says by which column the age of a table's rows is told. Retention deletes by it, so
what is printed here is what is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.privacy.item import Category, Item, list_items

PROGRAM = "nobody: the program alone"
HR = "HR"
SELF = "the person alone"
GROUP = "the person and the members of their group"
MEMBERS = "HR, and the members of the group"

_PLANNING = "the product, when it plans and books"
_PEOPLE = "the person, on a card or page, or HR for them"


@dataclass(frozen=True, slots=True)
class Clock:
    """How old a row is: by ``column``, or as its ``round`` where that is None.

    ``of_leavers``: only rows of people who are no longer in the directory grow old.
    """

    column: str | None = None
    of_leavers: bool = False


CLOCKS: Mapping[str, Clock] = {
    "feedback": Clock("said_at"),
    "notes": Clock("written_at"),
    "thanks": Clock("said_at"),
    "posts": Clock("said_at"),
    "notices": Clock("intended_at"),
    "choice_changes": Clock("changed_at"),
    "audit": Clock("at"),
    "unreachable": Clock("since"),
    "choices": Clock("changed_at", of_leavers=True),
    "rounds": Clock(),
    "plans": Clock(),
    "bookings": Clock(),
    "meetings": Clock(),
    "answers": Clock(),
    "deliveries": Clock(),
    "calendar_links": Clock(),
    "seats": Clock(),
}
"""By table; a table that is not here holds nothing about people. A round is as old as its last
meeting, and what belongs to it goes with it; feedback goes earlier where its time is shorter."""


def _table(
    name: str, kept: Category, source: str, seen_by: str, fields: Mapping[str, str]
) -> tuple[Item, ...]:
    return list_items(f"table {name}", kept, source, seen_by, fields)


_ROUND = "which round it belongs to"
_GROUP = "which group of the round it belongs to"

ROUNDS = (
    *_table("rounds", "history", _PLANNING, HR, {
        "id": "the programme and the date",
        "programme": "which programme it is a round of",
        "date": "when it begins",
        "state": "how far it has come",
        "seed": "to make the same plan again",
        "revision": "which of its plans counts",
        "cancel_message": "what members were told when it was cancelled",
        "created_at": "when it was planned",
        "changed_at": "when it last went a step further",
        "changed_by": "who took that step, by id",
    }),
    *_table("plans", "history", _PLANNING, HR, {
        "round_id": _ROUND,
        "revision": "which of its plans it is",
        "plan": "groups by id with time and place; who has no seat, by id, with the reason",
        "reason": "why there is a new plan",
        "made_at": "when it was made",
        "prices": "what each rule costs the round in seats, by office; nobody is named",
    }),
    *_table("bookings", "history", _PLANNING, GROUP, {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "attempt": "so that a changed group is booked anew, once",
        "transaction_id": "so that no meeting is created twice",
        "fingerprint": "to see whether the group has changed since",
        "organiser": "the shared mailbox that invited",
        "state": "whether the meeting stands",
        "event_id": "to find the meeting in Outlook",
        "ical_uid": "to find the meeting in every calendar",
        "join_url": "the link to join, for cards",
        "web_link": "the link to the invitation, for cards",
        "agenda_attached": "whether the agenda is attached",
        "problem": "what Outlook said where it refused",
        "intended_at": "when it was to be created",
        "done_at": "when it was created",
    }),
    *_table("meetings", "history", _PLANNING, GROUP, {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "person_id": "who met whom, so that others meet next time",
        "programme": "which programme it was",
        "starts_at": "when they met",
        "met": "whether they did, as they said",
    }),
    *_table("answers", "history", "Outlook, the organiser's event", MEMBERS, {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "who": "who answered, by id, or which room",
        "response": "whether they accepted or declined",
        "answered_at": "when they did; nobody is asked for ever who never answers",
        "proposed_start": "another time that they proposed",
        "read_at": "when the calendar was read",
    }),
    *_table("seats", "history", _PEOPLE, MEMBERS, {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "person_id": "who said so",
        "coming": "whether they come",
        "said_at": "when they said so; the last word counts",
    }),
    *_table("deliveries", "history", "Teams, or the mail that was sent", PROGRAM, {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "person_id": "whom a card or mail was for",
        "kind": "which card or mail",
        "state": "so that nobody gets it twice",
        "reference": "Teams' name for the message, so that it can be changed",
        "tries": "how often it was tried",
        "problem": "why it could not be delivered",
        "intended_at": "when it was to be sent",
        "done_at": "when it was sent",
        "shown": "a check sum of the group on the card, so that the card changes with the group",
    }),
    *_table("calendar_links", "history", "Graph, the organisers' calendars", PROGRAM, {
        "round_id": _ROUND,
        "mailbox": "which of the organisers' mailboxes",
        "delta_link": "where the next look at changes goes on",
        "read_at": "when the last one was",
    }),
)  # fmt: skip

SAID = (
    *_table("choices", "choices", _PEOPLE, "the person, and HR unless the value is encrypted", {
        "person_id": "whose choice",
        "kind": "join, leave, pause, never with, ...",
        "about": "which programme it is about",
        "value": "what they decided. Whom they never meet, diet and needs are encrypted: the first "
                 "is shown to nobody, the others to the organiser of their meeting. Members of "
                 "their group read their introduction; who named the same interest may learn that "
                 "they share it",
        "changed_at": "the newest choice counts; who put their name down first has a seat",
        "changed_by": "whether they or HR entered it",
    }),
    *_table("choice_changes", "history", _PEOPLE, SELF, {
        "id": "their order",
        "person_id": "whose choice",
        "kind": "join, leave, pause, never with, ...",
        "about": "which programme it is about",
        "value": "as above, encrypted in the same way",
        "changed_at": "when it changed: since when somebody's name stands on a list",
        "changed_by": "whether they or HR entered it",
    }),
    *_table("feedback", "feedback", _PEOPLE, "HR, as figures over five people and more", {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "person_id": "so that everybody answers once",
        "met": "whether the group met",
        "again": "whether they would again",
        "said_at": "when they said so",
    }),
    *_table("notes", "feedback", _PEOPLE, SELF + ", encrypted", {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "person_id": "whose note",
        "sealed": "what they noted for themselves",
        "written_at": "when they did",
    }),
    *_table("thanks", "feedback", _PEOPLE, "the two people, encrypted", {
        "round_id": _ROUND,
        "group_number": _GROUP,
        "from_id": "who thanks",
        "to_id": "who is thanked",
        "sealed": "what for",
        "said_at": "when",
    }),
    *_table("posts", "feedback", _PEOPLE, "everybody in the programme", {
        "id": "to answer it",
        "programme": "in which programme's forum",
        "kind": "a question, an answer, an offer, ...",
        "parent": "what it answers",
        "person_id": "who wrote it",
        "text": "what they wrote",
        "said_at": "when they did",
    }),
)  # fmt: skip

MESSAGES = (
    *_table("notices", "history", "Teams, or the mail that was sent", PROGRAM, {
        "subject": "the programme that the message is about",
        "person_id": "whom it was for, or which channel",
        "kind": "which message",
        "state": "so that nobody gets it twice",
        "reference": "Teams' name for the message",
        "tries": "how often it was tried",
        "problem": "why it could not be delivered",
        "intended_at": "when it was to be sent",
        "done_at": "when it was sent",
    }),
    *_table("unreachable", "history", "Teams", "HR and administrators", {
        "person_id": "whom the bot cannot write to, so that they get mail",
        "reason": "what Teams said",
        "since": "when",
    }),
    *_table("channels", "installation", "Teams, when the bot is added to a team", PROGRAM, {
        "name": "the team and channel",
        "conversation_id": "where to post",
        "learned_at": "when the bot was added",
    }),
    *_table("audit", "history", "the product, at every decision", "HR and administrators", {
        "id": "their order",
        "at": "when",
        "by": "who decided, by id or account name",
        "what": "what was done",
        "round_id": _ROUND,
        "details": "counts; no names",
    }),
    *_table("departments", "installation", "Entra ID, the company's directory", HR, {
        "name": "which departments there are; nothing about a person",
        "first_seen": "to tell HR of a department that is new",
    }),
    *_table("alembic_version", "installation", "the product", PROGRAM, {
        "version_num": "which release made the tables",
    }),
)  # fmt: skip

_PARTS = "parts of a big round that several workers plan, encrypted, in schema dbos"

PARTS = (
    *list_items(_PARTS, "shared", "Entra ID, the company's directory", PROGRAM, {
        "mails": "whose calendars are to be read",
        "zones": "the time zone of each",
        "span": "which days",
        "through": "which of the organisers' mailboxes asks",
    }),
    *list_items(_PARTS, "shared", "Exchange, what each person shows to every colleague", PROGRAM, {
        "about": "whose calendar was read, the working hours, and why one could not be read",
        "spans": "how often each is busy",
        "start": "when somebody is busy, without what for",
        "length": "for how long",
        "status": "busy, away, tentative, ...",
    }),
    *list_items(_PARTS, "shared", _PLANNING, PROGRAM, {
        "cohorts": "when who is free, of which department, with whom a group is good or may not "
                   "be; all are numbers, and who has which is not said",
        "groups": "the groups that were found for a cohort, of the same numbers",
    }),
)  # fmt: skip

FILES = (
    Item(
        place="file *.dbos, or schema dbos",
        field="round ids and steps",
        source="the product",
        purpose="to go on with a round after an interruption",
        seen_by=PROGRAM,
        kept="installation",
    ),
    Item(
        place="file *.keys, or SCHEDULER_NOTES_KEYS",
        field="keys",
        source="the product",
        purpose="to encrypt confidential texts",
        seen_by=PROGRAM,
        kept="installation",
    ),
    Item(
        place="file *.secret, or SCHEDULER_SECRETS",
        field="secret",
        source="the product",
        purpose="to sign what comes back from cards",
        seen_by=PROGRAM,
        kept="installation",
    ),
    Item(
        place="files *.locks",
        field="nothing",
        source="the product",
        purpose="one process at a time on a round",
        seen_by=PROGRAM,
        kept="installation",
    ),
    Item(
        place="log",
        field="events, ids of rounds and people, counts",
        source="the product",
        purpose="to find out why something went wrong; no names, no addresses",
        seen_by="administrators",
        kept="log",
    ),
    Item(
        place="traces and metrics, where IT names a collector",
        field="steps and calls, ids of rounds and requests, counts, seconds",
        source="the product",
        purpose="to see that it works; nothing about a person",
        seen_by="administrators",
        kept="not kept",
    ),
    Item(
        place="backups, and what `scheduler uninstall` writes out",
        field="everything in the database at that moment; encrypted texts stay encrypted",
        source="IT",
        purpose="to go on after a loss; to keep or hand over what was known",
        seen_by="administrators",
        kept="copy",
    ),
)

STORED = (*ROUNDS, *SAID, *MESSAGES, *PARTS, *FILES)
