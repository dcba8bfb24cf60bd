"""What applicants must know: out of the events of cases, once each. Who delivers it is somebody else's matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.online.domain import News, news_of, told_after
from casework.online.repository import ToldCases
from casework.online.service.owning import owned
from common.auth import Actor
from common.clock import now
from common.contracts.casework import CaseState
from common.contracts.casework.online import NotificationState, OnlineApplicationState
from common.crypto import FieldCipher
from common.db import Connection
from common.ids import uuid7
from common.records.service import add_records, list_records, subject_indexes_of


@dataclass(frozen=True, slots=True)
class Happened:
    """A version of a case, and when it came about."""

    case: CaseState
    at: datetime


async def tell_applicants(conn: Connection, happened: Sequence[Happened]) -> int:
    """Makes notifications of what is new in these versions of cases; returns how many.

    Source: O4.2b, O4.3c.

    Args:
        happened: in any order; every version of a case that is not among them was told before.

    Events: casework.notification.changed.v1 for each.

    Idempotency: versions that were told change nothing.
    """
    known = await ToldCases(conn).hold(sorted({one.case.id for one in happened}))
    new: list[NotificationState] = []
    for one in sorted(happened, key=lambda one: one.case.version):
        before = known.get(one.case.id)
        if before is not None and one.case.version <= before.version:
            continue
        new += [_notification(one, news) for news in news_of(before, one.case)]
        known[one.case.id] = told_after(before, one.case)
    await ToldCases(conn).keep(known)
    owners = await subject_indexes_of(conn, OnlineApplicationState, [one.case_id for one in new])
    return await add_records(conn, [(one, owners.get(one.case_id)) for one in new], action="casework.notification.make")


async def list_own_notifications(
    session: AsyncSession, *, cipher: FieldCipher, actor: Actor, after: UUID | None, limit: int
) -> list[NotificationState]:
    """What the actor was told about the own applications.

    Source: O4.2b.

    Raises:
        RoleRequired: the actor is no citizen.
    """
    return await list_records(session, NotificationState, owned(cipher, actor), after=after, limit=limit)


def _notification(happened: Happened, news: News) -> NotificationState:
    case = happened.case
    return NotificationState(
        id=uuid7(),
        version=1,
        division=case.division,
        level=case.level,
        office_id=case.office_id,
        changed_at=now(),
        case_id=case.id,
        case_version=case.version,
        case_number=case.case_number,
        item_code=case.item_code,
        kind=news.kind,
        occurred_at=happened.at,
        **news.details,
    )
