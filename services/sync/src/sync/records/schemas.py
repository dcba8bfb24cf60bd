"""Answers about records and levels."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field

from common.contracts.sync import Outcome
from common.divisions import LEVEL_LABELS, Level, level_of
from common.http import AnswerModel, BeijingTime, Int32
from sync.receipts.domain import OUTCOME_LABELS, IssuedReceipt
from sync.records.domain import RECORD_LABELS, StateRow, Stop, Travel
from sync.records.service import LevelSummary

_TYPE_PATTERN = r"^[a-z]+\.[a-z-]+$"
RecordTypePath = Annotated[
    str, Path(max_length=64, pattern=_TYPE_PATTERN, description="记录类型。", examples=["casework.case"])
]
RecordTypeQuery = Annotated[str | None, Query(max_length=64, pattern=_TYPE_PATTERN, description="记录类型。")]
VersionQuery = Annotated[Int32 | None, Query(ge=1, description="版本；缺省为任一层级已入账的最新版本。")]

_MILLISECOND = timedelta(milliseconds=1)


class StopAnswer(AnswerModel):
    """One level of the record's path."""

    level: Level
    level_label: str
    node: str = Field(description="该层级节点的区划代码。")
    node_name: str | None = Field(description="节点名称；名录中没有时为 null。")
    version: int | None = Field(description="该层级当前持有的版本；尚未入账时为 null。")
    outcome: Outcome | None = Field(description="该层级对所查版本的处理结果；尚未到达时为 null。")
    outcome_label: str
    accepted_at: BeijingTime | None
    hop_ms: float | None = Field(description="距下一级入账同一版本的毫秒数；起始层级为 null。")

    @classmethod
    def of(cls, stop: Stop, names: Mapping[str, str]) -> Self:
        """As it is shown."""
        return cls(
            level=stop.level,
            level_label=LEVEL_LABELS[stop.level],
            node=stop.node,
            node_name=names.get(stop.node),
            version=stop.version,
            outcome=stop.outcome,
            outcome_label="未到达" if stop.outcome is None else OUTCOME_LABELS[stop.outcome],
            accepted_at=stop.accepted_at,
            hop_ms=None if stop.hop is None else stop.hop / _MILLISECOND,
        )


class GivenAnswer(AnswerModel):
    """One receipt of the version asked for."""

    id: UUID
    receiver_level: Level
    receiver_level_label: str
    receiver_division: str
    outcome: Outcome
    outcome_label: str
    reason_code: str | None
    reason: str | None
    digest: str
    issued_at: BeijingTime

    @classmethod
    def of(cls, receipt: IssuedReceipt) -> Self:
        """As it is shown."""
        return cls(
            id=receipt.id,
            receiver_level=receipt.receiver_level,
            receiver_level_label=LEVEL_LABELS[receipt.receiver_level],
            receiver_division=receipt.receiver_division,
            outcome=receipt.outcome,
            outcome_label=OUTCOME_LABELS[receipt.outcome],
            reason_code=receipt.reason_code,
            reason=receipt.reason,
            digest=receipt.digest.hex(),
            issued_at=receipt.issued_at,
        )


class TravelAnswer(AnswerModel):
    """Where a record is."""

    record_type: str
    record_type_label: str | None
    record_id: UUID
    division: str = Field(description="记录产生地的区划代码。")
    division_name: str | None
    level: Level
    level_label: str
    newest_version: int
    version: int = Field(description="本回答所述的版本。")
    event_type: str | None
    occurred_at: BeijingTime | None
    digest: str | None
    levels: list[StopAnswer] = Field(description="上报路径，自起始层级至省；不存在的层级不列。")
    receipts: list[GivenAnswer] = Field(description="所述版本的回执，最早的在前，至多 100 条。")

    @classmethod
    def of(cls, travel: Travel, names: Mapping[str, str]) -> Self:
        """As it is shown."""
        level, head = level_of(travel.division), travel.head
        return cls(
            record_type=travel.record_type,
            record_type_label=RECORD_LABELS.get(travel.record_type),
            record_id=travel.record_id,
            division=travel.division,
            division_name=names.get(travel.division),
            level=level,
            level_label=LEVEL_LABELS[level],
            newest_version=travel.newest_version,
            version=travel.version,
            event_type=None if head is None else head.event_type,
            occurred_at=None if head is None else head.occurred_at,
            digest=None if head is None else head.digest.hex(),
            levels=[StopAnswer.of(stop, names) for stop in travel.stops],
            receipts=[GivenAnswer.of(receipt) for receipt in travel.receipts],
        )


class LevelRecordAnswer(AnswerModel):
    """One record as a level holds it."""

    record_type: str
    record_type_label: str | None
    record_id: UUID
    version: int
    node: str
    division: str
    accepted_at: BeijingTime

    @classmethod
    def of(cls, row: StateRow) -> Self:
        """As it is shown."""
        return cls(record_type_label=RECORD_LABELS.get(row.record_type), **row._asdict())


class RecordCount(AnswerModel):
    """How many records of one type."""

    record_type: str
    record_type_label: str | None
    records: int


class LevelSummaryAnswer(AnswerModel):
    """How much a level has accepted and rejected."""

    level: Level
    level_label: str
    division: str = Field(description="统计范围：该区划及其下级。")
    as_of: BeijingTime
    records: int = Field(description="已入账的记录数，不重复计算版本。")
    record_types: list[RecordCount]
    rejections: int = Field(description="退回的回执数。")

    @classmethod
    def of(cls, summary: LevelSummary) -> Self:
        """As it is shown."""
        return cls(
            level=summary.level,
            level_label=LEVEL_LABELS[summary.level],
            division=summary.division,
            as_of=summary.as_of,
            records=sum(summary.records.values()),
            record_types=[
                RecordCount(record_type=name, record_type_label=RECORD_LABELS.get(name), records=count)
                for name, count in summary.records.items()
            ],
            rejections=summary.rejections,
        )
