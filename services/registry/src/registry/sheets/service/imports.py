"""Uploads, their progress, and their error sheets."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import time, timedelta
from typing import IO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import today
from common.db import Database
from common.ids import uuid7
from common.uow import UnitOfWork
from common.workbooks import WorkbookWriter
from registry.sheets.domain.cells import EXACT, Cell, Raw, clean
from registry.sheets.domain.columns import RowWrong, headers_of, looks_of, same_header
from registry.sheets.domain.safety import require_workbook
from registry.sheets.errors import ImportNotFound, ImportPurged, ImportWithoutErrors
from registry.sheets.models import SheetImport
from registry.sheets.repository import MAX_STORED_ERRORS, SheetImports, purge_files
from registry.sheets.service.catalogue import get_importable
from registry.sheets.service.importer import Importable
from registry.sheets.service.reading import Table, read_table
from registry.staff.domain import require_impersonal

UPLOADERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
KEPT_DAYS = 7
PURGE_PAGE = 100


async def start_import(uow: UnitOfWork, *, actor: Actor, name: str, content: bytes, reason: str | None) -> SheetImport:
    """Takes in a file; the worker checks and writes it, with the rights that the actor has now.

    Source: S3, ADR 0015.

    Raises:
        RoleRequired: only heads and supervisors write.
        ListNotImportable: the list can be exported only.
        TextHoldsPersonalData: the reason holds a number of somebody.
        FileEmpty, FileTooLarge, FileEncrypted, FileOfOldFormat, FileNotXlsx, FileBroken: no workbook.
    """
    require_role(actor, *UPLOADERS)
    get_importable(name)
    require_impersonal(reason)
    await asyncio.to_thread(require_workbook, content)
    told = {**asdict(actor), "office_id": str(actor.office_id) if actor.office_id else None}
    told = {key: value for key, value in told.items() if key != "name"} | {"roles": sorted(actor.roles)}
    job = SheetImport(id=uuid7(), list=name, subject=actor.subject, division=actor.division, actor=told)
    job.reason, job.size_bytes = reason, len(content)
    SheetImports(uow.session).add(job, content)
    await uow.flush()
    await uow.session.refresh(job)
    await uow.record_audit("registry.sheet.upload", "registry.sheet_import", str(job.id), division=actor.division)
    return job


async def get_import(session: AsyncSession, *, actor: Actor, import_id: UUID) -> SheetImport:
    """The job, for whoever uploaded the file.

    Raises:
        ImportNotFound: there is none, or it is somebody else's.
    """
    found = await SheetImports(session).find(import_id, subject=actor.subject)
    if found is None:
        raise ImportNotFound
    return found


async def list_imports(session: AsyncSession, *, actor: Actor, after: UUID | None, limit: int) -> list[SheetImport]:
    """What somebody has uploaded, the latest first."""
    return await SheetImports(session).page(subject=actor.subject, after=after, limit=limit)


async def list_errors(session: AsyncSession, *, job: SheetImport, limit: int) -> list[RowWrong]:
    """The first things that are wrong with a file."""
    return await SheetImports(session).errors(job.id, limit=limit)


async def find_error_parts(
    session: AsyncSession, *, actor: Actor, import_id: UUID
) -> tuple[str, bytes, list[RowWrong]]:
    """What an error sheet is made of: the list, the file, what is wrong with its rows.

    Raises:
        ImportNotFound: there is none, or it is somebody else's.
        ImportWithoutErrors: nothing is wrong with its rows.
        ImportPurged: the file is gone.
    """
    job = await get_import(session, actor=actor, import_id=import_id)
    if job.state != "refused" or job.error_count == 0:
        raise ImportWithoutErrors
    imports = SheetImports(session)
    content = await imports.content(import_id)
    if content is None:
        raise ImportPurged
    return job.list, content, await imports.errors(import_id)


def write_errors(name: str, content: bytes, errors: Sequence[RowWrong]) -> IO[bytes]:
    """The error sheet: every error with row, column and reason, and the rows with marked cells; blocking."""
    list_ = get_importable(name)
    table = read_table(content, list_.title)
    with WorkbookWriter(made_on=today()) as book:
        headers, looks = ("行号", "列", "错误代码", "原因"), ("whole", "text", "text", "text")
        sheet = book.add_sheet("错误清单", headers, looks)
        next_row = book.write_rows(sheet, 1, ([one.row, one.header, one.code, one.reason] for one in errors), looks)
        if len(errors) >= MAX_STORED_ERRORS:
            note = f"错误较多，只列出前{MAX_STORED_ERRORS}处"
            book.write_rows(sheet, next_row, [[None, None, None, note]], looks)
        _write_wrong_rows(book, list_, table, errors)
        return book.finish()


def _write_wrong_rows(book: WorkbookWriter, list_: Importable, table: Table, errors: Sequence[RowWrong]) -> None:
    own = {
        same_header(header): look
        for header, look in zip(headers_of(list_.columns), looks_of(list_.columns), strict=True)
    }
    headers = [str(clean(raw) or "") for raw in table.header]
    names = [same_header(header) for header in headers]
    places = {name: place for place, name in enumerate(names) if name}
    by_row: dict[int, list[RowWrong]] = {}
    for error in errors:
        by_row.setdefault(error.row, []).append(error)
    looks = ["whole", "text", *(own.get(name, "text") for name in names)]
    sheet = book.add_sheet("错误的行", ["行号", "原因", *headers], looks)
    rows: list[list[Cell]] = []
    marks: list[frozenset[int]] = []
    for number, cells in table.rows:
        if number in by_row:
            reasons = "；".join(f"{one.header}：{one.reason}" if one.header else one.reason for one in by_row[number])
            shown = [_shown(cell) for cell in cells[: len(headers)]]
            rows.append([number, reasons, *shown, *([None] * (len(headers) - len(shown)))])
            found = {places.get(same_header(one.header)) for one in by_row[number]}
            marks.append(frozenset(place + 2 for place in found if place is not None))
    book.write_rows(sheet, 1, rows, looks, marks)


def _shown(raw: Raw) -> Cell:
    """A cell as it was uploaded."""
    value = clean(raw)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < EXACT else repr(value)
    return str(value) if isinstance(value, time | timedelta) else value


async def purge_imports(db: Database, *, older_than_days: int) -> int:
    """Forgets uploaded files and their errors some days after the end of the import; returns how many imports.

    What remains tells who imported what, when, and how many rows; the rows themselves are in the history.

    Source: ADR 0015.
    """
    purged = 0
    async with db.autocommit() as conn:
        while found := await purge_files(conn, older_than_days=older_than_days, limit=PURGE_PAGE):
            purged += found
    return purged
