"""People sign in at the tenant over HTTPS, with code and PKCE, and have their roles of there."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import itsdangerous
import pytest

from scheduler.web.app import SALT
from scheduler.web.pages.door import own_path
from tests.web.serving.conftest import csrf_of


def test_signed_in_person_is_greeted_by_name(serving, visible_text):
    person = serving.of("Sales")

    page = serving.sign_in(person["mail"]).get("/")

    assert f"Hello, {person['name']}" in visible_text(page.text)


def test_sign_in_asks_with_pkce_state_and_nonce_for_an_answer_to_the_registered_address(serving):
    step = serving.browser().get("/sign-in")

    query = parse_qs(urlsplit(step.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert query["redirect_uri"] == [f"{serving.url}/sign-in/answer"]
    assert len(query["code_challenge"][0]) == 43
    assert query["state"]
    assert query["nonce"]


@pytest.mark.parametrize(
    ("department", "roles"),
    [("Human Resources", {"HR"}), ("IT", {"Administrator"}), ("Sales", set())],
)
def test_session_has_the_roles_of_the_id_token(serving, department, roles):
    browser = serving.sign_in(serving.of(department)["mail"])

    assert read_session(serving, browser)["roles"] == sorted(roles)


def test_session_cookie_is_for_this_host_over_tls_and_out_of_reach_of_scripts(serving):
    browser = serving.browser()
    step = browser.get("/sign-in")

    cookie = step.headers["set-cookie"]
    assert cookie.startswith("__Host-networking=")
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= {
        part.strip().lower() for part in cookie.split(";")
    }


def test_answer_to_a_flow_that_another_browser_began_is_refused(serving):
    person = serving.of("Sales")
    theirs, other = serving.browser(), serving.browser()
    answer = serving.pick(theirs, person["mail"])

    assert other.get(answer).status_code == 400
    other.get("/sign-in")  # its own flow has another state
    assert other.get(answer).status_code == 403
    assert "Hello" not in other.get("/").text


def test_answer_is_taken_once(serving):
    browser = serving.browser()
    answer = serving.pick(browser, serving.of("Sales")["mail"])

    assert browser.get(answer).status_code == 303
    assert browser.get(answer).status_code == 400


def test_made_up_code_signs_nobody_in(serving):
    browser = serving.browser()
    state = parse_qs(urlsplit(browser.get("/sign-in").headers["location"]).query)["state"][0]

    answer = browser.get("/sign-in/answer", params={"code": "made-up", "state": state})

    assert answer.status_code == 403
    assert "Hello" not in browser.get("/").text


def test_changed_cookie_is_nobody(serving):
    browser = serving.sign_in(serving.of("Sales")["mail"])
    name, value = next((c.name, c.value) for c in browser.cookies.jar)
    head, _, rest = value.partition(".")
    browser.cookies.clear()

    page = browser.get("/", headers={"cookie": f"{name}={head[:-2]}AA.{rest}"})

    assert "Hello" not in page.text


def test_sign_out_ends_the_session(serving):
    browser = serving.sign_in(serving.of("Sales")["mail"])
    token = csrf_of(browser.get("/").text)

    page = browser.post("/sign-out", data={"csrf": token})

    assert page.status_code == 200
    assert "signed out" in page.text
    assert "Hello" not in browser.get("/").text


def test_person_comes_back_to_the_page_they_wanted(serving):
    browser = serving.browser()
    answer = serving.pick(browser, serving.of("Sales")["mail"], next="/privacy?part=2")

    assert browser.get(answer).headers["location"] == "/privacy?part=2"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "",
        "/a\\b",
        "/a\nb",
    ],
)
def test_link_to_us_never_leads_elsewhere(wanted):
    assert own_path(wanted) == "/"


def read_session(serving, browser):
    """What the signed cookie holds, read with the service's own secret."""
    signer = itsdangerous.TimestampSigner(f"{SALT} {serving.service.secrets[-1]}")
    value = next(cookie.value for cookie in browser.cookies.jar)
    return json.loads(base64.b64decode(signer.unsign(value)))["visitor"]
