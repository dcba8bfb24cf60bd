"""Columns of the records of offices: places, people, money, readiness. Pure.

Nobody is named in these: of a person the sheet has the post. Source: ADR 0015.
"""

from collections.abc import Sequence
from typing import Any

from registry.equipment.domain import ASSET_FUND_LABELS, CONDITION_LABELS, kind_labels
from registry.funding.domain import AID_USE_LABELS, EXPENSE_STATUS_LABELS, FUND_SOURCE_LABELS, FUND_USE_LABELS
from registry.premises.domain import duty_labels
from registry.readiness.domain import READINESS_STATUS_LABELS
from registry.service_contracts.domain import ACCEPTANCE_LABELS
from registry.sheets.domain.cells import Choice, Choices, Day, Digits, Flag, Hundredths, Identifier, Text, Whole
from registry.sheets.domain.columns import ID_COLUMN, VERSION_COLUMN, Column, shown_only
from registry.sheets.domain.hours import Windows, show_hours
from registry.sheets.domain.tree import CODE, LEVEL
from registry.staff.domain import (
    EDUCATION_LABELS,
    PRIORITY_GROUP_LABELS,
    RECRUITMENT_METHOD_LABELS,
    RECRUITMENT_STATUS_LABELS,
    STAFF_TYPE_LABELS,
)
from registry.staffing.domain import ECONOMIC_LEVEL_LABELS
from registry.training.domain import MODE_LABELS, RESULT_LABELS, SUBJECT_LABELS

YUAN = Hundredths("元")
AREA = Hundredths("平方米", least=1, most=10**8)
SHARED_AREA = Hundredths("平方米", most=10**8)
PAPER = Text(200, 2)
COUNT = Whole(0, 1_000_000_000)
DUTIES = Choices(duty_labels())
REASON = Column("reason", "变更理由", Text(500, 2), "不得填写个人信息", is_asked_only=True, read=lambda _: None)
EFFECTIVE = Column(
    "effective_on",
    "生效日期",
    Day(),
    "自该日起为此状态；变更时改为新的生效日期，不改或留空为导入当日",
    is_asked_only=True,
)
OFFICE: Sequence[Column] = (
    ID_COLUMN,
    VERSION_COLUMN,
    Column("division", "区划代码", CODE, "机构所在区划的12位代码", is_required=True, is_fixed=True),
    shown_only("office_name", "机构名称", Text()),
    shown_only("level", "层级", LEVEL),
)
SHOWN_DAY = shown_only("effective_on", "生效日期", Day())


def _of(part: str, name: str) -> Any:
    """Reads a member of a part that may be missing."""
    return lambda row: None if getattr(row, part) is None else getattr(getattr(row, part), name)


PREMISES: Sequence[Column] = (
    *OFFICE,
    Column("address", "地址", Text(300, 2), is_required=True),
    Column("certified_area_dm2", "证载建筑面积（平方米）", AREA, "证载和实测至少填一项"),
    Column("certificate", "产权证书或批准文件", PAPER),
    Column("measured_area_dm2", "实测建筑面积（平方米）", AREA),
    Column("shared_area_dm2", "其中共用面积（平方米）", SHARED_AREA, "没有共用的填0", is_required=True),
    Column("shared_agreement", "共用部分计入的约定", PAPER),
    Column("windows", "窗口", Windows(duty_labels()), "本单元格即该场地的全部窗口；运行的服务所至少一个对外"),
    shown_only("waiver_document", "面积豁免文件", PAPER, read=_of("waiver", "document")),
    shown_only("waiver_expires_on", "面积豁免有效期至", Day(), read=_of("waiver", "expires_on")),
    shown_only("ended_on", "停用日期", Day()),
    EFFECTIVE,
    REASON,
)
WINDOWS: Sequence[Column] = (
    shown_only("premises_id", "场地编号", Identifier()),
    shown_only("division", "区划代码", CODE),
    shown_only("office_name", "机构名称", Text()),
    shown_only("address", "地址", Text(300)),
    shown_only("number", "窗口号", Text(20)),
    shown_only("is_public", "是否对外", Flag()),
    shown_only("duties", "职责", DUTIES),
    shown_only("hours", "开放时间", Text(2000), read=lambda row: show_hours(row.opening_hours) or None),
)
EQUIPMENT: Sequence[Column] = (
    *OFFICE,
    Column("kind", "设备种类", Choice(kind_labels()), is_required=True, is_fixed=True),
    Column("model", "型号", Text(100)),
    Column("quantity", "数量", Whole(1, 100_000), is_required=True),
    Column("condition", "状况", Choice(CONDITION_LABELS), is_required=True),
    Column("acquired_on", "购置日期", Day(), is_required=True, is_fixed=True),
    Column("fund", "资金来源", Choice(ASSET_FUND_LABELS), is_required=True, is_fixed=True),
    Column("aid_grant_id", "省级补助编号", Identifier(), "资金来源为省级补助时填补助清单中的编号", is_fixed=True),
    Column("cost_fen", "全部费用（元）", YUAN),
    EFFECTIVE,
    REASON,
)
STAFF: Sequence[Column] = (
    *OFFICE,
    shown_only("staff_type", "人员类别", Choice(STAFF_TYPE_LABELS)),
    shown_only("post_title", "岗位名称", Text()),
    shown_only("is_public_employee", "公职人员", Flag()),
    shown_only("duties", "承担职责", DUTIES),
    shown_only("priority_group", "优先招聘对象", Choice(PRIORITY_GROUP_LABELS)),
    shown_only("started_on", "到岗日期", Day()),
    shown_only("ended_on", "离岗日期", Day()),
    SHOWN_DAY,
)
ESTABLISHMENTS: Sequence[Column] = (
    *OFFICE,
    shown_only("quota", "编制数", Whole()),
    shown_only("document", "文件", PAPER),
    SHOWN_DAY,
)
RECRUITMENTS: Sequence[Column] = (
    *OFFICE,
    shown_only("notice_number", "公告编号", Text(100)),
    shown_only("notice_published_on", "公告日期", Day()),
    shown_only("method", "招聘方式", Choice(RECRUITMENT_METHOD_LABELS)),
    shown_only("openings", "招聘名额", Whole()),
    shown_only("applicants", "报名人数", Whole()),
    shown_only("status", "招聘状态", Choice(RECRUITMENT_STATUS_LABELS)),
    SHOWN_DAY,
)
STANDARDS: Sequence[Column] = (
    *OFFICE,
    shown_only("title", "标准名称", Text()),
    shown_only("number", "版本号", Whole()),
    shown_only("applies_to", "适用人员类别", Choices(STAFF_TYPE_LABELS)),
    shown_only("min_age_years", "最低年龄", Whole()),
    shown_only("max_age_years", "最高年龄", Whole()),
    shown_only("min_education", "最低学历", Choice(EDUCATION_LABELS)),
    shown_only(
        "required_certificates", "所需证书", Text(2000), read=lambda row: "、".join(row.required_certificates) or None
    ),
    shown_only("in_force_from", "施行日期", Day()),
    shown_only("in_force_to", "终止日期", Day()),
    shown_only("document", "文件", PAPER),
    SHOWN_DAY,
)
TRAINING: Sequence[Column] = (
    *OFFICE,
    shown_only("staff_member_id", "岗位编号", Identifier()),
    shown_only("session_id", "培训编号", Identifier()),
    shown_only("subject", "内容", Choice(SUBJECT_LABELS)),
    shown_only("mode", "方式", Choice(MODE_LABELS)),
    shown_only("hours", "学时", Whole()),
    shown_only("held_on", "培训日期", Day()),
    shown_only("result", "结果", Choice(RESULT_LABELS)),
    SHOWN_DAY,
)
STAFFING: Sequence[Column] = (
    *OFFICE,
    Column("served_persons", "服务对象（人）", COUNT, "不是常住人口；未知的留空"),
    Column("economic_level", "经济社会发展水平", Choice(ECONOMIC_LEVEL_LABELS)),
    Column("area_hectares", "辖区面积（公顷）", COUNT),
    Column("resident_population", "常住人口（人）", COUNT),
    Column("employer_count", "用人单位数（个）", COUNT),
    Column("workload_cases", "工作任务（件/年）", COUNT),
    shown_only("required_min", "测算人数下限", Whole()),
    shown_only("required_max", "测算人数上限", Whole()),
    shown_only("override_posts", "核定人数", Whole()),
    shown_only("override_expires_on", "核定有效期至", Day()),
    EFFECTIVE,
    REASON,
)
BUDGET_LINES: Sequence[Column] = (
    *OFFICE,
    Column("year", "年度", Whole(2000, 2200), is_required=True, is_fixed=True),
    shown_only("budget_division", "预算区划代码", CODE),
    Column("is_listed", "是否列入预算", Flag(), is_required=True),
    Column("amount_fen", "金额（元）", YUAN),
    Column("document", "预算文件", PAPER, "列入预算的必填"),
    EFFECTIVE,
    REASON,
)
SUPPLEMENTS: Sequence[Column] = (
    *OFFICE,
    Column("year", "年度", Whole(2000, 2200), is_required=True, is_fixed=True),
    Column("amount_fen", "金额（元）", YUAN, is_required=True),
    Column("purpose", "用途", Text(), is_required=True),
    Column("document", "文件", PAPER),
    EFFECTIVE,
    REASON,
)
EXPENSES: Sequence[Column] = (
    *OFFICE,
    shown_only("source", "资金来源", Choice(FUND_SOURCE_LABELS)),
    shown_only("use", "用途类别", Choice(FUND_USE_LABELS)),
    shown_only("amount_fen", "金额（元）", YUAN),
    shown_only("spent_on", "支出日期", Day()),
    shown_only("purpose", "用途", Text()),
    shown_only("voucher", "凭证号", Text(100)),
    shown_only("status", "支出状态", Choice(EXPENSE_STATUS_LABELS)),
    SHOWN_DAY,
)
AID_GRANTS: Sequence[Column] = (
    *OFFICE,
    shown_only("use", "用途", Choice(AID_USE_LABELS)),
    shown_only("amount_fen", "金额（元）", YUAN),
    shown_only("spent_fen", "已支出（元）", YUAN),
    shown_only("granted_on", "下达日期", Day()),
    shown_only("document", "文件", PAPER),
    SHOWN_DAY,
)
CONTRACTS: Sequence[Column] = (
    *OFFICE,
    shown_only("provider", "承接主体", Text()),
    shown_only("provider_uscc", "承接主体统一社会信用代码", Digits(18)),
    shown_only("starts_on", "起始日期", Day()),
    shown_only("ends_on", "终止日期", Day()),
    shown_only("terminated_on", "提前终止日期", Day()),
    shown_only("amount_fen", "合同金额（元）", YUAN),
    shown_only("acceptance", "验收", Choice(ACCEPTANCE_LABELS)),
    shown_only("accepted_on", "验收日期", Day()),
    shown_only("document", "文件", PAPER),
    SHOWN_DAY,
)
DELEGATIONS: Sequence[Column] = (
    *OFFICE,
    shown_only("power", "下放事权", Text()),
    shown_only("duty", "所属职责", Choice(duty_labels())),
    shown_only("from_division", "下放机关区划代码", CODE),
    shown_only("starts_on", "起始日期", Day()),
    shown_only("until", "收回日期", Day()),
    shown_only("document", "文件", PAPER),
    SHOWN_DAY,
)
SURVEYS: Sequence[Column] = (
    *OFFICE,
    shown_only("surveyed_on", "调查日期", Day()),
    shown_only("shared_systems", "共享的信息资源", Text(2000), read=lambda row: "、".join(row.shared_systems) or None),
    shown_only("community_centre", "可结合的社区服务中心", Text()),
    shown_only("answers", "已答项数", Whole(), read=lambda row: len(row.findings)),
    SHOWN_DAY,
)


def _criteria(status: str) -> Any:
    """The codes of the criteria that stand so."""
    return lambda row: "、".join(one.code for one in row.criteria if one.status == status) or None


READINESS: Sequence[Column] = (
    *OFFICE,
    shown_only("status", "达标情况", Choice(READINESS_STATUS_LABELS)),
    shown_only("rules_on", "适用规则日期", Day()),
    shown_only("unmet", "未达标项", Text(2000), read=_criteria("unmet")),
    shown_only("waived", "经批准放宽项", Text(2000), read=_criteria("waived")),
    shown_only("unknown", "无记录项", Text(2000), read=_criteria("unknown")),
    SHOWN_DAY,
)
