"""Answers about the figures of circulars: tables, numbers of the text, verification."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.circulars import CircularState, CircularStatus
from common.http import AnswerModel, BeijingTime
from reporting.circulars.domain import (
    QUERY_LABELS,
    STATUS_LABELS,
    Cell,
    Difference,
    Link,
    Row,
    Snapshot,
    Table,
    rule_of,
)
from reporting.circulars.schemas.answers import QueryAnswer
from reporting.circulars.service import Verification


class SourceAnswer(AnswerModel):
    """数据所依据的一条记录的一个版本。"""

    record: str
    id: str
    version: int


class CellAnswer(AnswerModel):
    """一个数据及其来历。"""

    name: str
    column: str
    value: str | None
    as_of: BeijingTime | None = Field(description="所含最新情况的发生时间。")
    known: int | None
    expected: int | None
    sources: list[SourceAnswer]


class RowAnswer(AnswerModel):
    """一个区划的数据。"""

    division: str
    name: str
    rank: int | None = Field(description="名次；并列者同名次。")
    is_total: bool
    cells: list[CellAnswer]


class ColumnAnswer(AnswerModel):
    """一列。"""

    code: str
    title: str
    unit: str
    is_number: bool


class TableAnswer(AnswerModel):
    """一张表。"""

    query: QueryAnswer
    columns: list[ColumnAnswer]
    ranked_by: str | None
    as_of: BeijingTime | None
    rows: list[RowAnswer]

    @classmethod
    def of(cls, table: Table, *, is_public: bool) -> Self:
        """From the snapshot; the public is not told the ids behind a number."""
        query = table.query
        rows = [(row, False) for row in table.rows] + ([(table.total, True)] if table.total else [])
        return cls(
            query=QueryAnswer(**query.model_dump(), kind_label=QUERY_LABELS[query.kind]),
            columns=[
                ColumnAnswer(code=one.code, title=one.title, unit=one.unit, is_number=one.is_number)
                for one in table.columns
            ],
            ranked_by=rule_of(table),
            as_of=table.as_of,
            rows=[
                RowAnswer(
                    division=row.division,
                    name=row.name,
                    rank=row.rank,
                    is_total=is_total,
                    cells=[
                        _cell(table, row, column.code, cell, is_public=is_public)
                        for column, cell in zip(table.columns, row.cells, strict=True)
                    ],
                )
                for row, is_total in rows
            ],
        )


class TablesAnswer(AnswerModel):
    """一件通报的全部数据表（开放数据）。"""

    circular: UUID
    number: str | None
    title: str
    status: CircularStatus
    status_label: str
    corrected_by: UUID | None
    scope: str
    on: date
    taken_at: BeijingTime | None
    digest: str | None
    tables: list[TableAnswer]

    @classmethod
    def of(cls, state: CircularState, snapshot: Snapshot, *, is_public: bool = False) -> Self:
        """From the stored snapshot."""
        return cls(
            circular=state.id,
            number=state.document.number if state.document else None,
            title=state.words.title,
            status=state.status,
            status_label=STATUS_LABELS[state.status],
            corrected_by=state.corrected_by,
            scope=snapshot.scope,
            on=snapshot.on,
            taken_at=state.snapshot.taken_at if state.snapshot else None,
            digest=state.snapshot.digest if state.snapshot else None,
            tables=[TableAnswer.of(table, is_public=is_public) for table in snapshot.tables],
        )


class LinkAnswer(AnswerModel):
    """正文引用的一个数据，连同其查询和快照。"""

    place: str = Field(description="在文中何处。")
    name: str
    label: str
    query: str
    value: str | None
    as_of: BeijingTime | None
    sources: list[SourceAnswer]

    @classmethod
    def of(cls, link: Link) -> Self:
        """From the words."""
        number = link.number
        return cls(
            place=link.place,
            name=number.name,
            label=number.label,
            query=number.query,
            value=number.cell.value,
            as_of=number.cell.as_of,
            sources=_sources(number.cell),
        )


class LinksAnswer(AnswerModel):
    """正文引用的全部数据。"""

    snapshot: UUID | None
    digest: str | None
    links: list[LinkAnswer]

    @classmethod
    def of(cls, state: CircularState, links: list[Link]) -> Self:
        """From the use case's answer."""
        kept = state.snapshot
        return cls(
            snapshot=kept.id if kept else None,
            digest=kept.digest if kept else None,
            links=[LinkAnswer.of(link) for link in links],
        )


class DifferenceAnswer(AnswerModel):
    """现在会不同的一个数据。"""

    name: str
    label: str
    old: str | None
    new: str | None

    @classmethod
    def of(cls, found: Difference) -> Self:
        """From the comparison."""
        return cls(name=found.name, label=found.label, old=found.old, new=found.new)


class CorrectionOffer(AnswerModel):
    """可以发起更正。"""

    method: str = "POST"
    href: str


class VerificationAnswer(AnswerModel):
    """核验的结果。"""

    circular: UUID
    holds: bool = Field(description="快照和文件未被改动，且按现有数据重算结果相同。")
    is_snapshot_intact: bool
    is_document_intact: bool | None = Field(description="所存文件与签发时的 SHA-256 相同；签发前为 null。")
    is_document_same_again: bool | None = Field(
        description="按快照重新排版逐字节相同；软件升级后可能不同，不影响文件的效力；签发前为 null。"
    )
    differences: list[DifferenceAnswer]
    correction: CorrectionOffer | None = Field(description="有不同而尚无更正时给出。")

    @classmethod
    def of(cls, found: Verification) -> Self:
        """From the use case's answer."""
        href = f"/reporting/v1/circulars/{found.state.id}/corrections"
        return cls(
            circular=found.state.id,
            holds=found.holds,
            is_snapshot_intact=found.is_snapshot_intact,
            is_document_intact=found.is_document_intact,
            is_document_same_again=found.is_document_same_again,
            differences=[DifferenceAnswer.of(one) for one in found.differences],
            correction=CorrectionOffer(href=href) if found.can_correct else None,
        )


def _cell(table: Table, row: Row, column: str, cell: Cell, *, is_public: bool) -> CellAnswer:
    return CellAnswer(
        name=f"n.{table.query.code}.{row.division}.{column}",
        column=column,
        value=cell.value,
        as_of=cell.as_of,
        known=cell.known,
        expected=cell.expected,
        sources=[] if is_public else _sources(cell),
    )


def _sources(cell: Cell) -> list[SourceAnswer]:
    return [SourceAnswer(record=record, id=one, version=version) for record, one, version in cell.sources]
