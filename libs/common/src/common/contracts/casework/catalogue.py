"""Items, rule texts and what was published when (事项, 规章制度, 主动公开)."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Instant
from common.contracts.record import Record, StoredState

ProcedureFamily = Literal[
    "employment_training",
    "social_insurance",
    "labour_complaints",
    "dispute_mediation",
    "retiree_management",
    "personnel_talent",
]
PublicationKind = Literal["item_version", "item_promise", "rule_text"]
PublicationStatus = Literal["published", "withdrawn"]
RuleTextKind = Literal["rule", "process"]


class PublicationState(StoredState):
    """One act of publication (主动公开): what, when, which version, by whom; withdrawn when. Source: O4.3e.

    Attributes:
        subject: code of the item, or id of the series of a rule text.
        subject_version: of the item's definition, number of the promise at its division, or of the text.
        document: on which it rests.
        effective_on: first Beijing day on which it holds.
        published_by: account.
    """

    kind: PublicationKind
    subject: str = Field(min_length=1, max_length=64)
    subject_version: int = Field(ge=1)
    title: str
    document: str
    effective_on: date
    published_at: Instant
    published_by: str
    status: PublicationStatus = "published"
    withdrawn_at: Instant | None = None
    withdrawn_by: str | None = None
    withdrawal_reason: str | None = None


class RuleTextState(StoredState):
    """One version of a rule text (规章制度) or of a process (工作流程). Source: O4.1a, O4.3e.

    Attributes:
        series: the id that all versions of one text share.
        number: which version of the series it is, from 1.
        document: number of the document that issued it.
        issued_by: name of the issuing office.
        effective_to: first Beijing day on which it no longer holds.
        publication_id: the act that published it.
    """

    series: UUID
    number: int = Field(ge=1)
    family: ProcedureFamily
    kind: RuleTextKind
    title: str
    text: str
    document: str
    issued_by: str
    effective_from: date
    effective_to: date | None = None
    status: PublicationStatus = "published"
    withdrawal_reason: str | None = None
    publication_id: UUID


RECORDS: tuple[Record, ...] = (
    Record("casework.publication", PublicationState, "主动公开变动"),
    Record("casework.rule-text", RuleTextState, "规章制度和工作流程变动"),
)
