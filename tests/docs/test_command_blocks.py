"""Every command block of the documents is run, in a folder as a newcomer has it.

The pages are read in the order of the story. A block is a fence of ``sh``; what stands behind that
word says why a block is not run here, or that it goes on running.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
STORY = ("docs/first-lunch.md", "docs/hr-handbook.md", "docs/it-guide.md")
"""In this order; every other page comes after them."""

KEEPS_RUNNING = "keeps-running"
NOT_HERE = {
    "real-tenant": "needs a Microsoft 365 tenant",
    "container": "needs a container engine",
    "long": "installs everything; tests/cli/test_demo.py runs the demo itself",
    "repository": "needs the whole repository, and is what runs this test",
}
TODAY = "2026-11-25"
ROUND_DATE = "2026-12-07"
"""Of the next round of lunches, on that day; the documents say DATE."""
PEOPLE = "40"

FENCE = re.compile(r"^( *)```(\w+)(?: +([^\n]*))?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    others = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))
    return [*STORY, "README.md", *(page for page in others if page not in STORY)]


def read_blocks(page: str, language: str = "sh") -> Iterator[Block]:
    text = (ROOT / page).read_text("utf-8")
    for found in FENCE.finditer(text):
        indent, name, mark, body = found.groups()
        if name == language:
            lines = [line.removeprefix(indent) for line in body.splitlines()]
            yield Block(page, text.count("\n", 0, found.start()) + 1, mark or "", "\n".join(lines))


BLOCKS = [block for page in pages() for block in read_blocks(page)]


def test_every_mark_says_why_a_block_is_not_run() -> None:
    marks = {block.mark for block in BLOCKS}

    assert marks - {"", KEEPS_RUNNING} == set(NOT_HERE)


def test_commands_stand_in_blocks_that_are_run() -> None:
    """Bash, console and indented code would be left out silently."""
    other = [
        str(block)
        for page in pages()
        for language in ("bash", "console", "shell", "text")
        for block in read_blocks(page, language)
    ]
    indented = [
        f"{page}: {line.strip()}"
        for page in pages()
        for line in re.findall(r"(?:\n\n) {4}(\S[^\n]*)", (ROOT / page).read_text("utf-8"))
        if re.match(r"(scheduler|\.venv/bin|make|docker|az|set -a|pip)\b", line)
    ]

    assert other == []
    assert indented == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What a newcomer has: the configuration and an environment in which it is installed."""
    here = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "config", here / "config")
    (here / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return here


@pytest.fixture(scope="module")
def terminals(folder: Path) -> Iterator[Terminals]:
    with Terminals(folder) as both:
        yield both


class Terminals:
    """One in which blocks are run one after the other, and one for what keeps running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("AZURE_", "SCHEDULER_"))
        } | {"SCHEDULER_EFFORT": "0.02", "SCHEDULER_TODAY": TODAY}
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Terminals:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)

    def start(self, block: Block) -> None:
        """Start what keeps running: the tenant once, and the pages for a moment."""
        if block.text.endswith("scheduler sandbox"):
            if not self.running:
                self.start_tenant(block)
        else:
            assert block.text.endswith("scheduler serve"), block
            self.open_pages(block)

    def open_pages(self, block: Block) -> None:
        """Serve the pages until they answer; on their own database, so that what they do on
        schedule meanwhile is in nobody's way."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        serving = subprocess.Popen(
            ["sh", "-c", f"{block.text} --port {port}"],
            cwd=self.folder,
            env=self.environment | {"SCHEDULER_DATABASE_URL": "pages.db"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            deadline, answer = time.monotonic() + 60, None
            while answer is None and serving.poll() is None and time.monotonic() < deadline:
                try:
                    answer = httpx.get(f"http://127.0.0.1:{port}/ready", timeout=5)
                except httpx.TransportError:
                    time.sleep(0.1)
        finally:
            os.killpg(serving.pid, signal.SIGTERM)
            log = serving.communicate(timeout=60)[1].decode()
        assert answer is not None, f"{block}\n{log}"
        assert answer.json() == {"ready": True}

    def start_tenant(self, block: Block) -> None:
        """Start a tenant as the document says, smaller and on a day of ours."""
        script = f"{block.text} --people {PEOPLE} --today {TODAY}"
        self.running.append(
            subprocess.Popen(
                ["sh", "-c", script],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        ready = self.folder / "sandbox" / "sandbox.env"
        while not ready.exists() or "HTTP_URL" not in ready.read_text("utf-8"):
            assert self.running[-1].poll() is None, "the sandbox has ended"
            time.sleep(0.1)

    def run(self, block: Block) -> subprocess.CompletedProcess[str]:
        """Run a block; what it sets stays set for the next one, as in a terminal."""
        text = block.text.replace("/DATE", f"/{ROUND_DATE}")
        if "PERSON" in text:
            text = text.replace("PERSON", self.find_person())
        kept = self.folder / "environment"
        done = subprocess.run(
            ["sh", "-ec", f"{text}\nenv -0 > {kept}"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            entries = kept.read_text("utf-8").split("\0")
            self.environment = dict(entry.split("=", 1) for entry in entries if "=" in entry)
        return done

    def find_person(self) -> str:
        address = self.environment["SCHEDULER_SANDBOX_HTTP_URL"]
        people = httpx.get(f"{address}/sandbox/people", timeout=30).json()
        return min(str(person["mail"]) for person in people)


def test_every_block_does_what_it_is_there_for(terminals: Terminals) -> None:
    ran: set[str] = set()
    for block in BLOCKS:
        if block.mark == KEEPS_RUNNING:
            terminals.start(block)
        elif block.mark not in NOT_HERE and block.text not in ran:
            done = terminals.run(block)
            assert done.returncode == 0, f"{block}\n{block.text}\n{done.stdout}{done.stderr}"
            ran.add(block.text)

    page = (terminals.folder / "plan.html").read_text("utf-8")
    assert f"cross-team-lunch/{ROUND_DATE}" in page
    assert (terminals.folder / "pilot" / "organisation.yaml").exists()
