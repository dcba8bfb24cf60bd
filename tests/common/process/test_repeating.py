"""Jobs that repeat: at once while there is more, after a pause else, and after any failure."""

import asyncio

from common.errors import Unavailable
from common.process import repeated


async def run_until(job, condition):
    stop = asyncio.Event()
    task = asyncio.create_task(job(stop))
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_more_work_is_done_at_once_and_the_end_of_it_is_followed_by_a_pause():
    pages = [True, True, False]
    done = []

    async def work():
        done.append(1)
        return pages.pop(0)

    await run_until(repeated("page", work, every_seconds=600), lambda: not pages)
    assert len(done) == 3


async def test_a_failure_of_any_kind_is_tried_again():
    failures = [Unavailable(), OSError(), ValueError("no such thing")]
    done = []

    async def work():
        if failures:
            raise failures.pop(0)
        done.append(1)
        return False

    await run_until(repeated("page", work, every_seconds=600, retry_seconds=0.001), lambda: done)
    assert not failures


async def test_a_job_that_pauses_stops_when_told():
    async def work():
        return False

    await run_until(repeated("page", work, every_seconds=600), lambda: True)
