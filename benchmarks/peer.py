"""The peer of what writes: pgbench with the very statements that ours sends, the values written into the text."""

import re
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from common.db import Database
from common.uow import UnitOfWorkFactory
from onebox.stack import Stack

CONNECTIONS = 8
Statement = tuple[str, tuple[Any, ...]]
_TIMED, _RECENT_MS = 7, 5_000


async def recorded(
    ground: Stack, acts: Sequence[Callable[[UnitOfWorkFactory], Awaitable[None]]]
) -> list[list[Statement]]:
    """The statements of each act as asyncpg gets them, the ORM's too."""
    seen: list[list[Statement]] = []
    db = Database(ground.postgres.url("casework"), pool_size=1)
    kinds = [(asyncpg.Connection, name) for name in ("fetchrow", "fetch", "fetchval", "execute")]
    kinds += [(asyncpg.prepared_stmt.PreparedStatement, "fetch")]
    originals = [(kind, name, getattr(kind, name)) for kind, name in kinds]

    def listening(original: Any, *, is_prepared: bool) -> Any:
        async def listen(self: Any, *values: Any, **options: Any) -> Any:
            query, rest = (self.get_query(), values) if is_prepared else (values[0], values[1:])
            if seen and re.match(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE)", query):
                seen[-1].append((query, rest))
            return await original(self, *values, **options)

        return listen

    try:
        for kind, name, original in originals:
            setattr(kind, name, listening(original, is_prepared=kind is not asyncpg.Connection))
        units = UnitOfWorkFactory(db)
        for act in acts:
            seen.append([])
            await act(units)
    finally:
        for kind, name, original in originals:
            setattr(kind, name, original)
        await db.dispose()
    return seen


def pgbench(ground: Stack, acts: list[list[Statement]], *, seconds: int) -> float:
    """Transactions per second of the same statements; ids are new in every matter."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8", delete=False) as file:
        file.write(_script(acts))
    command = [
        str(ground.postgres.binaries / "pgbench"), "-n", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds),
        "-M", "prepared", "-f", file.name, ground.postgres.url("casework"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    Path(file.name).unlink()
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout[-500:] + done.stderr[-2000:])
    return float(found[1]) * len(acts)


def _made_by(acts: list[list[Statement]]) -> list[UUID]:
    """The ids that the acts have made themselves; those of offices and calendars are older."""
    ids = [value for act in acts for _, values in act for value in values if isinstance(value, UUID)]
    newest = max(one.int >> 80 for one in ids if one.version == _TIMED)
    return [one for one in ids if one.version == _TIMED and newest - (one.int >> 80) < _RECENT_MS]


def _script(acts: list[list[Statement]]) -> str:
    names = {one: f"id{number}" for number, one in enumerate(dict.fromkeys(_made_by(acts)))}
    lines = [f"SELECT gen_random_uuid() AS {name} \\gset" for name in names.values()]
    lines.append("SELECT gen_random_uuid()::text AS number \\gset")
    for act in acts:
        lines.append("BEGIN;")
        for query, values in act:
            text = re.sub(r"\$(\d+)", lambda match, v=values: _literal(v[int(match[1]) - 1], names), query)  # type: ignore[misc]
            lines.append(" ".join(text.split()) + ";")
        lines.append("COMMIT;")
    return "\n".join(lines) + "\n"


def _literal(value: Any, names: dict[UUID, str]) -> str:
    if isinstance(value, UUID):
        return f":{names[value]}::uuid" if value in names else f"'{value}'"
    if isinstance(value, list | tuple):
        return f"ARRAY[{', '.join(_literal(one, names) for one in value)}]"
    if isinstance(value, str) and re.fullmatch(r"\d{47}", value):
        return ":number::text"  # the number of a case is given once
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if value is None or isinstance(value, bool | int):
        return "NULL" if value is None else str(value)
    escaped = str(value).replace("\\", "\\\\").replace("'", "''").replace(":", "\\003A")
    return f"U&'{escaped}'"  # pgbench would take a colon for the beginning of a variable
