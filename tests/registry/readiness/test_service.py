"""Readiness kept up to date with every change, asked for as of any day. Source: S2, S3."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from common.clock import now, today
from common.contracts.registry.places import EquipmentState, PremisesState
from common.contracts.registry.readiness import ReadinessState
from common.divisions import Level
from common.ids import uuid7
from common.policy import PolicyBook, parameter
from common.policy import sources as policy_sources
from registry.data.rows import DATA_AS_OF
from registry.history.domain import next_state
from registry.history.service import Wanted, list_records, list_versions, store_record
from registry.offices.service import store_facets
from registry.readiness.domain import figures_of
from registry.readiness.jobs import readiness_job
from registry.readiness.service import mark_all_judged, refresh_changed, refresh_waiting, work_out_readiness

BUILT = date(2023, 7, 1)
BUILT_ON = DATA_AS_OF


def shared(office: dict[str, Any], on: date = BUILT) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "version": 1,
        "office_id": UUID(office["id"]),
        "division": office["division"],
        "level": Level(office["level"]),
        "effective_on": on,
    }


def premises(office: dict[str, Any], area_dm2: int, **changes: Any) -> PremisesState:
    values = {
        **shared(office),
        "address": "阳明镇",
        "certified_area_dm2": area_dm2,
        "certificate": "粤房地证",
        "measured_area_dm2": None,
        "shared_area_dm2": 0,
        "waiver": None,
        "windows": ({"number": "1", "is_public": True, "duties": (), "opening_hours": ()},),
        "ended_on": None,
    }
    return PremisesState.model_validate({**values, **changes})


async def store(desk: Any, state: Any, previous: Any = None) -> None:
    async with desk.units()() as uow:
        await store_record(uow, state, previous=previous, action="registry.test.store")


async def refresh(desk: Any) -> int:
    async with desk.units()() as uow:
        return await refresh_changed(uow, limit=100)


async def kept(desk: Any, office: dict[str, Any]) -> ReadinessState:
    async with desk.units()() as uow:
        (state,) = await list_records(uow.session, ReadinessState, Wanted(office_id=UUID(office["id"])))
        return state


def status_of(state: ReadinessState, code: str) -> str:
    return next(criterion.status for criterion in state.criteria if criterion.code == code)


async def test_a_change_of_anything_of_an_office_brings_its_readiness_up_to_date(small_desk: Any, world: Any) -> None:
    """Source: O2.2a."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    small = premises(office, 20_000)
    await store(small_desk, small)
    assert await refresh(small_desk) == 1
    first = await kept(small_desk, office)
    assert status_of(first, "floor_area") == "unmet"
    await store(small_desk, next_state(small, effective_on=BUILT, certified_area_dm2=30_000), small)
    assert await refresh(small_desk) == 1
    second = await kept(small_desk, office)
    assert (status_of(second, "floor_area"), second.version) == ("met", 2)
    events = "SELECT count(*) FROM outbox WHERE type = 'registry.readiness.changed.v1'"
    assert await small_desk.value(events) == 2


async def test_what_changes_nothing_is_not_told_again(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    first = premises(office, 31_000)
    await store(small_desk, first)
    await refresh(small_desk)
    await store(small_desk, next_state(first, effective_on=BUILT, certified_area_dm2=31_000), first)
    assert await refresh(small_desk) == 1
    assert await refresh(small_desk) == 0, "working an office out is no change of it"
    assert (await kept(small_desk, office)).version == 1


async def wait_for(desk: Any, limit: int = 1_000) -> int:
    async with desk.units()() as uow:
        return await refresh_waiting(uow, limit=limit)


async def test_the_turn_of_a_day_is_a_reason_to_look_again(small_desk: Any, world: Any) -> None:
    await wait_for(small_desk)
    judged = await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.readiness'")
    for waiting in (judged, 0):
        async with small_desk.units()() as uow:
            await mark_all_judged(uow, day=today())
        assert await wait_for(small_desk) == waiting, "once for all workers of a day"
    assert await small_desk.value("SELECT max(version) FROM records WHERE record = 'registry.readiness'") == 1


async def test_every_office_is_told_once_after_the_first_load_and_as_it_is_told_alone(
    small_desk: Any, world: Any
) -> None:
    """An office that nobody has touched is told too, together with many and just as by itself. Source: S2, S3."""
    town = await small_desk.office_of(world.HEPING_TOWN)
    await store(small_desk, premises(town, 31_000))
    offices = await small_desk.value("SELECT count(*) FROM offices")
    assert await wait_for(small_desk) == offices
    events = "SELECT count(*) FROM outbox WHERE type = 'registry.readiness.changed.v1'"
    assert await small_desk.value(events) == offices
    assert await small_desk.value("SELECT count(*) FROM office_facets") == offices
    assert await refresh(small_desk) == 1
    assert await small_desk.value(events) == offices, "worked out alone it is the same"
    state = await kept(small_desk, town)
    async with small_desk.units()() as uow:
        worked = await work_out_readiness(uow.session, office_id=UUID(town["id"]), on=today(), rules_on=today())
    assert (state.figures, state.criteria) == (worked.state.figures, worked.state.criteria)
    assert (state.kind, state.office_status, state.operating_since) == ("service_office", "operating", BUILT_ON)
    told = {one.code: one.value for one in state.figures}
    assert (told["floor_area_counted"], told["public_windows"]) == (31_000, 1)
    assert "staff_total" not in told, "unknown, and not zero"


async def test_one_that_cannot_be_worked_out_does_not_take_the_others_of_its_page_with_it(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = UUID((await small_desk.office_of(world.HEPING_TOWN))["id"])

    def fail(picture: Any) -> Any:
        if picture.office.id == bad:
            raise ValueError("an office that nobody can count")
        return figures_of(picture)

    monkeypatch.setattr("registry.readiness.service.figures_of", fail)
    offices = await small_desk.value("SELECT count(*) FROM offices")
    assert await wait_for(small_desk) == offices
    judged = await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.readiness'")
    assert judged == offices - 1


async def test_two_workers_share_those_who_wait(small_desk: Any) -> None:
    offices = await small_desk.value("SELECT count(*) FROM offices")
    taken = 0
    while found := sum(await asyncio.gather(*(wait_for(small_desk, 7) for _ in range(2)))):
        taken += found
    assert taken == offices
    events = "SELECT count(*) FROM outbox WHERE type = 'registry.readiness.changed.v1'"
    assert await small_desk.value(events) == offices


async def test_what_was_worked_out_is_lost_with_nothing_when_it_fails(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    await store(small_desk, premises(office, 31_000))

    async def fail(*_: Any, **__: Any) -> None:
        raise OSError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("registry.readiness.service.store_facets", fail)
        with pytest.raises(OSError, match="went away"):
            await refresh(small_desk)
    assert await refresh(small_desk) == 1, "the office is still marked"


async def test_what_cannot_be_worked_out_holds_up_nobody_and_takes_no_other_mark_with_it(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624102000")
    for office in (bad, good):
        await store(small_desk, premises(office, 31_000))

    async def fail(uow: Any, office_id: UUID, **facets: Any) -> None:
        await store_facets(uow, office_id, **facets)
        if office_id == UUID(bad["id"]):
            raise ValueError("an office that nobody can judge")

    monkeypatch.setattr("registry.readiness.service.store_facets", fail)
    assert await refresh(small_desk) == 2
    assert (await kept(small_desk, good)).office_id == UUID(good["id"])
    facets = await small_desk.rows("SELECT office_id FROM office_facets")
    assert [row["office_id"] for row in facets] == [UUID(good["id"])], "what failed is rolled back alone"
    assert await refresh(small_desk) == 0
    (left,) = await small_desk.rows("SELECT office_id, again_at FROM office_marks")
    assert left["office_id"] == UUID(bad["id"]), "it is not forgotten"
    assert left["again_at"] > now() + timedelta(minutes=50), "nor tried every second"


async def test_an_office_that_failed_is_tried_again_until_it_is_worked_out(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S2: nobody has to change it a second time."""
    office = await small_desk.office_of(world.HEPING_TOWN)

    async def fail(*_: Any, **__: Any) -> None:
        raise ValueError("an office that nobody can judge")

    with monkeypatch.context() as patch:
        patch.setattr("registry.readiness.service.store_facets", fail)
        for area in (31_000, 32_000):
            await store(small_desk, premises(office, area))
            assert await refresh(small_desk) == 1
    assert await small_desk.value("SELECT count(*) FROM office_marks") == 1, "however often it fails"
    await small_desk.rows("UPDATE office_marks SET again_at = now()")
    assert await refresh(small_desk) == 1
    assert (await kept(small_desk, office)).office_id == UUID(office["id"])
    assert await small_desk.value("SELECT count(*) FROM office_marks") == 0


@pytest.mark.parametrize("cause", [asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError])
@pytest.mark.parametrize("is_wrapped", [True, False])
async def test_a_lock_that_took_too_long_is_no_fault_of_an_office(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch, cause: type[Exception], is_wrapped: bool
) -> None:
    """S2: the page is given up, its marks stay, and the next look works it out."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    await store(small_desk, premises(office, 31_000))

    async def fail(*_: Any, **__: Any) -> None:
        if not is_wrapped:
            raise cause("busy")
        driver = Exception("as the dialect tells it")
        driver.__cause__ = cause("busy")
        raise DBAPIError("SELECT", {}, driver)

    for name, work in (("store_facets", refresh), ("store_facets_of", wait_for)):
        with monkeypatch.context() as patch:
            patch.setattr(f"registry.readiness.service.{name}", fail)
            with pytest.raises(DBAPIError if is_wrapped else cause):
                await work(small_desk)
    assert await refresh(small_desk) == 1, "the office is still marked"
    assert await wait_for(small_desk) > 1, "and the others still wait"


async def test_a_station_is_guided_by_an_office_that_serves(small_desk: Any, world: Any) -> None:
    """Source: O1.3c."""
    station, town = await small_desk.office_of(world.HEPING_VILLAGE), await small_desk.office_of(world.HEPING_TOWN)

    async def status(on: date) -> str:
        async with small_desk.units()() as uow:
            worked = await work_out_readiness(uow.session, office_id=UUID(station["id"]), on=on, rules_on=on)
            return status_of(worked.state, "guidance")

    yesterday = today() - timedelta(days=1)
    assert (await status(yesterday), await status(today())) == ("met", "met")
    answer = await small_desk.change(world.supervisor, town["id"], town["version"], status="suspended", reason="装修")
    assert answer.status_code == 200, answer.text
    assert (await status(yesterday), await status(today())) == ("met", "unmet")


async def test_a_closed_office_is_judged_no_longer(small_desk: Any, world: Any) -> None:
    village = await small_desk.office_of(world.HEPING_VILLAGE)
    for version, status in ((1, "suspended"), (2, "closed")):
        answer = await small_desk.change(world.supervisor, village["id"], version, status=status, reason="撤并")
        assert answer.status_code == 200, answer.text
    await refresh(small_desk)
    state = await kept(small_desk, village)
    assert (state.status, state.criteria) == ("unknown", ())


async def test_the_worker_sets_aside_what_cannot_be_worked_out_and_goes_on(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624102000")
    await store(small_desk, premises(bad, 31_000))
    await store(small_desk, premises(good, 31_000))
    right = work_out_readiness

    async def sometimes(session: Any, *, office_id: UUID, on: date, rules_on: date) -> Any:
        if office_id == UUID(bad["id"]):
            raise RuntimeError("no picture of it")
        return await right(session, office_id=office_id, on=on, rules_on=rules_on)

    monkeypatch.setattr("registry.readiness.service.work_out_readiness", sometimes)
    stop = asyncio.Event()
    running = asyncio.create_task(readiness_job(small_desk.context, every_seconds=0.01)(stop))
    try:
        async with asyncio.timeout(20):
            while await small_desk.value("SELECT count(*) FROM office_marks WHERE again_at IS NULL"):
                await asyncio.sleep(0.02)
    finally:
        stop.set()
        await running
    assert (await kept(small_desk, good)).office_id == UUID(good["id"])
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.readiness'") == 1


async def test_a_past_day_is_judged_by_what_was_known_to_hold_then(small_desk: Any, world: Any) -> None:
    """Source: S3."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    first = premises(office, 20_000)
    await store(small_desk, first)
    await store(small_desk, next_state(first, effective_on=date(2024, 5, 1), certified_area_dm2=40_000), first)
    async with small_desk.units()() as uow:
        for day, status in ((date(2024, 4, 30), "unmet"), (date(2024, 5, 1), "met"), (today(), "met")):
            worked = await work_out_readiness(uow.session, office_id=UUID(office["id"]), on=day, rules_on=day)
            assert status_of(worked.state, "floor_area") == status, day


async def test_a_rule_that_changes_tomorrow_changes_nothing_in_the_past(
    small_desk: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readiness under the rules of 2011 is the answer of 2011, whatever is asked since. Source: O2.2a, S0."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    await store(small_desk, premises(office, 31_000))
    old = parameter("office_floor_area_min", on=date(2011, 12, 31))

    async def status(rules_on: date) -> str:
        async with small_desk.units()() as uow:
            worked = await work_out_readiness(uow.session, office_id=UUID(office["id"]), on=BUILT, rules_on=rules_on)
            return status_of(worked.state, "floor_area")

    before = {day: await status(day) for day in (date(2011, 12, 31), date(2020, 1, 1), date(2026, 1, 1))}
    stricter = [one for one in policy_sources.BOOK if one.code != old.code]
    change = date(2026, 1, 1)
    fields = {name: getattr(old, name) for name in old.__slots__}
    stricter.append(type(old)(**{**fields, "valid_to": change}))
    stricter.append(type(old)(**{**fields, "valid_from": change, "valid_to": None, "value": 400}))
    monkeypatch.setattr(policy_sources, "BOOK", PolicyBook(stricter))
    after = {day: await status(day) for day in before}
    assert before == {date(2011, 12, 31): "met", date(2020, 1, 1): "met", date(2026, 1, 1): "met"}
    assert after == {**before, date(2026, 1, 1): "unmet"}


async def test_every_state_of_readiness_stays_in_the_history(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    await store(small_desk, premises(office, 31_000))
    await refresh(small_desk)
    machine = EquipmentState(
        **shared(office), kind="fax", model=None, quantity=1, condition="working", acquired_on=BUILT,
        fund="county_budget", aid_grant_id=None, cost_fen=None,
    )  # fmt: skip
    await store(small_desk, machine)
    await refresh(small_desk)
    async with small_desk.units()() as uow:
        states = await list_versions(uow.session, ReadinessState, (await kept(small_desk, office)).id)
    assert [status_of(state, "equipment") for state in states] == ["unknown", "unmet"]
