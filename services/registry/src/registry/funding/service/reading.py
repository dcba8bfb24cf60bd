"""Money as those see it who may: by role, and within their own subtree."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.registry.record import RecordState
from registry.history.service import Wanted, get_record, list_records, list_versions
from registry.offices.domain import READERS

S = TypeVar("S", bound=RecordState)


async def get_money(session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor) -> S:
    """One record of money.

    Source: O1.3a, ADR 0005.

    Raises:
        RoleRequired: money is for heads, bureaus, statistics and audit.
        RecordNotFound: none in the actor's subtree.
    """
    require_role(actor, *READERS)
    return await get_record(session, model, record_id, actor=actor)


async def list_money(
    session: AsyncSession, model: type[S], wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[S]:
    """Records of money of the actor's subtree.

    Source: O1.3a, ADR 0005.

    Raises:
        RoleRequired: as get_money.
    """
    require_role(actor, *READERS)
    return await list_records(session, model, wanted, actor=actor, after=after, limit=limit)


async def list_money_versions(session: AsyncSession, model: type[S], record_id: UUID, *, actor: Actor) -> list[S]:
    """Every state of one record of money.

    Source: O1.3a, ADR 0005.

    Raises:
        RoleRequired, RecordNotFound: as get_money.
    """
    require_role(actor, *READERS)
    return await list_versions(session, model, record_id, actor=actor)
