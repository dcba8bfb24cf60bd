"""Beginning a report, filling it, taking over what was approved below. Source: O6.3a, S6."""

from collections.abc import Sequence
from uuid import UUID

from common.clock import now
from common.contracts.reporting.reports import LineValue, PeriodState, ReportState
from common.records.errors import RecordExists
from common.uow import UnitOfWork
from reporting.reports.domain.composing import compose, total_lines, with_computed
from reporting.reports.domain.entries import Entry, enter
from reporting.reports.domain.states import Act, require_period_takes, require_reporter
from reporting.reports.repository import ReportingPlace, Versions
from reporting.reports.service.computing import ValuesOf, computed_of
from reporting.reports.service.keeping import (
    Seen,
    actor_of,
    change_report,
    composed,
    heir_of,
    hold_place,
    keep_report,
    open_report,
    pass_gate,
    report_id_of,
)


async def start_report(uow: UnitOfWork, *, period_id: UUID, division: str, values_of: ValuesOf) -> ReportState:
    """Begins the report of a division: computed values beside, and as the first declaration where nothing lies below.

    Source: O6.3a, S6.

    Raises:
        RecordNotFound, ReportNotExpected: no such period; the division does not report in it.
        RoleRequired, NotTheReporter: not this actor's to write.
        RecordExists, PeriodShut: it has begun already; the period takes none.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place.
    """
    require_reporter(actor_of(uow), await heir_of(uow.conn, division))
    status, period = await pass_gate(uow, period_id)
    place = await hold_place(uow, period_id, division)
    if place.status is not None:
        raise RecordExists
    require_period_takes(status, None, "start")
    return await begin(uow, period, place, values_of=values_of)


async def begin(
    uow: UnitOfWork,
    period: PeriodState,
    place: ReportingPlace,
    *,
    values_of: ValuesOf,
    is_unlocked: bool = False,
    reason: str | None = None,
) -> ReportState:
    """The first version of a report whose place is held."""
    below, missing = await Versions(uow.conn).approved_below(period.id, place.division)
    computed = await computed_of(uow.conn, period.lines, division=place.division, on=period.as_of, values_of=values_of)
    is_leaf = not below and not missing
    empty = tuple(LineValue(code=line.code) for line in period.lines)
    lines = with_computed(period.lines, empty, computed, prefill=is_leaf)
    found = compose(period.lines, lines, below, missing)
    state = ReportState(
        id=report_id_of(period.id, place.division),
        version=1,
        division=place.division,
        level=place.level,
        changed_at=now(),
        period_id=period.id,
        programme_id=period.programme_id,
        parent=place.parent,
        due_on=place.due_on,
        lines=found.lines,
        bases=found.bases,
        missing=found.missing,
        is_unlocked=is_unlocked,
    )
    act: Act = "unlock" if is_unlocked else "start"
    return await keep_report(uow, state, previous=None, act=act, reason=reason)


async def fill_report(uow: UnitOfWork, *, seen: Seen, entries: Sequence[Entry]) -> ReportState:
    """Declares the own part of every line at once: all of it is taken, or nothing.

    Source: O6.3a.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReporter, ReportNotInState, PeriodShut.
        EntryRefused: with every fault and its line.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "fill")
    require_reporter(actor_of(uow), await heir_of(uow.conn, opened.held.division))
    lines = enter(opened.template, opened.held.lines, entries)
    return await change_report(uow, opened.held, "fill", {"lines": lines})


async def recompose_report(uow: UnitOfWork, *, seen: Seen, values_of: ValuesOf) -> ReportState:
    """Takes over what is approved below now, and the computed values as they are now; the own part stays.

    Source: O6.3a, O4.2a.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReporter, ReportNotInState, PeriodShut.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "recompose")
    held, period = opened.held, opened.period
    require_reporter(actor_of(uow), await heir_of(uow.conn, held.division))
    changes = await composed(uow, period, held)
    computed = await computed_of(uow.conn, period.lines, division=held.division, on=period.as_of, values_of=values_of)
    lines = with_computed(period.lines, changes["lines"], computed, prefill=False)
    changes["lines"] = total_lines(period.lines, lines)
    return await change_report(uow, held, "recompose", changes)
