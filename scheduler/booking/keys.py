"""The names by which a group's event is known again: key, transaction id, fingerprint."""

from __future__ import annotations

import hashlib
import json
import uuid

from scheduler.grouping.plan import Group

_NAMESPACE = uuid.UUID("0f4c9d5e-6f0b-5c57-8a8e-4a4b9d1f1c7a")


def group_key(round_id: str, group_number: int, attempt: int) -> str:
    """What the event carries in its extended property: ``programme/date/number/attempt``."""
    return f"{round_id}/{group_number}/{attempt}"


def split_group_key(key: str | None) -> tuple[str, int, int] | None:
    """Round, group number and attempt of a key, None when it is not one."""
    if key is None:
        return None
    round_id, _, rest = key.rpartition("/")
    round_id, _, number = round_id.rpartition("/")
    if not round_id or not number.isdigit() or not rest.isdigit():
        return None
    return round_id, int(number), int(rest)


def transaction_id(key: str) -> str:
    """The same id for the same key on every machine, so that a repeated create is one event."""
    return str(uuid.uuid5(_NAMESPACE, key))


def fingerprint(group: Group) -> str:
    """A digest of what the invitation says: who, when, where, at which tables."""
    place = group.place
    parts: list[object] = [
        sorted(group.member_ids),
        group.slot.start.isoformat(),
        group.slot.minutes,
        [place.kind, place.name, place.office, place.mail],
    ]
    if group.turns:
        parts.append(group.turns)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
