"""What can go wrong on a bus, the same for both adapters."""

from common.bus.port import MAX_MESSAGE_BYTES, TopicPartition
from common.errors import Unavailable


class BusUnavailable(Unavailable):
    """The bus did not answer within the bound; the same call may succeed later."""

    code = "bus.unavailable"
    title = "消息总线暂不可用"


class TopicMissing(BusUnavailable):
    """A topic is not there (yet): whoever owns it has not run `ensure_topics`."""

    code = "bus.topic-missing"
    title = "消息主题尚未建立"


class TopicMismatch(RuntimeError):
    """A topic exists with another number of partitions than asked for; a person must decide."""


class MessageTooLarge(ValueError):
    """A message is over the limit; it will not be smaller when sent again."""

    def __init__(self, topic: str, size_bytes: int) -> None:
        super().__init__(f"{topic}: message of {size_bytes} bytes, the limit is {MAX_MESSAGE_BYTES}")
        self.topic = topic
        self.size_bytes = size_bytes


class PositionLost(RuntimeError):
    """The bus no longer holds, or does not hold yet, the position a consumer must read from.

    Either retention has overrun a consumer (`wanted < begin`) or the log was wiped (`wanted > end`). Reading on
    anywhere else would lose messages in silence, so a person or a re-synchronisation decides (docs/runbooks).
    """

    def __init__(self, partition: TopicPartition, wanted: int, begin: int, end: int) -> None:
        super().__init__(f"{partition.topic}-{partition.partition}: wanted {wanted}, the bus holds {begin} to {end}")
        self.partition = partition
        self.wanted = wanted
        self.begin = begin
        self.end = end
