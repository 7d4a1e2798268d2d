from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.settings.yaml_file import LARGEST_FILE, Mark, parse_yaml, read_yaml, show_path


def refused(text: str | bytes) -> tuple[int, int, str]:
    raw = text if isinstance(text, bytes) else text.encode()
    document, problems = parse_yaml(raw, "a.yaml")
    assert document.data is None
    [problem] = problems
    assert problem.file == "a.yaml"
    return problem.line, problem.column, problem.message


def test_values_are_read_as_people_mean_them():
    text = "a: 11:30\nb: no\nc: NO\nd: 2026-12-07\ne: 0123\nf: 12\ng: 1.5\nh:\ni: true\nj: '5'\n"
    document, problems = parse_yaml(text.encode(), "a.yaml")
    assert problems == []
    assert document.data == {
        "a": "11:30",
        "b": "no",
        "c": "NO",
        "d": "2026-12-07",
        "e": "0123",
        "f": 12,
        "g": 1.5,
        "h": None,
        "i": True,
        "j": "5",
    }


def test_marks_say_where_keys_and_values_stand():
    document, _ = parse_yaml(b"size:\n  ideal: 4\nrules:\n  - different: team\n", "a.yaml")
    assert document.keys["size", "ideal"] == Mark(2, 3)
    assert document.values["size", "ideal"] == Mark(2, 10)
    assert document.values["rules", 0, "different"] == Mark(4, 16)


def test_mark_of_what_is_missing_is_the_block_around_it():
    document, _ = parse_yaml(b"size:\n  ideal: 4\n", "a.yaml")
    assert document.mark(("size", "at_most")) == Mark(1, 1)
    assert document.known_part(("size", "at_most")) == ("size",)


def test_path_counts_lists_from_one():
    assert show_path(("rules", 0, "at_least", "count")) == "rules[1].at_least.count"


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\n\tb: 2\n", 2, 1, "a tab stands before the text"),
        ("a: &x 1\nb: *x\n", 1, 4, "anchors"),
        ("a: 1\nb: *x\n", 2, 4, "anchors"),
        ("a: !!python/object:os.system x\n", 1, 4, "a tag"),
        ("a: b: c\n", 1, 5, "put the value in quotes"),
        ("a: 'x\nb: 1\n", 1, 4, "a quote is opened and never closed"),
        ("a: [1,\n", 2, 1, "a bracket is opened and never closed"),
        ("a: @x\n", 1, 4, "put the value in quotes"),
        ('a: "\\q"\n', 1, 6, "a backslash"),
        ("a: 1\n---\nb: 2\n", 2, 1, "two parts divided by ---"),
        ("a: 1\n- b\n", 2, 1, "check its indentation"),
        ("a: \x07\n", 1, 4, "signs that YAML does not allow"),
        ("", 1, 1, "the file is empty"),
        ("# only a note\n", 1, 1, "the file is empty"),
        ("~", 1, 1, "the file is empty"),
        (b"a: 1\nb: M\xfcnchen\n", 2, 1, "not UTF-8"),
        ("a: " + "[" * 30 + "]" * 30, 1, 23, "nested more than 20 levels"),
        ("a: 1\nb: " + "x" * 6000, 2, 1, "longer than 5,000 characters"),
        ("a: 1\n" + "#\n" * LARGEST_FILE, 1, 1, "at most 262,144 are read"),
    ],
)
def test_file_that_cannot_be_read_says_where_and_why(text, line, column, words):
    found_line, found_column, message = refused(text)
    assert (found_line, found_column) == (line, column)
    assert words in message


def test_bomb_of_anchors_is_refused_before_it_is_built():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert refused("\n".join(lines))[0] == 1


def test_key_twice_keeps_the_first_and_says_where_it_is():
    document, [problem] = parse_yaml(b"size:\n  ideal: 4\n  ideal: 5\n", "a.yaml")
    assert document.data == {"size": {"ideal": 4}}
    assert str(problem) == (
        "a.yaml:3:3: size.ideal: the key stands here twice (first in line 2); keep one"
    )


def test_file_that_is_not_there_is_named(tmp_path):
    _, [problem] = read_yaml(tmp_path / "x.yaml")
    assert str(problem) == f"{tmp_path / 'x.yaml'}: there is no such file"


@given(raw=st.binary(max_size=200))
def test_any_bytes_give_data_or_one_problem(raw):
    document, problems = parse_yaml(raw, "a.yaml")
    assert document.data is not None or problems


@given(text=st.text(st.sampled_from("ab:-[]{}\"'&*!|>#%@`?, \n\t0"), max_size=60))
def test_any_signs_of_yaml_give_data_or_problems_with_a_line(text):
    document, problems = parse_yaml(text.encode(), "a.yaml")
    assert document.data is not None or document.values or problems
    assert all(problem.line >= 1 for problem in problems)
