"""The base of every answer about a record, and how a list and a history of records are asked for."""

from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import Field

from common.contracts.registry.record import RecordState
from common.divisions import LEVEL_LABELS, Level
from common.http import IMPERSONAL, AnswerModel, DivisionCode, StrictModel
from registry.deps import IsoDay
from registry.history.repository import Wanted

A = TypeVar("A", bound="RecordAnswer")
Reason = Annotated[str, Field(min_length=2, max_length=500, description="理由，不得填写个人信息。"), IMPERSONAL]


class RecordBody(StrictModel):
    """变更的共同部分。"""

    effective_on: date | None = Field(default=None, description="自该日（北京时间）起为此状态；默认今天。")
    reason: Reason | None = None


class RecordAnswer(AnswerModel):
    """一条记录的共同部分。"""

    id: UUID
    version: int
    office_id: UUID
    division: str
    level: Level
    level_label: str
    effective_on: date


def common_fields(state: RecordState) -> dict[str, object]:
    """The fields of RecordAnswer out of a state."""
    values = {name: getattr(state, name) for name in RecordAnswer.model_fields if name != "level_label"}
    return {**values, "level_label": LEVEL_LABELS[state.level]}


def shown(answer: type[A], state: RecordState, **more: object) -> A:
    """The answer with everything of the state that it has a place for, and what else is given."""
    members = {name: getattr(state, name) for name in answer.model_fields if hasattr(state, name)}
    return answer.model_validate({**members, **common_fields(state), **more})


def wanted_records(
    office_id: Annotated[UUID | None, Query(description="只列该机构的。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
    on: Annotated[IsoDay | None, Query(description="按该日（北京时间）的情况；默认现在。")] = None,
) -> Wanted:
    """Which records a list shows; a dependency of every list of records."""
    return Wanted(office_id=office_id, within=division, on=on)
