"""Columns of the records of offices: places, people, money. Pure.

Nobody is named in these: of a person the sheet has the post. Source: ADR 0015.
"""

from collections.abc import Sequence
from typing import Any

from registry.sheets.domain.cells import Choice, Choices, Day, Flag, Hundredths, Identifier, Text, Whole
from registry.sheets.domain.columns import ID_COLUMN, VERSION_COLUMN, Column, shown_only
from registry.sheets.domain.labels import (
    ASSET_FUNDS,
    CONDITIONS,
    ECONOMIC_LEVELS,
    EQUIPMENT_KINDS,
    TRAINING_MODES,
    TRAINING_RESULTS,
    TRAINING_SUBJECTS,
    duty_labels,
)
from registry.sheets.domain.tree import CODE, LEVEL

YUAN, SQUARE_METRES = Hundredths("元"), Hundredths("平方米")
REASON = Column("reason", "变更理由", Text(500, 2), "不得填写个人信息", read=lambda _: None)
OFFICE: Sequence[Column] = (
    ID_COLUMN,
    VERSION_COLUMN,
    Column("division", "区划代码", CODE, "机构所在区划的12位代码", is_required=True),
    shown_only("office_name", "机构名称", Text()),
    shown_only("level", "层级", LEVEL),
)
EFFECTIVE = Column("effective_on", "生效日期", Day(), "自该日起为此状态；留空为导入当日")


def _waiver(name: str) -> Any:
    return lambda row: None if row.waiver is None else getattr(row.waiver, name)


PREMISES: Sequence[Column] = (
    *OFFICE,
    Column("address", "地址", Text(300), is_required=True),
    Column("certified_area_dm2", "证载建筑面积（平方米）", SQUARE_METRES),
    Column("certificate", "权属证号", Text()),
    Column("measured_area_dm2", "实测建筑面积（平方米）", SQUARE_METRES),
    Column("shared_area_dm2", "其中共用面积（平方米）", SQUARE_METRES, "留空为0"),
    Column("shared_agreement", "共用协议文号", Text()),
    shown_only("windows", "窗口数", Whole(), read=lambda row: len(row.windows)),
    shown_only(
        "public_windows",
        "对外服务窗口数",
        Whole(),
        read=lambda row: sum(1 for window in row.windows if window.is_public),
    ),
    shown_only("waiver_reason", "面积放宽理由", Text(500), read=_waiver("reason")),
    shown_only("waiver_approver", "面积放宽批准机关", Text(), read=_waiver("approver")),
    shown_only("waiver_expires_on", "面积放宽有效期至", Day(), read=_waiver("expires_on")),
    shown_only("ended_on", "停用日期", Day()),
    EFFECTIVE,
    REASON,
)
EQUIPMENT: Sequence[Column] = (
    *OFFICE,
    Column("kind", "设备种类", Choice(EQUIPMENT_KINDS), is_required=True),
    Column("model", "型号", Text()),
    Column("quantity", "数量", Whole(0, 100_000), is_required=True),
    Column("condition", "状况", Choice(CONDITIONS), is_required=True),
    Column("acquired_on", "购置日期", Day(), is_required=True),
    Column("fund", "资金来源", Choice(ASSET_FUNDS), is_required=True),
    Column("aid_grant_id", "省级补助编号", Identifier(), "资金来源为省级补助时填写补助清单中的编号"),
    Column("cost_fen", "总价（元）", YUAN),
    EFFECTIVE,
    REASON,
)
TRAINING: Sequence[Column] = (
    *OFFICE,
    shown_only("staff_member_id", "人员编号", Identifier()),
    shown_only("session_id", "培训班编号", Identifier()),
    shown_only("subject", "内容", Choice(TRAINING_SUBJECTS)),
    shown_only("mode", "方式", Choice(TRAINING_MODES)),
    shown_only("hours", "学时", Whole()),
    shown_only("held_on", "培训日期", Day()),
    shown_only("result", "结果", Choice(TRAINING_RESULTS)),
    shown_only("effective_on", "生效日期", Day()),
)
STAFFING: Sequence[Column] = (
    *OFFICE,
    Column("served_persons", "服务对象（人）", Whole(), "不是常住人口；尚未核定的留空"),
    Column("economic_level", "经济发展水平", Choice(ECONOMIC_LEVELS)),
    Column("area_hectares", "辖区面积（公顷）", Whole()),
    Column("resident_population", "常住人口（人）", Whole()),
    Column("employer_count", "用人单位数（家）", Whole()),
    Column("workload_cases", "年业务量（件）", Whole()),
    shown_only("required_min", "应配人数下限", Whole()),
    shown_only("required_max", "应配人数上限", Whole()),
    shown_only("override_posts", "核定人数", Whole()),
    shown_only("override_reason", "核定理由", Text(500)),
    shown_only("override_expires_on", "核定有效期至", Day()),
    EFFECTIVE,
    REASON,
)
BUDGET_LINES: Sequence[Column] = (
    *OFFICE,
    Column("year", "年度", Whole(2000, 2200), is_required=True),
    shown_only("budget_division", "预算区划代码", CODE),
    Column("is_listed", "已列入预算", Flag(), is_required=True),
    Column("amount_fen", "金额（元）", YUAN),
    Column("document", "预算文号", Text()),
    EFFECTIVE,
    REASON,
)
DUTIES = Choices(duty_labels())
