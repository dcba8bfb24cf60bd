"""Requests and answers about ratings, rectifications, figures and signs."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from casework.ratings.domain import (
    ASPECT_LABELS,
    CHANNEL_LABELS,
    OCCASION_LABELS,
    RATING_LABELS,
    STATUS_LABELS,
)
from casework.ratings.domain.rectifying import (
    CONTACT_LABELS,
    FINDING_LABELS,
    FOLLOW_UP_LABELS,
    RECTIFICATION_LABELS,
    is_overdue,
)
from casework.ratings.schemas.figures import FiguresAnswer, OfficeSignsAnswer
from casework.ratings.service import Given, Outcome, Proof, Rated
from common.clock import today
from common.contracts.casework import Duty
from common.contracts.casework.ratings import (
    Contact,
    FollowUp,
    Occasion,
    RatingChannel,
    RatingLevel,
    RatingState,
    RatingStatus,
    RectificationFinding,
    RectificationState,
    RectificationStatus,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, FieldRule, Labelled, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown

__all__ = ["FiguresAnswer", "OfficeSignsAnswer"]

PROOF = FieldRule("proof-missing", "评价码、办件编号和证件号码、本人办件三者填写其一")
Told = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=1000, description="不得填写个人信息。"),
    IMPERSONAL,
]


class ProofBody(StrictModel):
    """凭评价码，或者凭办件编号和申请人证件号码，或者由登录的申请人指明本人网上申请的办件。"""

    token: str | None = Field(default=None, min_length=1, max_length=64, description="回执上的评价码。")
    case_number: str | None = Field(default=None, min_length=1, max_length=64, description="办件编号。")
    identifier: str | None = Field(
        default=None, min_length=1, max_length=32, description="申请人证件号码或统一社会信用代码。"
    )

    case_id: UUID | None = Field(default=None, description="本人网上申请的办件，须登录。")

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        numbered = self.case_number is not None
        ways = (self.token is not None, numbered, self.case_id is not None)
        if sum(ways) != 1 or numbered != (self.identifier is not None):
            raise PROOF.error()
        return self

    def to_proof(self) -> Proof:
        """For the use case."""
        return Proof(self.token, self.case_number, self.identifier, self.case_id)


class RatingBody(ProofBody):
    """评价一次现场服务或者一件办件；文字内容加密保存。"""

    rating: RatingLevel = Field(description="满意度；没有默认值。")
    channel: RatingChannel = Field(description="评价渠道；现场渠道（二维码、大厅设备）须凭评价码。")
    aspects: list[str] = Field(default_factory=list, max_length=10, description="评价项代码，首位与满意度的星级相同。")
    text: Annotated[str, StringConstraints(strip_whitespace=True)] | None = Field(
        default=None, min_length=1, max_length=1000, description="文字评价。"
    )
    terminal: (
        Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$", description="大厅设备编号。"), IMPERSONAL] | None
    ) = None

    def to_given(self) -> Given:
        """For the use case."""
        return Given(self.rating, self.channel, tuple(self.aspects), self.text, self.terminal)


class RatedAnswer(AnswerModel):
    """评价已收到；差评的同时开始整改。"""

    rating: RatingLevel
    rating_label: str
    occasion: Occasion
    occasion_label: str
    number: int = Field(description="评价次数：1 首次，2 追评。")
    rated_at: BeijingTime
    rectification_due_on: date | None = Field(description="差评整改的期限。")

    @classmethod
    def of(cls, rated: Rated) -> Self:
        """From the use case's answer."""
        state, rectification = rated.state, rated.rectification
        return cls(
            rating=state.rating,
            rating_label=RATING_LABELS[state.rating],
            occasion=state.occasion,
            occasion_label=OCCASION_LABELS[state.occasion],
            number=state.number,
            rated_at=state.rated_at,
            rectification_due_on=rectification.due_on if rectification else None,
        )


class OutcomeAnswer(AnswerModel):
    """一次评价及其整改结果；凭评价码查询的，只告知已收到评价，其余为 null。"""

    occasion: Occasion
    occasion_label: str
    number: int = Field(description="评价次数：1 首次，2 追评。")
    rated_at: BeijingTime
    rating: RatingLevel | None
    rating_label: str | None
    rectification_due_on: date | None = Field(description="差评整改的期限。")
    status: RatingStatus | None
    status_label: str | None
    exclusion_reason: str | None
    rectification_status: RectificationStatus | None
    rectification_status_label: str | None
    finding: RectificationFinding | None
    finding_label: str | None
    reply: str | None

    @classmethod
    def told(cls, outcome: Outcome) -> Self:
        """From a rating and its rectification; of what was proven by a code only, that it was received."""
        state, found = outcome.state, outcome.rectification
        content = {} if outcome.is_receipt else _content(state, found)
        received = {name: getattr(state, name) for name in ("occasion", "number", "rated_at")}
        received["occasion_label"] = OCCASION_LABELS[state.occasion]
        return cls(**{**dict.fromkeys(cls.model_fields), **content, **received})


def _content(state: RatingState, found: RectificationState | None) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(state, name) for name in ("rating", "status", "exclusion_reason")}
    told |= {"rating_label": RATING_LABELS[state.rating], "status_label": STATUS_LABELS[state.status]}
    if found is None:
        return told
    return told | {
        "rectification_due_on": found.due_on,
        "rectification_status": found.status,
        "rectification_status_label": RECTIFICATION_LABELS[found.status],
        "finding": found.finding,
        "finding_label": FINDING_LABELS[found.finding] if found.finding else None,
        "reply": found.reply,
    }


class TokenBody(StrictModel):
    """为当日到场办理的一件办件出具评价码。"""

    case_id: UUID


class TokenAnswer(AnswerModel):
    """评价码：同一办件同一日相同，不含个人信息。"""

    token: str
    visit_on: date


class RatingAnswer(RecordAnswer):
    """一次评价；不含评价人，不含未脱敏的文字。"""

    case_id: UUID
    item_code: str
    duty: Duty
    occasion: Occasion
    occasion_label: str
    visit_on: date | None
    number: int
    rating: RatingLevel
    rating_label: str
    aspects_labelled: list[Labelled]
    channel: RatingChannel
    channel_label: str
    terminal: str | None
    rated_at: BeijingTime
    rated_on: date
    has_text: bool
    masked_text: str | None
    rectification_id: UUID | None
    status: RatingStatus
    status_label: str
    excluded_at: BeijingTime | None
    excluded_by: str | None
    exclusion_reason: str | None

    @classmethod
    def of(cls, state: RatingState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            rating_label=RATING_LABELS[state.rating],
            occasion_label=OCCASION_LABELS[state.occasion],
            channel_label=CHANNEL_LABELS[state.channel],
            status_label=STATUS_LABELS[state.status],
            aspects_labelled=[{"code": code, "label": ASPECT_LABELS[code]} for code in state.aspects],
        )


class TextAnswer(AnswerModel):
    """评价人的原文。"""

    text: str


class MaskBody(StrictModel):
    """脱敏后的文字，供承办人查看。"""

    masked_text: Told


class ReasonBody(StrictModel):
    """理由，留痕。"""

    reason: Reason


class VerificationBody(StrictModel):
    """向评价人核实的情况。"""

    contact: Contact = Field(description="是否联系到评价人。")
    note: Told | None = None


class MeasuresBody(StrictModel):
    """整改措施。"""

    measures: Told


class ClosureBody(StrictModel):
    """整改结论和对评价人的答复。"""

    finding: RectificationFinding
    reply: Told


class FollowUpBody(StrictModel):
    """整改后的回访。"""

    result: FollowUp
    note: Told | None = None


class FollowUpAnswer(AnswerModel):
    """一次回访。"""

    at: BeijingTime
    by: str
    result: FollowUp
    result_label: str
    note: str | None


class RectificationAnswer(RecordAnswer):
    """一件差评整改。"""

    rating_id: UUID
    case_id: UUID
    item_code: str
    duty: Duty
    rating: RatingLevel
    rating_label: str
    status: RectificationStatus
    status_label: str
    holder: str | None
    opened_at: BeijingTime
    due_on: date
    is_due_provisional: bool
    is_overdue: bool
    overdue_days: int | None
    accepted_at: BeijingTime | None
    contact: Contact | None
    contact_label: str | None
    contact_note: str | None
    verified_at: BeijingTime | None
    measures: str | None
    finding: RectificationFinding | None
    finding_label: str | None
    reply: str | None
    closed_at: BeijingTime | None
    called_back: list[FollowUpAnswer]

    @classmethod
    def of(cls, state: RectificationState) -> Self:
        """From the state, as of today."""
        return shown(
            cls,
            state,
            rating_label=RATING_LABELS[state.rating],
            status_label=RECTIFICATION_LABELS[state.status],
            is_overdue=is_overdue(state, on=today()),
            contact_label=CONTACT_LABELS[state.contact] if state.contact else None,
            finding_label=FINDING_LABELS[state.finding] if state.finding else None,
            called_back=[
                FollowUpAnswer(**one.model_dump(), result_label=FOLLOW_UP_LABELS[one.result])
                for one in state.follow_ups
            ],
        )
