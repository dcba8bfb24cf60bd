"""Which criteria are asked of which kind of office, and what they come to together. Pure."""

from collections.abc import Callable, Mapping, Sequence

from common.contracts.registry.readiness import CriterionState, ReadinessStatus
from registry.offices.domain import OfficeKind, OfficeStatus
from registry.readiness.domain.identity import (
    judge_duties,
    judge_legal_nature,
    judge_name,
    judge_operation,
    judge_sign,
    judge_uscc,
)
from registry.readiness.domain.people import (
    judge_establishment,
    judge_posts,
    judge_qualification,
    judge_staffing,
    judge_training,
)
from registry.readiness.domain.picture import Picture
from registry.readiness.domain.places import judge_area, judge_equipment, judge_window
from registry.readiness.domain.stations import judge_budget, judge_guidance, judge_provision, judge_station_staff

Criterion = Callable[[Picture], CriterionState]

CRITERIA: Mapping[OfficeKind, tuple[Criterion, ...]] = {
    OfficeKind.SERVICE_OFFICE: (
        judge_operation,
        judge_name,
        judge_sign,
        judge_legal_nature,
        judge_uscc,
        judge_duties,
        judge_area,
        judge_window,
        judge_equipment,
        judge_staffing,
        judge_establishment,
        judge_qualification,
        judge_posts,
        judge_training,
        judge_budget,
    ),
    OfficeKind.SERVICE_STATION: (
        judge_operation,
        judge_name,
        judge_sign,
        judge_guidance,
        judge_provision,
        judge_station_staff,
    ),
    OfficeKind.BUREAU: (),
}
"""The policy sets its standards for the offices of towns and the stations of villages, not for bureaus."""

CRITERION_LABELS: Mapping[str, str] = {
    "operating": "建成运行",
    "unified_name": "统一名称",
    "unified_sign": "统一标识",
    "legal_nature": "机构性质",
    "uscc_class": "统一社会信用代码",
    "duty_coverage": "职责覆盖",
    "floor_area": "建筑面积",
    "public_window": "对外服务窗口",
    "equipment": "设备配置",
    "staffing": "人员配备",
    "establishment": "编制",
    "qualification": "聘用资格",
    "duties_per_post": "一岗多责",
    "training": "培训",
    "budget_line": "工作经费",
    "guidance": "业务指导",
    "provision": "提供方式",
    "station_staff": "站点人员",
}


def judge(picture: Picture) -> tuple[CriterionState, ...]:
    """Every criterion that is asked of the kind of office, in the order of the policy; of a closed one, none.

    Source: S2.
    """
    if OfficeStatus(picture.office.status) is OfficeStatus.CLOSED:
        return ()
    return tuple(criterion(picture) for criterion in CRITERIA[OfficeKind(picture.office.kind)])


def judged_status(criteria: Sequence[CriterionState]) -> ReadinessStatus:
    """What the criteria come to: one that is not met decides, then one that nobody has told, then a waiver.

    Source: S2.
    """
    found = {criterion.status for criterion in criteria}
    if "unmet" in found:
        return "not_ready"
    if "unknown" in found or not found - {"not_applicable"}:
        return "unknown"
    return "ready_with_waivers" if "waived" in found else "ready"
