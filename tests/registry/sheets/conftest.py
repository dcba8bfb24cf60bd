"""Sheets as people have them: exported over HTTP, changed cell by cell, uploaded, worked on."""

import io
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from common.auth import Actor
from common.ids import uuid7
from common.testing.tokens import bearer
from registry.sheets.service import work_on_next

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Sheet:
    """A sheet in memory: a header, and rows as lists of cells."""

    header: list[str]
    rows: list[list[Any]] = field(default_factory=list)

    def place(self, header: str) -> int:
        return self.header.index(header)

    def get(self, row: int, header: str) -> Any:
        """A cell by the number that a spreadsheet shows: the first row of data is 2."""
        return self.rows[row - 2][self.place(header)]

    def put(self, row: int, header: str, value: Any) -> None:
        self.rows[row - 2][self.place(header)] = value

    def find(self, header: str, value: Any) -> int:
        return next(n for n, row in enumerate(self.rows, 2) if row[self.place(header)] == value)

    def add(self, **cells: Any) -> int:
        self.rows.append([cells.get(header) for header in self.header])
        return len(self.rows) + 1

    def to_bytes(self, title: str = "Sheet1") -> bytes:
        return write([(title, [self.header, *self.rows])])


def write(sheets: list[tuple[str, list[list[Any]]]]) -> bytes:
    """A workbook as other programmes write it: shared strings, numbers as numbers."""
    import datetime as dt

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif isinstance(cell, bool):
                    sheet.write_boolean(number, place, cell)
                elif cell is not None:
                    sheet.write_number(number, place, cell)
    book.close()
    return target.getvalue()


def read(content: bytes, index: int = 0) -> Sheet:
    """A sheet of a workbook; blank cells are None."""
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(index).to_python(skip_empty_area=False)
    )
    cells = [[None if cell == "" else cell for cell in row] for row in rows]
    return Sheet([cell or "" for cell in cells[0]], cells[1:])


@pytest.fixture(scope="session")
def tools() -> SimpleNamespace:
    """conftest modules cannot be imported."""
    return SimpleNamespace(Sheet=Sheet, read=read, write=write, XLSX=XLSX)


class Clerk:
    """Exports, uploads and waits, as a frontend does."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk

    async def download(self, name: str, actor: Actor | None = None, **query: Any) -> Sheet:
        answer = await self.desk.get(f"/sheets/{name}.xlsx", actor, **query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == XLSX
        return read(answer.content)

    async def upload(
        self, actor: Actor, name: str, content: bytes, *, key: str | None = None, file_name: str = "x.xlsx", **more: str
    ) -> httpx.Response:
        headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
        return await self.desk.client.post(
            "/registry/v1/sheets/imports",
            data={"list": name, **more},
            files={"file": (file_name, content, XLSX)},
            headers=headers,
        )

    async def work(self) -> int:
        """What the worker does until nothing is left."""
        done = 0
        while await work_on_next(self.desk.context.db, self.desk.context.uow):
            done += 1
        return done

    async def bring_in(self, actor: Actor, name: str, sheet: Any, **more: str) -> dict[str, Any]:
        """Uploads, works, and tells the outcome."""
        content = sheet if isinstance(sheet, bytes) else sheet.to_bytes()
        answer = await self.upload(actor, name, content, **more)
        assert answer.status_code == 202, answer.text
        assert await self.work() == 1
        found = await self.desk.get(f"/sheets/imports/{answer.json()['id']}", actor)
        assert found.status_code == 200, found.text
        return dict(found.json())

    async def errors(self, actor: Actor, job: dict[str, Any]) -> bytes:
        answer = await self.desk.get(f"/sheets/imports/{job['id']}/errors.xlsx", actor)
        assert answer.status_code == 200, answer.text
        return bytes(answer.content)

    async def counts(self) -> tuple[int, ...]:
        """Everything that an import could leave behind."""
        return tuple(
            [
                await self.desk.value(f"SELECT count(*) FROM {table}")
                for table in ("outbox", "record_versions", "records", "offices", "office_marks")
            ]
        )


@pytest.fixture
def clerk(small_desk: Any) -> Clerk:
    return Clerk(small_desk)


@pytest.fixture
def clerk_of() -> Any:
    """The same over another desk."""
    return Clerk
