"""Presets: programmes shipped as data, which a file names and overrides field by field."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

from scheduler.settings.yaml_file import parse_yaml

_FOLDER = resources.files("scheduler.programmes") / "presets"


@lru_cache(maxsize=1)
def preset_names() -> tuple[str, ...]:
    """The names that ``preset:`` takes."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in _FOLDER.iterdir()
            if entry.name.endswith(".yaml")
        )
    )


def preset_text(name: str) -> str:
    """A preset's file, with the notes in it.

    Raises:
        KeyError: there is no preset of that name.
    """
    if name not in preset_names():
        raise KeyError(name)
    return (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def read_preset(name: str) -> dict[str, Any]:
    """A preset's fields, as a file would write them.

    Raises:
        KeyError: there is no preset of that name.
    """
    document, problems = parse_yaml(preset_text(name).encode(), f"{name}.yaml")
    if problems or not isinstance(document.data, dict):
        raise RuntimeError(f"the shipped preset {name} cannot be read: {problems}")
    return document.data


def override(preset: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """The preset with what was written in its place: blocks key by key, all else as a whole."""
    merged = dict(preset)
    for key, value in written.items():
        below = merged.get(key)
        both_blocks = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = override(below, value) if both_blocks else value  # type: ignore[arg-type]
    return merged
