"""Answers about how far a period is."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field

from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime, DivisionCode
from reporting.reports.domain.labels import REPORT_STATUS_LABELS
from reporting.reports.domain.progress import Progress
from reporting.reports.service import ChildProgress, DeclaredLine, MissingReport

Within = Annotated[DivisionCode | None, Query(description="该区划及其下级；缺省为本区划。")]
At = Annotated[AwareDatetime | None, Query(description="按此时刻统计（ISO 8601，带时区）；缺省为现在。")]


class ProgressView(AnswerModel):
    """报送进度的各项数量与比率。"""

    expected: int = Field(description="应报单位数。")
    reported: int = Field(description="已报：已提交且未撤回。")
    on_time: int = Field(description="按期报送。")
    late: int = Field(description="逾期报送。")
    late_days: int = Field(description="逾期天数合计。")
    late_days_most: int = Field(description="最长逾期天数。")
    returned: int = Field(description="目前退回在报送单位的。")
    approved: int = Field(description="有生效版次的。")
    restating: int = Field(description="正在重报的。")
    missing: int = Field(description="未报。")
    overdue: int = Field(description="未报且已过期限。")
    completeness: float | None = Field(description="完整率：已报除以应报，0 至 1。")
    timeliness: float | None = Field(description="及时率：按期除以应报，0 至 1。")
    approval: float | None = Field(description="通过率：有生效版次的除以应报，0 至 1。")

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """From the measure."""
        return cls(**{name: getattr(progress, name) for name in cls.model_fields})


class _Head(AnswerModel):
    period_id: UUID
    division: str
    at: BeijingTime = Field(description="按此时刻统计。")


class ProgressAnswer(_Head):
    """某区划及其下级的报送进度。"""

    progress: ProgressView

    @classmethod
    def of(cls, period_id: UUID, division: str, at: datetime, progress: Progress) -> Self:
        """From the use case's answer."""
        return cls(period_id=period_id, division=division, at=at, progress=ProgressView.of(progress))


class ChildProgressView(AnswerModel):
    """一个直接下级及其以下的报送进度。"""

    division: str
    division_label: str
    level: Level
    level_label: str
    has_children: bool
    progress: ProgressView

    @classmethod
    def of(cls, child: ChildProgress) -> Self:
        """From the use case's answer."""
        return cls(
            division=child.division,
            division_label=child.name,
            level=child.level,
            level_label=LEVEL_LABELS[child.level],
            has_children=child.has_children,
            progress=ProgressView.of(child.progress),
        )


class ChildProgressPage(_Head):
    """一页直接下级的报送进度。"""

    items: list[ChildProgressView]
    next_cursor: str | None = None


class MissingView(AnswerModel):
    """一个未报单位。"""

    division: str
    division_label: str
    level: Level
    level_label: str
    office_name: str
    due_on: date
    status: str = Field(description="draft 待报，尚未建立的也是。")
    status_label: str

    @classmethod
    def of(cls, missing: MissingReport) -> Self:
        """From the use case's answer."""
        status = missing.status or "draft"
        return cls(
            division=missing.division,
            division_label=missing.name,
            level=missing.level,
            level_label=LEVEL_LABELS[missing.level],
            office_name=missing.office_name,
            due_on=missing.due_on,
            status=status,
            status_label=REPORT_STATUS_LABELS[status],
        )


class MissingPage(_Head):
    """一页未报单位。"""

    items: list[MissingView]
    next_cursor: str | None = None


class DeclaredLineView(AnswerModel):
    """一个区划生效报表中的一行。"""

    division: str
    division_label: str
    edition: int
    version: int
    own: Decimal | None
    below: Decimal | None
    total: Decimal | None
    answered: int
    computed: Decimal | None
    text: str | None

    @classmethod
    def of(cls, line: DeclaredLine) -> Self:
        """From the use case's answer."""
        names = [name for name in cls.model_fields if name != "division_label"]
        return cls(**{name: getattr(line, name) for name in names}, division_label=line.name)


class LineValuesPage(AnswerModel):
    """一页各区划生效报表中的同一行。"""

    period_id: UUID
    line: str
    items: list[DeclaredLineView]
    next_cursor: str | None = None
