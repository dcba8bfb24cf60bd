"""All SQL of imports: taking a job, its progress, its end."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from common.db import Connection
from registry.sheets.domain.columns import RowWrong
from registry.sheets.models import SheetImport, SheetImportError, SheetImportFile

MAX_ATTEMPTS = 3
MAX_STORED_ERRORS = 20_000

_TAKE = (
    "UPDATE sheet_imports SET state = 'running', attempt = attempt + 1, rows_read = 0, rows_checked = 0, "
    "rows_written = 0, started_at = coalesce(started_at, now()), leased_until = now() + make_interval(secs => $1) "
    "WHERE id = (SELECT id FROM sheet_imports WHERE state = 'queued' "
    "OR (state = 'running' AND leased_until < now() AND attempt < $2) "
    "ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, list, attempt, actor::text AS actor, reason"
)
_GIVE_UP = (
    "UPDATE sheet_imports SET state = 'failed', finished_at = now(), leased_until = NULL, "
    "problem_code = 'registry.sheet-import-failed', problem = '导入未能完成，没有写入任何数据；请稍后重新导入' "
    "WHERE state = 'running' AND leased_until < now() AND attempt >= $1 RETURNING id"
)
_TELL = (
    "UPDATE sheet_imports SET rows_total = $3, rows_read = $4, rows_checked = $5, rows_written = $6, "
    "leased_until = now() + make_interval(secs => $7) WHERE id = $1 AND attempt = $2 AND state = 'running' "
    "RETURNING 1"
)
_END = (
    "UPDATE sheet_imports SET state = $3, rows_total = $4, rows_read = $5, rows_checked = $6, rows_written = $7, "
    "error_count = $8, problem_code = $9, problem = $10, finished_at = now(), leased_until = NULL "
    "WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING 1"
)
_LEAVE = (
    "UPDATE sheet_imports SET leased_until = now() + make_interval(secs => $3), attempt = attempt - $4 "
    "WHERE id = $1 AND attempt = $2 AND state = 'running'"
)
_PURGE = (
    "WITH old AS (SELECT id FROM sheet_imports WHERE purged_at IS NULL AND finished_at < now() - make_interval("
    "days => $1) ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED), "
    "files AS (DELETE FROM sheet_import_files WHERE import_id IN (SELECT id FROM old)), "
    "errors AS (DELETE FROM sheet_import_errors WHERE import_id IN (SELECT id FROM old)) "
    "UPDATE sheet_imports SET purged_at = now() WHERE id IN (SELECT id FROM old) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in somebody's hands.

    Attributes:
        attempt: the fence; whoever takes the job later has a higher one.
    """

    id: UUID
    list: str
    attempt: int
    actor: dict[str, Any]
    reason: str | None


@dataclass(slots=True)
class Progress:
    """How far a job is; written down by the heartbeat."""

    total: int | None = None
    read: int = 0
    checked: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ends.

    Attributes:
        state: applied, refused or failed.
        errors: how many things are wrong with the rows.
        code, problem: what is wrong with the file as a whole.
    """

    state: str
    errors: int = 0
    code: str | None = None
    problem: str | None = None


class SheetImports:
    """Imports, each its uploader's own."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, job: SheetImport, content: bytes) -> None:
        """Takes in a job and its file; written when the unit of work flushes."""
        self._session.add(job)
        self._session.add(SheetImportFile(import_id=job.id, content=content))

    async def find(self, import_id: UUID, *, subject: str) -> SheetImport | None:
        """The job, if the subject uploaded it."""
        query = select(SheetImport).where(SheetImport.id == import_id, SheetImport.subject == subject)
        return await self._session.scalar(query)

    async def page(self, *, subject: str, after: UUID | None, limit: int) -> list[SheetImport]:
        """Up to `limit` jobs of the subject, the latest first, before the id `after`."""
        query = select(SheetImport).where(SheetImport.subject == subject)
        if after is not None:
            query = query.where(SheetImport.id < after)
        return list(await self._session.scalars(query.order_by(SheetImport.id.desc()).limit(limit)))

    async def content(self, import_id: UUID) -> bytes | None:
        """The file, while it is kept."""
        query = select(SheetImportFile.content).where(SheetImportFile.import_id == import_id)
        return await self._session.scalar(query)

    async def errors(self, import_id: UUID, *, limit: int | None = None) -> list[RowWrong]:
        """What is wrong with the rows, in their order."""
        table = SheetImportError
        query = select(table).where(table.import_id == import_id).order_by(table.position).limit(limit)
        return [RowWrong(one.row, one.header, one.code, one.reason) for one in await self._session.scalars(query)]


async def take_next(conn: Connection, *, lease_seconds: float) -> Taken | None:
    """The oldest job that nobody works on, or whose worker has not been heard of; None if there is none."""
    await conn.execute(_GIVE_UP, MAX_ATTEMPTS)
    row = await conn.fetchrow(_TAKE, lease_seconds, MAX_ATTEMPTS)
    if row is None:
        return None
    return Taken(row["id"], row["list"], row["attempt"], json.loads(row["actor"]), row["reason"])


async def tell_progress(conn: Connection, job: Taken, done: Progress, *, lease_seconds: float) -> bool:
    """Writes the progress and keeps the job; False if somebody else has it now."""
    values = (done.total, done.read, done.checked, done.written)
    return bool(await conn.fetchval(_TELL, job.id, job.attempt, *values, lease_seconds))


async def end_job(conn: Connection, job: Taken, done: Progress, ending: Ending) -> bool:
    """Ends the job if it is still ours; False means that nothing of this attempt may remain."""
    values = (ending.state, done.total, done.read, done.checked, done.written)
    told = (ending.errors, ending.code, ending.problem)
    return bool(await conn.fetchval(_END, job.id, job.attempt, *values, *told))


async def leave_job(conn: Connection, job: Taken, *, after_seconds: float, is_forgiven: bool) -> None:
    """Lets the next worker take the job after a while; forgiven when the attempt did not fail but was told to stop."""
    await conn.execute(_LEAVE, job.id, job.attempt, after_seconds, int(is_forgiven))


async def insert_errors(conn: Connection, import_id: UUID, errors: Sequence[RowWrong]) -> None:
    """Keeps what is wrong with the rows, as far as anybody can read it."""
    records = [
        (import_id, position, one.row, one.header, one.code, one.reason)
        for position, one in enumerate(errors[:MAX_STORED_ERRORS], 1)
    ]
    columns = ("import_id", "position", "row", "header", "code", "reason")
    await conn.copy_records_to_table("sheet_import_errors", records=records, columns=columns)


async def purge_files(conn: Connection, *, older_than_days: int, limit: int) -> int:
    """Forgets the files and errors of jobs that ended long ago, a bounded number at a time; returns how many."""
    return len(await conn.fetch(_PURGE, older_than_days, limit))
