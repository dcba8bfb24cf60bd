"""What people call the codes of the catalogue; the words of GB/T 39046-2020 annex A where it has them."""

from collections.abc import Mapping

from casework.items.domain.item import Extent

EXTENT_LABELS: Mapping[Extent, str] = {
    Extent.HANDLE: "可办结",
    Extent.ACCEPT: "受理、代收、初审",
    Extent.NONE: "不办",
}
HANDLING_LABELS: Mapping[str, str] = {"immediate": "即办件", "promised": "承诺件", "both": "即办件和承诺件"}
APPLICANT_KIND_LABELS: Mapping[str, str] = {"natural_person": "自然人", "organisation": "法人或其他组织"}
UNIT_LABELS: Mapping[str, str] = {"working_days": "个工作日", "calendar_days": "个自然日"}
STARTS_LABELS: Mapping[str, str] = {
    "accepted": "受理之日",
    "application_received": "收到申请之日",
    "case_filed": "立案之日",
}
STAGE_LABELS: Mapping[str, str] = {
    "undertaking": "承办",
    "reviewing": "审核",
    "approving": "批准",
    "decided": "已决定",
}
MARK_LABELS: Mapping[str, str] = {
    "V": "在来源正文读到",
    "P": "二手、外省或转载页面",
    "K": "常识，待确认",
}
CHANNEL_LABELS: Mapping[str, str] = {
    "window": "窗口办理",
    "computer": "电脑端网上办理",
    "mobile": "移动端网上申请",
    "courier": "快递申请",
    "other": "其他",
}
"""办理形式 of GB/T 39046 A.5."""
SERVICE_OBJECT_LABELS: Mapping[str, str] = {
    "natural_person": "自然人",
    "enterprise": "企业",
    "institution": "事业单位",
    "social_organisation": "社会组织",
    "administrative_organ": "行政机关",
    "other": "其他",
}
SCOPE_LABELS: Mapping[str, str] = {
    "national": "全国通办",
    "cross_province": "跨省通办",
    "cross_city": "跨市通办",
    "cross_county": "跨县通办",
}
BODY_NATURE_LABELS: Mapping[str, str] = {
    "statutory": "法定机关",
    "authorised": "授权组织",
    "entrusted": "受委托组织",
    "other": "其他",
}
