"""The table of routes, walked: nobody gets past what a route asks. No list is kept by hand."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse

from scheduler.web.access import SAFE, Visitor, anybody, require_role, signed_in
from scheduler.web.app import UnguardedRouteError, check_routes, list_routes, route_access
from tests.web.serving.conftest import csrf_of, serve

SAMPLES = APIRouter()
SOMEBODY = "00000000-0000-4000-8000-000000000000"


@SAMPLES.get("/sample/hr", dependencies=[Depends(require_role("HR"))])
@SAMPLES.post("/sample/hr", dependencies=[Depends(require_role("HR"))])
async def for_hr() -> PlainTextResponse:
    return PlainTextResponse("done")


@SAMPLES.get("/sample/people/{person_id}")
@SAMPLES.post("/sample/people/{person_id}")
async def of_somebody(
    person_id: str, visitor: Annotated[Visitor, Depends(signed_in)]
) -> PlainTextResponse:
    return PlainTextResponse(f"{person_id} {visitor.person_id}")


@pytest.fixture(scope="module")
def serving(tenant, tmp_path_factory):
    """The service with some pages more, so that no rule is walked past for want of a route."""
    with serve(tenant, tmp_path_factory.mktemp("routes"), routers=[SAMPLES]) as running:
        yield running


def every_route(serving) -> list[tuple[str, APIRoute]]:
    return [
        (method, route)
        for route in list_routes(serving.app.routes)
        for method in sorted(route.methods or ())
    ]


def fill(route: APIRoute, **known: str) -> str:
    """An address of a route, with something in each place."""
    values = dict.fromkeys(route.param_convertors, "x") | known
    return str(route.path_format).format(**values)


def test_every_route_refuses_whom_it_must(serving):
    strangers = serving.browser()
    plain = serving.sign_in(serving.of("Sales")["mail"])
    token = csrf_of(plain.get("/").text)
    hr = serving.sign_in(serving.of("Human Resources")["mail"])
    faults, refused = [], {"anonymous": 0, "role": 0, "person": 0, "csrf": 0, "token": 0}

    def expect(kind: str, wanted: set[int], answer: Any, what: str) -> None:
        refused[kind] += 1
        if answer.status_code not in wanted:
            faults.append(f"{what}: {kind} got {answer.status_code}")

    for method, route in every_route(serving):
        what, address = f"{method} {route.path}", fill(route, person_id=SOMEBODY)
        access = route_access(route)
        sent = {"csrf": token}
        if all(one.public for one in access):
            if method not in SAFE:  # open to everybody, so it has to look at its caller itself
                expect("token", {401, 403}, strangers.request(method, address, json={}), what)
            continue
        wanted = {303} if method == "GET" else {401}
        expect("anonymous", wanted, strangers.request(method, address, data={}), what)
        if any(one.roles for one in access):
            expect("role", {403}, plain.request(method, address, data=sent), what)
        if "person_id" in route.param_convertors:
            expect("person", {403}, plain.request(method, address, data=sent), what)
            expect("person", {403}, hr.request(method, address), what)
        if method not in SAFE:
            visitor = hr if any(one.roles for one in access) else plain
            mine = fill(route, person_id=serving.of("Sales")["id"])
            expect("csrf", {403}, visitor.request(method, mine, data={}), what)
            expect("csrf", {403}, visitor.request(method, mine, data={"csrf": "x" * 32}), what)

    assert faults == []
    assert min(refused.values()) > 0, refused


def test_whoever_may_gets_through(serving):
    """The other half: what refused everybody would pass the test above."""
    person, boss = serving.of("Sales"), serving.of("Human Resources")
    plain, hr = serving.sign_in(person["mail"]), serving.sign_in(boss["mail"])
    own = f"/sample/people/{person['id']}"

    assert plain.get(own).text == f"{person['id']} {person['id']}"
    assert plain.post(own, data={"csrf": csrf_of(plain.get("/").text)}).status_code == 200
    header = {"x-csrf-token": csrf_of(plain.get("/").text)}
    assert plain.post(own, json={}, headers=header).status_code == 200
    assert hr.get("/sample/hr").status_code == 200
    assert hr.post("/sample/hr", data={"csrf": csrf_of(hr.get("/").text)}).status_code == 200


def test_token_of_somebody_elses_page_is_refused(serving):
    one = serving.sign_in(serving.of("Human Resources")["mail"])
    other = serving.sign_in(serving.of("Sales")["mail"])

    answer = one.post("/sample/hr", data={"csrf": csrf_of(other.get("/").text)})

    assert answer.status_code == 403


def test_app_does_not_start_with_a_route_that_asks_for_nothing():
    router = APIRouter()
    router.add_api_route("/open", lambda: None)

    with pytest.raises(UnguardedRouteError, match="/open says nothing"):
        check_routes(router.routes)

    guarded = APIRouter(dependencies=[Depends(anybody)])
    guarded.add_api_route("/open", lambda: None)
    check_routes(guarded.routes)
