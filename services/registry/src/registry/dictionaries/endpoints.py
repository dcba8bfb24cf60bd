"""All dictionaries in one answer: public, the policy's own numbers and lists among them. Source: O4.3e, S0."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from common.divisions import LEVEL_LABELS
from common.http import Labelled
from common.policy import CLAUSES, DOCUMENTS, parameters
from registry.deps import AsOf
from registry.dictionaries.schemas import Dictionaries, PolicyClause, PolicyDocument, PolicyParameter, labelled_options
from registry.division_changes.domain import CHANGE_LABELS
from registry.divisions.domain import KIND_LABELS
from registry.equipment import domain as equipment
from registry.funding import domain as funding
from registry.offices import domain as offices
from registry.offices.domain import OFFICE_KIND_LABELS, STATUS_LABELS, unnamed_reason_labels
from registry.pay import domain as pay
from registry.premises import domain as premises
from registry.service_contracts import domain as service_contracts
from registry.staff import domain as staff
from registry.staffing import domain as staffing
from registry.surveys import domain as surveys
from registry.training import domain as training

router = APIRouter(prefix="/dictionaries", tags=["dictionaries"])


@router.get("", summary="字典", description="全部代码与名称，以及该日有效的政策参数、条款和文件。无需登录。")
async def list_dictionaries(on: AsOf) -> Dictionaries:
    """Tells every code with its label."""
    in_force = parameters(on=on)
    return Dictionaries(
        levels=_labelled(LEVEL_LABELS),
        division_kinds=_labelled(KIND_LABELS),
        division_changes=_labelled(CHANGE_LABELS),
        office_kinds=_labelled(OFFICE_KIND_LABELS),
        office_statuses=_labelled(STATUS_LABELS),
        office_forms=_labelled(offices.FORM_LABELS),
        legal_natures=_labelled(offices.LEGAL_NATURE_LABELS),
        management_modes=_labelled(offices.MANAGEMENT_MODE_LABELS),
        provision_modes=_labelled(offices.PROVISION_MODE_LABELS),
        contract_acceptances=_labelled(service_contracts.ACCEPTANCE_LABELS),
        survey_dimensions=_labelled(surveys.DIMENSION_LABELS),
        unnamed_reasons=_labelled(unnamed_reason_labels()),
        duties=[duty for one in in_force if one.code == "duties" for duty in labelled_options(one.options)],
        staff_types=_labelled(staff.STAFF_TYPE_LABELS),
        priority_groups=_labelled(staff.PRIORITY_GROUP_LABELS),
        recruitment_methods=_labelled(staff.RECRUITMENT_METHOD_LABELS),
        recruitment_statuses=_labelled(staff.RECRUITMENT_STATUS_LABELS),
        educations=_labelled(staff.EDUCATION_LABELS),
        qualification_gaps=_labelled(staff.QUALIFICATION_LABELS),
        training_subjects=_labelled(training.SUBJECT_LABELS),
        training_modes=_labelled(training.MODE_LABELS),
        training_results=_labelled(training.RESULT_LABELS),
        economic_levels=_labelled(staffing.ECONOMIC_LEVEL_LABELS),
        staffing_factors=_labelled(staffing.FACTOR_LABELS),
        staffing_statuses=_labelled(staffing.STAFFING_STATUS_LABELS),
        pay_task_statuses=_labelled(pay.TASK_STATUS_LABELS),
        pay_run_statuses=_labelled(pay.RUN_STATUS_LABELS),
        pay_block_reasons=_labelled(pay.BLOCK_LABELS),
        pay_recovery_statuses=_labelled(pay.RECOVERY_STATUS_LABELS),
        pay_recovery_reasons=_labelled(pay.RECOVERY_REASON_LABELS),
        **_premises_and_money(),
        policy_parameters=[PolicyParameter.of(one) for one in in_force],
        clauses=[PolicyClause.of(clause) for clause in CLAUSES.values()],
        documents=[PolicyDocument.of(document) for document in DOCUMENTS.values()],
    )


def _premises_and_money() -> dict[str, Any]:
    return {
        "area_bases": _labelled(premises.AREA_BASIS_LABELS),
        "area_statuses": _labelled(premises.AREA_STATUS_LABELS),
        "weekdays": _labelled(premises.WEEKDAY_LABELS),
        "equipment_kinds": _labelled(equipment.kind_labels()),
        "equipment_conditions": _labelled(equipment.CONDITION_LABELS),
        "asset_funds": _labelled(equipment.ASSET_FUND_LABELS),
        "fund_sources": _labelled(funding.FUND_SOURCE_LABELS),
        "fund_uses": _labelled(funding.FUND_USE_LABELS),
        "expense_statuses": _labelled(funding.EXPENSE_STATUS_LABELS),
        "aid_uses": _labelled(funding.AID_USE_LABELS),
        "budget_findings": _labelled(funding.BUDGET_FINDING_LABELS),
    }


def _labelled(labels: Mapping[Any, str]) -> list[Labelled]:
    return [Labelled(code=str(code), label=label) for code, label in labels.items()]
