import datetime as dt

from scheduler.store.departments import note_departments, read_departments

DAY = dt.date(2026, 11, 25)


def test_department_is_new_once_and_the_first_ones_never_are(store):
    assert note_departments(store, ["Sales", "Legal"], day=DAY) == frozenset()
    assert note_departments(store, ["Sales", "Design"], day=DAY) == {"Design"}
    assert note_departments(store, ["Sales", "Design"], day=DAY) == frozenset()
    assert read_departments(store) == {"Sales", "Legal", "Design"}
