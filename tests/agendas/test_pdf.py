"""The PDF: one accessible page that says what the agenda says, whatever the names."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from scheduler.agendas import pdf
from scheduler.agendas.agenda import write_agenda
from scheduler.agendas.pdf import agenda_pdf
from scheduler.people.person import Person
from scheduler.programmes.programme import AgendaItem, AgendaPlan


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def words(made: bytes) -> str:
    """The text without line breaks, which fall where the page is full."""
    return " ".join(" ".join(page.extract_text() for page in read(made).pages).split())


def test_page_says_all_that_the_agenda_says(plan, lunch):
    agenda = write_agenda(plan, **lunch)

    text = words(agenda_pdf(agenda))

    for expected in (
        agenda.title,
        agenda.purpose,
        f"{agenda.day}, {agenda.span}",
        agenda.zone,
        agenda.place,
        *agenda.elsewhere,
        *(person.about for person in agenda.people),
        *agenda.why,
        *(item.title for item in agenda.items),
        *agenda.everyone_speaks,
        *agenda.prompts,
        *(starter.question for starter in agenda.starters),
        *agenda.closing,
    ):
        assert " ".join(expected.split()) in text


def test_names_in_latin_greek_and_cyrillic_are_readable(plan, lunch):
    text = words(agenda_pdf(write_agenda(plan, **lunch)))

    assert "Zoë Łukasiewicz" in text
    assert "Ελένη Παπαδοπούλου" in text
    assert "Наталья Щербакова" in text


def test_typesetting_marks_in_a_name_are_letters(plan, lunch, members):
    text = words(agenda_pdf(write_agenda(plan, **lunch)))

    assert members[3].name in text


def test_page_is_accessible_and_named(plan, lunch):
    reader = read(agenda_pdf(write_agenda(plan, **lunch | {"language": "en"})))

    assert reader.metadata.title == "Cross-team lunch"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in (
        reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    )


def test_evening_with_a_guest_names_topic_and_guest(plan, lunch):
    evening = plan.model_copy(update={"topic": "Batteries", "speaker": "Dr. Curie"})

    text = words(agenda_pdf(write_agenda(evening, **lunch)))

    assert "Topic Batteries" in text
    assert "Guest Dr. Curie" in text


def test_same_agenda_gives_the_same_bytes(plan, lunch):
    agenda = write_agenda(plan, **lunch)

    assert agenda_pdf(agenda) == agenda_pdf(agenda)


@pytest.mark.parametrize("size", [2, 5, 8, 20])
def test_long_texts_and_large_groups_stay_on_one_page(size):
    long = "Department of Extraordinarily Long and Thoroughly Descriptive Names"
    people = [
        Person(
            id=str(number),
            name=f"Maximiliana-Alexandra von Hohenstein-Württemberg {number}",
            mail="m@example.com",
            department=f"{long} {number}",
            title="Senior Principal Programme Coordination Specialist",
            office=f"Llanfairpwllgwyngyll {number % 3}",
            level=number,
        )
        for number in range(size)
    ]
    item = AgendaItem(minutes=10, title="Talk about what you do " * 2, text="And listen. " * 8)
    plan = AgendaPlan(purpose="Meet people whom you would not meet. " * 4, items=(item,) * 6)
    agenda = write_agenda(
        plan,
        title="A networking hour with a title of considerable length",
        members=people,
        starts=dt.datetime(2026, 12, 7, 12, tzinfo=dt.UTC),
        minutes=60,
        place="Room 3.14, third floor, the building behind the other building",
        why=("You have never met, and you work on the same thing without knowing it. " * 2,),
    )

    assert len(read(agenda_pdf(agenda)).pages) == 1


def test_letters_that_no_font_has_are_spelt_in_latin(plan, lunch, monkeypatch):
    bare = typst.Compiler(pdf._SOURCE, font_paths=typst.Fonts(include_system_fonts=False))
    monkeypatch.setattr(pdf, "_compiler", lambda: bare)

    text = words(agenda_pdf(write_agenda(plan, **lunch | {"title": "午餐 สวัสดี with Zoë 😀"})))

    assert "WuCan swasdi with Zoë :grinning:" in text


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(min_size=1, max_size=30))
def test_any_name_gives_a_page(plan, lunch, members, name):
    named = dataclasses.replace(members[0], name=name)

    agenda = write_agenda(plan, **lunch | {"members": [named, members[1]]})

    assert len(read(agenda_pdf(agenda)).pages) == 1
