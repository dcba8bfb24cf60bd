"""Records: stored, remembered under their day, published, and moved along with their office. Source: ADR 0013."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from common.clock import today
from common.contracts.registry.people import EstablishmentState
from common.contracts.registry.places import EquipmentState
from common.contracts.registry.readiness import ReadinessState
from common.divisions import Level
from common.errors import PreconditionFailed
from common.ids import uuid7
from registry.history.domain import next_state
from registry.history.errors import EffectiveDateRefused, RecordExists, RecordNotFound
from registry.history.service import (
    Wanted,
    get_office_states,
    get_record,
    hold_record,
    list_records,
    list_versions,
    rehome_records,
    store_record,
    take_changed_offices,
)
from registry.offices.repository import Offices, state_of

BOUGHT = date(2012, 5, 1)


def equipment(office: dict[str, Any], **changes: Any) -> EquipmentState:
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "office_id": UUID(office["id"]),
        "division": office["division"],
        "level": Level(office["level"]),
        "effective_on": BOUGHT,
        "kind": "computer",
        "model": None,
        "quantity": 2,
        "condition": "working",
        "acquired_on": BOUGHT,
        "fund": "county_budget",
        "aid_grant_id": None,
        "cost_fen": 800_000,
    }
    return EquipmentState(**{**values, **changes})


async def store(desk: Any, state: Any, previous: Any = None) -> None:
    async with desk.units()() as uow:
        await store_record(uow, state, previous=previous, action="registry.test.store")


async def test_a_record_is_stored_remembered_published_and_audited_together(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    state = equipment(office)
    await store(small_desk, state)
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", str(state.id))
    assert (event["topic"], event["type"]) == ("jiceng.registry.equipment.v1", "registry.equipment.changed.v1")
    assert json.loads(event["data"]) == state.model_dump(mode="json")
    (version,) = await small_desk.rows("SELECT * FROM record_versions WHERE id = $1", state.id)
    assert json.loads(version["state"]) == state.model_dump(mode="json")
    assert await small_desk.value("SELECT count(*) FROM audit_entries WHERE object_id = $1", str(state.id)) == 1
    async with small_desk.units()() as uow:
        assert await get_record(uow.session, EquipmentState, state.id) == state
        assert await take_changed_offices(uow, limit=10) == {state.office_id}


async def test_what_held_on_a_day_is_what_is_told_of_that_day(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    first = equipment(office)
    second = next_state(first, effective_on=date(2015, 3, 1), condition="faulty")
    await store(small_desk, first)
    await store(small_desk, second, first)
    async with small_desk.units()() as uow:
        for day, expected in (
            (BOUGHT - timedelta(days=1), []),
            (BOUGHT, [first]),
            (date(2015, 2, 28), [first]),
            (date(2015, 3, 1), [second]),
            (today(), [second]),
        ):
            wanted = Wanted(office_id=first.office_id, on=day)
            assert await list_records(uow.session, EquipmentState, wanted) == expected, day
        assert await list_records(uow.session, EquipmentState, Wanted(equal=(("condition", "faulty"),))) == [second]
        assert await list_records(uow.session, EquipmentState, Wanted(equal=(("condition", "working"),))) == []
        assert await list_versions(uow.session, EquipmentState, first.id) == [first, second]


async def test_no_state_holds_from_tomorrow_or_from_before_the_one_it_follows(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    first = equipment(office)
    await store(small_desk, first)
    for day in (BOUGHT - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(EffectiveDateRefused):
            await store(small_desk, next_state(first, effective_on=day, quantity=3), first)
    async with small_desk.units()() as uow:
        assert await get_record(uow.session, EquipmentState, first.id) == first
    assert await small_desk.value("SELECT count(*) FROM outbox WHERE subject = $1", str(first.id)) == 1


async def test_a_state_that_was_overtaken_is_refused_and_leaves_nothing(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    first = equipment(office)
    await store(small_desk, first)
    await store(small_desk, next_state(first, effective_on=BOUGHT, quantity=3), first)
    with pytest.raises(PreconditionFailed):
        await store(small_desk, next_state(first, effective_on=BOUGHT, quantity=4), first)
    async with small_desk.units()() as uow:
        with pytest.raises(PreconditionFailed):
            await hold_record(uow.session, EquipmentState, first.id, expected_version=1)
        with pytest.raises(RecordNotFound):
            await hold_record(uow.session, EquipmentState, uuid7(), expected_version=1)
        assert (await get_record(uow.session, EquipmentState, first.id)).quantity == 3
    assert await small_desk.value("SELECT count(*) FROM record_versions WHERE id = $1", first.id) == 2


async def test_an_office_has_one_establishment(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    shared = equipment(office).model_dump(include={"version", "office_id", "division", "level", "effective_on"})
    await store(small_desk, EstablishmentState(id=uuid7(), **shared, quota=5, document="和编〔2012〕5号"))
    with pytest.raises(RecordExists):
        await store(small_desk, EstablishmentState(id=uuid7(), **shared, quota=6, document="和编〔2012〕6号"))


async def test_records_go_where_their_office_goes_and_the_past_stays(small_desk: Any, world: Any) -> None:
    old, new = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441625100000")
    kept = equipment(old)
    await store(small_desk, kept)
    async with small_desk.units()() as uow:
        home = await Offices(uow.session).find(UUID(new["id"]))
        assert home is not None
        moves = {kept.office_id: state_of(home)}
        assert await rehome_records(uow, moves=moves, effective_on=date(2020, 1, 1), reason="镇村合并") == 1
    async with small_desk.units()() as uow:
        moved = await get_record(uow.session, EquipmentState, kept.id)
        assert (moved.office_id, moved.division, moved.version) == (UUID(new["id"]), "441625100000", 2)
        for office, day, count in (
            (old, date(2019, 1, 1), 1),
            (new, date(2019, 1, 1), 0),
            (old, today(), 0),
            (new, today(), 1),
        ):
            found = await list_records(uow.session, EquipmentState, Wanted(office_id=UUID(office["id"]), on=day))
            assert len(found) == count, (office["division"], day)
        states = await get_office_states(uow.session, office_id=UUID(new["id"]), on=today())
        assert {type(state).__name__ for state in states} == {"EquipmentState", "OfficeState"}


async def test_a_readiness_goes_along_with_its_own_office_and_never_to_another(small_desk: Any, world: Any) -> None:
    """Source: S2, ADR 0014."""
    old, new = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441625100000")
    shared = equipment(old).model_dump(include={"version", "office_id", "division", "level", "effective_on"})
    kept = ReadinessState(id=uuid7(), **shared, status="unknown", rules_on=BOUGHT, criteria=())
    await store(small_desk, kept)
    async with small_desk.units()() as uow:
        home = await Offices(uow.session).find(UUID(new["id"]))
        assert home is not None
        heir, moved = state_of(home), state_of(home).model_copy(update={"id": kept.office_id})
        day = date(2020, 1, 1)
        assert await rehome_records(uow, moves={kept.office_id: heir}, effective_on=day, reason="撤并") == 0
        assert await get_record(uow.session, ReadinessState, kept.id) == kept
        assert await rehome_records(uow, moves={kept.office_id: moved}, effective_on=day, reason="变更隶属") == 1
    async with small_desk.units()() as uow:
        followed = await get_record(uow.session, ReadinessState, kept.id)
        assert (followed.office_id, followed.division, followed.version) == (kept.office_id, "441625100000", 2)
