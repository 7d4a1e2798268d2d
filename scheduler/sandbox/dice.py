"""Chance that does not depend on the order of requests: each throw names what it is for."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def seed_number(*parts: object) -> int:
    """Return a 64-bit number that depends on ``parts`` and nothing else."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def throw(*parts: object) -> random.Random:
    """Return a generator for one purpose, named by ``parts``."""
    return random.Random(seed_number(*parts))  # noqa: S311 -- invented data, nothing secret


def chance(*parts: object) -> float:
    """Return one number in [0, 1) for one purpose, named by ``parts``."""
    return seed_number(*parts) / 2**64


def pick(rng: random.Random, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """Pick one of ``items``; uses ``random()`` alone, whose sequence Python promises to keep."""
    if weights is None:
        return items[int(rng.random() * len(items))]
    mark = rng.random() * sum(weights)
    for item, weight in zip(items, weights, strict=True):
        mark -= weight
        if mark < 0:
            return item
    return items[-1]
