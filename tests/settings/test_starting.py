from __future__ import annotations

import dataclasses

import pytest

from scheduler.settings.loader import load_settings
from scheduler.settings.starting import (
    QUESTIONS,
    AnswerError,
    Answers,
    country_of_zone,
    offered_presets,
    write_config,
    zone_of_city,
)

GOOD = Answers(
    company='Lindenhof: "GmbH" & Co',
    organisers="lunch@lindenhof.example, coffee@lindenhof.example",
    contact="people@lindenhof.example",
    offices="London, São Paulo, Pune=Asia/Kolkata, new york",
    programmes="cross-team-lunch, coffee",
)


def test_five_questions_are_asked_one_for_each_answer():
    fields = [field.name for field in dataclasses.fields(Answers)]
    assert [question.key for question in QUESTIONS] == fields
    assert len(QUESTIONS) == 5


def test_answers_become_a_config_that_loads(tmp_path):
    files = write_config(tmp_path / "config", GOOD)
    settings = load_settings(tmp_path / "config")
    assert settings.organisation.company == GOOD.company
    assert settings.organisation.organisers[0].endswith("@lindenhof.example")
    assert [(one.name, one.zone, one.country) for one in settings.organisation.offices] == [
        ("London", "Europe/London", "GB"),
        ("São Paulo", "America/Sao_Paulo", "BR"),
        ("Pune", "Asia/Kolkata", "IN"),
        ("new york", "America/New_York", "US"),
    ]
    assert list(settings.programmes) == ["coffee", "cross-team-lunch"]
    assert settings.warnings == ()
    assert all(path.is_file() for path in files)


def test_every_offered_preset_can_be_begun_with(tmp_path):
    write_config(tmp_path, dataclasses.replace(GOOD, programmes=", ".join(offered_presets())))
    assert list(load_settings(tmp_path).programmes) == list(offered_presets())


def test_hints_are_answers_that_work(tmp_path):
    write_config(tmp_path, Answers(**{question.key: question.hint for question in QUESTIONS}))
    assert load_settings(tmp_path).organisation.company == "Lindenhof"


@pytest.mark.parametrize(
    ("key", "answer", "words"),
    [
        ("company", " ", "The company needs a name"),
        ("organisers", "lunch", "lunch is none"),
        ("contact", "", "none is given"),
        ("offices", "Atlantis", "Atlantis=Europe/Berlin"),
        ("offices", "Pune=Asia/Pune", "The time zone of Pune is not known"),
        ("programmes", "cofee", "There is no programme cofee"),
        ("programmes", "outing", "There is no programme outing to begin with"),
    ],
)
def test_answer_that_cannot_be_used_says_why(tmp_path, key, answer, words):
    with pytest.raises(AnswerError, match=words):
        write_config(tmp_path, dataclasses.replace(GOOD, **{key: answer}))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(AnswerError, match="holds files already"):
        write_config(tmp_path, GOOD)


def test_cities_and_zones():
    assert zone_of_city("sao paulo") == "America/Sao_Paulo"
    assert zone_of_city("Nowhere") is None
    assert country_of_zone("Australia/Sydney") == "AU"
    assert country_of_zone("UTC") is None
