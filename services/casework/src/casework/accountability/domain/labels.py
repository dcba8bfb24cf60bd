"""What people call kinds, colours and states."""

from collections.abc import Mapping

from common.contracts.casework.accountability import (
    AppealResult,
    Colour,
    LedgerDirection,
    LedgerSource,
    LedgerSubject,
    ProceedingSource,
    ProceedingStatus,
    WarningKind,
    WarningStatus,
)

WARNING_KIND_LABELS: Mapping[WarningKind, str] = {
    "reminder": "临期提醒",
    "due_today": "当日到期",
    "overdue": "超期",
    "step_overdue": "环节超期",
    "unanswered": "逾期未告知",
    "supplement_repeated": "重复要求补正",
    "special_overrun": "特别程序超出告知时间",
    "refused_without_reason": "不予受理未说明理由",
    "forwarded_late": "初审后未及时转送",
}
COLOUR_LABELS: Mapping[Colour, str] = {"reminder": "提醒", "yellow": "黄牌", "red": "红牌"}
WARNING_STATUS_LABELS: Mapping[WarningStatus, str] = {"raised": "预警中", "lifted": "已解除"}
PROCEEDING_SOURCE_LABELS: Mapping[ProceedingSource, str] = {
    "warning": "红牌预警",
    "complaint": "投诉举报属实",
    "rectification": "差评整改属实",
    "finding": "检查发现",
}
PROCEEDING_STATUS_LABELS: Mapping[ProceedingStatus, str] = {
    "awaiting_statement": "待陈述申辩",
    "awaiting_decision": "待处理决定",
    "decided": "已作决定（申诉期内）",
    "appealed": "申诉中",
    "final": "已生效",
}
APPEAL_RESULT_LABELS: Mapping[AppealResult, str] = {"upheld": "维持", "changed": "变更", "revoked": "撤销"}
LEDGER_SUBJECT_LABELS: Mapping[LedgerSubject, str] = {"person": "人员", "office": "机构"}
LEDGER_SOURCE_LABELS: Mapping[LedgerSource, str] = {
    "assessment": "考核",
    "award": "创优评选",
    "accountability": "责任追究",
    "reversal": "冲销",
}
LEDGER_DIRECTION_LABELS: Mapping[LedgerDirection, str] = {"reward": "奖励", "penalty": "惩处"}
PART_KIND_LABELS: Mapping[str, str] = {
    "holder": "持有人",
    "office": "机构（无人持有）",
    "applicant": "申请人",
    "other_department": "其他部门",
}
