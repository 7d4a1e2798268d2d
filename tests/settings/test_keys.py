"""Every key that HR can write is read by something: a key that changes nothing is a promise broken.

What is looked for is the name of a key, read from something (``programme.sign_up``), anywhere but
in the class that has the key. Two keys of one name cannot be told apart by that.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from scheduler.people.imports.export import ExportSpec
from scheduler.programmes.programme import Programme, SignUp
from scheduler.settings.organisation import Organisation
from scheduler.settings.people_sources import PeopleSources
from scheduler.settings.spelling import SPELLINGS

PACKAGE = Path(__file__).parents[2] / "scheduler"
RULES = [spelling.model for spelling in SPELLINGS.values()]


def list_models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The classes of keys that stand in an annotation, and in these."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from list_models(field.annotation)
    else:
        for part in get_args(annotation):
            yield from list_models(part)


MODELS = sorted(
    {one for root in (Programme, Organisation, PeopleSources, *RULES) for one in list_models(root)},
    key=lambda model: model.__name__,
)


def list_reads(source: str, without: str = "") -> set[str]:
    """Names that are read from something in a module, a class of it left out."""
    tree = ast.parse(source)
    own = {
        id(node)
        for found in ast.walk(tree)
        if isinstance(found, ast.ClassDef) and found.name == without
        for node in ast.walk(found)
    }
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and id(node) not in own
    }


@pytest.fixture(scope="module")
def reads() -> dict[Path, set[str]]:
    """Names that are read, module by module; of templates, all after a dot."""
    found = {path: list_reads(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    for path in sorted(PACKAGE.rglob("*.j2")):
        found[path] = set(re.findall(r"\.([a-z_]+)", path.read_text("utf-8")))
    return found


def find_unread(model: type[BaseModel], reads: dict[Path, set[str]]) -> list[str]:
    own = Path(inspect.getfile(model))
    elsewhere = set().union(*(names for path, names in reads.items() if path != own))
    elsewhere |= list_reads(own.read_text("utf-8"), without=model.__name__)
    return [name for name in model.model_fields if name not in elsewhere]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_read_by_something(model, reads):
    assert find_unread(model, reads) == []


def test_every_kind_of_block_is_looked_at():
    assert {SignUp, ExportSpec} < set(MODELS)
    assert len(MODELS) > 35


def test_key_that_nothing_reads_is_found(reads):
    class WithMore(SignUp):
        nobody_asks_for_this: bool = True

    assert find_unread(WithMore, reads) == ["nobody_asks_for_this"]
