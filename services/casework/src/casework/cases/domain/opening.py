"""From the first contact to acceptance: receipt, what is missing, acceptance, refusal, silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.cases.domain.applicant import ApplicantKind
from casework.cases.domain.case import (
    OFFICE_ACCOUNT,
    Case,
    CaseStatus,
    Stage,
    following,
    not_before,
    require_before_acceptance,
    require_open,
    with_answer,
    with_document,
    with_step,
)
from casework.cases.domain.materials import Brought, complete, counted_missing, receive
from casework.cases.domain.timing import (
    lapsed_on,
    pause_clocks,
    resume_clocks,
    start_acceptance,
    start_handling,
    stop_clocks,
    timed,
)
from casework.cases.errors import (
    AcceptanceLapsed,
    MaterialsUnknown,
    NothingMissing,
    NotSilent,
    NotSupplementing,
    SupplementNotAtOnce,
    ToleranceRefused,
)
from casework.clock.domain import Calendar
from common.clock import beijing_day
from common.contracts.casework.cases import (
    CaseFile,
    CaseTerms,
    Channel,
    HolderState,
    OfferState,
    SupplementState,
    ToleranceState,
)
from common.divisions import Level, level_of

LEVEL_DIGITS = {Level.PROVINCE: "2", Level.CITY: "3", Level.COUNTY: "4", Level.TOWN: "5", Level.VILLAGE: "6"}
"""行使层级 of GB/T 39046 A.2."""
THE_LAW = "system"
"""Who does what nobody did."""
APPLICANT = "applicant"
"""Who acts in the file and the event when the applicant does it: whose account it is, only the audit knows."""
USCC_LENGTH = 18
SERIAL_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a case is registered: the office, and what its numbers are made of.

    Attributes:
        uscc: of the office; None where it has none of its own.
        basic_code: of the item, 12 digits.
        serial: of the site; never given twice.
    """

    division: str
    office_id: UUID
    uscc: str | None
    basic_code: str
    serial: int


def number_of(counter: Counter, *, on: date) -> str:
    """The number of a case: 31-digit code of the item at its office, day, serial.

    An office without a credit code of its own stands there by its division, behind six zeros, which no code begins
    with. The serial has eight digits and is the site's, so that no two windows ever wait for each other.

    Source: O4.1b; standards.md §3.
    """
    body = counter.uscc or counter.division.rjust(USCC_LENGTH, "0")
    level = LEVEL_DIGITS[level_of(counter.division)]
    return f"{body}{level}{counter.basic_code}{on:%Y%m%d}{counter.serial % 10**SERIAL_DIGITS:0{SERIAL_DIGITS}d}"


def register(
    *,
    case_id: UUID,
    counter: Counter,
    item_code: str,
    duty: str,
    terms: CaseTerms,
    applicant_kind: ApplicantKind,
    by: str | None,
    at: datetime,
    calendar: Calendar,
    channel: Channel = "window",
    application_id: UUID | None = None,
    brought: Sequence[Brought] = (),
    is_itemised: bool = False,
) -> Case:
    """A case as it begins; whether it may begin is asked before (item, office, scope).

    Source: O4.1c, O4.3b.

    Args:
        brought: materials that were received with it.
        is_itemised: everything was told that was received, even if none of it belongs here.
        by: who received it and holds it; None for what came online: the office holds it until somebody takes it.
    """
    account = by or f"{OFFICE_ACCOUNT}{counter.division}"
    offer = None
    if by is None:
        offer = OfferState(purpose="step", division=counter.division, account=None, offered_at=at, by=account)
    file = CaseFile(
        terms=terms,
        holders=(HolderState(account=account, division=counter.division, since=at),),
        offer=offer,
        received=receive(brought, by=by or APPLICANT, at=at),
        is_itemised=is_itemised or bool(brought),
    )
    begun = Case(
        id=case_id,
        version=1,
        division=counter.division,
        level=level_of(counter.division),
        office_id=counter.office_id,
        item_code=item_code,
        duty=duty,
        applicant_kind=applicant_kind,
        status=CaseStatus.REGISTERED,
        registered_at=at,
        changed_at=at,
        file=file,
        case_number=number_of(counter, on=beijing_day(at)),
        channel=channel,
        handling=terms.handling,
        application_id=application_id,
    )
    told = {
        **with_step(begun, "receipt", by=account, at=at),
        **with_document(begun, "receipt", at=at),
        "ledger": start_acceptance(begun, at=at),
    }
    return timed(begun, calendar=calendar, file=file.model_copy(update=told))


def ask_supplement(
    case: Case, *, materials: Sequence[str], due_on: date, by: str, at: datetime, calendar: Calendar
) -> Case:
    """Tells the applicant everything that is missing, at once; the clock stands still until it is there.

    Where what was received was noted with the registration, all of what the item requires and is not there is told in
    any case; of other cases nobody but the clerk knows what is missing, and names it. A second notice may only repeat
    what the first one named: everything missing has to be told at once.

    Source: O4.3c; standards.md §6 (行政许可法32条).

    Args:
        materials: what is missing beside, or what has to come again; in words or named as in the item's guide.

    Raises:
        CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.
        NothingMissing, SupplementNotAtOnce: nothing is named; it names what the first notice did not.
        AcceptanceLapsed: the time to tell it is over: the law has accepted the case.
    """
    require_before_acceptance(case)
    at = not_before(case, at)
    missing = tuple(dict.fromkeys([*_counted(case), *materials]))
    if not missing or case.status is CaseStatus.SUPPLEMENTING:
        raise NothingMissing(status=case.status.value)
    _require_in_time(case, at=at, calendar=calendar)
    if case.file.supplements and not set(missing) <= set(case.file.supplements[0].materials):
        raise SupplementNotAtOnce(told=list(case.file.supplements[0].materials))
    notice = SupplementState(asked_at=at, by=by, materials=missing, due_on=due_on)
    file = {
        "supplements": (*case.file.supplements, notice),
        "ledger": pause_clocks(case, "supplement", at=at, by=by),
        **with_step(case, "supplement", by=by, at=at, action="return", opinion=None),
        **with_document(case, "supplement_notice", at=at),
    }
    return timed(following(case, at=at, file=file, status=CaseStatus.SUPPLEMENTING), calendar=calendar)


def _counted(case: Case) -> list[str]:
    """What is missing by what was received; of a second notice, what the first one named."""
    told = case.file.supplements[0].materials if case.file.supplements else None
    return [name for name in counted_missing(case.file) if told is None or name in told]


def supply(case: Case, *, by: str, at: datetime, calendar: Calendar, brought: Sequence[Brought] = ()) -> Case:
    """Everything that was missing is there; the clock goes on.

    Source: O4.3c; standards.md §6.

    Args:
        brought: the pieces that came; none says that all came that were missing.

    Raises:
        StillMissing: the pieces told are too few.
        NotSupplementing: nothing was asked for.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    require_before_acceptance(case)
    if case.status is not CaseStatus.SUPPLEMENTING:
        raise NotSupplementing(status=case.status.value)
    at = not_before(case, at)
    *earlier, last = case.file.supplements
    pieces = complete(case.terms, last.materials, brought, case.file.received, at)
    file = {
        "received": (*case.file.received, *receive(pieces, by=by, at=at)),
        "supplements": (*earlier, last.model_copy(update={"supplied_at": at})),
        "ledger": resume_clocks(case, "supplement", at=at, by=by),
        **with_step(case, "supplement", by=by, at=at),
    }
    return timed(following(case, at=at, file=file, status=CaseStatus.REGISTERED), calendar=calendar)


def accept(
    case: Case,
    *,
    by: str,
    at: datetime,
    calendar: Calendar,
    tolerated: Sequence[tuple[str, date]] = (),
) -> Case:
    """Takes a registered case on; some materials may come later (容缺受理).

    Who accepts when the law has accepted already changes nothing of the day from which it counts.

    Source: O4.1b, O4.3c; standards.md §5 (容缺).

    Args:
        tolerated: materials that may come later, with the day until which.

    Raises:
        CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.
        ToleranceRefused: the day until which a material may come is over.
        NotSupplementing: something is still missing.
    """
    require_before_acceptance(case)
    if case.status is CaseStatus.SUPPLEMENTING:
        raise NotSupplementing("办件正在补正，收齐后方可受理", status=case.status.value)
    at = not_before(case, at)
    for material, due_on in tolerated:
        if due_on < beijing_day(at):
            raise ToleranceRefused(material=material)
    later = tuple(ToleranceState(material=name, due_on=day) for name, day in tolerated)
    is_late = _is_lapsed(case, at=at, calendar=calendar)
    since = _complete_since(case) if is_late else at
    return _accepted(case, since=since, by=by, at=at, calendar=calendar, tolerances=later, is_deemed=is_late)


def deem_accepted(case: Case, *, at: datetime, calendar: Calendar) -> Case:
    """The law has accepted a case about which the office was silent, from the day on which everything was there.

    Source: O4.3c; standards.md §6 (行政许可法32条).

    Raises:
        NotSilent: the office still has time, or has answered.
    """
    if case.status is not CaseStatus.REGISTERED or not _is_lapsed(case, at=at, calendar=calendar):
        raise NotSilent(status=case.status.value)
    since = _complete_since(case)
    return _accepted(case, since=since, by=THE_LAW, at=not_before(case, at), calendar=calendar, is_deemed=True)


def refuse(case: Case, *, reason: str, by: str, at: datetime, calendar: Calendar) -> Case:
    """Declines a registered case, with the reason that the applicant is told.

    Source: O4.1b; standards.md §6 (行政许可法32条).

    Raises:
        CaseAlreadyAccepted: an accepted case is closed or withdrawn, no longer refused.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
        AcceptanceLapsed: the time to refuse it is over: the law has accepted the case.
    """
    require_before_acceptance(case)
    at = not_before(case, at)
    _require_in_time(case, at=at, calendar=calendar)
    file = {
        **with_answer(case, "lapsed", by=by, at=at),
        "ledger": stop_clocks(case, at=at, by=by),
        **with_step(case, "acceptance", by=by, at=at, action="return", opinion=reason),
        **with_document(case, "refusal_notice", at=at),
    }
    refused = following(case, at=at, file=file, status=CaseStatus.REFUSED, refused_at=at, reason=reason)
    return timed(refused, calendar=calendar)


def add_received(case: Case, *, brought: Sequence[Brought], by: str, at: datetime) -> Case:
    """Notes materials that came while nothing was asked for.

    Source: O4.2b, O4.3b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    require_open(case)
    at = not_before(case, at)
    return following(case, at=at, file={"received": (*case.file.received, *receive(brought, by=by, at=at))})


def supply_tolerated(case: Case, *, material: str, by: str, at: datetime) -> Case:
    """A material that was allowed to come later has come.

    Source: O4.1b; standards.md §5 (容缺).

    Raises:
        MaterialsUnknown: it was not awaited.
    """
    waiting = [one for one in case.file.tolerances if one.material == material and one.supplied_at is None]
    if not case.is_open or not waiting:
        raise MaterialsUnknown(material=material)
    at = not_before(case, at)
    supplied = tuple(
        one.model_copy(update={"supplied_at": at}) if one is waiting[0] else one for one in case.file.tolerances
    )
    pieces = complete(case.terms, [material], (), case.file.received, at)
    received = (*case.file.received, *receive(pieces, by=by, at=at))
    return following(case, at=at, file={"tolerances": supplied, "received": received})


def _accepted(
    case: Case,
    *,
    since: datetime,
    by: str,
    at: datetime,
    calendar: Calendar,
    tolerances: tuple[ToleranceState, ...] = (),
    is_deemed: bool = False,
) -> Case:
    file: dict[str, Any] = {
        "ledger": start_handling(case, since=since, at=at, by=by),
        "tolerances": tolerances,
        **with_step(case, "acceptance", by=by, at=at, opinion="逾期未告知，依法视为受理" if is_deemed else None),
        **with_document(case, "acceptance_notice", at=at),
    }
    accepted = following(
        case,
        at=at,
        file=file,
        status=CaseStatus.ACCEPTED,
        stage=Stage(case.terms.steps[0]),
        accepted_at=since,
        is_deemed_accepted=is_deemed,
    )
    return timed(accepted, calendar=calendar)


def _complete_since(case: Case) -> datetime:
    """When everything was there."""
    supplied = case.file.supplements[-1].supplied_at if case.file.supplements else None
    return supplied or case.registered_at


def _is_lapsed(case: Case, *, at: datetime, calendar: Calendar) -> bool:
    """The office was silent beyond its limit, and for this item the law takes that for acceptance."""
    lapsed = lapsed_on(case, calendar)
    return case.terms.is_silence_acceptance and lapsed is not None and beijing_day(at) >= lapsed


def _require_in_time(case: Case, *, at: datetime, calendar: Calendar) -> None:
    if _is_lapsed(case, at=at, calendar=calendar):
        raise AcceptanceLapsed
