"""Answers about dead letters."""

from typing import Self
from uuid import UUID

from common.http import AnswerModel, BeijingTime
from sync.dead_letters.repository import DeadLetterRow


class DeadLetterAnswer(AnswerModel):
    """Where a message stood and why it was set aside."""

    id: UUID
    consumer_group: str
    topic: str
    partition: int
    offset: int
    code: str
    reason: str
    recorded_at: BeijingTime

    @classmethod
    def of(cls, row: DeadLetterRow) -> Self:
        """As it is shown."""
        return cls(**row._asdict())
