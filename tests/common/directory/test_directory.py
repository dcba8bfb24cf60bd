"""A service's own copy of divisions and offices: newest version wins, and each wrong place has its own error."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from common.bus import Bus, Message, Received
from common.consumer import ConsumerRunner, Delivered, PoisonMessage, decode
from common.contracts import contracts_of
from common.contracts.registry import OFFICE_CHANGED, OFFICE_TOPIC, DivisionState, OfficeState
from common.db import Database
from common.directory import (
    DIRECTORY_TYPES,
    DivisionRetired,
    DivisionUnknown,
    OfficeNotOperating,
    OfficeUnknown,
    apply_directory,
    directory_runner,
    directory_topics,
    find_heirs,
    find_untold,
    require_division,
    require_operating_office,
)
from common.divisions import Level, level_of, parent_of
from common.events import Event
from common.ids import uuid7
from common.testing.events import case_event

TOWN = "440305001000"
NO_MESSAGE = Received("t", b"", b"")


def division(code: str, **changes: Any) -> DivisionState:
    values: dict[str, Any] = {
        "id": uuid7(), "code": code, "level": level_of(code), "name": "某街道", "kind": "standard",
        "parent_code": parent_of(code), "valid_from": date(2023, 6, 30), "valid_to": None, "version": 1,
    }  # fmt: skip
    return DivisionState(**{**values, **changes})


def office(code: str, **changes: Any) -> OfficeState:
    known = OfficeState.model_fields
    values: dict[str, Any] = {
        "id": uuid7(), "division": code, "level": level_of(code), "kind": "service_office", "name": "某服务所",
        "status": "operating", "version": 1, "leadership_division": code, "guidance_division": parent_of(code),
    }  # fmt: skip
    return OfficeState(**{name: value for name, value in {**values, **changes}.items() if name in known})


def delivered(*states: DivisionState | OfficeState) -> list[Delivered]:
    return [
        Delivered(case_event(subject=str(state.id), recordversion=state.version), state, NO_MESSAGE) for state in states
    ]


async def apply(db: Database, *states: DivisionState | OfficeState) -> None:
    async with db.transaction() as conn:
        await apply_directory(conn, delivered(*states))


async def test_the_newest_version_wins_in_any_order_and_any_batches(db: Database) -> None:
    for order in permutations((1, 2, 3)):
        one = office(TOWN)
        states = [one.model_copy(update={"version": version, "name": f"第{version}版"}) for version in order]
        await apply(db, states[0])
        await apply(db, *states[1:])
        await apply(db, states[0])
        async with db.autocommit() as conn:
            row = await conn.fetchrow("SELECT name, version FROM directory_offices WHERE id = $1", one.id)
        assert tuple(row) == ("第3版", 3)


async def test_many_records_of_both_kinds_in_one_batch(db: Database) -> None:
    codes = [f"440305001{number:03}" for number in range(1, 300)]
    await apply(db, *(division(code) for code in codes), *(office(code) for code in codes))
    async with db.autocommit() as conn:
        assert await conn.fetchval("SELECT count(*) FROM directory_divisions") == 299
        assert (await require_operating_office(conn, codes[-1])).level is Level.VILLAGE


async def refusal(db: Database, code: str) -> type[Exception]:
    async with db.autocommit() as conn:
        with pytest.raises(Exception) as refused:
            await require_operating_office(conn, code)
    return refused.type


async def test_each_wrong_place_has_its_own_error(db: Database) -> None:
    await apply(
        db,
        division(TOWN),
        division("440305002000", valid_to=date(2024, 1, 1)),
        office("440305002000"),
        division("440305003000"),
        division("440305005000"),
        office("440305005000", status="suspended"),
        office(TOWN),
    )
    assert await refusal(db, "440305009000") is DivisionUnknown
    assert await refusal(db, "440305002000") is DivisionRetired
    assert await refusal(db, "440305003000") is OfficeUnknown
    assert await refusal(db, "440305005000") is OfficeNotOperating
    async with db.autocommit() as conn:
        found = await require_operating_office(conn, TOWN)
    assert isinstance(found.id, UUID)
    assert found.division == TOWN


async def test_an_office_is_told_with_its_code_its_phone_and_the_phone_of_whoever_guides_it(db: Database) -> None:
    """Source: O4.3b, O1.3a."""
    county = "440305000000"
    known = office(TOWN, uscc="12440305MB00000000", phone="0755-80000001", guidance_division=county)
    suspended = office(county, kind="bureau", phone="0755-80000003", status="suspended", id=UUID(int=1))
    await apply(db, division(TOWN), known, suspended, office(county, kind="bureau", phone="0755-80000002"))
    async with db.autocommit() as conn:
        found = await require_operating_office(conn, TOWN)
    assert (found.uscc, found.phone, found.guidance_division) == ("12440305MB00000000", "0755-80000001", county)
    assert found.complaint_phone == "0755-80000002"


async def test_an_office_that_nobody_known_guides_has_no_complaint_phone(db: Database) -> None:
    await apply(db, division(TOWN), office(TOWN, phone=None))
    async with db.autocommit() as conn:
        found = await require_operating_office(conn, TOWN)
    assert (found.phone, found.complaint_phone) == (None, None)


_AS_BEFORE = "UPDATE directory_offices SET uscc = NULL, phone = NULL, guidance_division = NULL, reach_version = NULL"


async def test_a_row_of_before_is_filled_by_the_version_that_it_has_and_by_no_other(db: Database) -> None:
    one = office(TOWN, version=2, phone="0755-80000002")
    await apply(db, one)
    async with db.autocommit() as conn:
        await conn.execute(_AS_BEFORE)
        assert await find_untold(conn) == (OFFICE_TOPIC,)
        await apply(db, one.model_copy(update={"version": 1, "phone": "0755-80000001"}))
        assert await conn.fetchval("SELECT phone FROM directory_offices") is None
        await apply(db, one)
        assert await conn.fetchval("SELECT phone FROM directory_offices") == "0755-80000002"
        assert await find_untold(conn) == ()
        await apply(db, one.model_copy(update={"phone": "0755-80000003"}))
        assert await conn.fetchval("SELECT phone FROM directory_offices") == "0755-80000002"


async def test_an_upgraded_service_reads_the_offices_again_until_every_row_is_told(db: Database, bus: Bus) -> None:
    """A release of before has read everything; this one fills what that did not take, and reads nothing twice after."""
    states = [office(TOWN, phone=f"0755-8000000{number}") for number in range(1, 4)]
    producer = bus.producer()
    await producer.start()
    for state in states:
        await producer.send([Message(OFFICE_TOPIC, *_event_of(state).to_kafka())])
    await producer.stop()
    applied = await _consume(db, bus, until="SELECT count(phone) = 3 FROM directory_offices")
    assert applied == 3
    async with db.autocommit() as conn:
        await conn.execute(_AS_BEFORE + " WHERE phone <> '0755-80000001'")
    assert await _consume(db, bus, until="SELECT count(phone) = 3 FROM directory_offices") == 3
    assert await _consume(db, bus, until="SELECT sum(next_offset) = 3 FROM bus_positions", more=office(TOWN)) == 1


def _event_of(state: OfficeState) -> Event:
    return case_event(
        type_=OFFICE_CHANGED, source="/jiceng/registry", subject=str(state.id), partitionkey=str(state.id),
        division=TOWN, level="town", recordversion=state.version, data=state.to_bytes(),
    )  # fmt: skip


async def _consume(db: Database, bus: Bus, *, until: str, more: OfficeState | None = None) -> int:
    """Runs the consumer until the question is answered with yes, then for one more office; how many it was given."""
    given: list[Delivered] = []

    async def count(conn: Any, batch: Sequence[Delivered]) -> None:
        given.extend(batch)
        await apply_directory(conn, batch)

    runner = directory_runner(bus, db, service="casework", handler=count)
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run(stop))
    async with asyncio.timeout(20), db.autocommit() as conn:
        while not await conn.fetchval(until):
            await asyncio.sleep(0.02)
        if more is not None:
            producer = bus.producer()
            await producer.start()
            await producer.send([Message(OFFICE_TOPIC, *_event_of(more).to_kafka())])
            await producer.stop()
            while not await conn.fetchval("SELECT count(*) FROM directory_offices WHERE id = $1", more.id):
                await asyncio.sleep(0.02)
    stop.set()
    await running
    return len(given)


async def test_a_division_is_judged_by_the_day_asked_for(db: Database) -> None:
    await apply(db, division(TOWN, valid_from=date(2023, 6, 30), valid_to=date(2025, 1, 1)))
    async with db.autocommit() as conn:
        await require_division(conn, TOWN, on=date(2024, 12, 31))
        for day in (date(2025, 1, 1), date(2023, 6, 29)):
            with pytest.raises(DivisionRetired):
                await require_division(conn, TOWN, on=day)


async def test_a_filler_county_is_no_division(db: Database) -> None:
    """441900000000 is the city; its filler row as a county must not make it look twice there."""
    await apply(db, division("441900000000", level=Level.COUNTY, kind="filler", parent_code="441900000000"))
    assert await refusal(db, "441900000000") is DivisionUnknown
    await apply(db, division("441900000000"))
    assert await refusal(db, "441900000000") is OfficeUnknown


def office_event(**changes: Any) -> Event:
    """The registry's event of one office; `changes` replace members of its data, whatever the contract says."""
    state = office(TOWN)
    said = {**json.loads(state.to_bytes()), **changes}
    return case_event(
        type_=OFFICE_CHANGED, source="/jiceng/registry", subject=str(state.id), partitionkey=str(state.id),
        division=TOWN, level="town", recordversion=1, data=json.dumps(said).encode(),
    )  # fmt: skip


WRONG_OFFICES: dict[str, tuple[Event, str]] = {
    "a case": (case_event(), "event.type-unknown"),
    "a future version": (replace(office_event(), type="registry.office.changed.v2"), "event.type-unknown"),
    "an unknown status": (office_event(status="haunted"), "event.schema-violation"),
    "an unknown kind": (office_event(kind="shop"), "event.schema-violation"),
    "an unknown level": (office_event(level="street"), "event.schema-violation"),
    "no name": (office_event(name=""), "event.schema-violation"),
    "a name too long": (office_event(name="所" * 201), "event.schema-violation"),
    "a name that is a number": (office_event(name=1), "event.schema-violation"),
    "version zero": (office_event(version=0), "event.schema-violation"),
    "a day that no calendar has": (office_event(valid_from="2026-02-30"), "event.schema-violation"),
    "guidance from no division": (office_event(guidance_division="4403"), "event.schema-violation"),
    "another division than the envelope": (office_event(division="440305002000"), "event.attribute-mismatch"),
    "another version than the envelope": (office_event(version=2), "event.attribute-mismatch"),
    "a name that no column can hold": (office_event(name="某\x00所"), "event.not-applicable"),
}


async def test_wrong_events_of_the_registry_become_dead_letters_and_good_ones_are_applied(
    db: Database, bus: Bus
) -> None:
    good = [office_event() for _ in WRONG_OFFICES]
    events = [one for (wrong, _), right in zip(WRONG_OFFICES.values(), good, strict=True) for one in (wrong, right)]
    producer = bus.producer()
    await producer.start()
    await producer.send([Message(OFFICE_TOPIC, *event.to_kafka()) for event in events])
    await producer.stop()
    runner = ConsumerRunner(
        bus, db, service="casework", group="casework-directory", topics=directory_topics(), handler=apply_directory,
        accepts=contracts_of(DIRECTORY_TYPES), max_messages=6,
    )  # fmt: skip
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run(stop))
    async with asyncio.timeout(20), db.autocommit() as conn:
        while await conn.fetchval("SELECT coalesce(sum(next_offset), 0) FROM bus_positions") < len(events):
            await asyncio.sleep(0.02)
        kept = {str(row["id"]) for row in await conn.fetch("SELECT id FROM directory_offices")}
        codes = sorted(row["code"] for row in await conn.fetch("SELECT code FROM dead_letters"))
    stop.set()
    await running
    assert kept == {event.subject for event in good}
    assert codes == sorted(code for _, code in WRONG_OFFICES.values())


@pytest.mark.parametrize("name", [name for name, (_, code) in WRONG_OFFICES.items() if code != "event.not-applicable"])
def test_a_wrong_event_of_the_registry_is_told_by_its_own_code(name: str) -> None:
    wrong, code = WRONG_OFFICES[name]
    with pytest.raises(PoisonMessage) as poison:
        decode(Received(OFFICE_TOPIC, *wrong.to_kafka()), contracts_of(DIRECTORY_TYPES))
    assert poison.value.code == code


async def heirs(db: Database, *codes: str) -> dict[str, str]:
    async with db.autocommit() as conn:
        return await find_heirs(conn, codes)


A, B, C, D = (f"44030500{number}000" for number in range(1, 5))


def ended(code: str, *successors: str, on: date = date(2025, 1, 1)) -> DivisionState:
    return division(code, valid_to=on, version=2, successors=successors)


async def test_a_retired_code_leads_to_who_took_over_in_whatever_order_that_is_told(db: Database) -> None:
    """Source: S0; standards.md §1 (Order 79)."""
    steps = (ended(A, B), ended(B, C, D), division(C, predecessors=(B,)))
    for order in permutations(steps):
        async with db.transaction() as conn:
            await conn.execute("DELETE FROM directory_heirs")
        for state in order:
            await apply(db, state)
        assert await heirs(db, A, B, C) == {A: C, B: C}


async def test_what_goes_on_under_its_code_and_what_nobody_took_over_have_no_heir(db: Database) -> None:
    await apply(db, ended(A, A, B), division(A, predecessors=(A,), valid_from=date(2025, 1, 1)), ended(C))
    assert await heirs(db, A, B, C) == {}


async def test_two_consumers_that_learn_halves_of_a_way_at_once_find_it_whole(db: Database) -> None:
    for _ in range(5):
        async with db.transaction() as conn:
            await conn.execute("DELETE FROM directory_heirs")
        await asyncio.gather(apply(db, ended(A, B)), apply(db, ended(B, C)))
        assert await heirs(db, A, B) == {A: C, B: C}
