"""Sheets: all offices of Guangdong out and in again, beside the bare libraries over the same cells.

Ours reads the database, shows codes with labels, and checks, compares and writes rows with history and events; the peer
only writes, or only reads, the same cells. Each part runs in a process of its own, so that its memory is its own.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import psutil
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.ground import stack
from common.auth import Role
from common.db import Database
from common.testing.tokens import make_actor
from common.uow import UnitOfWorkFactory
from onebox.stack import Stack
from registry.sheets.service import LISTINGS, Asked, export_list, start_import, work_on_next

PROVINCE = "440000000000"
PHONE = "办公电话"


def run() -> None:
    """Prints seconds and peak memory of each part, and their ratios to the peer."""
    with stack() as ground, tempfile.TemporaryDirectory(prefix="jiceng-sheets-") as folder:
        url = _seed(ground)
        exported, changed = Path(folder) / "offices.xlsx", Path(folder) / "changed.xlsx"
        ours = _part("export", url, exported)
        bare = _part("bare_write", str(exported), Path(folder) / "bare.xlsx")
        _tell("export", ours, "bare xlsxwriter", bare)
        bare = _part("bare_read", str(exported), changed)
        for name, file in (("import, unchanged", exported), ("import, every row changed", changed)):
            if file == changed:
                _part("change", str(exported), changed)
            ours = _part("bring_in", url, file)
            _tell(name, ours, "bare calamine", bare)
            print(f"    {ours['rows']:,} rows, {ours['written']:,} written, {ours['events']:,} events", flush=True)


def _seed(ground: Stack) -> str:
    ground.postgres.create_database("registry")
    url = ground.postgres.url("registry")
    environment = {**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": url}
    for role in ("migrate", "seed"):
        subprocess.run([sys.executable, "-m", "registry", role], env=environment, check=True, capture_output=True)
    return url


def _part(name: str, source: str, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.sheets", name, source, str(target)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _tell(what: str, ours: dict[str, Any], peer: str, theirs: dict[str, Any]) -> None:
    seconds, memory = ours["seconds"] / theirs["seconds"], ours["grown_mb"] / max(theirs["grown_mb"], 1)
    print(
        f"  {what}: {ours['seconds']:.1f} s, {ours['grown_mb']:,.0f} MB beyond the start; {peer}: "
        f"{theirs['seconds']:.1f} s, {theirs['grown_mb']:,.0f} MB; ratio {seconds:.1f} of time, {memory:.1f} of memory",
        flush=True,
    )


# --- the parts, each in its own process ---------------------------------------------------------------------------


async def _export(source: str, target: Path) -> dict[str, Any]:
    db = Database(source, pool_size=2)
    file = await export_list(UnitOfWorkFactory(db), listing=LISTINGS["offices"], asked=Asked(), actor=None)
    await asyncio.to_thread(_keep, file, target)
    await db.dispose()
    return {}


def _keep(file: IO[bytes], target: Path) -> None:
    with file:
        target.write_bytes(file.read())


async def _bring_in(source: str, target: Path) -> dict[str, Any]:
    content = await asyncio.to_thread(target.read_bytes)
    db = Database(source, pool_size=4)
    units = UnitOfWorkFactory(db)
    actor = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
    async with db.autocommit() as conn:
        events = await conn.fetchval("SELECT count(*) FROM outbox")
    async with units(actor) as uow:
        job = await start_import(uow, actor=actor, name="offices", content=content, reason="核对")
    await work_on_next(db, units)
    async with db.autocommit() as conn:
        row = await conn.fetchrow("SELECT * FROM sheet_imports WHERE id = $1", job.id)
        events = await conn.fetchval("SELECT count(*) FROM outbox") - events
    await db.dispose()
    if row["state"] != "applied":
        sys.exit(f"{row['state']}: {row['error_count']} errors, {row['problem']}")
    return {"rows": row["rows_total"], "written": row["rows_written"], "events": events}


async def _bare_write(source: str, target: Path) -> dict[str, Any]:
    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    _watch.begin()
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(number, place, cell)
            elif isinstance(cell, float | int):
                sheet.write_number(number, place, cell)
            else:
                sheet.write_datetime(number, place, cell)
    book.close()
    return {}


async def _bare_read(source: str, target: Path) -> dict[str, Any]:
    del target
    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    return {"rows": len(rows)}


async def _change(source: str, target: Path) -> dict[str, Any]:
    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    place = rows[0].index(PHONE)
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        if number:
            row[place] = f"020-{10_000_000 + number}"
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(number, column, cell)
            elif isinstance(cell, float | int):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_datetime(number, column, cell, day)
    book.close()
    return {}


class _Watch:
    """Seconds and memory from a moment on, looked at every 20 ms."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.begin()

    def begin(self) -> None:
        self._began, self._first = time.perf_counter(), self._process.memory_info().rss
        self._peak = self._first

    def look(self) -> None:
        while True:
            self._peak = max(self._peak, self._process.memory_info().rss)
            time.sleep(0.02)

    def tell(self) -> dict[str, float]:
        return {"seconds": time.perf_counter() - self._began, "grown_mb": (self._peak - self._first) / 1e6}


_watch = _Watch()
_PARTS: dict[str, Callable[[str, Path], Any]] = {
    "export": _export,
    "bring_in": _bring_in,
    "bare_write": _bare_write,
    "bare_read": _bare_read,
    "change": _change,
}


def _main() -> None:
    name, source, target = sys.argv[1:]
    threading.Thread(target=_watch.look, daemon=True).start()
    _watch.begin()
    told = asyncio.run(_PARTS[name](source, Path(target)))
    print(json.dumps({**_watch.tell(), **told}))


if __name__ == "__main__":
    _main()
