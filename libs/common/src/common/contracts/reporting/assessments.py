"""Assessments of offices and persons (考核奖惩): schemes, rounds, results, and the ledger that keeps what follows."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState
from common.contracts.reporting.orders import Account

AssessedSubject = Literal["office", "person"]
ComponentSource = Literal[
    "inspection_score", "on_time_rate", "rating", "report_timeliness", "order_timeliness", "training", "entered"
]
SchemeStatus = Literal["in_force", "superseded", "withdrawn"]
RoundStatus = Literal["open", "computed", "confirmed", "withdrawn"]
ResultStatus = Literal["open", "computed", "confirmed"]
ReportingLedgerSource = Literal["assessment", "award", "award_withdrawal", "inspection", "entered", "reversal"]
LedgerDirection = Literal["reward", "penalty"]


class SchemeComponentState(EventData):
    """One component of a score. Source: O4.3g.

    Attributes:
        full_at: the value that earns everything; what lies above earns no more.
        zero_at: the value that earns nothing.
        is_required: without a value there is no result; otherwise the others weigh more.
    """

    code: str
    title: str
    source: ComponentSource
    weight: int = Field(ge=1, le=1000)
    zero_at: int
    full_at: int
    is_required: bool = False


class SchemeGradeState(EventData):
    """A grade: from a score on, and for how many at most. Source: O4.3g.

    Attributes:
        from_score: hundredths of a point; None takes what is left.
        quota_permille: of those assessed together, at most; None without a limit.
        points: what enters the ledger with this grade; 0 enters nothing.
    """

    code: str
    label: str
    from_score: int | None
    quota_permille: int | None = Field(default=None, ge=0, le=1000)
    points: int = 0


class AssessmentSchemeState(StoredState):
    """One version of a scheme (考核办法). Source: O4.3g."""

    series: UUID
    number: int = Field(ge=1)
    title: str
    document: str
    subject: AssessedSubject
    status: SchemeStatus
    components: tuple[SchemeComponentState, ...]
    grades: tuple[SchemeGradeState, ...]
    issued_by: Account


class AssessmentState(StoredState):
    """One round of assessment over a period. Source: O4.3g.

    Attributes:
        division: of who assesses.
        scope: root of the subtree that is assessed.
        objection_until: last day of objections once the results are computed.
    """

    scheme_id: UUID
    title: str
    subject: AssessedSubject
    scope: Division
    period_from: date
    period_until: date
    status: RoundStatus
    objection_until: date | None = None
    opened_by: Account
    computed_at: Instant | None = None
    confirmed_by: Account | None = None
    confirmed_at: Instant | None = None
    withdrawal_reason: str | None = None


class ComponentValueState(EventData):
    """A value of a component with where it comes from. Source: O4.3g.

    Attributes:
        value: in the unit of the component's bounds.
        sources: `<service>.<record>/<id>` of the records it was read from.
    """

    component: str
    value: int
    sources: tuple[str, ...]
    as_of: Instant
    entered_by: Account | None = None


class AssessmentPartState(EventData):
    """What a component adds to a result, and why.

    Attributes:
        permille: earned; None without a value.
        points: hundredths of a point, rounded.
    """

    component: str
    value: int | None
    permille: int | None
    points: int
    explanation: str


class AssessmentObjectionState(EventData):
    """An objection of the one assessed, and its review by somebody else. Source: O4.3g."""

    text: str
    raised_by: Account
    raised_at: Instant
    is_upheld: bool | None = None
    answer: str | None = None
    reviewed_by: Account | None = None
    reviewed_at: Instant | None = None


class AssessmentResultState(StoredState):
    """The result of one office or one person. Source: O4.3g.

    Attributes:
        division: of the office, or of the office that the person works at.
        staff_member_id: of a person; never a name.
        account: of that person, who may object; never a name.
        score: hundredths of a point; None while a required component has no value.
        grade: after the quotas.
        held_back_by_quota: the grade that the score would have earned.
    """

    assessment_id: UUID
    subject: AssessedSubject
    staff_member_id: UUID | None = None
    account: Account | None = None
    status: ResultStatus
    values: tuple[ComponentValueState, ...] = ()
    parts: tuple[AssessmentPartState, ...] = ()
    score: int | None = None
    grade: str | None = None
    held_back_by_quota: str | None = None
    objections: tuple[AssessmentObjectionState, ...] = ()
    ledger_entry_id: UUID | None = None


class ReportingLedgerEntryState(StoredState):
    """One entry of the ledger of rewards and penalties (奖惩台账); never changed, only reversed. Source: O4.3g.

    Attributes:
        source_record, source_id: the result, award or visit that it follows from.
        points: rewards above 0, penalties below; a reversal takes them back.
        entered_for: the division on whose behalf it was entered, of which or above which it is taken back; None in
            entries from before this was kept, which only the province takes back.
        reverses: the entry that this one takes back.
    """

    subject: AssessedSubject
    staff_member_id: UUID | None = None
    source: ReportingLedgerSource
    source_record: str | None = None
    source_id: UUID | None = None
    direction: LedgerDirection
    title: str
    points: int
    year: int
    entered_on: date
    entered_by: Account | None = None
    entered_for: Division | None = None
    reason: str
    reverses: UUID | None = None


RECORDS: tuple[Record, ...] = (
    Record("reporting.assessment-scheme", AssessmentSchemeState, "考核办法变动"),
    Record("reporting.assessment", AssessmentState, "考核变动"),
    Record("reporting.assessment-result", AssessmentResultState, "考核结果变动"),
    Record("reporting.ledger-entry", ReportingLedgerEntryState, "奖惩台账变动"),
)
