from __future__ import annotations

import base64

import pytest

from tests.sandbox.conftest import ORGANISER


def responses(client, event):
    shown = client.graph("GET", f"users/{ORGANISER}/events/{event}").json()
    return {a["emailAddress"]["address"]: a["status"]["response"] for a in shown["attendees"]}


def copies(client, person):
    return client.see(f"mailboxes/{person['id']}")["events"]


def room_entry(client, number=0):
    room = client.rows("places/microsoft.graph.room")[number]
    return {"emailAddress": {"address": room["emailAddress"]}, "type": "resource"}


@pytest.mark.usefixtures("all_accept")
def test_nobody_has_answered_when_the_call_returns(client, people):
    made = client.book([people[0]["mail"]]).json()

    before = responses(client, made["id"])
    client.control("settle")

    assert (before, responses(client, made["id"])) == (
        {people[0]["mail"]: "none"}, {people[0]["mail"]: "accepted"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "response"),
    [("accepted", "accepted"), ("declined", "declined"), ("never", "none"),
     ("tentativelyAccepted", "tentativelyAccepted"), ("proposed", "tentativelyAccepted")],
)  # fmt: skip
def test_people_answer_as_their_shares_say(client, people, kind, response):
    client.control("answers", {"shares": {kind: 1}})
    made = client.book([people[0]["mail"]]).json()

    client.control("settle")

    assert responses(client, made["id"]) == {people[0]["mail"]: response}


def test_answers_are_the_same_in_another_tenant_of_the_same_seed(client, start_tenant, people):
    twin = start_tenant(concurrency=0)
    mails = [p["mail"] for p in people[:150]]
    first = client.book(mails, transactionId="t").json()
    second = twin.book(list(reversed(mails)), transactionId="t").json()
    client.control("settle")
    twin.control("settle")

    answers = responses(client, first["id"])
    assert answers == responses(twin, second["id"])
    assert len(set(answers.values())) == 4


def test_who_proposes_another_time_says_which(client, people):
    client.control("answers", {"shares": {"proposed": 1}})
    made = client.book([people[0]["mail"]]).json()
    client.control("settle")

    shown = client.graph("GET", f"users/{ORGANISER}/events/{made['id']}").json()

    assert shown["attendees"][0]["proposedNewTime"]["start"]["dateTime"][:16] == "2026-12-07T13:00"


def test_forwarded_invitation_brings_somebody_new(client, people):
    client.control("answers", {"shares": {"forwarded": 1}})
    made = client.book([people[0]["mail"]]).json()

    client.control("settle")

    assert len(responses(client, made["id"])) > 1


@pytest.mark.usefixtures("all_accept")
def test_who_declines_has_it_no_longer_in_the_calendar(client, people):
    made = client.book([people[0]["mail"]]).json()
    (copy,) = copies(client, people[0])

    answer = client.graph(
        "POST", f"users/{people[0]['id']}/events/{copy['id']}/decline", {"Comment": "No"}
    )

    assert answer.status_code == 202
    assert responses(client, made["id"]) == {people[0]["mail"]: "declined"}
    assert client.graph("GET", f"users/{people[0]['id']}/events/{copy['id']}").status_code == 404


def test_answer_without_response_is_not_told(client, people):
    made = client.book([people[0]["mail"]]).json()
    (copy,) = copies(client, people[0])

    client.graph(
        "POST", f"users/{people[0]['id']}/events/{copy['id']}/accept", {"sendResponse": False}
    )

    assert responses(client, made["id"]) == {people[0]["mail"]: "none"}
    assert copies(client, people[0])[0]["responseStatus"]["response"] == "accepted"


def test_organiser_cannot_answer_and_attendee_cannot_cancel(client, people):
    made = client.book([people[0]["mail"]]).json()
    (copy,) = copies(client, people[0])

    own = client.graph("POST", f"users/{ORGANISER}/events/{made['id']}/accept", {})
    foreign = client.graph("POST", f"users/{people[0]['id']}/events/{copy['id']}/cancel", {})

    assert (own.status_code, foreign.status_code) == (400, 400)


def test_room_accepts_the_first_and_declines_the_second_at_the_same_time(client):
    saturday = {
        "start": {"dateTime": "2026-12-05T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-05T13:00:00", "timeZone": "UTC"},
    }
    room = room_entry(client)
    events = [client.book([room], subject=name, **saturday).json()["id"] for name in "AB"]

    client.control("settle")

    assert [list(responses(client, e).values()) for e in events] == [["accepted"], ["declined"]]


def test_room_that_was_left_is_free_again(client):
    saturday = {
        "start": {"dateTime": "2026-12-05T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-05T13:00:00", "timeZone": "UTC"},
    }
    room = room_entry(client)
    first = client.book([room], **saturday).json()["id"]
    client.control("settle")
    client.graph("POST", f"users/{ORGANISER}/events/{first}/cancel", {})
    second = client.book([room], subject="B", **saturday).json()["id"]
    client.control("settle")

    assert list(responses(client, second).values()) == ["accepted"]


def test_room_can_be_told_to_decline(client):
    room = room_entry(client)
    client.control("answers", {"declining_rooms": [room["emailAddress"]["address"]]})
    saturday = {
        "start": {"dateTime": "2026-12-05T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-05T13:00:00", "timeZone": "UTC"},
    }

    made = client.book([room], **saturday).json()
    client.control("settle")

    assert list(responses(client, made["id"]).values()) == ["declined"]


@pytest.mark.usefixtures("all_accept")
def test_new_time_asks_everybody_again_and_stays_one_copy(client, people):
    made = client.book([p["mail"] for p in people[:3]]).json()
    client.control("settle")
    times = {
        "start": {"dateTime": "2026-12-08T12:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-08T13:00:00", "timeZone": "UTC"},
    }

    client.graph("PATCH", f"users/{ORGANISER}/events/{made['id']}", times)

    assert set(responses(client, made["id"]).values()) == {"none"}
    assert [len(copies(client, p)) for p in people[:3]] == [1, 1, 1]
    assert copies(client, people[0])[0]["start"]["dateTime"][:16] == "2026-12-08T12:00"


@pytest.mark.usefixtures("all_accept")
def test_changed_attendees_alone_tell_only_those_concerned(client, people):
    made = client.book([p["mail"] for p in people[:3]]).json()
    client.control("settle")
    before = client.see("report")["counts"]["messages sent"]
    stay = [{"emailAddress": {"address": p["mail"]}, "type": "required"} for p in people[1:4]]

    client.graph("PATCH", f"users/{ORGANISER}/events/{made['id']}", {"attendees": stay})

    assert client.see("report")["counts"]["messages sent"] == before + 2
    assert responses(client, made["id"]) == {
        people[1]["mail"]: "accepted", people[2]["mail"]: "accepted", people[3]["mail"]: "none",
    }  # fmt: skip
    (left,) = copies(client, people[0])
    assert (left["isCancelled"], left["showAs"]) == (True, "free")


@pytest.mark.usefixtures("all_accept")
def test_cancelled_event_leaves_the_organiser_and_is_marked_for_the_others(client, people):
    made = client.book([p["mail"] for p in people[:2]]).json()
    path = f"users/{ORGANISER}/events/{made['id']}"

    answer = client.graph("POST", f"{path}/cancel", {"comment": "Sorry"})

    assert answer.status_code == 202
    assert client.graph("GET", path).status_code == 404
    assert [c["subject"] for p in people[:2] for c in copies(client, p)] == ["Canceled: Lunch"] * 2
    assert client.see("report")["events"] == 0


@pytest.mark.usefixtures("all_accept")
def test_who_is_taken_back_into_a_meeting_has_it_again(client, people):
    made = client.book([p["mail"] for p in people[:2]]).json()
    path = f"users/{ORGANISER}/events/{made['id']}"
    entries = [{"emailAddress": {"address": p["mail"]}, "type": "required"} for p in people[:2]]

    client.graph("PATCH", path, {"attendees": entries[:1]})
    client.graph("PATCH", path, {"attendees": entries})

    (copy,) = copies(client, people[1])
    assert (copy["isCancelled"], copy["subject"]) == (False, "Lunch")


def test_deleting_by_the_organiser_cancels(client, people):
    made = client.book([people[0]["mail"]]).json()

    answer = client.graph("DELETE", f"users/{ORGANISER}/events/{made['id']}")

    assert answer.status_code == 204
    assert copies(client, people[0])[0]["isCancelled"]


def test_who_answered_late_does_not_answer_a_cancelled_event(client, people):
    made = client.book([people[0]["mail"]]).json()
    client.graph("DELETE", f"users/{ORGANISER}/events/{made['id']}")

    client.control("settle")

    assert copies(client, people[0])[0]["responseStatus"]["response"] == "notResponded"


def test_invitation_to_a_missing_mailbox_is_counted_and_harms_nobody(client, people):
    missing = next(p for p in client.see("people") if p["mailbox"] == "missing")

    client.book([people[0]["mail"], missing["mail"], "friend@elsewhere.example"])

    report = client.see("report")
    assert (report["invitations_delivered"], report["undeliverable"]) == (1, 1)
    assert report["counts"]["sent outside"] == 1


def test_attachment_added_later_reaches_attendees_with_the_next_update(client, people):
    made = client.book([people[0]["mail"]]).json()
    path = f"users/{ORGANISER}/events/{made['id']}"
    pdf = base64.b64encode(b"%PDF-").decode()
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.pdf", "contentBytes": pdf}

    client.graph("POST", f"{path}/attachments", file)
    before = copies(client, people[0])[0]["attachments"]
    client.graph("PATCH", path, {"subject": "Lunch!"})
    after = copies(client, people[0])[0]["attachments"]

    assert (before, [a["name"] for a in after]) == ([], ["a.pdf"])


def test_same_group_twice_is_reported_as_a_duplicate(client, people):
    tag = [{"id": "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Group", "value": "r/1"}]
    for _ in range(2):
        client.book([people[0]["mail"]], singleValueExtendedProperties=tag)

    assert client.see("report")["duplicates"] == 1


def test_mail_arrives_in_the_inbox(client, people):
    message = {
        "subject": "Your lunch",
        "body": {"contentType": "text", "content": "Hello"},
        "toRecipients": [{"emailAddress": {"address": people[0]["mail"]}}],
    }

    answer = client.graph(
        "POST", f"users/{ORGANISER}/sendMail", {"message": message, "saveToSentItems": False}
    )

    assert answer.status_code == 202
    (mail,) = client.see(f"mailboxes/{people[0]['id']}")["mails"]
    assert (mail["subject"], mail["from"]) == ("Your lunch", ORGANISER)


def test_mail_without_a_recipient_is_refused(client):
    answer = client.graph("POST", f"users/{ORGANISER}/sendMail", {"message": {"subject": "x"}})

    assert answer.json()["error"]["code"] == "ErrorInvalidRecipients"
