"""Answers about receipts."""

from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.sync import Outcome
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime
from sync.receipts.domain import OUTCOME_LABELS, IssuedReceipt


class ReceiptAnswer(AnswerModel):
    """One level's answer to one record at one version."""

    id: UUID
    record_type: str
    record_id: UUID
    version: int
    division: str = Field(description="记录产生地的区划代码。")
    receiver_level: Level
    receiver_level_label: str
    receiver_division: str
    outcome: Outcome
    outcome_label: str
    reason_code: str | None
    reason: str | None
    digest: str = Field(description="记录内容的 SHA-256 摘要（十六进制）。")
    issued_at: BeijingTime

    @classmethod
    def of(cls, receipt: IssuedReceipt) -> Self:
        """As it is shown."""
        return cls(
            id=receipt.id,
            record_type=receipt.record_type,
            record_id=receipt.record_id,
            version=receipt.version,
            division=receipt.division,
            receiver_level=receipt.receiver_level,
            receiver_level_label=LEVEL_LABELS[receipt.receiver_level],
            receiver_division=receipt.receiver_division,
            outcome=receipt.outcome,
            outcome_label=OUTCOME_LABELS[receipt.outcome],
            reason_code=receipt.reason_code,
            reason=receipt.reason,
            digest=receipt.digest.hex(),
            issued_at=receipt.issued_at,
        )
