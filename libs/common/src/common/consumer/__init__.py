"""Charter: bus → transaction. Batches are decoded, checked against their contracts and handed to a set-based handler;
its writes, the dead letters and the bus position are one transaction. Source: ADR 0002.
"""

from common.consumer.decode import Delivered, PoisonMessage, decode
from common.consumer.dead_letters import DEAD_LETTERS_DDL
from common.consumer.runner import ConsumerRunner, ConsumerStopped, Handler, newest

__all__ = [
    "DEAD_LETTERS_DDL",
    "ConsumerRunner",
    "ConsumerStopped",
    "Delivered",
    "Handler",
    "PoisonMessage",
    "decode",
    "newest",
]
