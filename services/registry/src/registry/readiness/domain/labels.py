"""What people read for the codes of readiness."""

from collections.abc import Mapping

CRITERION_STATUS_LABELS: Mapping[str, str] = {
    "met": "达标",
    "waived": "经批准放宽",
    "unmet": "未达标",
    "unknown": "无记录",
    "not_applicable": "不适用",
}
READINESS_STATUS_LABELS: Mapping[str, str] = {
    "ready": "达标",
    "ready_with_waivers": "达标（含放宽）",
    "not_ready": "未达标",
    "unknown": "待核实",
}
STRENGTH_LABELS: Mapping[str, str] = {"hard": "应当", "soft": "一般、原则上", "fact": "陈述"}
