"""The office under the hands of a use case that writes what hangs on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.divisions import Level
from registry.offices.domain import Edge, OfficeStatus, require_alive, require_leader, require_worker
from registry.offices.errors import OfficeNotFound
from registry.offices.models import Office
from registry.offices.repository import Offices


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
