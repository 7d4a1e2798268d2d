"""Every answer has the headers, nobody asks too much, and the log names nobody."""

from __future__ import annotations

import re

import pytest
import structlog
from structlog.testing import capture_logs

from scheduler.web.limits import Limit, Limiter
from tests.web.serving.conftest import serve

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


@pytest.mark.parametrize("path", ["/", "/privacy", "/nothing", "/static/base.css", "/health"])
def test_every_answer_has_the_headers(serving, path):
    headers = serving.browser().get(path).headers

    assert headers["content-security-policy"] == POLICY
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])
    assert "server" not in headers or headers["server"] == "uvicorn"


@pytest.mark.parametrize("path", ["/", "/privacy", "/terms", "/nothing"])
def test_pages_load_nothing_from_elsewhere_and_have_nothing_inline(serving, path):
    page = serving.browser().get(path).text

    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert [one for one in loaded if not one.startswith(("/", "#", "mailto:"))] == []
    assert "<style" not in page
    assert "style=" not in page
    assert "<script" not in page


def test_first_page_and_pages_about_data_are_open_to_everybody(serving, visible_text):
    browser = serving.browser()

    assert "Sign in" in visible_text(browser.get("/").text)
    privacy = visible_text(browser.get("/privacy").text)
    assert "Never what an appointment is about" in privacy
    assert "for 24 months" in privacy
    assert "people@lindenhof.example" in browser.get("/privacy").text
    assert "voluntary" in visible_text(browser.get("/terms").text)


def test_pages_that_do_not_exist_say_so_kindly(serving, visible_text):
    answer = serving.browser().get("/nothing/is/here")

    assert answer.status_code == 404
    assert "There is nothing here" in visible_text(answer.text)


def test_health_and_readiness_are_told(serving):
    browser = serving.browser()

    assert browser.get("/health").json() == {"health": "ok"}
    assert browser.get("/ready").json() == {"ready": True}


def test_body_that_is_too_large_is_refused_whether_or_not_it_says_so(serving):
    browser = serving.browser()
    large = b"x" * (600 * 1024)

    def pieces():
        for _ in range(10):
            yield b"x" * (60 * 1024)

    assert browser.post("/sign-out", content=large).status_code == 413
    assert browser.post("/api/messages", content=pieces()).status_code == 413


@pytest.fixture(scope="module")
def narrow(tenant, tmp_path_factory):
    """A service that lets five requests pass at once."""
    with serve(
        tenant,
        tmp_path_factory.mktemp("narrow"),
        per_person=Limit(per_minute=6, burst=5),
        per_address=Limit(per_minute=6, burst=12),
    ) as running:
        yield running


def test_person_and_address_have_limits_of_their_own(narrow):
    browser = narrow.sign_in(narrow.of("Sales")["mail"])

    statuses = [browser.get("/privacy").status_code for _ in range(6)]
    last = browser.get("/privacy")

    assert statuses == [200] * 5 + [429]
    assert 1 <= int(last.headers["retry-after"]) <= 10
    assert "That was a lot at once" in last.text
    stranger = narrow.browser()
    assert stranger.get("/privacy").status_code == 200  # the address is not spent by the person
    assert {stranger.get("/privacy").status_code for _ in range(12)} == {200, 429}
    assert stranger.get("/health").status_code == 200


def test_bucket_fills_again_with_time():
    moment = 0.0
    limiter = Limiter(Limit(per_minute=60, burst=2), lambda: moment)

    assert [limiter.take("a"), limiter.take("a")] == [0, 0]
    assert limiter.take("a") == pytest.approx(1)
    assert limiter.take("b") == 0
    moment = 1.0
    assert limiter.take("a") == 0
    assert limiter.is_spent("a")


def test_log_holds_ids_and_no_names(serving):
    person = serving.of("Sales")
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        browser = serving.sign_in(person["mail"])
        browser.get("/", params={"q": "secret words"})
        browser.get("/nobody/there")

    text = repr(lines)
    requests = [line for line in lines if line["event"] == "request"]
    assert {"/", "/sign-in", "/sign-in/answer"} <= {line["route"] for line in requests}
    assert person["id"] in {line["person"] for line in requests}
    for word in (person["mail"], person["name"], "secret", "code=", "nobody"):
        assert word not in text
