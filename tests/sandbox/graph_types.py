"""Microsoft's own types as a judge: a body with an unknown property, type or word is refused."""

from __future__ import annotations

import base64
import json
import re
import uuid
from pathlib import Path
from typing import Any


class GraphTypes:
    """The types of ``types.json``; complaints are sentences with the path of the value."""

    def __init__(self, path: Path) -> None:
        data = json.loads(path.read_text(encoding="utf-8"))
        self._types, self._enums = data["types"], data["enums"]
        self._operations = data["operations"]

    def complaints(self, value: Any, type_name: str, where: str = "$") -> list[str]:
        """Say what is wrong with a value of an entity or complex type."""
        if not isinstance(value, dict):
            return [f"{where}: {type_name} expected, found {type(value).__name__}"]
        named = value.get("@odata.type")
        if named:
            type_name = named.removeprefix("#").removeprefix("microsoft.graph.")
        if type_name not in self._types:
            return [f"{where}: unknown type {type_name}"]
        members = self._members(type_name)
        found = []
        for name, inner in value.items():
            if "@" in name:
                continue
            if name not in members:
                found.append(f"{where}.{name}: no property of {type_name}")
            else:
                kind, nullable = members[name]
                found += self._of(inner, kind, nullable, f"{where}.{name}")
        return found

    def complain_of_action(self, body: Any, action: str) -> list[str]:
        """Say what is wrong with the parameters of an action; their case does not matter."""
        forms = [form["parameters"] for form in self._operations[action]]
        results = []
        for form in forms:
            known = {name.lower(): kind for name, kind in form.items()}
            found = []
            for name, inner in body.items():
                if name.lower() not in known:
                    found.append(f"$.{name}: no parameter of {action}")
                else:
                    found += self._of(inner, known[name.lower()], True, f"$.{name}")
            results.append(found)
        return min(results, key=len)

    def _members(self, type_name: str) -> dict[str, tuple[str, bool]]:
        members: dict[str, tuple[str, bool]] = {}
        current: str | None = type_name
        while current:
            declared = self._types[current]
            for name, form in declared["properties"].items():
                members.setdefault(name, (form["type"], form["nullable"]))
            for name, kind in declared["navigation"].items():
                members.setdefault(name, (kind, True))
            current = declared["base"]
        return members

    def _of(self, value: Any, kind: str, nullable: bool, where: str) -> list[str]:
        if value is None:
            return [] if nullable else [f"{where}: must not be null"]
        if kind.startswith("Collection("):
            if not isinstance(value, list):
                return [f"{where}: a list is expected"]
            inner = kind[11:-1]
            return [
                complaint
                for number, one in enumerate(value)
                for complaint in self._of(one, inner, False, f"{where}[{number}]")
            ]
        name = kind.removeprefix("graph.")
        if name in self._enums:
            good = value in self._enums[name]["members"]
            return [] if good else [f"{where}: {value!r} is no {name}"]
        if name in self._types:
            return self.complaints(value, name, where)
        return [] if _fits(value, kind) else [f"{where}: {value!r} is no {kind}"]


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "Edm.String":
            return isinstance(value, str)
        case "Edm.Boolean":
            return isinstance(value, bool)
        case "Edm.Int32" | "Edm.Int64" | "Edm.Int16":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Edm.Double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Edm.DateTimeOffset":
            return isinstance(value, str) and bool(_DATE_TIME.fullmatch(value))
        case "Edm.TimeOfDay":
            return isinstance(value, str) and bool(re.fullmatch(r"\d\d:\d\d:\d\d\.\d{7}", value))
        case "Edm.Guid":
            return isinstance(value, str) and str(uuid.UUID(value)) == value
        case "Edm.Binary":
            return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
        case "graph.resourceData":
            return isinstance(value, dict)
        case _:
            raise AssertionError(f"no rule for {kind}")
