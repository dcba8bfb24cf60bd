"""Requests about cases."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from casework.cases import domain
from casework.cases.service import ApplicantInput
from common.contracts.casework import ApplicantKind, ClosingResult
from common.contracts.casework.cases import Channel, HandlingType, Limit, LimitUnit, MaterialForm
from common.http import DivisionCode, StrictModel

ItemCode = Annotated[str, Field(min_length=1, max_length=31, pattern=r"^[A-Za-z0-9._-]+$", examples=["B01"])]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="不得填写身份证件号码或手机号码。"),
]
Number = Annotated[str, Field(min_length=1, max_length=40)]
Material = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=200)]
SpecialKind = Literal["public_notice", "hearing", "inspection", "appraisal", "expert_review", "other"]
Account = Annotated[str, Field(min_length=1, max_length=255)]


class ApplicantBody(StrictModel):
    """Who applies: a natural person with `id_number`, an organisation with `uscc`."""

    kind: ApplicantKind
    name: Annotated[str, Field(min_length=1, max_length=100)]
    id_number: Number | None = Field(default=None, description="公民身份号码；自然人必填。")
    uscc: Number | None = Field(default=None, description="统一社会信用代码；法人或其他组织必填。")
    phone: Number | None = Field(default=None, description="大陆手机号码。")

    def to_input(self) -> ApplicantInput:
        """For the use case."""
        return ApplicantInput(
            kind=domain.ApplicantKind(self.kind),
            name=self.name,
            id_number=self.id_number,
            uscc=self.uscc,
            phone=self.phone,
        )


class ReceivedBody(StrictModel):
    """Pieces of a material that were received on paper."""

    material: Material = Field(description="材料名称，与办事指南一致；指南之外的写明名称。")
    form: MaterialForm = Field(description="原件或复印件。")
    count: int = Field(ge=1, le=99, description="份数。")

    def to_brought(self) -> domain.Brought:
        """For the use case."""
        return domain.Brought(self.material, self.form, self.count)


ReceivedList = Annotated[
    list[ReceivedBody], Field(default_factory=list, max_length=100, description="当面收取的材料，逐项登记。")
]


class SuppliedBody(StrictModel):
    """What came."""

    received: ReceivedList


class CaseBody(StrictModel):
    """A case to be registered."""

    division: DivisionCode
    item_code: ItemCode
    applicant: ApplicantBody
    channel: Channel = Field(default="window", description="办理形式。")
    handling: HandlingType | None = Field(default=None, description="办件类型；只有两者皆可的事项需要选择。")
    received: ReceivedList


class RefusalBody(StrictModel):
    """Why a case is refused."""

    reason: Reason


class ClosureBody(StrictModel):
    """How a case ends."""

    result: ClosingResult
    reason: Reason | None = None


class WithdrawalBody(StrictModel):
    """Why the applicant withdraws."""

    reason: Reason


class DisclosureBody(StrictModel):
    """Why the applicant must be seen in clear."""

    reason: Reason


class SearchBody(StrictModel):
    """Exact search by number; the number stands in the body, never in an address."""

    kind: ApplicantKind
    number: Number = Field(description="公民身份号码或统一社会信用代码。")


class ReasonBody(StrictModel):
    """Why."""

    reason: Reason


class Tolerance(StrictModel):
    """A material that may come later."""

    material: Material
    due_on: date = Field(description="补交期限（北京时间）。")


class AcceptanceBody(StrictModel):
    """How a case is accepted."""

    tolerated: list[Tolerance] = Field(default_factory=list, max_length=20, description="容缺后补的材料。")


class SupplementBody(StrictModel):
    """Everything that is missing."""

    materials: list[Material] = Field(
        default_factory=list,
        max_length=50,
        description="须一次列全；登记时逐项登记过收取情况的办件，事项必备而未收到的材料自动列入，此处写其余的和需要重新提交的；其他办件在此处写明全部。",
    )
    days: int | None = Field(default=None, ge=1, le=250, description="补正期限，工作日；默认按规定。")


class ToleratedBody(StrictModel):
    """Which material has come."""

    material: Material


class LimitBody(StrictModel):
    """A time limit."""

    value: int = Field(ge=1, le=1000)
    unit: LimitUnit = "working_days"

    def to_limit(self) -> Limit:
        """For the use case."""
        return Limit(value=self.value, unit=self.unit)


class StepBody(StrictModel):
    """How a stage ends."""

    opinion: Reason | None = None
    is_favourable: bool | None = Field(default=None, description="决定；只在最后一个环节填写。")
    to_account: Account | None = Field(default=None, description="下一环节的接收人；默认本机构任何有权的人。")


class StepReturnBody(StrictModel):
    """Why a case goes back."""

    opinion: Reason


class SpecialBody(StrictModel):
    """A special procedure."""

    kind: SpecialKind
    reason: Reason
    expected: LimitBody | None = Field(default=None, description="书面告知申请人的所需时间。")


class SpecialEndBody(StrictModel):
    """What came of it."""

    kind: SpecialKind
    result: Reason


class ExtensionBody(StrictModel):
    """By how much the limit is extended, and why."""

    limit: LimitBody
    reason: Reason


class OfferBody(StrictModel):
    """To whom the case is offered."""

    purpose: Literal["handover", "referral"]
    division: DivisionCode
    account: Account | None = None
    reason: Reason | None = None
