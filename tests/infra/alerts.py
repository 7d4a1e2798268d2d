"""The alerts' queries of ``watch.bicep``, read so that lines of the log can be put to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pycep import BicepParser

WATCH = Path(__file__).parents[2] / "infra" / "azure" / "watch.bicep"
FIELD = re.compile(r"\bline\.(\w+)")


def read_query(alert: str) -> str:
    """The query of one alert, as it stands."""
    resource = BicepParser().parse(file_path=WATCH)["resources"][alert]["config"]
    (criterion,) = resource["properties"]["criteria"]["allOf"]
    return criterion["query"]


def read_fields(alert: str) -> set[str]:
    """The fields of our log that it reads."""
    return set(FIELD.findall(read_query(alert)))


def read_test(alert: str) -> Callable[[dict], bool]:
    """Whether the query counts a line; knows as much of the query language as the queries use."""
    table, extend, *conditions = [part.strip() for part in read_query(alert).split("|")]
    assert table == "ContainerAppConsoleLogs_CL"
    assert extend == "extend line = parse_json(Log_s)"
    expression = " and ".join(f"({part.removeprefix('where ')})" for part in conditions)
    expression = FIELD.sub(r"line.get('\1')", expression)
    names = {"isnotnull": lambda value: value is not None, "toint": _to_int}
    return lambda line: bool(eval(expression, names, {"line": line}))


class _Nothing:
    """Kusto's null: what is reckoned with it is null, and no comparison with it holds."""

    def __add__(self, other):
        return self

    __radd__ = __add__

    def __eq__(self, other):
        return False

    __ne__ = __eq__
    __hash__ = None


def _to_int(value):
    return _Nothing() if value is None else int(value)
