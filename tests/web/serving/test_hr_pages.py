"""HR's pages: a plan of ten thousand people stays small, and markup in any text stays text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html.parser
import re
import shutil

import pytest

from scheduler.calendars.slots import Slot
from scheduler.grouping.plan import Group, Place, Plan
from scheduler.insights.drawing import DARK
from scheduler.people.person import Person
from scheduler.people.roster import LeftOut
from scheduler.rounds.approval import approve_round, send_back_round
from scheduler.store.revisions import revise_plan
from scheduler.store.rounds import read_round, save_plan
from scheduler.web.app import STATIC
from tests.benchmarks.web.__main__ import put_large_plan
from tests.web.serving.conftest import ROOT, serve

MEGABYTE = 1_000_000
AT = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
EVIL_ROUND = "evil/2026-12-07"
FIELDS = (
    "title", "purpose", "name", "mail", "department", "office", "place", "why", "left", "guest",
    "company", "comment", "query", "more",
)  # fmt: skip


def evil(field: str) -> str:
    """Markup that says in which field it was written."""
    return f'<img src="{field}" onerror="alert(1)"><script>{field}</script>'


@pytest.fixture(scope="module")
def serving(tenant, tmp_path_factory):
    """With a programme whose every text is markup, besides those that are shipped."""
    config = tmp_path_factory.mktemp("evil") / "config"
    shutil.copytree(ROOT / "config", config)
    text = (config / "programmes" / "cross-team-lunch.yaml").read_text("utf-8")
    text = text.replace("title: Lunch across teams", f"title: '{evil('title')}'", 1)
    text = re.sub(
        r"purpose: >-\n(\s+\S.*\n)+?  items", f"purpose: '{evil('purpose')}'\n  items", text
    )
    guest = f"  - name: '{evil('guest')}'\n    mail: guest@example.org\n"
    guest += f"    company: '{evil('company')}'\n"
    text += f"guests:\n{guest}# {evil('comment')}\n"
    (config / "programmes" / "evil.yaml").write_text(text, "utf-8")
    with serve(tenant, tmp_path_factory.mktemp("hr-pages"), config) as running:
        yield running


@pytest.fixture(scope="module")
def hr(serving):
    return serving.sign_in(serving.of("Human Resources")["mail"])


@pytest.fixture(scope="module")
def large(serving):
    return put_large_plan(serving)


@pytest.fixture(scope="module")
def evil_plan(serving, large):
    """A plan of people whose every word is markup; the large one is in the directory besides."""
    people = {
        str(number): Person(
            id=str(number),
            name=f"{evil('name')} {number}",
            mail=f"{number}{evil('mail')}@example.com",
            department=f"{evil('department')} {number % 3}",
            office=evil("office"),
            zone="Europe/Berlin",
        )
        for number in range(7)
    }
    serving.service.directory._people = {**serving.service.directory._people, **people}
    group = Group(
        1,
        ("0", "1", "2", "guest@example.org"),
        Slot(dt.datetime(2026, 12, 8, 11, tzinfo=dt.UTC), 60),
        Place(evil("place"), "table", 6, 2, evil("office")),
        3,
        (evil("why"),),
        ("Europe/Berlin",) * 4,
        turns=((("0", "1"), ("2", "guest@example.org")),),
        facilitator="0",
    )
    plan = Plan(
        round_id=EVIL_ROUND,
        groups=(group, dataclasses.replace(group, number=2, member_ids=("3", "4", "5"), turns=())),
        left_out=(LeftOut("6", "rules", evil("left")),),
        roster_size=8, placed=7, placed_bound=7, value=1, value_bound=1, bound_by="proof",
        new_ties=6, cross_department_ties=6, repeats=0, seed=1, complete=True,
    )  # fmt: skip
    store = serving.context.store
    save_plan(store, plan, at=AT, by="test")
    moved = dataclasses.replace(plan.groups[1], member_ids=("3", "4", "5", "6"))
    revise_plan(
        store, dataclasses.replace(plan, groups=(plan.groups[0], moved)), revision=1,
        states=frozenset({"planned"}), reason="moved by hand", at=AT, by="test",
    )  # fmt: skip
    approve_round(store, EVIL_ROUND, by="hr")
    send_back_round(store, EVIL_ROUND, by="hr", reason=evil("reason"))
    assert read_round(store, EVIL_ROUND).state == "planned"
    return plan


def test_no_page_of_a_plan_of_ten_thousand_people_is_larger_than_a_megabyte(hr, large):
    sizes = {}
    for path in ("", "?page=90", "?q=e", "/left-out", "/groups/7", "/departments", "/versions",
                 "/answers", "/rules", "/progress", "/cancel"):  # fmt: skip
        page = hr.get(f"/rounds/{large}{path}")
        assert page.status_code == 200, path
        sizes[path] = len(page.content)
    sizes["/programmes"] = len(hr.get("/programmes").content)

    assert {path: size for path, size in sizes.items() if size >= MEGABYTE} == {}


def test_one_person_of_ten_thousand_is_found_by_the_server(hr, large, visible_text):
    page = hr.get(f"/rounds/{large}", params={"q": "MAXIMILIANE friederike 4321 von"}).text

    assert "1 group found" in visible_text(page)
    assert "Maximiliane Friederike 4321 von Hohenstein" in visible_text(page)


class Reader(html.parser.HTMLParser):
    """The text of a page and of its fields, and every element that a text could have made."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.made: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if "onerror" in names or names.get("src") in FIELDS:
            self.made.append(self.get_starttag_text())
        self.text += " ".join(value or "" for name, value in attrs if name == "value")

    def handle_data(self, data):
        self.text += data


def test_markup_in_every_text_is_shown_as_text(hr, evil_plan):
    base, seen, made = f"/rounds/{EVIL_ROUND}", "", []
    for path in (
        "/programmes", "/programmes/evil", base, f"{base}/left-out", f"{base}/groups/1",
        f"{base}/groups/2", f"{base}/departments", f"{base}/versions", f"{base}/answers",
        f"{base}/rules", f"{base}/cancel", f"{base}/send-back", f"{base}/progress", "/insights",
        "/what-if?programme=evil", "/",
    ):  # fmt: skip
        reader = Reader()
        reader.feed(hr.get(path).text)
        seen, made = seen + reader.text, made + reader.made
    token = re.search(r'name="csrf" value="([^"]+)"', hr.get("/what-if").text)[1]
    for answer in (
        hr.get(base, params={"q": evil("query")}),
        hr.get(f"{base}/left-out", params={"q": evil("query"), "kind": evil("query")}),
        hr.get(f"{base}/change", params={"what": "move", "to": "1", "other": evil("query")}),
        hr.get(f"{base}/change", params={"what": evil("query"), "person": "0"}),
        hr.post("/what-if", data={"csrf": token, "programme": "evil", "more": evil("more")}),
    ):
        reader = Reader()
        reader.feed(answer.text)
        seen, made = seen + reader.text, made + reader.made

    assert made == []
    assert [field for field in FIELDS if field != "mail" and evil(field) not in seen] == []


def test_file_with_a_mistake_is_shown_with_the_line(serving, hr, visible_text):
    file = serving.context.settings.config_dir / "programmes" / "virtual-coffee.yaml"
    before = file.read_text("utf-8")
    line = before.splitlines().index("size:") + 2
    file.write_text(re.sub(r"(?m)^  (at_least: .*)$", r"  at_leest: 2", before, count=1), "utf-8")
    try:
        page = hr.get("/programmes/virtual-coffee").text
        listed = visible_text(hr.get("/programmes").text)
    finally:
        file.write_text(before, "utf-8")

    assert f'id="line-{line}" class="marked"' in page
    assert "did you mean at_least?" in visible_text(page)
    assert "1 mistake" in listed


def test_pictures_turn_dark_as_the_report_does():
    style = (STATIC / "charts.css").read_text("utf-8")

    assert dict(re.findall(r'\[fill="(#\w+)"\] \{ fill: (#\w+)', style)) == dict(DARK)
    assert dict(re.findall(r'\[stroke="(#\w+)"\] \{ stroke: (#\w+)', style)) == dict(DARK)
