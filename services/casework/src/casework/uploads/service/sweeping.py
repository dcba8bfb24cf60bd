"""Keeping store and books together: what was handed in and never used, files of nobody, rows without a file."""

from collections.abc import AsyncIterator, Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from casework.uploads.errors import SweepRefused
from casework.uploads.repository import UploadFiles
from casework.uploads.service.claiming import MARKER, require_own_store
from casework.uploads.stores import Store, StoredFile
from common.clock import now
from common.contracts.casework.online import UploadState
from common.db import Database
from common.records.service import Wanted, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork, UnitOfWorkFactory

PAGE = 200
GRACE = timedelta(days=1)
"""A file younger than this may belong to a request that has not committed yet."""


async def remove_forgotten(uow: UnitOfWork, *, older_than_days: int) -> int:
    """Removes files that were handed in some days ago and given to no case; returns how many.

    Source: O4.2b.

    Events: casework.upload.changed.v1.
    """
    before = now() - timedelta(days=older_than_days)
    forgotten, removed = await _forgotten(uow, before), 0
    for upload in forgotten:
        held = await hold_record(uow.session, UploadState, upload.id, expected_version=None)
        if held.status != "uploaded":
            continue
        await UploadFiles(uow.conn).forget(held.id)
        await store_record(uow, next_state(held, status="removed"), previous=held, action="casework.upload.expire")
        removed += 1
    return removed


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much a sweep may find wrong before it is the sweep that must be wrong.

    Attributes:
        percent: of the files in the books.
        few: so many are never too many.
    """

    percent: int
    few: int = 200

    def limit(self, files: int) -> int:
        """Of so many files in the books."""
        return max(self.few, files * self.percent // 100)


async def _forgotten(uow: UnitOfWork, before: datetime) -> list[UploadState]:
    """Some of what was handed in before; evidence is given to no case and stays."""
    found: list[UploadState] = []
    after: UUID | None = None
    while len(found) < PAGE:
        wanted = Wanted(statuses=("uploaded",))
        page = await list_records(uow.session, UploadState, wanted, after=after, limit=PAGE)
        evidence = await UploadFiles(uow.conn).evidence([upload.id for upload in page])
        found += [upload for upload in page if upload.changed_at < before and upload.id not in evidence]
        if len(page) < PAGE:
            break
        after = page[-1].id
    return found


async def sweep_store(db: Database, store: Store, tolerance: Tolerance) -> int:
    """Removes from the store what is nobody's: of requests that failed, and of uploads that were removed.

    Returns:
        How many files went.

    Raises:
        StoreForeign, SweepRefused: it is not our store; too much would go. Nothing has gone then.
    """
    await require_own_store(db, store)
    limit = await _limit(db, tolerance)
    before, page, unknown = now() - GRACE, list[StoredFile](), list[str]()
    async for file in store.list():
        if file.stored_at < before:
            page.append(file)
        if len(page) == PAGE:
            unknown += await _unknown(db, page)
            page = []
        _require_few(unknown, limit, "unknown")
    unknown += await _unknown(db, page)
    _require_few(unknown, limit, "unknown")
    for key in unknown:
        await store.remove(key)
    return len(unknown)


async def report_lost(units: UnitOfWorkFactory, db: Database, store: Store, tolerance: Tolerance) -> int:
    """Marks uploads whose file the store does not have, so that it can be asked for again; returns how many are new.

    Raises:
        StoreForeign, SweepRefused: it is not our store; too much would be lost. Nothing is marked then.

    Events: casework.upload.changed.v1.
    """
    await require_own_store(db, store)
    limit, missing = await _limit(db, tolerance), set[UUID]()
    async for key, upload_id in _files(db):
        if not await store.has(key):
            missing.add(upload_id)
            _require_few(missing, limit, "lost")
    lost = 0
    async for _, upload_id in _files(db):
        lost += await _mark(units, upload_id, is_there=upload_id not in missing)
    return lost


async def _mark(units: UnitOfWorkFactory, upload_id: UUID, *, is_there: bool) -> bool:
    """Notes whether the file of an upload is there, if that is new; True if it is newly lost."""
    async with units() as uow:
        held = await hold_record(uow.session, UploadState, upload_id, expected_version=None)
        if is_there == (held.lost_at is None):
            return False
        found = next_state(held, lost_at=None if is_there else now())
        action = "casework.upload.find" if is_there else "casework.upload.lose"
        await store_record(uow, found, previous=held, action=action)
    return not is_there


async def _files(db: Database) -> AsyncIterator[tuple[str, UUID]]:
    """What the books have, beside the marker of the store."""
    after = ""
    while True:
        async with db.autocommit() as conn:
            page = await UploadFiles(conn).page(after=after, limit=PAGE)
        if not page:
            return
        for key, upload_id in page:
            if upload_id != MARKER:
                yield key, upload_id
        after = page[-1][0]


async def _unknown(db: Database, page: list[StoredFile]) -> list[str]:
    keys = [file.key for file in page]
    async with db.autocommit() as conn:
        known = await UploadFiles(conn).known(keys)
    return [key for key in keys if key not in known]


async def _limit(db: Database, tolerance: Tolerance) -> int:
    async with db.autocommit() as conn:
        return tolerance.limit(await UploadFiles(conn).count())


def _require_few(found: Sized, limit: int, what: str) -> None:
    if len(found) > limit:
        raise SweepRefused(what=what, limit=limit)
