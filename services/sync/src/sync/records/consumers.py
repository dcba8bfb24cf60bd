"""The edges of the way up: domain events into the network, and each tier's inbox."""

import json
from collections.abc import Collection, Sequence
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Never, Protocol, cast
from uuid import UUID

from common.consumer import Delivered, Handler, PoisonMessage
from common.contracts.sync import SubmittedRecord
from common.db import Connection
from common.divisions import Level, level_of
from sync.receipts.domain import Verdict
from sync.records.directory import DirectoryCheck
from sync.records.domain import RECORD_TYPE_OF, Content, NotCanonical, Submission, content_of, examine, travelling
from sync.records.service import accept_submissions


class DomainRecord(Protocol):
    """What the contract of a record's domain event carries."""

    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def version(self) -> int: ...  # noqa: D102
    @property
    def division(self) -> str: ...  # noqa: D102
    @property
    def level(self) -> Level: ...  # noqa: D102


def intake(tiers: Collection[Level], directory: DirectoryCheck) -> Handler:
    """The handler of domain events: each is a record in front of its origin level.

    Args:
        tiers: the levels of this site.
        directory: examines the divisions.
    """

    async def take_in(conn: Connection, batch: Sequence[Delivered]) -> None:
        await accept_submissions(conn, [_original(delivered, tiers) for delivered in batch], directory=directory)

    return take_in


def tier(level: Level, directory: DirectoryCheck) -> Handler:
    """The handler of one level's inbox."""

    async def take_up(conn: Connection, batch: Sequence[Delivered]) -> None:
        await accept_submissions(conn, [_submitted(delivered, level) for delivered in batch], directory=directory)

    return take_up


def _original(delivered: Delivered, tiers: Collection[Level]) -> Submission:
    event, record = delivered.event, cast("DomainRecord", delivered.data)
    origin = level_of(record.division)
    if origin not in tiers:
        raise PoisonMessage("sync.tier-not-hosted", "本站点不承载该记录的产生层级")
    _require_subject(delivered, record.id)
    _require_instant(event.time)
    content = _content(delivered)
    return Submission(
        record_type=RECORD_TYPE_OF[event.type],
        record_id=record.id,
        subject=event.subject,
        version=record.version,
        division=record.division,
        origin=record.level,
        event_type=event.type,
        occurred_at=event.time,
        digest=content.digest,
        data=content.data,
        receiver=origin,
        receiver_division=record.division,
        traceparent=event.traceparent,
        flaw=None if record.level is origin else Verdict.ORIGIN_LEVEL_MISMATCH,
    )


def _submitted(delivered: Delivered, level: Level) -> Submission:
    record = cast("SubmittedRecord", delivered.data)
    _require_subject(delivered, record.record_id)
    _require_instant(record.occurred_at)
    try:
        content = content_of(record.payload)
    except NotCanonical:
        content = None
    return Submission(
        record_type=record.record_type,
        record_id=record.record_id,
        subject=delivered.event.subject,
        version=record.version,
        division=record.division,
        origin=record.level,
        event_type=record.event_type,
        occurred_at=record.occurred_at,
        digest=bytes.fromhex(record.digest),
        data="" if content is None else content.data,
        receiver=level,
        receiver_division=record.to_division,
        traceparent=delivered.event.traceparent,
        flaw=examine(record, level, content),
        routed=record.routed_division,
    )


def _require_subject(delivered: Delivered, record_id: UUID) -> None:
    event = delivered.event
    if not str(record_id) == event.subject == event.partitionkey:
        raise PoisonMessage("event.attribute-mismatch", "subject 或 partitionkey 与记录编号不一致")


def _require_instant(occurred_at: datetime) -> None:
    """The first and the last years of the calendar have no day in Beijing."""
    if not MINYEAR < occurred_at.year < MAXYEAR:
        raise PoisonMessage("event.schema-violation", "事件时间超出可表示的范围")


def _content(delivered: Delivered) -> Content:
    """The data as it was sent, fields that this release does not know included, but for what does not travel."""
    try:
        state = json.loads(delivered.event.data, parse_constant=_no_number)
        return content_of(travelling(RECORD_TYPE_OF[delivered.event.type], state))
    except (NotCanonical, ValueError):
        raise PoisonMessage("event.schema-violation", "事件数据没有唯一的 JSON 形式") from None


def _no_number(_: str) -> Never:
    raise ValueError
