"""Requests and answers about problems."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.clock import today
from common.contracts.reporting.problems import ExchangeKind, ProblemState, ProblemStatus, Urgency
from common.divisions import LEVEL_LABELS, Level
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.problems.domain import EXCHANGE_LABELS, STATUS_LABELS, URGENCY_LABELS, is_overdue
from reporting.problems.service import Order, Told

Stripped = StringConstraints(strip_whitespace=True)
Title = Annotated[str, Stripped, Field(min_length=2, max_length=200, description="不得填写个人信息。"), IMPERSONAL]
Text = Annotated[str, Stripped, Field(min_length=2, max_length=4000, description="不得填写个人信息。"), IMPERSONAL]
Clause = Annotated[str, Field(pattern=r"^[SGO][0-9](\.[0-9]+[a-z]?)?$", description="政策条款，如 O1.4b。")]


class ProblemBody(StrictModel):
    """实施中遇到的问题，径报省厅。"""

    title: Title
    text: Text
    clause: Clause | None = None
    programme: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9-]+$")] | None = Field(
        default=None, description="所涉工作方案的代码。"
    )
    urgency: Urgency = "normal"

    def to_told(self) -> Told:
        """For the use case."""
        return Told(**self.model_dump())


class TextBody(StrictModel):
    """一段文字。"""

    text: Text


class ReasonBody(StrictModel):
    """理由，留痕。"""

    reason: Reason


class MergerBody(StrictModel):
    """并入另一问题，一并答复。"""

    into: UUID


class ClosingBody(StrictModel):
    """反映机构的评价。"""

    is_satisfied: bool
    remark: Annotated[str, Stripped, Field(min_length=2, max_length=500), IMPERSONAL] | None = None


class OrderBody(StrictModel):
    """就该问题发出督办。"""

    to_division: DivisionCode
    title: Title
    demand: Text
    clause: Clause
    due_on: date

    def to_order(self) -> Order:
        """For the use case."""
        return Order(**self.model_dump())


class FaqBody(StrictModel):
    """公开的问答，须去除具体机构和个人的信息。"""

    question: Text
    answer: Text


class ExchangeAnswer(AnswerModel):
    """省厅的询问或者反映机构的补充。"""

    kind: ExchangeKind
    kind_label: str
    text: str
    at: BeijingTime
    by: str


class NoteAnswer(AnswerModel):
    """中间层级附注的意见。"""

    division: str
    level: Level
    level_label: str
    text: str
    at: BeijingTime
    by: str


class ReplyAnswer(AnswerModel):
    """省厅的答复。"""

    round: int
    text: str
    at: BeijingTime
    by: str
    overdue_days: int


class ProblemSummary(RecordAnswer):
    """一个问题，不含正文和往来。"""

    number: str
    title: str
    clause: str | None
    programme: str | None
    urgency: Urgency
    urgency_label: str
    status: ProblemStatus
    status_label: str
    reported_by: str
    reported_at: BeijingTime
    addressed_to: str
    holder: str | None
    taken_up_at: BeijingTime | None
    due_on: date | None = Field(description="受理或者答复的期限；待补充期间为反映机构一直不补充时的期限。")
    is_overdue: bool
    days_left: int | None = Field(description="待补充时，答复期限剩余的天数。")
    merged_into: UUID | None
    is_published: bool

    @classmethod
    def of(cls, state: ProblemState) -> Self:
        """From the state, as of today."""
        return shown(cls, state, **_head(state))


class ProblemAnswer(ProblemSummary):
    """一个问题的全部内容。"""

    text: str
    exchanges: list[ExchangeAnswer]
    notes: list[NoteAnswer]
    answers: list[ReplyAnswer]
    order_ids: list[UUID]
    is_satisfied: bool | None = Field(description="反映机构是否满意；未办结为 null。")
    closing_remark: str | None
    reopening_reason: str | None

    @classmethod
    def of(cls, state: ProblemState) -> Self:
        """From the state, as of today."""
        return shown(
            cls,
            state,
            **_head(state),
            exchanges=[
                ExchangeAnswer(**one.model_dump(), kind_label=EXCHANGE_LABELS[one.kind]) for one in state.exchanges
            ],
            notes=[NoteAnswer(**one.model_dump(), level_label=LEVEL_LABELS[one.level]) for one in state.notes],
            answers=[ReplyAnswer(**one.model_dump()) for one in state.answers],
            order_ids=list(state.order_ids),
            is_satisfied=state.closing.is_satisfied if state.closing else None,
            closing_remark=state.closing.remark if state.closing else None,
            reopening_reason=state.reopening.reason if state.reopening else None,
        )


class FaqAnswer(AnswerModel):
    """公开的问答。"""

    id: UUID
    clause: str | None
    question: str
    answer: str
    published_at: BeijingTime

    @classmethod
    def of(cls, state: ProblemState) -> Self:
        """From a problem whose answer is public."""
        assert state.publication is not None, "only public ones are listed"  # noqa: S101
        return cls(
            id=state.id,
            clause=state.clause,
            question=state.publication.question,
            answer=state.publication.answer,
            published_at=state.publication.at,
        )


def _head(state: ProblemState) -> dict[str, object]:
    return {
        "urgency_label": URGENCY_LABELS[state.urgency],
        "status_label": STATUS_LABELS[state.status],
        "is_overdue": is_overdue(state, on=today()),
        "is_published": state.publication is not None,
    }
