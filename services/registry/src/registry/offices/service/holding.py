"""The office under the hands of a use case that writes what hangs on it."""

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.contracts.registry.record import RecordState
from common.divisions import Level
from registry.history.service import get_record, hold_record
from registry.offices.domain import Edge, OfficeStatus, require_alive, require_leader, require_worker
from registry.offices.errors import OfficeNotFound
from registry.offices.models import Office
from registry.offices.repository import Offices

S = TypeVar("S", bound=RecordState)


async def hold_office(session: AsyncSession, *, actor: Actor, office_id: UUID, edge: Edge) -> Office:
    """The office, for a use case that writes what hangs on it; the actor must stand on the right side of it.

    Source: O1.3a, O1.3c.

    Args:
        edge: leadership for staff, establishment, pay and money; guidance for the business itself.

    Raises:
        OfficeNotFound: there is none.
        RoleRequired, OutOfScope: the actor neither leads nor guides it.
        OfficeClosed: it is history.

    Locks: the office until the transaction ends, so that two such use cases follow one another.
    """
    office = await Offices(session).hold(office_id)
    if office is None:
        raise OfficeNotFound
    if edge is Edge.LEADERSHIP:
        require_leader(actor, leadership_division=office.leadership_division, level=Level(office.level))
    else:
        require_worker(actor, office.division)
    require_alive(OfficeStatus(office.status))
    return office


async def hold_homes(session: AsyncSession, office_ids: Collection[UUID]) -> None:
    """For a job that writes what hangs on offices: until it is through, none of them goes elsewhere with its records.

    Where a record belongs is to be read afterwards.

    Locks: the offices in the order of their ids until the transaction ends.
    """
    await Offices(session).hold_all(office_ids)


async def hold_owned(
    session: AsyncSession, model: type[S], record_id: UUID, *, expected_version: int | None, actor: Actor, edge: Edge
) -> tuple[S, Office]:
    """A record and its office, for a change by somebody who saw `expected_version` and stands on the right side.

    Source: O1.3a, O1.3c.

    Raises:
        RecordNotFound, PreconditionFailed: no such record, or somebody else changed it.
        RoleRequired, OutOfScope, OfficeClosed: as hold_office.

    Locks: the office, then the record: in the order in which new records are made.
    """
    seen = await get_record(session, model, record_id)
    office = await hold_office(session, actor=actor, office_id=seen.office_id, edge=edge)
    return await hold_record(session, model, record_id, expected_version=expected_version), office
