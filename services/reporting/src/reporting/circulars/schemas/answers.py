"""Answers about circulars."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.circulars import (
    Better,
    BlockKind,
    CircularKind,
    CircularState,
    CircularStatus,
    QueryKind,
    Secrecy,
    UrgencyMark,
    WordsState,
)
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime
from common.records.schemas import RecordAnswer, shown
from reporting.circulars.domain import KIND_LABELS, QUERY_LABELS, SECRECY_LABELS, STATUS_LABELS, URGENCY_LABELS


class CircularSummary(RecordAnswer):
    """一件通报，不含正文。"""

    kind: CircularKind
    kind_label: str
    status: CircularStatus
    status_label: str
    title: str
    issuer: str
    number: str | None = Field(description="发文字号；签发后有。")
    signed_on: date | None = Field(description="成文日期。")
    published_at: BeijingTime | None
    scope: str
    on: date
    is_public: bool
    corrects: UUID | None = Field(description="所更正的通报。")
    corrected_by: UUID | None = Field(description="更正本通报的通报。")
    withdrawal_reason: str | None
    snapshot_digest: str | None = Field(description="数据快照的 SHA-256。")
    document_digest: str | None = Field(description="正式文件的 SHA-256。")

    @classmethod
    def of(cls, state: CircularState) -> Self:
        """From the state."""
        return shown(cls, state, **_head(state))


class MarkAnswer(AnswerModel):
    """一个机关代字。"""

    mark: str
    division: str
    issuer: str | None = Field(description="发文机关。")


class QueryAnswer(AnswerModel):
    """一项查询。"""

    code: str
    kind: QueryKind
    kind_label: str
    subject: str | None
    title: str
    better: Better | None


class ChangeAnswer(AnswerModel):
    """更正的一个数据。"""

    name: str
    label: str
    old: str | None
    new: str | None
    why: str


class PassageAnswer(AnswerModel):
    """更正的一处文字。"""

    old: str
    new: str
    why: str


class BlockAnswer(AnswerModel):
    """正文的一段。"""

    kind: BlockKind
    text: str


class AttachmentAnswer(AnswerModel):
    """附件。"""

    title: str
    blocks: list[BlockAnswer]


class WordsAnswer(AnswerModel):
    """公文各要素。"""

    issuer: str
    number_mark: str
    title: str
    addressees: list[str]
    blocks: list[BlockAnswer]
    attachments: list[AttachmentAnswer]
    note: str | None
    copies: list[str]
    printed_by: str
    copy_number: int | None
    secrecy: Secrecy | None
    secrecy_label: str | None
    secrecy_years: int | None
    urgency: UrgencyMark | None
    urgency_label: str | None

    @classmethod
    def of(cls, words: WordsState) -> Self:
        """From the state."""
        return cls.model_validate(
            {
                **words.model_dump(),
                "secrecy_label": SECRECY_LABELS[words.secrecy] if words.secrecy else None,
                "urgency_label": URGENCY_LABELS[words.urgency] if words.urgency else None,
            }
        )


class CircularAnswer(CircularSummary):
    """一件通报的全部内容。"""

    drafters: list[str]
    down_to: Level
    down_to_label: str
    sign_by: date | None
    frozen_at: BeijingTime | None
    queries: list[QueryAnswer]
    words: WordsAnswer
    changes: list[ChangeAnswer]
    word_changes: list[PassageAnswer]
    return_reason: str | None = Field(description="最近一次退回的理由。")

    @classmethod
    def of(cls, state: CircularState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            **_head(state),
            drafters=list(state.drafters),
            down_to_label=LEVEL_LABELS[state.down_to],
            frozen_at=state.snapshot.taken_at if state.snapshot else None,
            queries=[QueryAnswer(**one.model_dump(), kind_label=QUERY_LABELS[one.kind]) for one in state.queries],
            words=WordsAnswer.of(state.words),
            changes=[ChangeAnswer(**one.model_dump()) for one in state.changes],
            word_changes=[PassageAnswer(**one.model_dump()) for one in state.word_changes],
            return_reason=state.returned.reason if state.returned else None,
        )


def _head(state: CircularState) -> dict[str, object]:
    return {
        "kind_label": KIND_LABELS[state.kind],
        "status_label": STATUS_LABELS[state.status],
        "title": state.words.title,
        "issuer": state.words.issuer,
        "number": state.document.number if state.document else None,
        "signed_on": state.document.signed_on if state.document else None,
        "published_at": state.published.at if state.published else None,
        "withdrawal_reason": state.withdrawn.reason if state.withdrawn else None,
        "snapshot_digest": state.snapshot.digest if state.snapshot else None,
        "document_digest": state.document.digest if state.document else None,
    }
