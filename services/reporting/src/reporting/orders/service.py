"""Use cases of orders of supervision (督办). Source: S6, O6.3a."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role, require_scope
from common.clock import beijing_day, now, today
from common.contracts.reporting.orders import EvidenceState, OrderState
from common.db import Connection
from common.directory import find_heirs, require_division
from common.divisions import level_of
from common.ids import uuid7
from common.policy import CLAUSES, parameter
from common.records.errors import RecordNotFound
from common.records.service import hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.orders import domain
from reporting.orders.domain import OrderCounts
from reporting.orders.errors import AboutUnknown, ClauseUnknown, NotTheAddressee, NotTheIssuer
from reporting.orders.repository import Orders, WantedOrders

__all__ = ["WantedOrders"]
ISSUERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD)
ADDRESSEES = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATION_AGENT)
READERS = (*ADDRESSEES, Role.STATISTICIAN, Role.AUDITOR)
_OWN = "reporting."


@dataclass(frozen=True, slots=True)
class Seen:
    """An order at the version that somebody saw."""

    order_id: UUID
    version: int


async def issue_order(
    uow: UnitOfWork,
    *,
    actor: Actor,
    to_division: str,
    title: str,
    demand: str,
    clause: str,
    due_on: date,
    about: tuple[str, UUID] | None = None,
    issuer: str | None = None,
) -> OrderState:
    """Issues an order to a division below; it goes down the levels to it and is signed for there.

    Source: S6, O6.3a.

    Args:
        about: the record that it is about, `("reporting.report", id)`.
        issuer: the division for which the caller has let the actor act (an inspector acts for the organiser);
            None is the actor's own, and then roles and scope are checked here.

    Raises:
        RoleRequired, OutOfScope, NotAbove: not this actor's to order.
        DivisionUnknown, DivisionRetired: there is no such division.
        DueInThePast, ClauseUnknown, AboutUnknown: the order makes no sense.

    Events: reporting.order.changed.v1.
    """
    if issuer is None:
        require_role(actor, *ISSUERS)
        require_scope(actor, to_division)
    from_division = issuer or actor.division
    domain.require_above(from_division, to_division)
    await require_division(uow.conn, to_division)
    domain.require_due(due_on, today=today())
    if clause not in CLAUSES:
        raise ClauseUnknown
    await _require_about(uow.session, about)
    at = now()
    state = OrderState(
        id=uuid7(),
        version=1,
        division=from_division,
        level=level_of(from_division),
        changed_at=at,
        to_division=to_division,
        title=title,
        demand=demand,
        clause=clause,
        status="issued",
        due_on=due_on,
        first_due_on=due_on,
        about_record=about[0] if about else None,
        about_id=about[1] if about else None,
        issued_by=actor.subject,
        issued_at=at,
    )
    state = state.model_copy(update={"dispatch": domain.dispatch_of(state, demanded_on=beijing_day(at))})
    return await store_record(uow, state, previous=None, action="reporting.order.issue")


async def acknowledge_order(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> OrderState:
    """The division addressed takes note.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheAddressee, PreconditionFailed, OrderNotInState.
    """
    held = await _hold_as_addressee(uow, actor, seen)
    return await _store(uow, held, domain.acknowledged(held, by=actor.subject, at=now()), "acknowledge")


async def answer_order(
    uow: UnitOfWork, *, actor: Actor, seen: Seen, text: str, evidence: tuple[EvidenceState, ...]
) -> OrderState:
    """The division addressed answers with evidence; also after the day, which stays visible.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheAddressee, PreconditionFailed, OrderNotInState, EvidenceMissing.
    """
    held = await _hold_as_addressee(uow, actor, seen)
    changes = domain.answered(held, by=actor.subject, at=now(), text=text, evidence=evidence)
    return await _store(uow, held, changes, "answer")


async def return_order(uow: UnitOfWork, *, actor: Actor, seen: Seen, missing: str) -> OrderState:
    """The issuer returns an answer and says what is missing.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, OrderNotInState.
    """
    held = await _hold_as_issuer(uow, actor, seen)
    return await _store(
        uow, held, domain.returned(held, by=actor.subject, at=now(), missing=missing), "return", missing
    )


async def close_order(uow: UnitOfWork, *, actor: Actor, seen: Seen, remark: str) -> OrderState:
    """The issuer accepts the answer, and the order is closed.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, OrderNotInState.
    """
    held = await _hold_as_issuer(uow, actor, seen)
    return await _store(uow, held, domain.closed(held, by=actor.subject, at=now(), remark=remark), "close", remark)


async def ask_extension(uow: UnitOfWork, *, actor: Actor, seen: Seen, due_on: date, reason: str) -> OrderState:
    """The division addressed asks for more time.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheAddressee, PreconditionFailed, OrderNotInState, ExtensionPending,
        ExtensionNotLater.
    """
    held = await _hold_as_addressee(uow, actor, seen)
    changes = domain.extension_asked(held, by=actor.subject, at=now(), due_on=due_on, reason=reason)
    return await _store(uow, held, changes, "ask-extension", reason)


async def decide_extension(uow: UnitOfWork, *, actor: Actor, seen: Seen, approves: bool, reason: str) -> OrderState:
    """The issuer gives more time, or does not.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, OrderNotInState, NoExtensionPending,
        ExtensionNotLater.
    """
    held = await _hold_as_issuer(uow, actor, seen)
    changes = domain.extension_decided(held, by=actor.subject, at=now(), approves=approves, reason=reason)
    return await _store(uow, held, changes, "decide-extension", reason)


async def withdraw_order(uow: UnitOfWork, *, actor: Actor, seen: Seen, reason: str) -> OrderState:
    """The issuer takes an order back.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, OrderNotInState.
    """
    held = await _hold_as_issuer(uow, actor, seen)
    return await _store(
        uow, held, domain.withdrawn(held, by=actor.subject, at=now(), reason=reason), "withdraw", reason
    )


async def get_order(session: AsyncSession, order_id: UUID, *, actor: Actor) -> OrderState:
    """An order to the actor's division or one below.

    Source: S6.

    Raises:
        RoleRequired, RecordNotFound: not the actor's to see.
    """
    require_role(actor, *READERS)
    found = await Orders(session).find(order_id, actor=actor)
    if found is None:
        raise RecordNotFound
    return found


async def list_orders(
    session: AsyncSession, wanted: WantedOrders, *, actor: Actor, after: UUID | None = None, limit: int | None = None
) -> list[OrderState]:
    """Orders to the actor's division and below, the oldest first.

    Source: S6.

    Raises:
        RoleRequired: not the actor's to see.
    """
    require_role(actor, *READERS)
    return await Orders(session).page(wanted, actor=actor, after=after, limit=limit)


async def count_orders(
    session: AsyncSession, *, actor: Actor, division: str, on: date
) -> tuple[OrderCounts, Mapping[str, OrderCounts]]:
    """Counts of a subtree, and of each division directly below that has orders; its own orders stand under itself.

    Source: S6, O6.3a.

    Raises:
        RoleRequired, OutOfScope: not the actor's to see.
    """
    require_role(actor, *READERS)
    require_scope(actor, division)
    rows = await Orders(session).count(WantedOrders(within=division), actor=actor, on=on)
    children: dict[str, list[Any]] = {}
    for row in rows:
        children.setdefault(domain.child_of(division, row[0]), []).append(row)
    return domain.add_up(rows), {code: domain.add_up(group) for code, group in sorted(children.items())}


async def orders_about(session: AsyncSession, about_id: UUID) -> list[OrderState]:
    """The orders about a record, for the features whose record it is.

    Source: S6.
    """
    return await Orders(session).page(WantedOrders(about_id=about_id), actor=None, after=None, limit=None)


async def orders_to(session: AsyncSession, division: str) -> list[OrderState]:
    """The orders that a division itself was given, for what is judged by them.

    Source: S6, O4.3a, O4.3g.
    """
    found = await Orders(session).page(WantedOrders(within=division), actor=None, after=None, limit=None)
    return [order for order in found if order.to_division == division]


async def send_reminders(uow: UnitOfWork, *, on: date, limit: int) -> bool:
    """Sends a page of the reminders that are due, each once; True when there may be more.

    Source: S6.

    Idempotency: a reminder stands in its order; what has been reminded of is not found again.
    Locks: the orders of the page; several workers share the day's run.

    Events: reporting.order.changed.v1.
    """
    days = parameter("order_reminder_days", on=on).number
    found = await Orders(uow.session).hold_to_remind(on=on, last_day=on + timedelta(days=days), limit=limit)
    for order in found:
        kind = domain.reminder_due(order, on=on, days_before=days)
        if kind is not None:
            await _store(uow, order, domain.reminded(order, kind=kind, at=now()), "remind")
    return len(found) == limit


async def _store(
    uow: UnitOfWork, held: OrderState, changes: Mapping[str, Any], action: str, reason: str | None = None
) -> OrderState:
    state = next_state(held, **changes)
    return await store_record(uow, state, previous=held, action=f"reporting.order.{action}", reason=reason)


async def _hold(uow: UnitOfWork, actor: Actor, seen: Seen) -> OrderState:
    if await Orders(uow.session).find(seen.order_id, actor=actor) is None:
        raise RecordNotFound
    return await hold_record(uow.session, OrderState, seen.order_id, expected_version=seen.version)


async def _hold_as_issuer(uow: UnitOfWork, actor: Actor, seen: Seen) -> OrderState:
    require_role(actor, *ISSUERS)
    held = await _hold(uow, actor, seen)
    if not await _acts_for(uow.conn, actor, held.division):
        raise NotTheIssuer
    return held


async def _hold_as_addressee(uow: UnitOfWork, actor: Actor, seen: Seen) -> OrderState:
    require_role(actor, *ADDRESSEES)
    held = await _hold(uow, actor, seen)
    if not await _acts_for(uow.conn, actor, held.to_division):
        raise NotTheAddressee
    return held


async def _acts_for(conn: Connection, actor: Actor, division: str) -> bool:
    """Whether the actor belongs to a division, or to the heir of one that is no more. Source: ADR 0014."""
    return actor.division == division or (await find_heirs(conn, [division])).get(division) == actor.division


async def _require_about(session: AsyncSession, about: tuple[str, UUID] | None) -> None:
    """A record of this service must exist; one of another service is taken at its word (no SQL crosses services)."""
    if about is None or not about[0].startswith(_OWN):
        return
    if not await Orders(session).has_record(*about):
        raise AboutUnknown
