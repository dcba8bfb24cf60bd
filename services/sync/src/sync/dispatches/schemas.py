"""Answers about dispatches."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query
from pydantic import Field

from common.clock import today
from common.contracts.catalogue import DISPATCHABLE
from common.divisions import LEVEL_LABELS, Level, level_of
from common.http import AnswerModel, BeijingTime
from sync.dispatches.domain import NODE_STATUS_LABELS, Lack, NodeState, NodeStatus, is_overdue, status_of
from sync.dispatches.repository.reading import Counts
from sync.dispatches.service import DispatchFile, InboxItem, MissingNode, Progress, SentItem

RECORD_LABELS: Mapping[str, str] = {record.name: record.title.removesuffix("变动") for record in DISPATCHABLE}

UnsignedQuery = Annotated[bool, Query(description="只看待签收的。")]
LackQuery = Annotated[Lack, Query(description="delivery：未送达；signature：未签收（含未送达）。")]


class NodeAnswer(AnswerModel):
    """How one node stands to a dispatch."""

    node: str = Field(description="节点的区划代码。")
    status: NodeStatus
    status_label: str
    is_overdue: bool = Field(description="逾期：签收期限已过而未签收，或者逾期签收。")
    sent_at: BeijingTime | None
    delivered_at: BeijingTime | None
    signed_at: BeijingTime | None
    signed_by: str | None = Field(description="签收人账号。")
    superseded_by: int | None = Field(description="已送达本节点的更新版本；没有时为 null。")
    reminded_at: BeijingTime | None = Field(description="最近一次催签时间；未催签过时为 null。")

    @classmethod
    def of(cls, state: NodeState) -> Self:
        """As it is shown."""
        status = status_of(state)
        return cls(
            node=state.node,
            status=status,
            status_label=NODE_STATUS_LABELS[status],
            is_overdue=is_overdue(state, day=today()),
            sent_at=state.sent_at,
            delivered_at=state.delivered_at,
            signed_at=state.signed_at,
            signed_by=state.signed_by,
            superseded_by=state.superseded_by,
            reminded_at=state.reminded_at,
        )


class _Head(AnswerModel):
    id: UUID
    record_type: str
    record_type_label: str | None
    record_id: UUID
    version: int
    title: str
    reference_number: str | None = Field(description="文号。")
    sender: str = Field(description="发文单位的区划代码。")
    sign_by: date | None = Field(description="签收期限（北京时间，含当日）；没有规定时为 null。")


class InboxAnswer(_Head):
    """One dispatch in the inbox of a node."""

    sender_name: str | None
    state: NodeAnswer

    @classmethod
    def of(cls, item: InboxItem) -> Self:
        """As it is shown."""
        row = item.row
        return cls(
            id=row.state.dispatch_id,
            record_type=row.record_type,
            record_type_label=RECORD_LABELS.get(row.record_type),
            record_id=row.record_id,
            version=row.version,
            title=row.title,
            reference_number=row.reference_number,
            sender=row.sender,
            sign_by=row.state.sign_by,
            sender_name=item.sender_name,
            state=NodeAnswer.of(row.state),
        )


class CountsAnswer(AnswerModel):
    """How many of the addressed stand how."""

    expected: int = Field(description="应签收的节点数（不含已撤销区划）。")
    delivered: int = Field(description="已送达。")
    signed: int = Field(description="已签收。")
    superseded: int = Field(description="未签收，但新版本已送达，不再要求签收。")
    signed_late: int = Field(description="逾期签收。")
    overdue: int = Field(description="逾期未签收。")

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """As it is shown."""
        return cls(**counts._asdict())


class SentAnswer(_Head):
    """One dispatch that a division has sent."""

    occurred_at: BeijingTime
    down_to: Level
    down_to_label: str
    progress: CountsAnswer

    @classmethod
    def of(cls, item: SentItem) -> Self:
        """As it is shown."""
        row, down_to = item.row, Level(item.row.down_to)
        return cls(
            id=row.id,
            record_type=row.record_type,
            record_type_label=RECORD_LABELS.get(row.record_type),
            record_id=row.record_id,
            version=row.version,
            title=row.title,
            reference_number=row.reference_number,
            sender=row.sender,
            sign_by=row.sign_by,
            occurred_at=row.occurred_at,
            down_to=down_to,
            down_to_label=LEVEL_LABELS[down_to],
            progress=CountsAnswer.of(item.counts),
        )


class RootAnswer(AnswerModel):
    """The root of a subtree that is addressed."""

    division: str
    name: str | None


class DispatchAnswer(_Head):
    """One dispatch, whole."""

    sender_name: str | None
    sender_level: Level
    sender_level_label: str
    occurred_at: BeijingTime
    to: list[RootAnswer] = Field(description="下达对象：各区划及其下级，至 down_to 层级。")
    down_to: Level
    down_to_label: str
    digest: str = Field(description="内容的 SHA-256 摘要（十六进制）。")
    newest_version: int = Field(description="该记录已下达的最新版本；大于 version 时，本版本已被替代，仍可查阅。")
    state: NodeAnswer | None = Field(description="本单位的送达与签收情况；未下达给本单位时为 null。")
    payload: dict[str, Any] = Field(description="该版本的完整内容。")

    @classmethod
    def of(cls, file: DispatchFile) -> Self:
        """As it is shown."""
        one = file.dispatch
        level = level_of(one.sender)
        return cls(
            id=one.id,
            record_type=one.record_type,
            record_type_label=RECORD_LABELS.get(one.record_type),
            record_id=one.record_id,
            version=one.version,
            title=one.title,
            reference_number=one.reference_number,
            sender=one.sender,
            sign_by=one.sign_by,
            sender_name=file.names.get(one.sender),
            sender_level=level,
            sender_level_label=LEVEL_LABELS[level],
            occurred_at=one.occurred_at,
            to=[RootAnswer(division=root, name=file.names.get(root)) for root in one.roots],
            down_to=one.down_to,
            down_to_label=LEVEL_LABELS[one.down_to],
            digest=one.digest.hex(),
            newest_version=file.newest_version,
            state=None if file.node is None else NodeAnswer.of(file.node),
            payload=dict(file.payload),
        )


class PlaceProgress(AnswerModel):
    """The counts of one division and everything below it."""

    division: str
    name: str | None
    level: Level
    level_label: str
    progress: CountsAnswer

    @classmethod
    def of(cls, division: str, counts: Counts, names: Mapping[str, str]) -> Self:
        """As it is shown."""
        level = level_of(division)
        return cls(
            division=division,
            name=names.get(division),
            level=level,
            level_label=LEVEL_LABELS[level],
            progress=CountsAnswer.of(counts),
        )


class ProgressAnswer(PlaceProgress):
    """How far a dispatch has come."""

    id: UUID
    sign_by: date | None
    as_of: BeijingTime
    children: list[PlaceProgress] = Field(description="有应签收节点的下一级区划，按代码排列；逐级下钻时以其代码再查。")

    @classmethod
    def told(cls, progress: Progress) -> Self:
        """As it is shown."""
        own = PlaceProgress.of(progress.division, progress.counts, progress.names)
        return cls(
            **dict(own),
            id=progress.dispatch.id,
            sign_by=progress.dispatch.sign_by,
            as_of=progress.as_of,
            children=[PlaceProgress.of(code, counts, progress.names) for code, counts in progress.children.items()],
        )


class MissingAnswer(AnswerModel):
    """A node that has not received, or not signed."""

    node: str
    name: str | None
    level: Level
    level_label: str
    office_name: str | None
    office_phone: str | None
    sent_at: BeijingTime | None
    delivered_at: BeijingTime | None
    is_overdue: bool

    @classmethod
    def of(cls, missing: MissingNode) -> Self:
        """As it is shown."""
        row, level = missing.row, Level(missing.row.level)
        return cls(
            node=row.node,
            name=missing.name,
            level=level,
            level_label=LEVEL_LABELS[level],
            office_name=row.office_name,
            office_phone=row.office_phone,
            sent_at=row.sent_at,
            delivered_at=row.delivered_at,
            is_overdue=row.sign_by is not None and today() > row.sign_by,
        )
