"""Requests and answers about consultations, complaints and reports."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from casework.complaints.domain import (
    FINDING_LABELS,
    KIND_LABELS,
    ROUND_LABELS,
    STATUS_LABELS,
    SUBJECT_LABELS,
    is_overdue,
)
from casework.complaints.service import Filed, Filing, Progress
from common.clock import today
from common.contracts.casework.complaints import (
    ComplaintKind,
    ComplaintState,
    ComplaintStatus,
    ComplaintSubject,
    Finding,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, FieldRule, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown

ADDRESSEE = FieldRule("addressee", "投诉须填写被投诉机构的区划，咨询须填写受理机构的区划，举报任填其一")
Stripped = StringConstraints(strip_whitespace=True)
Sealed = Annotated[str, Stripped, Field(min_length=2, max_length=4000, description="加密保存。")]
Told = Annotated[str, Stripped, Field(min_length=2, max_length=1000, description="不得填写个人信息。"), IMPERSONAL]
Account = Annotated[str, Stripped, Field(min_length=1, max_length=255, description="账号，不是姓名。"), IMPERSONAL]
Number = Annotated[str, Stripped, Field(min_length=1, max_length=32, description="咨询、投诉、举报编号。")]
Secret = Annotated[str, Stripped, Field(min_length=1, max_length=32, description="提交时告知的查询码。")]


class ComplainantBody(StrictModel):
    """咨询、投诉、举报人；可以匿名，全部加密保存。"""

    name: Annotated[str, Stripped, Field(min_length=1, max_length=100)]
    phone: Annotated[str, Stripped, Field(min_length=5, max_length=32)] | None = None
    id_number: Annotated[str, Stripped, Field(min_length=5, max_length=32)] | None = None


class ComplaintBody(StrictModel):
    """一件咨询、投诉或者举报。投诉由被投诉机构的上一级办理，被投诉机构看不到。"""

    kind: ComplaintKind
    subject: ComplaintSubject
    title: Annotated[str, Stripped, Field(min_length=2, max_length=200, description="加密保存。")]
    content: Sealed
    division: DivisionCode | None = Field(default=None, description="向该区划的机构提出。")
    accused_division: DivisionCode | None = Field(default=None, description="被投诉机构所在区划。")
    accused_person: Annotated[str, Stripped, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="被投诉人；加密保存。"
    )
    case_number: Annotated[str, Stripped, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="所涉办件的编号，须同时填写申请人证件号码；不相符的不关联，也不提示。"
    )
    identifier: Annotated[str, Stripped, Field(min_length=1, max_length=32)] | None = Field(
        default=None, description="所涉办件申请人的证件号码。"
    )
    complainant: ComplainantBody | None = Field(default=None, description="不填即匿名。")
    attachments: list[UUID] = Field(
        default_factory=list, max_length=10, description="本人已上传的文件，须登录；匿名的不能添加附件。"
    )

    @model_validator(mode="after")
    def _is_addressed(self) -> Self:
        against, to = self.accused_division is not None, self.division is not None
        right = {"complaint": against and not to, "consultation": to and not against, "report": against != to}
        if not right[self.kind]:
            raise ADDRESSEE.error()
        return self

    def to_filing(self) -> Filing:
        """For the use case."""
        same = {name: getattr(self, name) for name in Filing.__dataclass_fields__ if name not in ("who", "attachments")}
        who = self.complainant.model_dump() if self.complainant else None
        return Filing(**same, who=who, attachments=tuple(self.attachments))


class FiledAnswer(AnswerModel):
    """已收到：凭编号和查询码查询进展；查询码只在此告知，系统不保存。"""

    number: str
    secret: str
    kind: ComplaintKind
    kind_label: str
    handled_by_division: str
    filed_at: BeijingTime
    due_on: date | None = Field(description="决定是否受理的期限。")

    @classmethod
    def of(cls, filed: Filed) -> Self:
        """From the use case's answer."""
        state = filed.state
        return cls(
            number=state.number,
            secret=filed.secret,
            kind=state.kind,
            kind_label=KIND_LABELS[state.kind],
            handled_by_division=state.division,
            filed_at=state.filed_at,
            due_on=state.due_on,
        )


class TrackBody(StrictModel):
    """凭编号和查询码。"""

    number: Number
    secret: Secret


class AppealBody(TrackBody):
    """向上一级申请复查。"""

    grounds: Sealed


class ProgressAnswer(AnswerModel):
    """一轮办理的进展。"""

    number: str
    round: int
    round_label: str
    kind: ComplaintKind
    kind_label: str
    status: ComplaintStatus
    status_label: str
    handled_by_division: str
    filed_at: BeijingTime
    due_on: date | None
    is_overdue: bool
    referred_to: str | None
    replied_at: BeijingTime | None
    finding: Finding | None
    finding_label: str | None
    reply: str | None
    closed_at: BeijingTime | None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """From the use case's answer."""
        state = progress.state
        same = {name: getattr(state, name) for name in cls.model_fields if hasattr(state, name)}
        return cls(
            **same,
            round_label=ROUND_LABELS[state.round],
            kind_label=KIND_LABELS[state.kind],
            status_label=STATUS_LABELS[state.status],
            finding_label=FINDING_LABELS[state.finding] if state.finding else None,
            handled_by_division=state.division,
            is_overdue=is_overdue(state, on=today()),
            reply=progress.reply,
        )


class ExtensionAnswer(AnswerModel):
    """延期：时限、原因。"""

    working_days: int
    reason: str
    at: BeijingTime
    by: str


class ComplaintAnswer(RecordAnswer):
    """一件咨询、投诉或者举报；不含内容和提出人。"""

    number: str
    kind: ComplaintKind
    kind_label: str
    subject: ComplaintSubject
    subject_label: str
    round: int
    round_label: str
    appeal_of: UUID | None
    status: ComplaintStatus
    status_label: str
    holder: str | None
    accused_office_id: UUID | None
    accused_division: str | None
    accused_account: str | None
    is_anonymous: bool
    attachment_count: int = Field(description="附件个数；附件只由承办人查看。")
    filed_at: BeijingTime
    promised_days: int | None
    due_on: date | None
    is_due_provisional: bool
    is_overdue: bool
    overdue_days: int | None
    accepted_at: BeijingTime | None
    taken_up_at: BeijingTime | None
    extended: ExtensionAnswer | None
    referred_to: str | None
    replied_at: BeijingTime | None
    finding: Finding | None
    finding_label: str | None
    closed_at: BeijingTime | None
    appealed_at: BeijingTime | None
    is_published: bool

    @classmethod
    def of(cls, state: ComplaintState) -> Self:
        """From the state, as of today."""
        return shown(
            cls,
            state,
            kind_label=KIND_LABELS[state.kind],
            subject_label=SUBJECT_LABELS[state.subject],
            round_label=ROUND_LABELS[state.round],
            status_label=STATUS_LABELS[state.status],
            is_overdue=is_overdue(state, on=today()),
            extended=ExtensionAnswer(**state.extension.model_dump()) if state.extension else None,
            finding_label=FINDING_LABELS[state.finding] if state.finding else None,
            is_published=state.publication is not None,
        )


class ReasonBody(StrictModel):
    """理由，留痕。"""

    reason: Reason


class ContentAnswer(AnswerModel):
    """原文。"""

    title: str | None
    content: str | None
    accused: str | None
    grounds: str | None = Field(description="申请复查的理由。")
    reply: str | None


class ComplainantAnswer(AnswerModel):
    """提出人；匿名的均为 null。"""

    name: str | None
    phone: str | None
    id_number: str | None
    case_id: UUID | None = Field(description="所涉办件。")


class AcceptanceBody(StrictModel):
    """受理并指定承办人。"""

    handler: Account


class ReassignmentBody(AcceptanceBody):
    """改由他人承办。"""

    reason: Reason


class ReferralBody(StrictModel):
    """不属受理范围：告知应向哪里提出。"""

    referred_to: Annotated[
        str, Stripped, Field(min_length=2, max_length=200, description="有权处理的单位。"), IMPERSONAL
    ]
    reply: Sealed


class ExtensionBody(StrictModel):
    """延期一次。"""

    working_days: int = Field(ge=1, le=60)
    reason: Reason


class ReplyBody(StrictModel):
    """答复提出人；答复内容加密保存。"""

    reply: Sealed
    finding: Finding | None = Field(default=None, description="投诉、举报的认定结论；咨询不填写。")
    accused_account: Account | None = Field(default=None, description="查明的被投诉人账号。")


class PublicationBody(StrictModel):
    """公开一件咨询：去除个人信息后的问题和答复。"""

    question: Told
    answer: Annotated[str, Stripped, Field(min_length=2, max_length=4000, description="不得填写个人信息。"), IMPERSONAL]


class PublicationAnswer(AnswerModel):
    """公开的咨询。"""

    subject: ComplaintSubject
    subject_label: str
    division: str
    question: str
    answer: str
    published_at: BeijingTime

    @classmethod
    def of(cls, state: ComplaintState) -> Self:
        """From a published consultation."""
        assert state.publication is not None, "only published ones are listed"  # noqa: S101
        return cls(
            subject=state.subject,
            subject_label=SUBJECT_LABELS[state.subject],
            division=state.division,
            question=state.publication.question,
            answer=state.publication.answer,
            published_at=state.publication.at,
        )


class CountAnswer(AnswerModel):
    """一类的件数。"""

    kind: ComplaintKind
    kind_label: str
    status: ComplaintStatus
    status_label: str
    count: int

    @classmethod
    def of(cls, kind: ComplaintKind, status: ComplaintStatus, count: int) -> Self:
        """From a counted group."""
        return cls(
            kind=kind, kind_label=KIND_LABELS[kind], status=status, status_label=STATUS_LABELS[status], count=count
        )
