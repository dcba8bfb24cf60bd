"""What codes of reports are called."""

from collections.abc import Mapping

PERIOD_KIND_LABELS: Mapping[str, str] = {"regular": "定期报送", "ad_hoc": "临时报送"}
PERIOD_STATUS_LABELS: Mapping[str, str] = {"open": "报送中", "closing": "收口中", "closed": "已关闭"}
SCHEDULE_STATUS_LABELS: Mapping[str, str] = {"active": "执行中", "ended": "已终止"}
CYCLE_LABELS: Mapping[str, str] = {"monthly": "月报", "quarterly": "季报", "half_yearly": "半年报"}
REPORT_STATUS_LABELS: Mapping[str, str] = {
    "draft": "待报",
    "submitted": "已提交",
    "returned": "已退回",
    "approved": "已通过",
    "locked": "已锁定",
}
LINE_KIND_LABELS: Mapping[str, str] = {"int": "整数", "decimal": "小数", "yes_no": "是否", "text": "文字"}
LINE_RULE_LABELS: Mapping[str, str] = {"sum": "求和", "count": "计数", "ratio": "比率", "none": "不汇总"}
REMINDER_LABELS: Mapping[str, str] = {"before": "即将到期", "due": "今日到期", "overdue": "已逾期"}
ACT_LABELS: Mapping[str, str] = {
    "start": "建立",
    "fill": "填报",
    "recompose": "重新汇总",
    "submit": "提交",
    "recall": "撤回",
    "approve": "通过",
    "return": "退回",
    "restate": "重报",
    "abandon": "放弃重报",
    "lock": "锁定",
    "unlock": "解锁",
}
