"""Handing a case on: offered, taken, declined, taken back."""

from casework.cases.domain import Case, decline, make_reason, offer, recall, take, take_over
from casework.cases.service.context import Act, Moment, SeenCase, change_case
from casework.cases.service.roles import HEADS
from casework.cases.service.views import CaseView, Remember
from common.contracts.casework.cases import OfferPurpose
from common.crypto import FieldCipher
from common.directory import require_operating_office
from common.uow import UnitOfWork


async def offer_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    purpose: OfferPurpose,
    to_division: str,
    to_account: str | None = None,
    reason: str | None = None,
    remember: Remember | None = None,
) -> CaseView:
    """Offers a case to an office, or to one account there; the holder stays responsible until it is taken.

    Source: O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder, HeadNeeded: may not; not there; saw an older version.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseAlready…, OfferPending: see the rule.

    Events: casework.case.changed.v1.
    """
    told = None if reason is None else make_reason(reason)
    await require_operating_office(uow.conn, to_division)
    act = Act(
        "offer",
        lambda case, m: offer(
            case, purpose=purpose, to_division=to_division, to_account=to_account, reason=told, by=m.by, at=m.at
        ),
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def take_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, remember: Remember | None = None
) -> CaseView:
    """Accepts a case that was offered.

    Source: O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        CaseAlready…, NothingOffered, NotOfferedToYou: see the rule.

    Events: casework.case.changed.v1.
    """
    act = Act(
        "take",
        lambda case, m: take(case, by=m.by, division=m.division, at=m.at, place=m.offered_place, is_head=m.is_head),
        is_for_holder=False,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def take_over_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, reason: str, remember: Remember | None = None
) -> CaseView:
    """The head of an office takes a case that is held there or below.

    Source: O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        OutOfReach: it is held elsewhere.

    Events: casework.case.changed.v1.
    """
    told = make_reason(reason)
    act = Act("take_over", _taken_over, roles=HEADS, is_for_holder=False, is_from_above=True, reason=told)
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def decline_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, reason: str, remember: Remember | None = None
) -> CaseView:
    """Declines a case that was offered.

    Source: O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseAlready…, NothingOffered, NotOfferedToYou: see the rule.

    Events: casework.case.changed.v1.
    """
    told = make_reason(reason)
    act = Act(
        "decline",
        lambda case, m: decline(case, by=m.by, division=m.division, at=m.at, place=m.offered_place, is_head=m.is_head),
        is_for_holder=False,
        reason=told,
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def recall_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, remember: Remember | None = None
) -> CaseView:
    """Takes an offer back.

    Source: O4.3b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version.
        CaseAlready…, NothingOffered: see the rule.

    Events: casework.case.changed.v1.
    """
    act = Act("recall", lambda case, m: recall(case, by=m.by, at=m.at))
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


def _taken_over(case: Case, moment: Moment) -> Case:
    return take_over(case, by=moment.by, division=moment.division, at=moment.at)
