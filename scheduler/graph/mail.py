"""Mail from an organiser's mailbox, for people whom Teams cannot reach."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.graph.client import Graph
from scheduler.graph.events import Attachment, write_attachment
from scheduler.graph.requests import post


async def send_mail(
    graph: Graph,
    mailbox: str,
    to: str,
    *,
    subject: str,
    html: str,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Send one mail to one address.

    Raises:
        GraphError: Where ``maybe_done`` is True the mail may have gone out: a 504 has hidden
            four copies of one (learn.microsoft.com answer 2286986), so it is not sent again
            without asking somebody.
    """
    message = {
        "subject": subject,
        "body": {"contentType": "html", "content": html},
        "toRecipients": [{"emailAddress": {"address": to}}],
        "attachments": [write_attachment(attachment) for attachment in attachments],
    }
    builder = graph.sdk.users.by_user_id(mailbox).send_mail
    await graph.send(
        post(builder, {"Message": message, "SaveToSentItems": True}),
        repeatable=False,
        mailbox=mailbox,
    )
