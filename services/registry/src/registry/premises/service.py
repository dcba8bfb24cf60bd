"""Use cases of premises: told by the office and by who guides it; a waiver only by a bureau above."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.contracts.registry.places import AidedWork, AreaWaiver, PremisesState, WindowState
from common.divisions import Level
from common.uow import UnitOfWork
from registry.funding.domain import Asset
from registry.funding.service import spend_grant
from registry.history.domain import first_state, next_state
from registry.history.service import Wanted, get_record, list_office_states, list_records, list_versions, store_record
from registry.offices.domain import Edge, public_windows, require_supervisor
from registry.offices.errors import OfficeNotFound
from registry.offices.service import hold_office, hold_owned
from registry.premises.domain import (
    AreaFinding,
    Place,
    area_rule,
    is_waiver_kept,
    judge_area,
    require_area,
    require_not_ended,
    require_public_window,
    require_waiver_days,
    require_windows,
    windows_rule,
)
from registry.premises.errors import WaiverNotApplicable


@dataclass(frozen=True, slots=True)
class NewPremises:
    """Premises as somebody tells them; areas in square decimetres."""

    office_id: UUID
    address: str
    certified_area_dm2: int | None
    certificate: str | None
    measured_area_dm2: int | None
    shared_area_dm2: int
    shared_agreement: str | None
    windows: tuple[WindowState, ...]


class PremisesChanges(TypedDict, total=False):
    """What is to be changed: only the members that are present."""

    address: str
    certified_area_dm2: int | None
    certificate: str | None
    measured_area_dm2: int | None
    shared_area_dm2: int
    shared_agreement: str | None
    windows: tuple[WindowState, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Premises as they are stored, and what the rule of the area says of their office from that day."""

    state: PremisesState
    area: AreaFinding


@dataclass(frozen=True, slots=True)
class OfficeFinding:
    """What the rules of premises say of an office on a day.

    Attributes:
        windows_required: None where the rule asks nothing of this office.
    """

    area: AreaFinding
    public_windows: int
    windows_required: int | None
    premises: tuple[UUID, ...]


async def create_premises(
    uow: UnitOfWork, *, actor: Actor, new: NewPremises, effective_on: date, reason: str | None
) -> Told:
    """Tells where an office works from a day; a small area is accepted, and the answer says so.

    Source: O2.2a, O2.2b, O1.1c.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not this actor's to tell.
        AreaUnknown, SharedAreaTooLarge: no area, or none that makes sense.
        WindowNumbersRepeat, OpeningHoursRefused, WindowDutyNotInForce: the windows make no sense.
        PublicWindowRequired: the office operates and would have no window for the public.
        EffectiveDateRefused: from after today.

    Events: registry.premises.changed.v1.
    Locks: the office, so that its last window cannot be closed twice.
    """
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.GUIDANCE)
    fields: dict[str, Any] = {name: getattr(new, name) for name in PremisesChanges.__annotations__}
    state = first_state(PremisesState, office, effective_on=effective_on, waiver=None, ended_on=None, **fields)
    return await _store(uow, place_of(office), state, previous=None, action="registry.premises.create", reason=reason)


async def change_premises(
    uow: UnitOfWork,
    *,
    actor: Actor,
    premises_id: UUID,
    expected_version: int,
    changes: PremisesChanges,
    effective_on: date,
    reason: str | None,
) -> Told:
    """Changes address, areas or windows; a waiver ends with the area that it was given for.

    Source: O2.2a, O2.2b.

    Raises:
        RecordNotFound, PreconditionFailed, PremisesEnded: no such premises, changed meanwhile, or left.
        The same as create_premises.

    Events: registry.premises.changed.v1.
    Locks: the office, the premises.
    """
    held, office = await hold_owned(
        uow.session, PremisesState, premises_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_not_ended(held)
    state = next_state(held, effective_on=effective_on, **changes)
    require_area(state)
    if not is_waiver_kept(held, state):
        state = state.model_copy(update={"waiver": None})
    return await _store(uow, place_of(office), state, previous=held, action="registry.premises.change", reason=reason)


async def end_premises(
    uow: UnitOfWork,
    *,
    actor: Actor,
    premises_id: UUID,
    expected_version: int,
    effective_on: date,
    reason: str | None,
) -> Told:
    """The office leaves the premises; `effective_on` is the first day on which it no longer works there.

    Source: O2.2a, O2.2b.

    Raises:
        RecordNotFound, PreconditionFailed, PremisesEnded: no such premises, changed meanwhile, or left before.
        PublicWindowRequired: the office operates, and its last window for the public goes.
        OfficeClosed, RoleRequired, OutOfScope, EffectiveDateRefused: as create_premises.

    Events: registry.premises.changed.v1.
    Locks: the office, the premises.
    """
    held, office = await hold_owned(
        uow.session, PremisesState, premises_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_not_ended(held)
    state = next_state(held, effective_on=effective_on, ended_on=effective_on)
    return await _store(uow, place_of(office), state, previous=held, action="registry.premises.end", reason=reason)


async def grant_waiver(
    uow: UnitOfWork,
    *,
    actor: Actor,
    premises_id: UUID,
    expected_version: int,
    waiver: AreaWaiver,
    effective_on: date,
) -> Told:
    """Lets premises be smaller than the rule of thumb until a day; only a supervisor above, never the office itself.

    Source: O2.2a.

    Raises:
        RecordNotFound, PreconditionFailed, PremisesEnded: no such premises, changed meanwhile, or left.
        RoleRequired, OutOfScope: no supervisor of a division above.
        WaiverNotApplicable: the rule asks nothing of this office.
        WaiverExpired: it ends before it begins.
        EffectiveDateRefused: from after today.

    Events: registry.premises.changed.v1.
    Locks: the office, the premises.
    """
    held, office = await hold_owned(
        uow.session, PremisesState, premises_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_not_ended(held)
    require_supervisor(actor, office.division, Level(office.level))
    if area_rule(place_of(office), on=effective_on) is None:
        raise WaiverNotApplicable(clause="O1.1c" if office.form == "platform_window" else None)
    require_waiver_days(expires_on=waiver.expires_on, effective_on=effective_on)
    state = next_state(held, effective_on=effective_on, waiver=waiver)
    return await _store(
        uow, place_of(office), state, previous=held, action="registry.premises.waive", reason=waiver.reason
    )


async def add_work(
    uow: UnitOfWork,
    *,
    actor: Actor,
    premises_id: UUID,
    expected_version: int,
    work: AidedWork,
    reason: str | None,
) -> Told:
    """Tells building work that provincial aid for infrastructure pays for; it holds from the day it was done.

    Source: O5.2.

    Raises:
        RecordNotFound, PreconditionFailed, PremisesEnded: no such premises, changed meanwhile, or left.
        AidGrantNotOurs, AidUseRefused, AidOverspent: the grant does not pay for it.
        OfficeClosed, RoleRequired, OutOfScope, EffectiveDateRefused: as create_premises.

    Events: registry.premises.changed.v1, registry.aid-grant.changed.v1.
    Locks: the office, the premises, the grant.
    """
    held, office = await hold_owned(
        uow.session, PremisesState, premises_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_not_ended(held)
    day = max(held.effective_on, work.done_on)
    asset = Asset(held.id, office.id, office.guidance_division, "infrastructure")
    await spend_grant(uow, grant_id=work.aid_grant_id, asset=asset, cost_fen=work.cost_fen, effective_on=day)
    state = next_state(held, effective_on=day, works=(*held.works, work))
    return await _store(uow, place_of(office), state, previous=held, action="registry.premises.work", reason=reason)


async def get_premises(session: AsyncSession, *, premises_id: UUID) -> PremisesState:
    """Premises; where an office works and when it opens is public.

    Source: O4.3e.

    Raises:
        RecordNotFound: there are none.
    """
    return await get_record(session, PremisesState, premises_id)


async def list_premises(
    session: AsyncSession, wanted: Wanted, *, after: UUID | None, limit: int
) -> list[PremisesState]:
    """Premises, now or as of a day. Source: O4.3e."""
    return await list_records(session, PremisesState, wanted, after=after, limit=limit)


async def list_premises_versions(session: AsyncSession, *, premises_id: UUID) -> list[PremisesState]:
    """Every state of some premises.

    Source: O4.3e.

    Raises:
        RecordNotFound: there are none.
    """
    return await list_versions(session, PremisesState, premises_id)


async def judge_premises(
    session: AsyncSession, *, office_id: UUID, on: date, rules_on: date | None = None
) -> OfficeFinding:
    """What the rules of a day (by default of the same day) say of an office as it was on a day.

    Source: O2.2a, O2.2b, O1.1c.

    Raises:
        OfficeNotFound: no such office on that day.
    """
    offices = await list_office_states(session, Wanted(office_id=office_id), on=on)
    if not offices:
        raise OfficeNotFound
    place = place_of(offices[0])
    states = await list_records(session, PremisesState, Wanted(office_id=office_id, on=on))
    rule = windows_rule(place, on=rules_on or on)
    return OfficeFinding(
        area=judge_area(states, place, on=on, rules_on=rules_on),
        public_windows=public_windows(states, on=on),
        windows_required=rule.number if rule else None,
        premises=tuple(one.id for one in states),
    )


def place_of(office: Any) -> Place:
    """Of an office, as a row or as a state, what the rules of premises ask for."""
    return Place(office.kind, office.status, office.form, office.platform)


async def _store(
    uow: UnitOfWork,
    place: Place,
    state: PremisesState,
    *,
    previous: PremisesState | None,
    action: str,
    reason: str | None,
) -> Told:
    """Stores what the rules let through, judged on the day from which it holds and on today."""
    require_area(state)
    require_windows(state.windows, on=state.effective_on)
    then = await _with(uow.session, state, on=state.effective_on)
    require_public_window(then, place, on=state.effective_on)
    require_public_window(await _with(uow.session, state, on=today()), place, on=today())
    stored = await store_record(uow, state, previous=previous, action=action, reason=reason)
    return Told(stored, judge_area(then, place, on=state.effective_on))


async def _with(session: AsyncSession, state: PremisesState, *, on: date) -> list[PremisesState]:
    """All premises of the office on a day, as they would be with this state."""
    others = await list_records(session, PremisesState, Wanted(office_id=state.office_id, on=on))
    return [*(one for one in others if one.id != state.id), state]
