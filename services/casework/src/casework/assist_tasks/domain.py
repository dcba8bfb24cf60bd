"""Rules of assist tasks: who may ask whom, and how a task passes from asked to accepted. Pure.

Transitions give the members of the state that change; one that is not allowed raises.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.assist_tasks.errors import (
    DueDayPast,
    NotAtStation,
    NotDispatcher,
    NotOurStation,
    QualityNeedsReason,
    QualityRequired,
    ReasonRequired,
    StationsRepeat,
    TaskStateForbids,
)
from common.clock import beijing_day
from common.contracts.casework.assist_tasks import AssistTaskState, TaskDecision, TaskReport, TaskReturn
from common.divisions import Level
from common.policy import ParameterNotInForce, parameter

KIND_LABELS: Mapping[str, str] = {
    "visit": "入户走访",
    "verification": "核实情况",
    "notice": "送达通知",
    "publicity": "政策宣传",
    "collection": "收集材料",
    "other": "其他",
}
STATUS_LABELS: Mapping[str, str] = {
    "dispatched": "已派发",
    "taken": "已接受",
    "reported": "已报告",
    "accepted": "已认定",
    "rejected": "不予认定",
    "withdrawn": "已撤回",
}
Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Station:
    """An office as a task asks for it."""

    division: str
    level: Level
    guidance_division: str | None


def require_guided(stations: Collection[Station], *, by: str) -> None:
    """Tasks go to stations, and only to those that the office guides.

    Source: O1.1d, O1.3c.

    Raises:
        StationsRepeat: one is named twice.
        NotOurStation: the answer tells which ones are not.
    """
    divisions = [station.division for station in stations]
    if len(set(divisions)) < len(divisions):
        raise StationsRepeat
    others = [one.division for one in stations if one.level is not Level.VILLAGE or one.guidance_division != by]
    if others:
        raise NotOurStation(divisions=list(others))


def require_due_day(asked_for_on: date, *, today: date) -> None:
    """A task may be due today and never before. Source: O1.1d.

    Raises:
        DueDayPast: it would be late at once.
    """
    if asked_for_on < today:
        raise DueDayPast


def require_station(state: AssistTaskState, *, division: str, heirs: Mapping[str, str]) -> None:
    """Lets through who works at the station, or where a retired one went.

    Source: O1.1d; standards.md §1 (Order 79).

    Raises:
        NotAtStation: anybody else, the office above included.
    """
    if division != heirs.get(state.division, state.division):
        raise NotAtStation


def require_dispatcher(state: AssistTaskState, *, division: str, heirs: Mapping[str, str]) -> None:
    """Lets through who works at the office that asked, or at the one that took over from it.

    Source: O1.1d; standards.md §1 (Order 79).

    Raises:
        NotDispatcher: anybody else, the station itself included.
    """
    if division != heirs.get(state.from_division, state.from_division):
        raise NotDispatcher


def take(state: AssistTaskState, *, by: str, at: datetime) -> Changes:
    """The station takes the task on; who takes it does it, until a colleague takes it over.

    Source: O1.1d.

    Raises:
        TaskStateForbids: it waits for nobody.
    """
    _require(state, "dispatched", "taken")
    return {"status": "taken", "holder": by, "taken_at": state.taken_at or at}


def report(
    state: AssistTaskState,
    *,
    is_done: bool,
    told: str,
    reason: str | None,
    evidence_file_id: UUID | None,
    by: str,
    at: datetime,
) -> Changes:
    """The station tells what came of it. Who reports has handled it.

    Source: O1.1d, O1.4f.

    Raises:
        TaskStateForbids: nobody has taken it, or it is reported already.
        ReasonRequired: not done without a reason.
    """
    _require(state, "taken")
    if not is_done and reason is None:
        raise ReasonRequired
    on = beijing_day(at)
    made = TaskReport(
        is_done=is_done,
        told=told,
        reason=None if is_done else reason,
        evidence_file_id=evidence_file_id,
        by=by,
        at=at,
    )
    return {
        "status": "reported",
        "reports": (*state.reports, made),
        "handled_by": by,
        "done_on": on,
        "due_on": None,
        "is_late": on > state.asked_for_on,
    }


def return_report(state: AssistTaskState, *, reason: str, by: str, at: datetime) -> Changes:
    """The office sends a report back; the station has to report again, and the day asked for stays.

    Source: O1.1d.

    Raises:
        TaskStateForbids: there is no report to send back.
    """
    _require(state, "reported")
    made = TaskReturn(reason=reason, by=by, at=at)
    return {
        "status": "taken",
        "returns": (*state.returns, made),
        "handled_by": None,
        "done_on": None,
        "due_on": state.asked_for_on,
        "is_late": False,
    }


def accept(
    state: AssistTaskState, *, quality_permille: int | None, reason: str | None, by: str, at: datetime
) -> Changes:
    """The office accepts the report: what was done with its quality, which pay goes by; what was not done without.

    Source: O1.4f.

    Raises:
        TaskStateForbids: there is no report.
        QualityRequired: done without quality, or not done with one.
        QualityNeedsReason: outside the usual bounds without a reason.
    """
    _require(state, "reported")
    is_done = state.reports[-1].is_done
    if is_done != (quality_permille is not None):
        raise QualityRequired
    if quality_permille is not None:
        require_quality(quality_permille, reason=reason, on=state.done_on or beijing_day(at))
    made = TaskDecision(quality_permille=quality_permille, reason=reason, by=by, at=at)
    return {"status": "accepted", "decision": made, "quality_permille": quality_permille, "is_payable": is_done}


def reject(state: AssistTaskState, *, reason: str, by: str, at: datetime) -> Changes:
    """The office does not accept it, and says why; it is not paid.

    Source: O1.4f.

    Raises:
        TaskStateForbids: there is no report.
    """
    _require(state, "reported")
    made = TaskDecision(quality_permille=None, reason=reason, by=by, at=at)
    return {"status": "rejected", "decision": made}


def withdraw(state: AssistTaskState, *, reason: str, at: datetime) -> Changes:
    """The office no longer asks for it. What is reported is decided, not withdrawn.

    Source: O1.1d, O1.4f.

    Raises:
        TaskStateForbids: it is reported or has ended.
    """
    _require(state, "dispatched", "taken")
    return {"status": "withdrawn", "withdrawn_at": at, "withdrawal_reason": reason, "due_on": None}


def require_quality(quality_permille: int, *, reason: str | None, on: date) -> None:
    """Outside the usual bounds a quality factor needs a reason; before there was a rule, nothing is usual.

    Source: O1.4f.

    Raises:
        QualityNeedsReason: the answer tells the bounds.
    """
    try:
        low = parameter("pay_quality_min", on=on).number
        high = parameter("pay_quality_max", on=on).number
    except ParameterNotInForce:
        return
    if not low <= quality_permille <= high and not reason:
        raise QualityNeedsReason(f"质量系数通常在{low}‰至{high}‰之间", low=low, high=high)


def is_overdue(state: AssistTaskState, *, on: date) -> bool:
    """Whether the station reported late, or has not reported and the day is past. Source: O1.1d."""
    return state.is_late if state.due_on is None else on > state.due_on


def _require(state: AssistTaskState, *statuses: str) -> None:
    if state.status not in statuses:
        raise TaskStateForbids(status=state.status, status_label=STATUS_LABELS[state.status])
