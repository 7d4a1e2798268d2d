from __future__ import annotations

import pytest

from tests.sandbox.conftest import ORGANISER


def error(response):
    return response.status_code, response.json()["error"]["code"]


def test_users_come_in_pages_of_100_and_an_empty_one_in_the_middle(client):
    pages = client.pages("users")

    assert [len(page["value"]) for page in pages[:3]] == [100, 0, 100]
    ids = [row["id"] for page in pages for row in page["value"]]
    assert len(ids) == len(set(ids)) == len(client.sandbox.tenant.directory)


def test_users_show_the_default_properties_without_select(client):
    user = client.rows("users")[0]

    assert sorted(user) == sorted(
        ["businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone",
         "officeLocation", "preferredLanguage", "surname", "userPrincipalName"]
    )  # fmt: skip


def test_select_returns_what_was_asked_for(client):
    user = client.rows("users?$select=id,department,employeeHireDate")[0]

    assert sorted(user) == ["department", "employeeHireDate", "id"]


def test_filter_keeps_enabled_members(client):
    rows = client.rows("users?$filter=accountEnabled eq true and userType eq 'Member'&$select=id")

    expected = {
        user["id"]
        for user in client.sandbox.tenant.directory.values()
        if user["accountEnabled"] and user["userType"] == "Member"
    }
    assert {row["id"] for row in rows} == expected


def test_filter_with_an_apostrophe_finds_the_name(client):
    rows = client.rows("users?$filter=surname eq 'O''Connor'&$select=mail")

    assert rows[0]["mail"] == "aoife.o'connor@lindenhof.example"


def test_a_user_is_found_by_an_address_with_an_apostrophe(client):
    by_path = client.graph("GET", "users/aoife.o%27connor%40lindenhof.example").json()
    by_key = client.graph("GET", "users('aoife.o''connor@lindenhof.example')").json()

    assert by_path["surname"] == by_key["surname"] == "O'Connor"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$filter=accountEnabled eq", "BadRequest"),
        ("$filter=shoeSize eq 'x'", "Request_UnsupportedQuery"),
        ("$filter=userType ne 'Guest'", "Request_UnsupportedQuery"),
        ("$filter=endsWith(mail,'example')", "Request_UnsupportedQuery"),
        ("$count=true", "Request_UnsupportedQuery"),
        ('$search="displayName:a"', "Request_UnsupportedQuery"),
        ("$orderby=employeeHireDate", "Request_UnsupportedQuery"),
        ("$select=id,shoeSize", "BadRequest"),
        ("$top=1000", "BadRequest"),
    ],
)  # fmt: skip
def test_queries_that_the_directory_refuses(client, query, code):
    assert error(client.graph("GET", f"users?{query}")) == (400, code)


def test_advanced_filter_works_with_eventual_consistency(client):
    path = "users?$filter=userType ne 'Member'&$count=true"
    answer = client.graph("GET", path, ConsistencyLevel="eventual").json()

    assert answer["@odata.count"] == len(answer["value"]) == 2
    number = client.graph("GET", "users/$count", ConsistencyLevel="eventual").text
    assert int(number) == len(client.sandbox.tenant.directory)


def test_birthday_in_select_fails_the_whole_list(client):
    assert error(client.graph("GET", "users?$select=id,birthday")) == (501, "NotImplemented")


def test_manager_chains_end_at_one_person(client):
    rows = client.rows(
        "users?$select=id&$expand=manager($select=id)&$filter=accountEnabled eq true&$top=999"
    )
    boss = {row["id"]: row["manager"]["id"] for row in rows if "manager" in row}
    people = {person["id"] for person in client.see("people")}

    def top(person):
        for _ in range(6):
            person = boss.get(person, person)
        return person

    assert {top(person) for person in people} == {min(people - set(boss))}


def test_manager_of_the_top_is_not_found(client):
    top = client.see("people")[0]["id"]

    assert error(client.graph("GET", f"users/{top}/manager")) == (404, "Request_ResourceNotFound")


def test_unknown_user_is_not_found(client):
    assert error(client.graph("GET", "users/nobody@x.example")) == (404, "Request_ResourceNotFound")


def test_me_needs_a_person(client):
    assert error(client.graph("GET", "me")) == (400, "BadRequest")


@pytest.mark.parametrize("path", ["users/delta", "users/delta()", "users//delta"])
def test_delta_returns_everybody_and_then_what_changed(client, path):
    pages = client.pages(f"{path}?$select=id,department")
    rows = [row for page in pages for row in page["value"]]
    somebody, leaver = rows[3]["id"], rows[5]["id"]
    client.http.patch(f"/sandbox/people/{somebody}", json={"department": "Moved"})
    client.http.delete(f"/sandbox/people/{leaver}")

    later = client.graph("GET", pages[-1]["@odata.deltaLink"]).json()

    assert len(rows) == len({row["id"] for row in rows}) > 200
    assert [len(page["value"]) for page in pages] == [200, 0, len(rows) - 200]
    assert later["value"] == [
        {"id": somebody, "department": "Moved"},
        {"id": leaver, "@removed": {"reason": "changed"}},
    ]


def test_delta_without_change_is_empty_and_has_a_new_link(client):
    link = client.pages("users/delta")[-1]["@odata.deltaLink"]

    answer = client.graph("GET", link).json()

    assert answer["value"] == []
    assert "@odata.deltaLink" in answer


def test_mailbox_settings_name_zone_language_and_purpose(client, people):
    berlin = next(p for p in people if p["zone"] == "Europe/Berlin")

    person = client.graph("GET", f"users/{berlin['id']}/mailboxSettings").json()
    box = client.graph("GET", f"users/{ORGANISER}/mailboxSettings").json()

    assert person["timeZone"] == "W. Europe Standard Time"
    assert (person["userPurpose"], box["userPurpose"]) == ("user", "shared")


def test_mailbox_settings_of_somebody_without_a_mailbox(client):
    missing = next(p for p in client.see("people") if p["mailbox"] == "missing")

    answer = client.graph("GET", f"users/{missing['id']}/mailboxSettings")

    assert error(answer) == (404, "MailboxNotEnabledForRESTAPI")


def test_group_members_are_paged(client):
    everybody = next(g for g in client.rows("groups") if g["displayName"].startswith("Everybody"))

    rows = client.rows(f"groups/{everybody['id']}/members/microsoft.graph.user?$select=id&$top=50")

    assert {row["id"] for row in rows} == {person["id"] for person in client.see("people")}


def test_groups_are_found_by_name(client):
    rows = client.rows("groups?$filter=displayName eq 'New joiners'")

    assert [row["displayName"] for row in rows] == ["New joiners"]


def test_errors_have_the_shape_of_graph(client):
    answer = client.graph("GET", "users/x", client_request_id="mine")

    inner = answer.json()["error"]["innerError"]
    assert inner["client-request-id"] == answer.headers["client-request-id"] == "mine"
    assert inner["request-id"] == answer.headers["request-id"]


def test_every_answer_has_a_request_id(client):
    first, second = client.graph("GET", "organization"), client.graph("GET", "organization")

    assert first.headers["request-id"] != second.headers["request-id"]


def test_a_path_that_graph_does_not_have(client):
    assert error(client.graph("GET", "lunches")) == (400, "BadRequest")
    assert error(client.graph("DELETE", "organization")) == (405, "Request_BadRequest")
