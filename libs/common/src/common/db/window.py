"""Reading an append-only table in commit-safe order: the frozen window.

Rows carry `id` (drawn from a sequence) and `xid` (`pg_current_xact_id()` of the writer). Ids become visible out of
order: a late commit may hold a smaller id. Every transaction below `pg_snapshot_xmin` has ended, so the rows with
`lo <= xid < hi <= xmin` can no longer change; inside such a window, id order is right for every key, because an id is
drawn while the business row's lock is held. The window is never cut by xid: that inverts order per key.
Source: ADR 0002.
"""

from dataclasses import dataclass
from typing import Any

from common.db.database import Connection


@dataclass(frozen=True, slots=True)
class Window:
    """Where a reader stands: everything with xid < lo is done; inside [lo, hi) everything up to last_id is."""

    lo: int
    hi: int | None
    last_id: int


class FrozenWindow:
    """A durable cursor over one append-only table.

    Args:
        table: the table read (`id`, `xid` and the columns).
        columns: the columns to fetch, beside `id`.
        state_table: one row `(singleton, lo xid8, hi xid8, last_id bigint)`.
    """

    def __init__(self, *, table: str, columns: tuple[str, ...], state_table: str) -> None:
        names = ", ".join(("id", *columns))
        self._page = (
            f"SELECT {names} FROM {table} "  # noqa: S608 - names are constants of this code base
            "WHERE xid >= $1::text::xid8 AND xid < $2::text::xid8 AND id > $3 ORDER BY id LIMIT $4"
        )
        self._load = f"SELECT lo::text AS lo, hi::text AS hi, last_id FROM {state_table}"  # noqa: S608
        self._save = f"UPDATE {state_table} SET lo = $1::text::xid8, hi = $2::text::xid8, last_id = $3"  # noqa: S608

    async def load(self, conn: Connection) -> Window:
        """The stored position."""
        row = await conn.fetchrow(self._load)
        return Window(int(row["lo"]), int(row["hi"]) if row["hi"] is not None else None, row["last_id"])

    async def save(self, conn: Connection, window: Window) -> None:
        """Stores the position; a lost store means that rows are read again, never that they are skipped."""
        await conn.execute(
            self._save, str(window.lo), str(window.hi) if window.hi is not None else None, window.last_id
        )

    async def freeze(self, conn: Connection, window: Window) -> Window:
        """Opens the next window up to the present xmin; an open one stays as it is."""
        if window.hi is not None:
            return window
        hi = int(await conn.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
        return Window(window.lo, hi, 0)

    async def page(self, conn: Connection, window: Window, limit: int) -> list[Any]:
        """The next rows of a frozen window in id order; fewer than `limit` means that the window ends here."""
        if window.hi is None or window.lo == window.hi:
            return []
        return await conn.fetch(self._page, str(window.lo), str(window.hi), window.last_id, limit)  # type: ignore[no-any-return]

    @staticmethod
    def close(window: Window) -> Window:
        """The window is done: the next one begins where it ended."""
        assert window.hi is not None  # noqa: S101 - only frozen windows are closed
        return Window(window.hi, None, 0)
