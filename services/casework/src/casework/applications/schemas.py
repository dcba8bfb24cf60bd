"""Requests and answers about applications of several items."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from casework.applications.domain import STATUS_LABELS, ApplicationStatus, read_progress
from casework.applications.service import ApplicationView, NewApplication
from casework.cases.domain import CHANNEL_LABELS, STAGE_LABELS, Case
from casework.cases.domain import STATUS_LABELS as CASE_STATUS_LABELS
from casework.cases.schemas import ApplicantAnswer, ApplicantBody, ItemCode, ReceivedList
from common.clock import today
from common.contracts.casework import CaseStatus
from common.contracts.casework.cases import Channel, Stage
from common.http import AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import RecordAnswer, shown

MAX_ITEMS = 20
BundleCode = Annotated[str, Field(min_length=1, max_length=31, pattern=r"^[A-Z0-9_]+$", examples=["UNEMPLOYMENT"])]


class ApplicationBody(StrictModel):
    """一件事申请：申请人信息只填一次；主题和事项二者选一。"""

    division: DivisionCode
    bundle_code: BundleCode | None = Field(default=None, description="一件事主题编号。")
    item_codes: list[ItemCode] | None = Field(
        default=None, min_length=1, max_length=MAX_ITEMS, description="事项编号。"
    )
    applicant: ApplicantBody
    channel: Channel = Field(default="window", description="办理形式。")
    contact_id: UUID | None = Field(default=None, description="由其而来的首问登记；登记后随之了结。")
    received: ReceivedList

    def to_domain(self) -> NewApplication:
        """For the use case."""
        return NewApplication(
            division=self.division,
            bundle_code=self.bundle_code,
            item_codes=None if self.item_codes is None else tuple(self.item_codes),
            applicant=self.applicant.to_input(),
            channel=self.channel,
            contact_id=self.contact_id,
            brought=tuple(one.to_brought() for one in self.received),
        )


class ApplicationCaseAnswer(AnswerModel):
    """一件事中的一个办件。"""

    id: UUID
    case_number: str
    item_code: str
    status: CaseStatus
    status_label: str
    stage: Stage | None
    stage_label: str | None
    due_on: date | None = Field(description="正在计算的时限的最后一日；停止计算和终结后为空。")
    is_due_provisional: bool
    holder: str
    holder_division: str

    @classmethod
    def of(cls, case: Case) -> Self:
        """From the case."""
        return cls(
            id=case.id,
            case_number=case.case_number,
            item_code=case.item_code,
            status=case.status.value,
            status_label=CASE_STATUS_LABELS[case.status],
            stage=None if case.stage is None else case.stage.value,
            stage_label=None if case.stage is None else STAGE_LABELS[case.stage],
            due_on=case.due_on,
            is_due_provisional=case.is_due_provisional,
            holder=case.holder.account,
            holder_division=case.holder.division,
        )


class MaterialNeedAnswer(AnswerModel):
    """只需提交一次的材料；份数、是否必备为空的，尚待核定。"""

    name: str
    originals: int | None
    copies: int | None
    is_required: bool | None
    item_codes: list[str] = Field(description="需要该材料的事项。")


class ApplicationAnswer(RecordAnswer):
    """一件事申请及其全部办件。"""

    number: str
    bundle_code: str | None
    item_codes: list[str]
    channel: Channel
    channel_label: str
    registered_at: BeijingTime
    registered_by: str
    contact_id: UUID | None
    office_name: str
    office_phone: str | None
    complaint_phone: str | None = Field(description="投诉电话（业务指导机构的电话）。")
    materials: list[MaterialNeedAnswer]
    cases: list[ApplicationCaseAnswer]
    status: ApplicationStatus = Field(description="随办件而定：全部办件终结前为办理中。")
    status_label: str
    ended: int = Field(description="已终结的办件数。")
    total: int
    latest_due_on: date | None = Field(description="全部办件中最晚的到期日；有办件停止计时的，暂不能确定。")
    is_paused: bool = Field(description="有未终结的办件当前没有到期日。")
    is_due_provisional: bool
    is_overdue: bool
    applicant: ApplicantAnswer | None = Field(description="申请人，已脱敏；列表中不显示。")

    @classmethod
    def of(cls, view: ApplicationView) -> Self:
        """From the use case's answer, as it looks today."""
        progress = read_progress(view.cases, on=today())
        return shown(
            cls,
            view.state,
            channel_label=CHANNEL_LABELS[view.state.channel],
            item_codes=list(view.state.item_codes),
            materials=[
                MaterialNeedAnswer(**{**dict(one), "item_codes": list(one.item_codes)}) for one in view.state.materials
            ],
            cases=[ApplicationCaseAnswer.of(case) for case in view.cases],
            status=progress.status,
            status_label=STATUS_LABELS[progress.status],
            ended=progress.ended,
            total=progress.total,
            latest_due_on=progress.latest_due_on,
            is_paused=progress.is_paused,
            is_due_provisional=progress.is_provisional,
            is_overdue=progress.is_overdue,
            applicant=None if view.first is None else ApplicantAnswer.of(view.first.applicant),
        )
