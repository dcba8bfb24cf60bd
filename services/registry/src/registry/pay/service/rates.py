"""Rates: what the government that leads a town's office pays for one task."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.auth import Actor
from common.clock import today
from common.contracts.casework import Duty
from common.contracts.registry.money import PayRateState
from common.divisions import Level
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import Wanted, list_records, store_record
from registry.offices.domain import Edge
from registry.offices.service import find_standing_office, hold_office, hold_owned
from registry.pay.domain import is_same_thing, require_changeable, require_rate
from registry.pay.errors import PayOfficeRefused, RateExists, RateRefused
from registry.staff.domain import require_impersonal


@dataclass(frozen=True, slots=True)
class NewRate:
    """A rate as somebody wants it set."""

    office_id: UUID
    station_division: str | None
    item_code: str | None
    duty: Duty | None
    fen_per_task: int
    valid_from: date
    valid_to: date | None
    document: str


async def set_rate(uow: UnitOfWork, *, actor: Actor, new: NewRate, reason: str | None) -> PayRateState:
    """Sets what a task is worth at the stations of a town.

    Source: O1.4f.

    Raises:
        OfficeNotFound, RoleRequired, OutOfScope, OfficeClosed: no such office, or not this actor's to lead.
        PayOfficeRefused: not a town's office.
        RateRefused, RateExists: it prices nothing, or what has a rate from that day.

    Events: registry.pay-rate.changed.v1.
    Locks: the town's office.
    """
    require_impersonal(reason, new.document)
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.LEADERSHIP)
    if Level(office.level) is not Level.TOWN:
        raise PayOfficeRefused("报酬标准由乡镇（街道）规定")
    require_rate(
        town=office.division,
        station_division=new.station_division,
        item_code=new.item_code,
        duty=new.duty,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
    )
    station_id = await _station_id(uow, new.station_division)
    await _require_new(uow, office.id, new, station_id)
    state = PayRateState(
        id=uuid7(),
        version=1,
        division=office.division,
        level=Level(office.level),
        effective_on=today(),
        office_id=office.id,
        station_division=new.station_division,
        item_code=new.item_code,
        duty=new.duty,
        fen_per_task=new.fen_per_task,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        document=new.document,
        station_office_ids=(station_id,) if station_id else None,
    )
    await store_record(uow, state, previous=None, action="registry.pay-rate.set", reason=reason)
    return state


async def end_rate(
    uow: UnitOfWork,
    *,
    actor: Actor,
    rate_id: UUID,
    expected_version: int,
    valid_to: date | None,
    reason: str | None,
) -> PayRateState:
    """Says from which day a rate prices nothing any more; what was paid under it stays as it was.

    Source: O1.4f.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, OutOfScope, OfficeClosed: not there, or not this actor's.
        RateRefused: the day is not after its first one, or after the day on which its town was absorbed.

    Events: registry.pay-rate.changed.v1.
    Locks: the town's office, the rate.
    """
    require_impersonal(reason)
    rate, office = await hold_owned(
        uow.session, PayRateState, rate_id, expected_version=expected_version, actor=actor, edge=Edge.LEADERSHIP
    )
    require_rate(
        town=office.division,
        station_division=None,
        item_code=rate.item_code,
        duty=rate.duty,
        valid_from=rate.valid_from,
        valid_to=valid_to,
    )
    require_changeable(rate, valid_to=valid_to)
    ended = next_state(rate, effective_on=today(), valid_to=valid_to)
    await store_record(uow, ended, previous=rate, action="registry.pay-rate.end", reason=reason)
    return ended


async def _station_id(uow: UnitOfWork, station_division: str | None) -> UUID | None:
    """The station by its id, which it keeps when its division gets another code."""
    if station_division is None:
        return None
    station = await find_standing_office(uow, station_division)
    if station is None:
        raise RateRefused("该村（社区）没有服务站")
    return station.id


async def _require_new(uow: UnitOfWork, office_id: UUID, new: NewRate, station_id: UUID | None) -> None:
    """There is one rate for a thing from a day on."""
    same = {"item_code": new.item_code, "duty": new.duty, "valid_from": new.valid_from.isoformat()}
    known = await list_records(uow.session, PayRateState, Wanted(office_id=office_id, equal=tuple(same.items())))
    if any(is_same_thing(one, station_division=new.station_division, station_office_id=station_id) for one in known):
        raise RateExists
