"""Keeping store and books together: what was handed in and never used, files of nobody, rows without a file."""

from datetime import timedelta

from casework.records.service import Wanted, hold_record, list_records, next_state, store_record
from casework.uploads.repository import UploadFiles
from casework.uploads.stores import Store, StoredFile
from common.clock import now
from common.contracts.casework.online import UploadState
from common.db import Database
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
    pending = await list_records(uow.session, UploadState, Wanted(statuses=("uploaded",)), limit=PAGE)
    removed = 0
    for upload in pending:
        if upload.changed_at >= before:
            continue
        held = await hold_record(uow.session, UploadState, upload.id, expected_version=None)
        if held.status != "uploaded":
            continue
        await UploadFiles(uow.conn).forget(held.id)
        await store_record(uow, next_state(held, status="removed"), previous=held, action="casework.upload.expire")
        removed += 1
    return removed


async def sweep_store(db: Database, store: Store) -> int:
    """Removes from the store what is nobody's: of requests that failed, and of uploads that were removed.

    Returns:
        How many files went.
    """
    before, page, gone = now() - GRACE, [], 0
    async for file in store.list():
        if file.stored_at < before:
            page.append(file)
        if len(page) == PAGE:
            gone += await _remove_unknown(db, store, page)
            page = []
    return gone + await _remove_unknown(db, store, page)


async def _remove_unknown(db: Database, store: Store, page: list[StoredFile]) -> int:
    keys = [file.key for file in page]
    async with db.autocommit() as conn:
        known = await UploadFiles(conn).known(keys)
    unknown = [key for key in keys if key not in known]
    for key in unknown:
        await store.remove(key)
    return len(unknown)


async def report_lost(units: UnitOfWorkFactory, db: Database, store: Store) -> int:
    """Marks uploads whose file the store does not have, so that it can be asked for again; returns how many are new.

    Events: casework.upload.changed.v1.
    """
    after, lost = "", 0
    while True:
        async with db.autocommit() as conn:
            page = await UploadFiles(conn).page(after=after, limit=PAGE)
        if not page:
            return lost
        for key, upload_id in page:
            is_there = await store.has(key)
            async with units() as uow:
                held = await hold_record(uow.session, UploadState, upload_id, expected_version=None)
                if is_there == (held.lost_at is None):
                    continue
                found = next_state(held, lost_at=None if is_there else now())
                action = "casework.upload.find" if is_there else "casework.upload.lose"
                await store_record(uow, found, previous=held, action=action)
                lost += not is_there
        after = page[-1][0]
