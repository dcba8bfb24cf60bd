"""Requests and answers about the ledger of rewards and penalties, and the kinds that there are."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from casework.accountability.domain import (
    LEDGER_DIRECTION_LABELS,
    LEDGER_SOURCE_LABELS,
    LEDGER_SUBJECT_LABELS,
    DecisionKind,
    LedgerKind,
)
from casework.accountability.schemas.fields import AccountName
from casework.accountability.service import NewEntry, PeriodSums, Summary
from casework.items.domain import MARK_LABELS
from common.contracts.casework.accountability import (
    LedgerDirection,
    LedgerEntryState,
    LedgerSource,
    LedgerSubject,
    RuleMark,
)
from common.http import AnswerModel, DivisionCode, Labelled, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown


class LedgerEntryBody(StrictModel):
    """登记考核或创优评选的奖惩；对机构的不填 person。"""

    division: DivisionCode
    person: AccountName | None = None
    source: Literal["assessment", "award"]
    source_id: UUID | None = None
    kind: Annotated[str, Field(min_length=1, max_length=40, description="奖惩种类，见奖惩种类列表。")]
    reason: Reason

    def to_domain(self) -> NewEntry:
        """For the use case."""
        return NewEntry(**dict(self))


class ReversalBody(StrictModel):
    """冲销台账记录的理由。"""

    reason: Reason


class LedgerEntryAnswer(RecordAnswer):
    """一条奖惩台账记录；只增加、只冲销，不修改。"""

    subject: LedgerSubject
    subject_label: str
    person: str | None
    source: LedgerSource
    source_label: str
    source_id: UUID | None
    direction: LedgerDirection
    direction_label: str
    kind: str
    title: str
    points: int
    year: int
    quarter: int
    entered_on: date
    entered_by: str | None
    reason: str
    reverses: UUID | None = Field(description="所冲销的记录。")

    @classmethod
    def of(cls, state: LedgerEntryState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            subject_label=LEDGER_SUBJECT_LABELS[state.subject],
            source_label=LEDGER_SOURCE_LABELS[state.source],
            direction_label=LEDGER_DIRECTION_LABELS[state.direction],
        )


class QuarterAnswer(AnswerModel):
    """一个季度的得分和等次。"""

    quarter: int
    points: int
    grade: str | None
    grade_label: str | None


class LedgerSumsAnswer(AnswerModel):
    """一人或一个机构全年的奖惩合计。"""

    subject: LedgerSubject
    subject_label: str
    person: str | None
    division: str
    year: int
    points: int
    quarters: list[QuarterAnswer]

    @classmethod
    def of(cls, sums: PeriodSums) -> Self:
        """From the use case."""
        quarters = [
            QuarterAnswer(
                quarter=quarter,
                points=points,
                grade=None if grade is None else grade.code,
                grade_label=None if grade is None else grade.label,
            )
            for quarter, (points, grade) in sums.quarters.items()
        ]
        return cls(
            subject=sums.subject,
            subject_label=LEDGER_SUBJECT_LABELS[sums.subject],
            person=sums.person,
            division=sums.division,
            year=sums.year,
            points=sums.points,
            quarters=quarters,
        )


class KindAnswer(Labelled):
    """一种处理方式或奖惩种类。"""

    points: int
    effective_from: date
    effective_to: date | None
    clause: str
    mark: RuleMark
    mark_label: str
    to_confirm: str | None

    @classmethod
    def of(cls, kind: DecisionKind | LedgerKind) -> Self:
        """From the catalogue."""
        names = [name for name in cls.model_fields if name != "mark_label"]
        return cls.model_validate(
            {**{name: getattr(kind, name) for name in names}, "mark_label": MARK_LABELS[kind.mark]}
        )


class KindsAnswer(AnswerModel):
    """处理方式和奖惩种类。"""

    decision_kinds: list[KindAnswer]
    ledger_kinds: list[KindAnswer]


class SummaryAnswer(AnswerModel):
    """一个机构或一个账号的办结及时情况。"""

    key: str = Field(description="区划代码或账号。")
    closed: int = Field(description="期间内办结且有时限的办件。")
    on_time: int = Field(description="其中按时办结的。")
    on_time_permille: int | None = Field(description="按时办结率（千分比，向下取整）；没有办结的为 null。")
    open: int = Field(description="当前在办。")
    overdue: int = Field(description="当前在办中已超期的。")

    @classmethod
    def of(cls, one: Summary) -> Self:
        """From the use case."""
        tally = one.tally
        return cls(
            key=one.key,
            closed=tally.closed,
            on_time=tally.on_time,
            on_time_permille=tally.on_time_permille,
            open=one.open,
            overdue=one.overdue,
        )
