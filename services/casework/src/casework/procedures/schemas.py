"""Requests and answers about rule texts and the log of publications."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from casework.items.schemas import Document
from casework.procedures.domain import (
    PUBLICATION_KIND_LABELS,
    PUBLICATION_STATUS_LABELS,
    RULE_TEXT_KIND_LABELS,
    FamilyState,
)
from casework.procedures.service import TextWords
from common.clock import today
from common.contracts.casework.catalogue import (
    ProcedureFamily,
    PublicationKind,
    PublicationState,
    PublicationStatus,
    RuleTextKind,
    RuleTextState,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown

MAX_TEXT = 50_000
Title = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=MAX_TEXT, description="全文，不得含有个人信息。"),
    IMPERSONAL,
]


class VersionBody(StrictModel):
    """一个版本的内容。"""

    title: Title
    text: Text
    document: Document
    issued_by: Title = Field(description="发布机构名称。")
    effective_on: date | None = Field(default=None, description="施行日期（北京时间）；默认今天，可早于录入之日。")

    def to_words(self) -> TextWords:
        """For the use case."""
        return TextWords(self.title, self.text, self.document, self.issued_by, self.effective_on or today())


class TextBody(VersionBody):
    """发布规章制度或者工作流程。"""

    division: DivisionCode
    family: ProcedureFamily
    kind: RuleTextKind


class WithdrawalBody(StrictModel):
    """撤回。"""

    reason: Reason


class TextSummary(RecordAnswer):
    """一个版本，不含全文。"""

    series: UUID
    number: int
    family: ProcedureFamily
    family_label: str
    kind: RuleTextKind
    kind_label: str
    title: str
    document: str
    issued_by: str
    effective_from: date
    effective_to: date | None
    status: PublicationStatus
    status_label: str
    withdrawal_reason: str | None
    publication_id: UUID

    @classmethod
    def of(cls, state: RuleTextState, families: dict[str, str]) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            family_label=families[state.family],
            kind_label=RULE_TEXT_KIND_LABELS[state.kind],
            status_label=PUBLICATION_STATUS_LABELS[state.status],
        )


class TextAnswer(TextSummary):
    """一个版本的全文。"""

    text: str


class TextsAnswer(AnswerModel):
    """若干版本。"""

    texts: list[TextSummary]


class PublicationAnswer(RecordAnswer):
    """一次公开：公开了什么、何时、哪一版、由哪里公开，何时撤回。"""

    kind: PublicationKind
    kind_label: str
    subject: str
    subject_version: int
    title: str
    document: str
    effective_on: date
    published_at: BeijingTime
    status: PublicationStatus
    status_label: str
    withdrawn_at: BeijingTime | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, state: PublicationState) -> Self:
        """From the state; the account behind it stays inside."""
        return shown(
            cls,
            state,
            kind_label=PUBLICATION_KIND_LABELS[state.kind],
            status_label=PUBLICATION_STATUS_LABELS[state.status],
        )


class FamilyAnswer(AnswerModel):
    """六类之一在某区划的情况。"""

    family: ProcedureFamily
    family_label: str
    is_gap: bool = Field(description="没有有效的规章制度。")
    rules: list[TextSummary]
    processes: list[TextSummary]


class GapsAnswer(AnswerModel):
    """六类规章制度在某区划、某日的情况；缺的一并列出。"""

    division: str
    on: date
    gap_count: int
    clause: str = "O4.1a"
    families: list[FamilyAnswer]

    @classmethod
    def of(cls, division: str, on: date, found: list[FamilyState], families: dict[str, str]) -> Self:
        """From the use case's answer."""
        return cls(
            division=division,
            on=on,
            gap_count=sum(one.is_gap for one in found),
            families=[
                FamilyAnswer(
                    family=one.family,
                    family_label=one.label,
                    is_gap=one.is_gap,
                    rules=[TextSummary.of(text, families) for text in one.rules],
                    processes=[TextSummary.of(text, families) for text in one.processes],
                )
                for one in found
            ],
        )
