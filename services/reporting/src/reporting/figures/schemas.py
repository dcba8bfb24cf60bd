"""Answers with figures."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field

from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, Labelled
from common.policy import BOOK
from reporting.completeness.schemas import CompletenessView
from reporting.figures.domain import MEASURE_LABELS, PART_LABELS, GroupBy, Measure, Part, Totals
from reporting.figures.service import ChildFigures, Drilldown, Figured, FigureLine, Question
from reporting.levels.schemas import AnsweredPlace, head_of

DUTY_LABELS: dict[str, str] = {
    option.code: option.label for entry in BOOK if entry.code == "duties" for option in entry.options
}
"""Every duty that any document names; of two labels the later one."""


class FigureView(AnswerModel):
    """One figure of an answer."""

    key: str = Field(description="分组键：日期、事项编码、职责代码或区划代码。")
    label: str = Field(description="分组名称；事项名称见窗口业务的事项目录。")
    duty: str | None = Field(description="所属职责（按事项、按职责分组时）。")
    duty_label: str | None
    part: Part | None = Field(description="按下级区划分组时：下级、本级机构，或名册尚未列出的下级。")
    part_label: str | None
    measure: Measure
    measure_label: str
    value: int

    @classmethod
    def of(cls, line: FigureLine) -> Self:
        """The answer for a line."""
        return cls(
            key=line.key,
            label=line.name or DUTY_LABELS.get(line.key, line.key),
            duty=line.duty,
            duty_label=DUTY_LABELS.get(line.duty, line.duty) if line.duty else None,
            part=line.part,
            part_label=PART_LABELS[line.part] if line.part else None,
            measure=line.measure,
            measure_label=MEASURE_LABELS[line.measure],
            value=line.value,
        )


class MeasureView(AnswerModel):
    """One measure with its value."""

    measure: Measure
    measure_label: str
    value: int


class FiguresAnswer(AnsweredPlace):
    """Figures of one division, as one level has accepted them. A group without a row is zero."""

    from_: date = Field(serialization_alias="from")
    to: date
    group_by: GroupBy
    rows: list[FigureView]
    totals: list[MeasureView]
    completeness: CompletenessView

    @classmethod
    def of(cls, found: Figured, question: Question, group_by: GroupBy) -> Self:
        """The answer to a question."""
        return cls(
            **head_of(question.place, found.division_name, found.freshness),
            from_=question.days.first,
            to=question.days.last,
            group_by=group_by,
            rows=[FigureView.of(line) for line in found.lines],
            totals=measures_of(found.totals, question.measures),
            completeness=CompletenessView.of(found.completeness),
        )


class ChildView(AnswerModel):
    """One division directly below."""

    division: str
    division_label: str
    level: Level
    level_label: str
    has_children: bool
    figures: list[MeasureView]
    completeness: CompletenessView

    @classmethod
    def of(cls, child: ChildFigures, measures: Iterable[Measure]) -> Self:
        """The answer for a child."""
        return cls(
            division=child.division,
            division_label=child.name,
            level=child.level,
            level_label=LEVEL_LABELS[child.level],
            has_children=child.has_children,
            figures=measures_of(child.totals, measures),
            completeness=CompletenessView.of(child.completeness),
        )


class ChildrenPage(AnsweredPlace):
    """One page of the divisions directly below; `own`, `unlisted` and all pages together add up to `totals`."""

    from_: date = Field(serialization_alias="from")
    to: date
    totals: list[MeasureView]
    own: list[MeasureView] = Field(description="本级机构自己受理的部分。")
    unlisted: list[MeasureView] = Field(description="名册尚未列出的下级区划的部分；通常全为零。")
    completeness: CompletenessView
    items: list[ChildView]
    next_cursor: str | None = Field(
        default=None, description="传入下一次请求的 cursor 参数；为 null 表示没有更多数据。"
    )

    @classmethod
    def of(cls, found: Drilldown, question: Question, items: list[ChildView], next_cursor: str | None) -> Self:
        """The answer for a page."""
        measures = question.measures
        return cls(
            **head_of(question.place, found.division_name, found.freshness),
            from_=question.days.first,
            to=question.days.last,
            totals=measures_of(found.totals, measures),
            own=measures_of(found.own, measures),
            unlisted=measures_of(found.unlisted, measures),
            completeness=CompletenessView.of(found.completeness),
            items=items,
            next_cursor=next_cursor,
        )


class Dictionaries(AnswerModel):
    """Every code of this service's answers with its label."""

    levels: list[Labelled]
    measures: list[Labelled]
    duties: list[Labelled]
    group_by: list[Labelled]
    parts: list[Labelled]
    office_kinds: list[Labelled]


def measures_of(totals: Totals, measures: Iterable[Measure]) -> list[MeasureView]:
    """Every measure that was asked for, zero where there is nothing."""
    return [
        MeasureView(measure=measure, measure_label=MEASURE_LABELS[measure], value=totals.get(measure, 0))
        for measure in measures
    ]
