"""Asking for the figures of a circular at one moment, before anything is written."""

from uuid import UUID

from common.clock import now
from common.uow import UnitOfWork
from reporting.circulars.domain import require_own
from reporting.circulars.service.freezing import Taken, take_snapshot
from reporting.circulars.service.reading import actor_of, get_circular


async def take_figures(uow: UnitOfWork, *, circular_id: UUID) -> Taken:
    """What the figures are now for the question of a circular of the actor's own office.

    The unit of work is a still one: facts that are accepted meanwhile are in all the tables or in none.

    Source: S5, O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer: not this actor's; only the issuer's level has its figures.
        DivisionUnknown, ScopeWithoutChildren, QueryUnknown, QueryNotRankable: the question makes no sense.
    """
    asked_at = now()
    state = await get_circular(uow.session, actor=actor_of(uow), circular_id=circular_id)
    require_own(state, actor_of(uow).division)
    return Taken(state.version, asked_at, await take_snapshot(uow, state, asked_at=asked_at))
