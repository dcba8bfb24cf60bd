"""A message that a consumer could not take, with its reason; the original bytes travel in base64."""

from pydantic import Field

from common.contracts.model import EventData, Instant

DEAD_LETTER_TYPE = "{service}.dead-letter.recorded.v1"


def dead_letter_type(service: str) -> str:
    """Event type of the dead letters that a service records."""
    return DEAD_LETTER_TYPE.format(service=service)


def dead_letter_topic(topic: str, group: str) -> str:
    """Where the dead letters of one consumer group on one topic go."""
    return f"{topic}.{group}.dlq"


class DeadLetter(EventData):
    """What was refused, where it stood and why."""

    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)
    consumer_group: str
    code: str
    reason: str
    key_base64: str
    value_base64: str = Field(description="The message, or its beginning where it was too large for one letter.")
    headers: list[tuple[str, str]]
    recorded_at: Instant
    is_cut: bool = Field(default=False, description="True if value_base64 holds the beginning only.")
