"""People's own pages: what they show, keep, refuse, and never tell anybody else."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pypdf
import pytest

from scheduler.people.choices import Choices, Introduction
from scheduler.rounds.deeds import read_my_choices
from scheduler.store.choices import save_choice
from scheduler.store.engine import now
from scheduler.store.feedback import find_note, read_feedback, read_notes
from scheduler.store.meetings import read_members
from scheduler.store.persons import is_known
from scheduler.store.plans import read_plan
from scheduler.store.seats import read_seat
from scheduler.web.access import SAFE
from scheduler.web.app import list_routes
from tests.web.serving.conftest import csrf_of
from tests.web.serving.network import OPT_IN, book, company

NOVEMBER = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
NOTE = "Ask about the Kestrel contract"
MARKUP = "<b>bold</b><script>alert('x')</script>\"'&"


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with company(tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def hour(serving):
    return book(serving, "networking-hour")


@pytest.fixture(scope="module")
def lunch(serving, hour):
    return book(serving, "cross-team-lunch")


@pytest.fixture(autouse=True)
def november(serving):
    serving.clock.at = NOVEMBER


class Somebody:
    """A person in their browser."""

    def __init__(self, serving, person_id):
        self.serving, self.id = serving, person_id
        self.person = next(p for p in serving.people if p["id"] == person_id)
        self.browser = serving.sign_in(self.person["mail"])
        self.token = csrf_of(self.browser.get("/privacy").text)

    def get(self, path, **query):
        return self.browser.get(path, params=query)

    def post(self, path, **fields):
        return self.browser.post(path, data={"csrf": self.token, **fields})

    @property
    def choices(self) -> Choices:
        return read_my_choices(self.serving.context, self.id)


@pytest.fixture(scope="module")
def groups(serving, lunch):
    """Lunch groups whose members all have a mailbox."""
    good = {p["id"] for p in serving.people}
    return [g for g in lunch.plan.groups if set(g.member_ids) <= good and len(g.member_ids) >= 3]


@pytest.fixture(scope="module")
def ann(serving, groups):
    return Somebody(serving, groups[0].member_ids[0])


@pytest.fixture(scope="module")
def bob(serving, groups):
    """In Ann's group."""
    return Somebody(serving, groups[0].member_ids[1])


@pytest.fixture(scope="module")
def cy(serving, groups):
    """In another group."""
    return Somebody(serving, groups[1].member_ids[0])


@pytest.fixture(scope="module")
def hr(serving):
    return Somebody(serving, serving.of("Human Resources")["id"])


@pytest.fixture(scope="module")
def admin(serving, groups):
    person_id = groups[4].member_ids[0]
    serving.control(f"people/{person_id}", {"roles": ["Administrator"]}, "PATCH")
    return Somebody(serving, person_id)


def name_of(serving, person_id):
    return next(p["name"] for p in serving.people if p["id"] == person_id)


def after(serving, group):
    serving.clock.at = group.slot.end + dt.timedelta(hours=1)


READER = """
const fs = require("node:fs");
const ICAL = require(process.argv[1] + "/ical.js/dist/ical.es5.cjs");
const root = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf8")));
for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = root.getAllSubcomponents("vevent");
const event = new ICAL.Event(events[0]);
process.stdout.write(JSON.stringify({
  method: root.getFirstPropertyValue("method"), events: events.length, summary: event.summary,
  attendees: event.attendees.length, start: event.startDate.toUnixTime(),
  end: event.endDate.toUnixTime(), zone: event.startDate.zone.tzid, place: event.location,
  alarms: events[0].getAllSubcomponents("valarm").length,
}));
"""


@pytest.fixture
def read_calendar():
    """Reads a calendar file with the parser of Thunderbird."""
    modules = Path(__file__).parents[2] / "node_modules"
    if not (modules / "ical.js").exists() or shutil.which("node") is None:
        pytest.skip("npm's ical.js is not installed; `make test` does it where there is npm")

    def read(text):
        command = ["node", "-e", READER, str(modules)]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return read


# What is shown


def test_next_meeting_stands_on_the_first_page(ann, groups, serving, visible_text):
    text = visible_text(ann.get("/").text)

    starts = groups[0].slot.start.astimezone(ZoneInfo(ann.person["zone"]))
    assert f"{starts:%A, %-d %B %Y, %H:%M}" in text
    for member in groups[0].member_ids[1:]:
        assert name_of(serving, member) in text


def test_agenda_is_a_pdf_with_everybody_on_it(ann, groups, lunch, serving):
    answer = ann.get(f"{lunch.path(groups[0])}/agenda.pdf")

    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages
    )
    assert answer.headers["content-type"] == "application/pdf"
    assert all(name_of(serving, one).split()[0] in text for one in groups[0].member_ids)


def test_calendar_file_says_the_same_to_somebody_elses_parser(ann, groups, lunch, read_calendar):
    answer = ann.get(f"{lunch.path(groups[0])}/invitation.ics")
    place = groups[0].place
    where = place.name if place.office in place.name else f"{place.name}, {place.office}"

    read = read_calendar(answer.text)
    assert read == {
        "method": "PUBLISH", "events": 1, "summary": "Lunch across teams", "attendees": 0,
        "start": groups[0].slot.start.timestamp(), "end": groups[0].slot.end.timestamp(),
        "zone": ann.person["zone"], "alarms": 1,
        "place": where,
    }  # fmt: skip
    assert answer.headers["content-disposition"].startswith("attachment")


def test_tables_of_a_networking_hour_are_those_of_the_plan(serving, hour, visible_text):
    known = {p["id"]: p["name"] for p in serving.people}
    group = next(g for g in hour.plan.groups if set(g.member_ids) <= set(known))
    person_id = group.member_ids[0]

    page = Somebody(serving, person_id).get(hour.path(group)).text

    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page)
    assert len(rows) == len(group.turns) == 4
    for turn, row in zip(group.turns, rows, strict=True):
        (table,) = [members for members in turn if person_id in members]
        number, names = row.split("<td>")[1:]
        assert visible_text(number) == f"Room {turn.index(table) + 1}"
        assert set(visible_text(names).split(", ")) == {known[one] for one in table} - {
            known[person_id]
        }


# Coming, or not


def test_seat_is_given_away_and_taken_again(cy, groups, lunch, serving):
    path = lunch.path(groups[1])
    seat = (serving.context.store, lunch.plan.round_id, groups[1].number, cy.id)

    away = cy.post(f"{path}/seat", answer="away")
    assert (away.status_code, away.headers["location"]) == (303, "/me/meetings?said=away")
    assert not read_seat(*seat).coming
    serving.run(asyncio.sleep(0.1))  # the repair begins after the answer
    assert serving.repaired == [lunch.plan.round_id]
    assert "You are not coming" in cy.get("/me/meetings").text
    assert cy.post(f"{path}/seat", answer="away").headers["location"].endswith("said=same")
    assert serving.repaired == [lunch.plan.round_id]
    assert cy.post(f"{path}/seat", answer="come").headers["location"].endswith("said=coming")
    assert read_seat(*seat).coming
    assert cy.post(f"{path}/seat", answer="perhaps").status_code == 400


def test_seat_of_a_meeting_that_has_begun_cannot_be_given_away(ann, groups, lunch, serving):
    after(serving, groups[0])

    answer = ann.post(f"{lunch.path(groups[0])}/seat", answer="away")

    assert answer.status_code == 400
    assert "That is over, so nothing was changed." in answer.text


# Whose is it


def routes_of_meetings(serving):
    return [
        (method, route)
        for route in list_routes(serving.app.routes)
        for method in sorted(route.methods or ())
        if route.path.startswith("/me") and "number" in route.param_convertors
    ]


@pytest.mark.parametrize("who", ["cy", "hr", "admin"])
@pytest.mark.parametrize("late", [False, True])
def test_somebody_elses_meeting_is_nothing_to_anybody(
    who, late, serving, groups, lunch, ann, request
):
    stranger = request.getfixturevalue(who)
    programme, date = lunch.plan.round_id.split("/")
    assert stranger.id not in groups[0].member_ids
    walked = routes_of_meetings(serving)
    assert len(walked) >= 7
    if late:
        after(serving, groups[0])

    for method, route in walked:
        address = route.path_format.format(
            programme=programme, date=date, number=groups[0].number, other_id=ann.id
        )
        if method in SAFE:
            answer = stranger.get(address)
        else:
            answer = stranger.post(
                address, answer="away", note="x", line="0", met="yes", done="yes"
            )
        assert answer.status_code == 404, f"{method} {address}: {answer.status_code}"
    assert (
        find_note(serving.context.store, lunch.plan.round_id, groups[0].number, stranger.id) is None
    )
    assert [
        one for one in read_feedback(serving.context.store) if one.person_id == stranger.id
    ] == []


def test_mark_on_the_longest_note_cuts_nothing_off(cy, groups, lunch, serving):
    after(serving, groups[1])
    path, store = lunch.path(groups[1]), serving.context.store
    longest = "x" * 1000
    cy.post(f"{path}/note", note=longest)

    cy.post(f"{path}/follow-up", line="0", done="yes")

    assert [note.text for note in read_notes(store, cy.id)] == [f"✓ {longest}"]
    cy.post(f"{path}/follow-up", line="0", done="no")
    assert [note.text for note in read_notes(store, cy.id)] == [longest]


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "1.5"])
def test_number_that_is_none_is_no_mistake_of_ours(ann, lunch, number):
    path = f"/me/meetings/{lunch.plan.round_id}/{number}"

    assert ann.get(path).status_code == 400
    assert ann.post(f"{path}/note", note="x").status_code == 400
    assert ann.get("/me/people", page=number).status_code in {200, 400}


def test_round_that_does_not_exist_is_not_found(ann):
    assert ann.get("/me/meetings/cross-team-lunch/2020-01-06/1").status_code == 404
    assert ann.get("/me/meetings/x/y/1").status_code == 404


def test_private_note_is_read_by_nobody_else_and_sealed_on_disk(
    ann, bob, cy, hr, admin, groups, lunch, serving
):
    after(serving, groups[0])
    path, store = lunch.path(groups[0]), serving.context.store

    kept = ann.post(f"{path}/note", note=NOTE)

    assert kept.status_code == 303
    assert NOTE in ann.get(path).text
    assert NOTE in ann.get("/me/people").text
    pages = [
        route.path
        for route in list_routes(serving.app.routes)
        if "GET" in (route.methods or ())
        and not route.param_convertors
        and not route.path.startswith("/sign-in")
    ]  # fmt: skip
    assert "/me/people" in pages
    for other in (bob, cy, hr, admin):
        for page in (*pages, path, f"/rounds/{lunch.plan.round_id}"):
            if other is not hr and not page.startswith("/me"):
                continue  # everybody else is refused, as the walk of all routes sees
            assert NOTE not in other.browser.get(page, follow_redirects=True).text, page
        assert NOTE not in other.post("/me/data/download", format="json").text
    for file in filter(Path.is_file, store.file.parent.rglob("*")):
        assert b"Kestrel" not in file.read_bytes(), file.name
    assert [note.text for note in read_notes(store, ann.id)] == [NOTE]
    assert read_notes(store, bob.id) == ()


def test_note_that_is_too_long_is_not_lost(bob, groups, lunch, serving):
    after(serving, groups[0])
    long = "word " * 300

    answer = bob.post(f"{lunch.path(groups[0])}/note", note=long)

    assert answer.status_code == 400
    assert "A note has at most 1000 characters; this has 1500." in answer.text
    assert long.strip() in answer.text
    assert read_notes(serving.context.store, bob.id) == ()


def test_line_of_a_note_is_done_and_taken_up_again(bob, groups, lunch, serving):
    after(serving, groups[0])
    path, store = lunch.path(groups[0]), serving.context.store
    bob.post(f"{path}/note", note="one\r\ntwo")

    bob.post(f"{path}/follow-up", line="1", done="yes")
    assert [note.text for note in read_notes(store, bob.id)] == ["one\n✓ two"]
    bob.post(f"{path}/follow-up", line="1", done="no")
    assert [note.text for note in read_notes(store, bob.id)] == ["one\ntwo"]
    assert bob.post(f"{path}/follow-up", line="x").status_code == 404
    bob.post(f"{path}/note", note=" ")
    assert read_notes(store, bob.id) == ()


def test_meeting_again_looks_for_times_of_both(ann, cy, groups, lunch, serving):
    after(serving, groups[0])
    path, friend = lunch.path(groups[0]), groups[0].member_ids[1]

    answer = ann.get(f"{path}/again/{friend}")

    assert answer.status_code == 200
    assert "https://outlook.office.com/calendar/deeplink/compose" in answer.text
    assert ann.get(f"{path}/again/{cy.id}").status_code == 404
    assert ann.get(f"{path}/again/{ann.id}").status_code == 404


# Choices


FORM = {
    "programmes": ["cross-team-lunch", OPT_IN], "pause_until": "2027-02-01", "every_weeks": "4",
    "meet_areas": "Legal, welding", "do": "I weld", "help": "steel", "learn": "law",
    "interests": "chess", "languages": "German", "adviser": "recruiter", "diet": "no nuts",
    "access": "no stairs", "never_with": "", "meet_people": "",
}  # fmt: skip


def test_every_choice_is_kept_by_one_form(bob, cy):
    done = bob.post("/me/choices", **(FORM | {"meet_people": cy.person["mail"].upper()}))

    mine = bob.choices
    assert done.headers["location"] == "/me/choices?said=kept"
    assert mine.takes_part(OPT_IN, silence=False)
    assert not mine.takes_part("virtual-coffee", silence=True)
    assert mine == Choices(
        joined=mine.joined, left=mine.left, paused_until=dt.date(2027, 2, 1), every_weeks=4,
        meet_people=(cy.id,), meet_areas=("Legal", "welding"), adviser="recruiter",
        interests=("chess",), languages=("German",), diet="no nuts", access="no stairs",
        introduction=Introduction("I weld", "steel", "law"),
    )  # fmt: skip
    again = bob.post("/me/choices", **(FORM | {"meet_people": cy.person["mail"]}))
    assert again.headers["location"] == "/me/choices?said=same"


BAD = {
    "pause_until": ("2020-01-01", "A pause ends in the future, and 2020-01-01 has passed."),
    "every_weeks": ("99", "A frequency is a number of weeks from 1 to 52."),
    "meet_people": ("nobody@x.example", "nobody@x.example is not in the directory."),
    "never_with": ("nobody@x.example", "One of the addresses is not in the directory."),
    "meet_areas": ("x" * 501, "At most 500 characters are kept; this has 501."),
    "do": ("x" * 502, "At most 500 characters are kept; this has 502."),
    "interests": (", ".join(map(str, range(60))), "At most 50 entries are kept."),
    "adviser": ("a friend", "An adviser is a recruiter or a supervisor."),
    "diet": ("x" * 2001, "A field has at most 2000 characters."),
}


def test_everything_that_is_wrong_is_told_beside_its_field_and_nothing_is_lost(cy, visible_text):
    before = cy.choices
    form = FORM | {name: value for name, (value, _) in BAD.items()} | {"access": "a ramp"}

    answer = cy.post("/me/choices", **form)

    assert answer.status_code == 400
    for name, (value, problem) in BAD.items():
        told = re.search(rf'id="{name}-problem">([^<]*)<', answer.text)
        if name in {"adviser", "every_weeks"}:  # chosen, not typed: told on top alone
            assert problem in visible_text(answer.text)
            continue
        assert told, name
        assert told[1] == problem
        assert value in answer.text, name
    assert 'value="a ramp"' in answer.text
    assert f'value="{OPT_IN}" checked' in answer.text
    assert cy.choices == before


def test_whom_somebody_avoids_is_never_shown_again(ann, cy, serving):
    form = FORM | {"programmes": ["cross-team-lunch"], "pause_until": ""}
    ann.post("/me/choices", **(form | {"never_with": cy.person["mail"]}))
    assert ann.choices.never_with == {cy.id}

    for page in ("/me/choices", "/me", "/me/ideas", "/me/data"):
        assert cy.person["mail"] not in ann.get(page).text
    ann.post("/me/choices", **form)
    assert ann.choices.never_with == {cy.id}  # an empty field leaves it as it is
    assert cy.id not in ann.get("/me/ideas").text
    assert ann.id not in cy.get("/me/ideas").text
    # A search finds them all the same: that one is missing there would tell.
    assert ann.id in cy.get("/me/ideas", q=ann.person["name"]).text
    ann.post("/me/choices", **(form | {"never_with": "-"}))
    assert ann.choices.never_with == frozenset()


def test_programme_is_joined_put_off_and_left_for_good(cy):
    path = f"/me/programmes/{OPT_IN}"

    assert cy.post(path, answer="join").headers["location"] == "/me?said=joined#programmes"
    assert cy.choices.takes_part(OPT_IN, silence=False)
    assert cy.post(path, answer="join").headers["location"] == "/me?said=same#programmes"
    assert cy.post(path, answer="never").headers["location"] == "/me?said=left#programmes"
    assert not cy.choices.takes_part(OPT_IN, silence=True)
    changes = cy.choices
    assert cy.post(path, answer="not-now").headers["location"] == "/me?said=not-now#programmes"
    assert cy.choices == changes
    assert cy.post(path, answer="maybe").status_code == 400
    assert cy.post("/me/programmes/nothing", answer="join").status_code == 404


def test_introduction_is_kept_with_advice_and_read_by_the_group(bob, ann, groups, lunch):
    bob.post("/me/introduction", do="I drive synergies", help="Sourdough bread", learn="")

    page = bob.get("/me/introduction").text
    assert "Try it without “drive”" in page
    assert bob.choices.introduction == Introduction("I drive synergies", "Sourdough bread", "")
    assert "Can help with: Sourdough bread" in ann.get(lunch.path(groups[0])).text
    answer = bob.post("/me/introduction", do="x" * 501, help="Sourdough bread", learn="")
    assert answer.status_code == 400
    assert 'id="do-problem">At most 500' in answer.text
    assert bob.choices.introduction.do == "I drive synergies"


# Whom to meet


def test_ideas_and_search_know_only_those_who_take_part(hr, serving):
    leavers = {p["id"] for p in serving.people[:40] if p["id"] != hr.id}
    for one in leavers:
        save_choice(serving.context.store, one, "leave", "*", about="*", at=now(), by="test")
    try:
        page = hr.get("/me/ideas").text
        shown = set(re.findall(r'name="person" value="([^"]+)"', page))
        assert shown
        assert not shown & leavers
        gone = next(p for p in serving.people[:40] if p["id"] in leavers)
        answer = hr.get("/me/ideas", q=gone["name"]).text
        assert f"Nobody who takes part is called “{gone['name']}”" in answer.replace("&#39;", "'")
        assert hr.post("/me/ideas/people", person=gone["id"]).status_code == 404
    finally:
        for one in leavers:
            save_choice(serving.context.store, one, "join", "*", about="*", at=now(), by="test")


def test_wishes_are_added_shown_and_taken_back(cy, bob):
    assert (
        cy.post("/me/ideas/people", person=bob.id)
        .headers["location"]
        .startswith("/me/ideas?said=asked")
    )
    assert (
        cy.post("/me/ideas/people", person=bob.id)
        .headers["location"]
        .startswith("/me/ideas?said=same")
    )
    cy.post("/me/ideas/areas", area="  Legal  ")
    cy.post("/me/ideas/areas", area="legal")
    assert (cy.choices.meet_people, cy.choices.meet_areas) == ((bob.id,), ("Legal",))
    assert bob.person["mail"] in cy.get("/me/choices").text
    cy.post("/me/ideas/people/no-longer", person=bob.id)
    cy.post("/me/ideas/areas/no-longer", area="Legal")
    assert (cy.choices.meet_people, cy.choices.meet_areas) == ((), ())


@pytest.mark.parametrize(
    ("area", "problem"), [(" ", "Name a department"), ("x" * 81, "at most 80")]
)
def test_area_that_names_nothing_or_too_much_is_told(cy, area, problem):
    answer = cy.post("/me/ideas/areas", area=area)

    assert answer.status_code == 400
    assert problem in re.search(r'id="area-problem">([^<]*)<', answer.text)[1]


@pytest.mark.parametrize("person", ["", "nobody", "../x", "own"])
def test_nobody_can_be_asked_for_who_does_not_take_part(cy, person):
    wanted = cy.id if person == "own" else person

    assert cy.post("/me/ideas/people", person=wanted).status_code == 404


def test_searching_again_and_again_has_to_wait(serving):
    eager = Somebody(serving, serving.people[-1]["id"])

    answers = [eager.get("/me/ideas", q=f"a{number}").status_code for number in range(30)]

    assert answers[0] == 200
    assert answers[-1] == 429
    assert eager.get("/me/ideas").status_code == 200


# What was typed stays text


def test_markup_in_every_text_field_is_found_as_text(
    ann, bob, groups, lunch, serving, visible_text
):
    after(serving, groups[0])
    path = lunch.path(groups[0])
    short = MARKUP[:70]

    bob.post("/me/introduction", do=MARKUP, help=MARKUP, learn=MARKUP)
    texts = dict.fromkeys(["interests", "languages", "diet", "access", "do"], MARKUP)
    bob.post("/me/choices", **(FORM | {"pause_until": ""} | texts))
    bob.post("/me/ideas/areas", area=short)
    bob.post(f"{path}/note", note=f"{MARKUP}\nsecond")
    pages = {
        "choices": bob.get("/me/choices"),
        "refused": bob.post("/me/choices", **(FORM | {
            name: MARKUP for name in FORM if name != "programmes"})),
        "introduction": bob.get("/me/introduction"),
        "ideas": bob.get("/me/ideas", q=MARKUP[:60]),
        "people": bob.get("/me/people", q=MARKUP[:60]),
        "notes": bob.get("/me/people"),
        "meeting": bob.get(path),
        "overview": bob.get("/me"),
        "feedback": bob.post(f"{path}/feedback", met="", thanks=MARKUP),
        "of the other": ann.get(path),
        "data": bob.post("/me/data/download", format="html"),
    }  # fmt: skip

    for name, page in pages.items():
        assert page.status_code in {200, 400}, name
        assert "<script>alert" not in page.text, name
        assert "<b>bold" not in page.text, name
        if name != "of the other":
            fields = page.text.replace("&#34;", '"').replace("&#39;", "'")
            assert "&lt;b&gt;bold&lt;/b&gt;" in fields, name
    assert MARKUP in visible_text(pages["introduction"].text)


def test_name_with_markup_is_text_on_every_page(serving, ann, bob, groups, lunch):
    serving.control(f"people/{bob.id}", {"displayName": MARKUP}, "PATCH")
    serving.service.directory._read_at = float("-inf")
    try:
        after(serving, groups[0])
        for page in (
            lunch.path(groups[0]),
            "/me/people",
            f"{lunch.path(groups[0])}/again/{bob.id}",
        ):
            text = ann.get(page).text
            assert "<script>alert" not in text
            assert "&lt;b&gt;bold" in text, page
    finally:
        serving.control(f"people/{bob.id}", {"displayName": bob.person["name"]}, "PATCH")
        serving.service.directory._read_at = float("-inf")


NONSENSE = [
    "\x00",
    "\ud7ff\u202e\U0001f600",
    "none",
    "*",
    ",;,",
    "-" * 3000,
    "%s{{7*7}}${x}",
    "\r\n\t",
]
FIELDS = (
    *FORM, "answer", "note", "line", "done", "from", "met", "again", "thank", "thanks", "person",
    "area", "format", "sure", "silent",
)  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_in_every_form_is_never_a_mistake_of_ours(serving, groups, lunch, nonsense):
    person_id = groups[5].member_ids[0]
    somebody = Somebody(serving, person_id)
    programme, date = lunch.plan.round_id.split("/")
    after(serving, groups[5])
    walked = 0

    for route in list_routes(serving.app.routes):
        if not route.path.startswith("/me") or "POST" not in (route.methods or ()):
            continue
        known = {
            "programme": programme if "number" in route.param_convertors else nonsense,
            "date": date,
            "number": groups[5].number,
        }
        address = route.path_format.format(**{k: quote(str(v), safe="") for k, v in known.items()})
        answer = somebody.post(address, **dict.fromkeys(FIELDS, nonsense))
        assert answer.status_code < 500, f"{route.path}: {answer.status_code}"
        assert "%s49" not in answer.text  # nothing typed is taken for a template
        walked += 1

    assert walked >= 12
    assert somebody.get("/me").status_code == 200
    assert somebody.get("/me/people", q=nonsense, page="1").status_code == 200
    assert somebody.get("/me/ideas", q=nonsense).status_code == 200


# Everything about me


def test_everything_can_be_taken_along(ann, groups, lunch, serving):
    after(serving, groups[0])
    ann.post(f"{lunch.path(groups[0])}/note", note=NOTE)

    as_json = ann.post("/me/data/download", format="json")
    as_page = ann.post("/me/data/download", format="html")

    read = json.loads(as_json.text)["records"]
    assert as_json.headers["content-disposition"].endswith('filename="everything-about-me.json"')
    assert read["Private notes"]["rows"][0]["text"] == NOTE
    assert read["The directory"]["rows"][0]["mail"] == ann.person["mail"]
    assert NOTE in as_page.text
    others = [name_of(serving, one) for one in groups[0].member_ids[1:]]
    assert not any(name in as_json.text for name in others)


def test_erasing_asks_twice_and_then_leaves_nothing(serving, groups, lunch, capfd):
    somebody = Somebody(serving, groups[2].member_ids[0])
    somebody.post("/me/introduction", do="I weld", help="", learn="")
    store = serving.context.store

    first = somebody.post("/me/data/erase", silent="yes")
    assert first.status_code == 400
    assert "Please tick the box" in first.text
    assert is_known(store, somebody.id)

    capfd.readouterr()
    done = somebody.post("/me/data/erase", sure="yes")
    assert "You are erased here" in done.text
    logged = [line for line in capfd.readouterr().out.splitlines() if "/me/data/erase" in line]
    assert logged  # the request itself is logged after all else was removed
    assert not any(somebody.id in line for line in logged)
    assert re.search(r"and [12] rounds? to come changed", done.text)
    assert not is_known(store, somebody.id)
    for group in read_plan(store, lunch.plan.round_id).groups:
        assert somebody.id not in group.member_ids
        assert somebody.id not in read_members(store, lunch.plan.round_id, group.number)
    assert somebody.get("/me").status_code == 303  # signed out
    for file in filter(Path.is_file, store.file.parent.glob("scheduler.db*")):
        assert somebody.id.encode() not in file.read_bytes(), file.name


def test_erasing_keeps_one_choice_where_it_is_wanted(serving, groups):
    somebody = Somebody(serving, groups[3].member_ids[0])

    somebody.post("/me/data/erase", sure="yes", silent="yes")

    mine = read_my_choices(serving.context, somebody.id)
    assert (mine.left, mine.takes_part("cross-team-lunch", silence=True)) == ({"*"}, False)
    assert "Your next meeting" in Somebody(serving, somebody.id).get("/me").text
