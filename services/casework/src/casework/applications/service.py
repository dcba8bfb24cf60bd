"""Use cases of applications: everything that is asked for together is registered together, or nothing is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.applications.domain import materials_once, require_items, share_out
from casework.cases.domain import Brought, Case
from casework.cases.service import ApplicantInput, Cases, CaseView, get_case, list_application_cases, register_case
from casework.cases.service.roles import HANDLERS, READERS, actor_of
from casework.contacts.service import draw_number, link_contact_cases
from casework.items.domain import Item
from casework.items.errors import ItemUnknown
from casework.items.service import find_item, get_bundle
from common.auth import require_role, require_scope
from common.clock import beijing_day, now
from common.contracts.casework.applications import ApplicationState
from common.contracts.casework.cases import Channel
from common.crypto import FieldCipher
from common.directory import require_operating_office
from common.divisions import level_of
from common.ids import uuid7
from common.records.service import Wanted, get_record, list_records, store_record
from common.uow import UnitOfWork

PREFIX = "YJS"
"""Before the number on the receipt: 一件事."""


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What is asked for together, by whom, where.

    Attributes:
        bundle_code: of the catalogue; None where the items are named.
        contact_id: the first contact that it comes of; None without one.
        brought: materials that were received, told once.
    """

    division: str
    bundle_code: str | None
    item_codes: tuple[str, ...] | None
    applicant: ApplicantInput
    channel: Channel = "window"
    contact_id: UUID | None = None
    brought: tuple[Brought, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application with its cases in the order of its items.

    Attributes:
        first: its first case with the applicant, masked; None in lists.
    """

    state: ApplicationState
    cases: tuple[Case, ...]
    first: CaseView | None = None


async def register_application(uow: UnitOfWork, *, cipher: FieldCipher, new: NewApplication) -> ApplicationView:
    """Registers one case for every item, all of them or none; the applicant and the materials are told once.

    Source: O4.1c, O4.3b.

    Raises:
        InvalidDivisionCode, RoleRequired, OutOfScope: no division; the actor may not.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.
        BundleUnknown, ItemsMissing, ItemsRepeat, ItemUnknown: nothing that there is, or not so.
        What register_case raises of any of the items; with a contact, what link_contact_cases raises.

    Events: casework.case.registered.v1 for each case, casework.application.changed.v1; with a contact,
        casework.first-contact.changed.v1.
    Locks: the office's serial of the day; the contact.
    """
    actor, at = actor_of(uow), now()
    level_of(new.division)
    require_role(actor, *HANDLERS)
    require_scope(actor, new.division)
    office = await require_operating_office(uow.conn, new.division)
    bundle = None if new.bundle_code is None else await get_bundle(uow.conn, new.bundle_code)
    items = await _items(uow, new.division, require_items(bundle.items if bundle else None, new.item_codes))
    application_id = uuid7()
    shares = share_out(new.brought, [item.terms.materials for item in items])
    views = [
        await _child(uow, cipher, new, item.code, application_id, share)
        for item, share in zip(items, shares, strict=True)
    ]
    state = ApplicationState(
        id=application_id,
        version=1,
        division=new.division,
        level=office.level,
        office_id=office.id,
        changed_at=at,
        number=await draw_number(uow.conn, PREFIX, new.division, on=beijing_day(at)),
        bundle_code=new.bundle_code,
        item_codes=tuple(item.code for item in items),
        case_ids=tuple(view.case.id for view in views),
        channel=new.channel,
        applicant_kind=new.applicant.kind.value,
        registered_at=at,
        registered_by=actor.subject,
        contact_id=new.contact_id,
        materials=materials_once((item.code, item.terms.materials) for item in items),
        office_name=office.name,
        office_phone=office.phone,
        complaint_phone=office.complaint_phone,
    )
    await store_record(uow, state, previous=None, action="casework.application.register")
    if new.contact_id is not None:
        await link_contact_cases(uow, contact_id=new.contact_id, case_ids=state.case_ids)
    return ApplicationView(state, tuple(view.case for view in views), views[0])


async def get_application(uow: UnitOfWork, *, cipher: FieldCipher, application_id: UUID) -> ApplicationView:
    """One application of the actor's subtree, with its cases as they stand.

    Source: O4.1c.

    Raises:
        RoleRequired: the actor's roles read no cases.
        RecordNotFound: none, or not the actor's to see.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    state = await get_record(uow.session, ApplicationState, application_id, actor=actor)
    first = await get_case(Cases(uow.conn, cipher), actor, case_id=state.case_ids[0])
    (view,) = await _with_cases(uow, [state])
    return ApplicationView(view.state, view.cases, first)


async def list_applications(
    uow: UnitOfWork, *, within: str | None, after: UUID | None, limit: int
) -> list[ApplicationView]:
    """Applications of the actor's subtree, the oldest first, with their cases as they stand.

    Source: O4.1c.

    Raises:
        RoleRequired: the actor's roles read no cases.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    wanted = Wanted(within=within)
    states = await list_records(uow.session, ApplicationState, wanted, actor=actor, after=after, limit=limit)
    return await _with_cases(uow, states)


async def _items(uow: UnitOfWork, division: str, codes: Sequence[str]) -> list[Item]:
    found = []
    for code in codes:
        item = await find_item(uow.conn, code, on=beijing_day(now()), division=division)
        if item is None:
            raise ItemUnknown(item_code=code)
        found.append(item)
    return found


async def _child(
    uow: UnitOfWork,
    cipher: FieldCipher,
    new: NewApplication,
    item_code: str,
    application_id: UUID,
    brought: Sequence[Brought],
) -> CaseView:
    return await register_case(
        uow,
        cipher=cipher,
        division=new.division,
        item_code=item_code,
        applicant=new.applicant,
        channel=new.channel,
        application_id=application_id,
        brought=brought,
        is_itemised=bool(new.brought),
    )


async def _with_cases(uow: UnitOfWork, states: Sequence[ApplicationState]) -> list[ApplicationView]:
    """All their cases in one statement."""
    of_application: dict[UUID, dict[UUID, Case]] = defaultdict(dict)
    for case in await list_application_cases(uow.conn, *(state.id for state in states)):
        if case.application_id is not None:
            of_application[case.application_id][case.id] = case
    return [
        ApplicationView(state, tuple(of_application[state.id][case_id] for case_id in state.case_ids))
        for state in states
    ]
