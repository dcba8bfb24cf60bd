"""Answers about offices."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from common.clock import today
from common.contracts.registry import OfficeState
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime
from registry.offices.domain import (
    FORM_LABELS,
    LEGAL_NATURE_LABELS,
    MANAGEMENT_MODE_LABELS,
    NEEDS_DECISION,
    NO_RUNNING_CONTRACT,
    PROVISION_MODE_LABELS,
    STATUS_LABELS,
    Oddity,
    OfficeStatus,
    duty_options,
    warnings_of,
)
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import OFFICE_KIND_LABELS, OfficeKind, Unnamed, UnnamedReason
from registry.offices.service import OfficeVersion


class OfficeWarning(AnswerModel):
    """如实登记、但需留意的情况。"""

    code: str
    clause: str
    message: str

    @classmethod
    def of(cls, oddity: Oddity) -> Self:
        """From the rule."""
        return cls(code=oddity.code, clause=oddity.clause, message=oddity.message)


class OfficeFactsAnswer(AnswerModel):
    """机构在某日的情况。`leadership_division` 为领导关系，`guidance_division` 为业务指导关系。"""

    id: UUID
    division: str
    level: Level
    level_label: str
    kind: OfficeKind
    kind_label: str
    name: str
    status: OfficeStatus
    status_label: str
    leadership_division: str
    guidance_division: str | None
    phone: str | None
    form: str | None
    form_label: str | None
    platform: str | None
    legal_nature: str | None
    legal_nature_label: str | None
    uscc: str | None
    management_mode: str | None
    management_mode_label: str | None
    provision_mode: str | None
    provision_mode_label: str | None
    duties: list[str] | None
    duty_labels: list[str] | None
    merged_into: UUID | None
    sign_version: str | None
    sign_photo: str | None
    sign_installed_on: date | None
    change_reason: str | None = Field(description="本次变更的理由。")
    change_document: str | None = Field(description="本次变更的依据文号。")
    valid_from: date
    valid_to: date | None
    effective_on: date
    version: int
    warnings: list[OfficeWarning] = Field(description="如实登记、但需留意的情况。")


class OfficeAnswer(OfficeFactsAnswer):
    """一个机构。`leadership_division` 为领导关系，`guidance_division` 为业务指导关系。"""

    name_source: str
    name_mark: str
    name_approval_document: str | None
    updated_at: BeijingTime

    @classmethod
    def of(cls, office: Office, *, lacks_contract: bool = False) -> "OfficeAnswer":
        """From the row, which has been checked already: a page of them is validated no second time."""
        return cls.model_construct(
            **_facts(office, on=today(), lacks_contract=lacks_contract),
            name_source=office.name_source,
            name_mark=office.name_mark,
            name_approval_document=office.name_approval_document,
            updated_at=office.updated_at,
        )

    @classmethod
    def as_of(cls, told: OfficeVersion, office: Office, *, on: date, lacks_contract: bool = False) -> Self:
        """From a state of before; what old states did not tell of the name is taken from the row of today."""
        state = told.state
        return cls.model_validate(
            {
                **_facts(state, on=on, lacks_contract=lacks_contract),
                "name_source": state.name_source or office.name_source,
                "name_mark": state.name_mark or office.name_mark,
                "name_approval_document": state.name_approval_document,
                "updated_at": told.recorded_at,
            }
        )


class OfficeVersionAnswer(OfficeFactsAnswer):
    """机构的一个历史状态：自 effective_on 起，至下一状态生效前。"""

    recorded_at: BeijingTime

    @classmethod
    def of(cls, told: OfficeVersion) -> Self:
        """From the history."""
        return cls.model_validate({**_facts(told.state, on=today()), "recorded_at": told.recorded_at})


_SAME = tuple(
    name
    for name in OfficeFactsAnswer.model_fields
    if not name.endswith("_label") and name not in {"duty_labels", "warnings"}
)
_LABELS: Mapping[str, Mapping[str, str]] = {
    "level": {str(level): label for level, label in LEVEL_LABELS.items()},
    "kind": {str(kind): label for kind, label in OFFICE_KIND_LABELS.items()},
    "status": {str(status): label for status, label in STATUS_LABELS.items()},
    "form": {str(code): label for code, label in FORM_LABELS.items()},
    "legal_nature": {str(code): label for code, label in LEGAL_NATURE_LABELS.items()},
    "management_mode": {str(code): label for code, label in MANAGEMENT_MODE_LABELS.items()},
    "provision_mode": {str(code): label for code, label in PROVISION_MODE_LABELS.items()},
}


def _facts(office: Office | OfficeState, *, on: date, lacks_contract: bool = False) -> dict[str, Any]:
    """Code and label together, and what is odd."""
    held = vars(office)
    values = {name: held[name] if name in held else getattr(office, name) for name in _SAME}
    labels = {
        f"{name}_label": None if values[name] is None else known[str(values[name])] for name, known in _LABELS.items()
    }
    duties = None if office.duties is None else list(office.duties)
    known_duties = {option.code: option.label for option in duty_options(on)} if duties else {}
    oddities = warnings_of(office, on) + ([NO_RUNNING_CONTRACT] if lacks_contract else [])
    return {
        **values,
        **labels,
        "level": Level(office.level),
        "kind": OfficeKind(office.kind),
        "status": OfficeStatus(office.status),
        "duties": duties,
        "duty_labels": None if duties is None else [known_duties.get(duty, duty) for duty in duties],
        "warnings": [OfficeWarning.of(one) for one in oddities],
    }


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
