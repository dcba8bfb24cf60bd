"""How a case ends: closed with one of the results, withdrawn; and the handing over of what came of it."""

from collections.abc import Mapping
from datetime import datetime

from casework.cases.domain.case import (
    Case,
    CaseStatus,
    ClosingResult,
    Stage,
    following,
    not_before,
    require_accepted,
    require_open,
    with_answer,
    with_document,
    with_step,
)
from casework.cases.domain.handling import require_complete, require_deciding_level
from casework.cases.domain.timing import stop_clocks, timed, was_on_time
from casework.cases.errors import (
    ClosingNeedsReason,
    ClosingRefused,
    NothingToCollect,
    SpecialRunning,
    SupplementNotLapsed,
)
from casework.clock.domain import Calendar
from common.clock import beijing_day
from common.contracts.casework.cases import DocumentKind

DECIDING = (ClosingResult.GRANTED, ClosingResult.RETURNED, ClosingResult.OTHER)
HEADS_ONLY = (ClosingResult.VOIDED, ClosingResult.DELETED)
"""Only the head of an office voids a case or strikes out an entry made in error."""
_WITH_REASON = (ClosingResult.RETURNED, ClosingResult.VOIDED, ClosingResult.DELETED, ClosingResult.REFERRED)
_FAVOURABLE: Mapping[ClosingResult, bool] = {
    ClosingResult.GRANTED: True,
    ClosingResult.OTHER: True,
    ClosingResult.RETURNED: False,
}


def close(
    case: Case, *, result: ClosingResult, at: datetime, by: str, calendar: Calendar, reason: str | None = None
) -> Case:
    """Ends a case with its result.

    Granted, returned and other follow the decision; an item of one step is decided by closing it. Referred passes an
    accepted case to another body. Voided and deleted end any open case. A supplement that never came ends the case
    after its last day.

    Source: O1.4f, O4.1b; standards.md §5.

    Args:
        by: account of who closes it; the pay of stations is traced to it (O1.4f).
        reason: needed for returned, voided, deleted and referred.

    Raises:
        CaseNotAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.
        ClosingRefused: the stage or the decision does not allow this result.
        ClosingNeedsReason: it is told without its reason.
        SpecialRunning, TolerancePending: a special procedure is under way; a material is awaited.
        SupplementNotLapsed: the applicant still has time, or was not asked.
        LevelDoesNotDecide: offices of the holder's level do not decide this item.
    """
    require_open(case)
    at = not_before(case, at)
    if reason is None and result in _WITH_REASON:
        raise ClosingNeedsReason(result=result.value)
    favourable = case.is_favourable
    if result in DECIDING:
        favourable = _require_decision(case, result)
    elif result is ClosingResult.REFERRED:
        require_accepted(case)
    elif result is ClosingResult.SUPPLEMENT_LAPSED:
        _require_lapsed(case, at, calendar)
    document: DocumentKind = "referral_notice" if result is ClosingResult.REFERRED else "closing_notice"
    file = {
        **with_answer(case, "lapsed", by=by, at=at),
        "ledger": stop_clocks(case, at=at, by=by),
        **with_step(case, "closing", by=by, at=at, opinion=reason),
        **with_document(case, document, at=at),
    }
    closed = following(
        case,
        at=at,
        file=file,
        status=CaseStatus.CLOSED,
        closed_at=at,
        closing_result=result,
        handled_by=by,
        is_favourable=favourable,
        is_on_time=was_on_time(case, at=at, calendar=calendar),
        reason=reason,
    )
    return timed(closed, calendar=calendar)


def withdraw(case: Case, *, reason: str, by: str, at: datetime, calendar: Calendar) -> Case:
    """Ends a case at the applicant's wish.

    Source: O4.1b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    require_open(case)
    at = not_before(case, at)
    file = {
        **with_answer(case, "lapsed", by=by, at=at),
        "ledger": stop_clocks(case, at=at, by=by),
        **with_step(case, "closing", by=by, at=at, action="other", opinion=reason),
    }
    withdrawn = following(case, at=at, file=file, status=CaseStatus.WITHDRAWN, withdrawn_at=at, reason=reason)
    return timed(withdrawn, calendar=calendar)


def collect(case: Case, *, at: datetime) -> Case:
    """The result was handed over to the applicant (领证).

    Source: O4.1b; standards.md §5 (LQDJ).

    Raises:
        NothingToCollect: nothing was granted, or it was handed over before.
    """
    is_granted = case.status is CaseStatus.CLOSED and case.closing_result is ClosingResult.GRANTED
    if not is_granted or case.collected_at is not None:
        raise NothingToCollect(status=case.status.value)
    at = not_before(case, at)
    return following(case, at=at, collected_at=at)


def _require_decision(case: Case, result: ClosingResult) -> bool:
    """The decision that a result carries out; a case of one step is decided by it."""
    stage = require_accepted(case)
    if any(one.ended_at is None for one in case.file.specials):
        raise SpecialRunning(kind=next(one.kind for one in case.file.specials if one.ended_at is None))
    wanted = _FAVOURABLE[result]
    is_decided = stage is Stage.DECIDED
    if not is_decided and len(case.terms.steps) > 1:
        raise ClosingRefused(stage=stage.value, result=result.value)
    if is_decided and case.is_favourable is not wanted:
        raise ClosingRefused(stage=stage.value, result=result.value, is_favourable=case.is_favourable)
    require_deciding_level(case)
    if wanted:
        require_complete(case)
    return wanted


def _require_lapsed(case: Case, at: datetime, calendar: Calendar) -> None:
    """The applicant's last day is never a rest day, also when a notice made it one. Source: standards.md §6."""
    is_asked = case.status is CaseStatus.SUPPLEMENTING
    if not is_asked or beijing_day(at) <= calendar.roll_forward(case.file.supplements[-1].due_on):
        raise SupplementNotLapsed(status=case.status.value)
