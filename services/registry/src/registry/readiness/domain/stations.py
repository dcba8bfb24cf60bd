"""Criteria of stations: how they are provided, who works there, who guides them; and the money of both kinds. Pure."""

from common.contracts.registry.readiness import CriterionState
from registry.offices.domain import runs_on
from registry.readiness.domain.findings import Rule, basis_on, found, not_yet
from registry.readiness.domain.picture import Picture

PURCHASED = "purchased_service"


def judge_guidance(picture: Picture) -> CriterionState:
    """A station has its business guidance from the town's office, which has to be there and to serve.

    Source: O1.3c.
    """
    basis = basis_on("station_guidance_required", picture.rules_on)
    if basis is None:
        return not_yet("guidance", "O1.3c", picture.rules_on)
    rule = Rule("接受乡镇（街道）服务机构的业务指导", basis)
    guide = picture.office.guidance_division or "未登记"
    if not picture.is_guided:
        return found("guidance", rule, "unmet", guide, why="当日没有运行中的业务指导机构")
    return found("guidance", rule, "met", guide)


def judge_provision(picture: Picture) -> CriterionState:
    """A station is mainly provided by purchased services, and then a contract runs.

    Source: O1.2b.
    """
    basis = basis_on("station_provision", picture.rules_on)
    if basis is None:
        return not_yet("provision", "O1.2b", picture.rules_on)
    rule = Rule(f"主要通过{basis.text}方式实现", basis)
    mode = picture.office.provision_mode
    if mode is None:
        return found("provision", rule, "unknown", "无提供方式记录", why="未登记提供方式")
    if mode != PURCHASED:
        return found("provision", rule, "met", "与其他公共服务项目整合或自有人员，原则允许")
    running = [one for one in picture.contracts if runs_on(one, picture.on)]
    if running:
        return found(
            "provision", rule, "met", f"{basis.text}，合同至{running[0].ends_on.isoformat()}", evidence=running
        )
    return found("provision", rule, "unmet", basis.text, why="当日没有执行中的购买服务合同", evidence=picture.contracts)


def judge_station_staff(picture: Picture) -> CriterionState:
    """Somebody works at the station, in one of the four ways that the policy knows.

    Source: O1.4e.
    """
    basis = basis_on("station_staff_types", picture.rules_on)
    if basis is None:
        return not_yet("station_staff", "O1.4e", picture.rules_on)
    rule = Rule("有" + "、".join(option.label for option in basis.options) + "之一", basis)
    fitting = [one for one in picture.staff if one.staff_type in basis.option_codes]
    if fitting:
        return found("station_staff", rule, "met", f"{len(fitting)}人", evidence=fitting)
    if picture.staff:
        return found("station_staff", rule, "unmet", f"{len(picture.staff)}人", why="没有规定类型的工作人员")
    return found("station_staff", rule, "unknown", "无人员记录", why="未登记工作人员")


def judge_budget(picture: Picture) -> CriterionState:
    """The running costs stand in the county's budget of the year.

    Source: O5.1a.
    """
    basis = basis_on("budget_line_required", picture.rules_on)
    if basis is None:
        return not_yet("budget_line", "O5.1a", picture.rules_on)
    year = picture.on.year
    rule = Rule("工作经费列入县（市、区）财政预算", basis)
    lines = [one for one in picture.budget_lines if one.year == year]
    if not lines:
        return found("budget_line", rule, "unknown", f"{year}年无预算记录", why=f"未登记{year}年预算情况")
    line = lines[0]
    if line.is_listed:
        return found("budget_line", rule, "met", f"{year}年已列入", evidence=lines)
    return found(
        "budget_line", rule, "unmet", f"{year}年未列入", why=f"{year}年预算中没有该机构的工作经费", evidence=lines
    )
