"""Members of Entra groups, for programmes whose audience is a group."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from scheduler.errors import ScheduleError
from scheduler.graph.client import Graph
from scheduler.graph.errors import GraphDeniedError, GraphNotFoundError
from scheduler.graph.requests import get

PAGE = 999
"""The most that a group's members come in at a time."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class UnknownGroupError(ScheduleError):
    """An audience names a group that is not in Entra ID, or that cannot be told from another."""


async def read_group_members(graph: Graph, groups: Iterable[str]) -> dict[str, frozenset[str]]:
    """The ids of the people in each group, members of groups inside it too.

    Args:
        graph: An open connection.
        groups: Display names or object ids, as ``audience.groups`` has them.

    Raises:
        UnknownGroupError: There is no such group, or several of that name, or the right to read
            groups is not granted.
        GraphError: The directory cannot be read.
    """
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        try:
            found[group] = await _read_members(graph, await _find_id(graph, group))
        except GraphNotFoundError:
            raise UnknownGroupError(_missing(group)) from None
        except GraphDeniedError:
            raise UnknownGroupError(
                f"audience.groups names {group}, and the app may not read groups. Grant "
                "GroupMember.Read.All (docs/permissions.md), or describe the audience with where."
            ) from None
    return found


async def _find_id(graph: Graph, group: str) -> str:
    if _ID.fullmatch(group):
        return group
    quoted = group.replace("'", "''")
    query: dict[str, str | int] = {
        "filter": f"displayName eq '{quoted}'",
        "select": "id,displayName",
    }
    records: list[dict[str, Any]] = []
    async for page in graph.read_pages(get(graph.sdk.groups, query=query)):
        records += page
    ids = sorted({str(record["id"]) for record in records if record.get("id")})
    if not ids:
        raise UnknownGroupError(_missing(group))
    if len(ids) > 1:
        raise UnknownGroupError(
            f"audience.groups names {group}, and {len(ids)} groups in Entra ID are called that. "
            f"Write the object id of one of them instead: {', '.join(ids)}."
        )
    return ids[0]


async def _read_members(graph: Graph, group_id: str) -> frozenset[str]:
    # Not cast to users in the address: that would be an advanced query. Devices and groups among
    # the members are nobody of the directory, and so match nobody.
    query: dict[str, str | int] = {"select": "id", "top": PAGE}
    members = graph.sdk.groups.by_group_id(group_id).transitive_members
    ids: set[str] = set()
    async for page in graph.read_pages(get(members, query=query)):
        ids.update(str(record["id"]) for record in page if record.get("id"))
    return frozenset(ids)


def _missing(group: str) -> str:
    return (
        f"audience.groups names {group}, and there is no such group in Entra ID. Write its display "
        "name exactly as it is there, or its object id."
    )
