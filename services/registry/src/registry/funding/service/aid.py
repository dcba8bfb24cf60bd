"""Provincial aid for less developed areas: granted by those above, spent on assets, never beyond the grant."""

from datetime import date
from typing import Any
from uuid import UUID

from common.auth import Actor
from common.contracts.registry.money import AidGrantState
from common.divisions import Level
from common.uow import UnitOfWork
from registry.funding.domain import (
    Asset,
    assets_after,
    require_aid_use,
    require_eligible,
    require_grant_fits,
    spent_after,
)
from registry.funding.errors import AidGrantNotOurs
from registry.history.domain import first_state, next_state
from registry.history.errors import RecordNotFound
from registry.history.service import hold_record, store_record
from registry.offices.domain import Edge, require_supervisor
from registry.offices.service import hold_office, hold_owned


async def create_grant(
    uow: UnitOfWork,
    *,
    actor: Actor,
    office_id: UUID,
    use: str,
    amount_fen: int,
    granted_on: date,
    document: str,
    reason: str | None = None,
) -> AidGrantState:
    """Records aid for an office, told by a bureau above it: who receives does not grant; it holds from `granted_on`.

    Source: O5.2.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not a supervisor above.
        AidRulesNotInForce, AidAreaNotEligible, AidUseRefused: no aid on that day, there, or for that.
        EffectiveDateRefused: granted after today.

    Events: registry.aid-grant.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.GUIDANCE)
    require_supervisor(actor, office.division, Level(office.level))
    version = require_eligible(office.division, on=granted_on)
    require_aid_use(use, on=granted_on)
    state = first_state(
        AidGrantState,
        office,
        effective_on=granted_on,
        use=use,
        amount_fen=amount_fen,
        granted_on=granted_on,
        document=document,
        area_list_version=version,
        spent_fen=0,
        asset_ids=(),
    )
    return await store_record(uow, state, previous=None, action="registry.aid-grant.create", reason=reason)


async def change_grant(
    uow: UnitOfWork,
    *,
    actor: Actor,
    grant_id: UUID,
    expected_version: int,
    changes: dict[str, Any],
    effective_on: date,
    reason: str | None,
) -> AidGrantState:
    """Changes the amount or the document of a grant; never to less than it has paid.

    Source: O5.2.

    Raises:
        RecordNotFound, PreconditionFailed: no such grant, or somebody else changed it or spent of it.
        OfficeClosed, RoleRequired, OutOfScope, EffectiveDateRefused: as create_grant.
        AidOverspent: more was paid already.

    Events: registry.aid-grant.changed.v1.
    Locks: the office, the grant.
    """
    held, office = await hold_owned(
        uow.session, AidGrantState, grant_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_supervisor(actor, office.division, Level(office.level))
    state = next_state(held, effective_on=effective_on, **changes)
    spent_after(state, 0)
    await store_record(uow, state, previous=held, action="registry.aid-grant.change", reason=reason)
    return state


async def spend_grant(
    uow: UnitOfWork, *, grant_id: UUID, asset: Asset, cost_fen: int, effective_on: date, reason: str | None = None
) -> AidGrantState:
    """Lets a grant pay `cost_fen` more for an asset (less when negative), for the use case that stores the asset.

    Source: O5.2.

    Raises:
        AidGrantNotOurs: no such grant of the office or of the office that guides it.
        AidUseRefused: it was granted for something else.
        AidOverspent: more than is left.

    Events: registry.aid-grant.changed.v1.
    Locks: the grant until the transaction ends, so that racing purchases follow one another.
    """
    try:
        held = await hold_record(uow.session, AidGrantState, grant_id, expected_version=None)
    except RecordNotFound:
        raise AidGrantNotOurs from None
    require_grant_fits(held, asset)
    state = next_state(
        held,
        effective_on=max(held.effective_on, effective_on),
        spent_fen=spent_after(held, cost_fen),
        asset_ids=assets_after(held.asset_ids, asset.id),
    )
    await store_record(uow, state, previous=held, action="registry.aid-grant.spend", reason=reason)
    return state
