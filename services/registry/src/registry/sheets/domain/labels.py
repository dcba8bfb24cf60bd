"""Labels of codes whose own features keep none."""

from collections.abc import Mapping

from common.clock import today
from common.policy import parameter

FORMS: Mapping[str, str] = {
    "independent": "独立机构",
    "platform_window": "多功能平台专窗",
    "community_centre": "与社区服务中心合并",
}
LEGAL_NATURES: Mapping[str, str] = {
    "public_welfare_institution": "公益类事业单位",
    "administrative_organ": "行政机关",
    "not_independent": "非独立法人",
    "other": "其他",
}
MANAGEMENT_MODES: Mapping[str, str] = {"territorial": "属地管理", "county_branch": "县级派出机构"}
PROVISION_MODES: Mapping[str, str] = {
    "own_staff": "自有人员",
    "purchased_service": "政府购买服务",
    "integrated": "与村（社区）工作合并",
}
EQUIPMENT_KINDS: Mapping[str, str] = {
    "computer": "电脑",
    "printer": "打印机",
    "fax": "传真机",
    "telephone": "电话",
    "filing_cabinet": "档案柜",
    "notice_board": "公告栏",
}
CONDITIONS: Mapping[str, str] = {"working": "完好", "faulty": "故障", "scrapped": "报废"}
ASSET_FUNDS: Mapping[str, str] = {
    "county_budget": "县级财政",
    "town_supplement": "乡镇补助",
    "special_fund": "就业专项资金",
    "provincial_aid": "省级补助",
    "donation": "捐赠",
    "other": "其他",
}
TRAINING_SUBJECTS: Mapping[str, str] = {"regulations": "法规政策", "skills": "操作技能"}
TRAINING_MODES: Mapping[str, str] = {"post": "定岗培训", "targeted": "定向培训", "general": "一般培训"}
TRAINING_RESULTS: Mapping[str, str] = {"passed": "合格", "failed": "不合格", "not_assessed": "未考核"}
ECONOMIC_LEVELS: Mapping[str, str] = {"developed": "发达", "average": "一般", "less_developed": "欠发达"}


def duty_labels() -> Mapping[str, str]:
    """The duties of the policy of today.

    Source: O1.1a.
    """
    return {option.code: option.label for option in parameter("duties", on=today()).options}
