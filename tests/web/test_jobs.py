"""Work beside the pages: one at a time, told how far it is, and its end told whatever comes."""

import asyncio

import pytest

from scheduler.errors import ScheduleError
from scheduler.web.jobs import KEPT, WAITING_MOST, BusyError, Jobs


def run(story):
    return asyncio.run(story(Jobs()))


def test_job_tells_its_step_and_keeps_its_result():
    async def story(jobs):
        reached, go_on = asyncio.Event(), asyncio.Event()

        async def work(progress):
            with progress.step("Reading") as report:
                report(3, 7)
                reached.set()
                await go_on.wait()
            return "done"

        job = jobs.start("a", "Title", work, by="hr")
        await reached.wait()
        seen = (job.step, job.done, job.total, job.is_over, jobs.is_at_work("a"))
        go_on.set()
        assert await jobs.wait(job, 5)
        return seen, job.result, jobs.find("a") is job, jobs.is_at_work("a")

    assert run(story) == (("Reading", 3, 7, False, True), "done", True, False)


def test_second_start_of_the_same_is_the_first_one():
    async def story(jobs):
        started = []

        async def work(progress):
            started.append(progress)
            await asyncio.sleep(0)

        one, other = (jobs.start("a", "Title", work, by="hr") for _ in range(2))
        await jobs.wait(one, 5)
        third = jobs.start("a", "Title", work, by="hr")
        await jobs.wait(third, 5)
        return one is other, third is one, len(started)

    assert run(story) == (True, False, 2)


def test_jobs_that_compute_stand_in_line_and_others_do_not():
    async def story(jobs):
        order, go_on = [], asyncio.Event()

        def job(name, in_line=True):
            async def work(_):
                order.append(name)
                await go_on.wait()

            return jobs.start(name, name, work, by="hr", in_line=in_line)

        all_ = [job("one"), job("two"), job("book", in_line=False)]
        for _ in range(5):
            await asyncio.sleep(0)
        at_first, waits = list(order), all_[1].step
        go_on.set()
        for one in all_:
            await jobs.wait(one, 5)
        return at_first, waits, order

    assert run(story) == (["one", "book"], "Waiting for its turn", ["one", "book", "two"])


def test_too_many_that_wait_are_refused():
    async def story(jobs):
        async def work(_):
            await asyncio.sleep(60)

        for number in range(WAITING_MOST):
            jobs.start(str(number), "Title", work, by="hr")
        with pytest.raises(BusyError):
            jobs.start("one more", "Title", work, by="hr")
        jobs.start("booking", "Title", work, by="hr", in_line=False)
        await jobs.close(seconds=0)

    run(story)


@pytest.mark.parametrize(
    ("error", "text"),
    [(ScheduleError("Not today."), "Not today."), (KeyError("secret"), "Something went wrong")],
)
def test_job_that_fails_says_so_and_gives_nothing_away(error, text):
    async def story(jobs):
        async def work(_):
            raise error

        job = jobs.start("a", "Title", work, by="hr")
        await jobs.wait(job, 5)
        return job.problem

    assert run(story).startswith(text)


def test_only_the_newest_jobs_are_remembered():
    async def story(jobs):
        async def work(_):
            return None

        for number in range(KEPT + 5):
            await jobs.wait(jobs.start(str(number), "Title", work, by="hr"), 5)
        return jobs.find("0"), jobs.find(str(KEPT + 4)) is not None

    assert run(story) == (None, True)
