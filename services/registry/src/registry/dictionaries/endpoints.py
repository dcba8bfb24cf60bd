"""All dictionaries in one answer: public, the policy's own numbers and lists among them. Source: O4.3e, S0."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from fastapi import APIRouter

from common.divisions import LEVEL_LABELS
from common.http import Labelled
from common.policy import UNIT_LABELS, Parameter, parameters
from registry.data.rows import KIND_LABELS
from registry.deps import AsOf
from registry.dictionaries.schemas import Dictionaries, PolicyParameter
from registry.offices.domain import STATUS_LABELS
from registry.offices.naming import OFFICE_KIND_LABELS

router = APIRouter(prefix="/dictionaries", tags=["dictionaries"])


@router.get("", summary="字典", description="全部代码与名称，以及该日有效的政策参数。无需登录。")
async def list_dictionaries(on: AsOf) -> Dictionaries:
    """Tells every code with its label."""
    return Dictionaries(
        levels=_labelled(LEVEL_LABELS),
        division_kinds=_labelled(KIND_LABELS),
        office_kinds=_labelled(OFFICE_KIND_LABELS),
        office_statuses=_labelled(STATUS_LABELS),
        policy_parameters=[_parameter(one) for one in parameters(on=on)],
    )


def _labelled(labels: Mapping[StrEnum, str]) -> list[Labelled]:
    return [Labelled(code=code.value, label=label) for code, label in labels.items()]


def _parameter(one: Parameter) -> PolicyParameter:
    value: int | bool | date | str | list[Labelled]
    value = [Labelled(code=o.code, label=o.label) for o in one.value] if isinstance(one.value, tuple) else one.value
    return PolicyParameter(
        code=one.code,
        title=one.title,
        value=value,
        unit=one.unit,
        unit_label=UNIT_LABELS[one.unit],
        strength=one.strength.value,
        clause=one.clause,
        document=one.document,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        mark=one.mark.value,
        to_confirm=one.to_confirm,
    )
