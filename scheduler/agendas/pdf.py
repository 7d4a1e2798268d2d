"""An agenda as an accessible PDF of one page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import typst
from anyascii import anyascii

from scheduler.agendas.agenda import Agenda

_SOURCE = Path(__file__).with_name("agenda.typ")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]|\\u00[01][0-9a-f]")
_SPELT = re.compile(r"\\u\{([0-9a-f]+)\}")
_lock = Lock()


def agenda_pdf(agenda: Agenda) -> bytes:
    """The agenda as PDF/UA-1 on A4; the same agenda gives the same bytes on one machine.

    Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Georgian and Armenian are in the fonts
    that come with typst; Chinese, Japanese, Korean, Thai and others are drawn with the machine's
    fonts (``fonts-noto-cjk``). Where no font has a letter, it is written in Latin letters,
    because a PDF with empty boxes would not be readable; the invitation's text keeps the
    original.
    """
    made = agenda.items[0].starts
    text = json.dumps(dataclasses.asdict(agenda), default=_as_text, ensure_ascii=False)
    text = _UNPRINTABLE.sub(" ", text)
    with _lock:  # one compiler is shared: it keeps fonts and layout between agendas
        try:
            return _compile(text, made)
        except typst.TypstError as error:
            report = _SPELT.sub(lambda spelt: chr(int(spelt[1], 16)), error.diagnostic)
            undrawn = {letter for letter in text if letter > "\x7f" and letter in report}
        try:
            return _compile(_in_latin(text, "".join(undrawn)), made)
        except typst.TypstError:  # letters that fail only beside those that are gone now
            return _compile(_in_latin(text, "\x80-\U0010ffff"), made)


def _compile(data: str, made: dt.datetime) -> bytes:
    pdf = _compiler().compile(
        format="pdf",
        sys_inputs={"agenda": data},
        pdf_standards=["ua-1"],
        timestamp=int(made.timestamp()),
    )
    return cast("bytes", pdf)


def _in_latin(text: str, letters: str) -> str:
    """The text with these letters (a range such as ``а-я`` counts) spelt in Latin ones."""
    if not letters:
        return text
    return re.sub(f"[{letters}]+", lambda run: json.dumps(anyascii(run[0]) or "?")[1:-1], text)


def _as_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    raise TypeError(f"an agenda holds no {type(value).__name__}")


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_SOURCE, font_paths=typst.Fonts())
