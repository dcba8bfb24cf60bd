"""What reporting publishes of progress reports: schedules, periods, reports and reminders. Source: O6.3a, S6, S4."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState
from common.divisions import Level

Account = str
"""The token subject of an official; never a name."""

Cycle = Literal["monthly", "quarterly", "half_yearly"]
PeriodKind = Literal["regular", "ad_hoc"]
PeriodStatus = Literal["open", "closing", "closed"]
ScheduleStatus = Literal["active", "ended"]
LineKind = Literal["int", "decimal", "yes_no", "text"]
LineRule = Literal["sum", "count", "ratio", "none"]
ReportStatus = Literal["draft", "submitted", "returned", "approved", "locked"]
ReminderKind = Literal["before", "due", "overdue"]


class TemplateLine(EventData):
    """One line of a template; frozen with the period that it is opened with.

    Source: S4, O6.3a.

    Attributes:
        code: hyphen-words, unique in the template.
        indicator: code of the indicator whose computed value stands beside the declared one; None: a free line.
        is_required: every report without reports below it must fill it.
        rule: how a report is composed from the approved ones below it: `sum` adds; `count` counts who says yes;
            `ratio` divides the line `numerator` by the line `denominator` and is never declared; `none` is the
            reporting division's own matter.
        decimals: places after the point of a decimal line or a ratio.
        tolerance: difference to the computed value that needs no words, in the line's unit.
        tolerance_percent: the same in percent of the computed value; the larger one counts.
        is_soft: a difference beyond the tolerance warns and need not be explained.
    """

    code: str
    title: str
    unit: str
    kind: LineKind
    rule: LineRule
    indicator: str | None = None
    is_required: bool = True
    decimals: int = Field(default=0, ge=0, le=6)
    numerator: str | None = None
    denominator: str | None = None
    tolerance: Decimal = Decimal(0)
    tolerance_percent: Decimal = Decimal(0)
    is_soft: bool = False


class LevelDue(EventData):
    """The day by which divisions of a level submit."""

    level: Level
    due_on: date


class LevelDays(EventData):
    """The same in a schedule: days after the last day of the cycle."""

    level: Level
    days: int = Field(ge=0)


class ScheduleState(StoredState):
    """A regular period as data: which cycle, for whom, with which template. Its division opens the periods.

    Source: O6.3a.

    Attributes:
        starts_on: first day of the first cycle that is reported.
        ends_on: no cycle that ends after this day is reported.
        roots: the divisions whose subtrees report.
        down_to: the lowest level that reports.
        due_days: for every level that reports.
    """

    title: str
    programme_id: UUID | None = None
    cycle: Cycle
    starts_on: date
    ends_on: date | None = None
    roots: tuple[Division, ...]
    down_to: Level
    due_days: tuple[LevelDays, ...]
    lines: tuple[TemplateLine, ...]
    status: ScheduleStatus = "active"


class PeriodAct(EventData):
    """One change of a period's state.

    Attributes:
        reason: None where none is asked for.
    """

    status: PeriodStatus
    at: Instant
    by: Account
    reason: str | None = None


class PeriodState(StoredState):
    """A reporting period (报送期). Its division is the upper level that opened it.

    Source: O6.3a, S6.

    Attributes:
        schedule_id: the schedule that it follows; None for an ad hoc one.
        first_on: first day of what is reported.
        as_of: last day of what is reported; computed values are those of this day.
        roots: the divisions whose subtrees report.
        down_to: the lowest level that reports.
        expected: how many divisions report; frozen when the period was opened.
        due: last day of submission of every level that reports.
        due_on: the latest of them.
        acts: every change of the state with its reason, the first one first.
    """

    title: str
    kind: PeriodKind
    programme_id: UUID | None = None
    schedule_id: UUID | None = None
    first_on: date
    as_of: date
    roots: tuple[Division, ...]
    down_to: Level
    expected: int = Field(ge=1)
    due: tuple[LevelDue, ...]
    due_on: date
    lines: tuple[TemplateLine, ...]
    status: PeriodStatus = "open"
    acts: tuple[PeriodAct, ...]


class ComputedValue(EventData):
    """What the platform itself computed for a line, as the reporting level knew it.

    Attributes:
        on: the day for which it was asked.
        as_of: the newest thing that it holds; None when nothing was known.
        expected: how many places it should know of.
        known: how many it knows of.
    """

    value: Decimal | None
    on: date
    as_of: Instant | None = None
    expected: int = Field(ge=0)
    known: int = Field(ge=0)


class LineValue(EventData):
    """One line of a report.

    Attributes:
        own: declared for the division itself, apart from what lies below it.
        flag: the same of a yes-no line.
        text: the same of a text line.
        below: composed from the approved reports below; None where nothing lies below, or none of it is approved.
        total: own and below together; of a `count` line how many say yes, of a `ratio` the quotient.
        answered: how many divisions, this one included, have given a value.
        computed: beside the declared value; None for a free line.
        explanation: of the difference.
    """

    code: str
    own: Decimal | None = None
    flag: bool | None = None
    text: str | None = None
    below: Decimal | None = None
    total: Decimal | None = None
    answered: int = Field(default=0, ge=0)
    computed: ComputedValue | None = None
    explanation: str | None = None


class Base(EventData):
    """An approved report below that a report is composed from: exactly this version of it.

    Attributes:
        edition: 1 the first one, more after restatements.
        version: of the record, when that edition was approved.
    """

    division: Division
    edition: int = Field(ge=1)
    version: int = Field(ge=1)


class ReturnReason(EventData):
    """Why a report was returned; `line` None speaks of the whole."""

    line: str | None = None
    text: str


class ReportState(StoredState):
    """The progress report of one division for one period.

    A restatement begins a new edition; the approved edition stays in force, and readable, until the new one is
    approved.

    Source: O6.3a, S6, O4.2a.

    Attributes:
        parent: the division that approves or returns it; the division itself for the one on top.
        due_on: last day of its submission.
        edition: the one being worked on, or in force.
        editions: how many have been begun.
        lines: in the order of the template.
        bases: which versions below it is composed from.
        missing: divisions directly below without an approved report when it was composed.
        first_submitted_at: what timeliness is judged by; a submission recalled before anybody acted does not count.
        approved_edition: the edition in force; None before the first approval.
        approved_version: of the record, when that edition was approved.
        is_unlocked: the upper level lets it be worked on although the period is closed.
        return_reasons: of the last return, until it is submitted again.
        restatement_reason: why this edition was begun.
    """

    period_id: UUID
    programme_id: UUID | None = None
    parent: Division
    due_on: date
    status: ReportStatus = "draft"
    edition: int = Field(default=1, ge=1)
    editions: int = Field(default=1, ge=1)
    lines: tuple[LineValue, ...]
    bases: tuple[Base, ...] = ()
    missing: tuple[Division, ...] = ()
    first_submitted_at: Instant | None = None
    submitted_at: Instant | None = None
    submitted_by: Account | None = None
    approved_edition: int | None = None
    approved_version: int | None = None
    approved_at: Instant | None = None
    approved_by: Account | None = None
    is_unlocked: bool = False
    return_reasons: tuple[ReturnReason, ...] = ()
    restatement_reason: str | None = None


class ReminderState(StoredState):
    """A division is reminded of a report, once of each kind.

    Source: O6.3a.

    Attributes:
        division: who has to report.
        kind: before the day, on the day, after it.
    """

    period_id: UUID
    kind: ReminderKind
    due_on: date
    title: str


RECORDS: tuple[Record, ...] = (
    Record("reporting.report-schedule", ScheduleState, "报送安排变动"),
    Record("reporting.report-period", PeriodState, "报送期变动"),
    Record("reporting.report", ReportState, "进度报表变动"),
    Record("reporting.report-reminder", ReminderState, "报送提醒"),
)
