"""Export of lists, and of the errors of imports, to files without a name; a list is read in one snapshot, by pages."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import IO
from uuid import UUID

from sqlalchemy import text

from common.auth import Actor
from common.clock import today
from common.uow import UnitOfWork
from common.workbooks import WorkbookWriter
from registry.sheets.domain.columns import cells_of, headers_of, looks_of
from registry.sheets.errors import ExportsBusy
from registry.sheets.service.imports import find_error_parts, write_errors
from registry.sheets.service.listing import Asked, Listing

MAX_AT_ONCE = 3
SEND_BYTES = 256 * 1024
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

Units = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


class _Slots:
    """Writing a workbook keeps a core busy for seconds; readers beyond these are asked to come again."""

    taken = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        if self.taken >= MAX_AT_ONCE:
            raise ExportsBusy
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


_slots = _Slots()


async def export_list(units: Units, *, listing: Listing, asked: Asked, actor: Actor | None) -> IO[bytes]:
    """The rows that somebody may see, as a workbook; the transaction has ended when the file is handed out.

    Source: O4.3e, ADR 0015.

    Raises:
        FilterUnknown: the list has no such filter.
        RoleRequired: not this actor's to read.
        ExportsBusy: this process is writing as many workbooks as it may.
    """
    asked.require_only(listing.filters)
    listing.require_reader(actor)
    with _slots.take(), WorkbookWriter(made_on=today()) as book:
        looks = looks_of(listing.columns)
        sheet = book.add_sheet(listing.title, headers_of(listing.columns), looks)
        async with units() as uow:
            await uow.session.execute(text(_SNAPSHOT))
            row = 1
            async for page in listing.pages(uow.session, asked, actor):
                cells = (cells_of(listing.columns, one) for one in page)
                row = await asyncio.to_thread(book.write_rows, sheet, row, cells, looks)
        return await asyncio.to_thread(book.finish)


async def export_errors(units: Units, *, actor: Actor, import_id: UUID) -> IO[bytes]:
    """The error sheet of an import; the transaction has ended before the uploaded file is read.

    Source: S3, ADR 0015.

    Raises:
        ImportNotFound, ImportWithoutErrors, ImportPurged: there is none for this actor.
        ExportsBusy: this process is writing as many workbooks as it may.
    """
    with _slots.take():
        async with units() as uow:
            parts = await find_error_parts(uow.session, actor=actor, import_id=import_id)
        return await asyncio.to_thread(write_errors, *parts)


async def send_file(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The bytes of a file, which is gone afterwards."""
    with file:
        while piece := await asyncio.to_thread(file.read, SEND_BYTES):
            yield piece
