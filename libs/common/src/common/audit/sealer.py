"""Linking audit entries into one hash chain, and proving it."""

import asyncio
import hashlib
import json
from typing import Any

import structlog

from common.db import Connection, Database, FrozenWindow
from common.errors import Unavailable

_COLUMNS = ("at", "actor", "actor_division", "action", "object_type", "object_id", "division", "reason", "trace_id")
_WINDOW = FrozenWindow(table="audit_entries", columns=_COLUMNS, state_table="audit_state")
_PAGE = 2_000
_LOCK = 0x4A43_0002
GENESIS = bytes(32)
log = structlog.get_logger(__name__)


class BrokenChain(RuntimeError):
    """The audit has been changed, or an entry is missing, at this place of the chain."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"audit chain broken at {seq}: {what}")
        self.seq = seq


def link(previous: bytes, entry: Any) -> bytes:
    """The hash of an entry: SHA-256 over the previous hash and the entry's canonical JSON."""
    fields = [entry["id"], entry["at"].isoformat(), *(entry[name] for name in _COLUMNS[1:])]
    return hashlib.sha256(previous + json.dumps(fields, ensure_ascii=False).encode()).digest()


class AuditSealer:
    """Seals the entries of one service; several may run, one is active (advisory lock).

    Args:
        db: the service's database.
        interval_seconds: how long new entries may stay unsealed.
    """

    def __init__(self, db: Database, *, interval_seconds: float = 1.0) -> None:
        self._db = db
        self._interval = interval_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Seals until told to stop; a database that does not answer is tried again."""
        while not stop.is_set():
            try:
                while await self.seal_page() == _PAGE:
                    pass
            except (Unavailable, OSError) as error:
                log.warning("audit.sealer-waits", error=type(error).__name__)
            except Exception:
                log.exception("audit.sealer-failed")
            try:
                await asyncio.wait_for(stop.wait(), self._interval)
            except TimeoutError:
                continue

    async def seal_page(self) -> int:
        """Seals the next entries in one transaction; returns how many."""
        async with self._db.transaction() as conn:
            if not await conn.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                return 0
            window = await _WINDOW.freeze(conn, await _WINDOW.load(conn))
            entries = await _WINDOW.page(conn, window, _PAGE)
            if entries:
                await _seal(conn, entries)
            if len(entries) < _PAGE:
                await _WINDOW.save(conn, _WINDOW.close(window))
            else:
                await _WINDOW.save(conn, type(window)(window.lo, window.hi, entries[-1]["id"]))
            return len(entries)


async def _seal(conn: Connection, entries: list[Any]) -> None:
    head = await conn.fetchrow("SELECT seq, hash FROM audit_seals ORDER BY seq DESC LIMIT 1")
    seq, previous = (head["seq"], head["hash"]) if head else (0, GENESIS)
    seals = []
    for entry in entries:
        seq, previous = seq + 1, link(previous, entry)
        seals.append((seq, entry["id"], previous))
    await conn.copy_records_to_table("audit_seals", records=seals, columns=("seq", "entry_id", "hash"))


async def verify_chain(conn: Connection) -> int:
    """Recomputes the whole chain; returns its length.

    Raises:
        BrokenChain: where the first difference stands.
    """
    previous, expected = GENESIS, 0
    columns = ", ".join(f"e.{name}" for name in ("id", *_COLUMNS))
    query = (
        f"SELECT s.seq, s.hash AS seal, {columns} "  # noqa: S608 - constants
        "FROM audit_seals s LEFT JOIN audit_entries e ON e.id = s.entry_id ORDER BY s.seq"
    )
    async with conn.transaction(readonly=True):
        async for row in conn.cursor(query, prefetch=_PAGE):
            expected += 1
            if row["seq"] != expected:
                raise BrokenChain(expected, "a seal is missing")
            if row["id"] is None:
                raise BrokenChain(expected, "its entry is missing")
            previous = link(previous, row)
            if previous != row["seal"]:
                raise BrokenChain(expected, "the entry differs from its seal")
    return expected
