"""Requests and answers about periods, schedules and reminders."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.contracts.reporting.reports import (
    Cycle,
    LevelDays,
    LevelDue,
    LineKind,
    LineRule,
    PeriodKind,
    PeriodState,
    PeriodStatus,
    ReminderKind,
    ReminderState,
    ScheduleState,
    ScheduleStatus,
    TemplateLine,
)
from common.divisions import LEVEL_LABELS, Level
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.deps import IsoDay
from reporting.reports.domain.labels import (
    CYCLE_LABELS,
    LINE_KIND_LABELS,
    LINE_RULE_LABELS,
    PERIOD_KIND_LABELS,
    PERIOD_STATUS_LABELS,
    REMINDER_LABELS,
    SCHEDULE_STATUS_LABELS,
)
from reporting.reports.service import Call, Scheduling

MAX_LINES = 200
MAX_ROOTS = 200
_CODE = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Stripped = StringConstraints(strip_whitespace=True)
Title = Annotated[str, Stripped, Field(min_length=2, max_length=100), IMPERSONAL]
LineCode = Annotated[str, Field(pattern=_CODE, max_length=60, examples=["offices-operating"])]
Tolerance = Annotated[Decimal, Field(ge=0, max_digits=21, decimal_places=6)]


class LineBody(StrictModel):
    """模板的一行。"""

    code: LineCode
    title: Title
    unit: Annotated[str, Stripped, Field(min_length=1, max_length=20), IMPERSONAL]
    kind: LineKind = Field(description="int 整数，decimal 小数，yes_no 是否，text 文字。")
    rule: LineRule = Field(description="上级如何汇总：sum 求和，count 计“是”的个数，ratio 分子除以分母，none 不汇总。")
    indicator: LineCode | None = Field(default=None, description="指标编码：系统计算值列在填报值旁；不填为自由填报。")
    is_required: bool = True
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    numerator: LineCode | None = Field(default=None, description="比率的分子行。")
    denominator: LineCode | None = Field(default=None, description="比率的分母行。")
    tolerance: Tolerance = Field(default=Decimal(0), description="与计算值的差异在此数以内不必说明。")
    tolerance_percent: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)] = Field(
        default=Decimal(0), description="同上，按计算值的百分比；与上一项取大者。"
    )
    is_soft: bool = Field(default=False, description="超出允许差异时只提示，不要求说明。")

    def to_line(self) -> TemplateLine:
        """For the use case."""
        return TemplateLine(**{name: getattr(self, name) for name in type(self).model_fields})


class LevelDueBody(StrictModel):
    """一个层级的报送期限。"""

    level: Level
    due_on: IsoDay


class LevelDaysBody(StrictModel):
    """一个层级的报送期限：周期结束后的天数。"""

    level: Level
    days: Annotated[int, Field(ge=0, le=366)]


class _AskedBody(StrictModel):
    title: Title
    programme_id: UUID | None = Field(default=None, description="所属建设任务。")
    roots: Annotated[list[DivisionCode], Field(min_length=1, max_length=MAX_ROOTS, description="报送范围的顶端区划。")]
    down_to: Level = Field(description="报送到哪一层级。")
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=MAX_LINES)]


class PeriodBody(_AskedBody):
    """开设一个临时报送期；模板和报送范围自开设之时固定。"""

    first_on: IsoDay = Field(description="报送内容的起始日。")
    as_of: IsoDay = Field(description="数据截止日；系统计算值按此日取数。")
    due: Annotated[list[LevelDueBody], Field(min_length=1, max_length=5, description="各层级的报送期限。")]

    def to_call(self) -> Call:
        """For the use case."""
        return Call(
            title=self.title,
            programme_id=self.programme_id,
            first_on=self.first_on,
            as_of=self.as_of,
            roots=tuple(self.roots),
            down_to=self.down_to,
            due=tuple(LevelDue(level=one.level, due_on=one.due_on) for one in self.due),
            lines=tuple(line.to_line() for line in self.lines),
        )


class ScheduleBody(_AskedBody):
    """定期报送安排：每个周期结束后自动开设报送期。"""

    cycle: Cycle = Field(description="monthly 月报，quarterly 季报，half_yearly 半年报。")
    starts_on: IsoDay = Field(description="自此日起的完整周期报送。")
    ends_on: IsoDay | None = Field(default=None, description="此日以后结束的周期不再报送。")
    due_days: Annotated[list[LevelDaysBody], Field(min_length=1, max_length=5)]

    def to_scheduling(self) -> Scheduling:
        """For the use case."""
        return Scheduling(
            title=self.title,
            programme_id=self.programme_id,
            cycle=self.cycle,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            roots=tuple(self.roots),
            down_to=self.down_to,
            due_days=tuple(LevelDays(level=one.level, days=one.days) for one in self.due_days),
            lines=tuple(line.to_line() for line in self.lines),
        )


class ReasonBody(StrictModel):
    """说明理由。"""

    reason: Reason


class LineAnswer(AnswerModel):
    """模板的一行。"""

    code: str
    title: str
    unit: str
    kind: LineKind
    kind_label: str
    rule: LineRule
    rule_label: str
    indicator: str | None
    is_required: bool
    decimals: int
    numerator: str | None
    denominator: str | None
    tolerance: Decimal
    tolerance_percent: Decimal
    is_soft: bool

    @classmethod
    def of(cls, line: TemplateLine) -> Self:
        """From the template."""
        return cls(**line.model_dump(), kind_label=LINE_KIND_LABELS[line.kind], rule_label=LINE_RULE_LABELS[line.rule])


class LevelDueAnswer(AnswerModel):
    """一个层级的报送期限。"""

    level: Level
    level_label: str
    due_on: date


class PeriodActAnswer(AnswerModel):
    """报送期的一次变动。"""

    status: PeriodStatus
    status_label: str
    at: BeijingTime
    reason: str | None


class PeriodSummary(RecordAnswer):
    """一个报送期，不含模板。"""

    title: str
    kind: PeriodKind
    kind_label: str
    programme_id: UUID | None
    schedule_id: UUID | None
    first_on: date
    as_of: date
    down_to: Level
    down_to_label: str
    expected: int = Field(description="应报单位数，自开设之时固定。")
    due_on: date
    status: PeriodStatus
    status_label: str

    @classmethod
    def of(cls, state: PeriodState) -> Self:
        """From the state."""
        return shown(cls, state, **_labels(state))


class PeriodAnswer(PeriodSummary):
    """一个报送期。"""

    roots: list[str]
    due: list[LevelDueAnswer]
    lines: list[LineAnswer]
    acts: list[PeriodActAnswer]

    @classmethod
    def of(cls, state: PeriodState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            roots=list(state.roots),
            due=[
                LevelDueAnswer(level=one.level, level_label=LEVEL_LABELS[one.level], due_on=one.due_on)
                for one in state.due
            ],
            lines=[LineAnswer.of(line) for line in state.lines],
            acts=[
                PeriodActAnswer(
                    status=act.status, status_label=PERIOD_STATUS_LABELS[act.status], at=act.at, reason=act.reason
                )
                for act in state.acts
            ],
            **_labels(state),
        )


class LevelDaysAnswer(AnswerModel):
    """一个层级的报送期限：周期结束后的天数。"""

    level: Level
    level_label: str
    days: int


class ScheduleAnswer(RecordAnswer):
    """定期报送安排。"""

    title: str
    programme_id: UUID | None
    cycle: Cycle
    cycle_label: str
    starts_on: date
    ends_on: date | None
    roots: list[str]
    down_to: Level
    due_days: list[LevelDaysAnswer]
    lines: list[LineAnswer]
    status: ScheduleStatus
    status_label: str

    @classmethod
    def of(cls, state: ScheduleState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            roots=list(state.roots),
            cycle_label=CYCLE_LABELS[state.cycle],
            status_label=SCHEDULE_STATUS_LABELS[state.status],
            due_days=[
                LevelDaysAnswer(level=one.level, level_label=LEVEL_LABELS[one.level], days=one.days)
                for one in state.due_days
            ],
            lines=[LineAnswer.of(line) for line in state.lines],
        )


class ReminderAnswer(RecordAnswer):
    """一次报送提醒。"""

    period_id: UUID
    title: str
    kind: ReminderKind
    kind_label: str
    due_on: date

    @classmethod
    def of(cls, state: ReminderState) -> Self:
        """From the state."""
        return shown(cls, state, kind_label=REMINDER_LABELS[state.kind])


def _labels(state: PeriodState) -> dict[str, str]:
    return {
        "kind_label": PERIOD_KIND_LABELS[state.kind],
        "status_label": PERIOD_STATUS_LABELS[state.status],
        "down_to_label": LEVEL_LABELS[state.down_to],
    }
