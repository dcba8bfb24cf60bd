"""The size limit, checked before anything is sent."""

from collections.abc import Sequence

from common.bus.errors import MessageTooLarge
from common.bus.port import MAX_MESSAGE_BYTES, Message


def refuse_too_large(messages: Sequence[Message]) -> None:
    """Raises for the first message over the limit.

    Raises:
        MessageTooLarge: that message.
    """
    for message in messages:
        at_most = len(message.key) + len(message.value)
        for name, value in message.headers:
            at_most += 4 * len(name) + len(value)
        if at_most > MAX_MESSAGE_BYTES and message.size_bytes > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(message.topic, message.size_bytes)
