"""Use cases of records: the one place where a state is stored, remembered, published and audited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.contracts.registry import RECORDS, DivisionChangeState, DivisionState, OfficeState, record_of
from common.contracts.registry.readiness import ReadinessState
from common.contracts.registry.record import RecordState
from common.errors import PreconditionFailed
from common.uow import UnitOfWork
from registry.history.domain import next_state, placed_states, require_effective
from registry.history.errors import RecordExists, RecordNotFound
from registry.history.events import state_changed
from registry.history.repository import Records, Total, Version, Wanted, append_versions, mark_offices, put_many

__all__ = ["Total", "Wanted"]
S = TypeVar("S", bound=RecordState)
_MODELS = {record.name: record.model for record in RECORDS}
_TITLES = {record.name: record.title.removesuffix("变动") for record in RECORDS}


async def get_record(session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor | None = None) -> S:
    """The record as it stands; with an actor, only within the actor's subtree.

    Raises:
        RecordNotFound: none of this kind, or not the actor's to see.
    """
    found = await Records(session).find(model, record_id, actor=actor)
    if found is None:
        raise RecordNotFound
    return found


async def find_records(
    session: AsyncSession, model: type[S], record_ids: Collection[UUID], *, actor: Actor | None = None
) -> dict[UUID, S]:
    """Some records as they stand, by id; those that are not there, or not the actor's to see, lack."""
    found = await Records(session).find_many(model, record_ids, actor=actor)
    return {state.id: state for state in found}


async def hold_record(session: AsyncSession, model: type[S], record_id: UUID, *, expected_version: int | None) -> S:
    """The record for a change by somebody who saw `expected_version`; None takes it as it stands.

    Locks: the record until the transaction ends.

    Raises:
        RecordNotFound: none of this kind.
        PreconditionFailed: somebody else changed it meanwhile.
    """
    found = await Records(session).find_for_change(model, record_id)
    if found is None:
        raise RecordNotFound
    if expected_version is not None and found.version != expected_version:
        raise PreconditionFailed(current_version=found.version)
    return found


async def list_records(
    session: AsyncSession,
    model: type[S],
    wanted: Wanted,
    *,
    actor: Actor | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[S]:
    """Records of one kind by id, now or as of a day; with an actor, only within the actor's subtree."""
    return await Records(session).page(model, wanted, actor=actor, after=after, limit=limit)


async def sum_records(
    session: AsyncSession,
    model: type[S],
    wanted: Wanted,
    *,
    by: Sequence[str],
    of: str,
    actor: Actor | None = None,
) -> dict[tuple[str, ...], Total]:
    """How many records of one kind there are, and the sum of a member, by the values of other members of the state."""
    return await Records(session).totals(model, wanted, by=by, of=of, actor=actor)


async def list_office_states(session: AsyncSession, wanted: Wanted, *, on: date) -> list[OfficeState]:
    """The offices as they were on a day, by division; what an office is, is public. Source: S3, O4.3e."""
    return await Records(session).offices(wanted, on=on)


async def list_holders(
    session: AsyncSession, model: type[S], wanted: Wanted, **asked: Any
) -> list[tuple[UUID, str, str, frozenset[str]]]:
    """Offices of a day with the values that their records have; see `Records.holders`. Source: O4.3e."""
    return await Records(session).holders(model, wanted, **asked)


async def count_members(
    session: AsyncSession, model: type[S], wanted: Wanted, *, array: str, actor: Actor | None = None
) -> dict[str, int]:
    """How many records of one kind have each value in an array of texts; with an actor, only within the subtree."""
    return await Records(session).count_members(model, wanted, array=array, actor=actor)


async def count_office_states(
    session: AsyncSession, wanted: Wanted, *, on: date, by: Sequence[str]
) -> dict[tuple[str | None, ...], int]:
    """How many offices there were on a day, by the values of members of theirs. Source: O4.3e."""
    return await Records(session).count_offices(wanted, on=on, by=by)


async def list_office_versions(session: AsyncSession, *, office_id: UUID) -> list[tuple[OfficeState, datetime]]:
    """Every state that an office had and when it was written, the first first. Source: O4.3e, ADR 0013."""
    return await Records(session).office_versions(office_id)


async def get_office_names(session: AsyncSession, office_ids: Collection[UUID], *, on: date) -> dict[UUID, str]:
    """What some offices were called on a day; one that did not exist yet is left out. Source: O4.3e."""
    return await Records(session).office_names(office_ids, on=on)


async def list_versions(
    session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor | None = None
) -> list[S]:
    """Every state that the record had, the first one first.

    Raises:
        RecordNotFound: none of this kind, or not the actor's to see.
    """
    found = await Records(session).versions(model, record_id, actor=actor)
    if not found:
        raise RecordNotFound
    return found


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
        is_first_load: nothing is known of them yet, so nothing has to be worked out.

    Events: registry.office.changed.v1 for each.
    """
    await uow.flush()
    versions = [Version(s.id, s.version, s.id, s.division, _first_day(s), s) for s in states]
    await append_versions(uow.conn, versions)
    if not is_first_load:
        await mark_offices(uow.conn, {state.id for state in states})
    await uow.publish(*(state_changed(state) for state in states))


async def tell_divisions(uow: UnitOfWork, states: Sequence[DivisionState | DivisionChangeState]) -> None:
    """Publishes new states of divisions; their validities are their history.

    Events: registry.division.changed.v1, registry.division-change.changed.v1.
    """
    await uow.publish(*(state_changed(state) for state in states))


async def rehome_records(
    uow: UnitOfWork,
    *,
    moves: dict[UUID, OfficeState],
    effective_on: date,
    reason: str | None,
) -> int:
    """Gives the records of offices to the offices (or to the same offices at their new divisions) that follow them.

    For changes of divisions: what belongs to an office goes where the office goes; the states of before stay in the
    history under the division of their time.

    What there may be only one of (the establishment of an office, its budget of a year) stays with the office that had
    it where the other one has its own: nothing is lost, nothing counts twice. What was worked out of an office is of
    that office alone, and never another one's. What is told for a year stays with the office of that year, where the
    change came later.

    Source: standards.md §1, ADR 0013, ADR 0014.

    Args:
        moves: office that had the records → the state of the office that has them from `effective_on`.

    Returns:
        How many records moved.

    Events: registry.<record>.changed.v1 for each.
    Locks: the records of both.
    """
    rows = await Records(uow.session).now_of_offices([*moves, *(home.id for home in moves.values())])
    held = [_record_state(name, stored) for name, stored in rows]
    staying = [state for state in held if state.office_id not in moves or moves[state.office_id].id == state.office_id]
    taken = {_only_one(state, state.office_id): state.id for state in staying}
    states = []
    for state in held:
        home = moves.get(state.office_id)
        if home is None or (home.id, home.division) == (state.office_id, state.division):
            continue
        if home.id != state.office_id and _is_of_its_office_alone(state, effective_on):
            continue
        key = _only_one(state, home.id)
        if key is not None and taken.setdefault(key, state.id) != state.id:
            continue
        day = max(effective_on, state.effective_on)
        states.append(next_state(state, effective_on=day, office_id=home.id, division=home.division, level=home.level))
    await store_records(uow, states, action="registry.record.rehome", reason=reason)
    return len(states)


async def get_office_states(
    session: AsyncSession, *, office_id: UUID, on: date, models: Collection[type[RecordState | OfficeState]] = ()
) -> list[RecordState | OfficeState]:
    """What an office was and had on a day, its own state among it.

    Source: S3, ADR 0013.

    Args:
        models: of these kinds only; none asks for every kind.
    """
    names = {record_of(model).name for model in models} or set(_MODELS)
    rows = await Records(session).of_office(office_id, on=on, names=names)
    states = [_MODELS[name].model_validate_json(state) for name, state in rows]
    return [state for state in states if isinstance(state, RecordState | OfficeState)]


@dataclass(frozen=True, slots=True)
class Step:
    """One state that was written of an office."""

    record: str
    title: str
    id: UUID
    version: int
    effective_on: date
    recorded_at: datetime
    state: dict[str, Any]


async def list_steps(
    session: AsyncSession,
    *,
    office_id: UUID,
    before: tuple[datetime, UUID, int] | None,
    limit: int,
    without: Collection[str] = (),
) -> list[Step]:
    """Everything that was ever written of an office, the latest first.

    Source: S3, ADR 0013.

    Args:
        without: kinds of records that are left out.
    """
    rows = await Records(session).timeline(office_id, before=before, limit=limit, without=without)
    return [
        Step(row.record, _TITLES[row.record], row.id, row.version, row.effective_on, row.recorded_at, row.state)
        for row in rows
    ]


_ONE_PER_OFFICE = frozenset(
    {"registry.establishment", "registry.staffing-requirement", "registry.readiness", "registry.baseline-survey"}
)
_ONE_PER_YEAR = frozenset({"registry.budget-line", "registry.town-supplement"})
"""The unique indexes of the table of records."""


def _record_state(name: str, stored: str) -> RecordState:
    state = _MODELS[name].model_validate_json(stored)
    assert isinstance(state, RecordState)  # noqa: S101 - offices and divisions are not stored as records
    return state


def _is_of_its_office_alone(state: RecordState, on: date) -> bool:
    is_yearly = record_of(type(state)).name in _ONE_PER_YEAR
    return isinstance(state, ReadinessState) or (is_yearly and getattr(state, "year", on.year) < on.year)


def _only_one(state: RecordState, office_id: UUID) -> tuple[str, UUID, int | None] | None:
    """What a record is the only one of, at an office."""
    name = record_of(type(state)).name
    if name in _ONE_PER_OFFICE:
        return name, office_id, None
    return (name, office_id, getattr(state, "year", 0)) if name in _ONE_PER_YEAR else None


async def take_changed_offices(uow: UnitOfWork, *, limit: int) -> set[UUID]:
    """Offices of which something changed since they were last taken; they stay marked if this rolls back.

    What is worked out of an office (its readiness) does not count as a change of it.
    """
    return await Records(uow.session).take_marks(limit)


async def mark_judged_offices(uow: UnitOfWork, *, day: date) -> None:
    """Marks every office whose readiness was worked out once, unless somebody did so for this day.

    Waivers expire and trainings age without any change.
    """
    records = Records(uow.session)
    if await records.claim_day(day):
        await records.mark_owners(record_of(ReadinessState).name)


async def hold_judging(session: AsyncSession, office_id: UUID) -> None:
    """Lets one worker after the other work an office out, so that no older picture is kept over a newer one.

    Locks: the judging of the office until the transaction ends.
    """
    await Records(session).hold_judging(office_id)


async def count_findings(session: AsyncSession, *, within: str) -> dict[tuple[str, str], int]:
    """How many offices below a division are found how, by criterion and status, as their readiness is kept."""
    name = record_of(ReadinessState).name
    return await Records(session).tally(name, within, array="criteria", by=("code", "status"))


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
