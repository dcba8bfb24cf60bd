"""Writing into a ledger of time: each function gives the ledger with one entry more, or says why not.

Entries are the only truth about a case's time: they are never changed and never taken back.
"""

from collections.abc import Sequence
from datetime import date, datetime

from casework.clock.errors import (
    ClockAlreadyExtended,
    ClockAlreadyPaused,
    ClockAlreadyStarted,
    ClockNotPaused,
    ClockNotRunning,
    EntryTooEarly,
    ExtensionEmpty,
    StartInFuture,
)
from common.clock import beijing_day
from common.contracts.casework.cases import Account, ClockEntry, ClockName, Limit, PauseReason

Ledger = tuple[ClockEntry, ...]
CLOCKS: tuple[ClockName, ...] = ("acceptance", "handling")


def started(
    ledger: Ledger,
    *,
    clock: ClockName,
    at: datetime,
    from_on: date,
    promised: Limit | None = None,
    statutory: Limit | None = None,
    by: Account | None = None,
    clause: str | None = None,
) -> Ledger:
    """A clock begins; the day `from_on` is not counted.

    Without any limit the clock counts and nothing is ever due.

    Source: O4.3c; standards.md §6.

    Raises:
        ClockAlreadyStarted: it has begun before.
        StartInFuture: `from_on` lies after the Beijing day of `at`.
        EntryTooEarly: the last entry is of a later day.
    """
    if _first(ledger, "started", clock) is not None:
        raise ClockAlreadyStarted(clock=clock)
    if from_on > beijing_day(at):
        raise StartInFuture(clock=clock, from_on=from_on.isoformat())
    entry = ClockEntry(
        at=at,
        fact="started",
        clock=clock,
        from_on=from_on,
        promised=promised,
        statutory=statutory,
        by=by,
        clause=clause,
    )
    return _append(ledger, entry)


def paused(
    ledger: Ledger, *, at: datetime, reason: PauseReason, by: Account | None = None, clause: str | None = None
) -> Ledger:
    """Every running clock stands still from the day after this one.

    Source: O4.3c; standards.md §6.

    Raises:
        ClockNotRunning: none runs.
        ClockAlreadyPaused: they stand still for this very reason.
        EntryTooEarly: the last entry is of a later day.
    """
    if not any(is_running(ledger, clock) for clock in CLOCKS):
        raise ClockNotRunning
    if reason in open_pauses(ledger):
        raise ClockAlreadyPaused(reason=reason)
    return _append(ledger, ClockEntry(at=at, fact="paused", reason=reason, by=by, clause=clause))


def resumed(
    ledger: Ledger, *, at: datetime, reason: PauseReason, by: Account | None = None, clause: str | None = None
) -> Ledger:
    """The pause of this reason ends with this day; clocks run again once no other pause is open.

    Source: O4.3c; standards.md §6.

    Raises:
        ClockNotPaused: there is no open pause of this reason.
        EntryTooEarly: the last entry is of a later day.
    """
    if reason not in open_pauses(ledger):
        raise ClockNotPaused(reason=reason)
    return _append(ledger, ClockEntry(at=at, fact="resumed", reason=reason, by=by, clause=clause))


def extended(
    ledger: Ledger,
    *,
    clock: ClockName,
    at: datetime,
    extension: Limit,
    by: Account | None = None,
    clause: str | None = None,
) -> Ledger:
    """Adds days to the statutory limit and to the promised one, once.

    To both: the applicant is told the extension and its reason, which makes it the promise as well; a promise left as
    it was would colour a case red that lawfully has more time.

    Source: O4.3c; standards.md §6 (行政许可法 §42).

    Raises:
        ClockNotRunning: it has not begun or has ended.
        ClockAlreadyExtended: it was extended before.
        ExtensionEmpty: by no day, or there is no limit to extend.
        EntryTooEarly: the last entry is of a later day.
    """
    start = _first(ledger, "started", clock)
    if start is None or not is_running(ledger, clock):
        raise ClockNotRunning(clock=clock)
    if _first(ledger, "extended", clock) is not None:
        raise ClockAlreadyExtended(clock=clock)
    if extension.value < 1 or (start.promised is None and start.statutory is None):
        raise ExtensionEmpty(clock=clock)
    return _append(ledger, ClockEntry(at=at, fact="extended", clock=clock, extension=extension, by=by, clause=clause))


def stopped(
    ledger: Ledger, *, clock: ClockName, at: datetime, by: Account | None = None, clause: str | None = None
) -> Ledger:
    """A clock ends; what it shows on this day, it shows for ever.

    Source: O4.3c.

    Raises:
        ClockNotRunning: it has not begun or has ended.
        EntryTooEarly: the last entry is of a later day.
    """
    if not is_running(ledger, clock):
        raise ClockNotRunning(clock=clock)
    return _append(ledger, ClockEntry(at=at, fact="stopped", clock=clock, by=by, clause=clause))


def is_running(ledger: Ledger, clock: ClockName) -> bool:
    """Whether a clock has begun and not ended; also while it stands still. Source: O4.3c."""
    return _first(ledger, "started", clock) is not None and _first(ledger, "stopped", clock) is None


def open_pauses(ledger: Ledger) -> Sequence[PauseReason]:
    """The reasons for which the clocks stand still, in the order of their beginning. Source: O4.3c."""
    reasons: dict[PauseReason, None] = {}
    for entry in ledger:
        if entry.fact == "paused" and entry.reason is not None:
            reasons[entry.reason] = None
        elif entry.fact == "resumed" and entry.reason is not None:
            reasons.pop(entry.reason, None)
    return tuple(reasons)


def _first(ledger: Ledger, fact: str, clock: ClockName) -> ClockEntry | None:
    return next((entry for entry in ledger if entry.fact == fact and entry.clock == clock), None)


def _append(ledger: Ledger, entry: ClockEntry) -> Ledger:
    if ledger and beijing_day(entry.at) < beijing_day(ledger[-1].at):
        raise EntryTooEarly
    return (*ledger, entry)
