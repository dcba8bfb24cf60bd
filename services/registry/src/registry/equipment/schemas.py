"""Requests and answers about equipment. Costs are whole fen, of all pieces together."""

from datetime import date
from typing import Annotated, Literal, Self, cast
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.contracts.registry.places import AssetFund, EquipmentCondition, EquipmentKind, EquipmentState
from common.http import IMPERSONAL, AnswerModel, FieldRule, Labelled
from registry.equipment.domain import ASSET_FUND_LABELS, CONDITION_LABELS, KindSummary, kind_labels, kinds_beside
from registry.equipment.service import Coverage, EquipmentChanges, Equipped, NewEquipment
from registry.history.schemas import RecordAnswer, RecordBody, shown

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
CANNOT_BE_NULL = FieldRule("cannot-be-null", "此项不能为空")
Quantity = Annotated[int, Field(ge=1, le=100_000)]
CostFen = Annotated[int, Field(ge=0, le=10**15, description="全部数量的费用，单位：分。")]
Model = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=100), IMPERSONAL]


class EquipmentBody(RecordBody):
    """登记一批同类设备。"""

    office_id: UUID
    kind: EquipmentKind
    model: Model | None = None
    quantity: Quantity
    condition: Literal["working", "faulty"] = "working"
    acquired_on: date = Field(description="购置日期（北京时间）；生效日默认为该日。")
    fund: AssetFund
    aid_grant_id: UUID | None = Field(default=None, description="资金为省补助的必填。")
    cost_fen: CostFen | None = None

    def to_domain(self) -> NewEquipment:
        """For the use case."""
        return NewEquipment(**{name: getattr(self, name) for name in NewEquipment.__annotations__})


class EquipmentPatch(RecordBody):
    """变更一批设备；只填写要变更的内容。报废的仍保留记录。"""

    model: Model | None = None
    quantity: Quantity | None = None
    condition: EquipmentCondition | None = None
    cost_fen: CostFen | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self._changed:
            raise NOTHING_TO_CHANGE.error()
        if any(getattr(self, name) is None for name in self._changed & {"quantity", "condition"}):
            raise CANNOT_BE_NULL.error()
        return self

    @property
    def _changed(self) -> set[str]:
        return set(self.model_fields_set) - {"effective_on", "reason"}

    def to_changes(self) -> EquipmentChanges:
        """Only what is to be changed."""
        return cast("EquipmentChanges", {name: getattr(self, name) for name in self._changed})


class SplitBody(RecordBody):
    """一批设备中的一部分状态改变，另立一条记录；费用按数量分摊。"""

    quantity: Quantity
    condition: EquipmentCondition


class EquipmentAnswer(RecordAnswer):
    """一批同类设备。"""

    kind: str
    kind_label: str
    model: str | None
    quantity: int
    condition: str
    condition_label: str
    acquired_on: date
    fund: str
    fund_label: str
    aid_grant_id: UUID | None
    cost_fen: int | None
    split_from: UUID | None

    @classmethod
    def of(cls, state: EquipmentState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            kind_label=kind_labels().get(state.kind, state.kind),
            condition_label=CONDITION_LABELS[state.condition],
            fund_label=ASSET_FUND_LABELS[state.fund],
        )


class SplitAnswer(AnswerModel):
    """拆分后的两条记录。"""

    remaining: EquipmentAnswer
    part: EquipmentAnswer


class KindSummaryAnswer(AnswerModel):
    """一个机构一类设备的数量。"""

    kind: str
    kind_label: str
    quantity: int = Field(description="不含报废。")
    working: int
    faulty: int
    scrapped: int
    is_required: bool
    is_missing: bool = Field(description="应配备而没有一件完好。")
    clause: str = "O2.3"

    @classmethod
    def of(cls, one: KindSummary) -> Self:
        """From the summary."""
        return cls(
            kind=one.kind,
            kind_label=kind_labels().get(one.kind, one.kind),
            quantity=one.quantity,
            working=one.working,
            faulty=one.faulty,
            scrapped=one.scrapped,
            is_required=one.is_required,
            is_missing=one.is_missing,
        )


class LackingAnswer(AnswerModel):
    """缺一类设备的机构数。"""

    kind: str
    kind_label: str
    office_count: int


class IncompleteAnswer(AnswerModel):
    """设备未配齐的一个机构。"""

    office_id: UUID
    office_name: str
    division: str
    missing: list[Labelled]
    clause: str = "O2.3"

    @classmethod
    def of(cls, one: Equipped, *, on: date) -> Self:
        """From the office and the kinds that work there, by the list of a day."""
        labels = kind_labels()
        missing = [Labelled(code=kind, label=labels.get(kind, kind)) for kind in kinds_beside(one.working, on)]
        return cls(office_id=one.id, office_name=one.name, division=one.division, missing=missing)


class CoverageAnswer(AnswerModel):
    """一个区划内运行中的乡镇（街道）机构的设备配备情况。"""

    division: str | None
    on: date
    rules_on: date
    office_count: int
    complete_count: int
    lacking: list[LackingAnswer]
    clause: str = "O2.3"

    @classmethod
    def of(cls, coverage: Coverage, *, division: str | None, on: date, rules_on: date) -> Self:
        """From the count."""
        labels = kind_labels()
        return cls(
            division=division,
            on=on,
            rules_on=rules_on,
            office_count=coverage.offices,
            complete_count=coverage.complete,
            lacking=[
                LackingAnswer(kind=kind, kind_label=labels.get(kind, kind), office_count=count)
                for kind, count in coverage.lacking.items()
            ],
        )
