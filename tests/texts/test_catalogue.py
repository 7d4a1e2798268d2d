"""Every message exists in every language, with the same fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import scheduler
from scheduler.texts.__main__ import Message, collect_messages, update_catalogue
from scheduler.texts.catalogue import FOLDER, languages, texts_in

FIELD = re.compile(r"\{(\w+)\}")
TRANSLATED = [language for language in languages() if language != "en"]


@pytest.fixture(scope="module")
def messages() -> set[Message]:
    return collect_messages(Path(scheduler.__file__).parent)


def catalogue(language: str) -> dict[Message, object]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    return {message.id: message for message in read if message.id}


def test_english_and_german_are_shipped():
    assert {"en", "de"} <= set(languages())


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_holds_exactly_the_messages_of_the_code(messages, language):
    held = set(catalogue(language))

    assert held - messages == set()
    assert messages - held == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_has_the_fields_of_its_message(language):
    for key, message in catalogue(language).items():
        forms = (message.string,) if isinstance(message.string, str) else message.string
        originals = (key,) if isinstance(key, str) else key
        assert all(forms), key
        assert not message.fuzzy, key
        expected = set().union(*(FIELD.findall(original) for original in originals))
        for form in forms:
            # A form for one may say "a" or "every" instead of the number.
            assert expected - {"count"} <= set(FIELD.findall(form)) <= expected, key


def test_language_with_a_country_is_read_as_the_language():
    assert texts_in("de-AT").say("Save") == "Speichern"
    assert texts_in("de_CH").say("Save") == "Speichern"


@pytest.mark.parametrize("language", [None, "", "xx", "pt-BR", "en"])
def test_language_without_a_catalogue_is_english(language):
    assert texts_in(language).language == "en"
    assert texts_in(language).say("Save") == "Save"


def test_plural_forms_follow_the_language():
    one, many = "{count} earlier answer", "{count} earlier answers"

    assert [texts_in("de").say_plural(one, many, count) for count in (0, 1, 2)] == [
        "0 frühere Antworten",
        "1 frühere Antwort",
        "2 frühere Antworten",
    ]
    assert texts_in("en").say_plural(one, many, 1) == "1 earlier answer"


def test_name_with_braces_stays_a_name():
    assert texts_in("en").say("{name} begins.", name="{name} {0}") == "{name} {0} begins."


def test_update_brings_in_new_messages_and_keeps_translations(tmp_path):
    path = tmp_path / "de.po"
    path.write_text((FOLDER / "de.po").read_text())
    messages = {"Save", "A new message", ("{count} earlier answer", "{count} earlier answers")}

    assert update_catalogue(path, messages) == 1

    with path.open("rb") as file:
        read = read_po(file, locale="de")
    assert {message.id: message.string for message in read if message.id} == {
        "Save": "Speichern",
        "A new message": "",
        ("{count} earlier answer", "{count} earlier answers"): (
            "{count} frühere Antwort",
            "{count} frühere Antworten",
        ),
    }


def test_catalogues_are_as_the_update_writes_them(messages, tmp_path):
    for language in TRANSLATED:
        path = tmp_path / f"{language}.po"
        path.write_text((FOLDER / f"{language}.po").read_text())

        assert update_catalogue(path, messages) == 0
        assert path.read_text() == (FOLDER / f"{language}.po").read_text()
