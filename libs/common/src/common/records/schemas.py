"""The base of every answer about a record, and how lists of them are asked for."""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import Field

from common.contracts.record import StoredState
from common.divisions import LEVEL_LABELS, Level
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode
from common.records.repository import Wanted

A = TypeVar("A", bound="RecordAnswer")
Reason = Annotated[str, Field(min_length=2, max_length=500, description="理由，不得填写个人信息。"), IMPERSONAL]


class RecordAnswer(AnswerModel):
    """一条记录的共同部分。"""

    id: UUID
    version: int
    office_id: UUID | None
    division: str
    level: Level
    level_label: str
    changed_at: BeijingTime


def shown(answer: type[A], state: StoredState, **more: object) -> A:
    """The answer with everything of the state that it has a place for, and what else is given."""
    members = {name: getattr(state, name) for name in answer.model_fields if hasattr(state, name)}
    return answer.model_validate({**members, "level_label": LEVEL_LABELS[state.level], **more})


def wanted_records(
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
) -> Wanted:
    """Which records a list shows; a dependency of lists of records."""
    return Wanted(within=division)
