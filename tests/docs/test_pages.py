"""What the documents say exists does: commands, options, keys, pages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from scheduler.cli import app
from scheduler.settings.loader import load_programme
from scheduler.settings.presets import preset_names
from scheduler.settings.schema import FILE_KINDS, make_schema

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = {"permissions.md", "study.md", "benchmarks.md"}
"""Made from code or measurements; the text is theirs."""
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md"])
WRITTEN = [page for page in PAGES if page.name not in GENERATED]
TEXT_WORDS = 12
INLINE = re.compile(r"`(?:\.venv/bin/)?scheduler ([a-z][^`]*)`")


def find_unknown(words: list[str]) -> str | None:
    """The first word of a command line that the product does not know."""
    command: Any = typer.main.get_command(app)
    for word in words:
        if word.startswith("--"):
            known = {name for parameter in command.params for name in parameter.opts}
            if word.split("=")[0] not in known:
                return word
        elif (commands := getattr(command, "commands", None)) is not None:
            if word not in commands:
                return word
            command = commands[word]
    return None


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_page_names_no_command_that_does_not_exist(page: Path) -> None:
    lines = [" ".join(text.split()) for text in INLINE.findall(page.read_text("utf-8"))]

    assert [line for line in lines if find_unknown(line.split())] == []


def test_unknown_commands_and_options_are_found() -> None:
    assert find_unknown(["fly"]) == "fly"
    assert find_unknown(["plan", "lunch", "--fast"]) == "--fast"
    assert find_unknown(["people", "forget"]) == "forget"
    assert find_unknown(["people", "choice", "PERSON", "join"]) is None


def test_reference_is_made_of_the_code_as_it_is() -> None:
    made = subprocess.run(
        [sys.executable, str(DOCS / "make_reference.py")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert (DOCS / "configuration.md").read_text("utf-8") == made.stdout


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_key_says_what_it_means(kind) -> None:
    schema = make_schema(kind)
    blocks = [schema, *schema["$defs"].values()]

    silent = [
        key
        for block in blocks
        for key, value in block.get("properties", {}).items()
        if not value.get("description")
    ]

    assert silent == []


def test_every_variable_that_is_read_is_in_the_reference() -> None:
    told = set(re.findall(r"[A-Z]+_[A-Z_]+", (DOCS / "configuration.md").read_text("utf-8")))
    internal = {"SCHEDULER_SANDBOX_HTTP_URL"}  # for people, in a browser
    read = {
        name
        for path in (ROOT / "scheduler").rglob("*.py")
        for name in re.findall(r"\"((?:SCHEDULER|AZURE)_[A-Z_]+)\"", path.read_text("utf-8"))
    }

    assert read - internal - told == set()


def test_handbook_has_every_preset_once() -> None:
    text = (DOCS / "hr-handbook.md").read_text("utf-8")
    table = text.split("### Presets")[1].split("###")[0]

    named = re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)
    assert sorted(named) == list(preset_names())


def test_example_programme_of_the_handbook_is_right(tmp_path) -> None:
    text = (DOCS / "hr-handbook.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(preset: .*?)```", text, re.DOTALL)
    assert examples

    for number, example in enumerate(examples):
        file = tmp_path / f"example-{number}.yaml"
        file.write_text(example, "utf-8")
        load_programme(file)


def test_architecture_names_every_folder_of_the_house() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    named = re.findall(r"^\| `scheduler/([a-z]+)` \|", text, re.MULTILINE)

    packages = {path.parent.name for path in (ROOT / "scheduler").glob("*/__init__.py")}
    assert sorted(named) == sorted(packages)


def test_architecture_has_the_floors_that_are_kept() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8").split("## The floors")[1]
    drawn = [line.split() for line in re.findall(r"^    ([a-z ]+)$", text, re.MULTILINE)]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors = next(c["layers"] for c in contracts["contracts"] if c["type"] == "layers")
    kept = [[name.removeprefix("scheduler.") for name in floor.split(" | ")] for floor in floors]

    assert [sorted(floor) for floor in drawn[: len(kept)]] == [sorted(floor) for floor in kept]


def test_menu_has_every_page() -> None:
    settings = ast.parse((DOCS / "conf.py").read_text("utf-8")).body
    menu = next(
        ast.literal_eval(statement.value)
        for statement in settings
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "NAVIGATION"
    )
    listed = {name for names in menu.values() for name in names}

    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.rglob("*.md")}
    built = {page for page in pages if page.startswith("_")}
    assert pages - built - {"index"} - listed == set()


def test_no_text_stands_in_two_pages() -> None:
    """Twelve words in a row are a text; who needs it elsewhere links to it."""
    pages = [*DOCS.glob("*.md"), *(ROOT / name for name in ("README.md", "SECURITY.md"))]
    found: dict[tuple[str, ...], set[str]] = {}
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)  # of a link, what is read
        words = re.findall(r"[\w'-]+", text.lower())
        for first in range(len(words) - TEXT_WORDS + 1):
            found.setdefault(tuple(words[first : first + TEXT_WORDS]), set()).add(page.name)

    assert {" ".join(words): names for words, names in found.items() if len(names) > 1} == {}
