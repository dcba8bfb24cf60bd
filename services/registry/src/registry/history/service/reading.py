"""What records, offices and their histories say, now or as of a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.contracts.registry import RECORDS, OfficeState, record_of
from common.contracts.registry.record import RecordState
from common.errors import PreconditionFailed
from registry.history.errors import RecordNotFound
from registry.history.repository import Records, Total, Wanted

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


async def get_states_of_offices(
    session: AsyncSession,
    *,
    office_ids: Collection[UUID],
    on: date,
    models: Collection[type[RecordState | OfficeState]],
) -> dict[UUID, list[RecordState | OfficeState]]:
    """The same as `get_office_states` for many offices in one statement; one that was not there yet lacks.

    Source: S3, ADR 0013.
    """
    names = {record_of(model).name for model in models}
    found: dict[UUID, list[RecordState | OfficeState]] = {}
    for office_id, name, state in await Records(session).of_offices(office_ids, on=on, names=names):
        read = _MODELS[name].model_validate_json(state)
        if isinstance(read, RecordState | OfficeState):
            found.setdefault(office_id, []).append(read)
    return found


async def get_operating_since(session: AsyncSession, office_ids: Collection[UUID], *, on: date) -> dict[UUID, date]:
    """From which day on offices operate without a break; those that do not operate on the day lack. Source: O6.1a."""
    return await Records(session).operating_since(office_ids, on=on)


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
