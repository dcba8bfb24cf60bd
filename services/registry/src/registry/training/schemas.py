"""Trainings in requests and answers."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from common.contracts.registry.people import TrainingAttendance, TrainingMode, TrainingResult, TrainingSubject
from common.http import AnswerModel, FieldRule, StrictModel
from registry.history.schemas import RecordAnswer, RecordBody, common_fields
from registry.training.domain import MODE_LABELS, RESULT_LABELS, SUBJECT_LABELS, HoursTotal
from registry.training.service import NewSession, Recency

TWICE = FieldRule("attendee-repeated", "同一岗位不得重复")
SOFT_NOTE = "“经常性”按该天数提示，属可配置的理解，不作为不合格依据。"


class AttendeeBody(StrictModel):
    """一人的参加情况。"""

    staff_member_id: UUID
    result: TrainingResult = "not_assessed"


class SessionBody(StrictModel):
    """一次培训。"""

    title: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=200)] | None = None
    subject: TrainingSubject
    mode: TrainingMode
    hours: Annotated[int, Field(ge=1, le=1000, description="学时。")]
    held_on: date
    attendees: Annotated[list[AttendeeBody], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=2, max_length=500, description="不得填写个人信息。")] | None = None

    @field_validator("attendees")
    @classmethod
    def _once_each(cls, value: list[AttendeeBody]) -> list[AttendeeBody]:
        if len({one.staff_member_id for one in value}) < len(value):
            raise TWICE.error()
        return value

    def to_domain(self) -> NewSession:
        """For the use case."""
        results = {one.staff_member_id: one.result for one in self.attendees}
        return NewSession(self.title, self.subject, self.mode, self.hours, self.held_on, results, self.reason)


class AttendancePatch(RecordBody):
    """考核结果。"""

    result: TrainingResult


class AttendanceAnswer(RecordAnswer):
    """一人的一次培训。"""

    staff_member_id: UUID
    session_id: UUID
    title: str | None
    subject: TrainingSubject
    subject_label: str
    mode: TrainingMode
    mode_label: str
    hours: int
    held_on: date
    result: TrainingResult
    result_label: str

    @classmethod
    def of(cls, state: TrainingAttendance) -> Self:
        """From the state."""
        names = ("staff_member_id", "session_id", "title", "subject", "mode", "hours", "held_on", "result")
        return cls.model_validate(
            {
                **common_fields(state),
                **{name: getattr(state, name) for name in names},
                "subject_label": SUBJECT_LABELS[state.subject],
                "mode_label": MODE_LABELS[state.mode],
                "result_label": RESULT_LABELS[state.result],
            }
        )


class SessionAnswer(AnswerModel):
    """一次培训的全部参加情况。"""

    session_id: UUID
    attendances: list[AttendanceAnswer]

    @classmethod
    def of(cls, states: Sequence[TrainingAttendance]) -> Self:
        """From the states; there is one at least."""
        return cls(session_id=states[0].session_id, attendances=[AttendanceAnswer.of(state) for state in states])


class RecencyGapAnswer(AnswerModel):
    """一人应培训而久未培训的一项内容。"""

    staff_member_id: UUID
    post_title: str | None
    subject: TrainingSubject
    subject_label: str
    last_on: date | None = Field(description="在该机构最近一次此项培训；从未培训为 null。")


class RecencyAnswer(AnswerModel):
    """培训间隔提示。"""

    office_id: UUID
    on: date
    recency_days: int | None = Field(description=SOFT_NOTE)
    due: list[RecencyGapAnswer]
    clause: str

    @classmethod
    def of(cls, office_id: UUID, found: Recency) -> Self:
        """From a use case's answer."""
        due = [
            RecencyGapAnswer(
                staff_member_id=gap.post.id,
                post_title=gap.post.post_title,
                subject=gap.subject,
                subject_label=SUBJECT_LABELS[gap.subject],
                last_on=gap.last_on,
            )
            for gap in found.gaps
        ]
        return cls(office_id=office_id, on=found.on, recency_days=found.days, due=due, clause="O3.2b")


class HoursAnswer(AnswerModel):
    """一类培训的合计。"""

    subject: str
    subject_label: str
    mode: str
    mode_label: str
    sessions: int
    session_hours: int = Field(description="学时，每次培训计一次。")
    person_hours: int = Field(description="人学时。")
    persons: int

    @classmethod
    def of(cls, total: HoursTotal) -> Self:
        """From a total."""
        names = ("subject", "mode", "sessions", "session_hours", "person_hours", "persons")
        return cls.model_validate(
            {
                **{name: getattr(total, name) for name in names},
                "subject_label": SUBJECT_LABELS[total.subject],
                "mode_label": MODE_LABELS[total.mode],
            }
        )


class TotalsAnswer(AnswerModel):
    """一个机构一年的培训合计。"""

    office_id: UUID
    year: int
    totals: list[HoursAnswer]
