"""Charter: the event envelope, CloudEvents 1.0 in Kafka's binary mode; encoding and parsing are the SDK's.

Extensions: `division` (12 digits), `level`, `recordversion`, `partitionkey`, `traceparent`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from common.errors import Invalid

JSON_TYPE = "application/json"
MAX_RECORD_VERSION = 2**31 - 1
_NEVER_DEFAULTED = ("ce_specversion", "ce_id", "ce_time")
"""The SDK fills these in when they are missing; an event without an identity of its own is refused instead."""


class MalformedEvent(Invalid):
    """The message is no CloudEvent 1.0 with the platform's extensions."""

    code = "event.malformed"
    title = "事件格式不正确"


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        id: unique with `source`; redelivery keeps it.
        type: `<service>.<record>.<fact>.v1`.
        source: `/jiceng/<service>`.
        subject: id of the record.
        time: when it happened, aware.
        division: 12-digit code of the office that made the record.
        level: that office's level.
        recordversion: version of the record after the event, from 1.
        partitionkey: order is kept among events with the same key.
        data: full state of the record, JSON in UTF-8.
        traceparent: W3C trace context, if known.
    """

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    division: str
    level: str
    recordversion: int
    partitionkey: str
    data: bytes
    traceparent: str | None = None

    def to_kafka(self) -> tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]:
        """Key, value and headers of the message that carries the event."""
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "time": self.time.astimezone(UTC),
            "datacontenttype": JSON_TYPE,
            "division": self.division,
            "level": self.level,
            "recordversion": str(self.recordversion),
            "partitionkey": self.partitionkey,
        }
        if self.traceparent is not None:
            attributes["traceparent"] = self.traceparent
        message = to_binary(CloudEvent(attributes, self.data), _PASS_BYTES)
        return self.partitionkey.encode(), message.value, tuple(message.headers.items())

    @classmethod
    def from_kafka(cls, key: bytes, value: bytes, headers: tuple[tuple[str, bytes], ...]) -> "Event":
        """Reads the event out of a message; `data` is not parsed.

        Raises:
            MalformedEvent: an attribute is missing or of the wrong form; the text names the attribute, never a value.
        """
        absent = [name for name in _NEVER_DEFAULTED if name not in dict(headers)]
        if absent:
            raise MalformedEvent("、".join(absent) + " 缺失")
        if key != dict(headers).get("ce_partitionkey"):
            raise MalformedEvent("消息键与 partitionkey 不一致")
        try:
            parsed = from_binary(KafkaMessage(headers=dict(headers), key=key, value=value), _PASS_BYTES, CloudEvent)
        except CloudEventValidationError as error:
            raise MalformedEvent("、".join(sorted(error.errors)) + " 缺失或不合法") from None
        except (ValueError, OverflowError):
            raise MalformedEvent("事件头无法解析") from None
        return _checked(parsed)


def _checked(parsed: BaseCloudEvent) -> Event:
    attributes = parsed.get_attributes()
    if attributes.get("specversion") != "1.0":
        raise MalformedEvent("specversion 不受支持")
    texts = {name: attributes.get(name) for name in ("subject", "division", "level", "partitionkey", "recordversion")}
    missing = [name for name, value in texts.items() if not isinstance(value, str) or not value]
    if missing:
        raise MalformedEvent("、".join(missing) + " 缺失")
    version = str(texts["recordversion"])
    if not version.isascii() or not version.isdigit() or not 1 <= int(version) <= MAX_RECORD_VERSION:
        raise MalformedEvent("recordversion 不是正整数")
    time = attributes.get("time")
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise MalformedEvent("time 缺失或没有时区")
    data = parsed.get_data()
    return Event(
        id=str(attributes["id"]),
        type=str(attributes["type"]),
        source=str(attributes["source"]),
        subject=str(texts["subject"]),
        time=time,
        division=str(texts["division"]),
        level=str(texts["level"]),
        recordversion=int(version),
        partitionkey=str(texts["partitionkey"]),
        data=data if isinstance(data, bytes) else b"",
        traceparent=attributes.get("traceparent"),
    )


class _PassBytes(JSONFormat):
    """Data is already JSON bytes on both sides; it is parsed once, against the contract."""

    def write_data(self, data: dict[str, Any] | str | bytes | None, datacontenttype: str | None) -> bytes:  # noqa: ARG002
        return data if isinstance(data, bytes) else b""

    def read_data(self, body: bytes, datacontenttype: str | None) -> dict[str, Any] | str | bytes | None:  # noqa: ARG002
        return body


_PASS_BYTES = _PassBytes()
