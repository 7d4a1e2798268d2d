"""What a store holds, in files that anybody's tools read."""

from __future__ import annotations

import json

import pytest

from scheduler.store.engine import open_store
from scheduler.store.exporting import count_exported, count_rows, export_store
from tests.store.released import ROWS, list_revisions, make_release


@pytest.fixture
def full(tmp_path):
    make_release(str(tmp_path / "s.db"), list_revisions()[-1]).close()
    with open_store(tmp_path / "s.db") as store:
        yield store


def test_every_table_is_written_with_all_of_its_rows_and_columns(full, tmp_path):
    counts = export_store(full, tmp_path / "out")

    assert counts == count_rows(full) == count_exported(tmp_path / "out")
    assert set(counts.values()) == {ROWS}
    first = json.loads((tmp_path / "out" / "choices.jsonl").read_text("utf-8").splitlines()[0])
    assert first == {
        "person_id": "person_id-0 Łukasz",
        "kind": "kind-0 Łukasz",
        "about": "about-0 Łukasz",
        "value": {"about": [0, "Zoë", None]},
        "changed_at": "2026-12-07T11:10:00+00:00",
        "changed_by": "changed_by-0 Łukasz",
    }


def test_export_is_never_written_over_another(full, tmp_path):
    export_store(full, tmp_path / "out")

    with pytest.raises(FileExistsError):
        export_store(full, tmp_path / "out")


def test_what_an_interrupted_export_left_is_no_export(full, tmp_path):
    (tmp_path / "out.part").mkdir()
    (tmp_path / "out.part" / "rounds.jsonl").write_text("{")

    export_store(full, tmp_path / "out")

    assert count_exported(tmp_path / "out") == count_rows(full)
    assert not (tmp_path / "out.part").exists()
