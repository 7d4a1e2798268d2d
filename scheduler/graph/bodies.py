"""The text of an event that exists: changed without losing the block of its online meeting."""

from __future__ import annotations

import re

from scheduler.graph.client import Graph
from scheduler.graph.requests import get, patch

_BEGIN = '<span id="scheduler-begins"></span>'
_END = '<span id="scheduler-ends"></span>'
_MARKED = re.compile(r"<span[^>]*scheduler-begins.*scheduler-ends[^>]*>\s*</span>", re.DOTALL)


def mark_body(html: str) -> str:
    """``html`` between two marks, inside its body where it is a whole document."""
    opening = re.search(r"<body[^>]*>", html, re.IGNORECASE)
    closing = html.lower().rfind("</body>")
    begin = opening.end() if opening is not None else 0
    end = closing if closing >= begin else len(html)
    return f"{html[:begin]}{_BEGIN}{html[begin:end]}{_END}{html[end:]}"


async def announce_attachment(graph: Graph, mailbox: str, event_id: str, sentence: str) -> None:
    """Send the event once more to everybody, with ``sentence`` at its end.

    A file that is attached later reaches attendees only with an update of the event (Graph's
    page on event attachments). The body is read first and kept whole: it holds the block that
    belongs to the online meeting, and a body without it ends the meeting.
    """
    html = await _read_body(graph, mailbox, event_id)
    if sentence in html:
        return  # an earlier attempt came this far
    head, closing, tail = html.rpartition("</body>")
    added = f"<p>{sentence}</p>"
    html = f"{head}{added}{closing}{tail}" if closing else html + added
    await _write_body(graph, mailbox, event_id, html)


async def rewrite_body(graph: Graph, mailbox: str, event_id: str, html: str) -> None:
    """Put another agenda into an event's body, with everything kept that is not ours.

    What we wrote lies between two marks. Where a mail system has taken them out, the new agenda
    goes before the old text: better twice than without the block of the online meeting.
    """
    present = await _read_body(graph, mailbox, event_id)
    whole = mark_body(html)
    ours = whole[whole.index(_BEGIN) : whole.index(_END) + len(_END)]
    marked = _MARKED.search(present)
    if marked is not None:
        present = present[: marked.start()] + ours + present[marked.end() :]
    else:
        opening = re.search(r"<body[^>]*>", present, re.IGNORECASE)
        at = opening.end() if opening is not None else 0
        present = present[:at] + ours + present[at:]
    await _write_body(graph, mailbox, event_id, present)


async def _read_body(graph: Graph, mailbox: str, event_id: str) -> str:
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id)
    answer = await graph.send(get(builder, query={"select": "body"}), mailbox=mailbox)
    return str((answer.data.get("body") or {}).get("content") or "")


async def _write_body(graph: Graph, mailbox: str, event_id: str, html: str) -> None:
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id)
    body = {"body": {"contentType": "html", "content": html}}
    await graph.send(patch(builder, body), mailbox=mailbox)
