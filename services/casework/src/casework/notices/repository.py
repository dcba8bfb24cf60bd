"""All SQL of notices."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection

_ADD = (
    "INSERT INTO due_date_changes "
    "(notice_id, case_id, case_number, due_before, due_after, statutory_before, statutory_after) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (notice_id, case_id) DO UPDATE SET due_after = excluded.due_after, "
    "statutory_after = excluded.statutory_after"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recalculation has come.

    Attributes:
        round: 1 goes through all open cases; 2 does it again for those that were being changed meanwhile.
        after: the last case that was looked at in this round.
    """

    notice_id: UUID
    round: int
    after: UUID | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose due date moved."""

    case_id: UUID
    case_number: str | None
    due_before: date | None
    due_after: date | None
    statutory_before: date | None
    statutory_after: date | None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A case that could not be counted, and when it is tried again."""

    case_id: UUID
    case_number: str | None
    again_at: datetime


class Notices:
    """Recalculations and changes of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def begin(self, notice_id: UUID, *, at: datetime) -> None:
        """A recalculation that nobody has begun."""
        await self._conn.execute(
            "INSERT INTO holiday_recalculations (notice_id, round, started_at) VALUES ($1, 1, $2)", notice_id, at
        )

    async def is_any_unfinished(self) -> bool:
        """Whether cases are still being brought to a notice."""
        found: bool = await self._conn.fetchval(
            "SELECT EXISTS (SELECT FROM holiday_recalculations WHERE finished_at IS NULL)"
        )
        return found

    async def hold_unfinished(self) -> Progress | None:
        """The recalculation to go on with, unless another process is at it."""
        row = await self._conn.fetchrow(
            "SELECT notice_id, round, after, started_at FROM holiday_recalculations WHERE finished_at IS NULL "
            "ORDER BY notice_id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        return None if row is None else Progress(**dict(row))

    async def go_on(self, progress: Progress, *, after: UUID) -> None:
        """Keeps where the next batch begins."""
        await self._conn.execute(
            "UPDATE holiday_recalculations SET after = $2 WHERE notice_id = $1", progress.notice_id, after
        )

    async def begin_round(self, progress: Progress, number: int) -> None:
        """The next batch begins at the first case again."""
        await self._conn.execute(
            "UPDATE holiday_recalculations SET round = $2, after = NULL WHERE notice_id = $1",
            progress.notice_id,
            number,
        )

    async def finish(self, progress: Progress, *, at: datetime) -> None:
        """Nothing is left to do."""
        await self._conn.execute(
            "UPDATE holiday_recalculations SET finished_at = $2 WHERE notice_id = $1", progress.notice_id, at
        )

    async def add_changes(self, notice_id: UUID, changes: Iterable[Change]) -> None:
        """Keeps what moved; of a case that moved twice, the date before the first and after the last move."""
        values = [
            (notice_id, one.case_id, one.case_number, one.due_before, one.due_after, one.statutory_before,
             one.statutory_after)
            for one in changes
        ]  # fmt: skip
        await self._conn.executemany(_ADD, values)

    async def add_uncounted(self, notice_id: UUID, cases: Iterable[Uncounted]) -> None:
        """Keeps what could not be counted, once."""
        values = [(notice_id, one.case_id, one.case_number, one.again_at) for one in cases]
        await self._conn.executemany(
            "INSERT INTO uncounted_cases (notice_id, case_id, case_number, again_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (notice_id, case_id) DO UPDATE SET again_at = excluded.again_at",
            values,
        )

    async def drop_uncounted(self, notice_id: UUID, case_ids: Collection[UUID]) -> None:
        """These stand by the notice now, or have ended."""
        await self._conn.execute(
            "DELETE FROM uncounted_cases WHERE notice_id = $1 AND case_id = ANY($2::uuid[])", notice_id, list(case_ids)
        )

    async def hold_uncounted(self, *, at: datetime, limit: int) -> tuple[UUID, list[UUID]] | None:
        """A notice and cases of it that are to be tried again, unless another process is at them."""
        rows = await self._conn.fetch(
            "SELECT notice_id, case_id FROM uncounted_cases WHERE again_at <= $1 AND notice_id = ("
            "SELECT notice_id FROM uncounted_cases WHERE again_at <= $1 ORDER BY notice_id LIMIT 1) "
            "ORDER BY case_id LIMIT $2 FOR UPDATE SKIP LOCKED",
            at, limit,
        )  # fmt: skip
        return (rows[0]["notice_id"], [row["case_id"] for row in rows]) if rows else None

    async def count_uncounted(self, notice_id: UUID) -> int:
        """How many cases could not be counted."""
        found: int = await self._conn.fetchval("SELECT count(*) FROM uncounted_cases WHERE notice_id = $1", notice_id)
        return found

    async def page_uncounted(self, notice_id: UUID, *, after: UUID | None, limit: int) -> list[Uncounted]:
        """Cases that could not be counted, in the order of their registration."""
        rows: list[Any] = await self._conn.fetch(
            "SELECT case_id, case_number, again_at FROM uncounted_cases "
            "WHERE notice_id = $1 AND ($2::uuid IS NULL OR case_id > $2) ORDER BY case_id LIMIT $3",
            notice_id, after, limit,
        )  # fmt: skip
        return [Uncounted(**dict(row)) for row in rows]

    async def count_changes(self, notice_id: UUID) -> int:
        """How many cases moved."""
        found: int = await self._conn.fetchval("SELECT count(*) FROM due_date_changes WHERE notice_id = $1", notice_id)
        return found

    async def page_changes(self, notice_id: UUID, *, after: UUID | None, limit: int) -> list[Change]:
        """Cases that moved, in the order of their registration."""
        rows: list[Any] = await self._conn.fetch(
            "SELECT case_id, case_number, due_before, due_after, statutory_before, statutory_after "
            "FROM due_date_changes WHERE notice_id = $1 AND ($2::uuid IS NULL OR case_id > $2) "
            "ORDER BY case_id LIMIT $3",
            notice_id, after, limit,
        )  # fmt: skip
        return [Change(**dict(row)) for row in rows]
