"""Criteria about what an office is: operating, named, signed, of the right nature, with its duties. Pure."""

from common.contracts.registry.readiness import CriterionState
from registry.offices.domain import STATUS_LABELS, OfficeKind, OfficeStatus
from registry.readiness.domain.findings import Rule, basis_on, found, not_yet
from registry.readiness.domain.picture import Picture

LEGAL_NATURE, NO_INSTITUTION = "public_welfare_institution", "not_independent"
PLATFORM_WINDOW = "platform_window"


def judge_operation(picture: Picture) -> CriterionState:
    """The office is built and serves.

    Source: O6.1a, O6.1c.
    """
    basis = basis_on("programme_ends_on", picture.rules_on)
    if basis is None:
        return not_yet("operating", "O6.1a", picture.rules_on)
    rule = Rule(f"{basis.day.isoformat()}前完成建设并运行", basis)
    status = OfficeStatus(picture.office.status)
    label = STATUS_LABELS[status]
    if status is OfficeStatus.OPERATING:
        return found("operating", rule, "met", label)
    return found("operating", rule, "unmet", label, why=f"机构状态为“{label}”")


def judge_name(picture: Picture) -> CriterionState:
    """The unified name: its fixed words stand to the letter.

    Source: O2.1a, O2.1b.
    """
    is_station = OfficeKind(picture.office.kind) is OfficeKind.SERVICE_STATION
    code, clause = ("station_name_suffix", "O2.1b") if is_station else ("office_name_suffix", "O2.1a")
    basis = basis_on(code, picture.rules_on)
    if basis is None:
        return not_yet("unified_name", clause, picture.rules_on)
    rule = Rule(f"统称“××{basis.text}”", basis)
    name = picture.office.name
    if name.endswith(basis.text) and name != basis.text:
        return found("unified_name", rule, "met", name)
    return found("unified_name", rule, "unmet", name, why=f"名称不以“{basis.text}”收尾")


def judge_sign(picture: Picture) -> CriterionState:
    """The unified sign hangs.

    Source: O2.1c.
    """
    basis = basis_on("unified_sign_required", picture.rules_on)
    if basis is None:
        return not_yet("unified_sign", "O2.1c", picture.rules_on)
    rule = Rule("悬挂全省统一公共服务标识", basis)
    office = picture.office
    if office.sign_installed_on is None:
        return found("unified_sign", rule, "unknown", "无标识记录", why="未登记统一标识的版本和安装日期")
    value = f"{office.sign_version or '版本不详'}，{office.sign_installed_on.isoformat()}安装"
    if office.sign_installed_on > picture.on:
        return found("unified_sign", rule, "unmet", value, why="当日标识尚未安装")
    return found("unified_sign", rule, "met", value)


def judge_legal_nature(picture: Picture) -> CriterionState:
    """A town's office is an institution for public welfare.

    Source: O1.2a.
    """
    basis = basis_on("office_legal_nature", picture.rules_on)
    if basis is None:
        return not_yet("legal_nature", "O1.2a", picture.rules_on)
    rule = Rule(f"机构性质为{basis.text}", basis)
    nature = picture.office.legal_nature
    if _is_part_of_a_platform(picture):
        return found("legal_nature", rule, "not_applicable", "设在多功能公共服务平台，不单独设立机构", clause="O1.1c")
    if nature is None:
        return found("legal_nature", rule, "unknown", "无机构性质记录", why="未登记机构性质")
    if nature == LEGAL_NATURE:
        return found("legal_nature", rule, "met", basis.text)
    return found("legal_nature", rule, "unmet", nature, why=f"机构性质不是{basis.text}")


def judge_uscc(picture: Picture) -> CriterionState:
    """Its credit code is one of an institution in general (一般): another one is told, and hinders nothing.

    Source: O1.2a.
    """
    basis = basis_on("office_uscc_prefix", picture.rules_on)
    if basis is None:
        return not_yet("uscc_class", "O1.2a", picture.rules_on)
    prefix = str(basis.value)
    rule = Rule(f"统一社会信用代码一般以{prefix}开头（事业单位）", basis)
    uscc = picture.office.uscc
    if _is_part_of_a_platform(picture):
        return found("uscc_class", rule, "not_applicable", "设在多功能公共服务平台，不单独设立机构", clause="O1.1c")
    if uscc is None:
        return found("uscc_class", rule, "unknown", "无统一社会信用代码", why="未登记统一社会信用代码")
    if uscc.startswith(prefix):
        return found("uscc_class", rule, "met", uscc)
    return found("uscc_class", rule, "met", uscc, why=f"代码以{uscc[:2]}开头，不是事业单位代码，请核对")


def _is_part_of_a_platform(picture: Picture) -> bool:
    """A window in a platform that is no institution of its own has neither nature nor code of its own (O1.1c)."""
    return picture.office.form == PLATFORM_WINDOW and picture.office.legal_nature in {None, NO_INSTITUTION}


def judge_duties(picture: Picture) -> CriterionState:
    """A town's office covers the duties of the policy as they stood on the day of the rules.

    Source: O1.1a.
    """
    basis = basis_on("duties", picture.rules_on)
    if basis is None:
        return not_yet("duty_coverage", "O1.1a", picture.rules_on)
    rule = Rule(f"承担{len(basis.options)}项职责", basis)
    if picture.office.duties is None:
        return found("duty_coverage", rule, "unknown", "无职责记录", why="未登记承担的职责")
    covered = set(picture.office.duties)
    missing = [option.label for option in basis.options if option.code not in covered]
    value = f"{len(basis.options) - len(missing)}项"
    if missing:
        return found("duty_coverage", rule, "unmet", value, why="未承担：" + "、".join(missing))
    return found("duty_coverage", rule, "met", value)
