"""Assist tasks (协助任务): what an office asks of the stations that it guides, and what came of it."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework.cases import Account, Duty
from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState

AssistTaskKind = Literal["visit", "verification", "notice", "publicity", "collection", "other"]
AssistTaskStatus = Literal["dispatched", "taken", "reported", "accepted", "rejected", "withdrawn"]


class TaskReport(EventData):
    """What a station tells of a task. Source: O1.1d, O1.4f.

    Attributes:
        reason: why it was not done; None where it was.
        evidence_file_id: an uploaded file.
    """

    is_done: bool
    told: str
    reason: str | None
    evidence_file_id: UUID | None
    by: Account
    at: Instant


class TaskReturn(EventData):
    """A report that the office sent back, with what it lacks. Source: O1.1d."""

    reason: str
    by: Account
    at: Instant


class TaskDecision(EventData):
    """What the office finds of the report. Source: O1.4f.

    Attributes:
        quality_permille: 1000 is as expected; None where nothing is paid.
    """

    quality_permille: int | None = Field(ge=0)
    reason: str | None
    by: Account
    at: Instant


class AssistTaskState(StoredState):
    """One task of one station. Source: O1.1d, O1.4f.

    Attributes:
        division, office_id: the station.
        from_division, from_office_id: the office that guides it and asks.
        asked: what is asked, without naming anybody.
        case_id: the case that it is for.
        asked_for_on: the last Beijing day for the report.
        due_on: the same day while the station has to report; None afterwards.
        holder: account that took it at the station; None before.
        status: `accepted` means that the office accepts the report; with `is_payable` it counts for pay.
        reports: every report, in order; the last one holds.
        returns: reports that were sent back.
        handled_by: account of who made the report that holds; whose work it was.
        done_on: Beijing day of that report.
        quality_permille: as decided.
        is_payable: done, and accepted by the office.
        is_late: the report that holds came after the day asked for.
    """

    kind: AssistTaskKind
    status: AssistTaskStatus
    asked: str = Field(min_length=1, max_length=500)
    item_code: str | None = Field(default=None, min_length=1, max_length=31)
    duty: Duty | None = None
    case_id: UUID | None = None
    from_division: Division
    from_office_id: UUID
    dispatched_by: Account
    dispatched_at: Instant
    asked_for_on: date
    due_on: date | None
    holder: Account | None = None
    taken_at: Instant | None = None
    reports: tuple[TaskReport, ...] = ()
    returns: tuple[TaskReturn, ...] = ()
    decision: TaskDecision | None = None
    handled_by: Account | None = None
    done_on: date | None = None
    quality_permille: int | None = None
    is_payable: bool = False
    is_late: bool = False
    withdrawn_at: Instant | None = None
    withdrawal_reason: str | None = None


RECORDS: tuple[Record, ...] = (Record("casework.assist-task", AssistTaskState, "协助任务变动"),)
