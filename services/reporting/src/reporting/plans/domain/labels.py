"""What codes of plans are called."""

from collections.abc import Mapping
from typing import Literal

from common.contracts.reporting.plans import (
    FilingActKind,
    FilingStatus,
    LineChangeKind,
    LineStatus,
    PlanStatus,
    StageStatus,
)

FilingStanding = Literal["to_file", "filed", "returned", "accepted", "overdue"]
"""What a filing is on a day: its status, or 逾期."""

STANDING_LABELS: Mapping[FilingStanding, str] = {
    "to_file": "待报",
    "filed": "已报",
    "returned": "退回补正",
    "accepted": "已备案",
    "overdue": "逾期",
}
STATUS_LABELS: Mapping[FilingStatus, str] = {
    "to_file": "待报",
    "filed": "已报",
    "returned": "退回补正",
    "accepted": "已备案",
}
PLAN_LABELS: Mapping[PlanStatus, str] = {
    "draft": "草案",
    "approved": "已批准",
    "filed": "已报",
    "returned": "退回补正",
    "accepted": "已备案",
    "superseded": "已被新版本取代",
}
ACT_LABELS: Mapping[FilingActKind, str] = {"file": "报备", "return": "退回补正", "accept": "备案"}
LINE_LABELS: Mapping[LineStatus, str] = {
    "not_started": "未开始",
    "under_way": "进行中",
    "done": "已完成",
    "cancelled": "已取消",
}
CHANGE_LABELS: Mapping[LineChangeKind, str] = {"added": "新增", "changed": "修改", "removed": "删除"}
STAGE_LABELS: Mapping[StageStatus, str] = {"closed": "未开始", "open": "进行中", "passed": "已通过", "waived": "豁免"}
