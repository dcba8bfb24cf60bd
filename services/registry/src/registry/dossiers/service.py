"""Use cases of dossiers: what an office was and had on a day, and how it came to it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role, require_scope
from common.contracts.registry import OfficeState, RecordState, record_of
from common.contracts.registry.people import PublicEmployeeState
from registry.history.service import Step, get_office_states, list_steps
from registry.offices.domain import READERS
from registry.offices.service import get_office

HIDDEN = frozenset({record_of(PublicEmployeeState).name})
"""Rosters are of persons, not of the office that hands them in. Source: O1.4g."""


async def get_dossier(
    session: AsyncSession, *, actor: Actor, office_id: UUID, on: date
) -> Sequence[RecordState | OfficeState]:
    """Everything that an office was and had on a Beijing day: premises, equipment, posts, money, readiness.

    Source: S3.

    Raises:
        RoleRequired, OutOfScope: not for this reader; posts and money are not public.
        OfficeNotFound: there never was such an office.
    """
    await _require_reader(session, actor, office_id)
    states = await get_office_states(session, office_id=office_id, on=on)
    return [state for state in states if record_of(type(state)).name not in HIDDEN]


async def list_timeline(
    session: AsyncSession, *, actor: Actor, office_id: UUID, before: tuple[datetime, UUID, int] | None, limit: int
) -> list[Step]:
    """Every state that was written of an office, the latest first.

    Source: S3.

    Raises:
        RoleRequired, OutOfScope, OfficeNotFound: as get_dossier.
    """
    await _require_reader(session, actor, office_id)
    return await list_steps(session, office_id=office_id, before=before, limit=limit, without=HIDDEN)


async def _require_reader(session: AsyncSession, actor: Actor, office_id: UUID) -> None:
    require_role(actor, *READERS)
    require_scope(actor, (await get_office(session, office_id=office_id)).division)
