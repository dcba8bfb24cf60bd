"""Answers with values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.indicators import Dimension, Direction, IndicatorSpec
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime
from reporting.indicators.catalogue import DIMENSION_LABELS
from reporting.indicators.domain import Ranked, Value, contribution_of, formula_of
from reporting.indicators.service import Child, Comparison, Drill, Reckoned
from reporting.levels.schemas import AnsweredPlace
from reporting.standings.domain import OfficeStanding


class ValueView(AnswerModel):
    """一个指标值及其可信程度。"""

    numerator: int
    denominator: int | None = Field(description="不是比率的为 null。")
    value: Decimal | None = Field(description="没有数据或无从相除时为 null，不是零。")
    expected: int = Field(description="应有：涉及的机构数；办件类指标为机构日。")
    known: int = Field(description="已知：其中有数据的机构数（机构日）。")
    unknown: int = Field(description="未知：没有数据的机构数（机构日），不计入任何数字。")
    completeness: float | None = Field(description="已知占应有，0 至 1；不涉及机构时为 null。")
    as_of: BeijingTime | None
    accepted_at: BeijingTime | None

    @classmethod
    def of(cls, value: Value) -> Self:
        """From the value."""
        return cls(
            numerator=value.numerator,
            denominator=value.denominator,
            value=value.value,
            expected=max(0, value.expected),
            known=value.known,
            unknown=value.unknown,
            completeness=value.completeness,
            as_of=value.as_of,
            accepted_at=value.accepted_at,
        )


class IndicatorValue(ValueView):
    """一个指标在一个区划的值。"""

    code: str
    name: str
    dimension: Dimension
    dimension_label: str
    unit: str
    clause: str
    formula: str = Field(description="代入数字的算式。")
    baseline: Decimal | None = Field(description="现状调查所见（S3）；调查不涉及或无数据时为 null。")

    @classmethod
    def of_reckoned(cls, found: Reckoned) -> Self:
        """From what was reckoned."""
        spec = found.spec
        return cls(
            **ValueView.of(found.value).model_dump(),
            code=spec.code,
            name=spec.name,
            dimension=spec.dimension,
            dimension_label=DIMENSION_LABELS[spec.dimension],
            unit=spec.unit,
            clause=spec.clause,
            formula=formula_of(spec, found.parts),
            baseline=found.baseline.value if found.baseline is not None else None,
        )


class ValuesAnswer(AnsweredPlace):
    """一个区划的指标值。"""

    on: date
    values: list[IndicatorValue]


class ChildValue(AnswerModel):
    """一个直接下级区划的值。"""

    division: str
    division_label: str
    level: Level
    level_label: str
    has_children: bool
    value: ValueView

    @classmethod
    def of(cls, child: Child) -> Self:
        """From the child."""
        return cls(
            division=child.division,
            division_label=child.name,
            level=child.level,
            level_label=LEVEL_LABELS[child.level],
            has_children=child.has_children,
            value=ValueView.of(child.reckoned.value),
        )


class Rest(AnswerModel):
    """合计中不在所列下级的部分。"""

    numerator: int
    denominator: int | None


class ChildrenAnswer(AnsweredPlace):
    """一个指标逐级下钻；分子、分母：本级机构 + 各下级 + 未列名下级 = 合计。"""

    on: date
    total: IndicatorValue
    own: Rest = Field(description="本级机构自己的部分。")
    unlisted: Rest = Field(description="名册尚未列出的下级区划的部分；通常为零。")
    items: list[ChildValue]

    @classmethod
    def of(cls, head: Mapping[str, object], on: date, drill: Drill) -> Self:
        """From the way down."""
        is_ratio = drill.total.parts.denominator is not None
        own = drill.own.parts
        return cls.model_validate(
            {
                **head,
                "on": on,
                "total": IndicatorValue.of_reckoned(drill.total),
                "own": Rest(numerator=own.numerator, denominator=own.denominator),
                "unlisted": Rest(
                    numerator=drill.unlisted("numerator"),
                    denominator=drill.unlisted("denominator") if is_ratio else None,
                ),
                "items": [ChildValue.of(child) for child in drill.children],
            }
        )


class Point(AnswerModel):
    """一个时间点。"""

    on: date
    value: ValueView


class SeriesAnswer(AnsweredPlace):
    """一个指标在一个区划的时间序列。"""

    code: str
    name: str
    unit: str
    points: list[Point]


class RankedView(AnswerModel):
    """一个区划的名次。"""

    division: str
    division_label: str
    parent: str | None
    rank: int | None = Field(description="并列同名次；没有数据或只陈述的指标为 null。")
    value: ValueView

    @classmethod
    def of(cls, row: Ranked, found: Comparison) -> Self:
        """From a row of the comparison."""
        place = found.places[row.division]
        return cls(
            division=row.division,
            division_label=place.name,
            parent=place.parent,
            rank=row.rank,
            value=ValueView.of(row.value),
        )


class RankingAnswer(AnsweredPlace):
    """一个指标在同一层级各区划的比较，好者在前。"""

    on: date
    code: str
    name: str
    unit: str
    direction: Direction
    direction_label: str
    of_level: Level
    of_level_label: str
    items: list[RankedView]
    next_cursor: str | None = Field(
        default=None, description="传入下一次请求的 cursor 参数；为 null 表示没有更多数据。"
    )


class IndicatorMapPlace(AnswerModel):
    """地图上的一个区划；代码为国家标准区划代码，可与任何地图的图形对应。"""

    division: str
    division_label: str
    parent: str | None
    value: Decimal | None
    numerator: int
    denominator: int | None
    expected: int
    known: int


class IndicatorMap(AnsweredPlace):
    """一个指标在同一层级全部区划的值，供地图、变形地图和大屏使用；不含图形。"""

    on: date
    code: str
    name: str
    unit: str
    decimals: int
    direction: Direction
    range_low: int | None
    range_high: int | None
    clause: str
    of_level: Level
    places: list[IndicatorMapPlace]


class OfficeBehind(AnswerModel):
    """数字背后的一个机构，及其所据记录。"""

    office_id: UUID
    division: str
    record: str = Field(description="所据记录的类别。")
    record_id: UUID
    record_version: int
    effective_on: date = Field(description="该状态自此日起。")
    numerator: int = Field(description="计入分子的部分。")
    denominator: int = Field(description="计入分母的部分。")
    counts: dict[str, int] = Field(description="该机构计入的各数据项。")

    @classmethod
    def of(cls, spec: IndicatorSpec, office: OfficeStanding, codes: frozenset[str]) -> Self:
        """From the office."""
        above, below = contribution_of(spec, office)
        return cls(
            office_id=office.office_id,
            division=office.division,
            record="registry.readiness",
            record_id=office.record_id,
            record_version=office.version,
            effective_on=office.effective_on,
            numerator=above,
            denominator=below,
            counts={code: value for code, value in office.counts.items() if code in codes},
        )


class OfficesAnswer(AnsweredPlace):
    """一个指标在一个区划的数字由哪些机构构成。"""

    on: date
    total: IndicatorValue
    items: list[OfficeBehind]
    next_cursor: str | None = Field(
        default=None, description="传入下一次请求的 cursor 参数；为 null 表示没有更多数据。"
    )
