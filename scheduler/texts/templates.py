"""The templates of pages: one way to open them, in which nothing is left unescaped or unsaid."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def open_templates(package: str) -> Environment:
    """The folder ``templates`` of a package; a name that a template lacks is an error."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
