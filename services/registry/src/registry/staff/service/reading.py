"""Reading the records of people's matters: by role, and in the actor's subtree."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.registry.record import RecordState
from registry.history.service import Wanted, get_record, list_records, list_versions
from registry.offices.domain import READERS

S = TypeVar("S", bound=RecordState)


async def get_readable(session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor) -> S:
    """One record.

    Raises:
        RoleRequired: the actor's roles read no staff data.
        RecordNotFound: none, or not the actor's to see.
    """
    require_role(actor, *READERS)
    return await get_record(session, model, record_id, actor=actor)


async def list_readable(
    session: AsyncSession, model: type[S], wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[S]:
    """Records by id.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    return await list_records(session, model, wanted, actor=actor, after=after, limit=limit)


async def list_readable_versions(session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor) -> list[S]:
    """Every state of one record.

    Raises:
        RoleRequired, RecordNotFound: as get_readable.
    """
    require_role(actor, *READERS)
    return await list_versions(session, model, record_id, actor=actor)
