"""What the tenant has seen: the figures a test or a demo compares with what it believes."""

from __future__ import annotations

from collections import Counter

from scheduler.sandbox.api.event_writer import write_attachment, write_event
from scheduler.sandbox.api.request import GraphError, Json
from scheduler.sandbox.mailboxes import Copy
from scheduler.sandbox.teams import TeamsSide
from scheduler.sandbox.tenant import Tenant


def organised(tenant: Tenant) -> list[Copy]:
    """Return the organisers' copies of all meetings that still stand."""
    return [
        copy
        for box in tenant.mailboxes.values()
        for copy in box.copies.values()
        if copy.is_organiser and not copy.removed
    ]


def report(tenant: Tenant, teams: TeamsSide) -> Json:
    """Count what was booked, delivered, answered and announced.

    ``duplicates`` counts meetings beyond the first with the same extended properties;
    ``copies_wrong`` the invited mailboxes without exactly one copy.
    """
    standing = organised(tenant)
    tags = Counter(tuple(sorted(copy.properties.items())) for copy in standing if copy.properties)
    answers: Counter[str] = Counter()
    rooms: Counter[str] = Counter()
    wrong = invited = 0
    for copy in standing:
        for attendee in copy.meeting.attendees:
            box = tenant.mailbox_for(attendee.address)
            if box is None:
                continue
            into = rooms if box.owner.kind == "room" else answers
            into["proposed" if attendee.proposal else attendee.response] += 1
            invited += 1
            copies = [c for c in box.copies.values() if c.meeting.uid == copy.meeting.uid]
            wrong += len(copies) != 1
    attachments = Counter(a.content_type for copy in standing for a in copy.attachments)
    delivered = Counter(
        a.content_type
        for box in tenant.mailboxes.values()
        for copy in box.copies.values()
        if not copy.is_organiser and box.owner.kind == "person"
        for a in copy.attachments
    )
    return {
        "people": sum(
            m.kind == "person" and m.id in tenant.directory for m in tenant.members.values()
        ),
        "events": len(standing),
        "events_online": sum(copy.meeting.join_url is not None for copy in standing),
        "events_created": tenant.counts["created"],
        "events_cancelled": tenant.counts["cancelled"],
        "replays": tenant.counts["replays"],
        "duplicates": sum(count - 1 for count in tags.values()),
        "invited": invited,
        "copies_wrong": wrong,
        "invitations_delivered": tenant.counts["delivered to person"],
        "room_invitations_delivered": tenant.counts["delivered to room"],
        "undeliverable": tenant.counts["undeliverable"],
        "answers": dict(answers),
        "room_answers": dict(rooms),
        "attachments": dict(attachments),
        "attachments_delivered": dict(delivered),
        "cards_delivered": tenant.counts["cards to chats"],
        "cards_to_channels": tenant.counts["cards to channels"],
        "people_with_cards": sum(
            any(a.cards() and not a.deleted for a in chat.activities.values())
            for chat in teams.chats.values()
        ),
        "mails_delivered": tenant.counts["mails delivered"],
        "pending": len(tenant.pending),
        "counts": dict(sorted(tenant.counts.items())),
    }


def list_people(tenant: Tenant) -> list[Json]:
    """Return the people with what the directory does not tell: team, mailbox, habits."""
    return [
        {
            "id": m.id, "key": m.key, "name": m.name, "mail": m.mail, "department": m.department,
            "team": m.team, "office": m.office, "zone": m.zone, "mailbox": m.mailbox,
            "busy": round(tenant.diary.habits_of(m).busy, 3),
        }
        for m in tenant.organisation.people
        if m.id in tenant.directory
    ]  # fmt: skip


def show_mailbox(tenant: Tenant, user: str) -> Json:
    """Return everything booked in a mailbox, removed copies too, and its mails."""
    member = tenant.find_member(user)
    box = tenant.mailboxes.get(member.id)
    if box is None:
        raise GraphError(404, "MailboxNotEnabledForRESTAPI", f"{member.name} has no mailbox.")
    return {
        "owner": {"id": member.id, "name": member.name, "mail": member.mail, "kind": member.kind},
        "events": [
            {
                **write_event(copy),
                "removed": copy.removed,
                "properties": copy.properties,
                "attachments": [write_attachment(a, content=False) for a in copy.attachments],
            }
            for copy in box.copies.values()
        ],
        "mails": [
            {"from": m.sender, "to": list(m.recipients), "subject": m.subject, "body": m.body}
            for m in box.mails
        ],
    }


def show_teams(tenant: Tenant, teams: TeamsSide, user: str) -> Json:
    """Return the messages and cards in somebody's chat with the bot."""
    member = tenant.find_member(user)
    chat = teams.chats.get(member.id)
    return {
        "user": member.id,
        "name": member.name,
        "blocked": teams.is_blocked(member.id),
        "conversation": chat.id if chat else None,
        "activities": [
            {"id": a.id, "updates": a.updates, "deleted": a.deleted, "content": a.content}
            for a in (chat.activities.values() if chat else ())
        ],
    }


def show_channels(teams: TeamsSide) -> dict[str, list[Json]]:
    """Return the posts of each channel."""
    return {
        conversation.id: [
            {"id": a.id, "updates": a.updates, "deleted": a.deleted, "content": a.content}
            for a in conversation.activities.values()
        ]
        for conversation in teams.conversations.values()
        if conversation.user is None
    }
