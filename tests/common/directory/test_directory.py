"""A service's own copy of divisions and offices: newest version wins, and each wrong place has its own error."""

from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from common.bus import Received
from common.consumer import Delivered
from common.contracts.registry import DivisionState, OfficeState
from common.db import Database
from common.directory import (
    DivisionRetired,
    DivisionUnknown,
    OfficeNotOperating,
    OfficeUnknown,
    apply_directory,
    require_division,
    require_operating_office,
)
from common.divisions import Level, level_of, parent_of
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
