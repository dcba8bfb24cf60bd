"""Rosters of public employees in requests and answers: numbers come in, counts, days and documents go out."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from common.contracts.registry.people import PublicEmployeeState
from common.http import AnswerModel, StrictModel
from registry.history.schemas import RecordAnswer, shown
from registry.pay.schemas.fields import Document
from registry.pay.service import RosterEntry


class RosterEntryBody(StrictModel):
    """名册上的一人。"""

    id_number: Annotated[str, Field(min_length=1, max_length=40, repr=False, description="公民身份号码；不保存。")]
    employed_from: date
    employed_to: date | None = Field(
        default=None, description="不再任职的第一天；为 null 表示在任；与起始日期相同表示原条目有误。"
    )


class RosterBody(StrictModel):
    """一份公职人员名册。身份号码在本级转换为假名，不保存、不外传。"""

    office_id: UUID = Field(description="报送名册的主管部门。")
    document: Document
    entries: Annotated[list[RosterEntryBody], Field(min_length=1, max_length=5000)]

    def to_entries(self) -> list[RosterEntry]:
        """For the use case."""
        return [RosterEntry(one.id_number, one.employed_from, one.employed_to) for one in self.entries]


class RosterAnswer(AnswerModel):
    """导入了多少条。"""

    received: int
    changed: int = Field(description="新增或变更的条目数。")


class PublicEmployeeEnding(StrictModel):
    """名册条目的终止。"""

    employed_to: date = Field(description="不再任职的第一天；与起始日期相同表示原条目有误。")
    document: Document


class PublicEmployeeAnswer(RecordAnswer):
    """公职人员名册的一个条目；不指明何人。"""

    employed_from: date
    employed_to: date | None
    document: str

    @classmethod
    def of(cls, state: PublicEmployeeState) -> Self:
        """From the state; the pseudonym stays inside."""
        return shown(cls, state)
