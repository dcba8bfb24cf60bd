"""Recoveries in requests and answers."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from common.contracts.registry.money import PayRecoveryState
from common.http import StrictModel
from registry.history.schemas import RecordAnswer, common_fields
from registry.pay.domain import RECOVERY_REASON_LABELS, RECOVERY_STATUS_LABELS
from registry.pay.schemas.fields import Document, Reason
from registry.pay.service import Closing


class ClosingBody(StrictModel):
    """追回事项如何办结；免予追回须有理由和文件。"""

    status: Literal["recovered", "waived"]
    reason: Reason | None = None
    document: Document | None = None

    def to_domain(self) -> Closing:
        """For the use case."""
        return Closing(self.status, self.reason, self.document)


class RecoveryAnswer(RecordAnswer):
    """一笔须追回的报酬。"""

    pay_run_id: UUID
    staff_member_id: UUID
    amount_fen: int
    found_on: date
    clause: str
    found_reason: str | None
    found_reason_label: str | None
    found_detail: str | None
    case_id: UUID | None
    status: Literal["open", "recovered", "waived"]
    status_label: str
    closed_on: date | None
    close_reason: str | None
    close_document: str | None

    @classmethod
    def of(cls, state: PayRecoveryState) -> Self:
        """From the state; the pseudonym stays inside."""
        own = {name: getattr(state, name) for name in cls.model_fields if name in PayRecoveryState.model_fields}
        labels = {
            "status_label": RECOVERY_STATUS_LABELS[state.status],
            "found_reason_label": RECOVERY_REASON_LABELS[state.found_reason] if state.found_reason else None,
        }
        return cls.model_validate({**own, **common_fields(state), **labels})
