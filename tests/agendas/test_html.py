"""The body of the invitation says all of the agenda, and nothing in it is markup by accident."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser

from scheduler.agendas.agenda import write_agenda
from scheduler.agendas.html import agenda_html
from scheduler.programmes.programme import AgendaItem, AgendaPlan

MARKUP = "<script>alert(1)</script> & \"quotes\" 'too'"


class Reader(HTMLParser):
    """Collects text, tags and attributes of a document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())


def test_every_text_of_the_agenda_is_there(plan, lunch):
    agenda = write_agenda(plan, **lunch)

    text = " ".join(Reader(agenda_html(agenda)).texts)

    for expected in (
        agenda.title,
        agenda.purpose,
        agenda.day,
        agenda.span,
        agenda.zone,
        agenda.place,
        *agenda.elsewhere,
        *(person.name for person in agenda.people),
        *(person.about for person in agenda.people),
        *agenda.why,
        *(item.clock for item in agenda.items),
        *(item.title for item in agenda.items),
        *agenda.everyone_speaks,
        *agenda.prompts,
        *(starter.question for starter in agenda.starters),
        *agenda.closing,
    ):
        assert expected in text


def test_markup_in_any_text_stays_text(lunch, members):
    plan = AgendaPlan(
        purpose=MARKUP,
        topic=MARKUP,
        speaker=MARKUP,
        items=(AgendaItem(minutes=5, title=MARKUP, text=MARKUP),),
    )
    marked = dataclasses.replace(
        members[0], name=MARKUP, title=MARKUP, department=MARKUP, office=MARKUP
    )
    agenda = write_agenda(
        plan,
        **lunch
        | {"members": [marked, members[1]], "title": MARKUP, "place": MARKUP, "why": (MARKUP,)},
    )

    page = Reader(agenda_html(agenda))

    assert "script" not in page.tags
    assert " ".join(page.texts).count("<script>alert(1)</script>") >= 12


def test_nothing_is_loaded_and_no_style_sheet_is_needed(plan, lunch):
    page = Reader(agenda_html(write_agenda(plan, **lunch)))

    assert set(page.tags) <= {
        "html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "b", "br", "ul", "li",
        "table", "tr", "td",
    }  # fmt: skip
    assert not {"src", "href", "class", "id"} & set(page.attributes)
