"""Answers about divisions."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel
from registry.data.rows import KIND_LABELS, DivisionKind
from registry.divisions.models import Division


class DivisionAnswer(AnswerModel):
    """一个行政区划在一段时间内的状态。"""

    id: UUID
    code: str
    level: Level
    level_label: str
    name: str
    kind: DivisionKind
    kind_label: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    version: int
    predecessors: list[str] = Field(description="此状态开始时，其范围来自哪些代码；含自身即代码不变。")
    successors: list[str] = Field(description="此状态结束时，由哪些代码承接，主要承接者在前。")
    change_id: UUID | None = Field(description="形成此状态的区划调整；初始数据为 null。")

    @classmethod
    def of(cls, division: Division) -> Self:
        """From the row."""
        level, kind = Level(division.level), DivisionKind(division.kind)
        return cls(
            id=division.id,
            code=division.code,
            level=level,
            level_label=LEVEL_LABELS[level],
            name=division.name,
            kind=kind,
            kind_label=KIND_LABELS[kind],
            parent_code=division.parent_code,
            valid_from=division.valid_from,
            valid_to=division.valid_to,
            version=division.version,
            predecessors=division.predecessors or [],
            successors=division.successors or [],
            change_id=division.change_id,
        )


class DivisionPath(AnswerModel):
    """一个区划及其全部上级：自身在前，省在后；不设县级的市直接管镇街。"""

    items: list[DivisionAnswer]


class DivisionList(AnswerModel):
    """若干区划，主要承接者在前。"""

    items: list[DivisionAnswer]
