"""Requests and answers about definitions."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.clock import today
from common.contracts.reporting.indicators import Dimension, Direction, IndicatorSpec, IndicatorTerm, TermSource
from common.http import IMPERSONAL, AnswerModel, StrictModel
from reporting.indicators.catalogue import DIMENSION_LABELS, DIRECTION_LABELS, SOURCE_LABELS
from reporting.indicators.domain import Definition
from reporting.standings.schemas import measure_label
from reporting.statistics.domain import MEASURES

Words = Annotated[str, StringConstraints(strip_whitespace=True), IMPERSONAL]


class TermBody(StrictModel):
    """一个加项。"""

    source: TermSource = Field(
        default="standings",
        description="standings 机构现状，figures 办件统计，directory 机构名册，programme 建设任务名单。",
    )
    measure: str = Field(
        pattern=r"^[a-z][a-z0-9_.@]*$", max_length=120, description="数据项编码，见 /standings/measures。"
    )
    sign: int = Field(default=1, ge=-1, le=1, description="1 加，-1 减。")

    def to_term(self) -> IndicatorTerm:
        """For the use case."""
        return IndicatorTerm.model_validate({"source": self.source, "measure": self.measure, "sign": self.sign or 1})


Terms = Annotated[list[TermBody], Field(max_length=12)]


class IndicatorBody(StrictModel):
    """一个指标的定义。"""

    code: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)
    name: Words = Field(min_length=2, max_length=60)
    dimension: Dimension
    numerator: Annotated[list[TermBody], Field(min_length=1, max_length=12)]
    denominator: Terms = Field(default=[])
    expected: Terms = Field(default=[], description="应有数：涉及多少机构；与 known 一并给出。")
    known: Terms = Field(default=[], description="已知数：其中多少机构有数据；其余为未知，不按零计。")
    baseline_numerator: Terms = Field(default=[], description="现状调查所见的分子（S3）。")
    baseline_denominator: Terms = Field(default=[], description="现状调查所见的分母。")
    factor: int = Field(default=1, ge=1, le=1_000_000, description="倍数：百分比为 100，每万人为 10000。")
    divisor: int = Field(default=1, ge=1, le=1_000_000, description="单位换算：平方分米换平方米为 100。")
    unit: Words = Field(min_length=1, max_length=20)
    decimals: int = Field(default=0, ge=0, le=6)
    direction: Direction = "none"
    range_low: int | None = None
    range_high: int | None = None
    cohort: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,40}:[A-Za-z0-9-]{1,20}$")
    window_months: int = Field(default=12, ge=1, le=60)
    clause: str = Field(min_length=2, max_length=20)
    document: Words = Field(min_length=2, max_length=100)
    note: Words = Field(default="", max_length=500)
    effective_on: date | None = Field(default=None, description="自该日（北京时间）起适用；默认今天。")
    reason: Words = Field(min_length=2, max_length=500)

    def to_spec(self) -> IndicatorSpec:
        """For the use case."""
        values = self.model_dump(exclude={"effective_on", "reason"})
        for name in _PARTS:
            values[name] = tuple(term.to_term() for term in getattr(self, name))
        return IndicatorSpec.model_validate(values)

    def to_day(self) -> date:
        """From when."""
        return self.effective_on or today()


_PARTS = ("numerator", "denominator", "expected", "known", "baseline_numerator", "baseline_denominator")


class IndicatorWithdrawal(StrictModel):
    """停用一个指标。"""

    effective_on: date | None = Field(default=None, description="自该日（北京时间）起停用；默认今天。")
    reason: Words = Field(min_length=2, max_length=500)

    def to_day(self) -> date:
        """From when."""
        return self.effective_on or today()


_OTHERS = {
    "expected": "名册中运行的机构",
    "office": "名册中运行的服务所",
    "station": "名册中运行的服务站",
    "place_days": "应报办件的机构日",
    "reported_days": "已报办件的机构日",
    "members": "名单中的乡镇（街道）",
    **MEASURES,
}


def _label(term: IndicatorTerm) -> str:
    if term.source == "standings":
        return measure_label(term.measure)
    return _OTHERS.get(term.measure, term.measure)


class TermView(AnswerModel):
    """一个加项。"""

    source: TermSource
    source_label: str
    measure: str
    measure_label: str
    sign: int

    @classmethod
    def of(cls, term: IndicatorTerm) -> Self:
        """From the term."""
        return cls(
            source=term.source,
            source_label=SOURCE_LABELS[term.source],
            measure=term.measure,
            measure_label=_label(term),
            sign=term.sign,
        )


class IndicatorView(AnswerModel):
    """一个指标的一个版本。"""

    code: str
    name: str
    dimension: Dimension
    dimension_label: str
    unit: str
    decimals: int
    factor: int
    divisor: int
    direction: Direction
    direction_label: str
    range_low: int | None
    range_high: int | None
    cohort: str | None
    window_months: int
    clause: str
    document: str
    note: str
    numerator: list[TermView]
    denominator: list[TermView]
    expected: list[TermView] = Field(description="空：名册中运行的机构；办件类指标为应报办件的机构日。")
    known: list[TermView] = Field(description="空：本层级已知其运行的机构；办件类指标为已报办件的机构日。")
    baseline_numerator: list[TermView]
    baseline_denominator: list[TermView]
    number: int = Field(description="版本号，自 1 起。")
    effective_on: date
    is_withdrawn: bool
    record_id: UUID | None = Field(description="省级增订版本的记录编号；随系统发布的为 null。")
    record_version: int | None

    @classmethod
    def of(cls, found: Definition) -> Self:
        """From the definition."""
        spec = found.spec
        values = {name: getattr(spec, name) for name in cls.model_fields if hasattr(spec, name) and name not in _PARTS}
        parts = {name: [TermView.of(term) for term in getattr(spec, name)] for name in _PARTS}
        return cls.model_validate(
            {
                **values,
                **parts,
                "dimension_label": DIMENSION_LABELS[spec.dimension],
                "direction_label": DIRECTION_LABELS[spec.direction],
                "number": found.number,
                "effective_on": found.effective_on,
                "is_withdrawn": found.is_withdrawn,
                "record_id": found.record_id,
                "record_version": found.record_version,
            }
        )


class IndicatorsAnswer(AnswerModel):
    """某日的全部指标，或一个指标的全部版本。"""

    on: date | None
    indicators: list[IndicatorView]
