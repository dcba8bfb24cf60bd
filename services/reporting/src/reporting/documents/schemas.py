"""Requests and answers about documents."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from common.contracts.record import DispatchOrder
from common.contracts.reporting.documents import (
    Classification,
    DocumentReceiptState,
    DocumentState,
    DocumentStatus,
    FileReference,
)
from common.divisions import Level
from common.http import AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.documents.domain import (
    CLASSIFICATION_LABELS,
    HOLDING_LABELS,
    STATUS_LABELS,
    Holder,
    Holding,
    Node,
    Words,
    count_holdings,
)
from reporting.documents.service import SendDown
from reporting.programmes.schemas import DocumentNumber, Title

IndexNumber = Annotated[str, Field(pattern=r"^[0-9A-Za-z/-]{4,40}$", description="索引号。")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FileBody(StrictModel):
    """文件正文的引用：摘要和文件名。"""

    algorithm: Annotated[str, Field(pattern=r"^(sha256|sm3)$")]
    digest: Digest
    name: Title

    def to_reference(self) -> FileReference:
        """As the state holds it."""
        return FileReference.model_validate(self.model_dump())


class DocumentSendBody(StrictModel):
    """随本版本下发主送区划，由各级机构签收。"""

    sign_by: date | None = None

    def to_send(self) -> SendDown:
        """For the use case."""
        return SendDown(self.sign_by)


class DocumentBody(StrictModel):
    """登记本机关印发或者转发的文件。"""

    number: DocumentNumber | None = Field(
        default=None, description="发文字号，同一机关只登记一次；没有独立文号的不填。"
    )
    title: Title
    issuer: Title = Field(description="发文机关当时的名称。")
    signed_on: date | None = Field(default=None, description="成文日期；来源未写明的不填。")
    published_on: date | None = None
    classification: Classification
    index_number: IndexNumber | None = None
    addressees: Annotated[list[DivisionCode], Field(max_length=500, description="主送区划，含其以下。")] = Field(
        default=[]
    )
    down_to: Level = Field(description="送达的最低层级。")
    forwards: UUID | None = Field(default=None, description="所转发的文件。")
    file: FileBody | None = None
    entered_afterwards: bool = Field(default=False, description="补录历史文件。")
    send: DocumentSendBody | None = None

    def to_words(self) -> Words:
        """For the use case."""
        return Words(
            number=self.number,
            title=self.title,
            issuer=self.issuer,
            signed_on=self.signed_on,
            published_on=self.published_on,
            classification=self.classification,
            index_number=self.index_number,
            addressees=tuple(self.addressees),
            down_to=self.down_to,
        )


class DocumentPublicationBody(StrictModel):
    """公开。"""

    on: date | None = Field(default=None, description="公开日期；默认今天。")
    index_number: IndexNumber | None = None
    send: DocumentSendBody | None = None


class DocumentWithdrawalBody(StrictModel):
    """误登撤回。"""

    reason: Reason


class ReceiptBody(StrictModel):
    """登记接收。"""

    division: DivisionCode | None = Field(default=None, description="接收的区划；默认本区划，上级可补录下级的。")
    on: date | None = Field(default=None, description="接收日期；默认今天。")
    note: Reason | None = None


class DocumentAnswer(RecordAnswer):
    """一份文件。"""

    number: str | None
    title: str
    issuer: str
    signed_on: date | None
    published_on: date | None
    classification: Classification
    classification_label: str
    index_number: str | None
    addressees: list[str]
    down_to: Level
    forwards: UUID | None
    root: UUID
    file: FileReference | None
    entered_afterwards: bool
    status: DocumentStatus
    status_label: str
    withdrawal_reason: str | None
    dispatch: DispatchOrder | None

    @classmethod
    def of(cls, state: DocumentState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            addressees=list(state.addressees),
            classification_label=CLASSIFICATION_LABELS[state.classification],
            status_label=STATUS_LABELS[state.status],
        )


class DocumentReceiptAnswer(RecordAnswer):
    """一次接收登记。"""

    document_id: UUID
    sender: str
    received_on: date
    received_by: str
    days: int | None
    entered_afterwards: bool
    note: str | None
    entered_at: BeijingTime

    @classmethod
    def of(cls, state: DocumentReceiptState) -> Self:
        """From the state."""
        return shown(cls, state)


class ChainNodeAnswer(AnswerModel):
    """传递链中的一份文件。"""

    document: DocumentAnswer
    depth: int
    days: int | None = Field(description="自所转发文件成文之日起的天数；日期不明的为 null。")
    from_start: int | None = Field(description="自链首成文之日起的天数。")
    receipts: list[DocumentReceiptAnswer]


class ChainAnswer(AnswerModel):
    """传递链：每份文件列在转发它的文件之前。"""

    nodes: list[ChainNodeAnswer]

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> Self:
        """From the rule."""
        return cls(
            nodes=[
                ChainNodeAnswer(
                    document=DocumentAnswer.of(one.document),
                    depth=one.depth,
                    days=one.days,
                    from_start=one.from_start,
                    receipts=[DocumentReceiptAnswer.of(receipt) for receipt in one.receipts],
                )
                for one in nodes
            ]
        )


class HolderAnswer(AnswerModel):
    """一个区划传达到哪一步。"""

    division: str
    name: str
    holding: Holding
    holding_label: str
    received_on: date | None
    forwarded_on: date | None
    forwarded: list[str]
    days: int | None

    @classmethod
    def of(cls, holder: Holder) -> Self:
        """From the rule."""
        return cls(
            division=holder.division,
            name=holder.name,
            holding=holder.holding,
            holding_label=HOLDING_LABELS[holder.holding],
            received_on=holder.received_on,
            forwarded_on=holder.forwarded_on,
            forwarded=list(holder.forwarded),
            days=holder.days,
        )


class HoldingCount(AnswerModel):
    """某一步的区划数。"""

    holding: Holding
    holding_label: str
    count: int


class HoldersAnswer(AnswerModel):
    """谁已接收、谁已转发、谁未接收。"""

    expected: int
    counts: list[HoldingCount]
    holders: list[HolderAnswer]
    next_cursor: str | None

    @classmethod
    def of(cls, everybody: Sequence[Holder], shown_ones: Sequence[HolderAnswer], next_cursor: str | None) -> Self:
        """From the rule; counts are of everybody, whatever is shown."""
        counts = count_holdings(everybody)
        return cls(
            expected=len(everybody),
            counts=[
                HoldingCount(holding=holding, holding_label=HOLDING_LABELS[holding], count=count)
                for holding, count in counts.items()
            ],
            holders=list(shown_ones),
            next_cursor=next_cursor,
        )
