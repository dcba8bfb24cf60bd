"""Rules of titles: how long they hold, re-checks, withdrawal after the office was heard. Pure."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from common.clock import beijing_day
from common.contracts.reporting.campaigns import (
    AwardStatus,
    AwardWithdrawalState,
    RecheckState,
    WindowAwardState,
)
from reporting.campaigns.errors import (
    AwardNotInState,
    ProposerDecides,
    StatementPending,
)

_MONTHS = 12


def last_day(first: date, months: int) -> date:
    """The last day of an award that holds so many months.

    Source: O4.3a.
    """
    years, month = divmod(first.month - 1 + months, _MONTHS)
    year, month = first.year + years, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1])) - timedelta(days=1)


def is_held(award: WindowAwardState, *, on: date) -> bool:
    """Whether an office holds the title on a day.

    Source: O4.3a.
    """
    return award.awarded_on <= on <= award.valid_until and (award.withdrawn_on is None or on < award.withdrawn_on)


def rechecked(award: WindowAwardState, *, recheck: RecheckState) -> dict[str, Any]:
    """A holder was looked at again.

    Source: O4.3a.

    Raises:
        AwardNotInState: withdrawn.
    """
    _require_award(award, "held", "withdrawal_proposed")
    return {"rechecks": (*award.rechecks, recheck)}


def withdrawal_proposed(
    award: WindowAwardState, *, by: str, at: datetime, reason: str, statement_days: int
) -> dict[str, Any]:
    """A withdrawal is proposed; the office is heard first.

    Source: O4.3a.

    Raises:
        AwardNotInState: not held, or proposed already.
    """
    _require_award(award, "held")
    proposal = AwardWithdrawalState(
        reason=reason,
        proposed_by=by,
        proposed_at=at,
        statement_due_on=beijing_day(at) + timedelta(days=statement_days),
    )
    return {"status": "withdrawal_proposed", "withdrawals": (*award.withdrawals, proposal)}


def withdrawal_stated(award: WindowAwardState, *, by: str, at: datetime, text: str) -> dict[str, Any]:
    """The office states its side, once.

    Source: O4.3a.

    Raises:
        AwardNotInState: nothing is proposed, or it has spoken.
    """
    _require_award(award, "withdrawal_proposed")
    last = award.withdrawals[-1]
    if last.statement is not None:
        raise AwardNotInState
    told = last.model_copy(update={"statement": text, "stated_by": by, "stated_at": at})
    return {"withdrawals": (*award.withdrawals[:-1], told)}


def withdrawal_decided(
    award: WindowAwardState, *, by: str, at: datetime, withdraws: bool, reason: str
) -> dict[str, Any]:
    """Somebody else than the proposer decides, after the office was heard or its days are over.

    Source: O4.3a.

    Raises:
        AwardNotInState: nothing is proposed.
        ProposerDecides: the same person.
        StatementPending: the office has time left.
    """
    _require_award(award, "withdrawal_proposed")
    last = award.withdrawals[-1]
    if last.proposed_by == by:
        raise ProposerDecides
    if last.statement is None and beijing_day(at) <= last.statement_due_on:
        raise StatementPending(statement_due_on=last.statement_due_on.isoformat())
    told = last.model_copy(
        update={"is_withdrawn": withdraws, "decision_reason": reason, "decided_by": by, "decided_at": at}
    )
    return {
        "withdrawals": (*award.withdrawals[:-1], told),
        "status": "withdrawn" if withdraws else "held",
        "withdrawn_on": beijing_day(at) if withdraws else None,
    }


def _require_award(state: WindowAwardState, *statuses: AwardStatus) -> None:
    if state.status not in statuses:
        raise AwardNotInState(status=state.status)
