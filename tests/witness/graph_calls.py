"""Reads the calls that the Graph client makes, and the fields it asks for, out of its source."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "scheduler" / "graph"
METHODS = {"get", "post", "patch", "delete"}


def find_calls(path):
    """Method and path of every request built in a module of ``scheduler/graph``.

    A request is ``get|post|patch|delete(builder, ...)``, where ``builder`` is a chain of names
    behind ``.sdk``, or a variable of the same function that holds one.
    """
    for function in list_functions(path):
        yield from find_calls_of(function)


def find_fields(path):
    """``(call, fields)`` of every function that asks for chosen fields; fields of ``expand`` too.

    Raises:
        ValueError: a function selects fields in a way that cannot be read here.
    """
    module = importlib.import_module(f"scheduler.graph.{path.stem}")
    for function in list_functions(path):
        chosen = [
            read_fields(value, module)
            for node in ast.walk(function)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value in {"select", "expand"}
        ]
        if chosen:
            (call,) = {call for call in find_calls_of(function) if call.startswith("GET ")}
            yield call, frozenset().union(*chosen)


def read_fields(value, module):
    """The fields that an expression names."""
    if isinstance(value, ast.Constant):
        nested = re.fullmatch(r"(\w+)\(\$select=(\w+)\)", value.value)
        return frozenset({f"{nested[1]}.{nested[2]}"} if nested else value.value.split(","))
    if isinstance(value, ast.Name):
        return frozenset(getattr(module, value.id).split(","))
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):  # ",".join(FIELDS)
        return frozenset(getattr(module, value.args[0].id))
    if isinstance(value, ast.Call) and not value.args:
        return frozenset({getattr(module, value.func.id)().split("(")[0]})
    raise ValueError(ast.unparse(value))


def list_functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def find_calls_of(function):
    names = {}
    nodes = sorted(
        (n for n in ast.walk(function) if hasattr(n, "lineno")),
        key=lambda n: (n.lineno, n.col_offset),
    )
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names[node.targets[0].id] = read_chain(node.value, names)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in METHODS and node.args:
            segments = read_chain(node.args[0], names)
            if segments is not None:
                yield f"{node.func.id.upper()} /{'/'.join(segments)}"


def read_chain(node, names):
    """``graph.sdk.users.by_user_id(x).events`` → ``["users", "{id}", "events"]``; else None."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        before = read_chain(node.func.value, names)
        return None if before is None else [*before, "{id}"]
    if isinstance(node, ast.Attribute):
        if node.attr == "sdk":
            return []
        before = read_chain(node.value, names)
        return None if before is None else [*before, camel(node.attr)]
    return None


def camel(name):
    if name.startswith("graph_"):
        return f"microsoft.graph.{name.removeprefix('graph_')}"
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
