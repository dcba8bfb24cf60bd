"""What codes of programmes are called."""

from collections.abc import Mapping

from common.contracts.reporting.programmes import (
    MilestoneKind,
    Origin,
    ProgrammeAct,
    ProgrammeStatus,
    RuleKind,
    Wording,
)

STATUS_LABELS: Mapping[ProgrammeStatus, str] = {"draft": "草案", "in_force": "执行中", "closed": "已结束"}
RULE_LABELS: Mapping[RuleKind, str] = {
    "towns_of": "所列区划的全部乡镇（街道）",
    "listed": "名单录入的乡镇（街道）",
    "rest": "其余乡镇（街道）",
}
WORDING_LABELS: Mapping[Wording, str] = {"exact": "", "approximate": "约"}
MILESTONE_LABELS: Mapping[MilestoneKind, str] = {
    "plan_filing": "方案报备",
    "members_ready": "建成比例",
    "progress_report": "进展报送",
    "acceptance": "验收",
    "other": "其他",
}
ACT_LABELS: Mapping[ProgrammeAct, str] = {
    "create": "新建",
    "revise": "修订",
    "enforce": "启动执行",
    "close": "结束",
    "seed": "随系统提供",
}
ORIGIN_LABELS: Mapping[Origin, str] = {"packaged": "随系统提供", "entered": "录入"}
