"""The demo as a newcomer runs it, small: what it writes is read back by parsers of others."""

import html
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import adaptive_cards
import httpx
import icalendar
import jsonschema
import pypdf
import pytest

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "organisation"


def run_demo(out: Path, *more: str, config: Path = ROOT / "config") -> subprocess.CompletedProcess:
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("AZURE_", "SCHEDULER_"))
    }
    command = [sys.executable, "-c", "from scheduler.cli import main; main()", "demo"]
    options = ["--out", str(out), "--config", str(config), "--today", "2026-11-25", *more]
    return subprocess.run(
        [*command, *options],
        env={**environment, "SCHEDULER_EFFORT": "0.1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> tuple[Path, str]:
    """The demo's folder, and what it said."""
    out = tmp_path_factory.mktemp("newcomer") / "demo"
    done = run_demo(out, "--people", "90")
    assert done.returncode == 0, done.stderr
    return out, done.stdout


@pytest.fixture(scope="module")
def demo(told) -> Path:
    return told[0]


@pytest.fixture
def summary(demo) -> dict:
    return json.loads((demo / "summary.json").read_text("utf-8"))


def without_times(summary: dict) -> dict:
    rounds = [{k: v for k, v in r.items() if k != "seconds"} for r in summary["more_rounds"]]
    kept = {k: v for k, v in summary.items() if k not in {"seconds", "seconds_in_all"}}
    return {**kept, "more_rounds": rounds}


def test_demo_books_and_announces_what_it_planned(summary) -> None:
    for one in (summary, *summary["more_rounds"]):
        assert one["groups"] == one["booked"] == one["announced"] == one["events_in_tenant"] > 0
        assert one["agendas_attached"] == one["booked"]
        assert one["cards_delivered"] == one["placed"]
        assert one["invitations_delivered"] >= one["placed"]
        assert one["placed"] >= 0.97 * one["placed_bound"]
        assert one["repeats"] == 0


def test_demo_says_what_it_was_promised_to_say(summary) -> None:
    assert set(summary) >= {
        "people", "roster", "placed", "placed_bound", "groups", "new_ties",
        "cross_department_ties", "repeats", "booked", "agendas_attached",
        "invitations_delivered", "cards_delivered", "left_out", "seconds", "gap", "seed",
    }  # fmt: skip
    assert sum(summary["left_out"].values()) > 0


def test_demo_with_the_same_seed_has_the_same_figures(demo, summary, tmp_path) -> None:
    done = run_demo(tmp_path / "again", "--people", "90")

    assert done.returncode == 0
    again = json.loads((tmp_path / "again" / "summary.json").read_text("utf-8"))
    assert without_times(again) == without_times(summary)


def test_demo_agendas_are_pdfs_with_the_members_on_them(demo) -> None:
    files = sorted((demo / "agendas").glob("*.pdf"))

    texts = ["".join(page.extract_text() for page in pypdf.PdfReader(file).pages) for file in files]
    assert len(files) > 1
    assert all("Lunch across teams" in text for text in texts)


def test_demo_invitations_open_in_a_calendar(demo) -> None:
    files = sorted((demo / "invitations").glob("*.ics"))

    for file in files:
        (event,) = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        assert event.start.tzinfo is not None
        assert len(event.attendees) >= 3
    assert len(files) > 1


def test_demo_cards_fit_the_schema_of_teams(demo) -> None:
    schemas = Path(adaptive_cards.__file__).parent / "schemas"
    schema = json.loads((schemas / "schema-1.5.json").read_text("utf-8"))

    files = sorted((demo / "cards").glob("*.json"))

    for file in files:
        jsonschema.validate(json.loads(file.read_text("utf-8")), schema)
    assert len(files) > 1


def test_demo_log_is_json_and_names_nobody(demo) -> None:
    lines = [json.loads(line) for line in (demo / "log.jsonl").read_text("utf-8").splitlines()]

    events = [line["event"] for line in lines]
    assert {"round-planned", "booking.finished", "round-announced"} <= set(events)
    assert "@" not in (demo / "log.jsonl").read_text("utf-8")


def test_demo_page_names_every_group(demo, summary) -> None:
    page = (demo / "plan.html").read_text("utf-8")

    assert page.count('id="group-') == summary["groups"]


def test_demo_does_not_clear_a_folder_that_is_not_its_own(tmp_path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    done = run_demo(tmp_path)

    assert done.returncode == 2
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert "holds something that no demo made" in done.stderr


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/organisation is not here")
def test_demo_of_a_given_organisation_reads_its_ties(tmp_path) -> None:
    """A slice of the real one: the first 150 people with the ties among them."""
    slice_ = tmp_path / "slice"
    slice_.mkdir()
    people = (REAL / "people.csv").read_text().splitlines()
    ties = (REAL / "ties.csv").read_text().splitlines()
    inside = [t for t in ties[1:] if all(int(end) < 150 for end in t.split(","))]
    (slice_ / "people.csv").write_text("\n".join(people[:151]) + "\n")
    (slice_ / "ties.csv").write_text("\n".join([ties[0], *inside]) + "\n")

    done = run_demo(tmp_path / "out", "--organisation", str(slice_))

    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    known = (tmp_path / "out" / "config" / "known-ties.csv").read_text().splitlines()
    undirected = {frozenset(t.split(",")) for t in inside}
    assert len(known) == len({pair for pair in undirected if len(pair) == 2})
    assert found["placed"] >= 0.97 * found["placed_bound"]


def type_in(line: str, folder: Path) -> subprocess.Popen:
    """A terminal in which somebody typed a line."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("AZURE_", "SCHEDULER_"))
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.Popen(
        ["bash", "-c", line],
        env={**environment, "PATH": path},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def close(terminal: subprocess.Popen) -> str:
    """Ctrl-C, which reaches everything in the terminal."""
    os.killpg(terminal.pid, signal.SIGINT)
    return terminal.communicate(timeout=60)[0].decode()


def wait_until_open(address: str, terminal: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and terminal.poll() is None:
        try:
            httpx.get(address, timeout=5).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} did not open: {close(terminal)}")


def test_demo_ends_with_two_commands_that_open_what_it_left(told, summary, tmp_path) -> None:
    out, said = told
    lines = [line.strip() for line in said.splitlines()]
    first = next(line for line in lines if line.startswith("scheduler sandbox"))
    second = next(line for line in lines if "scheduler serve" in line)
    tenant, pages = re.findall(r"^http://localhost:\d+", "\n".join(lines), re.MULTILINE)
    assert said.rstrip().endswith("Sign in as whomever you like.")

    terminals = [type_in(first, tmp_path)]
    try:
        wait_until_open(tenant, terminals[0])
        terminals.append(type_in(second, tmp_path))
        wait_until_open(f"{pages}/ready", terminals[1])

        report = httpx.get(f"{tenant}/sandbox/report").json()
        rounds = [summary, *summary["more_rounds"]]
        assert report["events"] == sum(one["events_in_tenant"] for one in rounds)
        assert report["attachments"] == {"application/pdf": report["events"]}
        person = re.search(r'href="/look/([0-9a-f-]+)"', httpx.get(tenant).text)[1]
        calendar = httpx.get(f"{tenant}/look/{person}").text
        name = html.unescape(re.search("<h1>([^<]*)</h1>", calendar)[1])
        assert "agenda.pdf" in calendar
        with httpx.Client(base_url=pages, follow_redirects=True, timeout=60) as browser:
            picker = browser.get("/me")
            found = browser.get(picker.url.copy_merge_params({"q": name}))
            links = re.findall(r'<a href="(\?[^"]*)">([^<]*)</a>', found.text)
            (link,) = [one for one, text in links if html.unescape(text) == name]
            network = html.unescape(browser.get(found.url.join(html.unescape(link))).text)
        assert f"Hello, {name}" in network
        assert "Your next meeting" in network
        said = {"text": "settings"}  # to the bot, in the tenant: the product answers
        answer = httpx.post(f"{tenant}/sandbox/teams/{person}/say", json=said, timeout=60)
        assert answer.json()["status"] == 200
    finally:
        outputs = [close(terminal) for terminal in reversed(terminals)]
    assert not re.findall("Traceback|Fatal", outputs[-1]), outputs[-1]  # of the tenant's end
    assert (out / "sandbox" / "tenant.zip").stat().st_mode & 0o077 == 0
