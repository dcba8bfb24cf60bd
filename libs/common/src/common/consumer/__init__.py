"""Charter: bus → transaction. Batches are decoded, checked and handed to a set-based handler.

Its writes, the dead letters and the bus position are one transaction. Source: ADR 0002.
"""

from common.consumer.dead_letters import DEAD_LETTERS_DDL
from common.consumer.decode import Delivered, PoisonMessage, decode
from common.consumer.runner import Before, ConsumerRunner, ConsumerStopped, Handler, Postponed, newest

__all__ = [
    "DEAD_LETTERS_DDL",
    "Before",
    "ConsumerRunner",
    "ConsumerStopped",
    "Delivered",
    "Handler",
    "PoisonMessage",
    "Postponed",
    "decode",
    "newest",
]
