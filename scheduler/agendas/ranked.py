"""Choices that look random and are the same on every machine and in every Python."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def ranked(seed: str, options: Iterable[T], *, key: Callable[[T], str]) -> list[T]:
    """The options in an order that depends on the seed and their keys alone."""
    return sorted(
        options,
        key=lambda option: hashlib.blake2b(
            f"{seed}\0{key(option)}".encode(), digest_size=8
        ).digest(),
    )
