"""A town moves to another county, two villages merge, a street is split: through all four services and their events.

No office, no staff member and no figure is lost or counted twice; before and after can be asked for.
Source: S0, O1.3a; standards.md §1 (Order 79).
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from casework.__main__ import DEFINITION as CASEWORK
from common.auth import Role
from common.clock import today
from common.contracts.registry.people import StaffMemberState
from common.divisions import LEVELS, Level, level_of, node_at, parent_of
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.platform import RunningPlatform, eventually, run_platform
from common.testing.tokens import bearer, make_actor
from registry.__main__ import DEFINITION as REGISTRY
from registry.data.reader import read_divisions
from registry.history.service import Wanted, list_records, store_record
from registry.seeding.service import seed
from reporting.__main__ import DEFINITION as REPORTING
from sync.__main__ import DEFINITION as SYNC

pytestmark = pytest.mark.timeout(180)

DEFINITIONS = (REGISTRY, CASEWORK, SYNC, REPORTING)
PROVINCE, CITY, COUNTY, NEW_COUNTY = "440000000000", "441600000000", "441624000000", "441625000000"
TOWN, VILLAGE = "441624101000", "441624101201"
NEW_TOWN, NEW_VILLAGE = "441625109000", "441625109201"
SURVIVOR, ABSORBED = "441624102201", "441624102202"
DISTRICT, STREET, NEW_STREET = "440305000000", "440305001000", "440305009000"
COMMUNITY, NEW_COMMUNITY = "440305001012", "440305009012"
WORLD = (
    PROVINCE, CITY, COUNTY, "441624101*", "441624102*", NEW_COUNTY, "441625100*", "440300000000", DISTRICT,
    "440305001*",
)  # fmt: skip
YESTERDAY, FIRST_DAY = today() - timedelta(days=1), date(2024, 1, 1)
PLACES = (TOWN, VILLAGE, SURVIVOR, ABSORBED, STREET, COMMUNITY)


@dataclass
class Platform(RunningPlatform):
    """Four services with their workers and relays, in this process."""

    persons: int = 4_000

    async def get(self, path: str, **query: Any) -> Any:
        """What the province's statistician reads."""
        headers = bearer(make_actor(PROVINCE, Role.STATISTICIAN))
        return await self.apps[path.split("/")[1]].client.get(path, params=query, headers=headers)

    async def change(self, **body: Any) -> dict[str, Any]:
        """A change of divisions of today, by the province."""
        actor = bearer(make_actor(PROVINCE, Role.BUREAU_SUPERVISOR))
        answer = await self.apps["registry"].client.post(
            "/registry/v1/division-changes",
            json={"effective_on": today().isoformat(), "document": "粤府函〔2026〕77号", **body},
            headers={**actor, "Idempotency-Key": str(uuid7())},
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def register(self, division: str, clerk: str | None = None) -> Any:
        """One more person comes to an office."""
        self.persons += 1
        person = synthetic_person(self.persons)
        body = {
            "division": division,
            "item_code": "E06",
            "applicant": {"kind": "natural_person", "name": person.name, "id_number": person.id_number},
        }
        headers = {**_clerk(clerk or division), "Idempotency-Key": str(uuid7())}
        return await self.apps["casework"].client.post("/casework/v1/cases", json=body, headers=headers)

    async def move_on(self, case: str, version: int, act: str, clerk: str, told: Any = None, **who: Role) -> Any:
        headers = {**_clerk(clerk, **who), "If-Match": f'"{version}"', "Idempotency-Key": str(uuid7())}
        return await self.apps["casework"].client.post(f"/casework/v1/cases/{case}/{act}", json=told, headers=headers)

    async def figure(self, division: str, level: str = "province", measure: str = "registered") -> int:
        sql = "SELECT coalesce(sum(value), 0)::int FROM figures WHERE level = $1 AND division = $2 AND measure = $3"
        return await self.value("reporting", sql, level, division, measure)


def _clerk(division: str, role: Role | None = None) -> dict[str, str]:
    usual = Role.STATION_AGENT if division[9:] != "000" else Role.WINDOW_CLERK
    return bearer(make_actor(division, role or usual))


@pytest.fixture
async def platform(service_database: Callable[..., str], database_url: str, tmp_path: Path) -> AsyncIterator[Platform]:
    async with run_platform(DEFINITIONS, service_database, database_url, tmp_path) as running:
        rows = [row for row in read_divisions() if any(fnmatch(row.code, pattern) for pattern in WORLD)]
        await seed(running.apps["registry"].context.uow, rows=rows)
        yield Platform(running.apps, running.urls)


async def employ(platform: Platform, divisions: Sequence[str]) -> set[UUID]:
    """One person at each office; posts are records like all others."""
    ids = set()
    async with platform.apps["registry"].context.uow() as uow:
        for number, division in enumerate(divisions):
            office = await platform.value("registry", "SELECT id FROM offices WHERE division = $1", division)
            state = StaffMemberState(
                id=uuid7(), version=1, office_id=office, division=division, level=level_of(division),
                effective_on=FIRST_DAY, pseudonym=f"{number:064x}", staff_type="full_time", post_title=None,
                is_public_employee=False, duties=(), qualification_standard_id=None, recruitment_id=None,
                priority_group=None, started_on=FIRST_DAY, ended_on=None,
            )  # fmt: skip
            await store_record(uow, state, previous=None, action="registry.staff-member.store")
            ids.add(state.id)
    return ids


async def staff(platform: Platform, within: str, on: date | None = None) -> dict[UUID, str]:
    async with platform.apps["registry"].context.uow() as uow:
        found = await list_records(uow.session, StaffMemberState, Wanted(within=within, on=on))
    assert len({one.id for one in found}) == len(found), "somebody is counted twice"
    return {one.id: one.division for one in found}


async def perform(platform: Platform) -> None:
    await platform.change(kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    await platform.change(kind="merge", sources=[SURVIVOR, ABSORBED], targets=[{"code": SURVIVOR}])
    await platform.change(
        kind="split", sources=[STREET], targets=[{"code": STREET}, {"code": NEW_STREET, "name": "新南街道"}],
        recode={COMMUNITY: NEW_COMMUNITY},
    )  # fmt: skip
    heirs = "SELECT count(*) FROM directory_heirs WHERE code = ANY($1::text[])"
    for service in ("casework", "sync", "reporting"):
        await eventually(lambda service=service: platform.value(service, heirs, [TOWN, ABSORBED, COMMUNITY]), 3)  # type: ignore[misc]
    moved = "SELECT count(*) FROM directory_offices WHERE status = 'operating' AND division = ANY($1::text[])"
    for service in ("casework", "reporting"):
        await eventually(lambda service=service: platform.value(service, moved, [NEW_VILLAGE, NEW_COMMUNITY]), 2)  # type: ignore[misc]


async def completeness(platform: Platform, division: str, day: date) -> tuple[int, int]:
    answer = await platform.get("/reporting/v1/completeness", division=division, level="province", day=day.isoformat())
    assert answer.status_code == 200, answer.text
    found = answer.json()["completeness"]
    return found["expected"], found["reported"]


async def test_the_story(platform: Platform) -> None:
    """Source: S0, O1.3a; standards.md §1 (Order 79)."""
    known = await platform.value("registry", "SELECT count(*) FROM offices")
    for service in ("casework", "sync", "reporting"):
        await eventually(
            lambda service=service: platform.value(service, "SELECT count(*) FROM directory_offices"),
            known,  # type: ignore[misc]
        )
    people = await employ(platform, PLACES)
    offices_before = await offices(platform)
    cases = {}
    for place in PLACES:
        answer = await platform.register(place)
        assert answer.status_code == 201, answer.text
        cases[place] = answer.json()["id"]
        assert (await platform.move_on(cases[place], 1, "acceptance", place)).status_code == 200
    await eventually(lambda: platform.figure(PROVINCE, measure="accepted"), len(PLACES))
    serving = await completeness(platform, PROVINCE, YESTERDAY)

    await perform(platform)

    await _new_cases_are_taken_at_the_new_places_only(platform)
    await _open_cases_are_closed_by_who_took_over(platform, cases)
    await _every_level_has_every_record_once(platform, cases)
    await _figures_are_whole(platform)
    await _offices_are_whole(platform, offices_before)
    await _staff_are_whole(platform, people)
    await _the_tree_of_then_and_of_now(platform)
    assert await completeness(platform, PROVINCE, YESTERDAY) == serving
    assert (await completeness(platform, PROVINCE, today()))[0] == serving[0] - 1, "one station was absorbed"
    assert await completeness(platform, TOWN, today()) == (0, 0)
    assert (await completeness(platform, NEW_TOWN, today()))[0] == (await completeness(platform, TOWN, YESTERDAY))[0]


async def _new_cases_are_taken_at_the_new_places_only(platform: Platform) -> None:
    for old in (TOWN, VILLAGE, ABSORBED, COMMUNITY):
        refused = await platform.register(old)
        assert (refused.status_code, refused.json()["code"]) == (422, "directory.division-retired")
    for new in (NEW_TOWN, NEW_VILLAGE, SURVIVOR, NEW_COMMUNITY, STREET):
        taken = await platform.register(new)
        assert taken.status_code == 201, taken.text


async def _open_cases_are_closed_by_who_took_over(platform: Platform, cases: dict[str, str]) -> None:
    """At the new town, at the surviving village, at the new street's community; strangers may not."""
    heirs = {TOWN: NEW_TOWN, VILLAGE: NEW_VILLAGE, ABSORBED: SURVIVOR, COMMUNITY: NEW_COMMUNITY}
    stranger = await platform.move_on(cases[VILLAGE], 2, "closure", STREET, {"result": "granted"})
    assert stranger.status_code == 404
    for clerk, open_ones in ((NEW_VILLAGE, {VILLAGE}), (NEW_TOWN, {TOWN, VILLAGE}), (SURVIVOR, {SURVIVOR, ABSORBED})):
        listed = await platform.apps["casework"].client.get(
            "/casework/v1/cases", params={"status": "accepted"}, headers=_clerk(clerk)
        )
        assert {one["id"] for one in listed.json()["items"]} == {cases[place] for place in open_ones}
    for place, case in cases.items():
        heir, granted = heirs.get(place, place), {"result": "granted"}
        closed = await platform.move_on(case, 2, "closure", heir, granted, role=Role.OFFICE_HEAD)
        assert closed.status_code == 200, closed.text
        assert closed.json()["division"] == place, "a case keeps the division of its time"
    await eventually(lambda: platform.figure(PROVINCE, measure="closed"), len(cases))


async def _every_level_has_every_record_once(platform: Platform, cases: dict[str, str]) -> None:
    receipts = await platform.rows(
        "sync", "SELECT record_id::text, version, receiver_level, outcome FROM receipts WHERE version = 3"
    )
    assert {row["outcome"] for row in receipts} == {"accepted"}
    counted = Counter((row["record_id"], row["receiver_level"]) for row in receipts)
    assert set(counted.values()) == {1}
    assert len(counted) == sum(len(LEVELS[: LEVELS.index(level_of(place)) + 1]) for place in cases)
    states = await platform.rows(
        "sync", "SELECT level, node, division FROM level_states WHERE record_id = $1", UUID(cases[VILLAGE])
    )
    assert {row["division"] for row in states} == {VILLAGE}
    assert {row["level"]: row["node"] for row in states} == {one.value: node_at(NEW_VILLAGE, one) for one in LEVELS}
    answer = await platform.get(f"/sync/v1/records/casework.case/{cases[VILLAGE]}")
    assert [stop["node"] for stop in answer.json()["levels"]][2] == NEW_COUNTY


async def _figures_are_whole(platform: Platform) -> None:
    """What was done at the old divisions stays theirs, what is done now is the new ones', nothing is both."""
    await eventually(lambda: platform.figure(PROVINCE), 6 + 5)
    for level in ("city", "province"):
        await eventually(lambda level=level: platform.figure(CITY, level), 4 + 3)  # type: ignore[misc]
    assert {code: await platform.figure(code) for code in (COUNTY, NEW_COUNTY, TOWN, NEW_TOWN)} == {
        COUNTY: 4 + 1, NEW_COUNTY: 2, TOWN: 2, NEW_TOWN: 2,
    }  # fmt: skip
    assert {code: await platform.figure(code) for code in (SURVIVOR, ABSORBED, STREET, NEW_STREET, DISTRICT)} == {
        SURVIVOR: 2, ABSORBED: 1, STREET: 3, NEW_STREET: 1, DISTRICT: 4,
    }  # fmt: skip
    answer = await platform.get(
        "/reporting/v1/figures/children",
        division=CITY, level="province", measure="registered", **{"from": YESTERDAY.isoformat(), "to": today().isoformat()},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    parts = {one["division"]: one["figures"][0]["value"] for one in answer.json()["items"]}
    assert parts == {COUNTY: 5, NEW_COUNTY: 2}, answer.text
    assert await platform.value("reporting", "SELECT count(*) FROM accepted_facts WHERE level = 'province'") == 11


async def offices(platform: Platform) -> dict[UUID, tuple[str, str]]:
    rows = await platform.rows("registry", "SELECT id, division, status FROM offices")
    return {row["id"]: (row["division"], row["status"]) for row in rows}


async def _offices_are_whole(platform: Platform, before: dict[UUID, tuple[str, str]]) -> None:
    after = await offices(platform)
    assert before.keys() <= after.keys()
    (planned,) = [after[one] for one in after.keys() - before.keys()]
    assert planned == (NEW_STREET, "planned")
    closed = {division for division, status in after.values() if status == "closed"}
    assert closed == {ABSORBED}
    operating = [division for division, status in after.values() if status == "operating"]
    assert len(operating) == len(set(operating)) == len(before) - 1
    for office, (division, _) in before.items():
        history = await platform.rows(
            "registry", "SELECT division, effective_on FROM record_versions WHERE id = $1 ORDER BY version", office
        )
        assert history[0]["division"] == division, "the office of then is found under the division of then"
        if division == TOWN:
            assert [tuple(row) for row in history][1:] == [(NEW_TOWN, today())]
            edges = await platform.rows(
                "registry", "SELECT leadership_division, guidance_division FROM offices WHERE id = $1", office
            )
            assert tuple(edges[0]) == (NEW_TOWN, NEW_COUNTY)


async def _staff_are_whole(platform: Platform, people: set[UUID]) -> None:
    now, then = await staff(platform, PROVINCE), await staff(platform, PROVINCE, YESTERDAY)
    assert now.keys() == then.keys() == people
    assert sorted(then.values()) == sorted(PLACES)
    heirs = {TOWN: NEW_TOWN, VILLAGE: NEW_VILLAGE, ABSORBED: SURVIVOR, COMMUNITY: NEW_COMMUNITY}
    assert now == {person: heirs.get(place, place) for person, place in then.items()}
    counties = [await staff(platform, county) for county in (COUNTY, NEW_COUNTY, DISTRICT)]
    assert [len(one) for one in counties] == [2, 2, 2]


async def _the_tree_of_then_and_of_now(platform: Platform) -> None:
    async def towns(county: str, on: date) -> set[str]:
        answer = await platform.get("/registry/v1/divisions", parent_code=county, on=on.isoformat(), limit=100)
        return {one["code"] for one in answer.json()["items"]}

    assert TOWN in await towns(COUNTY, YESTERDAY)
    assert await towns(COUNTY, today()) == await towns(COUNTY, YESTERDAY) - {TOWN}
    assert await towns(NEW_COUNTY, today()) == await towns(NEW_COUNTY, YESTERDAY) | {NEW_TOWN}
    assert len(await towns(NEW_TOWN, today())) == len(await towns(TOWN, YESTERDAY))
    for code, heir in ((VILLAGE, NEW_VILLAGE), (ABSORBED, SURVIVOR), (COMMUNITY, NEW_COMMUNITY), (STREET, STREET)):
        answer = await platform.get(f"/registry/v1/divisions/{code}/successors")
        assert [one["code"] for one in answer.json()["items"]] == [heir]
    answer = await platform.get(f"/registry/v1/divisions/{SURVIVOR}/predecessors", on=YESTERDAY.isoformat())
    assert [one["code"] for one in answer.json()["items"]] == [SURVIVOR, ABSORBED]
    known = await platform.rows("reporting", "SELECT code FROM directory_divisions WHERE valid_to IS NULL")
    codes = {row["code"] for row in known}
    assert all(parent_of(code) in codes for code in codes - {PROVINCE})
    assert Level.TOWN in {level_of(code) for code in codes}
