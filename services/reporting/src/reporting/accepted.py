"""Reading what levels have accepted: which streams there are, and what must be true of a record that is counted."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from common.consumer import PoisonMessage
from common.contracts import CONTRACTS, Contract
from common.contracts.sync import RECORD_ACCEPTED, AcceptedRecord, accepted_topic
from common.divisions import LEVELS, node_at


class Refusal(NamedTuple):
    """Why a record is set aside: a stable code and one Chinese sentence without values of the record."""

    code: str
    reason: str


PAYLOAD_UNREADABLE = Refusal("reporting.payload-unreadable", "载荷不是所称类型记录的状态")
PAYLOAD_MISMATCH = Refusal("reporting.payload-mismatch", "载荷与入账信息不一致")
NODE_MISMATCH = Refusal("reporting.accepted-division-mismatch", "入账节点不在记录的上级链中")
TIME_OUT_OF_RANGE = Refusal("reporting.time-out-of-range", "记录中的时间超出可统计的范围")


S = TypeVar("S", bound=BaseModel)


def state_in(record: AcceptedRecord, model: type[S]) -> S:
    """The payload as a state of its type, when it is the one that the record names and its node lies above it.

    Raises:
        PoisonMessage: `reporting.payload-unreadable`, `reporting.payload-mismatch`,
            `reporting.accepted-division-mismatch`.
    """
    try:
        state: Any = model.model_validate_json(to_json(record.payload))
    except ValidationError:
        raise PoisonMessage(*PAYLOAD_UNREADABLE) from None
    stated = (state.id, state.version, state.division, state.level)
    if stated != (record.record_id, record.version, record.division, record.level):
        raise PoisonMessage(*PAYLOAD_MISMATCH)
    ways = (record.division, record.routed_division or record.division)
    if record.accepted_division not in {node_at(code, record.accepted_level) for code in ways}:
        raise PoisonMessage(*NODE_MISMATCH)
    return cast("S", state)


def instants_of(record: AcceptedRecord) -> tuple[datetime, datetime]:
    """When the change happened and when it was accepted, in UTC.

    Raises:
        PoisonMessage: `reporting.time-out-of-range`.
    """
    try:
        return record.occurred_at.astimezone(UTC), record.accepted_at.astimezone(UTC)
    except OverflowError:
        raise PoisonMessage(*TIME_OUT_OF_RANGE) from None


def accepted_contracts(reading: type[AcceptedRecord]) -> dict[str, Contract]:
    """What a consumer of accepted records takes: their contract, read as `reading`."""
    contract = CONTRACTS[RECORD_ACCEPTED]
    return {RECORD_ACCEPTED: Contract(contract.type, contract.topics, reading, contract.title)}


def accepted_topics() -> tuple[str, ...]:
    """The accepted streams of all levels; those that this site does not host stay silent."""
    return tuple(accepted_topic(level) for level in LEVELS)
