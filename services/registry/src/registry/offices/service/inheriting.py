"""What an office had goes to the office that follows it, or must be settled before nobody follows."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import today
from common.contracts.registry import OfficeState
from common.contracts.registry.money import PayRateState
from common.contracts.registry.people import EstablishmentState
from common.divisions import Level
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import Wanted, list_office_states, list_records, rehome_records, store_records
from registry.offices.domain import LEFT_BEHIND, require_empty
from registry.offices.service.stating import Ground


async def hand_over(
    uow: UnitOfWork,
    *,
    moves: Mapping[UUID, OfficeState],
    stations: Mapping[str, Sequence[OfficeState]],
    ground: Ground,
) -> None:
    """Gives everything that offices have to the offices that follow them, the established posts among it.

    Source: O1.4d, O1.4f; standards.md §1, ADR 0014.

    Args:
        moves: office that had the records → the state of the office that has them from the day of the ground.
        stations: what `list_stations` said of the towns whose offices are closed, by the town's code of before.

    Events: registry.<record>.changed.v1 for each record.
    Locks: the records of both; the caller holds the offices.
    """
    await _end_rates(uow, moves, stations, ground)
    await rehome_records(uow, moves=dict(moves), effective_on=ground.on, reason=ground.reason)
    for closed, heir in moves.items():
        if closed != heir.id:
            await _join_establishments(uow, closed, heir.id, ground)


async def list_stations(session: AsyncSession, town: str) -> list[OfficeState]:
    """The stations of a town as they are today, closed ones among them. Source: O1.3c."""
    offices = await list_office_states(session, Wanted(within=town), on=today())
    return [one for one in offices if one.level is Level.VILLAGE]


async def require_nothing_left(session: AsyncSession, office_id: UUID, *, until: date) -> None:
    """An office that nobody follows leaves nothing unsettled.

    Source: O1.2b, O1.3a, O1.4f, O2.2a, O2.3, O5.2, ADR 0014.

    Raises:
        OfficeNotEmpty: the answer lists what remains.
    """
    wanted = Wanted(office_id=office_id)
    require_empty([state for model in LEFT_BEHIND for state in await list_records(session, model, wanted)], until=until)


async def _end_rates(
    uow: UnitOfWork, moves: Mapping[UUID, OfficeState], stations: Mapping[str, Sequence[OfficeState]], ground: Ground
) -> None:
    """What a town that was absorbed pays for a task ends with it, and never holds at a station that it did not have.

    Tasks of its own stations from before the day keep their worth.

    Source: O1.4f.
    """
    closed = tuple(office_id for office_id, heir in moves.items() if office_id != heir.id)
    rates = await list_records(uow.session, PayRateState, Wanted(office_ids=closed)) if closed else []
    states = []
    for rate in rates:
        last = max(rate.valid_from, ground.on)
        ids = tuple(one.id for one in stations.get(rate.division, ()) if rate.station_division in {None, one.division})
        states.append(
            next_state(
                rate,
                effective_on=max(ground.on, rate.effective_on),
                valid_to=last if rate.valid_to is None else min(rate.valid_to, last),
                station_office_ids=ids if rate.station_office_ids is None else rate.station_office_ids,
                absorbed_on=rate.absorbed_on or ground.on,
            )
        )
    await store_records(uow, states, action="registry.pay-rate.absorb", reason=ground.reason)


async def _join_establishments(uow: UnitOfWork, closed: UUID, heir: UUID, ground: Ground) -> None:
    """The posts of an office that was closed are its heir's from now on; the sum stays what it was.

    Source: O1.4d.
    """
    given = await _establishment(uow, closed)
    if given is None or given.quota == 0:
        return
    taken = await _establishment(uow, heir)
    assert taken is not None  # noqa: S101 - otherwise the record itself had gone to the heir
    day = max(ground.on, given.effective_on, taken.effective_on)
    states = [
        next_state(
            taken, effective_on=day, quota=taken.quota + given.quota, document=ground.document or given.document
        ),
        next_state(given, effective_on=day, quota=0, document=ground.document or given.document),
    ]
    await store_records(uow, states, action="registry.establishment.join", reason=ground.reason)


async def _establishment(uow: UnitOfWork, office_id: UUID) -> EstablishmentState | None:
    found = await list_records(uow.session, EstablishmentState, Wanted(office_id=office_id))
    return found[0] if found else None
