"""Charter: the one commit place. One transaction per use case: rows, audit entry and outbox rows together.

The commit comes before the answer (`Depends(uow, scope="function")`), runs shielded from a client's disconnect, and
wakes the relay of the same process.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from asyncpg.transaction import Transaction
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from common.audit import AuditEntry, record
from common.auth import Actor
from common.db import Connection, Database, uninterrupted
from common.events import Event
from common.outbox import append_many
from common.telemetry import current_trace_id
from common.uow.statements import event_data, places, telling, told
from common.uow.wake import RelayWake

__all__ = ["RelayWake", "UnitOfWork", "UnitOfWorkFactory", "event_data", "places", "telling", "told"]


IsolationLevel = Literal["read_committed", "repeatable_read"]


class UnitOfWork:
    """One open transaction.

    Attributes:
        conn: raw asyncpg, inside the transaction: hot paths.
        actor: who acts; None for jobs and consumers.
    """

    def __init__(self, wrapped: AsyncConnection, conn: Connection, actor: Actor | None) -> None:
        self.conn = conn
        self.actor = actor
        self._wrapped = wrapped
        self._session: AsyncSession | None = None
        self.has_events = False

    @property
    def session(self) -> AsyncSession:
        """The ORM session on the same connection and in the same transaction; flushed before the commit."""
        if self._session is None:
            self._session = AsyncSession(bind=self._wrapped, expire_on_commit=False, autoflush=False)
        return self._session

    async def flush(self) -> None:
        """Sends pending ORM changes, so that raw statements and the outbox come after them."""
        if self._session is not None:
            await self._session.flush()

    async def publish(self, *events: tuple[str, Event]) -> None:
        """Adds (topic, event) pairs to the outbox, after everything flushed so far."""
        await self.flush()
        await append_many(self.conn, events)
        self.has_events = True

    def wake_relay(self) -> None:
        """For hot paths whose own statement has written to the outbox."""
        self.has_events = True

    async def record_audit(
        self, action: str, object_type: str, object_id: str, *, division: str | None = None, reason: str | None = None
    ) -> None:
        """Writes the audit entry of this act. See AuditEntry for the fields."""
        await record(self.conn, self.audit_entry(action, object_type, object_id, division=division, reason=reason))

    def audit_entry(
        self, action: str, object_type: str, object_id: str, *, division: str | None = None, reason: str | None = None
    ) -> AuditEntry:
        """The audit entry of this act, for a statement that writes it beside its row."""
        actor = self.actor
        return AuditEntry(
            actor=actor.subject if actor else "system",
            actor_division=actor.division if actor else None,
            action=action,
            object_type=object_type,
            object_id=object_id,
            division=division,
            reason=reason,
            trace_id=current_trace_id(),
        )

    async def _close_session(self) -> None:
        if self._session is not None:
            await self._session.close()


class UnitOfWorkFactory:
    """Opens units of work: `async with factory(actor) as uow`."""

    def __init__(self, db: Database, wake: RelayWake | None = None) -> None:
        self._db = db
        self._wake = wake

    @asynccontextmanager
    async def __call__(self, actor: Actor | None = None, *, is_still: bool = False) -> AsyncIterator[UnitOfWork]:
        """One transaction: commits at the end of the block, rolls back when it raises.

        Args:
            is_still: every statement reads the database of one moment, and none writes.

        The end runs shielded: a cancelled request still commits or rolls back whole, and gives its connection back.
        """
        async with self._db.checkout() as (wrapped, conn):
            isolation: IsolationLevel = "repeatable_read" if is_still else "read_committed"
            transaction = conn.transaction(isolation=isolation, readonly=is_still)
            await transaction.start()
            uow = UnitOfWork(wrapped, conn, actor)
            try:
                yield uow
                await uow.flush()
            except BaseException:
                await uninterrupted(_roll_back(uow, transaction))
                raise
            await uninterrupted(_commit(uow, transaction))
        if uow.has_events and self._wake is not None:
            self._wake.set()


async def _commit(uow: UnitOfWork, transaction: Transaction) -> None:
    await transaction.commit()
    await uow._close_session()  # noqa: SLF001 - the factory and its unit of work are one thing


async def _roll_back(uow: UnitOfWork, transaction: Transaction) -> None:
    await uow._close_session()  # noqa: SLF001
    if not uow.conn.is_closed():
        await transaction.rollback()
