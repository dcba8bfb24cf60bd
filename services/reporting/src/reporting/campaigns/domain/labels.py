"""What people call the codes of campaigns."""

from collections.abc import Mapping

from common.contracts.reporting.campaigns import (
    ApplicationStatus,
    AwardStatus,
    CampaignStatus,
    DisqualifierKind,
    ReviewVerdict,
)

CAMPAIGN_STATUS_LABELS: Mapping[CampaignStatus, str] = {
    "open": "申报和审核中",
    "publicity": "公示中",
    "decided": "已命名",
    "withdrawn": "已撤销",
}
APPLICATION_STATUS_LABELS: Mapping[ApplicationStatus, str] = {
    "in_review": "初审中",
    "recommended": "已推荐",
    "not_recommended": "未推荐",
    "selected": "拟命名",
    "rejected": "未入选",
    "awarded": "已命名",
    "withdrawn": "已撤回",
}
VERDICT_LABELS: Mapping[ReviewVerdict, str] = {"recommended": "推荐", "not_recommended": "不推荐"}
AWARD_STATUS_LABELS: Mapping[AwardStatus, str] = {
    "held": "有效",
    "withdrawal_proposed": "拟撤销，听取意见中",
    "withdrawn": "已撤销",
}
DISQUALIFIER_LABELS: Mapping[DisqualifierKind, str] = {
    "open_orders": "有未办结的督办事项",
    "overdue_orders": "有逾期的督办事项",
    "vetoed_inspection": "督导考核被一票否决",
}
