"""What is measured of offices: codes, Chinese names, units. Pure.

A measure is `<kind>.<what>`: the kind of office first, because the policy asks different things of a town's office, a
village's station and a bureau. Beside the sum of a figure stands `….known`, how many offices have told it, and for
ratios `<figure>@<base>`, the sum over those that have told the base as well: who has told one half of a ratio only is
unknown, and weighs on neither side.
"""

from collections.abc import Mapping

from common.contracts.registry.offices import OfficeKind

KIND_CODES: Mapping[OfficeKind, str] = {"service_office": "office", "service_station": "station", "bureau": "bureau"}
KIND_LABELS: Mapping[str, str] = {"office": "服务所", "station": "服务站", "bureau": "主管局"}

FIGURE_LABELS: Mapping[str, tuple[str, str]] = {
    "floor_area_counted": ("计入的建筑面积", "平方分米"),
    "floor_area_own": ("独用建筑面积", "平方分米"),
    "floor_area_shared": ("共用建筑面积", "平方分米"),
    "public_windows": ("对外服务窗口", "个"),
    "windows": ("窗口", "个"),
    "equipment_kinds_present": ("有实物的设备类别", "类"),
    "equipment_kinds_working": ("可用的设备类别", "类"),
    "staff_total": ("工作人员", "人"),
    "staff_trained": ("近期受训人员", "人"),
    "posts": ("岗位", "个"),
    "posts_multi_duty": ("一岗多责的岗位", "个"),
    "established_posts": ("编制", "名"),
    "served_persons": ("服务对象", "人"),
    "residents": ("常住人口", "人"),
    "area_hectares": ("辖区面积", "公顷"),
    "employers": ("用人单位", "家"),
    "required_staff_low": ("应配人员下限", "人"),
    "required_staff_high": ("应配人员上限", "人"),
    "duties_covered": ("承担的职责", "项"),
    "sign_installed": ("已装统一标识", "个"),
    "in_county_budget": ("经费列入预算", "个"),
    "budget_amount_fen": ("预算工作经费", "分"),
    "purchase_contract": ("有执行中的购买服务合同", "个"),
    "purchase_contract_fen": ("购买服务合同金额", "分"),
    "town_supplement": ("有乡镇补助", "个"),
    "town_supplement_fen": ("乡镇补助", "分"),
    "aid_granted_fen": ("欠发达地区补助", "分"),
    "aid_spent_fen": ("欠发达地区补助支出", "分"),
    "shared_systems": ("共用信息资源", "个"),
    "community_centre": ("可结合社区服务中心", "个"),
}
"""Figures of the registry's readiness, by code; others (staff by type, pieces by kind) are summed up all the same."""

PAIRS: tuple[tuple[str, str], ...] = (
    ("staff_total", "served_persons"),
    ("staff_total", "residents"),
    ("floor_area_counted", "served_persons"),
    ("public_windows", "served_persons"),
    ("public_windows", "staff_total"),
    ("staff_trained", "staff_total"),
    ("posts_multi_duty", "posts"),
    ("aid_spent_fen", "aid_granted_fen"),
    ("budget_amount_fen", "staff_total"),
    ("baseline_staff", "baseline_served_persons"),
)
"""Figures whose ratio is asked for: both are summed once more over the offices that have told both."""
