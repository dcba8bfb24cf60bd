"""Requests and answers of what the public does itself."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from casework.cases.domain import CHANNEL_LABELS, CLOSING_RESULT_LABELS, STAGE_LABELS, STATUS_LABELS
from casework.cases.schemas import ApplicantAnswer, ApplicantBody, ItemCode
from casework.cases.service import CaseView
from casework.online.domain import NOTIFICATION_LABELS
from casework.online.service import ApplicationInput, OwnCase
from casework.uploads.schemas import UploadAnswer
from common.contracts.casework import CaseStatus, ClosingResult
from common.contracts.casework.cases import ClockName, SupplementState
from common.contracts.casework.online import (
    NotificationKind,
    NotificationState,
    OnlineApplicationState,
    OnlineChannel,
    UploadState,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown

ITEMS = "/casework/v1/items"
Material = Annotated[str, Field(min_length=1, max_length=200, description="材料名称，与办事指南一致。"), IMPERSONAL]
_CLOCKS: dict[ClockName, str] = {"acceptance": "受理时限", "handling": "办理时限"}


class FileBody(StrictModel):
    """An upload, and which material it is."""

    upload_id: UUID
    material: Material


Files = Annotated[tuple[FileBody, ...], Field(max_length=50)]
SomeFiles = Annotated[tuple[FileBody, ...], Field(min_length=1, max_length=50)]


def pairs(files: tuple[FileBody, ...]) -> list[tuple[UUID, str]]:
    """For the use cases."""
    return [(file.upload_id, file.material) for file in files]


class ApplicationBody(StrictModel):
    """What somebody applies for."""

    division: DivisionCode
    item_code: ItemCode
    channel: OnlineChannel = "computer"
    applicant: ApplicantBody
    files: Files = ()

    def to_input(self) -> ApplicationInput:
        """For the use case."""
        return ApplicationInput(
            self.division, self.item_code, self.applicant.to_input(), self.channel, tuple(pairs(self.files))
        )


class CaseApplicationAnswer(RecordAnswer):
    """办件的网上申请信息。"""

    case_id: UUID
    channel: OnlineChannel
    channel_label: str
    is_duplicate: bool = Field(description="申请时该申请人该事项已有非本账号提交的在办办件，须核实。")

    @classmethod
    def of(cls, link: OnlineApplicationState) -> Self:
        """From the state."""
        return shown(cls, link, channel_label=CHANNEL_LABELS[link.channel])


class SupplementBody(StrictModel):
    """Everything that was missing."""

    files: SomeFiles


class WithdrawalBody(StrictModel):
    """Why the applicant withdraws."""

    reason: Reason


class AttachmentBody(StrictModel):
    """Files for a case."""

    case_id: UUID
    files: SomeFiles


class AttachedAnswer(AnswerModel):
    """已提交到办件的材料文件。"""

    items: list[UploadAnswer]

    @classmethod
    def of(cls, given: Sequence[UploadState]) -> Self:
        """From a use case's answer."""
        return cls(items=[UploadAnswer.of(one) for one in given])


class ProgressBody(StrictModel):
    """Who asks how a case stands; both stand in the body, never in an address."""

    case_number: Annotated[str, Field(min_length=1, max_length=64, description="办件编号。")]
    identifier: Annotated[str, Field(min_length=1, max_length=40, description="申请人证件号码。")]


class SupplementAnswer(AnswerModel):
    """一次补正告知。"""

    asked_at: BeijingTime
    materials: list[str]
    due_on: date
    supplied_at: BeijingTime | None

    @classmethod
    def of(cls, supplement: SupplementState) -> Self:
        """From the file."""
        return cls(
            asked_at=supplement.asked_at,
            materials=list(supplement.materials),
            due_on=supplement.due_on,
            supplied_at=supplement.supplied_at,
        )


class ProgressAnswer(AnswerModel):
    """办理进度。"""

    case_number: str
    item_code: str
    item_name: str
    guide: str = Field(description="办事指南的地址。")
    status: CaseStatus
    status_label: str
    stage_label: str | None
    registered_at: BeijingTime
    accepted_at: BeijingTime | None
    closed_at: BeijingTime | None
    due_on: date | None = Field(description="应办结的最后一日；停止计算和终结后为空。")
    is_due_provisional: bool
    is_favourable: bool | None
    closing_result: ClosingResult | None
    closing_result_label: str | None
    supplements: list[SupplementAnswer]

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """From a use case's answer."""
        return cls.model_validate(progress(view))


def progress(view: CaseView) -> dict[str, Any]:
    """What everybody may know who knows the case and the applicant."""
    case, result = view.case, view.case.closing_result
    return {
        **{name: getattr(case, name) for name in ("case_number", "item_code", "registered_at", "accepted_at")},
        **{name: getattr(case, name) for name in ("closed_at", "due_on", "is_due_provisional", "is_favourable")},
        "item_name": view.item_name,
        "guide": f"{ITEMS}/{case.item_code}",
        "status": case.status.value,
        "status_label": STATUS_LABELS[case.status],
        "stage_label": STAGE_LABELS[case.stage] if case.stage is not None else None,
        "closing_result": result.value if result is not None else None,
        "closing_result_label": CLOSING_RESULT_LABELS[result] if result is not None else None,
        "supplements": [SupplementAnswer.of(one) for one in case.file.supplements],
    }


class ApplicationAnswer(ProgressAnswer):
    """本人的一个网上申请。"""

    id: UUID
    version: int
    division: str
    channel_label: str
    applicant: ApplicantAnswer
    reason: str | None = Field(description="不予受理、退回或撤回的理由。")

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """From a use case's answer."""
        return cls.model_validate(_own(view))


def _own(view: CaseView) -> dict[str, Any]:
    case = view.case
    return {
        **progress(view),
        **{name: getattr(case, name) for name in ("id", "version", "division", "reason")},
        "channel_label": CHANNEL_LABELS[case.channel],
        "applicant": ApplicantAnswer.of(view.applicant),
    }


class ReasonAnswer(AnswerModel):
    """到期日的一条依据。"""

    clock_label: str
    day: date
    text: str
    clause: str | None


class OwnApplicationAnswer(ApplicationAnswer):
    """本人的一个网上申请及到期日的依据。"""

    reasons: list[ReasonAnswer]

    @classmethod
    def of_own(cls, own: OwnCase) -> Self:
        """From a use case's answer."""
        reasons = [
            ReasonAnswer(clock_label=_CLOCKS[clock.clock], day=line.day, text=line.text, clause=line.clause)
            for clock in own.clocks
            for line in clock.lines
        ]
        return cls.model_validate({**_own(own.view), "reasons": reasons})


class NotificationAnswer(RecordAnswer):
    """一条通知。"""

    case_id: UUID
    case_number: str | None
    item_code: str
    guide: str
    kind: NotificationKind
    kind_label: str
    occurred_at: BeijingTime
    materials: list[str]
    due_on: date | None
    previous_due_on: date | None
    is_favourable: bool | None
    result: str | None
    result_label: str | None

    @classmethod
    def of(cls, told: NotificationState) -> Self:
        """From the state."""
        return shown(
            cls,
            told,
            guide=f"{ITEMS}/{told.item_code}",
            kind_label=NOTIFICATION_LABELS[told.kind],
            materials=list(told.materials),
            result_label=None if told.result is None else _RESULTS[told.result],
        )


_RESULTS = {result.value: label for result, label in CLOSING_RESULT_LABELS.items()}
