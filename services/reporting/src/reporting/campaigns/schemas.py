"""Requests and answers about campaigns for model windows (优质文明窗口)."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.campaigns import (
    ApplicationStatus,
    AwardStatus,
    CampaignCriterionState,
    CampaignState,
    CampaignStatus,
    DisqualifierKind,
    DisqualifierState,
    ReviewVerdict,
    SelfScoreState,
    WindowApplicationState,
    WindowAwardState,
)
from common.contracts.reporting.inspections import OfficeKind
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.campaigns.domain import (
    APPLICATION_STATUS_LABELS,
    AWARD_STATUS_LABELS,
    CAMPAIGN_STATUS_LABELS,
    DISQUALIFIER_LABELS,
    VERDICT_LABELS,
)
from reporting.campaigns.service import NewCampaign, Review
from reporting.orders.schemas import EvidenceAnswer, EvidenceBody, Title, Words

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Points = Annotated[int, Field(ge=0, le=100)]


class CriterionBody(StrictModel):
    """一项评选标准。"""

    code: Code
    title: Title
    weight: Annotated[int, Field(ge=1, le=1000)]
    evidence_required: Annotated[int, Field(ge=0, le=20)] = 0


class DisqualifierBody(StrictModel):
    """不得评选的情形，由平台记录判定。"""

    kind: DisqualifierKind
    within_days: Annotated[int, Field(ge=1, le=3660)] | None = None


class CampaignBody(StrictModel):
    """开展创建活动。"""

    title: Title
    document: Annotated[str, Field(min_length=2, max_length=100), IMPERSONAL]
    clause: Annotated[str, Field(pattern=r"^[SGO][0-9](\.[0-9][a-h]?)?$")] = "O4.3a"
    scope: Annotated[list[DivisionCode], Field(min_length=1, max_length=200)]
    kinds: Annotated[list[OfficeKind], Field(min_length=1, max_length=3)]
    criteria: Annotated[list[CriterionBody], Field(min_length=1, max_length=100)]
    disqualifiers: Annotated[list[DisqualifierBody], Field(default_factory=list, max_length=10)]
    quota: Annotated[int, Field(ge=1, le=10_000)]
    apply_from: date
    apply_until: date
    publicity_days: Annotated[int, Field(ge=1, le=90)]
    validity_months: Annotated[int, Field(ge=1, le=120)]

    def to_new(self) -> NewCampaign:
        """For the use case."""
        told = dict(self)
        told["scope"] = tuple(dict.fromkeys(self.scope))
        told["kinds"] = tuple(dict.fromkeys(self.kinds))
        told["criteria"] = tuple(CampaignCriterionState(**dict(one)) for one in self.criteria)
        told["disqualifiers"] = tuple(DisqualifierState(**dict(one)) for one in self.disqualifiers)
        return NewCampaign(**told)


class SelfScoreBody(StrictModel):
    """对一项标准的自评。"""

    criterion: Code
    points: Points
    remark: Words
    evidence: Annotated[list[EvidenceBody], Field(default_factory=list, max_length=20)]


class ApplicationBody(StrictModel):
    """申报。"""

    self_assessment: Annotated[list[SelfScoreBody], Field(min_length=1, max_length=100)]

    def to_assessment(self) -> tuple[SelfScoreState, ...]:
        """For the use case."""
        return tuple(
            SelfScoreState(
                criterion=one.criterion,
                points=one.points,
                remark=one.remark,
                evidence=tuple(proof.to_state() for proof in one.evidence),
            )
            for one in self.self_assessment
        )


class ReviewBody(StrictModel):
    """初审意见；points 只填与上一环节不同的。"""

    verdict: ReviewVerdict
    points: Annotated[dict[Code, Points], Field(default_factory=dict, max_length=100)]
    reason: Reason

    def to_review(self) -> Review:
        """For the use case."""
        return Review(self.verdict, self.points, self.reason)


class DecisionBody(StrictModel):
    """是否拟命名。"""

    selects: bool
    reason: Reason


class ObjectionBody(StrictModel):
    """公示异议；不公开提出人。"""

    text: Words


class ObjectionAnswerBody(StrictModel):
    """答复异议。"""

    answer: Words
    is_upheld: bool = Field(description="异议是否成立；成立的不予命名。")


class RecheckBody(StrictModel):
    """复核。"""

    on: date
    is_passed: bool
    remark: Reason
    evidence: Annotated[list[EvidenceBody], Field(default_factory=list, max_length=20)]


class StatementBody(StrictModel):
    """陈述意见。"""

    text: Words


class WithdrawalDecisionBody(StrictModel):
    """决定是否撤销称号。"""

    withdraws: bool
    reason: Reason


class ReasonBody(StrictModel):
    """理由。"""

    reason: Reason


class CriterionAnswer(AnswerModel):
    """一项评选标准。"""

    code: str
    title: str
    weight: int
    evidence_required: int


class DisqualifierAnswer(AnswerModel):
    """一种不得评选的情形。"""

    kind: DisqualifierKind
    kind_label: str
    within_days: int | None


class CampaignAnswer(RecordAnswer):
    """一次创建活动。"""

    title: str
    document: str
    clause: str
    status: CampaignStatus
    status_label: str
    scope: list[str]
    kinds: list[OfficeKind]
    criteria: list[CriterionAnswer]
    disqualifiers: list[DisqualifierAnswer]
    quota: int
    apply_from: date
    apply_until: date
    publicity_days: int
    publicity_from: date | None
    publicity_until: date | None
    validity_months: int
    decided_on: date | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, state: CampaignState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            status_label=CAMPAIGN_STATUS_LABELS[state.status],
            scope=list(state.scope),
            kinds=list(state.kinds),
            criteria=[one.model_dump() for one in state.criteria],
            disqualifiers=[
                {**one.model_dump(), "kind_label": DISQUALIFIER_LABELS[one.kind]} for one in state.disqualifiers
            ],
        )


class SelfScoreAnswer(AnswerModel):
    """一项自评。"""

    criterion: str
    points: int
    remark: str
    evidence: list[EvidenceAnswer]


class ReviewAnswer(AnswerModel):
    """一级的初审意见。"""

    division: str
    verdict: ReviewVerdict
    verdict_label: str
    points: dict[str, int]
    score: int
    reason: str
    by: str
    at: BeijingTime


class ObjectionAnswer(AnswerModel):
    """一条公示异议。"""

    id: UUID
    text: str
    raised_at: BeijingTime
    answer: str | None
    is_upheld: bool | None
    answered_at: BeijingTime | None


class ApplicationAnswer(RecordAnswer):
    """一个机构的申报。"""

    campaign_id: UUID
    status: ApplicationStatus
    status_label: str
    self_assessment: list[SelfScoreAnswer]
    score: int = Field(description="得分，百分之一分；以最后一次初审为准。")
    review_due_from: str | None
    reviews: list[ReviewAnswer]
    applied_at: BeijingTime
    decision_reason: str | None
    barred_by: list[DisqualifierKind]
    barred_by_labels: list[str]
    objections: list[ObjectionAnswer]
    award_id: UUID | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, state: WindowApplicationState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            status_label=APPLICATION_STATUS_LABELS[state.status],
            self_assessment=[one.model_dump() for one in state.self_assessment],
            reviews=[
                {**one.model_dump(), "points": dict(one.points), "verdict_label": VERDICT_LABELS[one.verdict]}
                for one in state.reviews
            ],
            barred_by=list(state.barred_by),
            barred_by_labels=[DISQUALIFIER_LABELS[kind] for kind in state.barred_by],
            objections=[one.model_dump(exclude={"answered_by"}) for one in state.objections],
        )


class PublicityAnswer(AnswerModel):
    """公示中的一个机构。"""

    application_id: UUID
    division: str
    office_id: UUID | None
    score: int

    @classmethod
    def of(cls, state: WindowApplicationState) -> Self:
        """From the record; what the office wrote of itself stays inside."""
        return cls(application_id=state.id, division=state.division, office_id=state.office_id, score=state.score)


class ObjectionRaised(AnswerModel):
    """已收到的异议。"""

    id: UUID


class RecheckAnswer(AnswerModel):
    """一次复核。"""

    on: date
    is_passed: bool
    remark: str
    evidence: list[EvidenceAnswer]
    by: str
    at: BeijingTime


class AwardWithdrawalAnswer(AnswerModel):
    """一次撤销程序。"""

    reason: str
    proposed_at: BeijingTime
    statement_due_on: date
    statement: str | None
    stated_at: BeijingTime | None
    is_withdrawn: bool | None
    decision_reason: str | None
    decided_at: BeijingTime | None


class AwardAnswer(RecordAnswer):
    """一个称号。"""

    campaign_id: UUID
    application_id: UUID
    organiser: str
    title: str
    office_name: str
    status: AwardStatus
    status_label: str
    awarded_on: date
    valid_until: date
    withdrawn_on: date | None
    rechecks: list[RecheckAnswer]
    withdrawals: list[AwardWithdrawalAnswer]

    @classmethod
    def of(cls, state: WindowAwardState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            status_label=AWARD_STATUS_LABELS[state.status],
            rechecks=[one.model_dump() for one in state.rechecks],
            withdrawals=[
                one.model_dump(exclude={"proposed_by", "stated_by", "decided_by"}) for one in state.withdrawals
            ],
        )


class HolderAnswer(AnswerModel):
    """名册中的一个机构；没有个人信息。"""

    award_id: UUID
    title: str
    division: str
    office_name: str
    organiser: str
    awarded_on: date
    valid_until: date

    @classmethod
    def of(cls, state: WindowAwardState) -> Self:
        """From the record."""
        return cls(award_id=state.id, **{name: getattr(state, name) for name in cls.model_fields if name != "award_id"})
