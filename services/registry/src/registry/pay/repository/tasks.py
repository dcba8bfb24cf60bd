"""SQL of tasks, and of what they were paid with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, between, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_clause
from common.db import Connection
from common.divisions import subtree_range
from registry.pay.domain import Period, Piece, Task, TaskStatus
from registry.pay.models import PaidTask, PayTask

_FIELDS = (
    "case_id",
    "version",
    "office_id",
    "division",
    "item_code",
    "duty",
    "closed_at",
    "closed_on",
    "handler",
    "staff_member_id",
    "status",
    "quality_permille",
    "decision_reason",
    "decided_at",
)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a list shows.

    Args:
        within: only of stations in this division and below.
        is_paid, is_assigned: None shows both.
    """

    office_id: UUID | None = None
    within: str | None = None
    status: TaskStatus | None = None
    staff_member_id: UUID | None = None
    pay_run_id: UUID | None = None
    is_paid: bool | None = None
    is_assigned: bool | None = None
    closed_from: date | None = None
    closed_to: date | None = None


class Tasks:
    """Tasks, with the run that has paid them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, case_id: UUID, *, actor: Actor) -> Task | None:
        """The task, if it lies in the actor's subtree."""
        query = _tasks().where(PayTask.case_id == case_id, scope_clause(PayTask.division, actor))
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else _task(row)

    async def hold(self, case_ids: Collection[UUID]) -> list[Task]:
        """Tasks by case, locked until the transaction ends.

        What has paid them is read after the lock: a settlement holds tasks without changing them, so that whoever
        waited for it in the same statement would not see its payment.
        """
        locking = select(PayTask.case_id).where(PayTask.case_id.in_(case_ids)).order_by(PayTask.case_id)
        held = (await self._session.scalars(locking.with_for_update())).all()
        rows = await self._session.execute(_tasks().where(PayTask.case_id.in_(held)).order_by(PayTask.case_id))
        return [_task(row) for row in rows]

    async def page(self, wanted: TaskFilter, *, actor: Actor, after: UUID | None, limit: int) -> list[Task]:
        """Tasks of the actor's subtree in the order of their cases."""
        query = _tasks().where(scope_clause(PayTask.division, actor), *_conditions(wanted))
        if after is not None:
            query = query.where(PayTask.case_id > after)
        return [_task(row) for row in await self._session.execute(query.order_by(PayTask.case_id).limit(limit))]

    async def payable(
        self, *, within: str, office_id: UUID | None, period: Period, staff: Collection[UUID] | None
    ) -> list[Task]:
        """Accepted and assigned tasks of a period that nobody has paid."""
        conditions = [
            between(PayTask.division, *subtree_range(within)),
            between(PayTask.closed_on, period.first, period.last),
            PayTask.status == TaskStatus.ACCEPTED.value,
            PayTask.staff_member_id.is_not(None),
            PaidTask.case_id.is_(None),
        ]
        if office_id is not None:
            conditions.append(PayTask.office_id == office_id)
        if staff is not None:
            conditions.append(PayTask.staff_member_id.in_(staff))
        rows = await self._session.execute(_tasks().where(*conditions).order_by(PayTask.case_id))
        return [_task(row) for row in rows]

    async def unmapped(self, *, within: str, period: Period) -> list[Task]:
        """Tasks of a period that belong to their station still, although an account is known."""
        conditions = (
            between(PayTask.division, *subtree_range(within)),
            between(PayTask.closed_on, period.first, period.last),
            PayTask.staff_member_id.is_(None),
            PayTask.handler.is_not(None),
        )
        return [_task(row) for row in await self._session.execute(_tasks().where(*conditions))]

    async def decide(self, case_id: UUID, *, version: int, **values: Any) -> bool:
        """Writes a decision on the task that was seen at a version; False if it is at another one."""
        follows = (PayTask.case_id == case_id) & (PayTask.version == version)
        changed = update(PayTask).where(follows).values(**values, version=version + 1, updated_at=func.now())
        return await self._session.scalar(changed.returning(PayTask.case_id)) is not None

    async def follow(self, office_id: UUID, *, heir_id: UUID, division: str) -> int:
        """Gives the unpaid tasks of an office to the office that has everything of it now; returns how many moved.

        Locked first and looked at afterwards, as in `hold`: what was paid meanwhile stays where it was paid.
        """
        elsewhere = (PayTask.office_id != heir_id) | (PayTask.division != division)
        unpaid = ~exists().where(PaidTask.case_id == PayTask.case_id)
        locking = select(PayTask.case_id).where(PayTask.office_id == office_id, elsewhere, unpaid)
        held = (await self._session.scalars(locking.order_by(PayTask.case_id).with_for_update())).all()
        moved = update(PayTask).where(PayTask.case_id.in_(held), unpaid)
        values = {"office_id": heir_id, "division": division, "version": PayTask.version + 1}
        moved = moved.values(**values, updated_at=func.now())
        return len((await self._session.scalars(moved.returning(PayTask.case_id))).all())

    async def pay(self, *, pay_run_id: UUID, pieces: Sequence[tuple[UUID, Piece]]) -> int:
        """Notes (staff member, task) pairs as paid by a run; returns how many nobody had paid before."""
        if not pieces:
            return 0
        rows = [
            {
                "case_id": piece.case_id,
                "pay_run_id": pay_run_id,
                "staff_member_id": staff_member_id,
                "rate_id": piece.rate_id,
                "rate_fen": piece.rate_fen,
                "quality_permille": piece.quality_permille,
            }
            for staff_member_id, piece in sorted(pieces, key=lambda pair: pair[1].case_id)
        ]
        added = insert(PaidTask).values(rows).on_conflict_do_nothing().returning(PaidTask.case_id)
        return len((await self._session.scalars(added)).all())

    async def lines_of_cases(self, case_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
        """(run, staff member) of paid cases."""
        query = select(PaidTask.pay_run_id, PaidTask.staff_member_id).where(PaidTask.case_id.in_(case_ids))
        return {(run, staff) for run, staff in await self._session.execute(query)}

    async def paid_pieces(self, pay_run_id: UUID, staff_member_id: UUID) -> list[tuple[Piece, bool]]:
        """What a line was paid for, and whether the task was taken back since."""
        query = (
            select(PaidTask, PayTask.status == TaskStatus.WITHDRAWN.value)
            .join(PayTask, PayTask.case_id == PaidTask.case_id)
            .where(PaidTask.pay_run_id == pay_run_id, PaidTask.staff_member_id == staff_member_id)
            .order_by(PaidTask.case_id)
        )
        rows = await self._session.execute(query)
        return [
            (Piece(paid.case_id, paid.rate_id, paid.rate_fen, paid.quality_permille), is_withdrawn)
            for paid, is_withdrawn in rows
        ]


def _tasks() -> Select[Any]:
    columns = (getattr(PayTask, name) for name in _FIELDS)
    paid = select(*columns, PaidTask.pay_run_id, PaidTask.rate_fen)
    return paid.outerjoin(PaidTask, PaidTask.case_id == PayTask.case_id)


def _task(row: Row[Any]) -> Task:
    values = row._asdict()
    return Task(**{**values, "status": TaskStatus(values["status"])})


def _conditions(wanted: TaskFilter) -> list[Any]:
    equal = {
        PayTask.office_id: wanted.office_id,
        PayTask.status: wanted.status.value if wanted.status else None,
        PayTask.staff_member_id: wanted.staff_member_id,
        PaidTask.pay_run_id: wanted.pay_run_id,
    }
    found: list[Any] = [column == value for column, value in equal.items() if value is not None]
    if wanted.within is not None:
        found.append(between(PayTask.division, *subtree_range(wanted.within)))
    if wanted.closed_from is not None:
        found.append(PayTask.closed_on >= wanted.closed_from)
    if wanted.closed_to is not None:
        found.append(PayTask.closed_on <= wanted.closed_to)
    if wanted.is_assigned is not None:
        assigned = PayTask.staff_member_id.is_not(None)
        found.append(assigned if wanted.is_assigned else ~assigned)
    if wanted.is_paid is not None:
        paid = PaidTask.case_id.is_not(None)
        found.append(paid if wanted.is_paid else ~paid)
    return found


@dataclass(frozen=True, slots=True)
class Claim:
    """A closed case of a station as its event tells it; `status` is open, or withdrawn if nothing was done."""

    case_id: UUID
    case_version: int
    office_id: UUID
    division: str
    item_code: str
    duty: str
    closed_at: datetime
    closed_on: date
    handler: str | None
    status: str


_PUT_CLAIMS = """
INSERT INTO pay_tasks AS t (case_id, case_version, version, office_id, division, item_code, duty, closed_at, closed_on,
                            handler, status)
SELECT case_id, case_version, 1, office_id, division, item_code, duty, closed_at, closed_on, handler, status
FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::date[],
            $9::text[], $10::text[])
     AS c (case_id, case_version, office_id, division, item_code, duty, closed_at, closed_on, handler, status)
ORDER BY case_id
ON CONFLICT (case_id) DO UPDATE SET
    case_version = excluded.case_version, version = t.version + 1, office_id = excluded.office_id,
    division = excluded.division, item_code = excluded.item_code, duty = excluded.duty,
    closed_at = excluded.closed_at, closed_on = excluded.closed_on, handler = excluded.handler,
    status = CASE WHEN excluded.status = 'withdrawn' OR t.status = 'withdrawn' THEN excluded.status ELSE t.status END,
    updated_at = now()
WHERE t.case_version < excluded.case_version
RETURNING case_id, status
"""

_WITHDRAW = """
UPDATE pay_tasks AS t SET case_version = c.case_version, version = t.version + 1, status = 'withdrawn',
    updated_at = now()
FROM unnest($1::uuid[], $2::int[]) AS c (case_id, case_version)
WHERE t.case_id = c.case_id AND t.case_version < c.case_version
RETURNING t.case_id
"""


async def put_claims(conn: Connection, claims: Sequence[Claim]) -> list[UUID]:
    """Takes in closed cases that are newer than what is here; returns those that are taken back.

    Idempotency: an older or equal version of a case changes nothing.
    """
    columns = ([getattr(claim, name) for claim in claims] for name in Claim.__dataclass_fields__)
    rows = await conn.fetch(_PUT_CLAIMS, *columns)
    return [row["case_id"] for row in rows if row["status"] == TaskStatus.WITHDRAWN.value]


async def offices_with_tasks(conn: Connection, office_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the offices that have tasks."""
    query = "SELECT DISTINCT office_id FROM pay_tasks WHERE office_id = ANY ($1::uuid[])"
    return [row["office_id"] for row in await conn.fetch(query, office_ids)]


async def withdraw_claims(conn: Connection, cases: Sequence[tuple[UUID, int]]) -> list[UUID]:
    """Takes back tasks whose cases are closed no longer; returns those that were there and older."""
    rows = await conn.fetch(_WITHDRAW, [case for case, _ in cases], [version for _, version in cases])
    return [row["case_id"] for row in rows]
