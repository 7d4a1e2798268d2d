"""Nobody but the service can make an action."""

from __future__ import annotations

import itertools

import pytest

from scheduler.teams.signing import Action, ForgedActionError, Signer

SECRET = "a secret that only the tests know of"
ACTION = Action("decline", "cross-team-lunch/2026-12-07", "person-1", "12")


def test_action_comes_back_as_it_was_signed():
    signer = Signer([SECRET])

    assert signer.read(signer.sign(ACTION)) == ACTION


def test_action_changed_anywhere_is_refused():
    signer = Signer([SECRET])
    signed = signer.sign(ACTION)

    for index, letter in itertools.product(range(len(signed)), "Aa0"):
        forged = signed[:index] + letter + signed[index + 1 :]
        if forged != signed:
            try:
                read = signer.read(forged)
            except ForgedActionError:
                continue
            # The last letter of base64 holds spare bits: another letter, the same signature.
            assert index == len(signed) - 1
            assert read == ACTION


@pytest.mark.parametrize("forged", [None, 7, "", "decline", ["a"], {"act": "x"}, "a.b", "é.é"])
def test_anything_else_is_refused(forged):
    with pytest.raises(ForgedActionError):
        Signer([SECRET]).read(forged)


def test_action_of_another_service_is_refused():
    other = Signer(["another secret that nobody else knows"])

    with pytest.raises(ForgedActionError):
        Signer([SECRET]).read(other.sign(ACTION))


def test_old_secret_is_read_after_a_new_one_came():
    old = Signer([SECRET])
    both = Signer([SECRET, "the new secret, which has come after it"])

    assert both.read(old.sign(ACTION)) == ACTION
    with pytest.raises(ForgedActionError):
        old.read(both.sign(ACTION))


@pytest.mark.parametrize("secrets", [[], [""], ["short"], [SECRET, "short"]])
def test_weak_secret_is_refused(secrets):
    with pytest.raises(ValueError, match="at least 32 characters"):
        Signer(secrets)
