from __future__ import annotations

import asyncio

import httpx
import pytest

from scheduler.graph.groups import UnknownGroupError, read_group_members

ID = "0f4c9d5e-6f0b-5c57-8a8e-4a4b9d1f1c7a"


def page(*ids, link=None):
    body = {"value": [{"@odata.type": "#microsoft.graph.user", "id": i} for i in ids]}
    return httpx.Response(200, json=body | ({"@odata.nextLink": link} if link else {}))


def read(connect, handler, *groups):
    async def work():
        async with connect(handler) as graph:
            return await read_group_members(graph, groups)

    return asyncio.run(work())


def test_group_is_found_by_its_name_and_its_members_are_read_page_by_page(connect, script):
    handler = script(
        page(ID), page("a", "b", link="https://localhost:9/v1.0/groups/next"), page("b", "c")
    )

    assert read(connect, handler, "Women's network") == {
        "Women's network": frozenset({"a", "b", "c"})
    }
    find, members, _ = handler.requests
    assert find.url.params["$filter"] == "displayName eq 'Women''s network'"
    assert members.url.path == f"/v1.0/groups/{ID}/transitiveMembers"
    assert members.url.params["$select"] == "id"


def test_group_given_by_its_id_is_not_looked_for(connect, script):
    handler = script(page("a"))

    assert read(connect, handler, ID) == {ID: frozenset({"a"})}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([page()], "no such group in Entra ID"),
        ([page(ID, ID[:-1] + "b")], "2 groups in Entra ID are called that"),
        ([page(ID), httpx.Response(404, json={"error": {"code": "x"}})], "no such group"),
        ([httpx.Response(403, json={"error": {"code": "x"}})], "Grant GroupMember.Read.All"),
    ],
)
def test_group_that_cannot_be_read_is_one_clear_error(connect, script, answers, said):
    with pytest.raises(UnknownGroupError, match=said) as caught:
        read(connect, script(*answers), "Networkers")

    assert str(caught.value).startswith("audience.groups names Networkers")


def test_no_group_needs_no_call(connect, script):
    assert read(connect, script()) == {}
