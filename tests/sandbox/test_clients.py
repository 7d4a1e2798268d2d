"""Clients that nobody here wrote: Microsoft's Python and JavaScript clients, and O365."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
import os
import shutil
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from scheduler.sandbox.signin import GRAPH
from tests.sandbox.conftest import ORGANISER, TAG

HERE = Path(__file__).parent
NOON = dt.datetime.fromisoformat("2026-12-07T12:00:00")


@pytest.fixture(scope="module")
def sdk(addresses):
    """Make a typed client; returns a function that runs a coroutine with it."""
    from azure.identity.aio import ClientSecretCredential  # noqa: PLC0415 -- slow import
    from kiota_authentication_azure.azure_identity_authentication_provider import (  # noqa: PLC0415
        AzureIdentityAuthenticationProvider,
    )
    from msgraph import GraphServiceClient  # noqa: PLC0415 -- slow import
    from msgraph.graph_request_adapter import GraphRequestAdapter  # noqa: PLC0415

    def run(work):
        async def main():
            credential = ClientSecretCredential(
                addresses.tenant_id,
                addresses.client_id,
                addresses.client_secret,
                authority=addresses.https,
                disable_instance_discovery=True,
                connection_verify=addresses.ca_file,
            )
            verify = ssl.create_default_context(cafile=addresses.ca_file)
            async with credential, httpx.AsyncClient(verify=verify, timeout=60) as http:
                provider = AzureIdentityAuthenticationProvider(
                    credential, scopes=[f"{GRAPH}/.default"], allowed_hosts=["localhost"]
                )
                adapter = GraphRequestAdapter(provider, client=http)
                adapter.base_url = f"{addresses.https}/v1.0"
                return await work(GraphServiceClient(request_adapter=adapter))

        return asyncio.run(main())

    return run


def strangers(model, where="$"):
    """Name what the model's type does not know: keys of ``additional_data`` besides annotations."""
    if isinstance(model, list):
        return [name for one in model for name in strangers(one, f"{where}[]")]
    if not dataclasses.is_dataclass(model):
        return []
    found = [f"{where}.{name}" for name in getattr(model, "additional_data", {}) if "@" not in name]
    for field in dataclasses.fields(model):
        if field.name not in ("additional_data", "backing_store"):
            found += strangers(getattr(model, field.name), f"{where}.{field.name}")
    return found


def write_event(name, attendees):
    """Write an event with the SDK's own models."""
    from msgraph.generated.models.attendee import Attendee  # noqa: PLC0415 -- slow import
    from msgraph.generated.models.body_type import BodyType  # noqa: PLC0415
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone  # noqa: PLC0415
    from msgraph.generated.models.email_address import EmailAddress  # noqa: PLC0415
    from msgraph.generated.models.event import Event  # noqa: PLC0415
    from msgraph.generated.models.file_attachment import FileAttachment  # noqa: PLC0415
    from msgraph.generated.models.item_body import ItemBody  # noqa: PLC0415
    from msgraph.generated.models.single_value_legacy_extended_property import (  # noqa: PLC0415
        SingleValueLegacyExtendedProperty,
    )

    zone = "W. Europe Standard Time"
    return Event(
        subject=name,
        transaction_id=name,
        body=ItemBody(content_type=BodyType.Html, content="<p>Hello</p>"),
        start=DateTimeTimeZone(date_time="2026-12-07T12:00:00", time_zone=zone),
        end=DateTimeTimeZone(date_time="2026-12-07T13:00:00", time_zone=zone),
        attendees=[Attendee(email_address=EmailAddress(address=mail)) for mail in attendees],
        attachments=[
            FileAttachment(
                odata_type="#microsoft.graph.fileAttachment",
                name="a.pdf",
                content_type="application/pdf",
                content_bytes=b"%PDF-",
            )
        ],
        is_online_meeting=True,
        hide_attendees=False,
        single_value_extended_properties=[SingleValueLegacyExtendedProperty(id=TAG, value=name)],
    )  # fmt: skip


def test_sdk_books_reads_changes_and_cancels_an_event(sdk, wire):
    mails = [person["mail"] for person in wire.see("people")[20:24]]

    async def work(graph):
        from msgraph.generated.models.event import Event  # noqa: PLC0415 -- slow import
        from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import (  # noqa: PLC0415
            CancelPostRequestBody,
        )

        events = graph.users.by_user_id(ORGANISER).events
        made = await events.post(write_event("sdk-1", mails))
        event = events.by_event_id(made.id)
        changed = await event.patch(Event(subject="Lunch!"))
        files = await event.attachments.get()
        await event.cancel.post(CancelPostRequestBody(comment="Sorry"))
        return made, changed, files.value

    made, changed, files = sdk(work)

    assert [a.email_address.address for a in made.attendees] == mails
    assert made.start.date_time == "2026-12-07T11:00:00.0000000"
    assert (changed.subject, files[0].content_bytes) == ("Lunch!", b"%PDF-")
    assert strangers([made, changed, *files]) == []
    assert wire.graph("GET", f"users/{ORGANISER}/events/{made.id}").status_code == 404


def test_sdk_reads_schedules_that_hold_no_stranger(sdk, wire):
    mails = [person["mail"] for person in wire.see("people")[:20]]

    async def work(graph):
        from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone  # noqa: PLC0415
        from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (  # noqa: PLC0415, E501
            GetSchedulePostRequestBody,
        )

        return await graph.users.by_user_id(ORGANISER).calendar.get_schedule.post(
            GetSchedulePostRequestBody(
                schedules=mails,
                start_time=DateTimeTimeZone(date_time="2026-12-07T00:00:00", time_zone="UTC"),
                end_time=DateTimeTimeZone(date_time="2026-12-09T00:00:00", time_zone="UTC"),
                availability_view_interval=30,
            )
        )

    answer = sdk(work)

    assert [row.schedule_id for row in answer.value] == mails
    assert sum(len(row.schedule_items or []) for row in answer.value) > 60
    assert strangers(answer.value) == []


def test_sdk_reads_people_by_following_links(sdk, wire):
    async def work(graph):
        page, users = await graph.users.delta.get(), []
        while page is not None:
            users += page.value or []
            link = page.odata_next_link
            page = await graph.users.delta.with_url(link).get() if link else None
        return users

    users = sdk(work)

    assert {user.id for user in users} >= {person["id"] for person in wire.see("people")}
    assert strangers(users) == []


def test_sdk_shows_the_code_of_a_refusal(sdk):
    async def work(graph):
        from msgraph.generated.models.o_data_errors.o_data_error import ODataError  # noqa: PLC0415

        with pytest.raises(ODataError) as caught:
            await graph.users.by_user_id("nobody").get()
        return caught.value

    error = sdk(work)

    assert (error.response_status_code, error.error.code) == (404, "Request_ResourceNotFound")
    assert error.error.inner_error.request_id


@pytest.fixture(scope="module")
def o365(addresses, wire):
    """An O365 account whose address is the plain HTTP port, with our token in its session."""
    import requests  # noqa: PLC0415 -- slow import
    from O365 import Account  # noqa: PLC0415
    from O365.connection import MSGraphProtocol  # noqa: PLC0415

    class Protocol(MSGraphProtocol):
        _protocol_url = addresses.http + "/"

    account = Account(
        (addresses.client_id, addresses.client_secret),
        auth_flow_type="credentials",
        tenant_id=addresses.tenant_id,
        protocol=Protocol(timezone="Europe/Berlin"),
        main_resource=ORGANISER,
    )
    account.con.session = requests.Session()
    account.con.session.headers["Authorization"] = f"Bearer {wire.token(GRAPH)}"
    yield account
    account.con.session.close()


def test_o365_lists_everybody(o365, wire):
    users = list(o365.directory().get_users(limit=None, batch=20))

    assert {user.object_id for user in users} == {
        row["id"] for row in wire.rows("users?$select=id")
    }


def test_o365_reads_availability(o365, wire):
    mails = [person["mail"] for person in wire.see("people")[20:23]]

    rows = o365.schedule().get_availability(mails, NOON, NOON + dt.timedelta(days=1))

    assert [row["scheduleId"] for row in rows] == mails
    assert {len(row["availabilityView"]) for row in rows} == {24}
    assert {word for row in rows for word in row["availabilityView"]} >= {"free", "busy"}


def test_o365_books_and_the_invited_accepts(o365, wire):
    people = wire.see("people")[20:23]
    wire.control("answers", {"shares": {"never": 1}})
    calendar = o365.schedule().get_default_calendar()
    event = calendar.new_event("From O365")
    event.start, event.end = NOON, NOON + dt.timedelta(hours=1)
    event.attendees.add([person["mail"] for person in people])

    saved = event.save()
    theirs = o365.schedule(resource=people[0]["mail"]).get_default_calendar()
    (invited,) = [e for e in theirs.get_events(include_recurring=False) if e.subject == "From O365"]
    accepted = invited.accept_event()
    read = calendar.get_event(event.object_id)
    deleted = read.delete()

    assert (saved, accepted, deleted) == (True, True, True)
    assert read.start.astimezone(dt.UTC).hour == 11
    states = {a.address: a.response_status.status for a in read.attendees}
    assert [str(states[p["mail"]] and states[p["mail"]].value) for p in people] == [
        "accepted", "None", "None",
    ]  # fmt: skip


JAVASCRIPT = """
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";
const { base, token, organiser, mail } = JSON.parse(process.argv[2]);
const client = Client.init({
  baseUrl: base, customHosts: new Set(["localhost"]),
  authProvider: (done) => done(null, token),
});
const out = {};
const first = await client.api("/users").select("id,mail").top(50).get();
out.users = [];
await new PageIterator(client, first, (u) => { out.users.push(u.id); return true; }).iterate();
const delta = await client.api("/users/delta").select("id").get();
out.delta = [];
const walk = new PageIterator(client, delta, (u) => { out.delta.push(u.id); return true; });
await walk.iterate();
out.deltaLink = walk.getDeltaLink();
const zone = { timeZone: "UTC" };
const schedule = await client.api(`/users/${organiser}/calendar/getSchedule`).post({
  schedules: [mail], availabilityViewInterval: 60,
  startTime: { dateTime: "2026-12-07T00:00:00", ...zone },
  endTime: { dateTime: "2026-12-08T00:00:00", ...zone },
});
out.view = schedule.value[0].availabilityView;
const event = await client.api(`/users/${organiser}/events`).post({
  subject: "From JavaScript",
  start: { dateTime: "2026-12-07T12:00:00", ...zone },
  end: { dateTime: "2026-12-07T13:00:00", ...zone },
  attendees: [{ emailAddress: { address: mail }, type: "required" }],
});
out.event = event.id;
out.read = (await client.api(`/users/${organiser}/events/${event.id}`).get()).subject;
await client.api(`/users/${organiser}/events/${event.id}/cancel`).post({ comment: "Sorry" });
const batch = await client.api("/$batch").post({ requests: [
  { id: "1", method: "GET", url: "/organization" },
  { id: "2", method: "GET", url: "/users/nobody" },
]});
out.batch = Object.fromEntries(batch.responses.map((r) => [r.id, r.status]));
try { await client.api("/users/nobody").get(); }
catch (error) { out.error = [error.statusCode, error.code, Boolean(error.requestId)]; }
console.log(JSON.stringify(out));
"""


@pytest.fixture(scope="session")
def javascript():
    """The folder with Microsoft's JavaScript client, installed when it is missing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not on this machine; Debian's package `npm` brings both")
    if not (HERE / "node_modules/@microsoft/microsoft-graph-client").exists():
        install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(install, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install Microsoft's client here: {done.stderr.strip()[-200:]}")
    return HERE


def test_javascript_client_lists_books_and_batches_over_https(javascript, addresses, wire):
    person = wire.see("people")[30]
    told = {
        "base": addresses.https,
        "token": wire.token(GRAPH),
        "organiser": ORGANISER,
        "mail": person["mail"],
    }
    done = subprocess.run(
        ["node", "--input-type=module", "-", json.dumps(told)],
        input=JAVASCRIPT,
        cwd=javascript,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": addresses.ca_file},
    )

    assert done.returncode == 0, done.stderr
    out = json.loads(done.stdout)
    everybody = {row["id"] for row in wire.rows("users?$select=id")}
    assert set(out["users"]) == set(out["delta"]) == everybody
    assert len(out["users"]) == len(everybody)
    assert "$deltatoken" in out["deltaLink"]
    assert len(out["view"]) == 24
    assert out["read"] == "From JavaScript"
    assert out["batch"] == {"1": 200, "2": 404}
    assert out["error"] == [404, "Request_ResourceNotFound", True]
