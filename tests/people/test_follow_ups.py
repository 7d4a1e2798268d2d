from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.follow_ups import mark_line, split_note

NOTE = "Send Ann the link\n\n✓ Ask Bob about steel\n"


def test_each_line_of_a_note_is_a_thing_to_do():
    assert [(one.number, one.text, one.done) for one in split_note(NOTE)] == [
        (0, "Send Ann the link", False),
        (2, "Ask Bob about steel", True),
    ]


def test_line_is_marked_and_taken_up_again():
    done = mark_line(NOTE, 0, done=True)

    assert [one.done for one in split_note(done)] == [True, True]
    assert mark_line(done, 0, done=False) == NOTE.rstrip()


def test_line_that_is_not_there_changes_nothing():
    assert [mark_line(NOTE, number, done=True) for number in (-1, 1, 9)] == [NOTE] * 3


@given(st.text(max_size=60), st.integers(0, 6))
def test_words_stay_as_they_are(text, number):
    before = split_note(text)
    after = split_note(mark_line(text, number, done=True))

    assert [one.text for one in after] == [one.text for one in before]
    assert [one.done for one in after if one.number == number] in ([], [True])
