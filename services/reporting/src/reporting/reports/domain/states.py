"""The states of periods and reports, and who may move them. Pure.

A report goes draft → submitted → approved → locked, back from submitted to returned or (recalled) to draft, and from
approved or locked to a draft of the next edition, which may be abandoned. A period goes open → closing → closed, and
back to open by an act with a reason.
"""

from collections.abc import Mapping
from typing import Any, Literal

from common.auth import Actor, Role, require_role
from common.contracts.reporting.reports import PeriodStatus, ReportState, ReportStatus
from reporting.reports.errors import (
    NotTheReporter,
    NotTheReviewer,
    PeriodNotInState,
    PeriodShut,
    ReportNotInState,
    SameAccount,
)

Act = Literal[
    "start", "fill", "recompose", "submit", "recall", "approve", "return", "restate", "abandon", "lock", "unlock"
]
REPORTERS = (Role.STATISTICIAN, Role.OFFICE_HEAD, Role.STATION_AGENT, Role.BUREAU_SUPERVISOR)
REVIEWERS = (Role.STATISTICIAN, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
READERS = (*REPORTERS, Role.AUDITOR)
OPENERS = (Role.STATISTICIAN, Role.BUREAU_SUPERVISOR)

WRITABLE: tuple[ReportStatus, ...] = ("draft", "returned")
_FROM: Mapping[str, tuple[ReportStatus, ...]] = {
    "fill": WRITABLE,
    "recompose": WRITABLE,
    "submit": WRITABLE,
    "recall": ("submitted",),
    "approve": ("submitted",),
    "return": ("submitted",),
    "restate": ("approved", "locked"),
    "abandon": WRITABLE,
    "lock": ("approved",),
    "unlock": ("draft", "returned", "submitted", "approved", "locked"),
}
_PERIOD_FROM: Mapping[PeriodStatus, tuple[PeriodStatus, ...]] = {
    "closing": ("open",),
    "closed": ("open", "closing"),
    "open": ("closing", "closed"),
}


def is_restating(held: ReportState) -> bool:
    """Whether a newer edition than the one in force is being worked on.

    Source: O6.3a.
    """
    return held.approved_edition is not None and held.edition != held.approved_edition


def require_act(held: ReportState, act: Act) -> None:
    """The report is where the act begins.

    Source: O6.3a.

    Raises:
        ReportNotInState: it is not.
    """
    if held.status not in _FROM[act] or (act == "abandon" and not is_restating(held)):
        raise ReportNotInState(status=held.status, act=act)


def is_taken(status: PeriodStatus, held: ReportState | None, act: Act) -> bool:
    """Whether the period takes the act: all of it while open; while closing, of reports that were handed in.

    Closed it takes restatements only, and what the upper level has unlocked.

    Source: O6.3a.
    """
    if status == "open" or act in {"restate", "unlock"}:
        return True
    if held is not None and (held.is_unlocked or is_restating(held)):
        return True
    is_handed_in = held is not None and held.first_submitted_at is not None and act != "recall"
    return status == "closing" and is_handed_in


def require_period_takes(status: PeriodStatus, held: ReportState | None, act: Act) -> None:
    """The period takes the act.

    Source: O6.3a.

    Raises:
        PeriodShut: it does not.
    """
    if not is_taken(status, held, act):
        raise PeriodShut(status=status, act=act)


def require_period_step(status: PeriodStatus, to: PeriodStatus) -> None:
    """A period goes from open over closing to closed, and back to open by an act with a reason.

    Source: O6.3a.

    Raises:
        PeriodNotInState: not from where it is.
    """
    if status not in _PERIOD_FROM[to]:
        raise PeriodNotInState(status=status, to=to)


def require_reporter(actor: Actor, division: str) -> None:
    """The division itself reports; a retired one by whoever took over.

    Source: O6.3a.

    Args:
        division: the reporting one, or its heir.

    Raises:
        RoleRequired, NotTheReporter: it is not this actor's to write.
    """
    require_role(actor, *REPORTERS)
    if actor.division != division:
        raise NotTheReporter


def require_reviewer(actor: Actor, held: ReportState, parent: str) -> None:
    """The next level up reviews: skip-level where there is no county; on top another account than the submitter's.

    Source: O4.2a, O6.3a, S6.

    Args:
        parent: the reviewing division, or its heir.

    Raises:
        RoleRequired, NotTheReviewer, SameAccount: it is not this actor's to decide.
    """
    require_role(actor, *REVIEWERS)
    if actor.division != parent:
        raise NotTheReviewer
    if held.parent == held.division and held.submitted_by == actor.subject:
        raise SameAccount


def after_submission(held: ReportState, *, at: Any, by: str) -> dict[str, Any]:
    """Handed in: the first time counts for timeliness, whatever comes later.

    Source: O6.3a.
    """
    return {
        "status": "submitted",
        "submitted_at": at,
        "submitted_by": by,
        "first_submitted_at": held.first_submitted_at or at,
        "return_reasons": (),
    }


def after_recall(held: ReportState) -> dict[str, Any]:
    """Taken back before anybody acted: as if it had not been handed in, unless it had been before.

    Source: O6.3a.
    """
    was_first = held.first_submitted_at == held.submitted_at
    return {
        "status": "draft",
        "submitted_at": None,
        "submitted_by": None,
        "first_submitted_at": None if was_first else held.first_submitted_at,
    }


def after_approval(held: ReportState, *, at: Any, by: str, period: PeriodStatus) -> dict[str, Any]:
    """This edition is in force; in a closed period it is locked at once.

    Source: O6.3a.
    """
    return {
        "status": "locked" if period == "closed" else "approved",
        "approved_edition": held.edition,
        "approved_version": held.version + 1,
        "approved_at": at,
        "approved_by": by,
        "is_unlocked": False,
    }


def next_edition(held: ReportState, *, reason: str) -> dict[str, Any]:
    """A new edition is begun on the figures of the one in force, which stays in force.

    Source: O6.3a.
    """
    return {
        "status": "draft",
        "edition": held.editions + 1,
        "editions": held.editions + 1,
        "restatement_reason": reason,
        "submitted_at": None,
        "submitted_by": None,
        "return_reasons": (),
    }


def after_abandoning(held: ReportState, in_force: ReportState, *, period: PeriodStatus) -> dict[str, Any]:
    """The edition in force stands alone again; the number of the abandoned one is not used a second time.

    Source: O6.3a.
    """
    kept = ("edition", "lines", "bases", "missing", "submitted_at", "submitted_by", "restatement_reason")
    return {
        **{name: getattr(in_force, name) for name in kept},
        "status": "locked" if period == "closed" else "approved",
        "editions": held.editions,
        "return_reasons": (),
        "is_unlocked": False,
    }
