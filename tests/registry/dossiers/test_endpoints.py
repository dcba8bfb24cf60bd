"""The dossier of an office as of any day, and how it came to it. Source: S3."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from common.auth import Role
from common.contracts.registry.money import PayLine, PayRunState
from common.contracts.registry.people import PublicEmployeeState, StaffMemberState
from common.contracts.registry.places import EquipmentState
from common.divisions import Level
from common.ids import uuid7
from common.testing.tokens import make_actor
from registry.history.domain import next_state
from registry.history.service import store_record


async def bought(desk: Any, office: dict[str, Any]) -> EquipmentState:
    """Two computers of 2024, one of them broken since 2025."""
    first = EquipmentState(
        id=uuid7(),
        version=1,
        office_id=UUID(office["id"]),
        division=office["division"],
        level=Level(office["level"]),
        effective_on=date(2024, 3, 1),
        kind="computer",
        model=None,
        quantity=2,
        condition="working",
        acquired_on=date(2024, 3, 1),
        fund="county_budget",
        aid_grant_id=None,
        cost_fen=900_000,
    )
    second = next_state(first, effective_on=date(2025, 6, 1), condition="faulty")
    for state, previous in ((first, None), (second, first)):
        async with desk.units()() as uow:
            await store_record(uow, state, previous=previous, action="registry.test.store")
    return second


async def test_a_dossier_shows_what_an_office_had_on_a_day(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    state = await bought(small_desk, office)
    for day, condition in (("2024-02-29", None), ("2024-03-01", "working"), ("2025-06-01", "faulty")):
        told = (await small_desk.get(f"/offices/{office['id']}/dossier", world.supervisor, on=day)).json()
        found = {entry["record"]: entry for entry in told["entries"]}
        assert found["registry.office"]["state"]["name"] == office["name"]
        assert told["entries"][0]["record"] == "registry.office"
        assert (found.get("registry.equipment") or {}).get("state", {}).get("condition") == condition, day
    assert found["registry.equipment"]["id"] == str(state.id)
    assert found["registry.equipment"]["record_label"] == "设备"


async def test_a_timeline_tells_every_state_the_latest_first_page_by_page(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    await bought(small_desk, office)
    path, seen, query = f"/offices/{office['id']}/timeline", [], {"limit": 1}
    while True:
        page = (await small_desk.get(path, world.supervisor, **query)).json()
        seen += [(entry["record"], entry["version"], entry["effective_on"]) for entry in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == [
        ("registry.equipment", 2, "2025-06-01"),
        ("registry.equipment", 1, "2024-03-01"),
        ("registry.office", 1, "2023-06-30"),
    ]


async def test_dossiers_are_for_the_bureaus_above_and_the_office_itself(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    for part in ("dossier", "timeline"):
        path = f"/offices/{office['id']}/{part}"
        for actor, status, code in (
            (None, 401, "auth.token-missing"),
            (world.clerk, 403, "auth.role-required"),
            (world.stranger, 403, "auth.out-of-scope"),
            (world.head, 200, None),
            (world.province, 200, None),
            (make_actor(world.HEPING, Role.AUDITOR), 200, None),
        ):
            answer = await small_desk.get(path, actor)
            assert (answer.status_code, answer.json().get("code")) == (status, code), (path, actor)
        missing = await small_desk.get(f"/offices/{uuid4()}/{part}", world.supervisor)
        assert missing.json()["code"] == "registry.office-not-found"


PSEUDONYMS = ("ab" * 32, "cd" * 32, "ef" * 32)


async def people(desk: Any, office: dict[str, Any]) -> StaffMemberState:
    """Somebody at work, their pay, and two of a roster, one after the other."""
    common = {
        "version": 1,
        "office_id": UUID(office["id"]),
        "division": office["division"],
        "level": Level(office["level"]),
        "effective_on": date(2024, 3, 1),
    }
    post = StaffMemberState(
        id=uuid7(), **common, pseudonym=PSEUDONYMS[0], staff_type="purchased_service", post_title="综合窗口",
        is_public_employee=False, duties=(), qualification_standard_id=None, recruitment_id=None, priority_group=None,
        started_on=date(2024, 3, 1), ended_on=None, account="agent-4", person_id=uuid7(),
    )  # fmt: skip
    line = PayLine(staff_member_id=post.id, pseudonym=PSEUDONYMS[0], tasks=1, quality_permille=1000, amount_fen=100, blocked_by=None)  # fmt: skip
    run = PayRunState(
        id=uuid7(), **common, period_from=date(2024, 1, 1), period_to=date(2024, 1, 31), status="draft", lines=(line,),
        total_fen=100, settled_at=None,
    )  # fmt: skip
    roster = [
        PublicEmployeeState(
            id=uuid7(), **common, pseudonym=one, employed_from=date(2020, 1, 1), employed_to=None, document="名册"
        )
        for one in PSEUDONYMS[1:]
    ]
    for state in (roster[0], post, roster[1], run):
        async with desk.units()() as uow:
            await store_record(uow, state, previous=None, action="registry.test.store")
    return post


async def test_neither_pseudonyms_nor_accounts_nor_rosters_are_shown(small_desk: Any, world: Any) -> None:
    """Source: O1.4g; standards.md §9."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    post = await people(small_desk, office)
    dossier = await small_desk.get(f"/offices/{office['id']}/dossier", world.supervisor, on="2024-03-01")
    told = {one["record"]: one["state"] for one in dossier.json()["entries"]}
    assert set(told) == {"registry.office", "registry.staff-member", "registry.pay-run"}
    assert told["registry.staff-member"]["post_title"] == "综合窗口"
    assert told["registry.pay-run"]["lines"][0]["amount_fen"] == 100
    seen, texts, query = [], [dossier.text], {"limit": 1}
    while True:
        page = await small_desk.get(f"/offices/{office['id']}/timeline", world.supervisor, **query)
        seen += [one["record"] for one in page.json()["items"]]
        assert len(page.json()["items"]) == 1
        texts.append(page.text)
        if page.json()["next_cursor"] is None:
            break
        query["cursor"] = page.json()["next_cursor"]
    assert seen == ["registry.pay-run", "registry.staff-member", "registry.office"]
    for hidden in (*PSEUDONYMS, "agent-4", str(post.person_id), "pseudonym", "person_id", "account"):
        assert not [text for text in texts if hidden in text], hidden
