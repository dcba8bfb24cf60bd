"""What a level can answer to a record at one version."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from common.contracts.sync import Outcome
from common.divisions import Level

OUTCOME_LABELS: dict[Outcome, str] = {"accepted": "已入账", "duplicate": "重复", "rejected": "退回"}


class Verdict(Enum):
    """One answer: outcome, stable reason code and what people read.

    Source: O4.2a, ADR 0010.
    """

    ACCEPTED = ("accepted", None, None)
    ALREADY_ACCEPTED = ("duplicate", "already-accepted", "该版本已入账")
    SUPERSEDED = ("duplicate", "superseded", "已有更新的版本入账")
    DIGEST_MISMATCH = ("rejected", "digest-mismatch", "记录内容与摘要不一致")
    CONTENT_MISMATCH = ("rejected", "content-mismatch", "记录内容所载编号、版本或区划与上报的不一致")
    VERSION_CONFLICT = ("rejected", "version-conflict", "同一版本已以不同内容入账")
    ORIGIN_LEVEL_MISMATCH = ("rejected", "origin-level-mismatch", "记录的层级与其区划不一致")
    NODE_OFF_PATH = ("rejected", "node-off-path", "上报节点或接收节点不在该记录的上报路径上")
    LEVEL_SKIPPED = ("rejected", "level-skipped", "来源层级不是接收层级的下一级")
    DIVISION_UNKNOWN = ("rejected", "division-unknown", "行政区划不存在")
    DIVISION_RETIRED = ("rejected", "division-retired", "记录产生之日该行政区划无效")

    def __init__(self, outcome: Outcome, reason_code: str | None, reason: str | None) -> None:
        self.outcome = outcome
        self.reason_code = reason_code
        self.reason = reason


VERDICTS: tuple[Verdict, ...] = tuple(Verdict)
REASONS: dict[str, str] = {
    verdict.reason_code: verdict.reason for verdict in VERDICTS if verdict.reason_code and verdict.reason
}
"""Reason code → what people read."""


class Receipt(NamedTuple):
    """One level's answer to one record at one version. Source: O4.2a.

    Attributes:
        id: also that of its event.
        record_type: of the record.
        record_id: of the record.
        subject: the same as text.
        version: of the record.
        division: of the record, at its origin.
        origin: level of its origin.
        receiver_level: who answers.
        receiver_division: the node that was addressed.
        verdict: the answer.
        digest: as claimed by the sender.
        issued_at: when.
        traceparent: trace context of the journey.
    """

    id: UUID
    record_type: str
    record_id: UUID
    subject: str
    version: int
    division: str
    origin: Level
    receiver_level: Level
    receiver_division: str
    verdict: Verdict
    digest: bytes
    issued_at: datetime
    traceparent: str | None


class IssuedReceipt(NamedTuple):
    """A receipt as it is stored and read. Source: O4.2a."""

    id: UUID
    record_type: str
    record_id: UUID
    version: int
    division: str
    receiver_level: Level
    receiver_division: str
    outcome: Outcome
    reason_code: str | None
    digest: bytes
    issued_at: datetime

    @property
    def reason(self) -> str | None:
        """What people read; None for an acceptance."""
        return None if self.reason_code is None else REASONS[self.reason_code]
