"""Invitations: delivered, answered, updated, cancelled; exactly one copy in each mailbox."""

from __future__ import annotations

from scheduler.sandbox.dice import chance
from scheduler.sandbox.mailboxes import Attachment, Attendee, Copy, Mailbox, Meeting
from scheduler.sandbox.organisation import Member
from scheduler.sandbox.tenant import Tenant


def touch(tenant: Tenant, box: Mailbox, copy: Copy, change: str = "updated") -> None:
    """Note that a copy has changed."""
    copy.version = box.next_version()
    copy.modified = tenant.now()
    tenant.announce(copy, change)


def file_copy(tenant: Tenant, box: Mailbox, meeting: Meeting) -> Copy:
    """Put a meeting into a calendar."""
    now = tenant.now()
    copy = Copy(box.new_id(), meeting, box.owner, now, now, box.next_version())
    box.copies[copy.id] = copy
    box.by_uid[meeting.uid] = copy
    tenant.announce(copy, "created")
    return copy


def invite(
    tenant: Tenant, meeting: Meeting, attendee: Attendee, attachments: list[Attachment]
) -> None:
    """Deliver an invitation, new or updated, and let the invited answer later."""
    tenant.counts["messages sent"] += 1
    box = tenant.mailbox_for(attendee.address)
    if box is None:
        known = attendee.address.lower() in tenant.by_address
        tenant.counts["undeliverable" if known else "sent outside"] += 1
        return
    copy = box.by_uid.get(meeting.uid)
    if copy is None:
        copy = file_copy(tenant, box, meeting)
        tenant.counts[f"delivered to {box.owner.kind}"] += 1
    else:
        copy.removed = copy.cancelled = False
        tenant.counts["updates delivered"] += 1
        touch(tenant, box, copy)
    copy.attachments = list(attachments)
    copy.response, copy.show_as = "notResponded", "tentative"
    copy.answered = None
    attendee.response, attendee.answered, attendee.proposal = "none", None, None
    answer = _answer_as_room if box.owner.kind == "room" else _answer_as_person
    if attendee.kind == "resource" or meeting.settings["responseRequested"]:
        tenant.later(lambda: answer(tenant, box.owner, copy))


def respond(
    tenant: Tenant, box: Mailbox, copy: Copy, response: str,
    proposal: tuple[int, int] | None = None, *, tell: bool = True,
) -> None:  # fmt: skip
    """Answer an invitation; the organiser's copy shows it when ``tell`` is set.

    Who declines does not keep the meeting in the calendar.
    """
    meeting = copy.meeting
    copy.response, copy.answered = response, tenant.now()
    copy.show_as = "tentative" if response == "tentativelyAccepted" else meeting.settings["showAs"]
    if response == "declined":
        copy.removed = True
    touch(tenant, box, copy, "deleted" if copy.removed else "updated")
    attendee = meeting.attendee(box.owner.mail)
    if not tell or attendee is None:
        return
    attendee.response, attendee.answered, attendee.proposal = response, tenant.now(), proposal
    tenant.counts[f"answered {response}" + (" with proposal" if proposal else "")] += 1
    organiser = tenant.mailbox_for(meeting.organiser.mail)
    if organiser and meeting.uid in organiser.by_uid:
        touch(tenant, organiser, organiser.by_uid[meeting.uid])


def withdraw(tenant: Tenant, meeting: Meeting, attendee: Attendee) -> None:
    """Tell somebody that the meeting is off, or is without them."""
    tenant.counts["messages sent"] += 1
    box = tenant.mailbox_for(attendee.address)
    copy = box.by_uid.get(meeting.uid) if box else None
    if box is None or copy is None:
        return
    copy.cancelled = True
    tenant.counts["cancellations delivered"] += 1
    touch(tenant, box, copy)


def cancel(tenant: Tenant, copy: Copy) -> None:
    """Cancel a meeting for everybody; the organiser's copy goes to Deleted Items."""
    meeting = copy.meeting
    meeting.cancelled = True
    for attendee in meeting.attendees:
        withdraw(tenant, meeting, attendee)
    copy.removed = True
    touch(tenant, tenant.mailboxes[copy.owner.id], copy, "deleted")
    tenant.counts["cancelled"] += 1


def _answer_as_room(tenant: Tenant, room: Member, copy: Copy) -> None:
    """A room accepts when it is free, and declines otherwise."""
    box = tenant.mailbox_for(room.mail)
    meeting = copy.meeting
    if box is None or copy.removed or copy.cancelled or copy.response != "notResponded":
        return
    others = [
        other
        for other in box.taken(meeting.start, meeting.end)
        if other is not copy and other.response == "accepted" and not other.cancelled
    ]
    items = tenant.diary.between(room, meeting.start, meeting.end)
    taken = bool(others or items) or room.mail in tenant.declining_rooms
    respond(tenant, box, copy, "declined" if taken else "accepted")


def _answer_as_person(tenant: Tenant, person: Member, copy: Copy) -> None:
    """A person answers as the dice of the tenant say for this person and meeting."""
    box = tenant.mailbox_for(person.mail)
    meeting = copy.meeting
    if box is None or copy.removed or copy.cancelled or copy.response != "notResponded":
        return
    if person.kind != "person":
        return
    name = meeting.transaction or meeting.subject
    mark = chance(tenant.organisation.seed, "answer", person.key, name, meeting.start)
    kind = "never"
    for kind, share in tenant.answer_shares.items():  # noqa: B007 -- the last kind is the rest
        mark -= share
        if mark < 0:
            break
    match kind:
        case "proposed" if meeting.settings["allowNewTimeProposals"]:
            later = (meeting.start + 60, meeting.end + 60)
            respond(tenant, box, copy, "tentativelyAccepted", later)
        case "forwarded":
            respond(tenant, box, copy, "accepted")
            forward(tenant, copy)
        case "accepted" | "declined" | "tentativelyAccepted":
            respond(tenant, box, copy, kind)
        case _:
            tenant.counts["never answered"] += 1


def forward(tenant: Tenant, copy: Copy, to: list[Attendee] | None = None) -> None:
    """Forward an invitation: the organiser finds somebody in the list who was never invited."""
    meeting = copy.meeting
    if to is None:
        people = tenant.organisation.people
        friend = people[
            int(chance(tenant.organisation.seed, "friend", copy.owner.key) * len(people))
        ]
        to = [Attendee(friend.mail, friend.name)]
    for guest in to:
        if meeting.attendee(guest.address) or guest.address == meeting.organiser.mail:
            continue
        meeting.attendees.append(guest)
        tenant.counts["forwarded"] += 1
        invite(tenant, meeting, guest, copy.attachments)
    organiser = tenant.mailbox_for(meeting.organiser.mail)
    if organiser and meeting.uid in organiser.by_uid:
        touch(tenant, organiser, organiser.by_uid[meeting.uid])
