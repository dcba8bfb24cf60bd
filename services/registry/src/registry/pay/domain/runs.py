"""Runs, recoveries and rosters: states and ids. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid5

from common.contracts.registry.money import PayLine, PayRunState
from common.divisions import Level
from registry.pay.domain.guard import BLOCK_LABELS, Period
from registry.pay.errors import PayOfficeRefused, PayRefused, PeriodRefused, RunNotDraft, WaiverNeedsGrounds

MAX_PERIOD_DAYS = 366
_NAMESPACE = UUID("2f1d7c7a-58c4-5f0e-9a35-6f0c4e8d1b90")

RUN_STATUS_LABELS: Mapping[str, str] = {"draft": "编制中", "settled": "已核定", "cancelled": "已撤销"}
RECOVERY_STATUS_LABELS: Mapping[str, str] = {"open": "待追回", "recovered": "已追回", "waived": "免予追回"}
RECOVERY_REASON_LABELS: Mapping[str, str] = {
    **{str(code): label for code, label in BLOCK_LABELS.items()},
    "task_withdrawn": "已核发任务的办件被更正",
}


def require_pay_office(level: Level) -> None:
    """A run is of one station, or of all stations of a town.

    Source: O1.4f.

    Raises:
        PayOfficeRefused: the office is of another level.
    """
    if level not in (Level.TOWN, Level.VILLAGE):
        raise PayOfficeRefused


def require_period(period: Period, *, today: date) -> None:
    """A period has a first and a last day, is not longer than a year, and is over.

    Source: O1.4f, O1.4g.

    Raises:
        PeriodRefused: it is not so.
    """
    days = (period.last - period.first).days + 1
    if not 1 <= days <= MAX_PERIOD_DAYS:
        raise PeriodRefused(f"期间应为1至{MAX_PERIOD_DAYS}日", max_days=MAX_PERIOD_DAYS)
    if period.last >= today:
        raise PeriodRefused("期间尚未结束", latest=today.isoformat())


def require_draft(run: PayRunState) -> None:
    """Only a draft is settled or cancelled; what follows a settled run is a recovery or a supplement.

    Source: O1.4f.

    Raises:
        RunNotDraft: it is none.
    """
    if run.status != "draft":
        raise RunNotDraft(status=run.status)


def require_unblocked(lines: Iterable[PayLine]) -> None:
    """Who names somebody for pay whom a rule bars is refused; a run for everybody just leaves the line unpaid.

    Source: O1.4g.

    Raises:
        PayRefused: with the clause of the first such line.
    """
    blocked = [line for line in lines if line.blocked_by is not None]
    if blocked:
        raise PayRefused(
            blocked[0].blocked_detail or "",
            clause=blocked[0].blocked_by,
            staff_member_ids=[str(line.staff_member_id) for line in blocked],
            reason=blocked[0].blocked_reason,
        )


def require_grounds(*, is_waived: bool, reason: str | None, document: str | None) -> None:
    """Money that nobody fetches back needs a reason and a document.

    Source: O1.4g.

    Raises:
        WaiverNeedsGrounds: one is missing.
    """
    if is_waived and not (reason and document):
        raise WaiverNeedsGrounds


def recovery_id(pay_run_id: UUID, staff_member_id: UUID, case_id: UUID | None) -> UUID:
    """The id of the recovery of a line, or of one task of it: there can be one only.

    Source: O1.4g.
    """
    return uuid5(_NAMESPACE, f"{pay_run_id}/{staff_member_id}/{case_id or '*'}")


def roster_entry_id(*, area: str, pseudonym: str, employed_from: date) -> UUID:
    """The id of an entry of an area's roster: handed in again, it is the same entry.

    Source: O1.4g.
    """
    return uuid5(_NAMESPACE, f"{area}/{pseudonym}/{employed_from.isoformat()}")
