"""The loops of reports: what happens without anybody's act happens by itself, whole, and once. Source: O6.3a."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from common.contracts.reporting.reports import LevelDays
from common.divisions import Level
from common.process import Job
from common.uow import UnitOfWorkFactory
from reporting.reports import jobs, service
from reporting.reports.service import Scheduling

PROVINCE, DONGGUAN = "440000000000", "441900000000"
TOWNS = ("440305001000", "440306001000", "441624100000")
REMINDED = "SELECT count(*) FROM records WHERE record = 'reporting.report-reminder'"


@pytest.fixture
def context(world: Any) -> Any:
    """What a job takes of its process."""
    return SimpleNamespace(uow=UnitOfWorkFactory(world.db))


async def running(job: Job, *, until: Callable[[], Awaitable[bool]]) -> None:
    """Runs a loop until something is true, then a few turns more, then stops it as its process would."""
    stop = asyncio.Event()
    task = asyncio.create_task(job(stop))
    async with asyncio.timeout(20):
        while not await until():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        stop.set()
        await task


async def test_the_period_of_a_schedule_opens_by_itself_and_once(world: Any, clock: Any, context: Any) -> None:
    days = tuple(LevelDays(level=level, days=n) for level, n in zip(Level, (15, 10, 8, 5, 3), strict=True))
    scheduling = Scheduling(
        "月报", None, "monthly", date(2026, 3, 1), None, (DONGGUAN,), Level.TOWN, days, (await world.template())[:2]
    )
    await world.act(PROVINCE, service.add_schedule, scheduling=scheduling)

    async def opened() -> int:
        return int((await world.rows("SELECT count(*) FROM report_periods"))[0][0])

    async def is_open() -> bool:
        return await opened() > 0

    await running(jobs.periods_job(context, every_seconds=0.01), until=is_open)
    assert await opened() == 1


async def test_more_than_a_page_is_locked_in_one_go(
    world: Any, clock: Any, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    period = await world.open()
    for town in TOWNS:
        await world.settle(period, town)
    await world.rows("UPDATE report_periods SET status = 'closed'")

    async def is_locked() -> bool:
        return {(await world.report(period.id, town)).status for town in TOWNS} == {"locked"}

    await running(jobs.locks_job(context, every_seconds=3_600), until=is_locked)


async def test_more_than_a_page_is_reminded_in_one_go_and_nobody_twice(
    world: Any, clock: Any, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    await world.open()
    clock.move_to(datetime(2026, 5, 1, 2, tzinfo=UTC))
    due = 4 + 3 + 3 + 1

    async def reminded() -> int:
        return int((await world.rows(REMINDED))[0][0])

    async def is_reminded() -> bool:
        return await reminded() >= due

    await running(jobs.reminders_job(context, every_seconds=3_600), until=is_reminded)
    await running(jobs.reminders_job(context, every_seconds=0.01), until=is_reminded)
    assert await reminded() == due
