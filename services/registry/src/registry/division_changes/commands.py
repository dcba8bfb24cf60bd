"""`python -m registry import-division-changes FILE`."""

import asyncio
import sys
from pathlib import Path

from common.db import Database
from common.uow import UnitOfWorkFactory
from registry.division_changes.domain import CHANGE_LABELS, ChangeKind
from registry.division_changes.errors import ImportRefused
from registry.division_changes.service import import_changes

OK, REFUSED = 0, 1


async def run_import(db: Database, file: str) -> int:
    """Performs the changes of a CSV file, all or none; tells every wrong line."""
    try:
        text = (await asyncio.to_thread(Path(file).read_bytes)).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{file}: 无法读取（{type(error).__name__}），应为 UTF-8 编码的 CSV\n")
        return REFUSED
    try:
        async with UnitOfWorkFactory(db)() as uow:
            done = await import_changes(uow, text)
    except ImportRefused as error:
        faults = error.facts["faults"]
        assert isinstance(faults, list)  # noqa: S101 - made in import_changes
        lines = [f"第{one['line']}行 {one['reason']} [{one['code']}]\n" for one in faults if isinstance(one, dict)]
        sys.stderr.write("".join([*lines, f"{error.detail}\n"]))
        return REFUSED
    told = [
        f"{one.effective_on.isoformat()} {CHANGE_LABELS[ChangeKind(one.kind)]} {one.document}："
        f"废止{len(one.ended)}，启用{len(one.begun)}，变更{len(one.revised)}\n"
        for one in done
    ]
    sys.stdout.write("".join(told))
    return OK
