"""Roles of the app in people's sign-in, and the page that asks who signs in."""

from __future__ import annotations

import jwt
import pytest

from tests.sandbox.conftest import CLIENT


def sign_in(client, mail):
    query = {"client_id": CLIENT, "redirect_uri": "http://localhost/back", "login_hint": mail}
    back = client.http.get(f"/{client.sandbox.tenant.id}/oauth2/v2.0/authorize", params=query)
    form = {
        "grant_type": "authorization_code", "client_id": CLIENT, "client_secret": client.secret,
        "code": back.headers["location"].split("code=")[1].split("&")[0],
        "redirect_uri": "http://localhost/back",
    }  # fmt: skip
    token = client.http.post(client.token_path, data=form).json()["id_token"]
    return jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize(
    ("department", "roles"),
    [("Human Resources", ["HR"]), ("IT", ["Administrator"]), ("Sales", None)],
)
def test_department_decides_on_the_roles(client, people, department, roles):
    person = next(one for one in people if one["department"] == department)

    assert sign_in(client, person["mail"]).get("roles") == roles


def test_roles_can_be_assigned_and_taken_away(client, people):
    someone = people[0]
    path = f"/sandbox/people/{someone['id']}"

    client.http.patch(path, json={"roles": ["HR", "Administrator"]})
    assert sign_in(client, someone["mail"])["roles"] == ["HR", "Administrator"]
    client.http.patch(path, json={"roles": []})
    assert "roles" not in sign_in(client, someone["mail"])


def test_page_asks_who_signs_in_and_finds_people(client, people):
    someone = next(one for one in people if one["department"] == "Sales")
    query = {"client_id": CLIENT, "redirect_uri": "http://localhost/back", "state": "s1"}
    path = f"/{client.sandbox.tenant.id}/oauth2/v2.0/authorize"

    page = client.http.get(path, params={**query, "q": someone["name"]})

    assert (page.status_code, someone["name"] in page.text) == (200, True)
    link = page.text.split('<td><a href="')[1].split('"')[0].replace("&amp;", "&")
    back = client.http.get(path + link)
    assert back.status_code == 302
    assert back.headers["location"].startswith("http://localhost/back?code=")
