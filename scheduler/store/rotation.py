"""New keys for what is confidential."""

from __future__ import annotations

import os
from dataclasses import dataclass

from sqlalchemy import select, update

from scheduler.store.choices import SEALED_KINDS
from scheduler.store.engine import Store
from scheduler.store.hold import hold_name
from scheduler.store.schema import choice_changes, choices, notes, thanks
from scheduler.store.sealing import VARIABLE, key_file, new_key, read_keys, write_keys


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many texts are under the newest key now, and whether that key was made here."""

    sealed: int
    made_key: bool


def rotate_keys(store: Store) -> Rotation:
    """Seal everything confidential anew under the newest key.

    With the keys in a file a new one is made, and the old ones go once nothing needs them. With
    the keys in ``SCHEDULER_NOTES_KEYS`` the newest there is used; the others can be taken away
    afterwards.

    Raises:
        KeysError: There is no key, or a text was sealed with one that is gone.
        RoundHeldError: Somebody else rotates now.
    """
    with hold_name(store, "keys"):
        file = store.file
        path = None if file is None or os.environ.get(VARIABLE) else key_file(file)
        if path is not None:
            write_keys(path, (*read_keys(os.environ, file), new_key()))
        store.sealer.forget()
        count = _reseal(store)
        if path is not None:
            write_keys(path, read_keys(os.environ, file)[-1:])
            store.sealer.forget()
    return Rotation(count, path is not None)


def _reseal(store: Store) -> int:
    count = 0
    with store.write() as connection:
        for texts in (notes, thanks):
            keys = list(texts.primary_key)
            statement = select(*keys, texts.c.sealed).where(texts.c.sealed.is_not(None))
            for *key, sealed in connection.execute(statement).all():
                connection.execute(
                    update(texts)
                    .where(*(column == part for column, part in zip(keys, key, strict=True)))
                    .values(sealed=store.sealer.reseal(sealed))
                )
                count += 1
        for values in (choices, choice_changes):
            keys = list(values.primary_key)
            statement = select(*keys, values.c.value).where(values.c.kind.in_(SEALED_KINDS))
            for *key, value in connection.execute(statement).all():
                if value is None:
                    continue
                opened = store.sealer.open_value(value)
                connection.execute(
                    update(values)
                    .where(*(column == part for column, part in zip(keys, key, strict=True)))
                    .values(value=store.sealer.seal_value(opened))
                )
                count += 1
    return count
