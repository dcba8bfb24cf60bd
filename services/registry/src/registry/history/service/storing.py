"""The one place where a state is stored, remembered, published and audited."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import today
from common.contracts.registry import DivisionChangeState, DivisionState, OfficeState, record_of
from common.contracts.registry.readiness import ReadinessState
from common.contracts.registry.record import RecordState
from common.errors import PreconditionFailed
from common.uow import UnitOfWork
from registry.history.domain import placed_states, require_effective
from registry.history.errors import RecordExists
from registry.history.events import state_changed
from registry.history.repository import Records, Version, append_versions, let_wait, mark_offices, put_many

S = TypeVar("S", bound=RecordState)


async def store_record(
    uow: UnitOfWork, state: S, *, previous: RecordState | None, action: str, reason: str | None = None
) -> S:
    """Stores a new record (`previous` None) or the next state of one, and tells it.

    A new record of a day on which the office was elsewhere gets the states that it would have had since.

    Source: ADR 0013, ADR 0014.

    Args:
        previous: what `hold_record` gave; `next_state(previous, …)` makes what follows it.
        action: for the audit, `registry.premises.change`.

    Returns:
        The record as it stands now.

    Raises:
        EffectiveDateRefused: the state would hold from after today, or from before the previous one.
        RecordExists: there may be one only, for the office or for its year.
        PreconditionFailed: another transaction was faster.

    Events: registry.<record>.changed.v1, for each state.
    """
    require_effective(state.effective_on, today=today(), previous=previous.effective_on if previous else None)
    (states,) = await _placed(uow.session, [state])
    for one in states:
        if not await Records(uow.session).put(one):
            raise RecordExists if previous is None else PreconditionFailed
    await _remember(uow, states)
    name, now = record_of(type(state)).name, states[-1]
    await uow.record_audit(action, name, str(now.id), division=now.division, reason=reason)
    return now


async def store_records(uow: UnitOfWork, states: Sequence[S], *, action: str, reason: str | None = None) -> list[S]:
    """The same for many states at once, with one audit entry; the caller has locked what they follow.

    Returns:
        The records as they stand now, in the same order.

    Raises:
        PreconditionFailed: one of them does not follow the version that is there.

    Events: registry.<record>.changed.v1 for each.
    """
    if not states:
        return []
    await uow.flush()
    placed = await _placed(uow.session, states)
    for step in zip_longest(*placed):
        following = [state for state in step if state is not None]
        if await put_many(uow.conn, following) != len(following):
            raise PreconditionFailed
    await _remember(uow, [state for steps in placed for state in steps])
    await uow.record_audit(action, record_of(type(states[0])).name, "*", reason=reason)
    return [steps[-1] for steps in placed]


async def remember_offices(uow: UnitOfWork, states: Sequence[OfficeState], *, is_first_load: bool = False) -> None:
    """Puts new states of offices into the history and publishes them; the offices themselves are stored already.

    Args:
        is_first_load: there are many of them, and nothing is known of them yet: they are worked out when nothing is
            more urgent.

    Events: registry.office.changed.v1 for each.
    """
    await uow.flush()
    versions = [Version(s.id, s.version, s.id, s.division, _first_day(s), s) for s in states]
    await append_versions(uow.conn, versions)
    offices = {state.id for state in states}
    await (let_wait if is_first_load else mark_offices)(uow.conn, offices)
    await uow.publish(*(state_changed(state) for state in states))


async def tell_divisions(uow: UnitOfWork, states: Sequence[DivisionState | DivisionChangeState]) -> None:
    """Publishes new states of divisions; their validities are their history.

    Events: registry.division.changed.v1, registry.division-change.changed.v1.
    """
    await uow.publish(*(state_changed(state) for state in states))


async def _placed(session: AsyncSession, states: Sequence[S]) -> list[list[S]]:
    """For each state what is to be stored: a first state of a past day follows its office, all others stand alone."""
    late = {state.office_id for state in states if state.version == 1 and state.effective_on < today()}
    known = await Records(session).placements(late) if late else {}
    return [placed_states(state, known.get(state.office_id, ()) if state.version == 1 else ()) for state in states]


async def _remember(uow: UnitOfWork, states: Sequence[RecordState]) -> None:
    await uow.flush()
    versions = [Version(s.id, s.version, s.office_id, s.division, s.effective_on, s) for s in states]
    await append_versions(uow.conn, versions)
    await mark_offices(uow.conn, {state.office_id for state in states if not isinstance(state, ReadinessState)})
    await uow.publish(*(state_changed(state) for state in states))


def _first_day(state: OfficeState) -> date:
    assert state.effective_on is not None  # noqa: S101 - only readers of old events meet offices without it
    return state.effective_on
