"""Requests and answers about delegated powers."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.clock import today
from common.contracts.casework import Duty
from common.contracts.registry.offices import DelegationState
from common.http import IMPERSONAL, DivisionCode
from registry.delegations.domain import holds_on
from registry.delegations.service import NewDelegation
from registry.history.schemas import RecordAnswer, RecordBody, shown
from registry.offices.domain import duty_options

Text = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]


class DelegationBody(RecordBody):
    """登记一项下放事权。"""

    office_id: UUID
    power: Annotated[Text, Field(description="事权名称。")]
    duty: Duty
    from_division: Annotated[DivisionCode, Field(description="下放事权的县（不设县的为市）。")]
    starts_on: date
    document: Annotated[Text, Field(description="下放事权的文号。")]

    def to_domain(self) -> NewDelegation:
        """For the use case."""
        return NewDelegation(self.office_id, self.power, self.duty, self.from_division, self.starts_on, self.document)


class DelegationEnding(RecordBody):
    """收回一项下放事权；只能一次。"""

    until: Annotated[date, Field(description="不再行使的第一日。")]


class DelegationAnswer(RecordAnswer):
    """一项下放事权。"""

    power: str
    duty: str
    duty_label: str
    from_division: str
    starts_on: date
    until: date | None
    document: str
    is_held: bool = Field(description="今日是否行使。")

    @classmethod
    def of(cls, state: DelegationState) -> Self:
        """From the record."""
        labels = {option.code: option.label for option in duty_options(state.starts_on)}
        return shown(cls, state, duty_label=labels.get(state.duty, state.duty), is_held=holds_on(state, today()))
