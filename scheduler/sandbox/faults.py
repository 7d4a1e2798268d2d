"""Faults by a seeded script: what goes wrong between a client and the service."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scheduler.sandbox.api.request import Answer, GraphError, Json, Request
from scheduler.sandbox.dice import pick, throw

KINDS: dict[str, str] = {
    "429": "too many requests, with Retry-After",
    "429-bare": "too many requests, without Retry-After",
    "429-done": "too many requests, although the work was done",
    "500": "internal server error",
    "502": "bad gateway",
    "503": "service unavailable",
    "503-saved": "ConcurrentItemSave, although the event was saved",
    "504": "gateway timeout before anything happened",
    "504-done": "gateway timeout after the work was done",
    "cut-before": "the connection breaks before the request is read",
    "cut-after": "the connection breaks after the work was done, before the answer",
    "cut-middle": "the connection breaks in the middle of the answer",
    "slow": "the answer takes long",
    "malformed": "the answer is no JSON",
    "expired": "the token has expired",
    "shuffled": "the answers of a batch come in another order",
}
CUTS = {"cut-before": "before", "cut-after": "after", "cut-middle": "middle"}


class FaultScriptError(Exception):
    """A fault script cannot be read; the text says what would be right."""


@dataclass(slots=True)
class Rule:
    """A kind of trouble for some requests.

    ``share`` of the requests whose method and path (regular expression on ``METHOD path``) fit
    are hit, after the first ``after`` of them, at most ``limit`` times; ``kinds`` are weights.
    """

    kinds: dict[str, float]
    share: float = 1.0
    match: str = ""
    after: int = 0
    limit: int | None = None
    delay_seconds: float = 0.5
    retry_after: int = 1
    seen: int = 0
    hit: int = 0
    rng: random.Random = field(default_factory=lambda: throw("rule"))


@dataclass(slots=True)
class Fault:
    """What happens to one request: nothing when ``kind`` is empty."""

    kind: str = ""
    delay_seconds: float = 0.0
    retry_after: int = 1
    in_batch: bool = False

    def before(self) -> None:
        """Fail before anything happens.

        Raises:
            GraphError: the trouble.
        """
        wait = {"Retry-After": str(self.retry_after)}
        match self.kind:
            case "429":
                raise GraphError(429, "TooManyRequests", "Too many requests.", wait)
            case "429-bare":
                raise GraphError(429, "TooManyRequests", "Too many requests.")
            case "500":
                raise GraphError(500, "InternalServerError", "An unexpected error occurred.")
            case "502":
                raise GraphError(502, "BadGateway", "Bad gateway.")
            case "503":
                raise GraphError(503, "ServiceUnavailable", "The service is unavailable.", wait)
            case "504":
                raise GraphError(504, "GatewayTimeout", "The gateway timed out.")
            case "expired":
                raise GraphError(
                    401, "InvalidAuthenticationToken",
                    "Lifetime validation failed, the token is expired.",
                )  # fmt: skip
            case "cut-before":
                raise CutError(self.kind)
            case _:
                return

    def after(self, answer: Answer) -> Answer:
        """Fail after the work was done.

        Raises:
            GraphError: the trouble.
        """
        match self.kind:
            case "429-done":
                raise GraphError(429, "TooManyRequests", "Too many requests.", {"Retry-After": "1"})
            case "503-saved":
                raise GraphError(503, "ConcurrentItemSave", "The item was saved concurrently.")
            case "504-done":
                raise GraphError(504, "GatewayTimeout", "The gateway timed out.")
            case "cut-after":
                raise CutError(self.kind, answer)
            case "cut-middle":
                raise CutError(self.kind, answer)
            case "malformed" if answer.body:
                answer.body = answer.body[: len(answer.body) * 2 // 3] + b"\xff<html>"
            case _:
                pass
        return answer


class CutError(GraphError):
    """The connection breaks; within a batch, where there is none, it reads as a 503."""

    def __init__(self, kind: str, answer: Answer | None = None) -> None:
        super().__init__(503, "ServiceUnavailable", "The connection to the back end was lost.")
        self.place = CUTS[kind]
        self.answer = answer


class Faults:
    """The rules in force; the first that hits a request decides.

    ``vanish`` is told the address of a mailbox that disappears, when its time has come.
    """

    def __init__(self, vanish: Callable[[str], None]) -> None:
        self.rules: list[Rule] = []
        self.counts: dict[str, int] = {}
        self.vanishing: list[tuple[int, str]] = []
        self.requests = 0
        self._vanish = vanish

    def install(self, script: Json) -> None:
        """Put a script in force, in place of the last one.

        ``{"seed": 1, "rules": [{"kinds": {"503": 1}, "share": 0.1}], "vanish": {"a@b": 50}}``:
        each rule as :class:`Rule` says, and mailboxes that disappear after so many requests.

        Raises:
            FaultScriptError: when it is not of that form.
        """
        unknown = set(script) - {"seed", "rules", "vanish"}
        if unknown:
            raise FaultScriptError(f"'{min(unknown)}' is unknown; known are seed, rules, vanish.")
        vanishing = script.get("vanish", {})
        if not isinstance(vanishing, dict) or not all(
            isinstance(number, int) for number in vanishing.values()
        ):
            raise FaultScriptError("'vanish' must map addresses to numbers of requests.")
        rules = script.get("rules", [])
        if not isinstance(rules, list):
            raise FaultScriptError("'rules' must be a list.")
        self.rules = [
            _read_rule(entry, number, script.get("seed", 0)) for number, entry in enumerate(rules)
        ]
        self.counts, self.requests = {}, 0
        self.vanishing = [(number, str(mail)) for mail, number in vanishing.items()]

    def choose(self, request: Request) -> Fault:
        """Return what happens to this request."""
        self.requests += 1
        for due in [one for one in self.vanishing if one[0] <= self.requests]:
            self.vanishing.remove(due)
            self._vanish(due[1])
        if not self.rules:
            return Fault()
        name = f"{request.method} {'/'.join(request.segments)}"
        for rule in self.rules:
            if rule.match and not re.search(rule.match, name, re.IGNORECASE):
                continue
            rule.seen += 1
            draw = rule.rng.random()
            kind = pick(rule.rng, list(rule.kinds), list(rule.kinds.values()))
            if rule.seen <= rule.after or draw >= rule.share:
                continue
            if rule.limit is not None and rule.hit >= rule.limit:
                continue
            rule.hit += 1
            self.counts[kind] = self.counts.get(kind, 0) + 1
            delay = rule.delay_seconds if kind == "slow" else 0.0
            return Fault(kind, delay, rule.retry_after, request.in_batch)
        return Fault()


def _read_rule(entry: Any, number: int, seed: object) -> Rule:
    if not isinstance(entry, dict):
        raise FaultScriptError(f"Rule {number + 1} must be an object.")
    known = {"kinds", "share", "match", "after", "limit", "delay_seconds", "retry_after"}
    if set(entry) - known:
        raise FaultScriptError(
            f"Rule {number + 1}: '{min(set(entry) - known)}' is unknown; known are "
            f"{', '.join(sorted(known))}."
        )
    kinds = entry.get("kinds")
    if isinstance(kinds, list):
        kinds = dict.fromkeys(map(str, kinds), 1.0)
    if not isinstance(kinds, dict) or not kinds or set(kinds) - set(KINDS):
        raise FaultScriptError(f"Rule {number + 1}: 'kinds' must name some of {', '.join(KINDS)}.")
    values = {name: value for name, value in entry.items() if name != "kinds"}
    for name, value in [*values.items(), *((f"weight of {k}", w) for k, w in kinds.items())]:
        if name == "match":
            _check_match(value, number)
        elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise FaultScriptError(f"Rule {number + 1}: '{name}' must be a number from 0.")
    return Rule(kinds=kinds, rng=throw(seed, "rule", number), **values)


def _check_match(value: object, number: int) -> None:
    try:
        re.compile(str(value))
    except re.error as error:
        raise FaultScriptError(
            f"Rule {number + 1}: 'match' must be a regular expression: {error}."
        ) from error


def read_script(path: Path) -> Json:
    """Read a fault script from a JSON file.

    Raises:
        FaultScriptError: when there is no such file or it holds no JSON object.
    """
    try:
        script = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FaultScriptError(f"{path}: {error}. A fault script is a JSON file.") from error
    if not isinstance(script, dict):
        raise FaultScriptError(f"{path}: a fault script is a JSON object with 'rules'.")
    return script
