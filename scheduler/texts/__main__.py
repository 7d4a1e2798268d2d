"""``python -m scheduler.texts``: bring every catalogue up to date with what the code says.

New messages come in without a translation, messages that nobody says any more go.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from scheduler.texts.catalogue import FOLDER

KEYWORDS = {"say": None, "mark": None, "say_plural": (1, 2)}

Message = str | tuple[str, str]


def collect_messages(root: Path) -> set[Message]:
    """All messages of the modules below ``root`` that use texts: a text, or both its forms."""
    found: set[Message] = set()
    for path in sorted(root.rglob("*.py")):
        if "scheduler.texts" in path.read_text(encoding="utf-8"):
            for _, message, *_ in extract_from_file("python", path, keywords=KEYWORDS):
                found.add(message if isinstance(message, str) else (message[0], message[1]))
    return found


def update_catalogue(path: Path, messages: set[Message]) -> int:
    """Rewrite one ``.po`` file, sorted; how many of its messages have no translation."""
    text = path.read_text(encoding="utf-8")
    header, _, _ = text.partition("\n\n")
    old = read_po(io.BytesIO(text.encode()), locale=path.stem)
    new = Catalog(locale=path.stem)
    untranslated = 0
    for message in messages:
        kept = old.get(message)
        new.add(message, kept.string if kept else None)
        untranslated += not (kept and kept.string and all(kept.string))
    written = io.BytesIO()
    write_po(written, new, omit_header=True, sort_output=True, width=100)
    path.write_text(f"{header}\n\n{written.getvalue().decode().strip()}\n", encoding="utf-8")
    return untranslated


def main() -> None:
    """Update all catalogues and say what is left to translate."""
    messages = collect_messages(FOLDER.parent)
    for path in sorted(FOLDER.glob("*.po")):
        untranslated = update_catalogue(path, messages)
        print(f"{path.name}: {len(messages)} messages, {untranslated} to translate")  # noqa: T201


if __name__ == "__main__":
    main()
