"""Requests and answers about offices."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Query
from pydantic import Field, StringConstraints, model_validator

from common.contracts.registry.offices import ManagementMode, OfficeForm
from common.contracts.registry.places import EquipmentKind
from common.contracts.registry.readiness import ReadinessStatus
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime, DivisionCode, FieldRule, StrictModel
from registry.offices.domain import NEEDS_DECISION, STATUS_LABELS, NameApproval, OfficeStatus, words_of
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import OFFICE_KIND_LABELS, OfficeKind, Unnamed, UnnamedReason
from registry.offices.repository import OfficeFilter
from registry.offices.service import NewOffice, OfficeChanges

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
REASON_REQUIRED = FieldRule("reason-required", "变更状态须说明理由")
Name = Annotated[str, Field(min_length=2, max_length=200)]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=5, max_length=30, pattern=r"^[0-9+\-()（） ]+$", description="对外公开的办公电话。"),
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=500, description="不得填写个人信息。")
]


class NameApprovalBody(StrictModel):
    """名称与统一命名不一致时的批准依据。"""

    reason: Reason
    document: Annotated[
        str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200, description="批准文号。")
    ]

    def to_domain(self) -> NameApproval:
        """For the use case."""
        return NameApproval(self.reason, self.document)


class OfficeBody(StrictModel):
    """设立一个机构。"""

    division: DivisionCode
    name: Name
    name_approval: NameApprovalBody | None = None
    status: Literal["planned", "building", "operating"] = "operating"
    phone: Phone | None = None

    def to_domain(self) -> NewOffice:
        """For the use case."""
        approval = self.name_approval.to_domain() if self.name_approval else None
        return NewOffice(self.division, self.name, approval, OfficeStatus(self.status), self.phone)


class OfficePatch(StrictModel):
    """变更一个机构；只填写要变更的内容，变更状态须说明理由。"""

    name: Name | None = None
    name_approval: NameApprovalBody | None = None
    status: Literal["planned", "building", "operating", "suspended", "closed"] | None = None
    phone: Phone | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.name is None and self.status is None and "phone" not in self.model_fields_set:
            raise NOTHING_TO_CHANGE.error()
        if self.status is not None and self.reason is None:
            raise REASON_REQUIRED.error()
        return self

    def to_changes(self) -> OfficeChanges:
        """Only what is to be changed; `phone: null` removes the phone."""
        changes = OfficeChanges()
        if self.name is not None:
            changes["name"] = self.name
            changes["name_approval"] = self.name_approval.to_domain() if self.name_approval else None
        if self.status is not None:
            changes["status"] = OfficeStatus(self.status)
        if "phone" in self.model_fields_set:
            changes["phone"] = self.phone
        return changes


Within = Annotated[DivisionCode | None, Query(description="只列该区划及其以下。")]
Typed = Annotated[str | None, Query(min_length=1, max_length=50, pattern=r"^[^\x00]+$")]


@dataclass(frozen=True, slots=True)
class OfficeQuery:
    """Which offices a list shows; `of` is the same for the pages of one list."""

    wanted: OfficeFilter
    of: str


def office_query(  # noqa: PLR0917 - FastAPI names them
    level: Annotated[Level | None, Query()] = None,
    kind: Annotated[OfficeKind | None, Query()] = None,
    status: Annotated[OfficeStatus | None, Query()] = None,
    form: Annotated[OfficeForm | None, Query()] = None,
    management_mode: Annotated[ManagementMode | None, Query()] = None,
    readiness: Annotated[ReadinessStatus | None, Query(description="达标情况；尚未评定的为 unknown。")] = None,
    missing_equipment: Annotated[EquipmentKind | None, Query(description="缺少该类设备的。")] = None,
    division: Within = None,
    q: Typed = None,
) -> OfficeQuery:
    """A dependency of the list of offices."""
    wanted = OfficeFilter(
        level=level,
        kind=kind,
        status=status,
        form=form,
        management_mode=management_mode,
        readiness=readiness,
        missing_equipment=missing_equipment,
        within=division,
        words=words_of(q or ""),
    )
    return OfficeQuery(wanted, f"offices:{wanted}")


class OfficeAnswer(AnswerModel):
    """一个机构。`leadership_division` 为领导关系，`guidance_division` 为业务指导关系。"""

    id: UUID
    division: str
    level: Level
    level_label: str
    kind: OfficeKind
    kind_label: str
    name: str
    name_source: str
    name_mark: str
    name_approval_document: str | None
    status: OfficeStatus
    status_label: str
    leadership_division: str
    guidance_division: str | None
    phone: str | None
    form: str | None
    platform: str | None
    legal_nature: str | None
    uscc: str | None
    management_mode: str | None
    provision_mode: str | None
    duties: list[str] | None
    merged_into: UUID | None
    sign_version: str | None
    sign_photo: str | None
    sign_installed_on: date | None
    valid_from: date
    valid_to: date | None
    effective_on: date
    version: int
    updated_at: BeijingTime

    @classmethod
    def of(cls, office: Office) -> Self:
        """From the row."""
        level, kind, status = Level(office.level), OfficeKind(office.kind), OfficeStatus(office.status)
        return cls(
            id=office.id,
            division=office.division,
            level=level,
            level_label=LEVEL_LABELS[level],
            kind=kind,
            kind_label=OFFICE_KIND_LABELS[kind],
            name=office.name,
            name_source=office.name_source,
            name_mark=office.name_mark,
            name_approval_document=office.name_approval_document,
            status=status,
            status_label=STATUS_LABELS[status],
            leadership_division=office.leadership_division,
            guidance_division=office.guidance_division,
            phone=office.phone,
            form=office.form,
            platform=office.platform,
            legal_nature=office.legal_nature,
            uscc=office.uscc,
            management_mode=office.management_mode,
            provision_mode=office.provision_mode,
            duties=office.duties,
            merged_into=office.merged_into,
            sign_version=office.sign_version,
            sign_photo=office.sign_photo,
            sign_installed_on=office.sign_installed_on,
            valid_from=office.valid_from,
            valid_to=office.valid_to,
            effective_on=office.effective_on,
            version=office.version,
            updated_at=office.updated_at,
        )


class NamingReportAnswer(AnswerModel):
    """统一命名规则无法成名的一个区划，及其原因和条款。"""

    code: str
    level: Level
    level_label: str
    division_name: str
    reason: UnnamedReason
    explanation: str
    clause: str
    needs_decision: bool
    reported_on: date
    office_id: UUID | None

    @classmethod
    def of(cls, entry: NamingReportEntry) -> Self:
        """From the row."""
        level, reason = Level(entry.level), UnnamedReason(entry.reason)
        told = Unnamed(entry.code, level, entry.division_name, reason)
        return cls(
            code=entry.code,
            level=level,
            level_label=LEVEL_LABELS[level],
            division_name=entry.division_name,
            reason=reason,
            explanation=told.explanation,
            clause=told.clause,
            needs_decision=reason in NEEDS_DECISION and entry.office_id is None,
            reported_on=entry.reported_on,
            office_id=entry.office_id,
        )
