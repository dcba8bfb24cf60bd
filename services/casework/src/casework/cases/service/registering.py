"""Registering a case: at a station, an office or a bureau, or online."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from casework.calendar.service import calendar_at
from casework.cases.domain import (
    Applicant,
    ApplicantKind,
    Brought,
    Case,
    Counter,
    event_of,
    make_applicant,
    make_reason,
    register,
)
from casework.cases.errors import HandlingRefused
from casework.cases.repository import Cases
from casework.cases.service.roles import HANDLERS, actor_of, entry_of
from casework.cases.service.views import CaseView, Remember, masked, require_written
from casework.items.domain import Extent, Item, require_takeable
from casework.items.errors import ItemUnknown
from casework.items.service import item_of
from common.auth import require_role, require_scope
from common.clock import beijing_day, now
from common.contracts.casework import CASE_TOPIC
from common.contracts.casework.cases import CaseTerms, Channel, DemandState, HandlingType
from common.crypto import FieldCipher
from common.directory import operating_office_of
from common.divisions import Level, level_of
from common.ids import uuid7
from common.telemetry import current_traceparent
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ApplicantInput:
    """An applicant as typed; `make_applicant` checks it."""

    kind: ApplicantKind
    name: str
    id_number: str | None
    uscc: str | None
    phone: str | None

    def __repr__(self) -> str:
        return f"ApplicantInput(kind={self.kind.value!r})"


@dataclass(frozen=True, slots=True)
class Registration:
    """What is registered, and how it came.

    Attributes:
        handling: 即办件 or 承诺件, where the item is either; None takes the item's own, and 承诺件 of both.
        application_id: the application that it is a part of.
        brought: materials that were received with it.
        is_itemised: everything was told that was received, even if none of it belongs here.
    """

    division: str
    item_code: str
    applicant: ApplicantInput
    channel: Channel = "window"
    handling: HandlingType | None = None
    application_id: UUID | None = None
    brought: tuple[Brought, ...] = ()
    is_itemised: bool = False


async def register_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    division: str,
    item_code: str,
    applicant: ApplicantInput,
    channel: Channel = "window",
    handling: HandlingType | None = None,
    application_id: UUID | None = None,
    brought: Sequence[Brought] = (),
    is_itemised: bool = False,
    remember: Remember | None = None,
) -> CaseView:
    """Registers a case at the office of a division; who registers it holds it.

    Source: O1.1a, O1.1d, O4.1c, O4.3b.

    Raises:
        InvalidDivisionCode, RoleRequired, OutOfScope: no division; the actor may not.
        ApplicantInvalid, NameInvalid, IdNumberInvalid, UsccInvalid, PhoneInvalid: the applicant is told wrongly.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.
        ItemUnknown, ItemNotEffective, DutyNotInForce, ItemNotTakenAtLevel, ApplicantKindNotServed: the catalogue.
        HandlingRefused: the item is not handled so.
        ReasonHoldsPersonalData: a material names somebody's number.

    Events: casework.case.registered.v1.

    Idempotency: `remember` keeps the answer in the same statement; AlreadyAnswered if it is there already.
    """
    actor = actor_of(uow)
    level_of(division)
    require_role(actor, *HANDLERS)
    require_scope(actor, division)
    wanted = Registration(
        division, item_code, applicant, channel, handling, application_id, checked(brought), is_itemised
    )
    return await _register(uow, cipher=cipher, wanted=wanted, by=actor.subject, remember=remember)


async def register_online(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    division: str,
    item_code: str,
    applicant: ApplicantInput,
    channel: Channel,
    application_id: UUID | None = None,
    brought: Sequence[Brought] = (),
    remember: Remember | None = None,
) -> CaseView:
    """Registers what somebody applied for online; the office holds it until one of its people takes it.

    Source: O4.2b, O4.3b.

    Raises:
        As `register_case`, without those about the actor.

    Events: casework.case.registered.v1.
    """
    level_of(division)
    wanted = Registration(division, item_code, applicant, channel, None, application_id, checked(brought))
    return await _register(uow, cipher=cipher, wanted=wanted, by=None, remember=remember)


async def _register(
    uow: UnitOfWork, *, cipher: FieldCipher, wanted: Registration, by: str | None, remember: Remember | None
) -> CaseView:
    at = now()
    person = _checked(wanted.applicant, at)
    cases = Cases(uow.conn, cipher)
    case, item = await _begin(uow, cases, wanted=wanted, person=person, by=by, at=at)
    view = CaseView(case, masked(person), item.name, item.duty_label)
    written = await cases.add(
        case,
        person,
        audit=entry_of(actor_of(uow), "register", case),
        topic=CASE_TOPIC,
        event=event_of(case, before=None, traceparent=current_traceparent()),
        once=None if remember is None else remember(view),
    )
    require_written(written)
    uow.wake_relay()
    return view


def _checked(applicant: ApplicantInput, at: datetime) -> Applicant:
    return make_applicant(
        kind=applicant.kind,
        name=applicant.name,
        id_number=applicant.id_number,
        uscc_code=applicant.uscc,
        phone=applicant.phone,
        on=beijing_day(at),
    )


async def _begin(
    uow: UnitOfWork, cases: Cases, *, wanted: Registration, person: Applicant, by: str | None, at: datetime
) -> tuple[Case, Item]:
    """Office, item, serial and calendar of the registration, asked for at once; the case as it begins."""
    on = beijing_day(at)
    row = await cases.look_up(division=wanted.division, item_code=wanted.item_code, on=on)
    office, item = operating_office_of(row), item_of(row)
    if item is None:
        raise ItemUnknown
    require_takeable(item, level=level_of(wanted.division), applicant_kind=person.kind.value, on=on)
    case = register(
        case_id=uuid7(),
        counter=Counter(wanted.division, office.id, office.uscc, item.terms.basic_code, row["serial"]),
        item_code=item.code,
        duty=item.duty,
        terms=_terms(item, wanted.handling),
        applicant_kind=person.kind,
        by=by,
        at=at,
        calendar=await calendar_at(uow.conn, row["calendar_version"]),
        channel=wanted.channel,
        application_id=wanted.application_id,
        brought=wanted.brought,
        is_itemised=wanted.is_itemised,
    )
    return case, item


def checked(brought: Sequence[Brought]) -> tuple[Brought, ...]:
    """What was brought, its names without anybody's number.

    Source: O4.3b; standards.md §9.

    Raises:
        ReasonHoldsPersonalData: one of them holds one.
    """
    return tuple(replace(one, material=make_reason(one.material)) for one in brought)


def _terms(item: Item, handling: HandlingType | None) -> CaseTerms:
    """The item's terms as this case takes them along."""
    terms = item.terms
    if handling is not None and terms.handling not in {handling, "both"}:
        raise HandlingRefused(item_code=item.code, handling=handling)
    chosen: HandlingType = handling or ("immediate" if terms.handling == "immediate" else "promised")
    is_single = chosen == "immediate" and terms.handling == "both"
    return CaseTerms(
        handling=chosen,
        steps=terms.steps[:1] if is_single else terms.steps,
        starts=terms.starts,
        acceptance=terms.acceptance,
        is_silence_acceptance=terms.is_silence_acceptance,
        promised=None if is_single else terms.promised,
        statutory=terms.statutory,
        extension=terms.extension,
        step_limits={stage: limit for stage, limit in terms.step_limits.items() if stage in terms.steps},
        pausing=terms.pausing,
        deciding_levels=tuple(level for level in Level if item.extent_at(level) is Extent.HANDLE),
        required_materials=tuple(one.name for one in terms.materials if one.is_required),
        demands=tuple(
            DemandState(
                material=one.name, originals=one.originals, copies=one.copies, is_required=bool(one.is_required)
            )
            for one in terms.materials
        ),
    )
