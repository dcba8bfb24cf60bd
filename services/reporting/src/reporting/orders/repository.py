"""SQL of orders: whom they are addressed to says who reads them, beside who issued them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CHAR, ColumnElement, Text, and_, between, cast, column, func, or_, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_bounds
from common.contracts.reporting.orders import OrderState, OrderStatus
from common.divisions import subtree_range
from reporting.orders.domain import OPEN, WAITING
from reporting.orm import StoredRecord

_HEIRS = table("directory_heirs", column("code", CHAR(12, collation="C")), column("heir", CHAR(12, collation="C")))
_NAME = "reporting.order"
TO_DIVISION = cast(StoredRecord.state["to_division"].astext, CHAR(12)).collate("C")
"""Whom an order is addressed to: it belongs to who issued it, and is read by whom it is addressed to."""


@dataclass(frozen=True, slots=True)
class WantedOrders:
    """Which orders a list shows.

    Args:
        within: addressed to this division and below.
        issued_by: by this division.
        statuses: in one of these.
        overdue_on: overdue on this Beijing day.
        about_id: about this record.
    """

    within: str | None = None
    issued_by: str | None = None
    statuses: tuple[OrderStatus, ...] = ()
    overdue_on: date | None = None
    about_id: UUID | None = None


class Orders:
    """Orders as they stand."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, order_id: UUID, *, actor: Actor) -> OrderState | None:
        """The order, if it is addressed to the actor's subtree, or the actor's division issued it."""
        query = select(cast(StoredRecord.state, Text)).where(
            StoredRecord.id == order_id, StoredRecord.record == _NAME, _seen_by(actor)
        )
        found = await self._session.scalar(query)
        return None if found is None else OrderState.model_validate_json(found)

    async def page(
        self, wanted: WantedOrders, *, actor: Actor | None, after: UUID | None, limit: int | None
    ) -> list[OrderState]:
        """Orders in the order of their making."""
        conditions = _conditions(wanted, actor)
        if after is not None:
            conditions.append(StoredRecord.id > after)
        query = select(cast(StoredRecord.state, Text)).where(*conditions).order_by(StoredRecord.id).limit(limit)
        return [OrderState.model_validate_json(state) for state in await self._session.scalars(query)]

    async def count(
        self, wanted: WantedOrders, *, actor: Actor | None, on: date
    ) -> list[tuple[str, OrderStatus, bool, bool, int]]:
        """Rows of (division addressed, status, overdue, closed late, count)."""
        late = func.coalesce(StoredRecord.state["closed_on_time"].astext == "false", False)
        columns = (TO_DIVISION, StoredRecord.status, _is_overdue(on), late)
        query = select(*columns, func.count()).where(*_conditions(wanted, actor)).group_by(*columns)
        return [tuple(row) for row in await self._session.execute(query)]

    async def hold_to_remind(self, *, on: date, last_day: date, limit: int) -> list[OrderState]:
        """Orders whose reminder is due and was not sent, locked; those that another worker holds are left to it."""
        kind = text(
            "NOT (records.state -> 'reminders') @> jsonb_build_array(jsonb_build_object("
            "'kind', CASE WHEN records.due_on < :today THEN 'overdue' ELSE 'due_soon' END, "
            "'due_on', to_char(records.due_on, 'YYYY-MM-DD')))"
        ).bindparams(today=on)
        query = (
            select(cast(StoredRecord.state, Text))
            .where(
                StoredRecord.record == _NAME,
                StoredRecord.status.in_(WAITING),
                StoredRecord.due_on <= last_day,
                kind,
            )
            .order_by(StoredRecord.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [OrderState.model_validate_json(state) for state in await self._session.scalars(query)]

    async def has_record(self, name: str, record_id: UUID) -> bool:
        """Whether there is such a record."""
        query = select(StoredRecord.id).where(StoredRecord.id == record_id, StoredRecord.record == name)
        return await self._session.scalar(query) is not None


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Addressed to the actor's subtree of today, or issued by the actor's division, wherever it went since.

    What went to a retired division is its heir's, and so is what one had issued. Source: ADR 0014.
    """
    heir = select(_HEIRS.c.heir).where(_HEIRS.c.code == TO_DIVISION).scalar_subquery()
    left = select(_HEIRS.c.code).where(_HEIRS.c.heir == actor.division)
    return or_(
        between(func.coalesce(heir, TO_DIVISION), *scope_bounds(actor)),
        StoredRecord.division == actor.division,
        StoredRecord.division.in_(left),
    )


def _conditions(wanted: WantedOrders, actor: Actor | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [StoredRecord.record == _NAME]
    if actor is not None:
        conditions.append(_seen_by(actor))
    if wanted.within is not None:
        conditions.append(between(TO_DIVISION, *subtree_range(wanted.within)))
    if wanted.issued_by is not None:
        conditions.append(StoredRecord.division == wanted.issued_by)
    if wanted.statuses:
        conditions.append(StoredRecord.status.in_(wanted.statuses))
    if wanted.overdue_on is not None:
        conditions.append(_is_overdue(wanted.overdue_on))
    if wanted.about_id is not None:
        conditions.append(StoredRecord.state.contains({"about_id": str(wanted.about_id)}))
    return conditions


def _is_overdue(on: date) -> ColumnElement[bool]:
    """As `domain.is_overdue` says: an answer stops the clock on the Beijing day on which it came."""
    answered = func.timezone(
        "Asia/Shanghai", cast(StoredRecord.state["answers"][-1]["at"].astext, StoredRecord.changed_at.type)
    )
    stopped = cast(answered, StoredRecord.due_on.type)
    is_late = (StoredRecord.status.in_(WAITING) & (StoredRecord.due_on < on)) | (
        (StoredRecord.status == "answered") & (stopped > StoredRecord.due_on)
    )
    return func.coalesce(and_(StoredRecord.status.in_(OPEN), is_late), False)
