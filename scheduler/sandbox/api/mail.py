"""Mail, for those whom Teams cannot reach."""

from __future__ import annotations

import re

from scheduler.sandbox.api.event_reader import bad, read_body
from scheduler.sandbox.api.request import Answer, Json, Request, answer_nothing
from scheduler.sandbox.mailboxes import Mail
from scheduler.sandbox.tenant import Tenant


def send_mail(tenant: Tenant, request: Request, user: str) -> Answer:
    """``POST /users/{id}/sendMail``: 202, and a message in each inbox."""
    box = tenant.find_mailbox(user)
    message: Json = request.read_action().get("message") or {}
    recipients = []
    for name in ("toRecipients", "ccRecipients", "bccRecipients"):
        for entry in message.get(name) or []:
            address = str((entry.get("emailAddress") or {}).get("address") or "")
            if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
                raise bad(
                    f"At least one recipient isn't valid: '{address}'.", "ErrorInvalidRecipients"
                )
            recipients.append(address)
    if not recipients:
        raise bad("At least one recipient must be specified.", "ErrorInvalidRecipients")
    mail = Mail(
        box.owner.mail, tuple(recipients), str(message.get("subject") or ""), read_body(message),
        tenant.now(),
    )  # fmt: skip
    for address in recipients:
        target = tenant.mailbox_for(address)
        tenant.counts["mails delivered" if target else "mails undeliverable"] += 1
        if target:
            target.mails.append(mail)
    return answer_nothing(202)
