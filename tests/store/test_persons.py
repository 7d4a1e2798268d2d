"""Everything on one person is found, and nothing of it is left, not even in the bytes."""

import json

import pytest
from sqlalchemy import String, cast, select

from scheduler.store.audit import read_audit, write_audit
from scheduler.store.choices import read_choice_changes, read_choices, save_choice
from scheduler.store.persons import OWN, erase_person, is_known, read_person
from scheduler.store.plans import read_plan
from scheduler.store.posts import Post, save_post
from scheduler.store.rounds import read_round
from scheduler.store.schema import metadata
from scheduler.store.shredding import compact
from tests.store.conftest import AT, ROUND

NAME, MAIL = "Zoë O'Neil", "zoe@example.com"


@pytest.fixture
def known(store, full_round):
    """Ann, wherever somebody can be."""
    save_choice(store, "ann", "never-with", ["bob"], at=AT, by="ann")
    save_choice(store, "bob", "never-with", ["ann", "cy"], at=AT, by="bob")
    save_choice(store, "cy", "meet-person", ["ann"], at=AT, by="cy")
    write_audit(store, "round approved", at=AT, by="ann", round_id=ROUND,
                details={"reason": f"{NAME} ({MAIL}) asked for it"})  # fmt: skip
    for key, person, text in (("1", "ann", "mine"), ("2", "cy", f"ask {NAME}, not zoe")):
        save_post(store, Post(id=key, programme="p", kind="ask", parent=None, person_id=person,
                              text=text, said_at=AT))  # fmt: skip


def everything(store) -> str:
    """All values of all tables as texts."""
    with store.read() as connection:
        return "\n".join(
            str(value)
            for table in metadata.tables.values()
            for column in table.columns
            for value in connection.execute(select(cast(column, String))).scalars()
        )


def test_every_column_that_names_somebody_is_searched():
    """Columns are named so; ``by`` and ``changed_by`` are found by the id itself."""
    named = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith(("person_id", "from_id", "to_id")) or column.name == "who"
    }

    assert {(table.name, column) for table, columns in OWN.items() for column in columns} == named


def test_reading_finds_all_rows_with_confidential_values_opened(store, known):
    found = read_person(store, "ann")

    assert set(found) == {
        "choices", "choice_changes", "seats", "feedback", "notes", "thanks", "posts", "answers",
        "deliveries", "meetings",
    }  # fmt: skip
    assert found["choices"][0]["value"] == ["bob"]
    assert (found["notes"][0]["text"], found["thanks"][0]["text"]) == ("good", "thanks")
    json.dumps(found)


def test_reading_somebody_else_gives_no_note_of_others(store, known):
    assert set(read_person(store, "bob")) == {"choices", "choice_changes", "thanks", "meetings"}


def test_nothing_of_an_erased_person_is_left(store, known):
    done = erase_person(store, "ann", (MAIL, NAME))

    assert done.seats == 1
    left = everything(store)
    assert not any(word in left for word in ('"ann"', NAME, MAIL))
    assert "ann" not in left.splitlines()
    assert (read_person(store, "ann"), is_known(store, "ann")) == ({}, False)


def test_erasing_keeps_seats_as_a_number_and_the_others_as_they_were(store, plan, known):
    erase_person(store, "ann", (MAIL, NAME))

    group = read_plan(store, ROUND).groups[0]
    assert group.member_ids == ("erased-1", "bob", "cy")
    assert read_plan(store, ROUND).groups[1] == plan.groups[1]
    values = {(c.person_id, c.kind): c.value for c in read_choices(store)}
    assert values == {("bob", "never-with"): ["cy"], ("cy", "meet-person"): []}
    assert [c.value for c in read_choice_changes(store, "bob")] == [["cy"]]
    (entry,) = read_audit(store)
    assert (entry.by, entry.details) == ("erased", {"reason": "erased (erased) asked for it"})
    assert read_round(store, ROUND).state == "planned"


def test_two_erased_people_of_a_group_stay_two(store, known):
    erase_person(store, "ann")
    erase_person(store, "bob")

    assert read_plan(store, ROUND).groups[0].member_ids == ("erased-1", "erased-2", "cy")


def test_erasing_again_does_nothing(store, known):
    erase_person(store, "ann", (MAIL, NAME))
    before = everything(store)

    done = erase_person(store, "ann", (MAIL, NAME))

    assert (done.rows, done.seats) == (0, 0)
    assert everything(store) == before


def test_part_of_a_word_is_not_replaced(store, known):
    """Ann is erased; Annette, and a text with her name in another, are not touched."""
    save_post(store, Post(id="3", programme="p", kind="ask", parent=None, person_id="annette",
                          text="annette's annex", said_at=AT))  # fmt: skip

    erase_person(store, "ann")

    assert "annette's annex" in everything(store)


def test_no_byte_of_the_file_has_an_erased_person(store, database, plan, known, tmp_path):
    if store.file is None:
        pytest.skip("the bytes of PostgreSQL are the server's")
    secret = "3f2a9b1c-secret-person"
    save_choice(store, secret, "diet", "vegan", at=AT, by=secret)
    save_choice(store, secret, "frequency", 3, at=AT, by=secret)
    folder = store.file.parent
    assert any(secret.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())

    erase_person(store, secret)
    compact(store)

    files = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert {name for name, content in files.items() if secret.encode() in content} == set()
    assert len(files) >= 2
