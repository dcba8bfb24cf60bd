"""Criteria about where an office works and with what: area, window, equipment. Pure."""

from common.contracts.registry.places import AreaWaiver, PremisesState
from common.contracts.registry.readiness import CriterionState
from registry.readiness.domain.findings import Rule, basis_on, found, not_yet
from registry.readiness.domain.picture import Picture

DM2_PER_M2 = 100
PLATFORM_WINDOW = "platform_window"


def judge_area(picture: Picture) -> CriterionState:
    """The building area for office and service; smaller premises need a waiver that still runs (原则上).

    Where the office is a window in a platform, the platform is the building (O1.1c).

    Source: O2.2a, O1.1c.
    """
    basis = basis_on("office_floor_area_min", picture.rules_on)
    if basis is None:
        return not_yet("floor_area", "O2.2a", picture.rules_on)
    rule = Rule(f"办公和服务场地建筑面积原则上不少于{basis.number}平方米", basis)
    if picture.office.form == PLATFORM_WINDOW:
        platform = picture.office.platform or "多功能公共服务平台"
        return found("floor_area", rule, "not_applicable", f"在{platform}设专门办事窗口", clause="O1.1c")
    areas = [area for area in map(area_dm2_of, picture.premises) if area is not None]
    if not areas:
        return found("floor_area", rule, "unknown", "无面积记录", why="未登记场地面积", evidence=picture.premises)
    area = sum(areas)
    value = f"{area // DM2_PER_M2}.{area % DM2_PER_M2:02d}平方米"
    if area >= basis.number * DM2_PER_M2:
        return found("floor_area", rule, "met", value, evidence=picture.premises)
    why = f"少于{basis.number}平方米"
    waiver = _waiver_of(picture)
    if waiver is None:
        return found("floor_area", rule, "unmet", value, why=why + "，且无有效的放宽批准", evidence=picture.premises)
    return found(
        "floor_area",
        rule,
        "waived",
        value,
        why=f"{why}，{waiver.approver}批准放宽：{waiver.reason}",
        evidence=picture.premises,
        waiver_expires_on=waiver.expires_on,
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
    count = sum(window.is_public for premises in picture.premises for window in premises.windows)
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
    """The kinds of which nothing works, of those that the rules of the day ask for.

    Source: O2.3.
    """
    basis = basis_on("equipment_kinds", picture.rules_on)
    working = {one.kind for one in picture.equipment if one.condition == "working" and one.quantity > 0}
    return () if basis is None else tuple(code for code in basis.option_codes if code not in working)


def area_dm2_of(premises: PremisesState) -> int | None:
    """The area that counts, in square decimetres: the certified one, or the measured one where there is no certificate.

    Source: O2.2a.
    """
    return premises.certified_area_dm2 if premises.certified_area_dm2 is not None else premises.measured_area_dm2


def _waiver_of(picture: Picture) -> AreaWaiver | None:
    running = [one.waiver for one in picture.premises if one.waiver is not None and one.waiver.expires_on >= picture.on]
    return max(running, key=lambda waiver: waiver.expires_on, default=None)
