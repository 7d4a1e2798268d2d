"""``$filter`` and the like: a small reader of OData expressions."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from scheduler.sandbox.api.request import GraphError

Test = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_@][\w./@-]*)|(?P<mark>[(),:]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b),
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read.

    ``advanced`` ones need ``ConsistencyLevel: eventual`` in the directory; ``names`` are the
    properties that it looks at.
    """

    test: Test
    advanced: bool
    names: frozenset[str]


def refuse_filter(text: str) -> GraphError:
    """Return the refusal of a filter that cannot be read."""
    return GraphError(400, "BadRequest", f"Invalid filter clause: {text}")


def _fold(value: Any) -> Any:
    if isinstance(value, str):
        if re.match(r"\d{4}-\d\d-\d\d(T|$)", value):
            with contextlib.suppress(ValueError):
                moment = dt.datetime.fromisoformat(value)
                return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return value.casefold()
    return value


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.advanced = False
        self.names: set[str] = set()

    def peek(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.at)
        if not found:
            if self.text[self.at :].strip():
                raise refuse_filter(f"Syntax error at position {self.at} in '{self.text}'.")
            return "end", ""
        kind = str(found.lastgroup)
        return kind, found.group(kind)

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        kind, text = self.peek()
        if wanted is not None and text.lower() != wanted:
            raise refuse_filter(
                f"Syntax error: character '{text}' is not valid at position {self.at} in "
                f"'{self.text}'. '{wanted}' is expected."
            )
        found = _TOKEN.match(self.text, self.at)
        self.at = found.end() if found else len(self.text)
        return kind, text

    def read_or(self) -> Test:
        tests = [self.read_and()]
        while self.peek()[1].lower() == "or":
            self.take()
            tests.append(self.read_and())
        return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)

    def read_and(self) -> Test:
        tests = [self.read_not()]
        while self.peek()[1].lower() == "and":
            self.take()
            tests.append(self.read_not())
        return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)

    def read_not(self) -> Test:
        if self.peek()[1].lower() == "not":
            self.take()
            self.advanced = True
            inner = self.read_not()
            return lambda item: not inner(item)
        if self.peek()[1] == "(":
            self.take()
            inner = self.read_or()
            self.take(")")
            return inner
        return self.read_comparison()

    def read_comparison(self) -> Test:
        kind, word = self.take()
        if kind != "word":
            raise refuse_filter(f"A property name is expected instead of '{word}'.")
        if word.lower() in ("startswith", "endswith", "contains"):
            return self.read_function(word.lower())
        if word.lower().endswith("/any"):
            return self.read_any(word[:-4])
        operator = self.take()[1].lower()
        if operator == "in":
            return self.read_in(word)
        if operator not in _COMPARE:
            raise refuse_filter(f"'{operator}' is not an operator.")
        self.advanced |= operator == "ne"
        compare, wanted = _COMPARE[operator], self.read_literal()
        get = self.reader_of(word)

        def test(item: Mapping[str, Any]) -> bool:
            value = _fold(get(item))
            if value is None or wanted is None:
                return operator in ("eq", "ne") and compare(value, wanted)
            try:
                return compare(value, wanted)
            except TypeError as error:
                raise refuse_filter(f"'{word}' is of another type.") from error

        return test

    def read_function(self, name: str) -> Test:
        self.take("(")
        word = self.take()[1]
        self.take(",")
        wanted = str(self.read_literal())
        self.take(")")
        self.advanced |= name == "endswith"
        get = self.reader_of(word)
        method = {
            "startswith": str.startswith,
            "endswith": str.endswith,
            "contains": str.__contains__,
        }
        return lambda item: bool(method[name](str(_fold(get(item)) or ""), wanted))

    def read_in(self, word: str) -> Test:
        self.take("(")
        wanted = [self.read_literal()]
        while self.peek()[1] == ",":
            self.take()
            wanted.append(self.read_literal())
        self.take(")")
        get = self.reader_of(word)
        return lambda item: _fold(get(item)) in wanted

    def read_any(self, collection: str) -> Test:
        """Read ``categories/any(c: c eq 'x')`` and the lookup by extended property."""
        self.take("(")
        variable = self.take()[1]
        self.take(":")
        inner = self.read_or()
        self.take(")")
        get = self.reader_of(collection)
        return lambda item: any(
            inner(ChainMap({variable: one}, cast("dict[str, Any]", item)))  # never written to
            for one in get(item) or ()
        )

    def read_literal(self) -> Any:
        kind, text = self.take()
        if kind == "string":
            return _fold(text[1:-1].replace("''", "'"))
        if kind == "moment":
            return _fold(text)
        if kind == "number":
            return float(text) if "." in text else int(text)
        words = {"true": True, "false": False, "null": None}
        if kind == "word" and text.lower() in words:
            return words[text.lower()]
        raise refuse_filter(f"A value is expected instead of '{text}'.")

    def reader_of(self, path: str) -> Callable[[Mapping[str, Any]], Any]:
        parts = path.split("/")
        self.names.add(parts[0])

        def get(item: Mapping[str, Any]) -> Any:
            value: Any = item
            for part in parts:
                value = value.get(part) if isinstance(value, Mapping) else None
            return value

        return get


def read_filter(text: str) -> Filter:
    """Read a ``$filter``.

    Raises:
        GraphError: 400 ``BadRequest`` that says what was not understood.
    """
    reader = _Reader(text)
    test = reader.read_or()
    if reader.peek()[0] != "end":
        raise refuse_filter(f"Syntax error at position {reader.at} in '{text}'.")
    return Filter(test, reader.advanced, frozenset(reader.names))
