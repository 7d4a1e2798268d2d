"""The plain text says what the HTML says."""

from __future__ import annotations

from scheduler.agendas.agenda import write_agenda
from scheduler.agendas.plain import agenda_text


def test_plain_text_has_every_part_in_order(plan, lunch):
    agenda = write_agenda(plan, **lunch)

    parts = agenda_text(agenda).split("\n\n")

    assert parts[0] == "Meet people from other teams over lunch."
    assert parts[1].splitlines() == [
        "When: Monday, 7 December 2026, 12:00–13:00, Central European Standard Time (Berlin)",
        "11:00–12:00 in London",
        "Where: Café Linde, table 4",
    ]
    assert [part.splitlines()[0] for part in parts[2:]] == [
        "Who you meet",
        "Why you",
        "Agenda",
        "So that everyone is heard",
        "Questions for this table",
        "Between your departments",
        "Before you part, each of you completes",
    ]
    assert "- 12:10  Who we are: What are you proud of?" in parts[4].splitlines()


def test_part_without_content_is_left_out(plan, lunch, members):
    agenda = write_agenda(plan, **lunch | {"why": (), "members": members[:1]})

    text = agenda_text(agenda)

    assert "Why you" not in text
    assert "Between your departments" not in text
