from __future__ import annotations

import asyncio

import pytest

from scheduler.graph.pace import MAILBOX_WINDOW_SECONDS, REQUESTS_PER_MAILBOX, Pace


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(4, clock=clock, sleep=clock.sleep)


def test_throttled_answer_halves_the_calls_in_flight(pace):
    pace.note_throttled(None, 0, started=0)

    assert pace.window == 2


def test_answers_to_calls_of_the_same_moment_halve_once(pace, clock):
    clock.now = 10
    for _ in range(4):
        pace.note_throttled(None, 0, started=5)

    assert pace.window == 2


def test_window_never_closes_and_grows_back_to_what_is_allowed(pace, clock):
    for now in range(1, 10):
        clock.now = now
        pace.note_throttled(None, 0, started=now - 0.5)
    assert pace.window == 1

    for _ in range(100):
        pace.note_success()
    assert pace.window == 4


def test_retry_after_holds_back_its_own_mailbox_alone(pace, clock):
    async def moment(mailbox):
        async with pace.turn(mailbox) as started:
            return started

    async def run():
        pace.note_throttled("a", 30, started=0)
        return await moment("b"), await moment("a")

    assert asyncio.run(run()) == (0, 30)


def test_mailbox_gets_no_more_requests_than_outlook_allows(clock):
    pace = Pace(4, clock=clock, sleep=clock.sleep)

    async def run():
        for _ in range(REQUESTS_PER_MAILBOX):
            async with pace.turn("a"):
                pass
        async with pace.turn("b") as other, pace.turn("a") as started:
            return other, started

    assert asyncio.run(run()) == (0, MAILBOX_WINDOW_SECONDS)


def test_turns_are_given_in_the_order_of_asking(pace):
    order = []

    async def call(name, calls):
        async with pace.turn(None, calls):
            order.append(name)
            await asyncio.sleep(0)

    async def run():
        await asyncio.gather(call("a", 4), call("b", 3), call("c", 1), call("d", 4))

    asyncio.run(run())

    assert order == ["a", "b", "c", "d"]


def test_batch_larger_than_the_window_goes_alone(pace, clock):
    async def run():
        for now in (1, 2):
            clock.now = now
            pace.note_throttled(None, 0, started=now)
        async with pace.turn(None, 4):
            return pace.window

    assert asyncio.run(run()) == 1


def test_cancelled_caller_gives_its_turn_back(pace):
    async def run():
        async with pace.turn(None, 4):
            waiting = asyncio.create_task(pace.turn(None, 4).__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
        async with pace.turn(None, 4):
            return True

    assert asyncio.run(run())
