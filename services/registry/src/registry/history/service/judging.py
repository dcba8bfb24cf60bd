"""Which offices have to be worked out anew, and what was found of them."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.registry import record_of
from common.contracts.registry.readiness import ReadinessState
from common.uow import UnitOfWork
from registry.history.repository import Records


async def take_changed_offices(uow: UnitOfWork, *, limit: int) -> set[UUID]:
    """Offices of which something changed since they were last taken; they stay marked if this rolls back.

    What is worked out of an office (its readiness) does not count as a change of it.
    """
    return await Records(uow.session).take_marks(limit)


async def mark_failed_offices(uow: UnitOfWork, office_ids: Collection[UUID], *, again_at: datetime) -> None:
    """Offices that were taken and could not be worked out stay marked, and are taken again from an instant on."""
    if office_ids:
        await Records(uow.session).mark_again(office_ids, at=again_at)


async def mark_judged_offices(uow: UnitOfWork, *, day: date) -> None:
    """Lets every office wait whose readiness was worked out once, unless somebody did so for this day.

    Waivers expire and trainings age without any change. What somebody has just changed is worked out before them.
    """
    records = Records(uow.session)
    if await records.claim_day(day):
        await records.let_owners_wait(record_of(ReadinessState).name)


async def take_waiting_offices(uow: UnitOfWork, *, limit: int) -> set[UUID]:
    """Offices that are to be worked out when nothing is more urgent; they go on waiting if this rolls back.

    Locks: the judging of each, before anything is read.
    """
    records = Records(uow.session)
    offices = await records.take_waiting(limit)
    await records.hold_judging_of_all(offices)
    return offices


async def hold_judging(session: AsyncSession, office_id: UUID) -> None:
    """Lets one worker after the other work an office out, so that no older picture is kept over a newer one.

    Locks: the judging of the office until the transaction ends.
    """
    await Records(session).hold_judging(office_id)


async def count_findings(session: AsyncSession, *, within: str) -> dict[tuple[str, str], int]:
    """How many offices below a division are found how, by criterion and status, as their readiness is kept."""
    name = record_of(ReadinessState).name
    return await Records(session).tally(name, within, array="criteria", by=("code", "status"))
