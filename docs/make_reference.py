"""Write configuration.md, the reference of HR's files and of the environment, from the code.

``make docs`` runs it; a test compares the page with what it prints.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

from scheduler.people.choosing import EXAMPLES
from scheduler.people.fields import FIELDS, Kind
from scheduler.settings.schema import FILE_KINDS, FileKind, make_schema
from scheduler.settings.spelling import SPELLINGS
from scheduler.settings.starting import QUESTIONS

Schema = dict[str, Any]

HEAD = """# Configuration

*This page is made by `docs/make_reference.py` from the code that checks the files; `make docs`
writes it anew.*

HR's folder `config/` holds

- [`organisation.yaml`](#organisationyaml): the company, once for all programmes
- [`people.yaml`](#peopleyaml): an HR export beside the directory; may be left out
- [`programmes/`](#programmes): one file for each programme; its name without `.yaml` is the
  programme's name
- `schema/`: for editors that complete and check while you type. Nobody edits it.

The files are YAML: a key, a colon, a value; two spaces further in for what belongs to a block; a
dash before each entry of a list; a `#` before notes for people. `scheduler check --offline` finds
all mistakes at once, each with file, line, key and what would be right. A key that is not on this
page is a mistake.

`scheduler init` asks {questions} questions and writes a folder to begin with. `scheduler schema
KIND` prints the JSON Schema of a kind of file.

*Required* means that the file cannot do without the key. A programme with a `preset:` needs nothing
else; what it does not say, the [preset](hr-handbook.md#presets) says.
"""

TITLES: dict[FileKind, tuple[str, str]] = {
    "organisation": ("organisation.yaml", "`config/organisation.yaml` has these keys."),
    "people": (
        "people.yaml",
        """Everybody with an enabled account in the directory is read from there.
`config/people.yaml` names a file of the HR system that is joined with it.""",
    ),
    "programme": ("programmes", "A file of `config/programmes/` has these keys."),
}

TABLES = (
    ("Microsoft Graph", "scheduler.graph.settings"),
    ("Teams", "scheduler.teams.settings"),
    ("Pages", "scheduler.web.settings"),
    ("Traces and metrics", "scheduler.telemetry.settings"),
)
RULES = """## Rules

Each entry of `rules` is one rule: its name, its value, and perhaps a `weight` beside it. Without a
weight a rule is hard: a group that breaks it does not exist. A weight from 1 to 1,000 makes it a
wish that a group pays for; a new tie between two departments that never meet is worth 10.

```yaml
rules:
  - different: department
  - different: level
    weight: 20
```

| rule | what it says | for example |
|---|---|---|"""

EXPRESSIONS = """## Expressions about people

`where`, `when`, `of`, `automatic` and `advisers` say who is meant, like
`office in [London, Pune] and tenure >= 2 years and not contractor`.

Compare with `=`, `!=`, `<`, `<=`, `>`, `>=`, `in [...]`, `not in [...]`, `contains`, `is known` and
`is unknown`; join with `and`, `or`, `not` and parentheses. Capitals do not matter. A value needs
quotes only where it holds one of these words or signs: `department = "Research and Development"`.
Where a field is unknown, a comparison with it is false.

| fields | compared with |
|---|---|"""

CHOICES = """## Choices

`scheduler people choice PERSON CHOICE VALUE` keeps what somebody decided; `none` as the value takes
it back. People keep their own on
[their card](employee.md#your-choices-pause-leave-and-more).

| choice | for example |
|---|---|"""

ENVIRONMENT = """## Environment

What differs from machine to machine, and every secret, is read from environment variables.
`scheduler sandbox` writes those of its own tenant into `sandbox/sandbox.env`.
"""

OWN_VARIABLES = {
    "SCHEDULER_CONFIG": "HR's folder, `config` by default",
    "SCHEDULER_DATABASE_URL": """`postgresql://user:password@host/name`, or the path of a SQLite
        file; `scheduler.db` in the current folder by default""",
    "SCHEDULER_LOG": "the file for the log, JSON lines; without it no log is written",
    "SCHEDULER_SECRETS": """secrets of at least 32 letters that sign what comes back from cards,
        parted by commas, the newest last; beside a SQLite file they are made by themselves""",
    "SCHEDULER_NOTES_KEYS": """the keys that confidential texts are sealed with, parted by commas,
        the newest last (`scheduler keys new` prints one); beside a SQLite file they are made by
        themselves""",
    "SCHEDULER_WORKFLOWS": """webhooks for channels that the bot may not post to:
        `{"team/channel": "https://..."}`""",
    "SCHEDULER_EFFORT": "how long plans are searched for, from 0.01 to 100; 1 is usual",
    "SCHEDULER_TODAY": "plan as of another day, like 2026-12-07",
}


def write_reference() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD.format(questions=_count(len(QUESTIONS))),
            *(line for kind in FILE_KINDS for line in _file(kind)),
            *_rules(),
            *_expressions(),
            *_choices(),
            *_environment(),
        ]
    )


def _count(number: int) -> str:
    return ("no", "one", "two", "three", "four", "five", "six", "seven")[number]


def _file(kind: FileKind) -> Iterator[str]:
    schema = make_schema(kind)
    title, text = TITLES[kind]
    yield from (f"## {title}", "", text, "")
    required = set(schema.get("required", ()))
    for form in schema.get("anyOf", ()):  # a programme without a preset
        required |= set(form["required"]) - {"preset"}
    yield from _table(schema["properties"], required)
    for name, block in sorted(schema["$defs"].items(), key=lambda item: _block(item[0])):
        if "properties" in block:
            yield from (f"### {_block(name)}", "", _sentence(block), "")
            yield from _table(block["properties"], _needed(kind, name, block))


def _needed(kind: FileKind, name: str, block: Schema) -> set[str]:
    """Required keys; the schema of programmes leaves out those that a preset may have given."""
    if kind != "programme":
        return set(block.get("required", ()))
    programme = importlib.import_module("scheduler.programmes.programme")
    model = getattr(programme, name)
    return {key for key, field in model.model_fields.items() if field.is_required()}


def _block(name: str) -> str:
    """What a block is called on this page: by the key under which it stands."""
    keys = {
        "AgendaItem": "agenda.items", "AgendaPlan": "agenda", "Contact": "contact",
        "DayOff": "days_off", "ExportSpec": "hr_export", "Guest": "guests",
        "HandOver": "hand_over", "Hours": "hours", "LoadLimit": "load", "Office": "offices",
        "PersonalDays": "office_days and working_days", "ProtectedLunch": "lunch",
        "SignUp": "sign_up", "Table": "tables", "VenueWish": "venue",
    }  # fmt: skip
    return keys.get(name, name.lower())


def _sentence(block: Schema) -> str:
    text = " ".join(str(block.get("description", "")).split())
    return text.replace("``", "`")


def _table(properties: Schema, required: set[str]) -> Iterator[str]:
    yield "| key | what it means | what may stand there | without it |"
    yield "|---|---|---|---|"
    for key, value in properties.items():
        without = "**required**" if key in required else _default(value)
        about = _about(value)
        yield f"| `{key}` | {about} | {_type(value)} | {without} |"
    yield ""


def _about(value: Schema) -> str:
    return str(value.get("description", "")).replace("|", "\\|")


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, [], "", {}) or isinstance(default, dict):
        return "" if not isinstance(default, dict) or not default else "as below"
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, list):
        return f"`[{', '.join(map(str, default))}]`"
    return f"`{default}`"


def _type(value: Schema) -> str:
    """What may stand there, in words."""
    if "$ref" in value:
        return _refer(str(value["$ref"]).rsplit("/", 1)[1])
    if "enum" in value:
        return _choose([one for one in value["enum"] if not isinstance(one, bool)])
    if "anyOf" in value:
        forms = [_type(form) for form in value["anyOf"] if form.get("type") != "null"]
        return " or ".join(dict.fromkeys(forms))
    return _simple_type(value)


def _simple_type(value: Schema) -> str:
    match value.get("type"):
        case "array":
            return _list(value)
        case "integer":
            return f"a number{_limits(value)}"
        case "object":
            return "a block: one of our fields, and your header for it"
    return _text(value)


def _refer(name: str) -> str:
    if name == "Rules":
        return "a list of [rules](#rules)"
    title = _block(name)
    return f"a block, see [{title}](#{_anchor(title)})"


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _choose(words: list[str]) -> str:
    return _either([f"`{word}`" for word in words])


def _list(value: Schema) -> str:
    if "prefixItems" in value:
        return "a pair"
    entry = _type(value["items"])
    if entry.startswith("a block, see "):
        return f"a list of blocks, see {entry.removeprefix('a block, see ')}"
    return f"a list: {entry}"


def _limits(value: Schema) -> str:
    low, high = value.get("minimum"), value.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high:,}"
    return f" from {low} on" if low is not None else ""


_PATTERNS = {
    r"^([01]?\d|2[0-3]):[0-5]\d$": "a time of day like 11:30",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "an e-mail address",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "the name of a programme",
    r"^[A-Z]{2}$": "two capital letters",
    r"^[A-Z0-9]{1,4}$": "one to four capital letters or digits",
    r"^[0-9]{1,4} (rounds|days)$": "like `12 rounds` or `90 days`",
}


def _text(value: Schema) -> str:
    if "pattern" in value:
        return _PATTERNS[value["pattern"]]
    match value.get("format"):
        case "date":
            return "a date like 2026-12-07"
        case "path":
            return "the path of a file, from its folder"
    longest = value.get("maxLength")
    return f"text of at most {longest:,} letters" if longest else "text"


_WORDS = {
    "managers_and_reports": "A manager and their own reports are never in one group.",
    "manager_chain": "Nobody is in one group with anybody above them in the chain of managers.",
    "newcomer_and_buddy": "Each person is in one group with their buddy, or neither takes part.",
}
"""Rules that share a model with another, of which its text speaks."""


def _rules() -> Iterator[str]:
    yield RULES
    for name, spelling in SPELLINGS.items():
        text = _WORDS[name] if spelling.word and spelling.sets else _plain(spelling.model.__doc__)
        yield f"| `{name}` | {text} | `{spelling.example}` |"
    fields = SPELLINGS["different"].model.model_json_schema()["properties"]["field"]["enum"]
    wants = SPELLINGS["prefer"].model.model_json_schema()["properties"]["what"]["enum"]
    yield ""
    yield f"`different`, `same` and `at_most_of_one` take {_choose(fields)}."
    yield f"`prefer` takes {_choose(wants)}."
    yield ""


def _plain(docstring: str | None) -> str:
    return " ".join((docstring or "").split()).replace("``", "`").replace("|", "\\|")


def _expressions() -> Iterator[str]:
    yield EXPRESSIONS
    for kind in Kind:
        names = ", ".join(f"`{field.name}`" for field in FIELDS.values() if field.kind is kind)
        yield f"| {names} | {kind.value} |"
    yield ""


def _choices() -> Iterator[str]:
    yield CHOICES
    for kind, example in EXAMPLES.items():
        command, _, note = example.partition(" (")
        yield f"| `{kind}` | `{command}`{' (' + note if note else ''} |"
    yield ""


def _environment() -> Iterator[str]:
    yield ENVIRONMENT
    told: set[str] = set()
    own = [(name, _plain(meaning)) for name, meaning in OWN_VARIABLES.items()]
    yield from _variables("The product itself", own, told)
    for title, module in TABLES:
        yield from _variables(title, read_table(importlib.import_module(module)), told)


def _variables(title: str, rows: list[tuple[str, str]], told: set[str]) -> Iterator[str]:
    yield from (f"### {title}", "", "| variable | meaning |", "|---|---|")
    for name, meaning in rows:
        if name not in told:
            yield f"| `{name}` | {meaning} |"
    told.update(name for name, _ in rows)
    yield ""


def read_table(module: object) -> list[tuple[str, str]]:
    """The rows of the table of variables in a module's docstring."""
    lines = (inspect.getdoc(module) or "").splitlines()
    edges = [number for number, line in enumerate(lines) if line.startswith("===")]
    start = lines[edges[0]].index(" ")
    rows: list[tuple[str, str]] = []
    for line in lines[edges[1] + 1 : edges[2]]:
        name, text = line[:start].strip(), line[start:].strip()
        if name:
            rows.append((name, text))
        else:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {text}")
    return rows


if __name__ == "__main__":
    sys.stdout.write(write_reference().rstrip() + "\n")
