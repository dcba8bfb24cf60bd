"""The quota of established posts: entered as found, after that only lowered."""

from datetime import date
from uuid import UUID

from common.auth import Actor
from common.contracts.registry.people import EstablishmentState
from common.divisions import Level
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import get_record, hold_record, store_record
from registry.offices.domain import Edge, OfficeKind
from registry.offices.service import hold_office
from registry.staff.domain import require_impersonal, require_quota
from registry.staff.service.posts import list_posts_at, list_quotas


async def enter_establishment(
    uow: UnitOfWork,
    *,
    actor: Actor,
    office_id: UUID,
    effective_on: date,
    quota: int,
    document: str,
    reason: str | None,
) -> EstablishmentState:
    """Enters the number as it was found, with the document that set it.

    Source: O1.4d.

    Raises:
        RoleRequired, OutOfScope, OfficeNotFound, OfficeClosed: not this actor's to staff.
        RecordExists: it has been entered.
        StaffTypeRefused: stations have no established posts.
        EstablishmentBelowFilled: more posts are filled.

    Events: registry.establishment.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.LEADERSHIP)
    require_impersonal(document, reason)
    state = EstablishmentState(
        id=uuid7(),
        version=1,
        office_id=office.id,
        division=office.division,
        level=Level(office.level),
        effective_on=effective_on,
        quota=quota,
        document=document,
    )
    posts = await list_posts_at(uow.session, office_id=office.id)
    require_quota(OfficeKind(office.kind), [], posts, wanted=state)
    return await store_record(uow, state, previous=None, action="registry.establishment.enter", reason=reason)


async def lower_establishment(
    uow: UnitOfWork,
    *,
    actor: Actor,
    establishment_id: UUID,
    expected_version: int,
    effective_on: date,
    quota: int,
    document: str,
    reason: str | None,
) -> EstablishmentState:
    """Lowers the number; it does not rise here.

    Source: O1.4d.

    Raises:
        RecordNotFound, RoleRequired, OutOfScope: none, or not the actor's.
        PreconditionFailed: somebody else changed it meanwhile.
        EstablishmentIncreaseRefused, EstablishmentBelowFilled: it would rise, or fall below the posts that are filled.

    Events: registry.establishment.changed.v1.
    Locks: the office, so that no hire comes between, and the record.
    """
    seen = await get_record(uow.session, EstablishmentState, establishment_id, actor=actor)
    office = await hold_office(uow.session, actor=actor, office_id=seen.office_id, edge=Edge.LEADERSHIP)
    current = await hold_record(uow.session, EstablishmentState, establishment_id, expected_version=expected_version)
    require_impersonal(document, reason)
    state = next_state(current, effective_on=effective_on, quota=quota, document=document)
    quotas = await list_quotas(uow.session, office_id=office.id)
    require_quota(OfficeKind(office.kind), quotas, await list_posts_at(uow.session, office_id=office.id), wanted=state)
    await store_record(uow, state, previous=current, action="registry.establishment.lower", reason=reason)
    return state
