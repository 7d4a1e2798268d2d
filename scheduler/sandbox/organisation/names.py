"""Invented names with unique addresses, in the scripts of the offices."""

from __future__ import annotations

import re
from typing import Any

from anyascii import anyascii
from faker import Faker

from scheduler.sandbox.dice import seed_number, throw
from scheduler.sandbox.organisation.member import DOMAIN

LONG_GIVEN = "Maximiliane Friederike Theodora Wilhelmine"
LONG_SURNAME = "Freifrau von und zu Hohenstein-Wittelsbach-Oettingen-Wallerstein"


class NameMaker:
    """Makes names, one after the other, from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._fakers: dict[str, Any] = {}
        self._rng = throw(seed, "names")
        self._taken: set[str] = set()

    def _faker(self, locale: str) -> Any:
        if locale not in self._fakers:
            self._fakers[locale] = Faker(locale)
            self._fakers[locale].seed_instance(seed_number(self._seed, "names", locale))
        return self._fakers[locale]

    def make_name(self, locale: str) -> tuple[str, str, str, str]:
        """Return given name, surname, and both in Latin letters.

        Six in ten of those in Athens, Tokyo and Sofia write themselves in their own script.
        """
        faker = self._faker(locale)
        if locale == "ja_JP":
            (given, _, latin_given), (surname, _, latin_surname) = (
                faker.first_name_pair(), faker.last_name_pair(),
            )  # fmt: skip
        else:
            given, surname = faker.first_name(), faker.last_name()
            latin_given, latin_surname = anyascii(given), anyascii(surname)
        if locale in ("ja_JP", "el_GR", "bg_BG") and self._rng.random() < 0.4:
            given, surname = latin_given, latin_surname
        return given, surname, latin_given, latin_surname

    def make_mail(self, given: str, surname: str) -> str:
        """Return an address which nobody has yet; an apostrophe stays, as in real directories."""
        local = ".".join(
            re.sub(r"[^a-z0-9'-]", "", anyascii(part).lower().replace(" ", "-")) or "x"
            for part in (given, surname)
        )[:64]  # the limit of RFC 5321 for the part before the @
        mail, number = f"{local}@{DOMAIN}", 2
        while mail in self._taken:
            mail, number = f"{local[:60]}{number}@{DOMAIN}", number + 1
        self._taken.add(mail)
        return mail

    def take_mail(self, mail: str) -> bool:
        """Reserve a given address; False when it is taken already."""
        if mail.lower() in self._taken:
            return False
        self._taken.add(mail.lower())
        return True


def write_name(given: str, surname: str, locale: str) -> str:
    """Write a display name in the order of the locale."""
    if locale == "ja_JP" and not surname.isascii():
        return f"{surname} {given}"
    return f"{given} {surname}".strip()
