"""Columns of offices. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.offices.domain import (
    FORM_LABELS,
    LEGAL_NATURE_LABELS,
    MANAGEMENT_MODE_LABELS,
    OFFICE_KIND_LABELS,
    OFFICE_PHONE,
    PROVISION_MODE_LABELS,
    STATUS_LABELS,
)
from registry.premises.domain import duty_labels
from registry.sheets.domain.cells import Choice, Choices, Day, Digits, Identifier, Text
from registry.sheets.domain.columns import ID_COLUMN, VERSION_COLUMN, Column, shown_only
from registry.sheets.domain.tree import CODE, LEVEL

PHONE = Text(30, 5, OFFICE_PHONE, "办公电话，带区号的固定电话、手机或 12333 一类的服务号码", is_number=True)
REASON = Column(
    "reason", "变更理由", Text(500, 2), "变更状态时必填；不得填写个人信息", is_asked_only=True, read=lambda _: None
)
DOCUMENT = Column(
    "document", "变更依据文号", Text(200, 2), "变更管理体制时必填", is_asked_only=True, read=lambda _: None
)


def _choice(labels: Mapping[Any, str]) -> Choice:
    return Choice({str(code): label for code, label in labels.items()})


def _approval(row: Any) -> Any:
    """States of the past do not tell it."""
    return getattr(row, "name_approval_document", None)


OFFICES: Sequence[Column] = (
    ID_COLUMN,
    VERSION_COLUMN,
    Column("division", "区划代码", CODE, "机构所在区划的12位代码", is_required=True, is_fixed=True),
    shown_only("level", "层级", LEVEL),
    shown_only("kind", "机构类别", _choice(OFFICE_KIND_LABELS)),
    Column("name", "机构名称", Text(200, 2), "统一命名；不一致的须填写批准文号和理由", is_required=True),
    Column("name_approval_document", "命名批准文号", Text(200, 2), "随机构名称一并填写", read=_approval),
    Column("name_approval_reason", "命名批准理由", Text(500, 2), "随机构名称一并填写", read=lambda _: None),
    Column(
        "status",
        "状态",
        _choice(STATUS_LABELS),
        "新增机构留空即为运行",
    ),
    Column("phone", "办公电话", PHONE),
    Column("form", "设置形式", _choice(FORM_LABELS)),
    Column("platform", "所在平台或社区服务中心", Text(200, 2)),
    Column("legal_nature", "法人性质", _choice(LEGAL_NATURE_LABELS)),
    Column("uscc", "统一社会信用代码", Digits(18)),
    Column("management_mode", "管理体制", _choice(MANAGEMENT_MODE_LABELS)),
    Column("provision_mode", "服务提供方式", _choice(PROVISION_MODE_LABELS)),
    Column("duties", "承担职责", Choices(duty_labels())),
    Column("sign_version", "标识版本", Text(50)),
    Column("sign_photo", "标识照片", Text(200, 2), "照片的档案编号"),
    Column("sign_installed_on", "标识安装日期", Day()),
    shown_only("merged_into", "并入机构编号", Identifier()),
    shown_only("leadership_division", "领导关系区划", CODE),
    shown_only("guidance_division", "业务指导区划", CODE),
    shown_only("valid_from", "设立日期", Day()),
    shown_only("valid_to", "撤销日期", Day(), help="不再有效的第一天"),
    shown_only("effective_on", "状态生效日期", Day()),
    DOCUMENT,
    REASON,
)
