"""All dictionaries in one answer: public, the policy's own numbers and lists among them. Source: O4.3e, S0."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from common.divisions import LEVEL_LABELS
from common.http import Labelled
from common.policy import CLAUSES, DOCUMENTS, parameters
from registry.deps import AsOf
from registry.dictionaries.schemas import Dictionaries, PolicyClause, PolicyDocument, PolicyParameter, labelled_options
from registry.divisions.domain import KIND_LABELS
from registry.offices.domain import OFFICE_KIND_LABELS, STATUS_LABELS, unnamed_reason_labels
from registry.staff import domain as staff
from registry.staffing import domain as staffing
from registry.training import domain as training

router = APIRouter(prefix="/dictionaries", tags=["dictionaries"])


@router.get("", summary="字典", description="全部代码与名称，以及该日有效的政策参数、条款和文件。无需登录。")
async def list_dictionaries(on: AsOf) -> Dictionaries:
    """Tells every code with its label."""
    in_force = parameters(on=on)
    return Dictionaries(
        levels=_labelled(LEVEL_LABELS),
        division_kinds=_labelled(KIND_LABELS),
        office_kinds=_labelled(OFFICE_KIND_LABELS),
        office_statuses=_labelled(STATUS_LABELS),
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
        policy_parameters=[PolicyParameter.of(one) for one in in_force],
        clauses=[PolicyClause.of(clause) for clause in CLAUSES.values()],
        documents=[PolicyDocument.of(document) for document in DOCUMENTS.values()],
    )


def _labelled(labels: Mapping[Any, str]) -> list[Labelled]:
    return [Labelled(code=str(code), label=label) for code, label in labels.items()]
