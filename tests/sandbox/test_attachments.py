from __future__ import annotations

import base64

import pytest

from tests.sandbox.conftest import ORGANISER

MEGABYTE = 1024 * 1024


def file(content, name="agenda.pdf"):
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": name,
        "contentType": "application/pdf",
        "contentBytes": base64.b64encode(content).decode(),
    }


@pytest.fixture
def event(client, people):
    made = client.book([people[0]["mail"]], attachments=[file(b"%PDF-1")]).json()
    return f"users/{ORGANISER}/events/{made['id']}"


def test_inline_attachment_is_kept_and_delivered(client, event, people):
    (own,) = client.rows(f"{event}/attachments")
    (copy,) = client.see(f"mailboxes/{people[0]['id']}")["events"]
    (theirs,) = client.rows(f"users/{people[0]['id']}/events/{copy['id']}/attachments")

    assert base64.b64decode(own["contentBytes"]) == b"%PDF-1"
    assert base64.b64decode(theirs["contentBytes"]) == b"%PDF-1"
    assert (own["size"], own["contentType"]) == (6, "application/pdf")


def test_attachment_is_added_read_and_deleted(client, event):
    made = client.graph("POST", f"{event}/attachments", file(b"two", "b.pdf")).json()
    raw = client.graph("GET", f"{event}/attachments/{made['id']}/$value")
    gone = client.graph("DELETE", f"{event}/attachments/{made['id']}")

    assert (raw.content, raw.headers["content-type"]) == (b"two", "application/pdf")
    assert gone.status_code == 204
    assert [a["name"] for a in client.rows(f"{event}/attachments")] == ["agenda.pdf"]


def test_three_megabytes_are_too_many_for_one_request(client, event):
    answer = client.graph("POST", f"{event}/attachments", file(bytes(3 * MEGABYTE)))

    assert answer.status_code == 413


def test_content_that_is_not_base64_is_refused(client, event):
    answer = client.graph("POST", f"{event}/attachments", {**file(b""), "contentBytes": "%%%"})

    assert answer.status_code == 400


def open_session(client, event, size):
    item = {"attachmentType": "file", "name": "big.pdf", "size": size}
    return client.graph(
        "POST", f"{event}/attachments/createUploadSession", {"AttachmentItem": item}
    )


def put(client, url, content, first, total, **headers):
    last = first + len(content) - 1
    named = {"Content-Range": f"bytes {first}-{last}/{total}", **headers}
    return client.http.put(url, content=content, headers=named)


def test_large_attachment_goes_in_ranges(client, event):
    content = bytes(range(256)) * (4 * MEGABYTE // 256)
    session = open_session(client, event, len(content))
    url = session.json()["uploadUrl"]
    half = 2 * MEGABYTE

    first = put(client, url, content[:half], 0, len(content))
    last = put(client, url, content[half:], half, len(content))

    assert (session.status_code, first.status_code, last.status_code) == (201, 200, 201)
    assert first.json()["nextExpectedRanges"] == [f"{half}-"]
    attachment = last.headers["location"].rsplit("/", 1)[1]
    assert client.graph("GET", f"{event}/attachments/{attachment}/$value").content == content


def test_upload_wants_no_authorization_and_keeps_the_order(client, event):
    total = 3 * MEGABYTE
    url = open_session(client, event, total).json()["uploadUrl"]

    signed = put(client, url, b"x", 0, total, Authorization="Bearer x")
    later = put(client, url, b"x", 10, total)
    wrong = client.http.put(url, content=b"x", headers={"Content-Range": f"bytes 0-5/{total}"})

    assert [r.status_code for r in (signed, later, wrong)] == [401, 416, 400]


def test_session_for_a_small_file_is_refused(client, event):
    assert open_session(client, event, 1000).status_code == 400


def test_session_is_over_when_the_file_is_complete_or_given_up(client, event):
    url = open_session(client, event, 3 * MEGABYTE).json()["uploadUrl"]

    given_up = client.http.delete(url)

    assert given_up.status_code == 204
    assert put(client, url, b"x", 0, 3 * MEGABYTE).status_code == 404
