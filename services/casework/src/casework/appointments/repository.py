"""All SQL of slots, holds and tickets, raw: a hall full of people draws and calls at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from casework.appointments.domain import SlotTime, TicketStatus
from common.contracts.casework.cases import Duty
from common.db import Connection
from common.directory import DirectoryOffice
from common.ids import uuid7


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which people may come."""

    id: UUID
    division: str
    office_id: UUID
    day: date
    starts: time
    ends: time
    capacity: int
    booked: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in a queue."""

    id: UUID
    version: int
    division: str
    office_id: UUID
    day: date
    duty: Duty
    number: int
    status: TicketStatus
    booked_for: datetime | None
    taken_at: datetime
    window_id: UUID | None
    window_number: str | None
    called_at: datetime | None
    calls: int
    serving_at: datetime | None
    ended_at: datetime | None


_SLOT = "id, division, office_id, day, starts, ends, capacity, booked"
_TICKET = (
    "id, version, division, office_id, day, duty, number, status, booked_for, taken_at, window_id, window_number, "
    "called_at, calls, serving_at, ended_at"
)
_TAKE = f"""
WITH series AS (
    INSERT INTO queue_series AS s (office_id, day, duty, last_number) VALUES ($3, $4, $5, 1)
    ON CONFLICT ON CONSTRAINT pk_queue_series DO UPDATE SET last_number = s.last_number + 1 RETURNING last_number)
INSERT INTO queue_tickets (id, version, division, office_id, day, duty, number, status, booked_for, taken_at, calls)
SELECT $1, 1, $2, $3, $4, $5, last_number, 'waiting', $6, $7, 0 FROM series RETURNING {_TICKET}
"""  # noqa: S608 - constants
_CALL = f"""
WITH next AS (
    SELECT id FROM queue_tickets
    WHERE office_id = $1 AND day = $2 AND status = 'waiting' AND duty = ANY ($3::text[])
    ORDER BY coalesce(booked_for <= $4, false) DESC, CASE WHEN booked_for <= $4 THEN booked_for END, taken_at, id
    LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE queue_tickets t SET status = 'called', version = version + 1, window_id = $5, window_number = $6,
    called_at = $4, calls = 1
FROM next WHERE t.id = next.id RETURNING {", ".join("t." + name for name in _TICKET.split(", "))}
"""  # noqa: S608 - constants
_MOVE = f"""
UPDATE queue_tickets SET status = $3, version = version + 1,
    calls = calls + CASE WHEN $4 = 'recall' THEN 1 ELSE 0 END,
    called_at = CASE WHEN $4 = 'recall' THEN $5 ELSE called_at END,
    serving_at = CASE WHEN $4 = 'serve' THEN $5 ELSE serving_at END,
    ended_at = CASE WHEN $4 IN ('skip', 'finish') THEN $5 ELSE ended_at END
WHERE id = $1 AND version = $2 RETURNING {_TICKET}
"""  # noqa: S608 - constants


class Appointments:
    """Slots and holds of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def open(
        self, office: DirectoryOffice, days: Sequence[date], times: Sequence[SlotTime], capacity: int
    ) -> int:
        """Makes the slots that are not there yet; returns how many."""
        rows = [(uuid7(), day, one.starts, one.ends) for day in days for one in times]
        done = await self._conn.execute(
            f"INSERT INTO appointment_slots ({_SLOT}) "  # noqa: S608 - constants
            "SELECT id, $1, $2, day, starts, ends, $3, 0 FROM "
            "unnest($4::uuid[], $5::date[], $6::time[], $7::time[]) AS new (id, day, starts, ends) "
            "WHERE NOT EXISTS (SELECT FROM appointment_slots old WHERE old.office_id = $2 AND old.day = new.day "
            "AND old.starts < new.ends AND old.ends > new.starts) "
            "ON CONFLICT DO NOTHING",
            office.division, office.id, capacity, *(list(column) for column in zip(*rows, strict=True)),
        )  # fmt: skip
        return int(done.rsplit(" ", 1)[-1])

    async def slots(self, division: str, first: date, last: date) -> list[Slot]:
        """The slots of an office, in their order."""
        rows = await self._conn.fetch(
            f"SELECT {_SLOT} FROM appointment_slots WHERE division = $1 AND day BETWEEN $2 AND $3 "  # noqa: S608
            "ORDER BY day, starts",
            division, first, last,
        )  # fmt: skip
        return [Slot(**dict(row)) for row in rows]

    async def slot(self, slot_id: UUID, *, lock: bool = False) -> Slot | None:
        """One slot."""
        row = await self._conn.fetchrow(
            f"SELECT {_SLOT} FROM appointment_slots WHERE id = $1{' FOR UPDATE' if lock else ''}",  # noqa: S608
            slot_id,
        )
        return None if row is None else Slot(**dict(row))

    async def set_capacity(self, slot_id: UUID, capacity: int) -> None:
        """More or fewer people may come."""
        await self._conn.execute("UPDATE appointment_slots SET capacity = $2 WHERE id = $1", slot_id, capacity)

    async def seize(self, slot_id: UUID) -> bool:
        """Takes one place of a slot; False when all are taken."""
        done = await self._conn.execute(
            "UPDATE appointment_slots SET booked = booked + 1 WHERE id = $1 AND booked < capacity", slot_id
        )
        return bool(done.endswith(" 1"))

    async def free(self, slot_id: UUID) -> None:
        """Gives one place of a slot back."""
        await self._conn.execute("UPDATE appointment_slots SET booked = booked - 1 WHERE id = $1", slot_id)

    async def hold(self, slot: Slot, booking_id: UUID, indexes: Sequence[bytes]) -> bool:
        """Notes that a person has an open booking; False when there is one.

        Args:
            indexes: of the person and who books, the active key's first; a hold may stand under an older one.
        """
        older = await self._conn.fetchval(
            "SELECT true FROM appointment_holds WHERE office_id = $1 AND day = $2 AND person_index = ANY ($3::bytea[])",
            slot.office_id, slot.day, list(indexes[1:]),
        )  # fmt: skip
        if older:
            return False
        done = await self._conn.execute(
            "INSERT INTO appointment_holds (office_id, day, person_index, booking_id) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT ON CONSTRAINT pk_appointment_holds DO NOTHING",
            slot.office_id, slot.day, indexes[0], booking_id,
        )  # fmt: skip
        return bool(done.endswith(" 1"))

    async def hold_account(self, owner: bytes) -> None:
        """One booking of an account at a time, so that its open ones are counted right.

        Locks: the account, until the transaction ends.
        """
        await self._conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 7906006))", owner)

    async def release(self, booking_id: UUID) -> None:
        """The booking is open no longer."""
        await self._conn.execute("DELETE FROM appointment_holds WHERE booking_id = $1", booking_id)


class Queue:
    """The tickets of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def take(
        self, office: DirectoryOffice, day: date, duty: Duty, *, booked_for: datetime | None, at: datetime
    ) -> Ticket:
        """The next number of a duty's series.

        Locks: the series until the transaction ends, so that numbers have no gaps.
        """
        row = await self._conn.fetchrow(_TAKE, uuid7(), office.division, office.id, day, duty, booked_for, at)
        return _ticket(row)

    async def call(
        self, office_id: UUID, day: date, duties: Sequence[str], *, at: datetime, window: tuple[UUID, str]
    ) -> Ticket | None:
        """The next ticket for a window: who has booked first once the time has come, the others as they came.

        Locks: the ticket; what another window is calling at this moment is passed over, so nobody is called twice.
        """
        row = await self._conn.fetchrow(_CALL, office_id, day, list(duties), at, *window)
        return None if row is None else _ticket(row)

    async def at_window(self, window_id: UUID, day: date) -> Ticket | None:
        """What a window has called and not finished with."""
        row = await self._conn.fetchrow(
            f"SELECT {_TICKET} FROM queue_tickets "  # noqa: S608 - constants
            "WHERE window_id = $1 AND day = $2 AND status IN ('called', 'serving')",
            window_id, day,
        )  # fmt: skip
        return None if row is None else _ticket(row)

    async def find(self, ticket_id: UUID, *, bounds: tuple[str, str] | None = None) -> Ticket | None:
        """One ticket; with bounds, of an office in that subtree."""
        low, high = bounds or ("0" * 12, "9" * 12)
        row = await self._conn.fetchrow(
            f"SELECT {_TICKET} FROM queue_tickets WHERE id = $1 AND division BETWEEN $2 AND $3",  # noqa: S608
            ticket_id, low, high,
        )  # fmt: skip
        return None if row is None else _ticket(row)

    async def move(self, ticket: Ticket, status: TicketStatus, act: str, *, at: datetime) -> Ticket | None:
        """The ticket after an act; None when somebody was quicker."""
        row = await self._conn.fetchrow(_MOVE, ticket.id, ticket.version, status, act, at)
        return None if row is None else _ticket(row)

    async def ahead(self, ticket: Ticket) -> int:
        """How many wait for the same duty and came before."""
        count: int = await self._conn.fetchval(
            "SELECT count(*) FROM queue_tickets WHERE office_id = $1 AND day = $2 AND duty = $3 "
            "AND status = 'waiting' AND (taken_at, id) < ($4, $5)",
            ticket.office_id, ticket.day, ticket.duty, ticket.taken_at, ticket.id,
        )  # fmt: skip
        return count

    async def waiting(self, division: str, day: date) -> dict[str, int]:
        """How many wait, by duty."""
        rows = await self._conn.fetch(
            "SELECT duty, count(*) AS waiting FROM queue_tickets "
            "WHERE division = $1 AND day = $2 AND status = 'waiting' GROUP BY duty",
            division, day,
        )  # fmt: skip
        return {row["duty"]: row["waiting"] for row in rows}

    async def shown(self, division: str, day: date) -> list[Ticket]:
        """Whom the windows have called or serve, the latest first: what stands on the screen of the hall."""
        rows = await self._conn.fetch(
            f"SELECT {_TICKET} FROM queue_tickets "  # noqa: S608 - constants
            "WHERE division = $1 AND day = $2 AND status IN ('called', 'serving') ORDER BY called_at DESC, id",
            division, day,
        )  # fmt: skip
        return [_ticket(row) for row in rows]


def _ticket(row: Any) -> Ticket:
    return Ticket(**dict(row))
