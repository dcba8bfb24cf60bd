"""Requests and answers about changes of divisions."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.contracts.registry import DivisionChangeState
from common.divisions import LEVEL_LABELS, Level
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from registry.division_changes.domain import CHANGE_LABELS, Change, ChangeKind, Target
from registry.division_changes.models import DivisionChange

MAX_CODES = 200
MAX_RECODES = 5_000
Document = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=200, pattern=r"^[^\x00]+$", description="批准文号。"),
    IMPERSONAL,
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$"),
    IMPERSONAL,
]


class TargetBody(StrictModel):
    """调整后的一个区划；不写名称即沿用原名。"""

    code: DivisionCode
    name: Name | None = None


class DivisionChangeBody(StrictModel):
    """一次区划调整（民政部令第79号）。

    设立：只有 targets；撤销：一个 source；变更隶属：一个 source、一个新代码；更名：同一代码的新名称；
    界线：只有 sources；合并：多个 sources、一个 target（其中之一的代码或新代码）；拆分：一个 source、多个 targets。
    """

    kind: ChangeKind = Field(strict=False)
    effective_on: date = Field(description="新区划的第一天（北京时间），不晚于今天。")
    document: Document
    sources: Annotated[list[DivisionCode], Field(max_length=MAX_CODES)] = Field(
        default_factory=list, description="调整前的代码。"
    )
    targets: Annotated[list[TargetBody], Field(max_length=MAX_CODES)] = Field(
        default_factory=list, description="调整后的区划。"
    )
    recode: Annotated[dict[DivisionCode, DivisionCode], Field(max_length=MAX_RECODES)] = Field(
        default_factory=dict, description="下级区划的新代码；未列的沿用自身各位，前段随上级。"
    )
    heir: DivisionCode | None = Field(default=None, description="承接原服务机构的区划。")

    def to_domain(self) -> Change:
        """For the use case."""
        return Change(
            kind=self.kind,
            effective_on=self.effective_on,
            document=self.document,
            sources=tuple(self.sources),
            targets=tuple(Target(one.code, one.name) for one in self.targets),
            recode=self.recode,
            heir=self.heir,
        )


class DivisionChangeAnswer(AnswerModel):
    """一次区划调整及其结果。"""

    id: UUID
    version: int
    kind: ChangeKind
    kind_label: str
    division: str = Field(description="包含全部有关区划的最小区划。")
    level: Level
    level_label: str
    effective_on: date
    document: str
    ended: list[str] = Field(description="废止的代码，含下级。")
    begun: list[str] = Field(description="启用的代码，含下级。")
    revised: list[str] = Field(description="代码不变而状态更新的区划。")
    successors: dict[str, list[str]] = Field(description="废止的代码由何者承接，主要承接者在前；空即无人承接。")
    recorded_at: BeijingTime | None = Field(description="登记时间；刚登记的回答中为 null。")

    @classmethod
    def of_state(cls, state: DivisionChangeState) -> Self:
        """What has just been done."""
        return cls._of(state, None)

    @classmethod
    def of(cls, row: DivisionChange) -> Self:
        """From the row."""
        return cls._of(DivisionChangeState.model_validate(row.state, strict=False), row.recorded_at)

    @classmethod
    def _of(cls, state: DivisionChangeState, recorded_at: BeijingTime | None) -> Self:
        kind = ChangeKind(state.kind)
        return cls(
            id=state.id,
            version=state.version,
            kind=kind,
            kind_label=CHANGE_LABELS[kind],
            division=state.division,
            level=state.level,
            level_label=LEVEL_LABELS[state.level],
            effective_on=state.effective_on,
            document=state.document,
            ended=list(state.ended),
            begun=list(state.begun),
            revised=list(state.revised),
            successors={code: list(codes) for code, codes in state.successors.items()},
            recorded_at=recorded_at,
        )
