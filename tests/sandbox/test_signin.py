from __future__ import annotations

import asyncio
import time

import jwt
import msal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import ClientSecretCredential

from scheduler.sandbox.signin import BOT, GRAPH
from tests.sandbox.conftest import CLIENT, ORGANISER


async def get_token(addresses, secret, scope=f"{GRAPH}/.default"):
    async with ClientSecretCredential(
        addresses.tenant_id,
        addresses.client_id,
        secret,
        authority=addresses.https,
        disable_instance_discovery=True,
        connection_verify=addresses.ca_file,
    ) as credential:
        return await credential.get_token(scope)


def test_credential_of_azure_identity_gets_a_token_that_graph_takes(addresses, wire):
    token = asyncio.run(get_token(addresses, addresses.client_secret))

    headers = {"Authorization": f"Bearer {token.token}"}
    assert wire.http.get("/v1.0/organization", headers=headers).status_code == 200
    assert 3500 < token.expires_on - time.time() < 3700


def test_credential_reports_a_wrong_secret(addresses):
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        asyncio.run(get_token(addresses, "wrong"))


def test_token_is_signed_with_the_published_key(addresses, wire):
    token = asyncio.run(get_token(addresses, addresses.client_secret)).token
    about = wire.http.get(f"/{addresses.tenant_id}/v2.0/.well-known/openid-configuration").json()
    path = about["jwks_uri"].removeprefix(addresses.https)
    keys = jwt.PyJWKSet.from_dict(wire.http.get(path).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]

    claims = jwt.decode(token, key, algorithms=["RS256"], audience=GRAPH, issuer=about["issuer"])

    assert claims["appid"] == addresses.client_id
    assert "Calendars.ReadWrite" in claims["roles"]


def test_person_signs_in_by_code_and_pkce_through_msal(addresses, wire, monkeypatch):
    # requests lets these win over the file it was given.
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    person = wire.see("people")[3]
    app = msal.ConfidentialClientApplication(
        addresses.client_id,
        addresses.client_secret,
        authority=f"{addresses.https}/{addresses.tenant_id}",
        instance_discovery=False,
        verify=addresses.ca_file,
    )
    flow = app.initiate_auth_code_flow(
        ["User.Read"], redirect_uri="http://localhost/back", login_hint=person["mail"]
    )
    answer = wire.http.get(flow["auth_uri"].removeprefix(addresses.https))
    back = dict(pair.split("=", 1) for pair in answer.headers["location"].split("?")[1].split("&"))

    result = app.acquire_token_by_auth_code_flow(flow, back)

    assert answer.status_code == 302
    assert result["id_token_claims"]["oid"] == person["id"]
    assert result["id_token_claims"]["preferred_username"] == person["mail"]


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_id": "another"}, 400, "unauthorized_client"),
        ({"client_secret": "another"}, 401, "invalid_client"),
        ({"scope": "User.Read"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
    ],
)
def test_token_requests_that_are_refused(client, change, status, error):
    form = {
        "grant_type": "client_credentials", "client_id": CLIENT, "client_secret": client.secret,
        "scope": f"{GRAPH}/.default", **change,
    }  # fmt: skip

    answer = client.http.post(client.token_path, data=form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_tenant_that_is_not_here(client):
    answer = client.http.post("/elsewhere.example/oauth2/v2.0/token", data={})

    assert answer.json()["error_description"].startswith("AADSTS90002")


def ask(client, header):
    answer = client.http.get(f"/v1.0/users/{ORGANISER}", headers=header)
    return answer.status_code, answer.json()["error"]["message"]


def test_requests_without_a_good_token_are_refused(client):
    bot = client.token(BOT)
    other = jwt.encode({"aud": GRAPH, "exp": 4_000_000_000}, "x" * 32, algorithm="HS256")

    assert ask(client, {}) == (401, "Access token is empty.")
    assert ask(client, {"Authorization": "Basic eA=="}) == (401, "Access token is empty.")
    assert ask(client, {"Authorization": f"Bearer {bot}"})[1].endswith("Invalid audience.")
    assert ask(client, {"Authorization": f"Bearer {other}"})[0] == 401
    assert ask(client, {"Authorization": "Bearer nonsense"})[0] == 401


def test_expired_token_is_refused_and_a_new_one_taken(client):
    assert client.graph("GET", "organization").status_code == 200
    client.control("expire")

    old = client.graph("GET", "organization")
    client.tokens.clear()
    new = client.graph("GET", "organization")

    assert old.json()["error"]["message"] == "Lifetime validation failed, the token is expired."
    assert new.status_code == 200


def test_short_lived_tokens_expire_by_themselves(start_tenant):
    client = start_tenant(concurrency=0, token_seconds=-1)

    assert client.graph("GET", "organization").status_code == 401


def test_graph_token_does_not_open_teams(client):
    headers = {"Authorization": f"Bearer {client.token(GRAPH)}"}

    assert client.http.post("/teams/v3/conversations", json={}, headers=headers).status_code == 401


def test_who_has_left_cannot_sign_in(client):
    leaver = next(m for m in client.sandbox.tenant.members.values() if m.kind == "leaver")
    query = {"client_id": CLIENT, "redirect_uri": "http://localhost/", "login_hint": leaver.upn}

    answer = client.http.get(client.token_path.replace("token", "authorize"), params=query)

    assert (answer.status_code, "AADSTS50057" in answer.text) == (400, True)


def test_code_works_once_and_with_its_verifier_only(client, people):
    query = {
        "client_id": CLIENT, "redirect_uri": "http://localhost/", "login_hint": people[0]["mail"],
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",  # of RFC 7636, appendix B
    }  # fmt: skip
    form = {
        "grant_type": "authorization_code", "client_id": CLIENT, "client_secret": client.secret,
        "redirect_uri": "http://localhost/",
    }  # fmt: skip

    def redeem(verifier):
        answer = client.http.get(client.token_path.replace("token", "authorize"), params=query)
        code = answer.headers["location"].split("code=")[1].split("&")[0]
        forms = [{**form, "code": code, "code_verifier": verifier}] * 2
        return [client.http.post(client.token_path, data=f).status_code for f in forms]

    assert redeem("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == [200, 400]
    assert redeem("another") == [400, 400]
