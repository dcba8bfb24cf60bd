"""The events of dispatches, as outbox rows: written as text, because one circular makes 28,000 of them.

The tests hold every row against its contract.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from common.clock import iso
from common.contracts.sync import (
    DISPATCH_DELIVERED,
    DISPATCH_ENDED,
    DISPATCH_RECEIPTS_TOPIC,
    DISPATCH_REMINDED,
    DISPATCH_REMINDERS_TOPIC,
    DISPATCH_SENT,
    DISPATCH_SIGNED,
    DeliveredDispatch,
    EndedDispatch,
    RemindedDispatch,
    SignedDispatch,
    dispatch_topic,
)
from common.divisions import level_of
from common.ids import uuid7, uuid7s
from common.outbox import Row
from sync.dispatches.domain import Dispatch

SOURCE = "/jiceng/sync"


def rows_of_sent(dispatch: Dispatch, receivers: Sequence[tuple[str, str, bool]], at: datetime) -> Iterator[Row]:
    """One event for each receiving node: (node, who hands it down, whether it is addressed)."""
    head = (
        f'{{"dispatch_id":"{dispatch.id}","record_type":"{dispatch.record_type}","record_id":"{dispatch.record_id}",'
        f'"version":{dispatch.version},"event_type":{json.dumps(dispatch.event_type)},'
        f'"occurred_at":"{iso(dispatch.occurred_at)}","digest":"{dispatch.digest.hex()}",'
        f'"sender":"{dispatch.sender}","sender_level":"{level_of(dispatch.sender)}","sent_at":"{iso(at)}",'
    )
    tail = f',"payload":{dispatch.data}}}'
    for event_id, (node, parent, is_addressed) in zip(uuid7s(len(receivers)), receivers, strict=True):
        level = level_of(node)
        data = (
            f'{head}"from_level":"{level_of(parent)}","from_division":"{parent}","to_level":"{level}",'
            f'"to_division":"{node}","is_addressed":{"true" if is_addressed else "false"}{tail}'
        )
        yield _row(dispatch, dispatch_topic(level), event_id, DISPATCH_SENT, at, node, data)


def row_of_ended(record_type: str, record_id: UUID, version: int, node: str, parent: str, *, at: datetime) -> Row:
    """To a node of another site: a record that had gone there has ended. Keyed as that was, so it comes after it."""
    level = level_of(node)
    told = EndedDispatch(
        record_type=record_type,
        record_id=record_id,
        version=version,
        from_level=level_of(parent),
        from_division=parent,
        to_level=level,
        to_division=node,
        ended_at=at,
    )
    data = told.to_bytes().decode()
    return (
        dispatch_topic(level), uuid7(), DISPATCH_ENDED, SOURCE, str(record_id), at, node, level, version, node, None,
        data,
    )  # fmt: skip


def row_of_delivered(dispatch: Dispatch, node: str, at: datetime) -> Row:
    """The receipt of a node that is addressed."""
    told = DeliveredDispatch(
        dispatch_id=dispatch.id,
        record_type=dispatch.record_type,
        record_id=dispatch.record_id,
        version=dispatch.version,
        division=node,
        level=level_of(node),
        delivered_at=at,
    )
    data = told.to_bytes().decode()
    return _row(dispatch, DISPATCH_RECEIPTS_TOPIC, uuid7(), DISPATCH_DELIVERED, at, node, data)


def row_of_signed(dispatch: Dispatch, node: str, *, delivered_at: datetime, signed_at: datetime, by: str) -> Row:
    """The signature of a node's office."""
    told = SignedDispatch(
        dispatch_id=dispatch.id,
        record_type=dispatch.record_type,
        record_id=dispatch.record_id,
        version=dispatch.version,
        division=node,
        level=level_of(node),
        delivered_at=delivered_at,
        signed_at=signed_at,
        signed_by=by,
    )
    data = told.to_bytes().decode()
    return _row(dispatch, DISPATCH_RECEIPTS_TOPIC, uuid7(), DISPATCH_SIGNED, signed_at, node, data)


def row_of_reminded(dispatch: Dispatch, node: str, days_before: int, at: datetime) -> Row:
    """The reminder of a node; a dispatch without a day to sign by has none."""
    assert dispatch.sign_by is not None, "nodes are reminded of a day"  # noqa: S101
    told = RemindedDispatch(
        dispatch_id=dispatch.id,
        record_type=dispatch.record_type,
        record_id=dispatch.record_id,
        version=dispatch.version,
        division=node,
        level=level_of(node),
        title=dispatch.title,
        reference_number=dispatch.reference_number,
        sign_by=dispatch.sign_by,
        days_before=days_before,
        reminded_at=at,
    )
    data = told.to_bytes().decode()
    return _row(dispatch, DISPATCH_REMINDERS_TOPIC, uuid7(), DISPATCH_REMINDED, at, node, data)


def _row(dispatch: Dispatch, topic: str, event_id: UUID, type_: str, at: datetime, node: str, data: str) -> Row:
    """Keyed by the node: what one node gets stays in order, and 28,000 of them share the partitions."""
    level = level_of(node)
    return (
        topic, event_id, type_, SOURCE, str(dispatch.record_id), at, node, level, dispatch.version, node, None, data,
    )  # fmt: skip
