"""What codes of circulars are called."""

from collections.abc import Mapping
from datetime import date

from common.contracts.reporting.circulars import CircularKind, CircularStatus, QueryKind, Secrecy, UrgencyMark

STATUS_LABELS: Mapping[CircularStatus, str] = {
    "draft": "拟稿",
    "under_review": "审核中",
    "signed": "已签发",
    "published": "已发布",
    "corrected": "已发布，已更正",
    "withdrawn": "已撤回",
}
KIND_LABELS: Mapping[CircularKind, str] = {"circular": "通报", "correction": "更正"}
QUERY_LABELS: Mapping[QueryKind, str] = {
    "indicator": "指标值",
    "report_timeliness": "进度报告报送情况",
    "plan_filing": "建设方案备案情况",
    "inspection": "督导考核结果",
}
SECRECY_LABELS: Mapping[Secrecy, str] = {"secret": "秘密", "confidential": "机密", "top_secret": "绝密"}
URGENCY_LABELS: Mapping[UrgencyMark, str] = {"urgent": "加急", "extra_urgent": "特急"}


def chinese_day(day: date) -> str:
    """A day as official documents write it: Arabic figures, months and days without a leading zero.

    Source: standards.md §9 (GB/T 9704-2012).
    """
    return f"{day.year}年{day.month}月{day.day}日"
