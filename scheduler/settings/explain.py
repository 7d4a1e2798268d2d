"""Pydantic's findings in plain sentences that say what would be right."""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scheduler.settings.problems import Problem
from scheduler.settings.yaml_file import Document, KeyPath, show_path

MISSING = "this key is missing"


def explain(
    error: ValidationError,
    model: type[BaseModel],
    data: Any,
    document: Document,
    written: Callable[[KeyPath], KeyPath] = lambda path: path,
) -> list[Problem]:
    """One problem for each place of ``data`` that ``model`` does not accept.

    ``data`` is what was checked; ``written`` tells where a place of it stands in the document. A
    union reports each of its branches, so of the findings at one place only one is kept.
    """
    problems: dict[KeyPath, Problem] = {}
    for detail in error.errors(include_url=False):
        path, missing = _path_in(detail, data)
        if path in problems:
            continue
        here = written(path)
        shown = here if missing else document.known_part(here)
        mark = document.mark(shown, of_key=detail["type"] == "extra_forbidden")
        message, suggestion = _sentence(detail, model, path, missing)
        problems[path] = Problem(
            document.file, mark.line, mark.column, show_path(shown), message, suggestion
        )
    return [one for path, one in problems.items() if not _is_misspelt(path, one, problems)]


def _is_misspelt(path: KeyPath, problem: Problem, problems: dict[KeyPath, Problem]) -> bool:
    """Whether a key is missing only because it is there under a wrong name."""
    return problem.message.startswith(MISSING) and any(
        other[:-1] == path[:-1] and found.suggestion == path[-1]
        for other, found in problems.items()
    )


def _path_in(detail: ErrorDetails, data: Any) -> tuple[KeyPath, bool]:
    """The place in the data that a finding is about: its location without the names of union
    branches. The flag says that nothing stands there.
    """
    path: list[str | int] = []
    here = data
    location = detail["loc"]
    for position, part in enumerate(location):
        if _holds(here, part):
            here = here[part]
        elif detail["type"] == "missing" and position == len(location) - 1:
            return (*path, part), True
        else:
            # A rule's tag is also the key under which HR wrote its fields.
            if isinstance(here, dict) and here.get("kind") == part:
                path.append(part)
            continue
        path.append(part)
    return tuple(path), False


def _holds(here: Any, part: str | int) -> bool:
    if isinstance(here, dict):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _sentence(
    detail: ErrorDetails, model: type[BaseModel], path: KeyPath, missing: bool
) -> tuple[str, str | None]:
    """What is wrong, and the nearest right word."""
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        known = _keys_of(model, path[:-1])
        near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
        listed = "" if near or not known else f" (there are {', '.join(known)})"
        return f"there is no such key{listed}", near[0] if near else None
    if kind == "value_error":
        return str(detail["ctx"]["error"]), None
    wanted = describe(_annotation(model, path))
    suggestion = None
    if missing:
        message = f"{MISSING}; it takes"
    elif value is None:
        message = "the value is missing; write"
    elif kind in ("too_short", "string_too_short") and not value:
        message = "this is empty; write"
    elif kind == "too_long":
        message = "there are too many entries; write"
    else:
        message = f"{_shorten(value)} does not fit here; write"
        options = _options(_annotation(model, path)) if isinstance(value, str) else []
        near = difflib.get_close_matches(str(value).casefold(), options, n=1, cutoff=0.5)
        suggestion = near[0] if near else None
    return f"{message} {wanted}", suggestion


def _shorten(value: Any) -> str:
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _strip(annotation: Any) -> tuple[Any, list[Any]]:
    """An annotation without Annotated, and what was annotated."""
    extras: list[Any] = []
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        extras += more
    return annotation, extras


def _branches(annotation: Any) -> Iterable[Any]:
    bare, _ = _strip(annotation)
    if get_origin(bare) in (Union, types.UnionType):
        for branch in get_args(bare):
            yield from _branches(branch)
    else:
        yield annotation


def _annotation(model: Any, path: KeyPath) -> Any:
    """The annotation of what stands at ``path`` (None where the model knows no such place)."""
    here: Any = model
    for part in path:
        here = _step(here, part)
        if here is None:
            return None
    return here


def _step(annotation: Any, part: str | int) -> Any:
    for branch in _branches(annotation):
        bare, _ = _strip(branch)
        origin = get_origin(bare)
        if isinstance(bare, type) and issubclass(bare, BaseModel) and isinstance(part, str):
            tag = bare.model_fields.get("kind")
            if tag is not None and tag.default == part:
                return bare
            if part in bare.model_fields:
                field = bare.model_fields[part]
                return Annotated[field.annotation, *field.metadata, field]
        elif origin in (tuple, list) and isinstance(part, int):
            items = [item for item in get_args(bare) if item is not Ellipsis]
            return items[min(part, len(items) - 1)]
        elif origin is dict and isinstance(part, str):
            return get_args(bare)[1]
    return None


def _keys_of(model: Any, path: KeyPath) -> list[str]:
    for branch in _branches(_annotation(model, path) if path else model):
        bare, _ = _strip(branch)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            return [key for key in bare.model_fields if key != "kind"]
    return []


def _options(annotation: Any) -> list[str]:
    """The words that are allowed, where only certain words are."""
    branches = [_strip(branch)[0] for branch in _branches(annotation)]
    found: list[str] = []
    for branch in branches:
        if get_origin(branch) is Literal:
            found += [str(option) for option in get_args(branch)]
    return found


def describe(annotation: Any) -> str:
    """What a field takes, in words: ``a whole number from 2 to 500``."""
    found: list[str] = []
    for branch in _branches(annotation):
        bare, extras = _strip(branch)
        text = _describe_one(bare, [*extras, *_strip(annotation)[1]])
        if text and text not in found:
            found.append(text)
    return " or ".join(found) if found else "a value"


def _describe_one(bare: Any, extras: list[Any]) -> str:
    if bare is type(None):
        return ""
    if get_origin(bare) is Literal:
        options = [str(option) for option in get_args(bare)]
        return options[0] if len(options) == 1 else f"one of {', '.join(options)}"
    if get_origin(bare) in (tuple, list):
        items = [item for item in get_args(bare) if item is not Ellipsis]
        if len(items) > 1:
            return f"a list of {len(items)}: " + ", ".join(describe(item) for item in items)
        return f"a list; each entry is {describe(items[0])}"
    if not isinstance(bare, type):
        return "a value"
    return _describe_type(bare, extras)


def _describe_type(bare: type, extras: list[Any]) -> str:
    if issubclass(bare, BaseModel):
        keys = [key for key in bare.model_fields if key != "kind"]
        return f"a block with the keys {', '.join(keys)}"
    if bare is bool:
        return "yes or no"
    if bare is int:
        return "a whole number" + _limits(extras)
    names = {"time": "a time of day like 11:30", "date": "a date like 2026-12-07"}
    if bare.__name__ in names:
        return names[bare.__name__]
    description = next((extra.description for extra in extras if _says(extra)), None)
    pattern = next((_pattern(extra) for extra in extras if _pattern(extra)), None)
    if pattern in _PATTERNS:
        return _PATTERNS[pattern]
    return f"text ({description})" if description else "text"


_PATTERNS = {
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "an e-mail address like ana@example.com",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "a name of small letters, digits and single dashes",
    r"^[A-Z]{2}$": "two capital letters like DE",
    r"^[A-Z0-9]{1,4}$": "a region's short name in capital letters like BY",
}


def _says(extra: Any) -> bool:
    return bool(getattr(extra, "description", None))


def _pattern(extra: Any) -> str | None:
    for part in [extra, *getattr(extra, "metadata", [])]:
        found = getattr(part, "pattern", None)
        if isinstance(found, str):
            return found
    return None


def _limits(extras: list[Any]) -> str:
    low = high = None
    for extra in extras:
        for part in [extra, *getattr(extra, "metadata", [])]:
            low = getattr(part, "ge", low)
            high = getattr(part, "le", high)
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of at least {low}" if low is not None else f" of at most {high}" if high else ""
