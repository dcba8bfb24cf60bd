"""What people call the codes of inspections."""

from collections.abc import Mapping

from common.contracts.reporting.inspections import (
    Comparison,
    Dimension,
    InspectionStatus,
    MeasureKind,
    OfficeKind,
    StratumKind,
    TemplateStatus,
    VisitStatus,
)

DIMENSION_LABELS: Mapping[Dimension, str] = {
    "institution": "机构",
    "staff": "人员",
    "premises": "场地",
    "equipment": "设备",
    "funding": "资金",
    "service": "服务",
    "digital": "信息化",
}
"""The seven of 深府办〔2012〕13号. Source: S2."""
MEASURE_LABELS: Mapping[MeasureKind, str] = {
    "number_vs_declared": "实测与申报比对",
    "number_vs_target": "实测与标准比对",
    "yes_no": "是否达到",
    "graded": "分档评定",
}
TEMPLATE_STATUS_LABELS: Mapping[TemplateStatus, str] = {
    "in_force": "有效",
    "superseded": "已被取代",
    "withdrawn": "已撤回",
}
KIND_LABELS: Mapping[OfficeKind, str] = {"service_office": "服务所", "service_station": "服务站", "bureau": "主管局"}
STRATUM_LABELS: Mapping[StratumKind, str] = {
    "none": "不分层",
    "city": "按地级以上市",
    "cohort": "按建设批次",
    "kind": "按机构类别",
}
INSPECTION_STATUS_LABELS: Mapping[InspectionStatus, str] = {
    "planned": "已制定",
    "drawn": "已抽取",
    "under_way": "检查中",
    "concluded": "检查完毕",
    "published": "已通报",
    "withdrawn": "已撤销",
}
VISIT_STATUS_LABELS: Mapping[VisitStatus, str] = {
    "under_way": "检查中",
    "presented": "已反馈，待陈述和签名",
    "signed_off": "已签字确认",
    "withdrawn": "已撤销",
}
COMPARISON_LABELS: Mapping[Comparison, str] = {
    "agrees": "与申报一致",
    "within_tolerance": "在允许误差之内",
    "contradicts": "与申报不符",
    "undeclared": "未申报",
}
