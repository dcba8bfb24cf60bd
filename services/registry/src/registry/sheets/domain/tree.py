"""Columns of divisions and of the naming report. Pure."""

from collections.abc import Sequence
from typing import Any

from common.divisions import LEVEL_LABELS, Level
from registry.division_changes.domain import CHANGE_LABELS
from registry.divisions.domain import KIND_LABELS
from registry.offices.domain import NEEDS_DECISION, unnamed_reason_labels
from registry.offices.naming import Unnamed, UnnamedReason
from registry.sheets.domain.cells import Choice, Day, Digits, Flag, Identifier, Text, Whole
from registry.sheets.domain.columns import ID_COLUMN, VERSION_COLUMN, Column, shown_only

CODE = Digits(12, is_division=True)
LEVEL = Choice({level.value: label for level, label in LEVEL_LABELS.items()})


def _unnamed(row: Any) -> Unnamed:
    return Unnamed(row.code, Level(row.level), row.division_name, UnnamedReason(row.reason))


DIVISIONS: Sequence[Column] = (
    shown_only("code", "区划代码", CODE),
    shown_only("level", "层级", LEVEL),
    shown_only("name", "名称", Text()),
    shown_only("kind", "类别", Choice({kind.value: label for kind, label in KIND_LABELS.items()})),
    shown_only("parent_code", "上级区划代码", CODE),
    shown_only("valid_from", "有效起始日", Day()),
    shown_only("valid_to", "失效日", Day()),
    VERSION_COLUMN,
)
DIVISION_CHANGES: Sequence[Column] = (
    ID_COLUMN,
    VERSION_COLUMN,
    shown_only("kind", "调整类别", Choice({kind.value: label for kind, label in CHANGE_LABELS.items()})),
    shown_only("division", "区划代码", CODE),
    shown_only("level", "层级", LEVEL),
    shown_only("effective_on", "生效日期", Day()),
    shown_only("document", "批准文件", Text()),
    shown_only("ended", "废止代码数", Whole(), read=lambda row: len(row.ended)),
    shown_only("begun", "启用代码数", Whole(), read=lambda row: len(row.begun)),
    shown_only("revised", "代码不变而更新的区划数", Whole(), read=lambda row: len(row.revised)),
)
NAMING_REPORTS: Sequence[Column] = (
    shown_only("code", "区划代码", CODE),
    shown_only("level", "层级", LEVEL),
    shown_only("division_name", "区划名称", Text()),
    shown_only("reason", "原因", Choice({reason.value: label for reason, label in unnamed_reason_labels().items()})),
    shown_only("clause", "条款", Text(), read=lambda row: _unnamed(row).clause),
    shown_only(
        "needs_decision",
        "等待核定",
        Flag(),
        read=lambda row: UnnamedReason(row.reason) in NEEDS_DECISION and row.office_id is None,
    ),
    shown_only("reported_on", "报告日期", Day()),
    shown_only("office_id", "已设机构编号", Identifier()),
)
