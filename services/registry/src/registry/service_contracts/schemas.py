"""Requests and answers about purchases of services. Amounts are whole fen."""

from datetime import date
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.clock import today
from common.contracts.registry.offices import ServiceContractState
from common.http import IMPERSONAL, FieldRule
from registry.history.schemas import RecordAnswer, RecordBody, shown
from registry.service_contracts.domain import ACCEPTANCE_LABELS, runs_on
from registry.service_contracts.service import Acceptance, ContractFacts, Ground

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
CANNOT_BE_NULL = FieldRule("cannot-be-null", "此项不能为空")
MAX_FEN = 10**13
Text = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]
Uscc = Annotated[str, Field(min_length=1, max_length=40, description="承接方统一社会信用代码。")]
Amount = Annotated[int, Field(ge=0, le=MAX_FEN, description="合同金额，单位：分。")]
_NEVER_NULL = frozenset({"provider", "starts_on", "ends_on", "amount_fen"})


class _GroundBody(RecordBody):
    """变更的生效日和理由。"""

    def to_ground(self) -> Ground:
        """For the use case."""
        return Ground(self.effective_on or today(), self.reason)


class ContractBody(_GroundBody):
    """登记一份购买服务合同。"""

    office_id: UUID
    provider: Text
    provider_uscc: Uscc | None = None
    starts_on: date
    ends_on: date
    amount_fen: Amount
    document: Text | None = None

    def to_facts(self) -> ContractFacts:
        """For the use case."""
        return cast("ContractFacts", {name: getattr(self, name) for name in _FACTS if name in type(self).model_fields})


class ContractPatch(_GroundBody):
    """变更一份未验收的合同；`terminated_on` 为不再履行的第一日。"""

    provider: Text | None = None
    provider_uscc: Uscc | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    amount_fen: Amount | None = None
    document: Text | None = None
    terminated_on: date | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        named = self.model_fields_set & set(_FACTS)
        if not named:
            raise NOTHING_TO_CHANGE.error()
        if any(getattr(self, name) is None for name in named & _NEVER_NULL):
            raise CANNOT_BE_NULL.error()
        return self

    def to_facts(self) -> ContractFacts:
        """Only what was named."""
        return cast("ContractFacts", {name: getattr(self, name) for name in self.model_fields_set & set(_FACTS)})


class AcceptanceBody(_GroundBody):
    """验收；只能一次。"""

    acceptance: Acceptance
    accepted_on: date


class ContractAnswer(RecordAnswer):
    """一份购买服务合同。"""

    provider: str
    provider_uscc: str | None
    starts_on: date
    ends_on: date
    terminated_on: date | None
    amount_fen: int
    document: str | None
    acceptance: str | None
    acceptance_label: str | None
    accepted_on: date | None
    is_running: bool = Field(description="今日是否在履行期内。")

    @classmethod
    def of(cls, state: ServiceContractState) -> Self:
        """From the record."""
        label = None if state.acceptance is None else ACCEPTANCE_LABELS[state.acceptance]
        return shown(cls, state, acceptance_label=label, is_running=runs_on(state, today()))


_FACTS = tuple(ContractFacts.__annotations__)
