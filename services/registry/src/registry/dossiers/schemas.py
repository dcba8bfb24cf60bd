"""Answers about dossiers."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from common.contracts.registry import OfficeState, RecordState, record_of
from common.http import AnswerModel, BeijingTime
from registry.history.service import Step

OF_PERSONS = frozenset({"pseudonym", "person_id", "account"})
"""Members that lead from a record to a person. Source: O1.4g; standards.md §9."""


class DossierEntry(AnswerModel):
    """机构的一条记录在该日的全部内容。"""

    record: str = Field(description="记录类别；`state` 的结构见同名事件的 JSON Schema。")
    record_label: str
    id: UUID
    version: int
    effective_on: date | None
    state: dict[str, Any]

    @classmethod
    def of(cls, state: RecordState | OfficeState) -> Self:
        """From the state."""
        record = record_of(type(state))
        return cls(
            record=record.name,
            record_label=record.title.removesuffix("变动"),
            id=state.id,
            version=state.version,
            effective_on=state.effective_on,
            state=_impersonal(state.model_dump(mode="json")),
        )


class Dossier(AnswerModel):
    """机构档案：该日的机构、场地、设备、人员、经费、达标情况。"""

    office_id: UUID
    on: date
    entries: list[DossierEntry]

    @classmethod
    def of(cls, office_id: UUID, on: date, states: Iterable[RecordState | OfficeState]) -> Self:
        """From the states of the day, the office itself first."""
        entries = [DossierEntry.of(state) for state in states]
        return cls(
            office_id=office_id,
            on=on,
            entries=sorted(entries, key=lambda one: (one.record != "registry.office", one.record, one.id)),
        )


class TimelineEntry(AnswerModel):
    """曾经写入的一个状态。"""

    record: str
    record_label: str
    id: UUID
    version: int
    effective_on: date
    recorded_at: BeijingTime
    state: dict[str, Any]

    @classmethod
    def of(cls, step: Step) -> Self:
        """From the history."""
        return cls(
            record=step.record,
            record_label=step.title,
            id=step.id,
            version=step.version,
            effective_on=step.effective_on,
            recorded_at=step.recorded_at,
            state=_impersonal(step.state),
        )


def _impersonal(value: Any) -> Any:
    """The same JSON value without what leads to a person, at any depth."""
    if isinstance(value, dict):
        return {name: _impersonal(part) for name, part in value.items() if name not in OF_PERSONS}
    return [_impersonal(part) for part in value] if isinstance(value, list) else value
