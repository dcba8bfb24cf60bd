"""From a bus message to an event with checked data."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from common.bus import Received
from common.contracts import Contract
from common.contracts.model import EventData
from common.divisions import InvalidDivisionCode, level_of
from common.events import Event, MalformedEvent


class PoisonMessage(Exception):
    """This message can never be applied; it goes to the dead letters.

    Args:
        code: stable, `event.schema-violation`, `sync.digest-mismatch`, …
        reason: one Chinese sentence without values of the message.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Delivered:
    """One event as it was delivered, with its data in the contract's model."""

    event: Event
    data: EventData
    received: Received


def decode(message: Received, accepts: Mapping[str, Contract]) -> Delivered:
    """Reads and checks one message.

    Raises:
        PoisonMessage: `event.malformed`, `event.type-unknown`, `event.schema-violation`, `event.attribute-mismatch`.
    """
    try:
        event = Event.from_kafka(message.key, message.value, message.headers)
    except MalformedEvent as error:
        raise PoisonMessage("event.malformed", error.detail) from None
    contract = accepts.get(event.type)
    if contract is None:
        raise PoisonMessage("event.type-unknown", "本消费者不接收此事件类型或版本")
    try:
        data = contract.model.model_validate_json(event.data)
    except ValidationError as error:
        raise PoisonMessage("event.schema-violation", _where(error)) from None
    _check_attributes(event, data)
    return Delivered(event, data, message)


def _where(error: ValidationError) -> str:
    places = sorted({".".join(str(part) for part in item["loc"]) or "$" for item in error.errors(include_input=False)})
    return "不符合事件模式：" + "、".join(places)[:300]


def _check_attributes(event: Event, data: EventData) -> None:
    try:
        level = level_of(event.division)
    except InvalidDivisionCode:
        raise PoisonMessage("event.attribute-mismatch", "division 不是区划代码") from None
    declared = getattr(data, "level", None)
    if event.level not in (level, declared):
        raise PoisonMessage("event.attribute-mismatch", "level 与 division 不一致")
    if getattr(data, "division", getattr(data, "code", event.division)) != event.division:
        raise PoisonMessage("event.attribute-mismatch", "division 与数据不一致")
    if str(getattr(data, "record_id", getattr(data, "id", event.subject))) != event.subject:
        raise PoisonMessage("event.attribute-mismatch", "subject 与数据不一致")
    if getattr(data, "version", event.recordversion) != event.recordversion:
        raise PoisonMessage("event.attribute-mismatch", "recordversion 与数据不一致")
