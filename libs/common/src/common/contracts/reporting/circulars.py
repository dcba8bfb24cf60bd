"""Circulars (通报): a frozen snapshot of figures in an official document. Source: S5, O6.3b."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import DispatchOrder, Record, StoredState
from common.divisions import Level

Account = str
"""An account: the token's subject, never a name."""

CircularStatus = Literal["draft", "under_review", "signed", "published", "corrected", "withdrawn"]
CircularKind = Literal["circular", "correction"]
QueryKind = Literal["indicator", "report_timeliness", "plan_filing", "inspection"]
Better = Literal["higher", "lower"]
BlockKind = Literal["heading_1", "heading_2", "heading_3", "heading_4", "paragraph", "table"]
Secrecy = Literal["secret", "confidential", "top_secret"]
UrgencyMark = Literal["urgent", "extra_urgent"]


class QueryState(EventData):
    """A named question to the figures.

    Source: S5, O6.3b.

    Attributes:
        code: hyphen-words, one time in a circular; numbers are named `n.<code>.<division>[.<column>]`.
        subject: what is asked about: the code of an indicator, the id of a period, the code of a programme, None for
            everything of the kind.
        better: which values rank first; None where nothing is ranked.
    """

    code: str
    kind: QueryKind
    subject: str | None = None
    title: str
    better: Better | None = None


class BlockState(EventData):
    """A part of the text: a heading, a paragraph with placeholders, or the table of a query.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).

    Attributes:
        text: words with `{{ n.… }}`; of a table, the code of its query.
    """

    kind: BlockKind
    text: str


class AttachmentState(EventData):
    """An attachment (附件): a title and its blocks. Source: standards.md §9 (GB/T 9704-2012)."""

    title: str
    blocks: tuple[BlockState, ...]


class WordsState(EventData):
    """Everything of the document that people write.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).

    Attributes:
        issuer: 发文机关, as the red title and the signature name it.
        number_mark: 机关代字, `粤人社函`.
        title: 标题.
        addressees: 主送机关.
        blocks: 正文.
        attachments: 附件.
        note: 附注, without brackets.
        copies: 抄送机关.
        printed_by: 印发机关.
        copy_number: 份号; only with a mark of secrecy.
        secrecy: 密级; such a document is neither public nor sent through the platform.
        secrecy_years: 保密期限.
        urgency: 紧急程度.
    """

    issuer: str
    number_mark: str
    title: str
    addressees: Annotated[tuple[str, ...], Field(min_length=1)]
    blocks: tuple[BlockState, ...]
    attachments: tuple[AttachmentState, ...] = ()
    note: str | None = None
    copies: tuple[str, ...] = ()
    printed_by: str
    copy_number: int | None = None
    secrecy: Secrecy | None = None
    secrecy_years: int | None = None
    urgency: UrgencyMark | None = None


class SnapshotReference(EventData):
    """Which frozen snapshot a circular rests on.

    Source: O6.3b.

    Attributes:
        on: the day whose state was asked for.
        digest: SHA-256 of the snapshot's canonical JSON, hex.
    """

    id: UUID
    on: date
    taken_at: Instant
    digest: str


class DocumentReference(EventData):
    """The official document, as it was signed.

    Source: O6.3b.

    Attributes:
        number: 发文字号, `粤人社函〔2012〕3号`; never given twice.
        signed_on: 成文日期, the Beijing day of signing.
        digest: SHA-256 of the file, hex.
    """

    number: str
    signed_on: date
    digest: str


class NumberChange(EventData):
    """A number that a correction (更正) sets right.

    Source: O6.3b.

    Attributes:
        name: as placeholders name it.
        label: for people.
        old: as it was published; None where there was none.
        new: as it is; None where there is none any more.
        why: the reason, in people's words.
    """

    name: str
    label: str
    old: str | None
    new: str | None
    why: str


class WordChange(EventData):
    """A passage that a correction sets right. Source: O6.3b."""

    old: str
    new: str
    why: str


class Act(EventData):
    """Who took a step, and when."""

    by: Account
    at: Instant
    reason: str | None = None


class PublishedCell(EventData):
    """One number or word of a published table; what it rests on stands in the snapshot.

    Attributes:
        as_of: the newest fact that it holds.
        known, expected: of how many places it is known, of how many there are; None where that is no question.
    """

    column: str
    value: str | None
    as_of: Instant | None = None
    known: int | None = None
    expected: int | None = None


class PublishedRow(EventData):
    """One division of a published table; equal values share a rank."""

    division: Division
    name: str
    rank: int | None = None
    cells: tuple[PublishedCell, ...]


class PublishedTable(EventData):
    """A table as it was published, for those who receive the circular.

    Source: O6.3b.

    Attributes:
        columns: (code, title) in their order.
        ranked_by: the rule of the ranking, in words.
        as_of: the newest fact that it holds.
    """

    code: str
    title: str
    columns: tuple[tuple[str, str], ...]
    ranked_by: str | None = None
    as_of: Instant | None = None
    rows: tuple[PublishedRow, ...]


class CircularState(StoredState):
    """One circular; its division is that of the office that issues it, of a province or a city.

    Source: S5, O6.3b.

    Attributes:
        scope: the division whose children are compared; the issuer's own or one below it.
        on: the day whose figures it tells.
        holder: who began it.
        drafters: everybody who wrote in it; none of them signs it.
        is_public: 主动公开; readable without logging in once it is published.
        down_to: the lowest level that it is sent to.
        corrects: the circular that this one sets right.
        changes: the numbers that it sets right.
        corrected_by: the published correction of this one.
        told: the words with their numbers, once published; `words` keeps the names of the numbers.
        tables: once published.
        dispatch: of the version that goes down the levels.
    """

    kind: CircularKind
    status: CircularStatus
    scope: Division
    on: date
    holder: Account
    drafters: tuple[Account, ...]
    queries: tuple[QueryState, ...]
    words: WordsState
    is_public: bool
    down_to: Level
    sign_by: date | None = None
    snapshot: SnapshotReference | None = None
    document: DocumentReference | None = None
    submitted: Act | None = None
    returned: Act | None = None
    signed: Act | None = None
    published: Act | None = None
    withdrawn: Act | None = None
    corrects: UUID | None = None
    changes: tuple[NumberChange, ...] = ()
    word_changes: tuple[WordChange, ...] = ()
    corrected_by: UUID | None = None
    told: WordsState | None = None
    tables: tuple[PublishedTable, ...] = ()
    dispatch: DispatchOrder | None = None


RECORDS: tuple[Record, ...] = (Record("reporting.circular", CircularState, "通报变动"),)
