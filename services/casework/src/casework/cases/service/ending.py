"""How a case ends, and the handing over of what came of it."""

from dataclasses import replace

from casework.cases.domain import HEADS_ONLY, ClosingResult, close, collect, make_reason, withdraw
from casework.cases.service.context import Act, SeenCase, change_case
from casework.cases.service.roles import HEADS
from casework.cases.service.views import CaseView, Remember
from common.crypto import FieldCipher
from common.uow import UnitOfWork


async def close_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    result: ClosingResult,
    reason: str | None = None,
    remember: Remember | None = None,
) -> CaseView:
    """Ends a case with its result; who closes it has handled it.

    Source: O1.4f, O4.1b; standards.md §5.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseNotAccepted, CaseAlready…, ClosingRefused, ClosingNeedsReason, SpecialRunning, TolerancePending,
        SupplementNotLapsed, LevelDoesNotDecide: see the rule.

    Events: casework.case.closed.v1.
    """
    told = None if reason is None else make_reason(reason)
    act = Act(
        "close",
        lambda case, m: close(case, result=result, at=m.at, by=m.by, calendar=m.calendar, reason=told),
        reason=told,
    )
    if result in HEADS_ONLY:
        act = replace(act, roles=HEADS, is_for_holder=False, is_from_above=True)
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def withdraw_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    reason: str,
    is_applicant: bool = False,
    remember: Remember | None = None,
) -> CaseView:
    """Ends a case at the applicant's wish.

    Source: O4.1b.

    Args:
        is_applicant: the applicant does it online; that the case is theirs is asked before.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.

    Events: casework.case.withdrawn.v1.
    """
    told = make_reason(reason)
    act = Act(
        "withdraw", lambda case, m: withdraw(case, reason=told, by=m.by, at=m.at, calendar=m.calendar), reason=told
    )
    if is_applicant:
        act = act.by_applicant()
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def collect_result(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, remember: Remember | None = None
) -> CaseView:
    """The result was handed over to the applicant (领证).

    Source: O4.1b; standards.md §5.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        NothingToCollect: see the rule.

    Events: casework.case.changed.v1.
    """
    act = Act("collect", lambda case, m: collect(case, at=m.at), is_for_holder=False)
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)
