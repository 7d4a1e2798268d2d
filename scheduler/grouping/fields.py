"""Sums and products in finite fields, as tables, for schedules that are lines of a plane.

A field of ``p^e`` elements exists for each prime power (Galois): polynomials over the integers
modulo ``p``, reduced by one of degree ``e`` for which the powers of ``x`` are all elements but 0.
Where the order is no prime power, the product of fields is the ring with most differences that
divide no zero (MacNeish, 1922).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """Elements ``0 .. order - 1``: ``add[a, b]`` and ``multiply[a, b]``.

    ``apart``: elements whose differences divide no zero; all of a field's.
    """

    add: Ints
    multiply: Ints
    apart: Ints


def make_ring(order: int) -> Ring:
    """The product of the fields whose orders are the prime powers in ``order``."""
    zero = np.zeros((1, 1), np.int64)
    ring = Ring(zero, zero, np.zeros(order, np.int64))
    for prime, power in _factorise(order):
        add, multiply = _make_field(prime, power)
        few = min(len(ring.apart), len(add))
        ring = Ring(
            _combine(ring.add, add),
            _combine(ring.multiply, multiply),
            ring.apart[:few] * len(add) + np.arange(few),
        )
    return ring


def _factorise(number: int) -> list[tuple[int, int]]:
    """Primes and their powers."""
    found = []
    for prime in range(2, number + 1):
        power = 0
        while number % prime == 0:
            number //= prime
            power += 1
        if power:
            found.append((prime, power))
    return found


def _combine(left: Ints, right: Ints) -> Ints:
    """The table of pairs, numbered by ``left * len(right) + right``."""
    order = len(left) * len(right)
    table = left[:, None, :, None] * len(right) + right[None, :, None, :]
    return table.reshape(order, order)


def _make_field(prime: int, power: int) -> tuple[Ints, Ints]:
    """Sums and products; an element's digits to the base ``prime`` are its coefficients."""
    order = prime**power
    weights = prime ** np.arange(power)
    digits = np.arange(order)[:, None] // weights % prime
    add = (digits[:, None] + digits[None]) % prime @ weights
    for tail in range(1, order):
        times_x = _multiply_by_x(digits, prime, digits[tail]) @ weights
        powers = [1]
        while len(powers) < order and powers[-1] != 0:
            following = int(times_x[powers[-1]])
            if following == 1:
                break
            powers.append(following)
        if len(powers) == order - 1:
            break
    log = np.zeros(order, np.int64)
    log[powers] = np.arange(order - 1)
    multiply = np.array(powers)[(log[:, None] + log[None]) % (order - 1)]
    multiply[0, :] = multiply[:, 0] = 0
    return add, multiply


def _multiply_by_x(digits: Ints, prime: int, tail: Ints) -> Ints:
    """The coefficients times ``x``, where ``x^e`` is the polynomial ``tail``."""
    moved = np.roll(digits, 1, axis=1)
    top = moved[:, :1].copy()
    moved[:, 0] = 0
    return (moved + top * tail) % prime
