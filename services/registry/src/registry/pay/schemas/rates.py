"""Rates in requests and answers."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from common.contracts.casework import Duty
from common.contracts.registry.money import PayRateState
from common.http import DivisionCode, StrictModel
from registry.history.schemas import RecordAnswer, common_fields
from registry.pay.schemas.fields import Document, Fen, Reason
from registry.pay.service import NewRate


class RateBody(StrictModel):
    """一项任务的报酬标准；事项、职责都不填的适用于全部任务。"""

    office_id: UUID = Field(description="乡镇（街道）服务所。")
    station_division: DivisionCode | None = Field(default=None, description="只适用于该村（社区）的服务站。")
    item_code: Annotated[str, Field(min_length=1, max_length=31, pattern=r"^[A-Za-z0-9._-]+$")] | None = None
    duty: Duty | None = None
    fen_per_task: Fen
    valid_from: date
    valid_to: date | None = Field(default=None, description="不再适用的第一天。")
    document: Document
    reason: Reason | None = None

    def to_domain(self) -> NewRate:
        """For the use case."""
        return NewRate(**{name: getattr(self, name) for name in NewRate.__dataclass_fields__})


class RatePatch(StrictModel):
    """报酬标准不再适用的第一天；为 null 表示继续适用。"""

    valid_to: date | None
    reason: Reason | None = None


class RateAnswer(RecordAnswer):
    """一项报酬标准。"""

    station_division: str | None
    item_code: str | None
    duty: Duty | None
    fen_per_task: int
    valid_from: date
    valid_to: date | None
    document: str
    station_office_ids: tuple[UUID, ...] | None = Field(
        description="只适用于这些服务站；区划代码变更后仍为同一服务站。为 null 的适用于全部服务站。"
    )
    absorbed_on: date | None = Field(description="原乡镇（街道）并入其他乡镇（街道）之日；自该日起不再适用。")

    @classmethod
    def of(cls, state: PayRateState) -> Self:
        """From the state."""
        own = {name: getattr(state, name) for name in cls.model_fields if name in PayRateState.model_fields}
        return cls.model_validate({**own, **common_fields(state)})
