"""Use cases of readiness: worked out as of any day, kept for today, found again by its reasons."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now, today
from common.contracts.registry import OfficeState, RecordState
from common.contracts.registry.readiness import CriterionState, ReadinessState
from common.db import is_passing
from common.telemetry import metrics
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import (
    Wanted,
    count_findings,
    get_office_states,
    get_operating_since,
    get_states_of_offices,
    hold_judging,
    list_office_states,
    list_records,
    mark_failed_offices,
    mark_judged_offices,
    store_record,
    store_records,
    take_changed_offices,
    take_waiting_offices,
)
from registry.offices.domain import OfficeKind, OfficeStatus
from registry.offices.service import (
    Standing,
    count_readiness,
    get_office,
    is_served,
    served_divisions,
    store_facets,
    store_facets_of,
)
from registry.readiness.domain import (
    MODELS,
    Picture,
    figures_of,
    judge,
    judged_status,
    missing_equipment_of,
    picture_of,
)
from registry.readiness.errors import NoOfficeOnThatDay

log = structlog.get_logger(__name__)
_AGAIN_AFTER = timedelta(hours=1)
"""When an office that could not be worked out is tried again: whatever is wrong with it may have been mended."""
_NAMESPACE = UUID("0f6a4c7e-6b1d-5e0b-9d50-3f2f6a1c9b44")


@dataclass(frozen=True, slots=True)
class Worked:
    """A readiness as worked out, and which kinds of equipment do not work."""

    state: ReadinessState
    missing_equipment: tuple[str, ...]


async def work_out_readiness(session: AsyncSession, *, office_id: UUID, on: date, rules_on: date) -> Worked:
    """How far an office was from the standard on a day, held against the rules of a day.

    Source: S2, S3, architecture.md §7: a year's assessment gives that year's result, whenever it is run.

    Args:
        on: the Beijing day whose facts are taken.
        rules_on: the Beijing day whose rules are taken.

    Raises:
        OfficeNotFound: there never was such an office.
        NoOfficeOnThatDay: not yet.
    """
    states = await get_office_states(session, office_id=office_id, on=on, models=MODELS)
    is_guided = await _is_guided(session, states, on)
    picture = picture_of(states, on=on, rules_on=rules_on, is_guided=is_guided)
    if picture is None:
        await get_office(session, office_id=office_id)
        raise NoOfficeOnThatDay
    since = await get_operating_since(session, [office_id], on=on)
    return _worked(picture, operating_since=since.get(office_id))


async def refresh_readiness(uow: UnitOfWork, *, office_id: UUID) -> bool:
    """Works the readiness of today out anew and keeps it if it differs; True if it did.

    Source: S2.

    Locks: the judging of the office, before anything is read.

    Events: registry.readiness.changed.v1, if anything is different.
    """
    await hold_judging(uow.session, office_id)
    day = today()
    worked = await work_out_readiness(uow.session, office_id=office_id, on=day, rules_on=day)
    await store_facets(uow, office_id, readiness=worked.state.status, missing_equipment=worked.missing_equipment)
    kept = await list_records(uow.session, ReadinessState, Wanted(office_id=office_id), limit=1)
    if not kept:
        await store_record(uow, worked.state, previous=None, action="registry.readiness.refresh")
        return True
    if _findings(kept[0]) == _findings(worked.state):
        return False
    fresh = _following(kept[0], worked.state)
    await store_record(uow, fresh, previous=kept[0], action="registry.readiness.refresh")
    return True


async def refresh_changed(uow: UnitOfWork, *, limit: int) -> int:
    """Works out the offices that something changed of, up to `limit`; returns how many were taken.

    An office that cannot be worked out is told in the log and counted, stays marked, and is tried again in an hour or
    with its next change; it holds up nobody else. What is wrong with the database gives the whole page up.

    Idempotency: what is taken is worked out in the same transaction, or stays marked.
    """
    offices = await take_changed_offices(uow, limit=limit)
    await _refresh_each(uow, offices)
    return len(offices)


async def _refresh_each(uow: UnitOfWork, offices: Collection[UUID]) -> None:
    failed = []
    for office_id in sorted(offices):
        try:
            async with uow.conn.transaction():
                await refresh_readiness(uow, office_id=office_id)
        except Exception as error:
            if is_passing(error):
                raise
            metrics.BATCH_FAILURES.labels("registry", "readiness").inc()
            log.exception("readiness_failed", office_id=str(office_id))
            failed.append(office_id)
    await mark_failed_offices(uow, failed, again_at=now() + _AGAIN_AFTER)


async def _refresh_together(uow: UnitOfWork, offices: Collection[UUID]) -> None:
    day, session = today(), uow.session
    states = await get_states_of_offices(session, office_ids=offices, on=day, models=MODELS)
    guides = {
        state.guidance_division
        for found in states.values()
        for state in found
        if isinstance(state, OfficeState) and state.guidance_division is not None
    }
    served = await served_divisions(session, guides)
    since = await get_operating_since(session, offices, on=day)
    kept = {
        one.office_id: one
        for one in await list_records(session, ReadinessState, Wanted(office_ids=tuple(sorted(offices))))
    }
    fresh, facets = [], []
    for office_id, found in sorted(states.items()):
        picture = picture_of(found, on=day, rules_on=day, is_guided=_guide_of(found) in served)
        if picture is None:
            continue
        worked = _worked(picture, operating_since=since.get(office_id))
        before = kept.get(office_id)
        facets.append((office_id, worked.state.status, worked.missing_equipment))
        if before is None:
            fresh.append(worked.state)
        elif _findings(before) != _findings(worked.state):
            fresh.append(_following(before, worked.state))
    await store_facets_of(uow, facets)
    await store_records(uow, fresh, action="registry.readiness.refresh")


def _guide_of(states: Sequence[RecordState | OfficeState]) -> str | None:
    """Where a station has its guidance from; asked of stations only."""
    office = next((state for state in states if isinstance(state, OfficeState)), None)
    is_station = office is not None and OfficeKind(office.kind) is OfficeKind.SERVICE_STATION
    return office.guidance_division if office is not None and is_station else None


async def refresh_waiting(uow: UnitOfWork, *, limit: int) -> int:
    """Works out offices that wait, up to `limit`, all in a few statements; returns how many were taken.

    What a first start has to tell of every office once, and what the turn of a day asks of all of them, is so many
    that it is done together. If one of them cannot be worked out, each is worked out by itself, and that one is told
    in the log, and marked to be tried again as in `refresh_changed`.

    Source: S2, S3.

    Idempotency: what is taken is worked out in the same transaction, or goes on waiting.
    Locks: the judging of each office, before anything is read.

    Events: registry.readiness.changed.v1, for each of which anything is different.
    """
    offices = await take_waiting_offices(uow, limit=limit)
    try:
        async with uow.conn.transaction():
            await _refresh_together(uow, offices)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("readiness_of_many_failed", offices=len(offices))
        await _refresh_each(uow, offices)
    return len(offices)


async def mark_all_judged(uow: UnitOfWork, *, day: date) -> None:
    """At the turn of a day, once for all workers: waivers expire, trainings age, a new budget year begins."""
    await mark_judged_offices(uow, day=day)


async def count_standings(session: AsyncSession, *, within: str) -> Sequence[Standing]:
    """How many offices below a division stand where, by division and status; offices never judged are unknown.

    Source: S2.
    """
    return await count_readiness(session, within=within)


async def count_reasons(session: AsyncSession, *, within: str) -> dict[tuple[str, str], int]:
    """How many offices below a division are found how, by (criterion, status).

    Source: S2.
    """
    return await count_findings(session, within=within)


async def _is_guided(session: AsyncSession, states: Sequence[RecordState | OfficeState], on: date) -> bool:
    """Whether an operating office stood on the day where an office has its guidance from; asked of stations only."""
    guide = _guide_of(states)
    if guide is None:
        return False
    if on == today():
        return await is_served(session, division=guide)
    wanted = Wanted(within=guide, equal=(("division", guide),))
    found = await list_office_states(session, wanted, on=on)
    return any(OfficeStatus(state.status) is OfficeStatus.OPERATING for state in found)


def _worked(picture: Picture, *, operating_since: date | None) -> Worked:
    state = _state(picture, judge(picture), operating_since)
    return Worked(state, missing_equipment_of(picture))


_KEEPS = frozenset({"id", "version", "office_id"})


def _following(kept: ReadinessState, worked: ReadinessState) -> ReadinessState:
    values = {name: value for name, value in dict(worked).items() if name not in _KEEPS}
    return next_state(kept, **values)


def _state(picture: Picture, criteria: Sequence[CriterionState], operating_since: date | None) -> ReadinessState:
    office = picture.office
    return ReadinessState.model_validate(
        {
            "id": uuid5(_NAMESPACE, str(office.id)),
            "version": 1,
            "office_id": office.id,
            "division": office.division,
            "level": office.level,
            "effective_on": picture.on,
            "rules_on": picture.rules_on,
            "status": judged_status(criteria),
            "criteria": tuple(criteria),
            "figures": figures_of(picture),
            "kind": office.kind,
            "form": office.form,
            "office_status": office.status,
            "operating_since": operating_since,
        }
    )


def _findings(state: ReadinessState) -> tuple[object, ...]:
    return (
        state.status, state.criteria, state.division, state.figures, state.kind, state.form, state.office_status,
        state.operating_since,
    )  # fmt: skip
