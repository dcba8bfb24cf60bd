"""Requests about offices."""

from datetime import date
from typing import Annotated, Literal, Self, cast
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.clock import today
from common.contracts.casework import Duty
from common.contracts.registry.offices import LegalNature, ManagementMode, OfficeForm, ProvisionMode
from common.http import IMPERSONAL, DivisionCode, FieldRule, StrictModel
from registry.offices.domain import OFFICE_PHONE, NameApproval, OfficeStatus
from registry.offices.service import Ground, NewOffice, OfficeChanges, OfficeFacts

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
REASON_REQUIRED = FieldRule("reason-required", "变更状态须说明理由")
MERGING_IS_CLOSING = FieldRule("merging-is-closing", "只有撤销时才填写并入的机构")
MANAGEMENT_MODE_STAYS = FieldRule("management-mode-stays", "管理体制不能清除")
Name = Annotated[str, Field(min_length=2, max_length=200), IMPERSONAL]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(
        min_length=5,
        max_length=30,
        pattern=f"^{OFFICE_PHONE}$",
        description="对外公开的办公电话：带区号的固定电话（可带分机）、手机、400/800 电话或 12333 一类的服务号码。",
    ),
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="不得填写个人信息。"),
    IMPERSONAL,
]
Document = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=200, description="批准文号。"),
    IMPERSONAL,
]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]
Uscc = Annotated[
    str, Field(min_length=1, max_length=40, description="统一社会信用代码，校验位须正确（GB 32100-2015）。")
]


class NameApprovalBody(StrictModel):
    """名称与统一命名不一致时的批准依据。"""

    reason: Reason
    document: Document

    def to_domain(self) -> NameApproval:
        """For the use case."""
        return NameApproval(self.reason, self.document)


class FactsBody(StrictModel):
    """机构的其他情况；填 null 即清除。"""

    phone: Phone | None = None
    form: OfficeForm | None = Field(default=None, description="机构形式（O1.1c、S3）。")
    platform: ShortText | None = Field(default=None, description="所在多功能平台或社区服务中心的名称。")
    legal_nature: LegalNature | None = Field(default=None, description="机构性质（O1.2a）。")
    uscc: Uscc | None = None
    management_mode: ManagementMode | None = Field(
        default=None, description="管理体制（O1.3b）；变更须附理由和文号，不能清除。"
    )
    provision_mode: ProvisionMode | None = Field(default=None, description="服务站点的提供方式（O1.2b）。")
    duties: Annotated[list[Duty], Field(max_length=20)] | None = Field(
        default=None, description="承担的职责（O1.1a）。"
    )
    sign_version: Annotated[str, Field(min_length=1, max_length=50), IMPERSONAL] | None = Field(
        default=None, description="全省统一公共服务标识的版本（O2.1c）。"
    )
    sign_photo: ShortText | None = Field(default=None, description="标识照片的档案编号，不上传照片。")
    sign_installed_on: date | None = None
    effective_on: date | None = Field(default=None, description="自该日（北京时间）起为此状态；默认今天。")
    document: Document | None = Field(default=None, description="依据文号。")

    @model_validator(mode="after")
    def _keep_management_mode(self) -> Self:
        if "management_mode" in self.model_fields_set and self.management_mode is None:
            raise MANAGEMENT_MODE_STAYS.error()
        return self

    def facts(self) -> OfficeFacts:
        """The facts that were named, null included."""
        named = self.model_fields_set & set(OfficeFacts.__annotations__)
        return cast("OfficeFacts", {name: getattr(self, name) for name in named})


class OfficeBody(FactsBody):
    """设立一个机构。"""

    division: DivisionCode
    name: Name
    name_approval: NameApprovalBody | None = None
    status: Literal["planned", "building", "operating"] = "operating"
    reason: Reason | None = None

    def to_domain(self) -> NewOffice:
        """For the use case."""
        approval = self.name_approval.to_domain() if self.name_approval else None
        ground = Ground(self.effective_on or today(), self.reason, self.document)
        status = OfficeStatus(self.status)
        return NewOffice(self.division, self.name, approval, status, self.phone, self.facts(), ground)


class OfficePatch(FactsBody):
    """变更一个机构；只填写要变更的内容，变更状态须说明理由。"""

    name: Name | None = None
    name_approval: NameApprovalBody | None = None
    status: Literal["planned", "building", "operating", "suspended", "closed"] | None = None
    merged_into: UUID | None = Field(default=None, description="撤销时并入的机构。")
    reason: Reason | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.name is None and self.status is None and not self.facts():
            raise NOTHING_TO_CHANGE.error()
        if self.status is not None and self.reason is None:
            raise REASON_REQUIRED.error()
        if self.merged_into is not None and self.status != "closed":
            raise MERGING_IS_CLOSING.error()
        return self

    def to_changes(self) -> OfficeChanges:
        """Only what is to be changed; `phone: null` removes the phone."""
        changes = cast("OfficeChanges", self.facts())
        if self.name is not None:
            changes["name"] = self.name
            changes["name_approval"] = self.name_approval.to_domain() if self.name_approval else None
        if self.status is not None:
            changes["status"] = OfficeStatus(self.status)
        if self.merged_into is not None:
            changes["merged_into"] = self.merged_into
        return changes

    def to_ground(self) -> Ground:
        """From when, why, and by which document."""
        return Ground(self.effective_on or today(), self.reason, self.document)
