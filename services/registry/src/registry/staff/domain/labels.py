"""Codes of people's records and what they are called."""

from collections.abc import Mapping

STAFF_TYPE_LABELS: Mapping[str, str] = {
    "establishment": "在编",
    "purchased_service": "政府购买服务",
    "public_welfare_post": "公益性岗位",
    "full_time": "专职",
    "part_time": "兼职",
    "committee_part_time": "村（居）委会人员兼职",
    "seconded": "借调",
    "other": "其他",
}
PRIORITY_GROUP_LABELS: Mapping[str, str] = {
    "three_supports": "“三支一扶”人员",
    "graduate_village_official": "大学生村官",
}
RECRUITMENT_METHOD_LABELS: Mapping[str, str] = {
    "open_examination": "公开考试",
    "open_interview": "公开面试",
    "assignment": "安置或分配",
    "transfer": "调任",
}
RECRUITMENT_STATUS_LABELS: Mapping[str, str] = {"published": "已公告", "closed": "已结束", "cancelled": "已取消"}
EDUCATION_LABELS: Mapping[str, str] = {
    "junior_secondary": "初中及以下",
    "senior_secondary": "高中（中专）",
    "college": "大专",
    "bachelor": "本科",
    "master": "研究生",
}
"""From the lowest to the highest; a standard asks for one of them or more."""

QUALIFICATION_LABELS: Mapping[str, str] = {
    "min_age": "未达最低年龄",
    "max_age": "超过最高年龄",
    "education": "学历不足",
    "certificate": "缺少证书",
}
"""What may be missing against a standard."""
