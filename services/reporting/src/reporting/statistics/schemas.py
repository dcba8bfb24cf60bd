"""Answers with statistics."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import Field

from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel
from reporting.completeness.schemas import CompletenessView
from reporting.figures.schemas import DUTY_LABELS
from reporting.levels.schemas import AnsweredPlace, head_of
from reporting.statistics.domain import MEASURES, RATIOS, Grouping, RatioValue
from reporting.statistics.service import Line, MapOf, Statistics, StatisticsQuestion


class RatioView(AnswerModel):
    """A rate with what it is made of."""

    numerator: int
    denominator: int
    value: Decimal | None = Field(description="没有分母时为 null，不是零。")

    @classmethod
    def of(cls, found: RatioValue) -> Self:
        """The answer for a value."""
        return cls(numerator=found.numerator, denominator=found.denominator, value=found.value)


class StatisticsRow(AnswerModel):
    """One row of statistics."""

    key: str = Field(description="分组键：月份、职责代码、事项编码或区划代码。")
    label: str
    duty: str | None = Field(default=None, description="所属职责（按职责、按事项分组时）。")
    duty_label: str | None = None
    pending: int | None = Field(
        default=None, description="期末在办数：自始收件登记减去不予受理、撤回、办结；按月、职责、事项分组时不给出。"
    )
    measures: dict[str, int] = Field(description="各项数量；未列出的为零。名称见 statistics/dictionary。")
    ratios: dict[str, RatioView] = Field(description="各项比率，均附分子与分母。")

    @classmethod
    def of(cls, line: Line, *, label: str | None = None) -> Self:
        """The answer for a line."""
        return cls(
            key=line.key,
            label=label or line.name or DUTY_LABELS.get(line.key, line.key),
            duty=line.duty,
            duty_label=DUTY_LABELS.get(line.duty, line.duty) if line.duty else None,
            pending=line.pending,
            measures={name: line.sums[name] for name in MEASURES if line.sums.get(name)},
            ratios={name: RatioView.of(ratio.of(line.sums)) for name, ratio in RATIOS.items()},
        )


class StatisticsAnswer(AnsweredPlace):
    """Statistics of one division, as one level has accepted them."""

    from_: str = Field(serialization_alias="from", description="起始月，YYYY-MM。")
    to: str = Field(description="截止月，YYYY-MM。")
    group_by: Grouping
    rows: list[StatisticsRow]
    total: StatisticsRow = Field(description="本级及全部下级合计。")
    own: StatisticsRow = Field(description="其中本级机构自己受理的部分。")
    completeness: CompletenessView

    @classmethod
    def of(cls, found: Statistics, question: StatisticsQuestion, grouping: Grouping) -> Self:
        """The answer to a question."""
        return cls(
            **head_of(question.place, found.division_name, found.freshness),
            from_=month_text(question.months.first),
            to=month_text(question.months.last),
            group_by=grouping,
            rows=[StatisticsRow.of(line) for line in found.lines],
            total=StatisticsRow.of(found.total, label=found.division_name),
            own=StatisticsRow.of(found.own, label=found.division_name),
            completeness=CompletenessView.of(found.completeness),
        )


class MapPlace(AnswerModel):
    """One division of a map: join it by its code to any map or cartogram of GB/T 2260 codes."""

    division: str
    label: str
    parent: str | None
    value: Decimal | None = Field(description="数量，或比率；没有分母时为 null。")
    numerator: int | None = None
    denominator: int | None = Field(default=None, description="可作为变形地图（cartogram）的权重。")


class MapAnswer(AnsweredPlace):
    """One measure or rate of every division of one level."""

    from_: str = Field(serialization_alias="from")
    to: str
    of_level: Level
    of_level_label: str
    measure: str
    measure_label: str
    places: list[MapPlace]

    @classmethod
    def of(cls, found: MapOf, question: StatisticsQuestion, of_level: Level, name: str) -> Self:
        """The answer to a question."""
        ratio = RATIOS.get(name)
        return cls(
            **head_of(question.place, found.division_name, found.freshness),
            from_=month_text(question.months.first),
            to=month_text(question.months.last),
            of_level=of_level,
            of_level_label=LEVEL_LABELS[of_level],
            measure=name,
            measure_label=MEASURES[name] if ratio is None else ratio.label,
            places=[
                MapPlace(division=place.division, label=place.name, parent=place.parent, **_value(place.sums, name))
                for place in found.places
            ],
        )


def _value(sums: Mapping[str, int], name: str) -> dict[str, Decimal | int | None]:
    if name not in RATIOS:
        return {"value": Decimal(sums.get(name, 0))}
    found = RATIOS[name].of(sums)
    return {"value": found.value, "numerator": found.numerator, "denominator": found.denominator}


class MeasureWord(AnswerModel):
    """A measure with its label."""

    code: str
    label: str


class RatioWord(MeasureWord):
    """A rate: what it is made of, and what has to be known to read it."""

    numerator: list[str]
    denominator: list[str]
    except_for: list[str] = Field(description="从分母中扣除的数量。")
    clause: str
    note: str


class StatisticsDictionary(AnswerModel):
    """Every measure and rate of the statistics."""

    measures: list[MeasureWord]
    ratios: list[RatioWord]


def dictionary() -> StatisticsDictionary:
    """What the codes of statistics mean."""
    return StatisticsDictionary(
        measures=[MeasureWord(code=code, label=label) for code, label in MEASURES.items()],
        ratios=[
            RatioWord(
                code=code,
                label=ratio.label,
                numerator=list(ratio.numerator),
                denominator=list(ratio.denominator),
                except_for=list(ratio.except_for),
                clause=ratio.clause,
                note=ratio.note,
            )
            for code, ratio in RATIOS.items()
        ],
    )


def month_text(month: date) -> str:
    """YYYY-MM."""
    return f"{month:%Y-%m}"
