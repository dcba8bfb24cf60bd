"""Requests and answers of worklists."""

from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from casework.cases.schemas import CaseAnswer
from casework.worklists.domain import COLOUR_LABELS, WorkColour
from casework.worklists.service import BatchAct, Load, Outcome, Task
from common.contracts.casework import ClosingResult
from common.http import AnswerModel, DivisionCode, StrictModel


class TaskAnswer(AnswerModel):
    """待办。"""

    case: CaseAnswer
    colour: WorkColour
    colour_label: str
    remaining_working_days: int | None = Field(description="剩余工作日；已超期为负数；停止计算或没有时限时为空。")

    @classmethod
    def of(cls, task: Task) -> Self:
        """From the use case's answer."""
        return cls(
            case=CaseAnswer.of(task.view),
            colour=task.colour,
            colour_label=COLOUR_LABELS[task.colour],
            remaining_working_days=task.remaining,
        )


class LoadAnswer(AnswerModel):
    """一地的在办件数，含其下级。"""

    place: DivisionCode
    is_own: bool = Field(description="本级机构自己的，不含下级。")
    total: int
    red: int
    yellow: int
    reminder: int
    green: int
    still: int = Field(description="停止计算或没有时限的，已含在绿色之内。")
    registered: int
    supplementing: int

    @classmethod
    def of(cls, load: Load) -> Self:
        """From the use case's answer."""
        members = {name: getattr(load, name) for name in cls.model_fields if name != "green"}
        return cls.model_validate({**members, "green": load.total - load.red - load.yellow - load.reminder})


class LoadsAnswer(AnswerModel):
    """下一级各地的在办件数。"""

    division: DivisionCode
    items: list[LoadAnswer]


class SeenBody(StrictModel):
    """一个办件及所见版本。"""

    id: UUID
    version: int = Field(ge=1, le=2**31 - 1)


class BatchBody(StrictModel):
    """批量操作。"""

    act: BatchAct
    cases: list[SeenBody] = Field(min_length=1, max_length=100)
    result: ClosingResult | None = Field(default=None, description="批量办结时的办结结果；默认为办结。")


class OutcomeAnswer(AnswerModel):
    """一个办件的结果。"""

    id: UUID
    outcome: Literal["done", "refused"]
    outcome_label: str
    version: int | None
    code: str | None = Field(description="未办成的原因代码。")
    title: str | None
    clause: str | None

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """From the use case's answer."""
        refusal = outcome.refusal
        return cls(
            id=outcome.case_id,
            outcome="done" if refusal is None else "refused",
            outcome_label="已办理" if refusal is None else "未办理",
            version=None if outcome.view is None else outcome.view.case.version,
            code=None if refusal is None else refusal.code,
            title=None if refusal is None else refusal.title,
            clause=None if refusal is None else refusal.clause,
        )


class BatchAnswer(AnswerModel):
    """批量操作的逐件结果。"""

    items: list[OutcomeAnswer]
