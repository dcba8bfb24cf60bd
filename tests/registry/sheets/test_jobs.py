"""The worker: a killed one leaves nothing half-written, and the job is taken up again; files are forgotten."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from registry.sheets.jobs import import_job, purge_job
from registry.sheets.repository import MAX_ATTEMPTS, Ending, Progress, end_job, take_next
from registry.sheets.service import imports, processing, work_on_next

DIES = textwrap.dedent(
    """
    import asyncio, os, signal, sys
    from common.db import Database
    from common.uow import UnitOfWorkFactory
    from registry.offices import service as offices
    from registry.sheets.service import work_on_next

    publish = offices.publish_offices

    async def publish_and_wait(uow, *given, **more):
        await publish(uow, *given, **more)
        print("written", flush=True)
        await asyncio.sleep(60)

    offices.publish_offices = publish_and_wait

    async def main():
        db = Database(sys.argv[1], pool_size=4)
        await work_on_next(db, UnitOfWorkFactory(db), lease_seconds=1.5)

    asyncio.run(main())
    """
)


async def uploaded(clerk: Any, world: Any) -> str:
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    for row in (2, 3, 4):
        sheet.put(row, "办公电话", f"0762-55500{row + 10}")
    answer = await clerk.upload(world.supervisor, "offices", sheet.to_bytes())
    return str(answer.json()["id"])


async def state_of(desk: Any, import_id: str) -> Any:
    (row,) = await desk.rows("SELECT * FROM sheet_imports WHERE id::text = $1", import_id)
    return row


@pytest.mark.faults
async def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_begins_anew(clerk, small_desk, world):
    """kill -9 after all rows were written and before the commit."""
    job, before = await uploaded(clerk, world), await clerk.counts()
    worker = subprocess.Popen(  # noqa: ASYNC220 - it is to be killed
        [sys.executable, "-c", DIES, small_desk.url], stdout=subprocess.PIPE, text=True
    )
    try:
        line = await asyncio.to_thread(worker.stdout.readline)
        assert line == "written\n"
        assert (await state_of(small_desk, job))["state"] == "running"
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    assert await clerk.counts() == before
    assert not await work_on_next(small_desk.context.db, small_desk.context.uow), "its lease has not ended yet"
    async with asyncio.timeout(20):
        while not await work_on_next(small_desk.context.db, small_desk.context.uow):
            await asyncio.sleep(0.1)
    done = await state_of(small_desk, job)
    assert (done["state"], done["attempt"], done["rows_written"]) == ("applied", 2, 3)
    assert await small_desk.value("SELECT max(version) FROM offices") == 2
    assert await small_desk.value("SELECT count(*) FROM audit_entries WHERE action = 'registry.sheet.import'") == 1


async def test_a_worker_that_was_overtaken_writes_nothing(clerk, small_desk, world, monkeypatch):
    """Its lease ended while it worked; the other one ends the job, and the rows are written once."""
    job = await uploaded(clerk, world)
    apply, is_first = processing.IMPORTABLE["offices"].apply, True

    async def slow(work: Any, rows: Any) -> Any:
        nonlocal is_first
        if is_first:
            is_first = False
            await small_desk.rows("UPDATE sheet_imports SET leased_until = now() - interval '1 second'")
            assert await work_on_next(small_desk.context.db, small_desk.context.uow)
        return await apply(work, rows)

    monkeypatch.setitem(processing.IMPORTABLE, "offices", _with(processing.IMPORTABLE["offices"], slow))
    assert await work_on_next(small_desk.context.db, small_desk.context.uow, lease_seconds=600)
    done = await state_of(small_desk, job)
    assert (done["state"], done["attempt"]) == ("applied", 2)
    assert await small_desk.value("SELECT max(version) FROM offices") == 2
    assert await small_desk.value("SELECT count(*) FROM sheet_import_errors") == 0


def _with(list_: Any, apply: Any) -> Any:
    from dataclasses import fields

    values = {one.name: getattr(list_, one.name) for one in fields(list_) if one.init}
    return type(list_)(**{**values, "apply": apply})


async def test_a_failure_of_the_code_is_tried_again_and_then_given_up(clerk, small_desk, world, monkeypatch):
    job, before = await uploaded(clerk, world), await clerk.counts()

    async def broken(work: Any, rows: Any) -> Any:
        raise RuntimeError

    monkeypatch.setitem(processing.IMPORTABLE, "offices", _with(processing.IMPORTABLE["offices"], broken))
    for _ in range(MAX_ATTEMPTS):
        assert await work_on_next(small_desk.context.db, small_desk.context.uow)
        await small_desk.rows("UPDATE sheet_imports SET leased_until = now() - interval '1 second'")
    assert not await work_on_next(small_desk.context.db, small_desk.context.uow)
    shown = (await small_desk.get(f"/sheets/imports/{job}", world.supervisor)).json()
    assert (shown["state"], shown["problem_code"]) == ("failed", "registry.sheet-import-failed")
    assert await clerk.counts() == before


async def test_a_worker_that_is_told_to_end_leaves_the_job_at_once(clerk, small_desk, world, monkeypatch):
    job, begun = await uploaded(clerk, world), asyncio.Event()

    async def slow(work: Any, rows: Any) -> Any:
        begun.set()
        await asyncio.sleep(60)

    with monkeypatch.context() as patched:
        patched.setitem(processing.IMPORTABLE, "offices", _with(processing.IMPORTABLE["offices"], slow))
        task = asyncio.create_task(work_on_next(small_desk.context.db, small_desk.context.uow))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await state_of(small_desk, job))["attempt"] == 0
    assert await clerk.work() == 1
    assert (await state_of(small_desk, job))["state"] == "applied"


async def test_progress_is_told_while_the_work_goes_on(clerk, small_desk, world, monkeypatch):
    job, apply = await uploaded(clerk, world), processing.IMPORTABLE["offices"].apply
    seen: list[Any] = []

    async def slow(work: Any, rows: Any) -> Any:
        wrong = await apply(work, rows)
        await asyncio.sleep(0.5)
        seen.append((await small_desk.get(f"/sheets/imports/{job}", world.supervisor)).json())
        return wrong

    monkeypatch.setitem(processing.IMPORTABLE, "offices", _with(processing.IMPORTABLE["offices"], slow))
    assert await work_on_next(small_desk.context.db, small_desk.context.uow, lease_seconds=2)
    assert (seen[0]["state"], seen[0]["state_label"]) == ("running", "正在处理")
    assert seen[0]["rows_total"] == seen[0]["rows_read"] == seen[0]["rows_checked"] > 3
    assert seen[0]["rows_written"] == 3


async def test_only_the_latest_taker_ends_a_job(clerk, small_desk, world):
    await uploaded(clerk, world)
    async with small_desk.context.db.autocommit() as conn:
        first = await take_next(conn, lease_seconds=-1)
        second = await take_next(conn, lease_seconds=60)
        assert first is not None
        assert second is not None
        assert not await end_job(conn, first, Progress(), Ending("applied"))
        assert await end_job(conn, second, Progress(), Ending("applied"))
        assert not await end_job(conn, second, Progress(), Ending("refused"))


async def test_the_worker_works_on_imports_and_forgets_old_files(clerk, small_desk, world):
    job, stop = await uploaded(clerk, world), asyncio.Event()
    context = small_desk.context
    tasks = [asyncio.create_task(one(stop)) for one in (import_job(context, every_seconds=0.05),)]
    async with asyncio.timeout(20):
        while (await state_of(small_desk, job))["state"] != "applied":
            await asyncio.sleep(0.05)
    await small_desk.rows("UPDATE sheet_imports SET finished_at = now() - interval '6 days'")
    tasks.append(asyncio.create_task(purge_job(context, every_seconds=0.05)(stop)))
    await asyncio.sleep(0.3)
    assert await small_desk.value("SELECT count(*) FROM sheet_import_files") == 1
    await small_desk.rows("UPDATE sheet_imports SET finished_at = now() - interval '8 days'")
    async with asyncio.timeout(20):
        while await small_desk.value("SELECT count(*) FROM sheet_import_files"):
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    shown = (await small_desk.get(f"/sheets/imports/{job}", world.supervisor)).json()
    assert (shown["is_purged"], shown["rows_written"]) == (True, 3)


async def test_the_error_sheet_goes_with_the_file(clerk, small_desk, world):
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "办公电话", "x")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    await small_desk.rows("UPDATE sheet_imports SET finished_at = now() - interval '8 days'")
    from registry.sheets.service import purge_imports

    assert await purge_imports(small_desk.context.db, older_than_days=7) == 1
    assert await small_desk.value("SELECT count(*) FROM sheet_import_errors") == 0
    gone = await small_desk.get(f"/sheets/imports/{job['id']}/errors.xlsx", world.supervisor)
    assert (gone.status_code, gone.json()["code"]) == (409, "registry.sheet-import-purged")


async def test_the_error_sheet_is_written_without_a_session_and_in_turn(clerk, small_desk, world, monkeypatch):
    """Reading a large file takes seconds: no connection waits for it, and no more run at once than exports may."""
    sheet = await clerk.download("offices", division=world.HEPING_TOWN)
    sheet.put(2, "办公电话", "x")
    job = await clerk.bring_in(world.supervisor, "offices", sheet)
    read_table, held = imports.read_table, []

    def reading(*given: Any) -> Any:
        held.append(small_desk.context.db.lent)
        return read_table(*given)

    monkeypatch.setattr(imports, "read_table", reading)
    assert await clerk.errors(world.supervisor, job)
    assert held == [0]
    monkeypatch.setattr("registry.sheets.service.exporting.MAX_AT_ONCE", 0)
    busy = await small_desk.get(f"/sheets/imports/{job['id']}/errors.xlsx", world.supervisor)
    assert (busy.status_code, busy.json()["code"]) == (503, "registry.sheet-exports-busy")
    assert held == [0]
