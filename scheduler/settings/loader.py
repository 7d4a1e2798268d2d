"""config/ to checked settings, with every mistake of every file in one run."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scheduler.people.holidays import check_region
from scheduler.people.where import WhereError, parse_where
from scheduler.programmes.programme import Programme
from scheduler.settings.doubts import find_doubts
from scheduler.settings.explain import explain
from scheduler.settings.organisation import Organisation
from scheduler.settings.people_sources import PeopleSources
from scheduler.settings.presets import override, preset_names, read_preset
from scheduler.settings.problems import Problem, SettingsError
from scheduler.settings.settings import Settings
from scheduler.settings.spelling import SpellingError, spell_rule
from scheduler.settings.yaml_file import EMPTY, Document, KeyPath, Mark, read_yaml, show_path

__all__ = ["Problem", "Settings", "SettingsError", "load_settings"]

Model = TypeVar("Model", bound=BaseModel)


def load_settings(config_dir: Path, *, today: dt.date | None = None) -> Settings:
    """Read and check all files of a folder.

    Args:
        config_dir: The folder with organisation.yaml, programmes/ and perhaps people.yaml.
        today: For warnings about dates that have passed; None: there are none.

    Raises:
        SettingsError: with every mistake of every file, each with file, line, column and key.
    """
    problems: list[Problem] = []
    if not config_dir.is_dir():
        message = "there is no such folder; scheduler init makes a working one"
        raise SettingsError((Problem(str(config_dir), 0, 0, "", message),))
    path = config_dir / "organisation.yaml"
    document, about = read_yaml(path)
    documents = {"organisation": document}
    organisation, about = _check_organisation(document, about, path)
    problems += about
    people, about = load_people_sources(config_dir / "people.yaml")
    problems += about
    programmes: dict[str, Programme] = {}
    for path in _programme_files(config_dir, problems):
        document, about = read_yaml(path)
        programme, about = _check_programme(document, about, path)
        problems += about
        if programme is not None:
            documents[programme.name] = document
            programmes[programme.name] = programme
    if organisation is None or problems:
        raise SettingsError(tuple(sorted(problems)))
    settings = Settings(config_dir, organisation, programmes, people, documents=documents)
    return replace(settings, warnings=find_doubts(settings, today=today))


def load_people_sources(path: Path) -> tuple[PeopleSources, list[Problem]]:
    """The values of people.yaml, which may be missing or hold nothing but notes."""
    if not path.exists():
        return PeopleSources(), []
    document, problems = read_yaml(path)
    if document.data is None:
        empty = all(problem.message == EMPTY for problem in problems)
        return PeopleSources(), [] if empty else problems
    sources, more = check(PeopleSources, document.data, document)
    problems += more
    if sources is None or sources.hr_export is None:
        return sources or PeopleSources(), problems
    file = path.parent / sources.hr_export.file
    if not file.is_file():
        problems.append(problem_at(document, ("hr_export", "file"), f"there is no file {file}"))
    export = sources.hr_export.model_copy(update={"file": file})
    return sources.model_copy(update={"hr_export": export}), problems


def _programme_files(config_dir: Path, problems: list[Problem]) -> list[Path]:
    folder = config_dir / "programmes"
    if not folder.is_dir():
        problems.append(Problem(str(folder), 0, 0, "", "this folder of programmes is missing"))
        return []
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.is_dir():
            continue
        if path.suffix == ".yaml":
            found.append(path)
        else:
            message = "only files that end in .yaml are read here; rename or remove this one"
            problems.append(Problem(str(path), 0, 0, "", message))
    if not found and not problems:
        problems.append(Problem(str(folder), 0, 0, "", "there is no programme in this folder"))
    return found


def load_organisation(path: Path) -> tuple[Organisation | None, list[Problem]]:
    """The organisation file's values, or what is wrong with them."""
    return _check_organisation(*read_yaml(path), path)


def _check_organisation(
    document: Document, problems: list[Problem], path: Path
) -> tuple[Organisation | None, list[Problem]]:
    if document.data is None:
        return None, problems
    organisation, more = check(Organisation, document.data, document)
    problems += more
    if organisation is not None:
        problems += _unknown_offices(organisation, document)
        problems += _unknown_regions(organisation, document)
        for name in ("office_days", "working_days"):
            for index, days in enumerate(getattr(organisation, name)):
                problems += check_where(days.where, (name, index, "where"), document)
        organisation, more = _find_known_ties(organisation, path, document)
        problems += more
    return (None if problems else organisation), problems


def _unknown_offices(organisation: Organisation, document: Document) -> Iterator[Problem]:
    names = [office.name for office in organisation.offices]
    places: list[tuple[KeyPath, str]] = [
        (("tables", index, "office"), table.office)
        for index, table in enumerate(organisation.tables)
    ]
    for index, day in enumerate(organisation.days_off):
        places += [(("days_off", index, "offices", n), name) for n, name in enumerate(day.offices)]
    for path, name in places:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            yield problem_at(
                document, path, f"no office is called {name}", near[0] if near else None
            )


def _unknown_regions(organisation: Organisation, document: Document) -> Iterator[Problem]:
    for index, office in enumerate(organisation.offices):
        if office.country is None:
            continue
        wrong = check_region(office.country, office.region)
        if wrong is not None:
            path = ("offices", index, "region" if office.region else "country")
            yield problem_at(document, path, *wrong)


def _find_known_ties(
    organisation: Organisation, path: Path, document: Document
) -> tuple[Organisation, list[Problem]]:
    if organisation.known_ties is None:
        return organisation, []
    ties = path.parent / organisation.known_ties
    if not ties.is_file():
        return organisation, [problem_at(document, ("known_ties",), f"there is no file {ties}")]
    return organisation.model_copy(update={"known_ties": ties}), []


def load_programme(path: Path) -> tuple[Programme | None, list[Problem]]:
    """One programme file's values, or what is wrong with them."""
    return _check_programme(*read_yaml(path), path)


def _check_programme(
    document: Document, problems: list[Problem], path: Path
) -> tuple[Programme | None, list[Problem]]:
    name = path.stem
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        name = "unnamed"
        message = "a programme's file name has small letters, digits and single dashes only"
        problems.append(Problem(str(path), 0, 0, "", message))
    if document.data is None:
        return None, problems
    if not isinstance(document.data, dict):
        message = "a programme is a block of keys, for example: title: Lunch across teams"
        return None, [*problems, problem_at(document, (), message)]
    fields, own, more = _with_preset(document)
    problems += more
    fields["rules"], faulty = _spell_rules(fields.get("rules", []), own, document, problems)
    programme, more = check(
        Programme,
        {"name": name, **fields},
        document,
        lambda place: _beside(_written(place, own, faulty), document),
    )
    problems += more
    if programme is not None:
        problems += check_programme_expressions(programme, document, own)
    return (None if problems else programme), problems


def _with_preset(document: Document) -> tuple[dict[str, Any], int, list[Problem]]:
    """The file's fields over those of its preset, and how many rules come before ``more_rules``."""
    fields = dict(document.data)
    problems: list[Problem] = []
    if "name" in fields:
        message = "a programme is named by its file; remove this key, or write title"
        problems.append(problem_at(document, ("name",), message, of_key=True))
        del fields["name"]
    more_rules = fields.pop("more_rules", [])
    preset = fields.pop("preset", None)
    if preset is not None and preset not in preset_names():
        near = difflib.get_close_matches(str(preset), preset_names(), n=1, cutoff=0.4)
        message = f"there is no preset {preset} (there are {', '.join(preset_names())})"
        problems.append(problem_at(document, ("preset",), message, near[0] if near else None))
    elif preset is not None:
        below = read_preset(preset)
        for key, ask in below.pop("asks", {}).items():
            if not _given(document.data, key.split(".")):
                message = f"{key} is missing, which the preset {preset} leaves to you; {ask}"
                problems.append(problem_at(document, ("preset",), message))
        fields = override(below, fields)
    if not isinstance(more_rules, list):
        message = "write a list of rules, each line beginning with a dash"
        problems.append(problem_at(document, ("more_rules",), message))
        more_rules = []
    rules = fields.get("rules", [])
    if isinstance(rules, list):
        fields["rules"] = rules + more_rules
        return fields, len(rules), problems
    return fields, 0, problems


def _given(written: Any, keys: list[str]) -> bool:
    """Whether a file gives the value at the end of these keys."""
    for key in keys:
        if not isinstance(written, dict) or not written.get(key):
            return False
        written = written[key]
    return True


def _spell_rules(
    written: Any, own: int, document: Document, problems: list[Problem]
) -> tuple[Any, list[int]]:
    """The rules as the models take them, and the places of those that are not rules."""
    if not isinstance(written, list):
        return written, []
    rules: list[dict[str, Any]] = []
    faulty: list[int] = []
    for index, rule in enumerate(written):
        try:
            rules.append(spell_rule(rule))
        except SpellingError as error:
            faulty.append(index)
            path = _written(("rules", index), own, [])
            path = (*path, error.key) if error.key else path
            problems.append(
                problem_at(document, path, error.message, error.suggestion, of_key=True)
            )
    return rules, faulty


def _written(path: KeyPath, own: int, faulty: list[int]) -> KeyPath:
    """Where the document has what stands at ``path`` of the checked data."""
    if len(path) < 2 or path[0] != "rules" or not isinstance(path[1], int):
        return path
    index = path[1]
    for place in faulty:  # ascending; each was taken out of the checked list
        index += place <= index
    return ("rules", index, *path[2:]) if index < own else ("more_rules", index - own, *path[2:])


def _beside(path: KeyPath, document: Document) -> KeyPath:
    """A weight stands inside its rule's block, or else beside the rule."""
    beside = (*path[:2], "weight")
    if len(path) == 4 and path[3] == "weight" and path not in document.keys:
        return beside if beside in document.keys else path
    return path


def check_programme_expressions(
    programme: Programme, document: Document, own: int
) -> Iterator[Problem]:
    """What is wrong with the expressions in a programme."""
    if programme.audience.where is not None:
        yield from check_where(programme.audience.where, ("audience", "where"), document)
    if programme.audience.automatic is not None:
        yield from check_where(programme.audience.automatic, ("audience", "automatic"), document)
    for index, rule in enumerate(programme.rules):
        for name in ("where", "when", "of", "advisers"):
            text = getattr(rule, name, None)
            if isinstance(text, str):
                path = _written(("rules", index, rule.kind, name), own, [])
                yield from check_where(text, path, document)


def check_where(text: str, path: KeyPath, document: Document) -> Iterator[Problem]:
    """What is wrong with one expression, at its place in the line."""
    try:
        parse_where(text)
    except WhereError as error:
        mark = document.mark(path)
        mark = Mark(mark.line, mark.column + error.column)
        shown = show_path(document.known_part(path))
        yield Problem(document.file, mark.line, mark.column, shown, error.message, error.suggestion)


def check(
    model: type[Model],
    data: Any,
    document: Document,
    written: Callable[[KeyPath], KeyPath] = lambda path: path,
) -> tuple[Model | None, list[Problem]]:
    """``data`` as a model, or each place where it does not fit."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, explain(error, model, data, document, written)


def problem_at(
    document: Document,
    path: KeyPath,
    message: str,
    suggestion: str | None = None,
    *,
    of_key: bool = False,
) -> Problem:
    """A problem with what stands at ``path``."""
    mark = document.mark(path, of_key=of_key)
    shown = show_path(document.known_part(path))
    return Problem(document.file, mark.line, mark.column, shown, message, suggestion)
