"""A YAML file to plain values, with the line and column of each key and value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scheduler.settings.problems import Problem

KeyPath = tuple[str | int, ...]

LARGEST_FILE = 256 * 1024
"""Bytes. A programme has some 3 KB; a parser fed with megabytes would keep HR waiting."""
LONGEST_LINE = 5000
EMPTY = "the file is empty"
DEEPEST = 20
"""Levels of nesting; our own files have 4."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values; ``keys`` and ``values`` say where each path stands in it."""

    file: str
    data: Any
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    values: dict[KeyPath, Mark] = field(default_factory=dict)

    def mark(self, path: KeyPath, *, of_key: bool = False) -> Mark:
        """Where ``path`` stands, or else the nearest thing around it."""
        first, second = (self.keys, self.values) if of_key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            found = first.get(path[:length]) or second.get(path[:length])
            if found:
                return found
            first, second = self.keys, self.values
        return Mark(1, 1)

    def known_part(self, path: KeyPath) -> KeyPath:
        """The longest beginning of ``path`` that stands in the file."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.values or path[:length] in self.keys:
                return path[:length]
        return ()


def read_yaml(path: Path, shown_as: str | None = None) -> tuple[Document, list[Problem]]:
    """Read one file; what cannot be read comes back as problems and empty data."""
    file = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Document(file, None), [Problem(file, 0, 0, "", "there is no such file")]
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        return Document(file, None), [Problem(file, 0, 0, "", f"the file cannot be read ({why})")]
    return parse_yaml(raw, file)


class _RefusedError(Exception):
    """The form of a file is wrong at a place, and reading ends there."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line, self.column, self.message = line, column, message


def parse_yaml(raw: bytes, file: str) -> tuple[Document, list[Problem]]:
    """The values in the bytes of one file, and what is wrong with its form."""
    try:
        root = _compose(_decode(raw))
    except _RefusedError as refused:
        return Document(file, None), [
            Problem(file, refused.line, refused.column, "", refused.message)
        ]
    document = Document(file, None)
    problems: list[Problem] = []
    data = _build(root, (), document, problems)
    if data is None:
        problems.append(Problem(file, 1, 1, "", EMPTY))
    return Document(file, data, document.keys, document.values), problems


def _decode(raw: bytes) -> str:
    if len(raw) > LARGEST_FILE:
        message = f"the file has {len(raw):,} bytes; at most {LARGEST_FILE:,} are read"
        raise _RefusedError(1, 1, message)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = "the file is not UTF-8 text; save it with the encoding UTF-8"
        raise _RefusedError(line, 1, message) from None
    for number, line_text in enumerate(text.splitlines(), 1):
        if len(line_text) > LONGEST_LINE:
            message = f"the line is longer than {LONGEST_LINE:,} characters"
            raise _RefusedError(number, 1, message)
        indent = line_text[: len(line_text) - len(line_text.lstrip())]
        if "\t" in indent:
            message = "a tab stands before the text; use spaces to move it in"
            raise _RefusedError(number, indent.index("\t") + 1, message)
    return text


def _compose(text: str) -> Node:
    yaml = YAML(typ="safe", pure=True)
    try:
        _refuse_events(yaml, text)
        root: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and "unexpected end of stream" in (error.problem or ""):
            mark = error.context_mark  # where the quote was opened helps; the end does not
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _RefusedError(line, column, _plain(error)) from None
    except (YAMLError, ValueError, RecursionError, AttributeError, IndexError, TypeError):
        line, column = _control_character(text)
        message = "the file holds signs that YAML does not allow here"
        raise _RefusedError(line, column, message) from None
    if root is None:
        raise _RefusedError(1, 1, EMPTY)
    return root


def _refuse_events(yaml: YAML, text: str) -> None:
    """Anchors, aliases, tags and deep nesting, found before anything is built from them."""
    depth = 0
    for event in yaml.parse(text):
        mark = event.start_mark
        name = type(event).__name__
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            message = (
                "the signs & and * (anchors) are not used here; write the value out, or quote it"
            )
        elif isinstance(event, NodeEvent) and getattr(event, "ctag", None):
            message = "the sign ! (a tag) is not used here; write the plain value, or quote it"
        else:
            depth += name.endswith("StartEvent") - name.endswith("EndEvent")
            if depth <= DEEPEST + 2:  # the stream and the document count too
                continue
            message = f"the file is nested more than {DEEPEST} levels deep"
        raise _RefusedError(mark.line + 1, mark.column + 1, message)


_SENTENCES = {
    "mapping values are not allowed": "a colon followed by a space is not allowed inside a "
    "value; put the value in quotes, or check the indentation of this line and the one above",
    "could not find expected ':'": "a colon after the key is missing",
    "found character '\\t'": "a tab is not allowed here; use spaces",
    "that cannot start any token": "a value cannot begin with this sign; put the value in quotes",
    "expected a single document": "the file has two parts divided by ---; keep one",
    "found unexpected end of stream": "a quote is opened and never closed",
    "unknown escape character": "a backslash has a special meaning in double quotes; "
    "use single quotes",
    "but found '<stream end>'": "a bracket is opened and never closed",
    "expected ',' or": "a comma or a closing bracket is missing",
    "expected <block end>": "this line does not belong to the list or block above; "
    "check its indentation",
    "expected the node content": "a value is missing here",
}
"""Parts of the parser's messages, and what they mean to somebody who writes such a file."""


def _plain(error: MarkedYAMLError) -> str:
    text = f"{error.context or ''} {error.problem or ''}"
    for known, sentence in _SENTENCES.items():
        if known in text:
            return sentence
    return f"this is not YAML ({(error.problem or 'not understood').strip()})"


def _control_character(text: str) -> tuple[int, int]:
    for number, line in enumerate(text.split("\n"), 1):
        for column, sign in enumerate(line, 1):
            if not (sign.isprintable() or sign in "\t\r\u00a0"):
                return number, column
    return 1, 1


def _build(node: Node, path: KeyPath, document: Document, problems: list[Problem]) -> Any:
    if not (isinstance(node, ScalarNode) and not node.value and node.style is None):
        # An empty value has no place; the parser gives that of the next line.
        document.values[path] = Mark(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, SequenceNode):
        return [
            _build(item, (*path, index), document, problems)
            for index, item in enumerate(node.value)
        ]
    if isinstance(node, MappingNode):
        return _build_mapping(node, path, document, problems)
    assert isinstance(node, ScalarNode)  # noqa: S101 - YAML has no fourth kind
    return _scalar(node)


def _build_mapping(
    node: MappingNode, path: KeyPath, document: Document, problems: list[Problem]
) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = Mark(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            message = "a key must be one word followed by a colon"
            problems.append(Problem(document.file, mark.line, mark.column, "", message))
            continue
        key = str(key_node.value)
        here = (*path, key)
        if key in built:
            earlier = document.keys[here].line
            message = f"the key stands here twice (first in line {earlier}); keep one"
            problems.append(
                Problem(document.file, mark.line, mark.column, show_path(here), message)
            )
            continue
        document.keys[here] = mark
        built[key] = _build(value_node, here, document, problems)
    return built


def _scalar(node: ScalarNode) -> Any:
    """The value in YAML 1.2's core schema, where ``no`` and ``11:30`` are plain text."""
    text = str(node.value)
    kind = str(node.tag).rsplit(":", 1)[-1] if node.style is None else "str"
    if kind == "null":
        return None
    if kind == "bool":
        return text.casefold() == "true"
    return _number(text, kind) if kind in ("int", "float") else text


def _number(text: str, kind: str) -> int | float | str:
    """A number; text where YAML sees one and people do not (a code such as 0123)."""
    digits = text.lstrip("+-")
    if kind == "int" and len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        return text
    try:
        return int(text.replace("_", ""), 0) if kind == "int" else float(text.replace("_", ""))
    except ValueError:
        return text


def show_path(path: KeyPath) -> str:
    """``size.at_least`` or ``rules[2].at_least``; lists are counted from 1 as people do."""
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown
