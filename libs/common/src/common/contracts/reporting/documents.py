"""What reporting publishes of documents: who issued, received and forwarded which document when. Source: G1."""

import re
from datetime import date
from typing import Literal
from uuid import UUID

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import DispatchOrder, Record, StoredState
from common.divisions import Level

Classification = Literal["public", "on_request", "internal"]
DocumentStatus = Literal["registered", "published", "withdrawn"]

_NUMBER = re.compile(r"[一-鿿（）·、A-Za-z]{1,30}〔((?:19|20)\d\d)〕[1-9]\d{0,5}号")
_ORDER = re.compile(r"[一-鿿（）·、]{1,30}令第[1-9]\d{0,5}号")


def is_document_number(text: str) -> bool:
    """Whether a text is a 发文字号: body, year in six-cornered brackets, number without 第 and without leading zeros.

    An order (令) has its own form, 国务院令第513号.

    Source: GB/T 9704-2012, 7.2.5 and 10.2.
    """
    return _NUMBER.fullmatch(text) is not None or _ORDER.fullmatch(text) is not None


def year_of_number(text: str) -> int | None:
    """The year in a 发文字号; None where it has none (orders)."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


class FileReference(EventData):
    """The file of a document, which is kept elsewhere.

    Attributes:
        algorithm: of the digest.
        digest: lower-case hexadecimal, 64 digits.
        name: of the file.
    """

    algorithm: Literal["sha256", "sm3"]
    digest: str
    name: str


class DocumentState(StoredState):
    """A document, first issued or forwarded (转发). Its division is that of the body that issued it.

    Source: G1, S0.

    Attributes:
        number: 发文字号; None where none is known (an opinion that only travels inside its forwarding notice).
        issuer: name of the issuing body at that time.
        signed_on: 成文日期; None where the source does not state it.
        published_on: None as long as it is not public.
        index_number: 索引号 of its publication.
        addressees: divisions whose offices it is sent to (主送).
        down_to: the lowest level that it is meant for.
        forwards: the document that this one passes on; None for the first of a chain.
        root: the first document of the chain; the document itself for the first.
        entered_afterwards: history, entered when it had long been signed.
        withdrawal_reason: of a document entered by mistake.
        dispatch: how this version goes down the levels.
        is_sent: whether this version or an earlier one has gone down.
    """

    number: str | None
    title: str
    issuer: str
    signed_on: date | None
    published_on: date | None = None
    classification: Classification
    index_number: str | None = None
    addressees: tuple[Division, ...] = ()
    down_to: Level
    forwards: UUID | None = None
    root: UUID
    file: FileReference | None = None
    entered_afterwards: bool = False
    status: DocumentStatus = "registered"
    withdrawal_reason: str | None = None
    dispatch: DispatchOrder | None = None
    is_sent: bool = False


class DocumentReceiptState(StoredState):
    """A division has a document. Its division is that of the receiver.

    Source: G1.

    Attributes:
        root: the first document of the chain.
        sender: the division whose document was received.
        received_on: the Beijing day.
        received_by: account of whoever entered it.
        days: from the signing of the document to its receipt; None where a day is unknown.
    """

    document_id: UUID
    root: UUID
    sender: Division
    received_on: date
    received_by: str
    days: int | None = None
    entered_afterwards: bool = False
    note: str | None = None
    entered_at: Instant


RECORDS: tuple[Record, ...] = (
    Record("reporting.document", DocumentState, "文件登记变动"),
    Record("reporting.document-receipt", DocumentReceiptState, "文件接收登记变动"),
)
