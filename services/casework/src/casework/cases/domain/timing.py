"""What a case's ledger gets, and what a calendar makes of it. The rules of counting are those of `casework.clock`."""

from dataclasses import replace
from datetime import date, datetime

from casework.cases.domain.case import Case, CaseStatus
from casework.cases.errors import ExtensionRefused
from casework.clock.domain import (
    Calendar,
    Ledger,
    extended,
    is_running,
    judge,
    paused,
    resumed,
    started,
    stopped,
)
from casework.clock.domain import (
    lapsed_on as ledger_lapsed_on,
)
from common.clock import beijing_day
from common.contracts.casework.cases import CaseFile, ClockEntry, ClockName, Limit, PauseReason

_CLOCKS: tuple[ClockName, ...] = ("acceptance", "handling")
_AT_ONCE = Limit(value=0, unit="working_days")
"""What is settled at once is due on the day."""


def start_acceptance(case: Case, *, at: datetime) -> Ledger:
    """The office's time to answer begins with the receipt. Source: O4.3c; standards.md §6 (行政许可法32条)."""
    limit = case.terms.acceptance
    return started(
        case.file.ledger,
        clock="acceptance",
        at=at,
        from_on=beijing_day(at),
        statutory=limit,
        by=case.holder.account,
        clause=limit.clause,
    )


def start_handling(case: Case, *, since: datetime, at: datetime, by: str) -> Ledger:
    """The answer is given; the time for the matter itself begins where the item's law lets it begin.

    Source: O4.3c; standards.md §6, §8.

    Args:
        since: when it was accepted, or counts as accepted.
    """
    terms = case.terms
    from_on = beijing_day(case.registered_at if terms.starts == "application_received" else since)
    promised = terms.promised
    if promised is None and terms.statutory is None and terms.handling == "immediate":
        promised = _AT_ONCE
    answered = stopped(case.file.ledger, clock="acceptance", at=at, by=by)
    return started(
        answered, clock="handling", at=at, from_on=from_on, promised=promised, statutory=terms.statutory, by=by
    )


def pause_clocks(case: Case, reason: PauseReason, *, at: datetime, by: str) -> Ledger:
    """The clocks stand still. Source: O4.3c; standards.md §6 (行政许可法45条)."""
    return paused(case.file.ledger, at=at, reason=reason, by=by)


def resume_clocks(case: Case, reason: PauseReason, *, at: datetime, by: str) -> Ledger:
    """One reason to stand still is over. Source: O4.3c; standards.md §6."""
    return resumed(case.file.ledger, at=at, reason=reason, by=by)


def stop_clocks(case: Case, *, at: datetime, by: str) -> Ledger:
    """The case has ended: nothing is counted any more. Source: O4.3c."""
    ledger = case.file.ledger
    for clock in _CLOCKS:
        if is_running(ledger, clock):
            ledger = stopped(ledger, clock=clock, at=at, by=by)
    return ledger


def extend_handling(case: Case, limit: Limit, *, at: datetime, by: str, calendar: Calendar) -> Ledger:
    """More time, once, told before the limit is over.

    Source: O4.3c; standards.md §6 (行政许可法42条).

    Raises:
        ExtensionRefused: the limit is over.
        ClockAlreadyExtended, ExtensionEmpty: it was extended; there is no limit.
    """
    if _is_over(case.file.ledger, calendar, beijing_day(at)):
        raise ExtensionRefused("期限已届满，不得再延长")
    return extended(case.file.ledger, clock="handling", at=at, extension=limit, by=by, clause=limit.clause)


def lapsed_on(case: Case, calendar: Calendar) -> date | None:
    """The first day on which the office's silence has accepted the case; None while it has time, or has answered.

    Source: O4.3c; standards.md §6 (行政许可法32条).
    """
    return ledger_lapsed_on(case.file.ledger, calendar)


def was_on_time(case: Case, *, at: datetime, calendar: Calendar) -> bool | None:
    """Whether a case that ends now ends within its limits; None where it has none, or was never accepted.

    Source: O4.3c.
    """
    reading = judge(case.file.ledger, calendar, clock="handling", on=beijing_day(at))
    if not reading.is_running or (reading.last_due_on is None and not reading.is_paused):
        return None
    return not _is_over(case.file.ledger, calendar, beijing_day(at))


def _is_over(ledger: Ledger, calendar: Calendar, on: date) -> bool:
    """The last day is past, on rest days too; a clock that stands still is over only if it was before."""
    reading = judge(ledger, calendar, clock="handling", on=on)
    if reading.is_paused:
        return reading.overdue > 0
    return reading.last_due_on is not None and on > reading.last_due_on


def timed(case: Case, *, calendar: Calendar, file: CaseFile | None = None) -> Case:
    """The case with the days that its ledger and the calendar give; the same ledger always gives the same days.

    Source: O4.3c.
    """
    kept = case.file if file is None else file
    clock: ClockName = "handling" if case.status is CaseStatus.ACCEPTED else "acceptance"
    reading = judge(kept.ledger, calendar, clock=clock, on=beijing_day(case.changed_at))
    return replace(
        case,
        file=kept,
        due_on=reading.due_on,
        statutory_due_on=reading.statutory_due_on,
        step_due_on=_step_due_on(case, kept, calendar),
        is_due_provisional=reading.due_on is not None and reading.is_provisional,
    )


def _step_due_on(case: Case, file: CaseFile, calendar: Calendar) -> date | None:
    """The last day of the stage's own limit: a clock that began with the stage and stands still with the others."""
    limit = file.terms.step_limits.get(case.stage.value) if case.stage and file.terms else None
    if limit is None or case.status is not CaseStatus.ACCEPTED:
        return None
    began = next(one.ended_at for one in reversed(file.steps) if one.action != "other")
    start = ClockEntry(at=began, fact="started", clock="handling", from_on=beijing_day(began), promised=limit)
    pauses = [entry for entry in file.ledger if entry.fact in {"paused", "resumed"}]
    return judge((start, *pauses), calendar, clock="handling", on=beijing_day(case.changed_at)).due_on
