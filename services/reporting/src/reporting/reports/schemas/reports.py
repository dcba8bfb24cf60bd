"""Requests and answers about reports, their lines and versions."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.contracts.reporting.reports import (
    LineKind,
    LineValue,
    ReportState,
    ReportStatus,
    ReturnReason,
    TemplateLine,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.reports.domain.entries import Entry, Fault, difference_of, is_beyond, warnings_of
from reporting.reports.domain.labels import ACT_LABELS, REPORT_STATUS_LABELS
from reporting.reports.domain.progress import Change
from reporting.reports.schemas.periods import MAX_LINES, LineCode
from reporting.reports.service import OutdatedBase, Version

Stripped = StringConstraints(strip_whitespace=True)
Number = Annotated[Decimal, Field(max_digits=30, decimal_places=10, description="整数或者小数，小数用字符串书写。")]
Told = Annotated[str, Stripped, Field(min_length=1, max_length=2000, description="不得填写个人信息。"), IMPERSONAL]
Explanation = Annotated[
    str, Stripped, Field(min_length=2, max_length=500, description="不得填写个人信息。"), IMPERSONAL
]


class StartBody(StrictModel):
    """建立一张报表。"""

    period_id: UUID
    division: DivisionCode | None = Field(default=None, description="报送单位；缺省为本级。")


class EntryBody(StrictModel):
    """一行的填报内容；数值、是否、文字三者之一，与该行类型相符。"""

    code: LineCode
    own: Number | None = Field(default=None, description="本级数值，不含下级。")
    flag: bool | None = Field(default=None, description="是否。")
    text: Told | None = None
    explanation: Explanation | None = Field(default=None, description="与系统计算值差异的说明。")

    def to_entry(self) -> Entry:
        """For the use case."""
        return Entry(self.code, own=self.own, flag=self.flag, text=self.text, explanation=self.explanation)


class LinesBody(StrictModel):
    """整张报表的填报内容：全部保存或者全部不保存；未列出的行清空。"""

    lines: Annotated[list[EntryBody], Field(max_length=MAX_LINES)]


class ReturnReasonBody(StrictModel):
    """一条退回理由；不填行编码时针对整张报表。"""

    line: LineCode | None = None
    text: Reason

    def to_reason(self) -> ReturnReason:
        """For the use case."""
        return ReturnReason(line=self.line, text=self.text)


class ReturnBody(StrictModel):
    """退回，一次列明全部理由。"""

    reasons: Annotated[list[ReturnReasonBody], Field(min_length=1, max_length=MAX_LINES)]


class UnlockBody(StrictModel):
    """上级解锁。"""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="所见报表的版本号；尚未建立的不填。"
    )
    reason: Reason


class ComputedAnswer(AnswerModel):
    """系统计算值及其可信程度。"""

    value: Decimal | None
    on: date
    as_of: BeijingTime | None
    expected: int
    known: int
    completeness: float | None


class LineValueAnswer(AnswerModel):
    """一行：本级、下级汇总、合计、系统计算值与差异。"""

    code: str
    title: str
    unit: str
    kind: LineKind
    own: Decimal | None
    flag: bool | None
    text: str | None
    below: Decimal | None
    total: Decimal | None
    answered: int
    computed: ComputedAnswer | None
    difference: Decimal | None
    is_beyond_tolerance: bool
    explanation: str | None

    @classmethod
    def of(cls, line: TemplateLine, value: LineValue) -> Self:
        """From template and state."""
        known = value.computed
        return cls(
            code=line.code,
            title=line.title,
            unit=line.unit,
            kind=line.kind,
            own=value.own,
            flag=value.flag,
            text=value.text,
            below=value.below,
            total=value.total,
            answered=value.answered,
            computed=None
            if known is None
            else ComputedAnswer(
                **known.model_dump(), completeness=round(known.known / known.expected, 4) if known.expected else None
            ),
            difference=difference_of(value),
            is_beyond_tolerance=is_beyond(line, value),
            explanation=value.explanation,
        )


class BaseAnswer(AnswerModel):
    """汇总所依据的下级报表及其版次。"""

    division: str
    edition: int
    version: int


class OutdatedAnswer(AnswerModel):
    """所依据的下级报表已有新版次，或者汇总后才首次通过审核。"""

    division: str
    below: str
    edition: int | None = Field(description="汇总时所依据的版次；当时下级尚无生效报表的为 null。")
    edition_now: int


class FaultAnswer(AnswerModel):
    """一条提示。"""

    line: str = Field(description="行编码；空字符串表示整张报表。")
    code: str
    label: str

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """From the rule."""
        return cls(line=fault.line, code=fault.code, label=fault.label)


class ReturnReasonAnswer(AnswerModel):
    """一条退回理由。"""

    line: str | None
    text: str


class ReportSummary(RecordAnswer):
    """一张报表，不含各行。"""

    period_id: UUID
    programme_id: UUID | None
    parent: str
    due_on: date
    status: ReportStatus
    status_label: str
    edition: int
    approved_edition: int | None
    approved_version: int | None
    first_submitted_at: BeijingTime | None
    submitted_at: BeijingTime | None
    approved_at: BeijingTime | None
    is_unlocked: bool
    restatement_reason: str | None

    @classmethod
    def of(cls, state: ReportState) -> Self:
        """From the state; accounts stay inside."""
        return shown(cls, state, status_label=REPORT_STATUS_LABELS[state.status])


class ReportAnswer(ReportSummary):
    """一张报表。"""

    lines: list[LineValueAnswer]
    bases: list[BaseAnswer]
    missing: list[str]
    missing_count: int
    return_reasons: list[ReturnReasonAnswer]
    outdated: list[OutdatedAnswer] = Field(description="依据旧版次之处：本表的，以及下级生效报表的。")
    is_based_on_older: bool
    warnings: list[FaultAnswer]

    @classmethod
    def whole(cls, state: ReportState, template: Sequence[TemplateLine], outdated: Sequence[OutdatedBase] = ()) -> Self:
        """From state, template and what is known of its bases."""
        return shown(
            cls,
            state,
            status_label=REPORT_STATUS_LABELS[state.status],
            lines=[LineValueAnswer.of(line, value) for line, value in zip(template, state.lines, strict=True)],
            bases=[BaseAnswer(**base.model_dump()) for base in state.bases],
            missing=list(state.missing),
            missing_count=len(state.missing),
            return_reasons=[ReturnReasonAnswer(line=one.line, text=one.text) for one in state.return_reasons],
            outdated=[
                OutdatedAnswer(division=one.division, below=one.below, edition=one.edition, edition_now=one.edition_now)
                for one in outdated
            ],
            is_based_on_older=bool(outdated),
            warnings=[FaultAnswer.of(fault) for fault in warnings_of(template, state.lines, state.missing)],
        )


class VersionSummary(AnswerModel):
    """报表的一个版本：何时、因何变动。"""

    version: int
    edition: int
    act: str
    act_label: str
    at: BeijingTime
    reason: str | None
    status: ReportStatus
    status_label: str

    @classmethod
    def of(cls, version: Version) -> Self:
        """From the kept version; the account behind it stays in the audit."""
        return cls(
            version=version.version,
            edition=version.edition,
            act=version.act,
            act_label=ACT_LABELS[version.act],
            at=version.at,
            reason=version.reason,
            status=version.state.status,
            status_label=REPORT_STATUS_LABELS[version.state.status],
        )


class VersionAnswer(VersionSummary):
    """报表的一个版本，含各行。"""

    report: ReportAnswer

    @classmethod
    def whole(cls, version: Version, template: Sequence[TemplateLine]) -> Self:
        """From the kept version."""
        summary = VersionSummary.of(version)
        return cls(**summary.model_dump(), report=ReportAnswer.whole(version.state, template))


class ChangeAnswer(AnswerModel):
    """一处差异。"""

    line: str
    title: str
    member: str
    before: str | bool | None
    after: str | bool | None


class DiffAnswer(AnswerModel):
    """两个版本的差异。"""

    report_id: UUID
    before: VersionSummary
    after: VersionSummary
    changes: list[ChangeAnswer]

    @classmethod
    def of(
        cls, state: ReportState, before: Version, after: Version, changes: Sequence[Change],
        template: Sequence[TemplateLine],
    ) -> Self:  # fmt: skip
        """From the use case's answer."""
        titles = {line.code: line.title for line in template}
        return cls(
            report_id=state.id,
            before=VersionSummary.of(before),
            after=VersionSummary.of(after),
            changes=[
                ChangeAnswer(
                    line=one.line,
                    title=titles[one.line],
                    member=one.member,
                    before=_told(one.before),
                    after=_told(one.after),
                )
                for one in changes
            ],
        )


def _told(value: object) -> str | bool | None:
    return value if value is None or isinstance(value, bool) else str(value)
