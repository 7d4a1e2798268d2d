"""A programme with some of its values changed, to try them out: ``size.ideal=5``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from scheduler.errors import ScheduleError
from scheduler.programmes.programme import Programme
from scheduler.settings.loader import check, check_programme_expressions
from scheduler.settings.yaml_file import Document, parse_yaml

_FILE = "--set"


class ChangeError(ScheduleError):
    """A change that cannot be made; says what would be right."""


def change_programme(programme: Programme, changes: Sequence[str]) -> Programme:
    """The programme with each ``key=value`` in place; the value is written as in a file.

    Raises:
        ChangeError: a key that there is not, or a value that does not fit.
    """
    data = programme.model_dump(mode="python")
    for change in changes:
        key, sign, text = change.partition("=")
        if not sign or not key.strip():
            raise ChangeError(f"--set {change}: write a key and its value, like size.ideal=5")
        _put(data, key.strip().split("."), _read(text), change)
    document = Document(_FILE, {})
    changed, problems = check(Programme, data, document)
    if changed is not None:
        problems += check_programme_expressions(changed, document, len(changed.rules))
    if changed is None or problems:
        raise ChangeError(
            "\n".join(f"--set {' '.join(changes)}: {one.key}: {one.message}" for one in problems)
        )
    return changed


def _read(text: str) -> Any:
    document, problems = parse_yaml(f"value: {text}\n".encode(), _FILE)
    if problems or not isinstance(document.data, dict):
        return text
    return document.data.get("value")


def _put(data: dict[str, Any], keys: Sequence[str], value: Any, change: str) -> None:
    at: Any = data
    for depth, key in enumerate(keys):
        if not isinstance(at, dict) or key not in at or key == "name":
            known = sorted(at) if isinstance(at, dict) else []
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            where = ".".join(keys[:depth]) or "a programme"
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            raise ChangeError(f"--set {change}: {where} has no {key}; {hint}")
        if depth == len(keys) - 1:
            at[key] = value
        else:
            at = at[key]
