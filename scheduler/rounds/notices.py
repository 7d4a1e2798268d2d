"""Everything that people hear besides the invitation, each once, when it is due.

========== ======================================= ===============================================
kind       who                                     when
========== ======================================= ===============================================
invitation the audience of an opt-in programme      until they decide; at most once in 90 days
reminder   members who have not answered yet        ``notices.reminder_days_before``
tables     members, where tables change             on the day
feedback   members who did not say they cannot come after the meeting
follow-up  those who did not say that they never met ``notices.follow_up_days_after``
thanks     who was thanked                          at once
rest       who left ``pause_after_unanswered`` open once, as long as the silence lasts
plan-ready HR's contact, or HR's channel            when a plan waits
report     HR's channel                             a week after the last meeting
question   the programme's channel                  each week; how to ask and offer, once
========== ======================================= ===============================================
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass

import structlog

from scheduler.rounds.booking import read_settled_people
from scheduler.rounds.channel_notices import post_due
from scheduler.rounds.context import Context
from scheduler.rounds.directory import read_audience_groups
from scheduler.rounds.meeting_notices import list_meeting_messages
from scheduler.rounds.person_notices import list_invitations, list_rests, list_thanks
from scheduler.rounds.refreshing import refresh_due_cards
from scheduler.rounds.secrets import read_secrets
from scheduler.rounds.telling import Teller
from scheduler.teams.settings import read_teams_settings
from scheduler.teams.signing import Signer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReport:
    """What was sent now. ``failed``: did not get through; the next run tries again."""

    cards: int
    mails: int
    posts: int
    failed: int

    @property
    def complete(self) -> bool:
        """Whether everything that was due has been sent."""
        return self.failed == 0


async def send_due_notices(context: Context, now: dt.datetime) -> NoticeReport:
    """Send everything that is due and was not sent yet; safe to repeat at any time.

    Args:
        context: Settings, store, connection; ``context.today`` is not used.
        now: The moment, in UTC.

    Raises:
        GraphError: The directory cannot be read.
        TeamsSettingsError: The environment speaks of Teams, but not well.
        WorkflowsError: The webhooks are not named as JSON.
    """
    people = await read_settled_people(context)
    signer = Signer(read_secrets(os.environ, context.store))
    teller = Teller(context, read_teams_settings(os.environ), now)
    members = await read_audience_groups(context)
    messages = [
        *list_meeting_messages(context, people, signer, now),
        *list_invitations(context, people, members, signer, now),
        *list_thanks(context, people, now),
        *list_rests(context, people, members, signer, now),
    ]
    with context.progress.step("Sending notices") as report:
        await teller.tell(messages)
        await post_due(context, teller, people, signer, now)
        await refresh_due_cards(context, people, at=now)
        report(len(messages), len(messages))
    told = teller.told
    log.info(
        "notices-sent", cards=told.cards, mails=told.mails, posts=told.posts, failed=told.failed
    )
    return NoticeReport(cards=told.cards, mails=told.mails, posts=told.posts, failed=told.failed)
