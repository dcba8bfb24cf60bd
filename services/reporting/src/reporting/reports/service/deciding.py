"""Level by level: handing in, taking back, approving, returning, restating, unlocking. Source: O4.2a, O6.3a, S6."""

from collections.abc import Sequence
from uuid import UUID

from common.auth import require_role
from common.clock import now
from common.contracts.reporting.reports import ReportState, ReturnReason
from common.errors import JSON
from common.records.service import hold_record
from common.uow import UnitOfWork
from reporting.reports.domain.entries import require_complete
from reporting.reports.domain.states import (
    REVIEWERS,
    WRITABLE,
    after_abandoning,
    after_approval,
    after_recall,
    after_submission,
    is_taken,
    next_edition,
    require_reporter,
    require_reviewer,
)
from reporting.reports.errors import BasesOutdated, NotTheReviewer, PeriodNotInState
from reporting.reports.repository import Periods, Versions
from reporting.reports.service.computing import ValuesOf
from reporting.reports.service.filling import begin
from reporting.reports.service.keeping import (
    Opened,
    Seen,
    actor_of,
    bases_behind,
    change_report,
    composed,
    heir_of,
    hold_place,
    open_report,
    pass_gate,
    report_id_of,
)

LOCK_PAGE = 200
RECOMPOSED = "下级报表通过审核，自动汇总"


async def submit_report(uow: UnitOfWork, *, seen: Seen) -> ReportState:
    """Hands the report to the next level: complete, explained, and composed from what is in force below now.

    Source: O4.2a, O6.3a, S6.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReporter, ReportNotInState, PeriodShut.
        BasesOutdated: something below was approved since it was composed.
        ReportIncomplete: with every fault and its line.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "submit")
    held = opened.held
    require_reporter(actor_of(uow), await heir_of(uow.conn, held.division))
    fresh = await composed(uow, opened.period, held)
    if behind := bases_behind(held.bases, fresh["bases"]):
        raise _outdated(behind)
    require_complete(opened.template, held.lines, is_leaf=not held.bases and not held.missing)
    return await change_report(uow, held, "submit", after_submission(held, at=now(), by=actor_of(uow).subject))


async def recall_report(uow: UnitOfWork, *, seen: Seen, reason: str) -> ReportState:
    """Takes the report back before the next level has acted; a first submission then never was one.

    Source: O6.3a.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReporter, ReportNotInState, PeriodShut.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "recall")
    require_reporter(actor_of(uow), await heir_of(uow.conn, opened.held.division))
    return await change_report(uow, opened.held, "recall", after_recall(opened.held), reason=reason)


async def approve_report(uow: UnitOfWork, *, seen: Seen) -> ReportState:
    """The next level up approves; this edition is in force, and what the level above drafts takes it over.

    What is approved above on an older edition stays as it is, and tells that it does (`outdated_of`).

    Source: O4.2a, O6.3a, S6.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReviewer, SameAccount, ReportNotInState, PeriodShut.
        BasesOutdated: a report below has been restated since.

    Events: reporting.report.changed.v1, also of the draft above.
    Locks: gate (shared), place, record; then place and record of the division above.
    """
    opened = await open_report(uow, seen, "approve")
    held, place = opened.held, opened.place
    await _require_reviewer(uow, held)
    behind = [row["below"] for row in await Versions(uow.conn).outdated(held) if row["division"] == held.division]
    if behind:
        raise _outdated(behind)
    changes = after_approval(held, at=now(), by=actor_of(uow).subject, period=opened.status)
    state = await change_report(uow, held, "approve", changes)
    if not place.is_top:
        await _recompose_above(uow, opened)
    return state


async def return_report(uow: UnitOfWork, *, seen: Seen, reasons: Sequence[ReturnReason]) -> ReportState:
    """The next level up returns it with all reasons at once, each to its line or to the whole.

    Source: O6.3a, S6.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReviewer, SameAccount, ReportNotInState, PeriodShut.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "return")
    await _require_reviewer(uow, opened.held)
    changes = {"status": "returned", "return_reasons": tuple(reasons)}
    words = "；".join(one.text for one in reasons)
    return await change_report(uow, opened.held, "return", changes, reason=words)


async def restate_report(uow: UnitOfWork, *, seen: Seen, reason: str) -> ReportState:
    """Begins a new edition of an approved or locked report; the one in force stays so until this one is approved.

    Source: O6.3a.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReporter, ReportNotInState.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "restate")
    require_reporter(actor_of(uow), await heir_of(uow.conn, opened.held.division))
    return await _begin_edition(uow, opened, "restate", reason)


async def abandon_restatement(uow: UnitOfWork, *, seen: Seen, reason: str) -> ReportState:
    """Gives a restatement up; the edition in force stands alone again.

    Source: O6.3a.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, NotTheReporter, ReportNotInState.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    opened = await open_report(uow, seen, "abandon")
    held = opened.held
    require_reporter(actor_of(uow), await heir_of(uow.conn, held.division))
    in_force = await Versions(uow.conn).find(held.period_id, held.division, held.approved_version or 0)
    assert in_force is not None, "an approved version is kept"  # noqa: S101
    changes = after_abandoning(held, in_force.state, period=opened.status)
    return await change_report(uow, held, "abandon", changes, reason=reason)


async def unlock_report(
    uow: UnitOfWork, *, period_id: UUID, division: str, expected_version: int | None, reason: str, values_of: ValuesOf
) -> ReportState:
    """The level above lets a division report although the period is shut, or correct what is approved or locked.

    What was never approved can be worked on until it is; what was, gets a new edition, and the one in force stays.

    Source: O6.3a.

    Args:
        expected_version: None for a report that was never begun; it is begun.

    Raises:
        RecordNotFound, ReportNotExpected, PreconditionFailed, RoleRequired, NotTheReviewer.
        PeriodNotInState: the period is open, so nothing is shut.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), place, record.
    """
    actor = actor_of(uow)
    require_role(actor, *REVIEWERS)
    status, period = await pass_gate(uow, period_id)
    place = await hold_place(uow, period_id, division)
    if actor.division != await heir_of(uow.conn, place.parent):
        raise NotTheReviewer
    if status == "open" and place.status not in {"approved", "locked"}:
        raise PeriodNotInState(status=status, to="unlocked")
    if place.status is None:
        return await begin(uow, period, place, values_of=values_of, is_unlocked=True, reason=reason)
    report_id = report_id_of(period_id, division)
    held = await hold_record(uow.session, ReportState, report_id, expected_version=expected_version)
    if held.status in {"approved", "locked"}:
        return await _begin_edition(uow, Opened(status, place, period, held), "unlock", reason)
    return await change_report(uow, held, "unlock", {"is_unlocked": True}, reason=reason)


async def lock_page(uow: UnitOfWork, period_id: UUID, *, limit: int = LOCK_PAGE) -> int:
    """Locks approved reports of a closed period, some at a time; returns how many.

    Source: O6.3a.

    Events: reporting.report.changed.v1.
    Locks: gate (shared), then places and records, the lower ones first.
    """
    status, _ = await pass_gate(uow, period_id)
    if status != "closed":
        return 0
    locked = 0
    for division in await Periods(uow.conn).approved_page(period_id, limit):
        place = await hold_place(uow, period_id, division)
        if place.status != "approved":
            continue
        held = await hold_record(uow.session, ReportState, report_id_of(period_id, division), expected_version=None)
        await change_report(uow, held, "lock", {"status": "locked"})
        locked += 1
    return locked


async def _require_reviewer(uow: UnitOfWork, held: ReportState) -> None:
    require_reviewer(actor_of(uow), held, await heir_of(uow.conn, held.parent))


async def _begin_edition(uow: UnitOfWork, opened: Opened, act: str, reason: str) -> ReportState:
    held = opened.held
    changes = {**next_edition(held, reason=reason), **await composed(uow, opened.period, held)}
    return await change_report(uow, held, "restate" if act == "restate" else "unlock", changes, reason=reason)


async def _recompose_above(uow: UnitOfWork, opened: Opened) -> None:
    """A draft of the division above takes over what was just approved; nothing else of it changes."""
    period_id, parent = opened.held.period_id, opened.held.parent
    place = await Periods(uow.conn).hold_place(period_id, parent)
    if place is None or place.status not in WRITABLE:
        return
    above = await hold_record(uow.session, ReportState, report_id_of(period_id, parent), expected_version=None)
    if is_taken(opened.status, above, "recompose"):
        changes = await composed(uow, opened.period, above)
        await change_report(uow, above, "recompose", changes, reason=RECOMPOSED)


def _outdated(behind: Sequence[str]) -> BasesOutdated:
    divisions: list[JSON] = list(behind)
    return BasesOutdated(divisions=divisions)
