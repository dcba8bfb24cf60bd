"""Criteria about where an office works and with what: area, window, equipment. Pure."""

from collections.abc import Mapping

from common.contracts.registry.readiness import CriterionState, CriterionStatus
from registry.equipment.domain import missing_kinds
from registry.offices.domain import OfficeKind
from registry.premises import domain as premises
from registry.premises.domain import AreaStatus, Place, square_metres
from registry.readiness.domain.findings import Rule, basis_on, found, not_yet
from registry.readiness.domain.picture import Picture

_STATUSES: Mapping[AreaStatus, CriterionStatus] = {
    AreaStatus.MET: "met",
    AreaStatus.WAIVED: "waived",
    AreaStatus.SHORT: "unmet",
    AreaStatus.UNKNOWN: "unknown",
    AreaStatus.NOT_APPLICABLE: "not_applicable",
}


def judge_area(picture: Picture) -> CriterionState:
    """The building area for office and service; smaller premises need a waiver that still runs (原则上).

    Where the office is a window in a platform, the platform is the building (O1.1c).

    Source: O2.2a, O1.1c.
    """
    basis = basis_on("office_floor_area_min", picture.rules_on)
    if basis is None:
        return not_yet("floor_area", "O2.2a", picture.rules_on)
    office = picture.office
    place = Place(kind=office.kind, status=office.status, form=office.form, platform=office.platform)
    area = premises.judge_area(picture.premises, place, on=picture.on, rules_on=picture.rules_on)
    return found(
        "floor_area",
        Rule(f"办公和服务场地建筑面积原则上不少于{basis.number}平方米", basis),
        _STATUSES[area.status],
        "无面积记录" if area.counted_dm2 is None else f"{square_metres(area.counted_dm2)}平方米",
        why=None if area.status is AreaStatus.MET else area.explanation,
        evidence=picture.premises,
        waiver_expires_on=area.waiver_expires_on,
        clause=area.clause,
    )


def judge_window(picture: Picture) -> CriterionState:
    """At least one window is open to the public.

    Source: O2.2b.
    """
    basis = basis_on("public_windows_min", picture.rules_on)
    if basis is None:
        return not_yet("public_window", "O2.2b", picture.rules_on)
    rule = Rule(f"设置对外服务窗口，不少于{basis.number}个", basis)
    if not picture.premises:
        return found("public_window", rule, "unknown", "无场地记录", why="未登记场地和窗口")
    count = sum(window.is_public for one in picture.premises for window in one.windows)
    if count >= basis.number:
        return found("public_window", rule, "met", f"{count}个", evidence=picture.premises)
    return found("public_window", rule, "unmet", f"{count}个", why="没有对外服务窗口", evidence=picture.premises)


def judge_equipment(picture: Picture) -> CriterionState:
    """Of each kind of equipment something is there and works.

    Source: O2.3.
    """
    basis = basis_on("equipment_kinds", picture.rules_on)
    if basis is None:
        return not_yet("equipment", "O2.3", picture.rules_on)
    rule = Rule("配备" + "、".join(option.label for option in basis.options), basis)
    if not picture.equipment:
        return found("equipment", rule, "unknown", "无设备记录", why="未登记设备")
    missing = set(missing_equipment_of(picture))
    labels = [option.label for option in basis.options if option.code in missing]
    value = f"{len(basis.options) - len(labels)}类可用，共{len(basis.options)}类"
    if labels:
        why = "没有可用的" + "、".join(labels)
        return found("equipment", rule, "unmet", value, why=why, evidence=picture.equipment)
    return found("equipment", rule, "met", value, evidence=picture.equipment)


def missing_equipment_of(picture: Picture) -> tuple[str, ...]:
    """The kinds of which nothing works, of those that the rules of the day ask for; stations are asked for none.

    Source: O2.3.
    """
    is_asked = OfficeKind(picture.office.kind) is OfficeKind.SERVICE_OFFICE
    return missing_kinds(picture.equipment, on=picture.rules_on) if is_asked else ()
