"""Message catalogues: English in the code, every other language in one ``.po`` file beside this.

A message is its English text with named fields, ``"{name} joined in {month}"``. To add a
language, copy ``de.po``, translate it, and save it under the language's code; nothing else has
to change. What a catalogue lacks is said in English.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent
SOURCE = "en"
# Bare "en" would be American to babel; the programme's home is where the week starts on Monday.
_HOME = {"en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Texts:
    """The messages of one language; ``locale`` also knows how its dates and lists are written."""

    language: str
    locale: Locale
    _translations: gettext.NullTranslations

    def say(self, message: str, **fields: object) -> str:
        """The message in this language, with its fields filled in."""
        return self._translations.gettext(message).format(**fields)

    def say_plural(self, one: str, many: str, count: int, **fields: object) -> str:
        """The form of the message that fits ``count``, which is also the field ``count``."""
        message = self._translations.ngettext(one, many, count)
        return message.format(count=format_decimal(count, locale=self.locale), **fields)


def mark(message: str) -> str:
    """Name a message that is said elsewhere, so that it is found for the catalogues."""
    return message


def languages() -> tuple[str, ...]:
    """The languages that there are texts in, the source first."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def texts_in(language: str | None) -> Texts:
    """The texts for a language tag such as ``de``, ``de-AT`` or ``en_US``; English for others."""
    for tag in (language or SOURCE, SOURCE):
        code = tag.replace("-", "_").split("_")[0].lower()
        if code in languages():
            return Texts(code, _locale(tag, code), _translations(code))
    raise AssertionError("unreachable: the source language always exists")


def _locale(tag: str, code: str) -> Locale:
    wanted = tag if "_" in tag or "-" in tag else _HOME.get(code, code)
    try:
        return Locale.parse(wanted.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_HOME.get(code, code))


@cache
def _translations(code: str) -> gettext.NullTranslations:
    if code == SOURCE:
        return gettext.NullTranslations()
    with (FOLDER / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
