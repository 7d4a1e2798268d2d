"""What Teams sends is taken only from Teams, for our tenant, and from the person who pressed."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import ssl
import tempfile
import threading
import time
import uuid
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from scheduler.store.answers import Answer, save_answers
from scheduler.store.choices import read_choice_changes, read_choices
from scheduler.store.notices import note_unreachable, read_unreachable
from scheduler.store.rounds import save_plan
from scheduler.teams.cards.answer import REFUSALS
from scheduler.teams.cards.kit import Buttons
from scheduler.teams.gallery import example_plan
from scheduler.teams.signing import FIELD
from scheduler.web import limits
from tests.web.serving.conftest import serve

ISSUER = "https://api.botframework.com"
SERVICE = "https://smba.example/emea/"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PROGRAMME = "virtual-coffee"
AT_ONCE = 100


@pytest.fixture(scope="module")
def keys_url():
    """Where "Teams" publishes its keys: ours, so that any token can be made and forged."""
    published = {"keys": [{**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "teams"}]}

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/v1/keys" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(published).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/openidconfiguration"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """In memory where there is such a place: how quick this machine's disk is, is not asked."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path_factory.mktemp("door")
        return
    with tempfile.TemporaryDirectory(dir=memory) as made:
        yield Path(made)


@pytest.fixture(scope="module")
def serving(tenant, keys_url, folder):
    variables = {"SCHEDULER_TEAMS_KEYS_URL": keys_url}
    with serve(tenant, folder, variables=variables) as running:
        yield running


@pytest.fixture(autouse=True)
def forgiving(serving):
    """Each test begins with all limits unspent, and none fills again however long it takes."""
    serving.service.presses = limits.Limiter(limits.PRESSES, clock=lambda: 0.0)
    serving.service.forgeries = limits.Limiter(limits.FORGERIES, clock=lambda: 0.0)


def make_token(serving, *, key=KEY, kid="teams", algorithm="RS256", **changes):
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": serving.tenant.client_id, "serviceurl": SERVICE,
        "iat": now, "nbf": now - 60, "exp": now + 600, **changes,
    }  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def make_activity(serving, person_id, data, **changes):
    tenant = serving.tenant.tenant_id
    return {
        "type": "invoke", "name": "adaptiveCard/action", "id": "f:1", "channelId": "msteams",
        "serviceUrl": SERVICE, "locale": "en-GB",
        "from": {"id": "29:x", "name": "X", "aadObjectId": person_id},
        "recipient": {"id": "28:bot"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": tenant},
        "channelData": {"tenant": {"id": tenant}},
        "value": {"action": {"type": "Action.Execute", "verb": "join", "data": data}},
        **changes,
    }  # fmt: skip


def knock(serving, activity, token=None, **headers):
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    with serving.browser() as http:
        return http.post("/api/messages", json=activity, headers=headers)


def join_data(serving, person_id, subject=PROGRAMME, verb="join", about=None):
    return Buttons(serving.service.signer, subject, person_id, about).data(verb)


def decided(serving, person_id):
    return [
        (choice.kind, choice.value)
        for choice in read_choices(serving.context.store, person_ids=[person_id])
    ]


def test_press_with_a_sound_token_is_taken(serving):
    person = str(uuid.uuid4())

    answer = knock(
        serving, make_activity(serving, person, join_data(serving, person)), make_token(serving)
    )

    assert answer.status_code == 200
    assert answer.json()["statusCode"] == 200
    assert answer.json()["type"] == "application/vnd.microsoft.card.adaptive"
    assert "You are in." in json.dumps(answer.json()["value"])
    assert decided(serving, person) == [("join", PROGRAMME)]


FORGED = {
    "issuer": {"iss": "https://sts.windows.net/x/"},
    "issuer of people": {"iss": "https://login.microsoftonline.com/x/v2.0"},
    "no issuer": {"iss": None},
    "audience": {"aud": "00000000-0000-4000-8000-000000000000"},
    "no audience": {"aud": None},
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "not yet": {"nbf": int(time.time()) + 3600},
    "service address": {"serviceurl": "https://evil.example/"},
    "no service address": {"serviceurl": None},
    "key": {"key": OTHER},
    "unknown key": {"key": OTHER, "kid": "mine"},
    "shared secret": {"key": "secret" * 8, "algorithm": "HS256"},
    "no signature": {"key": None, "algorithm": "none"},
}


@pytest.mark.parametrize("forgery", FORGED)
def test_forged_token_is_refused_and_nothing_changes(serving, forgery):
    person = str(uuid.uuid4())
    token = make_token(serving, **FORGED[forgery])

    answer = knock(serving, make_activity(serving, person, join_data(serving, person)), token)

    assert (answer.status_code, answer.json()) == (401, {"error": "refused"})
    assert decided(serving, person) == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x.y.z", "Basic abc"])
def test_request_without_a_token_is_refused(serving, header):
    person = str(uuid.uuid4())
    headers = {} if header is None else {"Authorization": header}

    answer = knock(serving, make_activity(serving, person, join_data(serving, person)), **headers)

    assert answer.status_code == 401
    assert decided(serving, person) == []


def test_activity_that_names_no_service_address_is_refused(serving):
    person = str(uuid.uuid4())
    activity = make_activity(serving, person, join_data(serving, person), serviceUrl=None)

    assert knock(serving, activity, make_token(serving)).status_code == 401
    assert decided(serving, person) == []


STRANGE = {
    "another tenant": {"conversation": {"id": "a:1", "tenantId": str(uuid.uuid4())}},
    "another tenant in the channel's data": {"channelData": {"tenant": {"id": str(uuid.uuid4())}}},
    "no tenant": {"conversation": {"id": "a:1"}, "channelData": {}},
    "another channel": {"channelId": "webchat"},
    "nobody": {"from": {"id": "29:x", "name": "X"}},
    "a guest without an id": {"from": {"id": "29:x", "aadObjectId": "somebody@example.com"}},
}


@pytest.mark.parametrize("strange", STRANGE)
def test_press_from_elsewhere_is_refused(serving, strange):
    person = str(uuid.uuid4())
    activity = make_activity(serving, person, join_data(serving, person), **STRANGE[strange])

    assert knock(serving, activity, make_token(serving)).status_code == 403
    assert decided(serving, person) == []


def test_person_is_taken_from_the_sender_and_never_from_the_card(serving):
    owner, presser = str(uuid.uuid4()), str(uuid.uuid4())
    data = join_data(serving, owner) | {"person": owner, "aadObjectId": owner}

    answer = knock(serving, make_activity(serving, presser, data), make_token(serving))

    assert answer.json()["value"] == REFUSALS["not_yours"]
    assert decided(serving, owner) == decided(serving, presser) == []


def test_action_that_was_not_signed_here_is_refused(serving):
    person = str(uuid.uuid4())
    signed = join_data(serving, person)[FIELD]
    swapped = join_data(serving, person, subject="cross-team-lunch")[FIELD]
    forged = swapped.split(".")[0] + "." + signed.split(".")[1]

    for data in ({FIELD: forged}, {FIELD: signed + "x"}, {FIELD: 7}, {}, {FIELD: [signed]}):
        answer = knock(serving, make_activity(serving, person, data), make_token(serving))
        assert answer.json()["value"] == REFUSALS["forged"], data
    assert decided(serving, person) == []


def test_card_of_nobody_takes_no_personal_press(serving):
    person = str(uuid.uuid4())
    data = join_data(serving, None)

    answer = knock(serving, make_activity(serving, person, data), make_token(serving))

    assert answer.json()["value"] == REFUSALS["not_yours"]


def test_programme_that_is_gone_is_told_kindly(serving):
    person = str(uuid.uuid4())
    data = join_data(serving, person, subject="no-such-programme")

    answer = knock(serving, make_activity(serving, person, data), make_token(serving))

    assert answer.json()["value"] == REFUSALS["cancelled"]


def test_second_press_is_told_that_nothing_more_is_needed(serving):
    person = str(uuid.uuid4())
    activity = make_activity(serving, person, join_data(serving, person))

    knock(serving, activity, make_token(serving))
    answer = knock(serving, activity, make_token(serving))

    assert answer.json() == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": REFUSALS["twice"],
    }
    assert len(read_choice_changes(serving.context.store, person)) == 1


def test_who_was_left_in_peace_is_asked_again_by_one_press(serving):
    person, store = serving.people[-3]["id"], serving.context.store
    earlier = dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC)
    for month in ("08", "09", "10"):
        round_id = f"virtual-coffee/2026-{month}-05"
        plan = replace(example_plan([]), round_id=round_id, groups=())
        save_plan(store, plan, at=earlier, by="hr")
        unanswered = Answer(
            round_id=round_id, group_number=1, who=person, response="none", answered_at=None,
            proposed_start=None, read_at=earlier,
        )  # fmt: skip
        save_answers(store, [unanswered], at=earlier)

    data = join_data(serving, person, "choices", "ask_again")
    answers = [
        knock(serving, make_activity(serving, person, data), make_token(serving)).json()["value"]
        for _ in range(2)
    ]

    assert "You are asked again" in str(answers[0])
    assert answers[1] == REFUSALS["twice"]
    assert sorted(decided(serving, person)) == [
        ("join", "cross-team-lunch"), ("join", "virtual-coffee"),
    ]  # fmt: skip


def test_answer_is_in_the_language_of_whoever_presses(serving):
    person = str(uuid.uuid4())
    activity = make_activity(serving, person, join_data(serving, person), locale="de-AT")

    assert "Du bist dabei." in json.dumps(
        knock(serving, activity, make_token(serving)).json(), ensure_ascii=False
    )


def test_press_from_a_client_that_knows_no_universal_actions_counts_the_same(serving):
    person = str(uuid.uuid4())
    data = join_data(serving, person)
    message = make_activity(serving, person, data, type="message", name=None, value=data)

    assert knock(serving, message, make_token(serving)).status_code == 200
    assert decided(serving, person) == [("join", PROGRAMME)]


def test_press_in_a_channel_as_a_message_is_passed_over(serving):
    person, tenant = str(uuid.uuid4()), serving.tenant.tenant_id
    data = join_data(serving, person)
    channel = {"id": "19:x", "conversationType": "channel", "tenantId": tenant}
    message = make_activity(serving, person, data, type="message", value=data, conversation=channel)

    assert knock(serving, message, make_token(serving)).status_code == 200
    assert decided(serving, person) == []


@pytest.mark.parametrize(("action", "reached"), [("add", True), ("remove", False)])
def test_person_counts_as_reached_when_the_bot_is_installed(serving, action, reached):
    person = str(uuid.uuid4())
    note_unreachable(serving.context.store, person, "blocked", at=serving.clock.at)
    update = make_activity(serving, person, {}, type="installationUpdate", action=action)

    assert knock(serving, update, make_token(serving)).status_code == 200
    assert (person not in read_unreachable(serving.context.store)) is reached


def test_unknown_invokes_are_said_to_be_unknown(serving):
    activity = make_activity(serving, str(uuid.uuid4()), {}, name="task/fetch")

    assert knock(serving, activity, make_token(serving)).status_code == 501


def test_text_that_is_too_long_is_refused(serving):
    person = serving.of("Sales")["id"]
    data = join_data(serving, person, subject="choices", verb="save_choices")
    for value, wanted in (("x" * 2001, REFUSALS["too_long"]), (["x"], REFUSALS["forged"])):
        activity = make_activity(serving, person, data | {"interests": value})
        assert knock(serving, activity, make_token(serving)).json()["value"] == wanted
    assert decided(serving, person) == []


def test_body_that_is_too_large_or_no_object_is_refused(serving):
    token = {"Authorization": f"Bearer {make_token(serving)}"}
    with serving.browser() as http:
        large = http.post("/api/messages", content=b"[" + b"1," * 70_000 + b"1]", headers=token)
        broken = http.post("/api/messages", content=b"{", headers=token)
        listed = http.post("/api/messages", json=[1], headers=token)

    assert [large.status_code, broken.status_code, listed.status_code] == [413, 400, 400]


def test_person_who_presses_on_and_on_is_asked_to_wait(serving):
    person = str(uuid.uuid4())
    activity = make_activity(serving, person, join_data(serving, person))
    with serving.browser() as http:
        headers = {"Authorization": f"Bearer {make_token(serving)}"}
        said = [
            http.post("/api/messages", json=activity, headers=headers).json()["value"]
            for _ in range(limits.PRESSES.burst + 1)
        ]

    assert said[-1] == REFUSALS["too_many"]
    assert said[1:-1] == [REFUSALS["twice"]] * (limits.PRESSES.burst - 1)


def test_address_that_forges_on_and_on_is_shut_out(serving):
    activity = make_activity(serving, str(uuid.uuid4()), {})
    with serving.browser() as http:
        statuses = [
            http.post("/api/messages", json=activity).status_code
            for _ in range(limits.FORGERIES.burst + 1)
        ]

    assert statuses == [401] * limits.FORGERIES.burst + [429]


def test_thousand_presses_at_once_are_all_kept_and_none_counted_twice(serving):
    """500 people press twice, over a hundred connections at the same time."""
    people = [str(uuid.uuid4()) for _ in range(500)]
    token = make_token(serving)
    bodies = [
        json.dumps(make_activity(serving, person, join_data(serving, person))) for person in people
    ] * 2

    waiting = iter(bodies)

    async def press_all():
        trusted = ssl.create_default_context(cafile=serving.tenant.ca_file)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answers = []

        async def press_on(http):
            for body in waiting:
                answer = await http.post("/api/messages", content=body, headers=headers)
                answers.append(answer)

        at_once = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(
            base_url=serving.url, verify=trusted, timeout=120, limits=at_once
        ) as http:
            await asyncio.gather(*(press_on(http) for _ in range(AT_ONCE)))
        return answers

    answers = asyncio.run(press_all())

    assert [answer.status_code for answer in answers] == [200] * 1000
    kinds = [answer.json()["type"] for answer in answers]
    assert kinds.count("application/vnd.microsoft.card.adaptive") == 500
    assert [a.json()["value"] for a in answers if "message" in a.json()["type"]] == [
        REFUSALS["twice"]
    ] * 500
    joined = {c.person_id for c in read_choices(serving.context.store, person_ids=people)}
    assert joined == set(people)
    assert sum(len(read_choice_changes(serving.context.store, one)) for one in people) == 500
