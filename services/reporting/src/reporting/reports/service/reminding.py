"""Reminding who has not reported: once before the day, once on it, once after it. Source: O6.3a."""

from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from common.clock import now, today
from common.contracts.reporting.reports import ReminderState
from common.divisions import level_of
from common.policy import parameter
from common.records.service import add_records
from common.uow import UnitOfWork
from reporting.reports.domain.progress import reminders_due
from reporting.reports.repository import Periods

PAGE = 200


async def send_reminders(uow: UnitOfWork, *, limit: int = PAGE) -> int:
    """Reminds divisions that have handed in nothing; of reminders that were skipped only the newest is sent.

    Source: O6.3a.

    Events: reporting.report-reminder.changed.v1.
    Idempotency: one of each kind for a division and a period.
    Locks: places; those that somebody works on are left for the next round.
    """
    on = today()
    days_before = parameter("report_reminder_days", on=on).number
    periods = Periods(uow.conn)
    rows = await periods.to_remind(until=on + timedelta(days=days_before), today=on, limit=limit)
    at = now()
    new = []
    for row in rows:
        kinds = reminders_due(row["due_on"], today=on, days_before=days_before)
        kind = kinds[-1]
        reminder = ReminderState(
            id=uuid5(NAMESPACE_OID, f"report-reminder {row['period_id']} {row['division']} {kind}"),
            version=1,
            division=row["division"],
            level=level_of(row["division"]),
            changed_at=at,
            period_id=row["period_id"],
            kind=kind,
            due_on=row["due_on"],
            title=row["title"],
        )
        new.append((reminder, None))
        await periods.note_reminded(row["period_id"], row["division"], kinds)
    if new:
        await add_records(uow.conn, new, action="reporting.report-reminder.send")
        uow.wake_relay()
    return len(new)
