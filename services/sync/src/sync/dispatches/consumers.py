"""The edges of the way down: versions with an order, each level's dispatches, receipts, and changes of the tree."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Never, cast
from uuid import UUID

from pydantic import ValidationError

from common.clock import today
from common.consumer import Delivered, Handler, PoisonMessage
from common.contracts.catalogue import DISPATCHABLE
from common.contracts.record import DispatchOrder
from common.contracts.registry import DivisionState, OfficeState
from common.contracts.sync import DeliveredDispatch, EndedDispatch, SentDispatch, SignedDispatch
from common.db import Connection
from common.directory import apply_directory
from common.divisions import Level, level_of, parent_of
from sync.dispatches.domain import Dispatch, dispatch_id, is_in_force, is_well_addressed
from sync.dispatches.errors import DispatchContradicted
from sync.dispatches.service import (
    Arrival,
    Move,
    Site,
    Told,
    deliver_dispatches,
    end_dispatches,
    learn_receipts,
    note_moves,
    see_tree,
    send_dispatches,
)
from sync.records.domain import Content, NotCanonical, content_of

RECORD_TYPE_OF: Mapping[str, str] = {record.type: record.name for record in DISPATCHABLE}


def dispatching(site: Site) -> Handler:
    """The handler of every kind of record that may go down: those versions that carry an order do."""

    async def send(conn: Connection, batch: Sequence[Delivered]) -> None:
        found = [_ordered(one, site) for one in batch if cast("Any", one.data).dispatch is not None]
        if found:
            try:
                await send_dispatches(conn, found)
            except DispatchContradicted as error:
                raise PoisonMessage(error.code, error.title) from None
        ended = {key for one in batch if (key := _ended(one)) is not None}
        if ended:
            await end_dispatches(conn, site, ended)

    return send


def _ended(delivered: Delivered) -> tuple[str, UUID, int] | None:
    """The record that has ended by a version that goes nowhere."""
    state = cast("Any", delivered.data)
    if state.dispatch is not None or is_in_force({"status": getattr(state, "status", None)}):
        return None
    return RECORD_TYPE_OF[delivered.event.type], state.id, state.version


def dispatch_tier(level: Level, site: Site) -> Handler:
    """The handler of what is sent down to one level; what is for nodes of other sites is left to them."""

    async def deliver(conn: Connection, batch: Sequence[Delivered]) -> None:
        sent = [one for one in batch if isinstance(one.data, SentDispatch)]
        found = [arrival for one in sent if site.hosts((arrival := _arrival(one, level)).node)]
        if found:
            try:
                await deliver_dispatches(conn, found)
            except DispatchContradicted as error:
                raise PoisonMessage(error.code, error.title) from None
        told = [_told_end(one, level) for one in batch if isinstance(one.data, EndedDispatch)]
        ended = {(one.record_type, one.record_id, one.version) for one in told if site.hosts(one.to_division)}
        if ended:
            await end_dispatches(conn, site, ended)

    return deliver


def _told_end(delivered: Delivered, level: Level) -> EndedDispatch:
    told = cast("EndedDispatch", delivered.data)
    _require_path(told, delivered.event.division, level)
    return told


def _require_path(told: SentDispatch | EndedDispatch, division: str, level: Level) -> None:
    if not (told.to_level is level is level_of(told.to_division)) or told.to_division != division:
        raise PoisonMessage("sync.dispatch.node-off-path", "接收节点与下达层级不一致")
    if told.from_division != parent_of(told.to_division) or told.from_level is not level_of(told.from_division):
        raise PoisonMessage("sync.dispatch.node-off-path", "下达节点不是接收节点的上级")


async def keep_receipts(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Takes over what nodes of any site tell: delivered, signed."""
    await learn_receipts(conn, [_told(one) for one in batch])


async def keep_directory(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Keeps the copy of the register, and notes where dispatches have to follow it: not for a new telephone number."""
    ids = {one.data.id for one in batch if isinstance(one.data, (DivisionState, OfficeState))}
    before = await see_tree(conn, ids)
    await apply_directory(conn, batch)
    after = await see_tree(conn, ids)
    changed = {id_ for id_ in ids if before.get(id_) != after.get(id_)}
    moves = [_move(one) for one in batch if cast("DivisionState | OfficeState", one.data).id in changed]
    left = [Move(before[id_][0], today()) for id_ in changed & before.keys()]
    await note_moves(conn, [*moves, *left])


def _move(delivered: Delivered) -> Move:
    state = cast("DivisionState | OfficeState", delivered.data)
    if isinstance(state, DivisionState):
        return Move(state.code, state.valid_from, state.valid_to)
    return Move(state.division, today())


def _ordered(delivered: Delivered, site: Site) -> Dispatch:
    event, record = delivered.event, cast("Any", delivered.data)
    if not site.hosts(record.division):
        raise PoisonMessage("sync.tier-not-hosted", "本站点不承载该文件的下达层级")
    content = _content(event.data)
    return _dispatch(
        record_type=RECORD_TYPE_OF[event.type],
        record=record,
        event_type=event.type,
        occurred_at=event.time,
        sender=record.division,
        content=content,
        payload=json.loads(content.data),
    )


def _arrival(delivered: Delivered, level: Level) -> Arrival:
    record = cast("SentDispatch", delivered.data)
    _require_path(record, delivered.event.division, level)
    try:
        content = content_of(record.payload)
    except NotCanonical:
        content = None
    if content is None or content.digest.hex() != record.digest:
        raise PoisonMessage("sync.dispatch.digest-mismatch", "文件内容与摘要不一致")
    dispatch = _dispatch(
        record_type=record.record_type,
        record=record,
        event_type=record.event_type,
        occurred_at=record.occurred_at,
        sender=record.sender,
        content=content,
        payload=record.payload,
    )
    if dispatch.id != record.dispatch_id:
        raise PoisonMessage("sync.dispatch.content-mismatch", "下达编号与记录及版本不一致")
    return Arrival(dispatch, record.to_division, record.from_division, record.is_addressed, record.sent_at)


def _dispatch(
    *,
    record_type: str,
    record: Any,
    event_type: str,
    occurred_at: Any,
    sender: str,
    content: Content,
    payload: Mapping[str, Any],
) -> Dispatch:
    record_id = getattr(record, "record_id", None) or record.id
    if (payload.get("id"), payload.get("version"), payload.get("division")) != (str(record_id), record.version, sender):
        raise PoisonMessage("sync.dispatch.content-mismatch", "文件内容所载编号、版本或区划与下达的不一致")
    order = _order(payload)
    if not is_well_addressed(order, sender):
        raise PoisonMessage("sync.dispatch.addressee-outside", "下达对象不在发文单位的下级之中")
    return Dispatch(
        id=dispatch_id(record_type, record_id, record.version),
        record_type=record_type,
        record_id=record_id,
        version=record.version,
        event_type=event_type,
        occurred_at=occurred_at,
        sender=sender,
        title=order.title,
        reference_number=order.reference_number,
        roots=order.to,
        down_to=order.down_to,
        sign_by=order.sign_by,
        digest=content.digest,
        data=content.data,
        is_in_force=is_in_force(payload),
    )


def _order(payload: Mapping[str, Any]) -> DispatchOrder:
    try:
        return DispatchOrder.model_validate_json(json.dumps(payload.get("dispatch")))
    except ValidationError:
        raise PoisonMessage("sync.dispatch.order-unreadable", "下达要求缺失或不符合格式") from None


def _told(delivered: Delivered) -> Told:
    told = cast("DeliveredDispatch | SignedDispatch", delivered.data)
    parent = parent_of(told.division)
    if parent is None or told.level is not level_of(told.division):
        raise PoisonMessage("sync.dispatch.node-off-path", "签收节点没有上级")
    signed = told if isinstance(told, SignedDispatch) else None
    return Told(
        told.dispatch_id,
        told.division,
        parent,
        told.level.value,
        told.delivered_at,
        None if signed is None else signed.signed_at,
        None if signed is None else signed.signed_by,
    )


def _content(data: bytes) -> Content:
    """The data as it was sent, fields that this release does not know included."""
    try:
        return content_of(json.loads(data, parse_constant=_no_number))
    except (NotCanonical, ValueError):
        raise PoisonMessage("event.schema-violation", "事件数据没有唯一的 JSON 形式") from None


def _no_number(_: str) -> Never:
    raise ValueError
