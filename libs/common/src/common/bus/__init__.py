"""Charter: the message bus as a port; Kafka beyond one machine, a log in PostgreSQL on one. One contract for both.

Source: docs/decisions/0003-bus-port-two-adapters.md. Importing this package imports neither adapter.
"""

from common.bus.errors import BusUnavailable, MessageTooLarge, PositionLost, TopicMismatch, TopicMissing
from common.bus.opening import BusSettings, open_bus
from common.bus.port import (
    MAX_MESSAGE_BYTES,
    Bus,
    Consumer,
    Message,
    Positions,
    Producer,
    Received,
    TopicPartition,
    TopicSpec,
)
from common.bus.tls import TlsFiles

__all__ = [
    "MAX_MESSAGE_BYTES",
    "Bus",
    "BusSettings",
    "BusUnavailable",
    "Consumer",
    "Message",
    "MessageTooLarge",
    "PositionLost",
    "Positions",
    "Producer",
    "Received",
    "TlsFiles",
    "TopicMismatch",
    "TopicMissing",
    "TopicPartition",
    "TopicSpec",
    "open_bus",
]
