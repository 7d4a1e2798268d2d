"""Expressions over the fields of a person: ``office in [London, Pune] and tenure >= 2 years``.

Comparisons with ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``in``, ``not in``, ``contains``,
``is unknown`` and ``is known`` are joined by ``and``, ``or``, ``not`` and parentheses. Text is
compared without regard to case. Values need quotes only where they hold a sign of the language
or one of its words: ``department = "Research and Development"``.

Where a field is unknown, every comparison with it is false and so its opposite is true:
``office != London`` is exactly ``not office = London``.
"""

from __future__ import annotations

import datetime as dt
import difflib
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from scheduler.people.fields import FIELDS, Field, Kind, add_span, read_span
from scheduler.people.person import Person
from scheduler.programmes.values import read_day

__all__ = ["Where", "WhereError", "parse_where"]

Test = Callable[[Person, dt.date], bool]

LONGEST = 2000
"""Characters of one expression; together with the next limit, nesting stays within the stack."""
DEEPEST = 40

_SIGNS = r"""\s\[\](),"'=!<>"""
_GRAMMAR = rf"""
?start: either
?either: both (_OR both)*
?both: negated (_AND negated)*
?negated: _NOT negated -> negation
        | "(" either ")"
        | comparison
?comparison: word                           -> flag
           | word OPERATOR value            -> compare
           | word _IS value                 -> equal
           | word _IS _NOT value            -> differ
           | word _IS _UNKNOWN              -> unknown
           | word _IS _NOT _KNOWN           -> unknown
           | word _IS _KNOWN                -> known
           | word _IS _NOT _UNKNOWN         -> known
           | word _CONTAINS value           -> contains
           | word _IN list                  -> member
           | word _NOT _IN list             -> outsider
list: "[" value ("," value)* ","? "]"
value: QUOTED | WORD+
word: WORD
OPERATOR: "==" | "=" | "!=" | "<=" | "<" | ">=" | ">"
QUOTED: /"[^"]*"/ | /'[^']*'/
WORD: /[^{_SIGNS}]+/
%ignore /\s+/
""" + "".join(
    f"_{word.upper()}.2: /{word}(?![^{_SIGNS}])/i\n"
    for word in ("or", "and", "not", "in", "is", "unknown", "known", "contains")
)

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "==": operator.eq,
}  # fmt: skip


class WhereError(ValueError):
    """An expression that cannot be understood.

    ``column`` counts from 0 within the expression; ``suggestion`` is the nearest right word.
    """

    def __init__(self, message: str, column: int, suggestion: str | None = None) -> None:
        self.message, self.column, self.suggestion = message, column, suggestion
        super().__init__(f"{message}; did you mean {suggestion}?" if suggestion else message)


@dataclass(frozen=True, slots=True)
class Where:
    """A checked expression: ``text`` as written, ``fields`` it reads, ``test`` compiled.

    ``names`` are the texts with which fields are compared for being equal, as (field, text).
    """

    text: str
    fields: frozenset[str]
    names: frozenset[tuple[str, str]]
    test: Test = field(repr=False, compare=False)

    def matches(self, person: Person, today: dt.date) -> bool:
        """Whether the person satisfies the expression on that day."""
        return self.test(person, today)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")


@lru_cache(maxsize=512)
def parse_where(text: str) -> Where:
    """Check and compile an expression.

    Raises:
        WhereError: it cannot be understood; says where and, if a word is close, which is meant.
    """
    if not text.strip():
        raise WhereError("the expression is empty; write one like: office = London", 0)
    if len(text) > LONGEST or max(text.count("("), text.casefold().count("not")) > DEEPEST:
        raise WhereError(
            f"the expression is too long or too deeply nested (at most {LONGEST} characters, "
            f"{DEEPEST} parentheses and {DEEPEST} times not)",
            0,
        )
    try:
        tree = _parser().parse(text)
    except UnexpectedCharacters as error:
        column = int(error.pos_in_stream or 0)
        sign = text[column]
        if sign in "\"'":
            message = f"the quote {sign} is never closed"
        else:
            message = f"{sign} has no meaning here"
        raise WhereError(message, column) from None
    except UnexpectedEOF:
        raise WhereError("the expression ends too early", len(text)) from None
    except UnexpectedToken as error:
        raise _misplaced(text, error) from None
    fields: set[str] = set()
    test = _compile(tree, fields)
    return Where(text, frozenset(fields), frozenset(_names(tree)), test)


def _names(tree: Tree[Token]) -> Iterator[tuple[str, str]]:
    for node in tree.find_pred(lambda node: node.data in _EQUALITIES):
        word, *rest = _trees(node)
        name = str(word.children[0]).casefold()
        if FIELDS[name].kind is Kind.TEXT:
            for value in rest[0].find_data("value"):
                yield name, _value(value)[0]


_EQUALITIES = ("compare", "equal", "differ", "member", "outsider")


def _misplaced(text: str, error: UnexpectedToken) -> WhereError:
    if error.token.type == "$END":
        return WhereError("the expression ends too early", len(text))
    column = int(error.token.start_pos or 0)
    word = str(error.token)
    joins = {"_AND", "_OR"} & error.accepts
    if joins and "OPERATOR" in error.accepts:
        return WhereError(
            f"before {word} a comparison is missing, for example: office = London", column
        )
    if joins:
        return WhereError(f"before {word} the word and or the word or is missing", column)
    if "QUOTED" in error.accepts:
        return WhereError(f"a value is missing before {word}", column)
    if error.accepts == {"LSQB"}:
        return WhereError("after in comes a list in brackets, for example [London, Pune]", column)
    return WhereError(f"{word} has no meaning here", column)


def _compile(tree: Tree[Token], fields: set[str]) -> Test:
    if tree.data in _JOINTS:
        return _JOINTS[tree.data](tuple(_compile(child, fields) for child in _trees(tree)))
    token = _trees(tree)[0].children[0]
    assert isinstance(token, Token)  # noqa: S101 - the grammar says so
    found = _field(token, alone=tree.data == "flag")
    fields.add(found.name)
    if tree.data == "flag":
        return _flag(found, token)
    if tree.data in ("unknown", "known"):
        return _unknown(found) if tree.data == "unknown" else _opposite(_unknown(found))
    value = _trees(tree)[1]
    if tree.data in ("member", "outsider"):
        member = _any_of(_list(found, value))
        return member if tree.data == "member" else _opposite(member)
    if tree.data == "contains":
        return _contains(found, *_value(value))
    sign = {"equal": "=", "differ": "!="}.get(tree.data) or str(tree.children[1])
    return _comparison(found, sign, *_value(value))


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _field(token: Token, *, alone: bool) -> Field:
    name = str(token).casefold()
    if name in FIELDS:
        return FIELDS[name]
    known = [field.name for field in FIELDS.values() if field.kind is Kind.FLAG or not alone]
    near = difflib.get_close_matches(name.replace("-", "_"), known, n=1, cutoff=0.6)
    message = f"a person has no field {token}"
    if alone and not near:
        message += " (a value with the word and, or, not in it needs quotes)"
    elif not near:
        message += f" (there are {', '.join(FIELDS)})"
    raise WhereError(message, int(token.start_pos or 0), near[0] if near else None)


def _value(node: Tree[Token]) -> tuple[str, int]:
    """The value's text, and its column."""
    tokens = [child for child in node.children if isinstance(child, Token)]
    text = " ".join(str(token) for token in tokens)
    if tokens[0].type == "QUOTED":
        text = text[1:-1]
    return text.strip(), int(tokens[0].start_pos or 0)


def _list(found: Field, node: Tree[Token]) -> tuple[Test, ...]:
    return tuple(_comparison(found, "=", *_value(child)) for child in _trees(node))


def _flag(found: Field, token: Token) -> Test:
    if found.kind is not Kind.FLAG:
        raise WhereError(
            f"{found.name} needs a comparison, for example: {found.name} {_EXAMPLES[found.kind]}",
            int(token.start_pos or 0),
        )
    return lambda person, _: bool(found.read(person))


_EXAMPLES = {
    Kind.TEXT: "= London",
    Kind.NUMBER: ">= 3",
    Kind.DAY: ">= 2026-12-07",
    Kind.SPAN: ">= 2 years",
    Kind.LIST: "contains German",
}


def _unknown(found: Field) -> Test:
    return lambda person, _: found.read(person) in (None, (), "")


def _contains(found: Field, text: str, column: int) -> Test:
    wanted = text.casefold()
    if found.kind is Kind.LIST:
        return lambda person, _: wanted in [item.strip().casefold() for item in found.read(person)]
    if found.kind is not Kind.TEXT:
        raise WhereError(f"{found.name} is compared with {found.kind.value}, not searched", column)
    return lambda person, _: wanted in (found.read(person) or "").casefold()


def _comparison(found: Field, sign: str, text: str, column: int) -> Test:
    if sign == "!=":
        return _opposite(_comparison(found, "=", text, column))
    try:
        if found.kind in (Kind.NUMBER, Kind.DAY, Kind.SPAN):
            return _ordered(found, _ORDER[sign], text)
        if sign in ("=", "=="):
            return _equal(found, text, column)
    except ValueError:
        pass
    if found.kind in (Kind.TEXT, Kind.LIST):
        message = f"{found.name} is text; compare it with =, !=, in or contains"
    else:
        wanted = found.kind.value
        message = f"{found.name} is compared with {wanted}, and not with {text or 'nothing'}"
    raise WhereError(message, column)


def _ordered(found: Field, order: Callable[[Any, Any], bool], text: str) -> Test:
    read = found.read
    if found.kind is Kind.SPAN:
        span = read_span(text)
        return lambda person, today: (
            (start := read(person)) is not None and order(today, add_span(start, span))
        )
    other: Any = int(text) if found.kind is Kind.NUMBER else read_day(text)
    return lambda person, _: (value := read(person)) is not None and order(value, other)


def _equal(found: Field, text: str, column: int) -> Test:
    read, wanted = found.read, text.casefold()
    if found.kind is Kind.LIST:
        return _contains(found, text, column)
    if found.kind is Kind.FLAG:
        if wanted not in _YES_NO:
            raise ValueError(text)
        return lambda person, _: bool(read(person)) is _YES_NO[wanted]
    return lambda person, _: (
        (value := read(person)) is not None and value.strip().casefold() == wanted
    )


_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def _opposite(test: Test) -> Test:
    return lambda person, today: not test(person, today)


def _any_of(tests: tuple[Test, ...]) -> Test:
    return lambda person, today: any(test(person, today) for test in tests)


def _all_of(tests: tuple[Test, ...]) -> Test:
    return lambda person, today: all(test(person, today) for test in tests)


_JOINTS: dict[str, Callable[[tuple[Test, ...]], Test]] = {
    "either": _any_of,
    "both": _all_of,
    "negation": lambda tests: _opposite(tests[0]),
}
