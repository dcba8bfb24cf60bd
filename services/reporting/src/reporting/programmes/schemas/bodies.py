"""What is asked about programmes."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from common.contracts.reporting.documents import is_document_number
from common.contracts.reporting.programmes import (
    Cohort,
    LegalDocument,
    MembershipRule,
    Milestone,
    MilestoneKind,
    RuleKind,
    Target,
    Wording,
)
from common.divisions import Level, valid_code
from common.http import IMPERSONAL, DivisionCode, FieldRule, StrictModel
from common.records.schemas import Reason
from reporting.programmes.domain import Content
from reporting.programmes.service import Entry, SendDown

MAX_TOWNS = 1_000
NUMBER_FORM = FieldRule("document-number", "发文字号格式不正确，例如 粤府办〔2011〕65号")


def _number(text: str) -> str:
    if not is_document_number(text):
        raise NUMBER_FORM.error()
    return text


DocumentNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=4, max_length=60, description="发文字号，年份用六角括号〔〕。"),
    AfterValidator(_number),
]
Title = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$", description="字母、数字和连字符。")]
Clause = Annotated[str, Field(min_length=1, max_length=60), IMPERSONAL]


class LegalDocumentBody(StrictModel):
    """依据的文件。"""

    number: DocumentNumber
    title: Title
    clause: Clause | None = None


class MembershipRuleBody(StrictModel):
    """批次的一条确定规则。"""

    kind: RuleKind
    divisions: Annotated[list[DivisionCode], Field(max_length=200)] = Field(default=[])


class TargetBody(StrictModel):
    """目标数；文件写“约”的为 approximate，只作提示。"""

    offices: Annotated[int, Field(ge=1, le=100_000)]
    wording: Wording
    clause: Clause | None = None


class ProgrammeCohortBody(StrictModel):
    """一个批次。"""

    code: Code
    title: Title
    rules: Annotated[list[MembershipRuleBody], Field(min_length=1, max_length=20)]
    due_on: date
    target: TargetBody | None = None
    clause: Clause | None = None

    def to_cohort(self) -> Cohort:
        """As the state holds it.

        Raises:
            InvalidDivisionCode: a rule names what is no code.
        """
        rules = tuple(
            MembershipRule(kind=one.kind, divisions=tuple(map(valid_code, one.divisions))) for one in self.rules
        )
        target = Target(**self.target.model_dump()) if self.target else None
        return Cohort(
            code=self.code, title=self.title, rules=rules, due_on=self.due_on, target=target, clause=self.clause
        )


class ProgrammeMilestoneBody(StrictModel):
    """一个时间节点。"""

    code: Code
    title: Title
    kind: MilestoneKind
    on: date
    cohort: Code | None = None
    share_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    is_soft: bool = False
    clause: Clause | None = None


class ProgrammeContentBody(StrictModel):
    """建设任务的内容。"""

    title: Title
    starts_on: date
    ends_on: date
    documents: Annotated[list[LegalDocumentBody], Field(max_length=20)] = Field(default=[])
    cohorts: Annotated[list[ProgrammeCohortBody], Field(min_length=1, max_length=20)]
    milestones: Annotated[list[ProgrammeMilestoneBody], Field(max_length=100)] = Field(default=[])
    reason: Reason

    def to_content(self) -> Content:
        """For the use case."""
        return Content(
            title=self.title,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            documents=tuple(LegalDocument(**one.model_dump()) for one in self.documents),
            cohorts=tuple(one.to_cohort() for one in self.cohorts),
            milestones=tuple(Milestone(**one.model_dump()) for one in self.milestones),
        )


class ProgrammeBody(ProgrammeContentBody):
    """新建建设任务。"""

    code: Code


class SendDownBody(StrictModel):
    """随本版本逐级下发，由各级机构签收。"""

    down_to: Level
    sign_by: date | None = None

    def to_send(self) -> SendDown:
        """For the use case."""
        return SendDown(self.down_to, self.sign_by)


class ProgrammeRevisionBody(ProgrammeContentBody):
    """修订：全部内容和理由。"""

    send: SendDownBody | None = None


class ProgrammeActBody(StrictModel):
    """启动执行或者结束。"""

    on: date | None = Field(default=None, description="日期（北京时间）；默认今天，可早于录入之日。")
    reason: Reason
    send: SendDownBody | None = None


class ListEntryBody(StrictModel):
    """一个列入名单的乡镇（街道）。"""

    division: DivisionCode
    since: date | None = Field(default=None, description="列入之日；默认为建设任务的开始日期。")


class ListEntriesBody(StrictModel):
    """录入名单，全部录入或者全部不录入。"""

    towns: Annotated[list[ListEntryBody], Field(min_length=1, max_length=MAX_TOWNS)]
    document: DocumentNumber | None = Field(default=None, description="确定名单的文件。")
    reason: Reason

    def to_entries(self) -> list[Entry]:
        """For the use case."""
        return [Entry(one.division, one.since) for one in self.towns]


class ListRemovalBody(StrictModel):
    """移出名单，全部移出或者全部不移出。"""

    divisions: Annotated[list[DivisionCode], Field(min_length=1, max_length=MAX_TOWNS)]
    until: date | None = Field(default=None, description="自该日起不再属于名单；默认今天。")
    reason: Reason
