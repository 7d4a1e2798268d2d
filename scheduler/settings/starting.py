"""Five questions, and a working config/ out of the answers."""

from __future__ import annotations

import json
import re
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from scheduler.errors import ScheduleError
from scheduler.settings.presets import preset_names, preset_text, read_preset
from scheduler.settings.schema import FILE_KINDS, make_schema


class AnswerError(ScheduleError):
    """An answer from which no file can be written; says what would be right."""


@dataclass(frozen=True, slots=True)
class Question:
    """``key`` names the field of :class:`Answers`; ``hint`` is an example."""

    key: str
    text: str
    hint: str


QUESTIONS = (
    Question("company", "What is your company called?", "Lindenhof"),
    Question(
        "organisers",
        "From which mailboxes shall invitations be sent?",
        "networking@lindenhof.example",
    ),
    Question("contact", "To whom do colleagues write with questions?", "people@lindenhof.example"),
    Question("offices", "In which cities are your offices?", "London, Berlin, Pune=Asia/Kolkata"),
    Question("programmes", "Which programmes do you want?", "cross-team-lunch, coffee"),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, each as typed; lists are separated by commas."""

    company: str
    organisers: str
    contact: str
    offices: str
    programmes: str


def offered_presets() -> tuple[str, ...]:
    """Presets that work without anything more from HR."""
    return tuple(name for name in preset_names() if "asks" not in read_preset(name))


def write_config(folder: Path, answers: Answers) -> tuple[Path, ...]:
    """Write a folder that loads, and say which files were written.

    Raises:
        AnswerError: an answer cannot be used, or the folder holds files already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise AnswerError(f"{folder} holds files already; give an empty folder, or a new name")
    texts = {Path("organisation.yaml"): _organisation_text(answers)}
    for name in _programme_names(answers.programmes):
        texts[Path("programmes") / f"{name}.yaml"] = _programme_text(name)
    texts |= schema_texts()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return tuple(folder / path for path in texts)


def schema_texts() -> dict[Path, str]:
    """The schema files that stand in a config folder, by path, for editors."""
    return {
        Path("schema") / f"{kind}.json": json.dumps(make_schema(kind), indent=1, ensure_ascii=False)
        + "\n"
        for kind in FILE_KINDS
    }


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def _programme_names(text: str) -> list[str]:
    names = _split(text)
    for name in names:
        if name not in offered_presets():
            raise AnswerError(
                f"There is no programme {name} to begin with; there are "
                f"{', '.join(offered_presets())}."
            )
    if not names:
        raise AnswerError("Name at least one programme, for example cross-team-lunch.")
    return list(dict.fromkeys(names))


def _programme_text(name: str) -> str:
    return f"# yaml-language-server: $schema=../schema/programme.json\n{preset_text(name)}"


def _mails(text: str, what: str) -> list[str]:
    mails = _split(text)
    wrong = [mail for mail in mails if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail)]
    if wrong or not mails:
        given = f"{wrong[0]} is none" if wrong else "none is given"
        raise AnswerError(f"{what} needs an e-mail address like ana@example.com, and {given}.")
    return mails


def _organisation_text(answers: Answers) -> str:
    if not answers.company.strip():
        raise AnswerError("The company needs a name.")
    organisers = _mails(answers.organisers, "A mailbox for invitations")
    contact = _mails(answers.contact, "The contact")[0]
    lines = [
        "# yaml-language-server: $schema=schema/organisation.json",
        "# The company, once for all programmes. Check this file with: scheduler check",
        "",
        f"company: {_quoted(answers.company.strip())}",
        "",
        "# Whom colleagues write to when they have a question.",
        f"contact: {{name: People team, mail: {_quoted(contact)}}}",
        "",
        "# The mailboxes from which invitations are sent.",
        "organisers:",
        *(f"  - {_quoted(mail)}" for mail in organisers),
        "",
        "# The offices, named as in the directory. Add region: to keep a state's public holidays.",
        "offices:",
    ]
    for name, zone in _offices(answers.offices):
        country = country_of_zone(zone)
        lines += [f"  - name: {_quoted(name)}", f"    zone: {zone}"]
        lines += [f"    country: {country}"] if country else []
    lines += [
        "",
        "# Usual working hours, for people whose mailbox does not say their own.",
        "hours: {days: [mon, tue, wed, thu, fri], start: 09:00, end: 17:30}",
        "",
        "# No more than this for one person, over all programmes together.",
        "load: {per_week: 2, per_month: 4}",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _offices(text: str) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for part in _split(text):
        name, _, zone = (piece.strip() for piece in part.partition("="))
        zone = zone or zone_of_city(name) or ""
        if zone not in zoneinfo.available_timezones():
            raise AnswerError(
                f"The time zone of {name} is not known; write it behind the name, "
                f"for example {name}=Europe/Berlin."
            )
        found[name] = zone
    if not found:
        raise AnswerError("Name at least one office, for example London.")
    return list(found.items())


def zone_of_city(city: str) -> str | None:
    """The IANA zone that is named after the city, accents and case aside; None: there is none."""
    wanted = _plain(city)
    for zone in sorted(zoneinfo.available_timezones()):
        area, _, name = zone.partition("/")
        if area in _AREAS and _plain(name.rsplit("/", 1)[-1]) == wanted:
            return zone
    return None


_AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific", "Indian")


def _plain(text: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - its tables are read once a word needs them

    return str(anyascii(text)).casefold().replace("_", " ").strip()


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Country of each zone, out of the IANA database's own table (``zone.tab``)."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def country_of_zone(zone: str) -> str | None:
    """The country (two letters) in which a zone lies; None: it is in none, or an old name."""
    return _countries().get(zone)
