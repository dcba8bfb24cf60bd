"""An accepted case on its way: steps, special procedures, extension."""

from casework.cases.domain import begin_special, complete_step, end_special, extend, make_reason, return_step
from casework.cases.service.context import Act, SeenCase, change_case
from casework.cases.service.roles import HEADS
from casework.cases.service.views import CaseView, Remember
from common.contracts.casework.cases import Limit, PauseReason
from common.crypto import FieldCipher
from common.uow import UnitOfWork


async def complete_case_step(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    opinion: str | None,
    is_favourable: bool | None = None,
    to: str | None = None,
    remember: Remember | None = None,
) -> CaseView:
    """Ends a stage; the last one with the decision.

    Source: O4.1b, O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder, HeadNeeded: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the opinion names somebody's number.
        CaseNotAccepted, AlreadyDecided, SamePerson, DecisionMissing, SpecialRunning, LevelDoesNotDecide: see the rule.

    Events: casework.case.changed.v1.
    """
    told = None if opinion is None else make_reason(opinion)
    act = Act(
        "complete_step",
        lambda case, m: complete_step(
            case, by=m.by, at=m.at, calendar=m.calendar, opinion=told, is_favourable=is_favourable, to=to
        ),
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def return_case_step(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, opinion: str, remember: Remember | None = None
) -> CaseView:
    """Sends a case back one stage.

    Source: O4.1b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder, HeadNeeded: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the opinion names somebody's number.
        CaseNotAccepted, AlreadyDecided, NoStepToReturnTo, SpecialRunning: see the rule.

    Events: casework.case.changed.v1.
    """
    told = make_reason(opinion)
    act = Act(
        "return_step",
        lambda case, m: return_step(case, by=m.by, at=m.at, calendar=m.calendar, opinion=told),
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def begin_special_procedure(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    kind: PauseReason,
    reason: str,
    expected: Limit | None,
    remember: Remember | None = None,
) -> CaseView:
    """Begins a special procedure (特别程序).

    Source: O4.3c.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder, HeadNeeded: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseNotAccepted, AlreadyDecided, SpecialRunning: see the rule.

    Events: casework.case.changed.v1.
    """
    told = make_reason(reason)
    act = Act(
        "begin_special",
        lambda case, m: begin_special(
            case, kind=kind, reason=told, expected=expected, by=m.by, at=m.at, calendar=m.calendar
        ),
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def end_special_procedure(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    kind: PauseReason,
    result: str,
    remember: Remember | None = None,
) -> CaseView:
    """Ends a special procedure with its result.

    Source: O4.3c.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder, HeadNeeded: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the result names somebody's number.
        CaseNotAccepted, SpecialNotRunning: see the rule.

    Events: casework.case.changed.v1.
    """
    told = make_reason(result)
    act = Act(
        "end_special",
        lambda case, m: end_special(case, kind=kind, result=told, by=m.by, at=m.at, calendar=m.calendar),
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def extend_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    limit: Limit,
    reason: str,
    remember: Remember | None = None,
) -> CaseView:
    """Extends the limit, once, by a head's approval.

    Source: O4.3c; standards.md §6.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseNotAccepted, AlreadyDecided, ExtensionRefused, ClockAlreadyExtended: see the rule.

    Events: casework.case.changed.v1.
    """
    told = make_reason(reason)
    act = Act(
        "extend",
        lambda case, m: extend(case, limit=limit, reason=told, by=m.by, at=m.at, calendar=m.calendar),
        roles=HEADS,
        is_for_holder=False,
        is_from_above=True,
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)
