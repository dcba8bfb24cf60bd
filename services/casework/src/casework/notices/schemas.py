"""What notices look like over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from casework.notices.domain import STATUS_LABELS, Notice
from casework.notices.service import Change, Uncounted
from common.contracts.casework.calendars import HolidayNoticeState, HolidaySpan, MakeUpDay, NoticeStatus
from common.http import IMPERSONAL, AnswerModel, BeijingTime, StrictModel
from common.records.schemas import RecordAnswer, shown

Title = Annotated[str, Field(min_length=4, max_length=200), IMPERSONAL]
Note = Annotated[str, Field(min_length=2, max_length=500), IMPERSONAL]
Name = Annotated[str, Field(min_length=1, max_length=100, examples=["国庆节"]), IMPERSONAL]


class SpanBody(StrictModel):
    """一个节日的放假。"""

    name: Name
    from_on: date
    to_on: date


class MakeUpBody(StrictModel):
    """一个调休上班日。"""

    day: date
    name: Name


class NoticeBody(StrictModel):
    """国务院办公厅关于某年部分节假日安排的通知。"""

    year: int = Field(ge=2010, le=2099)
    document: Annotated[str, Field(min_length=4, max_length=100, description="文号"), IMPERSONAL]
    title: Title | None = Field(default=None, description="标题；不填按惯例生成")
    issued_on: date
    holidays: list[SpanBody] = Field(min_length=1, max_length=20)
    make_up_days: list[MakeUpBody] = Field(max_length=30)
    note: Note | None = Field(default=None, description="放假天数多于法定时说明缘由")
    is_correction: bool = Field(default=False, description="同一文号此前录入有误，现予更正")

    def to_domain(self) -> Notice:
        """The notice, its days in order."""
        return Notice(
            year=self.year,
            document=self.document,
            title=self.title or f"国务院办公厅关于{self.year}年部分节假日安排的通知",
            issued_on=self.issued_on,
            holidays=tuple(
                HolidaySpan(name=one.name, from_on=one.from_on, to_on=one.to_on)
                for one in sorted(self.holidays, key=lambda one: one.from_on)
            ),
            make_up_days=tuple(
                MakeUpDay(day=one.day, name=one.name) for one in sorted(self.make_up_days, key=lambda one: one.day)
            ),
            note=self.note,
        )


class SpanAnswer(AnswerModel):
    """一个节日的放假。"""

    name: str
    from_on: date
    to_on: date


class MakeUpAnswer(AnswerModel):
    """一个调休上班日。"""

    day: date
    name: str


class NoticeAnswer(RecordAnswer):
    """一份节假日安排通知及其重新计算。"""

    year: int
    document: str
    title: str
    issued_on: date
    holidays: list[SpanAnswer]
    make_up_days: list[MakeUpAnswer]
    note: str | None
    calendar_version: UUID
    status: NoticeStatus
    status_label: str
    changed_cases: int | None = Field(description="到期日变动的办件数；重新计算完成之前为 null")
    failed_cases: int | None = Field(description="未能重新计算、仍按原日历的办件数；定时重试，完成之前为 null")
    finished_at: BeijingTime | None
    corrects: UUID | None = Field(description="所更正的录入")

    @classmethod
    def of(cls, state: HolidayNoticeState) -> "NoticeAnswer":
        """From the state."""
        return shown(
            cls,
            state,
            status_label=_label(state),
            holidays=[SpanAnswer(name=one.name, from_on=one.from_on, to_on=one.to_on) for one in state.holidays],
            make_up_days=[MakeUpAnswer(day=one.day, name=one.name) for one in state.make_up_days],
        )


def _label(state: HolidayNoticeState) -> str:
    """What is left undone is told with the state."""
    label = STATUS_LABELS[state.status]
    return f"{label}，尚有{state.failed_cases}件未能重新计算" if state.failed_cases else label


class ToldNoticeAnswer(AnswerModel):
    """载入的结果。"""

    is_new: bool = Field(description="false：同一文号、同样安排已经载入，未产生新版本")
    notice: NoticeAnswer


class UncountedCaseAnswer(AnswerModel):
    """一个未能重新计算的办件，到期日仍按原日历。"""

    case_id: UUID
    case_number: str | None
    again_at: BeijingTime = Field(description="何时重试")

    @classmethod
    def of(cls, case: Uncounted) -> "UncountedCaseAnswer":
        """From the list."""
        return cls(case_id=case.case_id, case_number=case.case_number, again_at=case.again_at)


class DueDateChangeAnswer(AnswerModel):
    """一个到期日变动的办件。"""

    case_id: UUID
    case_number: str | None
    due_before: date | None
    due_after: date | None
    statutory_before: date | None
    statutory_after: date | None

    @classmethod
    def of(cls, change: Change) -> "DueDateChangeAnswer":
        """From the list."""
        return cls(
            case_id=change.case_id,
            case_number=change.case_number,
            due_before=change.due_before,
            due_after=change.due_after,
            statutory_before=change.statutory_before,
            statutory_after=change.statutory_after,
        )
