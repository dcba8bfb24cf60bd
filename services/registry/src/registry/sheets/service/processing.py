"""An import from its claim to its end: all rows or none, and what was wrong with which."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

import structlog

from common.auth import Actor, Role
from common.db import Database, uninterrupted
from common.divisions import Level
from common.errors import DomainError
from common.uow import UnitOfWork
from registry.sheets.domain.columns import VERSION, Row, RowWrong, read_heading, read_row, twice
from registry.sheets.errors import ImportPurged
from registry.sheets.repository import (
    Ending,
    Progress,
    SheetImports,
    Taken,
    end_job,
    insert_errors,
    leave_job,
    take_next,
    tell_progress,
)
from registry.sheets.service.catalogue import IMPORTABLE
from registry.sheets.service.importer import Importable, Work
from registry.sheets.service.reading import Table, read_table

LEASE_SECONDS = 60.0
BEATS_PER_LEASE = 20
RETRY_SECONDS = 5.0
Units = Callable[[Actor | None], AbstractAsyncContextManager[UnitOfWork]]
log = structlog.get_logger(__name__)


class _Refused(Exception):
    """At least one row is wrong; rolls the transaction back."""

    def __init__(self, errors: Sequence[RowWrong]) -> None:
        super().__init__()
        self.errors = errors


class _Overtaken(Exception):
    """Another worker has the job now: nothing of this attempt may remain."""


async def work_on_next(db: Database, units: Units, *, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Takes the next import and brings it to its end; False if there is none.

    A worker that dies leaves nothing but its lease; whoever takes the job then begins anew. The rows and the end of
    the job are one transaction, and only the latest taker can end it.

    Source: ADR 0015.

    Events: those of the use cases, all together or none.
    """
    async with db.autocommit() as conn:
        job = await take_next(conn, lease_seconds=lease_seconds)
    if job is None:
        return False
    done = Progress()
    try:
        async with _kept(db, job, done, lease_seconds):
            await _run(units, job, done)
    except _Overtaken:
        log.warning("sheet_import_overtaken", attempt=job.attempt)
    except asyncio.CancelledError:
        await uninterrupted(_leave(db, job, after_seconds=0.0, is_forgiven=True))
        raise
    except Exception as error:
        log.exception("sheet_import_interrupted", attempt=job.attempt, error=type(error).__name__)
        await _leave(db, job, after_seconds=min(RETRY_SECONDS, lease_seconds), is_forgiven=False)
    return True


async def _leave(db: Database, job: Taken, *, after_seconds: float, is_forgiven: bool) -> None:
    async with db.autocommit() as conn:
        await leave_job(conn, job, after_seconds=after_seconds, is_forgiven=is_forgiven)


@asynccontextmanager
async def _kept(db: Database, job: Taken, done: Progress, lease_seconds: float) -> AsyncIterator[None]:
    """Tells the progress and renews the lease while the work goes on."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(lease_seconds / BEATS_PER_LEASE)
            with contextlib.suppress(DomainError, OSError):
                async with db.autocommit() as conn:
                    if not await tell_progress(conn, job, done, lease_seconds=lease_seconds):
                        return

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
        await asyncio.gather(heart, return_exceptions=True)


async def _run(units: Units, job: Taken, done: Progress) -> None:
    list_ = IMPORTABLE[job.list]
    try:
        table = await _load(units, job.id, list_)
        rows, wrong = await _read(list_, table, done)
        async with units(_actor(job)) as uow:
            work = Work(uow, _actor(job), job.reason, done)
            wrong += await list_.apply(work, rows) if rows else []
            _require_right(wrong)
            division = work.actor.division
            await uow.record_audit("registry.sheet.import", "registry.sheet_import", str(job.id), division=division)
            await _end(uow, job, done, Ending("applied"))
    except _Refused as refusal:
        done.written = 0
        async with units(None) as uow:
            await insert_errors(uow.conn, job.id, refusal.errors)
            await _end(uow, job, done, Ending("refused", errors=len(refusal.errors)))
    except DomainError as error:
        done.written = 0
        async with units(None) as uow:
            await _end(uow, job, done, Ending("refused", code=error.code, problem=error.detail))


def _require_right(wrong: Sequence[RowWrong]) -> None:
    """Rolls everything back if a single cell is wrong."""
    if wrong:
        raise _Refused(sorted(set(wrong), key=lambda one: (one.row, one.header, one.code)))


async def _end(uow: UnitOfWork, job: Taken, done: Progress, ending: Ending) -> None:
    await uow.flush()
    if not await end_job(uow.conn, job, done, ending):
        raise _Overtaken


async def _load(units: Units, import_id: UUID, list_: Importable) -> Table:
    async with units(None) as uow:
        content = await SheetImports(uow.session).content(import_id)
    if content is None:
        raise ImportPurged
    return await asyncio.to_thread(read_table, content, list_.title)


async def _read(list_: Importable, table: Table, done: Progress) -> tuple[list[Row], list[RowWrong]]:
    """The rows whose cells are right, and everything that is wrong with cells, keys and versions."""
    heading, wrong = read_heading(list_.columns, table.header)
    done.total = len(table.rows)
    if wrong:
        raise _Refused(wrong)
    rows: list[Row] = []
    broken: set[int] = set()

    def read() -> None:
        for number, cells in table.rows:
            row, faults = read_row(heading, number, cells)
            for place in sorted(table.error_cells.get(number, ())):
                if place in heading.places:
                    header = heading.places[place][0].header
                    faults.append(RowWrong(number, header, "error-cell", "单元格是公式错误值（如 #REF!），请改正"))
            rows.append(row)
            wrong.extend(faults)
            if faults:
                broken.add(number)
            done.read += 1

    await asyncio.to_thread(read)
    wrong += twice(rows, list_.keys, list_.headers)
    wrong += list_.require_versions(rows, has_column=VERSION in heading.keys)
    broken |= {one.row for one in wrong}
    return [row for row in rows if row.number not in broken], wrong


def _actor(job: Taken) -> Actor:
    told = job.actor
    office_id = told["office_id"]
    return Actor(
        subject=told["subject"],
        name="",
        office_id=None if office_id is None else UUID(office_id),
        level=Level(told["level"]),
        division=told["division"],
        roles=frozenset(Role(role) for role in told["roles"]),
    )
