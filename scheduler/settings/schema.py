"""JSON Schema of each kind of file, with which an editor completes and checks while typing."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from scheduler.programmes.programme import Programme
from scheduler.settings.organisation import Organisation
from scheduler.settings.people_sources import PeopleSources
from scheduler.settings.presets import preset_names
from scheduler.settings.spelling import SPELLINGS, Spelling

FileKind = Literal["organisation", "programme", "people"]
FILE_KINDS: tuple[FileKind, ...] = ("organisation", "programme", "people")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_MODELS: dict[FileKind, type[BaseModel]] = {
    "organisation": Organisation,
    "programme": Programme,
    "people": PeopleSources,
}
_PARTIAL = ("Audience", "Size", "Window", "VenueWish", "AgendaPlan", "Cadence", "SignUp")
"""Blocks of a programme that a file with a preset may give in part."""


def make_schema(kind: FileKind) -> dict[str, Any]:
    """The schema of one kind of file, as HR writes it.

    What depends on several values at once (sizes in order, an agenda that fits) is not in it;
    ``scheduler check`` finds that.
    """
    schema = _MODELS[kind].model_json_schema()
    _allow_yes_and_no(schema)
    if kind == "programme":
        _rewrite_programme(schema)
    if kind == "people":
        schema["type"] = ["object", "null"]  # a file that holds nothing but notes
    title = {"title": f"{kind}.yaml" if kind != "programme" else "a file of programmes/"}
    return {"$schema": DIALECT, **schema, **title}


def _allow_yes_and_no(schema: Any) -> None:
    """Where the code has true and false, people write yes and no."""
    if isinstance(schema, dict):
        if schema.get("type") == "boolean":
            del schema["type"]
            schema["enum"] = [True, False, "yes", "no"]
        for value in schema.values():
            _allow_yes_and_no(value)
    elif isinstance(schema, list):
        for value in schema:
            _allow_yes_and_no(value)


def _rewrite_programme(schema: dict[str, Any]) -> None:
    definitions, properties = schema["$defs"], schema["properties"]
    rules = {
        "type": "array",
        "items": {"anyOf": [_rule_schema(name, one) for name, one in SPELLINGS.items()]},
    }
    needed = [key for key in schema.pop("required") if key != "name"]
    del properties["name"]
    definitions["Rules"] = rules
    for key, text in (
        ("rules", "what every group must or should satisfy"),
        ("more_rules", "rules beside those of the preset"),
    ):
        properties[key] = {"$ref": "#/$defs/Rules", "description": text}
    properties["preset"] = {
        "enum": list(preset_names()),
        "description": "a shipped programme; what this file says replaces what the preset says",
    }
    schema["anyOf"] = [{"required": ["preset"]}, {"required": needed}]
    for name in _PARTIAL:
        definitions.get(name, {}).pop("required", None)
    for spelling in SPELLINGS.values():
        definitions.pop(spelling.model.__name__, None)


def _rule_schema(name: str, spelling: Spelling) -> dict[str, Any]:
    """One rule as HR writes it: its name, its value, and perhaps a weight beside it."""
    model = spelling.model.model_json_schema()
    fields = {key: value for key, value in model["properties"].items() if key != "kind"}
    _allow_yes_and_no(fields)
    forms: list[dict[str, Any]] = []
    if spelling.word is not None:
        forms.append({"const": spelling.word})
    else:
        if spelling.short is not None:
            forms.append(fields[spelling.short])
        required = [key for key in model.get("required", []) if key != "kind"]
        block = {"type": "object", "properties": fields, "additionalProperties": False}
        forms.append({**block, "required": required})
    if name == "not_met_within":
        forms.append({"type": "string", "pattern": "^[0-9]{1,4} (rounds|days)$"})
    properties: dict[str, Any] = {
        name: {
            "anyOf": forms,
            "description": " ".join((spelling.model.__doc__ or "").split()),
            "examples": [spelling.example],
        }
    }
    if "weight" in fields:
        properties["weight"] = fields["weight"]
    return {
        "type": "object",
        "properties": properties,
        "required": [name],
        "additionalProperties": False,
    }
