"""How a plan is carried out: lines with evidence, stages one after another. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.contracts.reporting.plans import (
    Evidence,
    ExecutionState,
    LineProgress,
    LineStatus,
    PlanLine,
    PlanState,
    StageProgress,
    StageStatus,
)
from reporting.plans.errors import EvidenceMissing, PlanNotFound, PlanNotInState, StageNotOpen, StageNotReady

ENDED: tuple[LineStatus, ...] = ("done", "cancelled")
THROUGH: tuple[StageStatus, ...] = ("passed", "waived")


def first_stages(plan: PlanState) -> tuple[StageProgress, ...]:
    """The stages of a plan that begins: the first one open.

    Source: S4.
    """
    return tuple(
        StageProgress(stage=one.code, status="closed" if number else "open") for number, one in enumerate(plan.stages)
    )


def carried_over(execution: ExecutionState, plan: PlanState) -> dict[str, Any]:
    """What was reached under the version before goes on under the new one: lines by their ids, stages by their codes.

    A stage that was passed stays so, also when lines came to it: they are shown as not done. The first stage that is
    not through is open.

    Source: S4, O6.2c.
    """
    lines = {one.id for one in plan.lines}
    known = {one.stage: one for one in execution.stages}
    stages = [known.get(one.code) or StageProgress(stage=one.code, status="closed") for one in plan.stages]
    return {
        "plan": plan.number,
        "lines": tuple(one for one in execution.lines if one.line_id in lines),
        "stages": _opened(stages),
    }


def line_of(plan: PlanState, line_id: UUID) -> PlanLine:
    """The line of a plan.

    Source: S4.

    Raises:
        PlanNotFound: it has none with this id.
    """
    for line in plan.lines:
        if line.id == line_id:
            return line
    raise PlanNotFound


def noted(
    execution: ExecutionState,
    plan: PlanState,
    *,
    line_id: UUID,
    status: LineStatus,
    on: date,
    at: datetime,
    by: str,
    note: str | None,
    evidence: tuple[Evidence, ...],
) -> tuple[dict[str, Any], LineProgress]:
    """A line's progress; who says done shows it, and says so only in a stage that has begun.

    Source: S4, O6.2c.

    Raises:
        PlanNotFound: the plan in force has no such line.
        StageNotOpen: the stage before is neither passed nor waived.
        EvidenceMissing: done without evidence.
    """
    line = line_of(plan, line_id)
    if _stages(execution)[line.stage].status == "closed":
        raise StageNotOpen(stage=line.stage)
    if status == "done" and not evidence:
        raise EvidenceMissing
    entry = LineProgress(line_id=line_id, status=status, on=on, at=at, by=by, note=note, evidence=evidence)
    others = tuple(one for one in execution.lines if one.line_id != line_id)
    return {"lines": (*others, entry)}, entry


def passed(
    execution: ExecutionState, plan: PlanState, *, stage: str, by: str, at: datetime, on: date
) -> dict[str, Any]:
    """A stage is passed when all its lines are done or cancelled; the next one opens.

    Source: S4.

    Raises:
        PlanNotFound: no such stage.
        PlanNotInState, StageNotOpen: it is through already, or has not begun.
        StageNotReady: lines are left; it names them.
    """
    _require_open(execution, stage)
    ended = {one.line_id for one in execution.lines if one.status in ENDED}
    left = [one for one in plan.lines if one.stage == stage and one.id not in ended]
    if left:
        raise StageNotReady(f"尚有 {len(left)} 项未完成", lines=[str(one.id) for one in left])
    return {"stages": _through(execution, StageProgress(stage=stage, status="passed", on=on, at=at, by=by))}


def waived(
    execution: ExecutionState,
    *,
    stage: str,
    by: str,
    at: datetime,
    on: date,
    reason: str,
    document: str | None,
) -> dict[str, Any]:
    """A stage is explicitly waived with its reason; the next one opens, and what is left undone stays to be seen.

    Source: S4.

    Raises:
        PlanNotFound: no such stage.
        PlanNotInState, StageNotOpen: it is through already, or has not begun.
    """
    _require_open(execution, stage)
    state = StageProgress(stage=stage, status="waived", on=on, at=at, by=by, reason=reason, document=document)
    return {"stages": _through(execution, state)}


def status_of(execution: ExecutionState | None, line_id: UUID) -> LineStatus:
    """How far a line is; not started where nobody said anything.

    Source: S4.
    """
    lines = execution.lines if execution else ()
    return next((one.status for one in lines if one.line_id == line_id), "not_started")


def late_lines(plan: PlanState, execution: ExecutionState | None, *, on: date) -> list[PlanLine]:
    """Lines whose day is over and which are neither done nor cancelled.

    Source: S4.
    """
    return [one for one in plan.lines if one.due_on < on and status_of(execution, one.id) not in ENDED]


def _stages(execution: ExecutionState) -> Mapping[str, StageProgress]:
    return {one.stage: one for one in execution.stages}


def _require_open(execution: ExecutionState, stage: str) -> None:
    found = _stages(execution).get(stage)
    if found is None:
        raise PlanNotFound
    if found.status == "closed":
        raise StageNotOpen(stage=stage)
    if found.status != "open":
        raise PlanNotInState(status=found.status)


def _through(execution: ExecutionState, state: StageProgress) -> tuple[StageProgress, ...]:
    return _opened([state if one.stage == state.stage else one for one in execution.stages])


def _opened(stages: Sequence[StageProgress]) -> tuple[StageProgress, ...]:
    """Only the first stage that is not through is open: those behind it wait for it."""
    found, is_behind = [], False
    for one in stages:
        if one.status in THROUGH:
            found.append(one)
        else:
            found.append(one.model_copy(update={"status": "closed" if is_behind else "open"}))
            is_behind = True
    return tuple(found)
