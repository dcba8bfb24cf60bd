"""Cases without anything of the applicant: for what asks, counts and moves them on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.cases.domain import Case
from casework.cases.repository.rows import case_of, values_of
from casework.cases.repository.statements import (
    ALWAYS,
    CHANGING,
    COUNTER,
    OF_APPLICANT,
    OF_APPLICATION,
    OPEN,
    OPEN_OF,
    SILENT,
    STATE_ONLY,
    OnceKey,
    Written,
    change_statement,
)
from common.audit import AuditEntry
from common.db import Connection
from common.events import Event
from common.uow import told

EVERYWHERE = ("0" * 12, "9" * 12)
"""Bounds of acts whose right does not come from a place: the applicant's own, and the platform's."""


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A case that a job works on, not read yet: one that cannot be read holds up no other."""

    id: UUID
    due_on: date | None
    row: Any

    def read(self) -> Case:
        """The case.

        Raises:
            ValueError: it cannot be read.
        """
        return case_of(self.row)


class CaseStates:
    """The cases of one connection, as their events tell them."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def look_up(self, *, division: str, item_code: str, on: date) -> Any:
        """Office and item of a registration, its serial and the calendar that holds, in one row."""
        return await self._conn.fetchrow(COUNTER, division, on, item_code)

    async def find_state(self, case_id: UUID, *, bounds: tuple[str, str], lock: bool = False) -> Case | None:
        """One case within a scope.

        Locks: with `lock` its row until the end of the transaction.
        """
        row = await self._conn.fetchrow(f"{STATE_ONLY} FOR UPDATE" if lock else STATE_ONLY, case_id, *bounds)
        return None if row is None else case_of(row)

    async def of_applications(self, application_ids: Collection[UUID]) -> list[Case]:
        """The cases of some applications, in the order of their making."""
        rows = await self._conn.fetch(OF_APPLICATION, list(application_ids))
        return [case_of(row) for row in rows]

    async def open_of(self, indexes: Collection[bytes], item_code: str) -> list[Case]:
        """All open cases of an applicant about an item, the newest first, wherever they are."""
        rows = await self._conn.fetch(OF_APPLICANT, list(indexes), item_code)
        return [case_of(row) for row in rows]

    async def change(
        self,
        case: Case,
        *,
        bounds: tuple[str, str],
        audit: AuditEntry,
        topic: str,
        event: Event,
        once: OnceKey | None,
    ) -> Written:
        """Writes the next version of a case, its audit entry and its event in one statement.

        Nothing is written unless the case is still at the version before `case.version`.

        Locks: the case's row until the end of the transaction; a second writer waits and then finds its version gone.
        """
        once = once or ALWAYS
        row = await self._conn.fetchrow(
            change_statement(once.sql, len(once.values) + 1),
            *once.values,
            case.id,
            case.version - 1,
            *bounds,
            *values_of(case, CHANGING),
            *told(audit, topic, event),
        )
        return Written(row["is_first"], row["is_done"])

    async def change_as_system(self, case: Case, *, audit: AuditEntry, topic: str, event: Event) -> bool:
        """The same for what the platform does by itself with a case that it has locked."""
        written = await self.change(case, bounds=EVERYWHERE, audit=audit, topic=topic, event=event, once=None)
        return written.is_done

    async def lock_silent(self, *, on: date, after: tuple[date, UUID] | None, limit: int) -> list[LockedCase]:
        """Cases whose office has not answered in time, locked; those that somebody else holds are left out.

        Args:
            after: last day and id of the last one that was seen before.
        """
        day, case_id = after or (date.min, UUID(int=0))
        rows = await self._conn.fetch(SILENT, on, limit, day, case_id)
        return [LockedCase(row["id"], row["due_on"], row) for row in rows]

    async def lock_open(self, *, after: UUID | None, limit: int) -> list[LockedCase]:
        """Open cases in the order of their ids, locked."""
        rows = await self._conn.fetch(OPEN, after, limit)
        return [LockedCase(row["id"], row["due_on"], row) for row in rows]

    async def lock_open_of(self, case_ids: Collection[UUID]) -> list[LockedCase]:
        """Those of some cases that are open, in the order of their ids, locked."""
        rows = await self._conn.fetch(OPEN_OF, list(case_ids))
        return [LockedCase(row["id"], row["due_on"], row) for row in rows]
