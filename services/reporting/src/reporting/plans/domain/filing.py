"""How a plan is filed: late is recorded, never refused; what is in force stays while a newer one is judged. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common.contracts.reporting.plans import (
    Approval,
    FilingAct,
    FilingState,
    PlanState,
    PlanStatus,
    ReturnReason,
)
from common.contracts.reporting.programmes import ProgrammeStatus
from reporting.plans.domain.labels import FilingStanding
from reporting.plans.errors import DayOutOfOrder, NotApproved, PlanNotInState, ProgrammeNotOpen

_STATUS_AFTER: dict[str, FilingStanding] = {"file": "filed", "return": "returned", "accept": "accepted"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a filing is on a day.

    Attributes:
        state: 逾期 while nothing is filed after the due day, or a returned plan is not filed again in time.
        days_late: of what is not there yet, up to the day; of a first filing, for ever; 0 in time.
        in_force: number of the version in force on the day.
        number: its 备案号.
    """

    state: FilingStanding
    due_on: date | None
    first_filed_on: date | None = None
    days_late: int = 0
    in_force: int | None = None
    number: str | None = None


def days_late(due_on: date | None, on: date) -> int:
    """Days after the due day; 0 in time, and where nothing is due.

    Source: O6.2b.
    """
    return 0 if due_on is None else max(0, (on - due_on).days)


def standing_on(filing: FilingState | None, *, due_on: date | None, on: date) -> Standing:
    """The state of a filing on a day, from its steps up to that day.

    Source: O6.2b.

    Args:
        filing: None where the city has begun nothing.
        due_on: of the programme, which holds until the first filing.
    """
    acts = [act for act in filing.acts if act.on <= on] if filing else []
    due = filing.due_on if filing and filing.first_filed_on is not None else due_on
    if not acts:
        late = days_late(due, on)
        return Standing("overdue" if late else "to_file", due, days_late=late)
    first = next(act for act in acts if act.kind == "file")
    accepted = next((act for act in reversed(acts) if act.kind == "accept"), None)
    state = _STATUS_AFTER[acts[-1].kind]
    late = first.days_late or 0
    if state == "returned" and acts[-1].correct_by is not None and on > acts[-1].correct_by:
        state, late = "overdue", max(late, days_late(acts[-1].correct_by, on))
    return Standing(
        state=state,
        due_on=due,
        first_filed_on=first.on,
        days_late=late,
        in_force=accepted.plan if accepted else None,
        number=accepted.number if accepted else None,
    )


def require_day(filing: FilingState, on: date, *, today: date, approval: Approval | None = None) -> None:
    """A step may be entered afterwards, but neither before the one that it follows nor for a day to come.

    Source: O6.2b.

    Raises:
        DayOutOfOrder: it is.
    """
    earliest = max([act.on for act in filing.acts] + ([approval.on] if approval else []), default=date.min)
    if not earliest <= on <= today:
        raise DayOutOfOrder(earliest=None if earliest == date.min else earliest.isoformat(), latest=today.isoformat())


def require_today(on: date, *, today: date) -> None:
    """Nobody writes the day themselves from which their lateness is counted.

    Source: O6.2b.

    Raises:
        DayOutOfOrder: it is another day.
    """
    if on != today:
        raise DayOutOfOrder(earliest=today.isoformat(), latest=today.isoformat())


def require_asked(filing: FilingState | None, *, programme: ProgrammeStatus) -> None:
    """Once a programme is closed, a version is begun only by who owes one: never filed, or returned.

    Source: O6.2b, O6.2c.

    Raises:
        ProgrammeNotOpen: the plan is on file and nobody has asked for a change.
    """
    if programme == "closed" and filing is not None and filing.status == "accepted":
        raise ProgrammeNotOpen(status=programme)


def approved(plan: PlanState, approval: Approval) -> dict[str, Any]:
    """The city's own authority approves the version.

    Source: O6.2c.

    Raises:
        PlanNotInState: it is no draft.
    """
    _require_plan(plan, "draft")
    return {"status": "approved", "approval": approval}


def filed(
    filing: FilingState, plan: PlanState, *, by: str, at: datetime, on: date, due_on: date | None
) -> dict[str, Any]:
    """An approved version is handed to the province; late is recorded with its days.

    Source: O6.2b, O6.2c.

    Raises:
        NotApproved: nobody has approved it.
        PlanNotInState: another one waits for its decision, or it is not the one being prepared.
    """
    if plan.status == "draft":
        raise NotApproved
    _require_plan(plan, "approved")
    if filing.pending is not None or filing.draft != plan.number:
        raise PlanNotInState(status=filing.status)
    is_first = filing.first_filed_on is None
    late = days_late(due_on if is_first else filing.correct_by, on)
    act = FilingAct(kind="file", on=on, at=at, by=by, plan=plan.number, days_late=late)
    first = {"first_filed_on": on, "days_late": late, "due_on": due_on} if is_first else {}
    return {
        "status": "filed",
        "draft": None,
        "pending": plan.number,
        "correct_by": None,
        "acts": (*filing.acts, act),
        **first,
    }


def returned(
    filing: FilingState,
    *,
    by: str,
    at: datetime,
    on: date,
    reasons: tuple[ReturnReason, ...],
    correct_by: date | None,
) -> dict[str, Any]:
    """The province returns the version with all its reasons at once (一次性告知).

    Source: O6.2b, O6.2c.

    Raises:
        PlanNotInState: nothing waits for a decision.
        DayOutOfOrder: it would have to be corrected before it came back.
    """
    pending = pending_of(filing)
    if correct_by is not None and correct_by < on:
        raise DayOutOfOrder(earliest=on.isoformat(), latest=None)
    act = FilingAct(kind="return", on=on, at=at, by=by, plan=pending, reasons=reasons, correct_by=correct_by)
    return {"status": "returned", "pending": None, "correct_by": correct_by, "acts": (*filing.acts, act)}


def accepted(filing: FilingState, *, by: str, at: datetime, on: date, number: str) -> dict[str, Any]:
    """The province puts the version on file (备案) under a number; it is in force from then on.

    Source: O6.2b.

    Raises:
        PlanNotInState: nothing waits for a decision.
    """
    pending = pending_of(filing)
    act = FilingAct(kind="accept", on=on, at=at, by=by, plan=pending, number=number)
    return {
        "status": "accepted",
        "pending": None,
        "in_force": pending,
        "number": number,
        "acts": (*filing.acts, act),
    }


def pending_of(filing: FilingState) -> int:
    """The version that waits for the province's decision.

    Source: O6.2b.

    Raises:
        PlanNotInState: none does.
    """
    if filing.pending is None:
        raise PlanNotInState(status=filing.status)
    return filing.pending


def begun(filing: FilingState) -> dict[str, Any]:
    """A new version is being prepared; whatever is in force or returned stays so until it is filed.

    Source: O6.2c.

    Raises:
        PlanNotInState: one is being prepared, or waits for its decision.
    """
    if filing.draft is not None or filing.pending is not None:
        raise PlanNotInState(status=filing.status)
    return {"draft": filing.versions + 1, "versions": filing.versions + 1}


def require_editable(filing: FilingState, plan: PlanState) -> None:
    """Only the version being prepared is edited; an approval falls with the edit.

    Source: O6.2c.

    Raises:
        PlanNotInState: it was filed, or another one is being prepared.
    """
    if filing.draft != plan.number or plan.status not in ("draft", "approved"):
        raise PlanNotInState(status=plan.status)


def count_standings(found: Iterable[Standing]) -> dict[FilingStanding, int]:
    """How many filings are in which state.

    Source: O6.2b.
    """
    counts: dict[FilingStanding, int] = dict.fromkeys(("to_file", "filed", "returned", "accepted", "overdue"), 0)
    for one in found:
        counts[one.state] += 1
    return counts


def _require_plan(plan: PlanState, *statuses: PlanStatus) -> None:
    if plan.status not in statuses:
        raise PlanNotInState(status=plan.status)
