"""Registering a case: the first contact at a station, an office or a bureau."""

from dataclasses import dataclass
from datetime import datetime

from casework.cases.domain import Applicant, ApplicantKind, Case, event_of, make_applicant, register
from casework.cases.repository import Cases
from casework.cases.service.roles import HANDLERS, actor_of, entry_of
from casework.cases.service.views import CaseView, Remember, masked, require_written
from casework.items.domain import Item, require_takeable
from casework.items.errors import ItemUnknown
from casework.items.service import item_of
from common.auth import require_role, require_scope
from common.clock import beijing_day, now
from common.contracts.casework import CASE_TOPIC
from common.crypto import FieldCipher
from common.directory import operating_office_of
from common.divisions import level_of
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


async def register_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    division: str,
    item_code: str,
    applicant: ApplicantInput,
    remember: Remember | None = None,
) -> CaseView:
    """Registers a case at the office of a division.

    Source: O1.1a, O1.1d, O4.1c.

    Raises:
        InvalidDivisionCode, RoleRequired, OutOfScope: no division; the actor may not.
        ApplicantInvalid, NameInvalid, IdNumberInvalid, UsccInvalid, PhoneInvalid: the applicant is told wrongly.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.
        ItemUnknown, ItemNotEffective, DutyNotInForce, ItemNotTakenAtLevel, ApplicantKindNotServed: the catalogue.

    Events: casework.case.registered.v1.

    Idempotency: `remember` keeps the answer in the same statement; AlreadyAnswered if it is there already.
    """
    actor, at = actor_of(uow), now()
    level_of(division)
    require_role(actor, *HANDLERS)
    require_scope(actor, division)
    person = _checked(applicant, at)
    cases = Cases(uow.conn, cipher)
    case, item = await _begin(cases, division=division, item_code=item_code, person=person, at=at)
    view = CaseView(case, masked(person), item.name, item.duty_label)
    written = await cases.add(
        case,
        person,
        audit=entry_of(actor, "register", case),
        topic=CASE_TOPIC,
        event=event_of(case, traceparent=current_traceparent()),
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


async def _begin(cases: Cases, *, division: str, item_code: str, person: Applicant, at: datetime) -> tuple[Case, Item]:
    """Office and item of the registration, asked for at once; the case as it begins."""
    on = beijing_day(at)
    counter = await cases.look_up(division=division, item_code=item_code, on=on)
    office, item = operating_office_of(counter), item_of(counter)
    if item is None:
        raise ItemUnknown
    require_takeable(item, level=level_of(division), applicant_kind=person.kind.value, on=on)
    case = register(
        case_id=uuid7(),
        division=division,
        office_id=office.id,
        item_code=item.code,
        duty=item.duty,
        applicant_kind=person.kind,
        at=at,
    )
    return case, item
