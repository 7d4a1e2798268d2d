"""Files of an event that exists: small ones in one request, large ones by an upload session."""

from __future__ import annotations

from scheduler.graph.client import Graph
from scheduler.graph.errors import GraphAnswerLostError, GraphError, GraphNotFoundError
from scheduler.graph.events import INLINE_BYTES_MOST, Attachment, write_attachment
from scheduler.graph.requests import delete, get, post

PIECE_BYTES = 12 * 320 * 1024
"""Pieces stay under 4 MB (Graph's page on large attachments) and are multiples of 320 KiB."""

PIECE_TRIES = 5


async def list_attachments(graph: Graph, mailbox: str, event_id: str) -> dict[str, int]:
    """The names of an event's files, with their sizes in bytes."""
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id).attachments
    files: dict[str, int] = {}
    request = get(builder, query={"select": "id,name,size"})
    async for page in graph.read_pages(request, mailbox=mailbox):
        files |= {str(item.get("name")): int(item.get("size") or 0) for item in page}
    return files


async def add_attachment(graph: Graph, mailbox: str, event_id: str, attachment: Attachment) -> None:
    """Attach a file to an event, unless it has one of that name: safe to repeat.

    Raises:
        GraphError: It could not be attached.
    """
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id).attachments
    for tries in range(1, PIECE_TRIES + 1):
        if attachment.name in await list_attachments(graph, mailbox, event_id):
            return
        try:
            if len(attachment.content) > INLINE_BYTES_MOST:
                await _upload(graph, mailbox, event_id, attachment)
            else:
                await graph.send(
                    post(builder, write_attachment(attachment)), repeatable=False, mailbox=mailbox
                )
        except GraphError as error:
            if not error.worth_repeating or tries == PIECE_TRIES:
                raise
        else:
            return


async def replace_attachment(
    graph: Graph, mailbox: str, event_id: str, attachment: Attachment
) -> None:
    """Attach a file in place of the one of the same name.

    Raises:
        GraphError: It could not be attached; the old one may be gone.
    """
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id).attachments
    async for page in graph.read_pages(
        get(builder, query={"select": "id,name,size"}), mailbox=mailbox
    ):
        for item in page:
            if item.get("name") == attachment.name:
                try:
                    await graph.send(delete(builder.by_attachment_id(item["id"])), mailbox=mailbox)
                except GraphNotFoundError:
                    continue  # an earlier try removed it
    await add_attachment(graph, mailbox, event_id, attachment)


async def _upload(graph: Graph, mailbox: str, event_id: str, attachment: Attachment) -> None:
    builder = graph.sdk.users.by_user_id(mailbox).events.by_event_id(event_id).attachments
    size = len(attachment.content)
    item = {
        "attachmentType": "file",
        "name": attachment.name,
        "contentType": attachment.content_type,
        "size": size,
    }
    session = await graph.send(
        post(builder.create_upload_session, {"AttachmentItem": item}), mailbox=mailbox
    )
    url = (session.data or {}).get("uploadUrl")
    if not isinstance(url, str):
        raise GraphAnswerLostError("Graph gave no address to upload to")
    for first in range(0, size, PIECE_BYTES):
        piece = attachment.content[first : first + PIECE_BYTES]
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {first}-{first + len(piece) - 1}/{size}",
        }
        await graph.put_bytes(url, piece, headers)
