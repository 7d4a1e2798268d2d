"""Confidential texts are on disk only under a key, and keys can be changed."""

from __future__ import annotations

import datetime as dt
import stat

import pytest
from sqlalchemy import text

from scheduler.store.choices import read_choice_changes, read_choices, save_choice
from scheduler.store.engine import open_store
from scheduler.store.feedback import Feedback, read_notes, read_thanks, save_feedback, write_note
from scheduler.store.rotation import rotate_keys
from scheduler.store.rounds import save_plan
from scheduler.store.sealing import VARIABLE, KeysError, key_file, new_key, read_keys
from tests.store.conftest import AT, ROUND

SECRETS = ("Ann's note", "Thanks, Bob", "bob-never", "vegan")


@pytest.fixture(autouse=True)
def key(monkeypatch, request):
    """A key for both kinds of database; tests of the key file do without."""
    made = new_key()
    monkeypatch.setenv(VARIABLE, made)
    return made


def fill(store, plan):
    """Keep something of each confidential kind."""
    save_plan(store, plan, at=AT, by="hr")
    given = Feedback(
        round_id=ROUND, group_number=1, person_id="ann", met="yes", again="yes", said_at=AT
    )
    assert save_feedback(store, given, note=SECRETS[0], thank=["bob"], words=SECRETS[1])
    save_choice(store, "ann", "never-with", ["bob-never"], at=AT, by="ann")
    save_choice(store, "ann", "diet", "vegan", at=AT, by="ann")
    save_choice(store, "ann", "interests", ["chess"], at=AT, by="ann")


def everything(store):
    """All that the tables hold, as a thief would read it."""
    with store.read() as connection:
        return repr(
            [
                connection.execute(text(f"SELECT * FROM {table}")).all()
                for table in ("notes", "thanks", "choices", "choice_changes", "feedback")
            ]
        )


def read_all(store):
    return (
        [note.text for note in read_notes(store, "ann")],
        [said.words for said in read_thanks(store, since=AT)],
        {choice.kind: choice.value for choice in read_choices(store)},
        {choice.kind: choice.value for choice in read_choice_changes(store, "ann")},
    )


KEPT = {"never-with": ["bob-never"], "diet": "vegan", "interests": ["chess"]}
EXPECTED = ([SECRETS[0]], [SECRETS[1]], KEPT, KEPT)


def test_confidential_texts_are_read_back_and_not_on_disk(store, plan):
    fill(store, plan)

    assert read_all(store) == EXPECTED
    raw = everything(store)
    assert "chess" in raw  # what is not confidential is seen, so this looks in the right place
    assert [secret for secret in SECRETS if secret in raw] == []


def test_confidential_texts_are_not_printed_with_their_records(store, plan):
    fill(store, plan)

    shown = repr(read_notes(store, "ann")) + repr(read_thanks(store, since=AT))

    assert [secret for secret in SECRETS if secret in shown] == []


def test_note_is_read_by_its_writer_alone(store, plan):
    fill(store, plan)

    assert read_notes(store, "bob") == ()


def test_rotation_seals_everything_with_the_newest_key(store, plan, key, monkeypatch):
    fill(store, plan)
    newer = new_key()
    monkeypatch.setenv(VARIABLE, f"{key},{newer}")

    done = rotate_keys(store)

    assert (done.sealed, done.made_key) == (6, False)
    monkeypatch.setenv(VARIABLE, newer)  # the old key may go now
    store.sealer.forget()
    assert read_all(store) == EXPECTED
    monkeypatch.setenv(VARIABLE, key)
    store.sealer.forget()
    with pytest.raises(KeysError, match="key that it was sealed with is gone"):
        read_notes(store, "ann")


def test_value_from_before_there_were_keys_is_read_and_sealed_by_a_rotation(store):
    with store.write() as connection:
        connection.execute(
            text(
                "INSERT INTO choices VALUES ('ann', 'never-with', '', '[\"bob-never\"]', :at, 'x')"
            ),
            {"at": "2026-12-01 00:00:00+00:00" if store.file is None else "2026-12-01 00:00:00"},
        )
    assert read_choices(store)[0].value == ["bob-never"]

    rotate_keys(store)

    assert read_choices(store)[0].value == ["bob-never"]
    assert "bob-never" not in everything(store)


def test_key_file_is_made_beside_the_database_for_us_alone_and_replaced(
    tmp_path, plan, monkeypatch
):
    monkeypatch.delenv(VARIABLE)
    path = tmp_path / "scheduler.db"
    with open_store(path) as store, open_store(path) as elsewhere:
        fill(store, plan)
        first = read_keys({}, path)
        assert read_all(elsewhere) == EXPECTED  # has the first key in its memory now

        assert rotate_keys(store).made_key

        assert stat.S_IMODE(key_file(path).stat().st_mode) == 0o600
        second = read_keys({}, path)
        assert len(second) == 1
        assert second != first
        assert read_all(elsewhere) == EXPECTED  # finds the new key by itself
    assert list(tmp_path.glob("*.keys*")) == [key_file(path)]


def test_database_without_a_file_beside_it_needs_keys_from_the_environment():
    with pytest.raises(KeysError, match="`scheduler keys new` prints a key"):
        read_keys({}, None)
    with pytest.raises(KeysError, match=f"Key 2 of {VARIABLE} is not a key"):
        read_keys({VARIABLE: f"{new_key()},short"}, None)


def test_note_can_be_changed_and_removed(store, plan):
    save_plan(store, plan, at=AT, by="hr")
    later = AT + dt.timedelta(days=1)

    write_note(store, ROUND, 1, "ann", "one", at=AT)
    write_note(store, ROUND, 1, "ann", "two", at=later)
    assert [note.text for note in read_notes(store, "ann")] == ["two"]
    write_note(store, ROUND, 1, "ann", "", at=later)
    assert read_notes(store, "ann") == ()
