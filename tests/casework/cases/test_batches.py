"""Jobs over many cases: what is wrong with one is told, counted, and holds up no other.

Source: O4.3c; standards.md §6 (行政许可法32条).
"""

from functools import partial
from uuid import UUID

import asyncpg
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casework.calendar.service import current_calendar
from casework.cases.jobs import accept_all_silent
from casework.cases.service import deem_silent_cases, recalculate_due_dates
from casework.cases.service.apart import apart
from common.telemetry import metrics

SILENT = (
    "UPDATE cases SET due_on = '2026-01-12', file = jsonb_set(jsonb_set(jsonb_set(file, "
    "'{ledger,0,from_on}', '\"2026-01-05\"'), '{ledger,0,at}', '\"2026-01-05T09:00:00+08:00\"'), "
    "'{terms,is_silence_acceptance}', 'true') WHERE id = $1::uuid"
)
UNREADABLE = "UPDATE cases SET file = jsonb_set(file, '{holders}', '\"nobody\"') WHERE id = $1::uuid"
SENSELESS = "UPDATE cases SET file = jsonb_set(file, '{terms,steps}', '[]') WHERE id = $1::uuid"


def failures(job: str) -> float:
    return metrics.BATCH_FAILURES.labels("casework", job)._value.get()


async def silent(window, poisons: tuple[str, ...] = (UNREADABLE, SENSELESS)) -> tuple[list[str], list[str]]:
    """Cases about which nobody has said anything since January: two that are whole between two that are not."""
    cases = [(await window.register(number=number)).json()["id"] for number in range(1, 5)]
    for case in cases:
        await window.rows(SILENT, case)
    for case, poison in zip(cases[::2], poisons, strict=False):
        await window.rows(poison, case)
    return cases[1::2], cases[::2]


async def statuses(window, cases: list[str]) -> set[str]:
    return {await window.value("SELECT status FROM cases WHERE id = $1::uuid", case) for case in cases}


async def test_the_law_accepts_the_others_when_one_case_makes_no_sense(window):
    """O4.3c: nobody's acceptance waits for a row that somebody broke."""
    whole, broken = await silent(window)
    before = failures("accept_silent_cases")
    with structlog.testing.capture_logs() as logs:
        async with window.context.uow() as uow:
            done = await deem_silent_cases(uow, limit=200)
    assert (done.accepted, done.after) == (2, None)
    assert (await statuses(window, whole), await statuses(window, broken)) == ({"accepted"}, {"registered"})
    assert failures("accept_silent_cases") - before == 2
    assert {one["id"] for one in logs if one["event"] == "batch_one_failed"} == set(broken)
    assert await window.value("SELECT count(*) FROM outbox WHERE type = 'casework.case.accepted.v1'") == 2


async def test_broken_cases_at_the_head_of_the_queue_keep_nobody_behind_them_waiting(window):
    """O4.3c: the next batch begins behind what was looked at, whatever became of it."""
    whole, _ = await silent(window)
    assert await accept_all_silent(window.context.uow, batch=1) == 2
    assert await statuses(window, whole) == {"accepted"}


async def test_a_recalculation_goes_past_a_case_that_cannot_be_counted(window):
    """O4.3c: also where a whole batch cannot be, it is not taken for the end."""
    whole, broken = await silent(window)
    for case in whole:
        await window.rows("UPDATE cases SET due_on = '2027-06-01' WHERE id = $1::uuid", case)
    after, moved, failed, rounds = None, [], 0, 0
    while True:
        async with window.context.uow() as uow:
            found = await recalculate_due_dates(uow, await current_calendar(uow.conn), after=after, limit=1)
        if found.last is None:
            break
        after, failed, rounds = found.last, failed + len(found.failed), rounds + 1
        moved += [str(one.case_id) for one in found.moved if one.due_before != one.due_after]
    assert (sorted(moved), failed, rounds) == (sorted(whole), 1, 4)
    assert not set(broken) & set(moved)


async def test_a_lock_that_took_too_long_in_a_session_is_the_whole_batchs(window):
    """O4.3c: what the session tells wrapped is judged by what the driver said; nothing of the day is skipped."""
    case = (await window.register()).json()["id"]
    before = failures("x")
    async with window.context.uow() as holder:
        await holder.conn.execute("SELECT FROM cases WHERE id = $1 FOR UPDATE", UUID(case))

        async def wait(uow) -> None:
            await uow.session.execute(text("SET LOCAL lock_timeout = '20ms'"))
            await uow.session.execute(text("SELECT FROM cases WHERE id = :id FOR UPDATE").bindparams(id=UUID(case)))

        with pytest.raises(DBAPIError) as raised:
            async with window.context.uow() as uow:
                await apart(uow, "x", UUID(case), partial(wait, uow))
    assert isinstance(raised.value.orig.__cause__, asyncpg.LockNotAvailableError)
    assert failures("x") == before, "the case is not at fault"

    async def senseless(uow) -> None:
        await uow.session.execute(text("SELECT 1 / 0"))

    async with window.context.uow() as uow:
        assert await apart(uow, "x", UUID(case), partial(senseless, uow)) is None
    assert failures("x") == before + 1, "and here it is"


async def test_what_is_wrong_with_the_database_is_the_whole_batchs(window):
    """A lost connection is no fault of a case: the batch is taken up again."""

    async def lost() -> None:
        raise asyncpg.ConnectionDoesNotExistError

    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        async with window.context.uow() as uow:
            await apart(uow, "x", UUID(int=1), lost)
    async with window.context.uow() as uow:

        async def refused() -> None:
            await uow.conn.execute("SELECT 1 / 0")

        assert await apart(uow, "x", UUID(int=1), refused) is None
        assert await uow.conn.fetchval("SELECT 1") == 1, "the transaction goes on"
