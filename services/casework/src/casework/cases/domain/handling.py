"""An accepted case on its way to the decision: steps, special procedures, extension."""

from datetime import datetime
from typing import Any

from casework.cases.domain.case import (
    STEP_OF_STAGE,
    Case,
    Stage,
    following,
    not_before,
    require_accepted,
    with_answer,
    with_document,
    with_step,
)
from casework.cases.domain.timing import extend_handling, pause_clocks, resume_clocks, timed
from casework.cases.errors import (
    AlreadyDecided,
    DecisionMissing,
    ExtensionRefused,
    LevelDoesNotDecide,
    NoStepToReturnTo,
    OfferPending,
    SamePerson,
    SpecialNotRunning,
    SpecialRunning,
    TolerancePending,
)
from casework.clock.domain import Calendar
from common.contracts.casework.cases import Limit, OfferState, PauseReason, SpecialState
from common.divisions import level_of

_CHECKING = (Stage.REVIEWING, Stage.APPROVING)


def complete_step(
    case: Case,
    *,
    by: str,
    at: datetime,
    calendar: Calendar,
    opinion: str | None,
    is_favourable: bool | None = None,
    to: str | None = None,
) -> Case:
    """Ends the stage with a pass; the last stage ends with the decision.

    Who passed an earlier stage does not check it: 审核 and 批准 are somebody else's. The next stage is offered to the
    holder's office, or to one account of it; until somebody takes it the holder stays responsible.

    Source: O4.1b, O4.3b; standards.md §5 (承办, 审核, 批准).

    Args:
        is_favourable: the decision; needed at the last stage, and only there.
        to: who is to take the next stage; None for anybody of the office who may.

    Raises:
        CaseNotAccepted, AlreadyDecided: the state forbids.
        SamePerson: the same account passed a stage before.
        DecisionMissing: the last stage without a decision, or another one with it.
        SpecialRunning: a special procedure is under way.
        OfferPending, TolerancePending: it is offered to another office; a material is awaited.
        LevelDoesNotDecide: offices of the holder's level prepare this item; others decide.
    """
    stage = _require_undecided(case)
    _require_no_special(case)
    if stage in _CHECKING and by in _passed_by(case, stage):
        raise SamePerson(stage=stage.value)
    _require_no_hand_over(case)
    at = not_before(case, at)
    steps = case.terms.steps
    following_stages = steps[steps.index(stage.value) + 1 :]
    if (is_favourable is None) != bool(following_stages):
        raise DecisionMissing(stage=stage.value)
    told = with_step(case, STEP_OF_STAGE[stage], by=by, at=at, opinion=opinion)
    if following_stages:
        offer = OfferState(purpose="step", division=case.holder.division, account=to, offered_at=at, by=by)
        lapsed = with_answer(case, "lapsed", by=by, at=at)
        passed = following(case, at=at, file={**told, **lapsed, "offer": offer}, stage=Stage(following_stages[0]))
        return timed(passed, calendar=calendar)
    require_deciding_level(case)
    if is_favourable:
        require_complete(case)
    file = {**told, **with_answer(case, "lapsed", by=by, at=at), **with_document(case, "decision", at=at)}
    decided = following(case, at=at, file=file, stage=Stage.DECIDED, is_favourable=is_favourable)
    return timed(decided, calendar=calendar)


def return_step(case: Case, *, by: str, at: datetime, calendar: Calendar, opinion: str) -> Case:
    """Sends the case back one stage, with the reason; it is offered to who did that stage.

    Source: O4.1b; standards.md §5 (退回).

    Raises:
        CaseNotAccepted, AlreadyDecided: the state forbids.
        NoStepToReturnTo: this is the first stage.
        SpecialRunning: a special procedure is under way.
    """
    stage = _require_undecided(case)
    _require_no_special(case)
    position = case.terms.steps.index(stage.value)
    if position == 0:
        raise NoStepToReturnTo(stage=stage.value)
    _require_no_hand_over(case)
    at = not_before(case, at)
    before = case.terms.steps[position - 1]
    doer = next(one for one in reversed(case.file.steps) if one.step == before and one.action == "pass")
    offer = OfferState(purpose="step", division=doer.division, account=doer.by, offered_at=at, by=by, reason=opinion)
    told = with_step(case, STEP_OF_STAGE[stage], by=by, at=at, action="return", opinion=opinion)
    lapsed = with_answer(case, "lapsed", by=by, at=at)
    returned = following(case, at=at, file={**told, **lapsed, "offer": offer}, stage=Stage(before))
    return timed(returned, calendar=calendar)


def begin_special(
    case: Case, *, kind: PauseReason, reason: str, expected: Limit | None, by: str, at: datetime, calendar: Calendar
) -> Case:
    """Begins a special procedure (公示, 鉴定, …); it stops the clock where the item says so.

    Source: O4.3c; standards.md §6 (行政许可法45条).

    Raises:
        CaseNotAccepted, AlreadyDecided: the state forbids.
        SpecialRunning: one of this kind is under way.
    """
    _require_undecided(case)
    if any(one.kind == kind and one.ended_at is None for one in case.file.specials):
        raise SpecialRunning(kind=kind)
    at = not_before(case, at)
    is_pausing = kind in case.terms.pausing
    one = SpecialState(kind=kind, started_at=at, by=by, reason=reason, is_pausing=is_pausing, expected=expected)
    file: dict[str, Any] = {
        "specials": (*case.file.specials, one),
        **with_document(case, "special_procedure_notice", at=at),
    }
    if is_pausing:
        file["ledger"] = pause_clocks(case, kind, at=at, by=by)
    return timed(following(case, at=at, file=file), calendar=calendar)


def end_special(case: Case, *, kind: PauseReason, result: str, by: str, at: datetime, calendar: Calendar) -> Case:
    """Ends a special procedure with what came of it.

    Source: O4.3c; standards.md §4 (表7).

    Raises:
        CaseNotAccepted, CaseAlready…: the state forbids.
        SpecialNotRunning: none of this kind is under way.
    """
    require_accepted(case)
    running = [one for one in case.file.specials if one.kind == kind and one.ended_at is None]
    if not running:
        raise SpecialNotRunning(kind=kind)
    at = not_before(case, at)
    ended = running[0].model_copy(update={"ended_at": at, "result": result})
    file: dict[str, Any] = {"specials": tuple(ended if one is running[0] else one for one in case.file.specials)}
    if ended.is_pausing:
        file["ledger"] = resume_clocks(case, kind, at=at, by=by)
    return timed(following(case, at=at, file=file), calendar=calendar)


def extend(case: Case, *, limit: Limit, reason: str, by: str, at: datetime, calendar: Calendar) -> Case:
    """Extends the limits of handling, once, by what the law allows; the applicant is told the reason.

    Source: O4.3c; standards.md §6 (行政许可法42条).

    Raises:
        CaseNotAccepted, AlreadyDecided: the state forbids.
        ExtensionRefused: the item has none, it is longer, it was used, or the limit is over.
    """
    stage = _require_undecided(case)
    allowed = case.terms.extension
    at = not_before(case, at)
    if allowed is None or limit.unit != allowed.unit or not 1 <= limit.value <= allowed.value:
        raise ExtensionRefused(
            allowed=None if allowed is None else allowed.value, unit=None if allowed is None else allowed.unit
        )
    file = {
        "ledger": extend_handling(
            case, limit.model_copy(update={"clause": allowed.clause}), at=at, by=by, calendar=calendar
        ),
        **with_step(case, STEP_OF_STAGE[stage], by=by, at=at, action="other", opinion=reason),
        **with_document(case, "extension_notice", at=at),
    }
    return timed(following(case, at=at, file=file), calendar=calendar)


def require_deciding_level(case: Case) -> None:
    """Raises unless offices of the holder's level decide the item.

    Source: O1.1d, O4.1c.

    Raises:
        LevelDoesNotDecide: they receive and prepare it; an office of another level decides.
    """
    levels = case.terms.deciding_levels
    level = level_of(case.holder.division)
    if levels and level not in levels:
        raise LevelDoesNotDecide(level=level.value, deciding_levels=[one.value for one in levels])


def require_complete(case: Case) -> None:
    """Raises while a material is awaited that was allowed to come later.

    Source: O4.1b; standards.md §5 (容缺).

    Raises:
        TolerancePending: which.
    """
    awaited = [one.material for one in case.file.tolerances if one.supplied_at is None]
    if awaited:
        raise TolerancePending(materials=[*awaited])


def _require_no_hand_over(case: Case) -> None:
    offer = case.file.offer
    if offer is not None and offer.purpose != "step":
        raise OfferPending(division=offer.division)


def _require_undecided(case: Case) -> Stage:
    stage = require_accepted(case)
    if stage is Stage.DECIDED:
        raise AlreadyDecided(stage=stage.value)
    return stage


def _require_no_special(case: Case) -> None:
    running = [one.kind for one in case.file.specials if one.ended_at is None]
    if running:
        raise SpecialRunning(kind=running[0])


def _passed_by(case: Case, stage: Stage) -> set[str]:
    earlier = case.terms.steps[: case.terms.steps.index(stage.value)]
    return {one.by for one in case.file.steps if one.step in earlier and one.action == "pass"}
