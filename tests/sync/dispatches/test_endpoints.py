"""签收 over HTTP: what a node sees, who signs, how far it has come, who is missing."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from common.auth import Role
from common.contracts.sync import DISPATCH_SIGNED, SignedDispatch
from common.divisions import Level
from sync.dispatches.repository import reading
from sync.dispatches.service import remind

PROVINCE, SHENZHEN, NANSHAN, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
VILLAGES = ("440305001001", "440305001002")
DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE = "441900000000", "441900003000", "441900003001"
NOWHERE = "00000000-0000-4000-8000-000000000000"
CLERK = Role.WINDOW_CLERK
READS = ("", "/progress", "/missing")


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def sent(tree: Any, document: Any, id_of: Any) -> Any:
    """`await sent(*to, …)`: a dispatch that has arrived everywhere; its path in the API."""

    async def send(*to: str, levels: Any = (), **changes: Any) -> str:
        told = document(*to, **changes)
        await tree.send(told)
        await tree.descend(*levels)
        return f"/dispatches/{id_of(told)}"

    return send


async def inbox(client: Any, **params: Any) -> list[tuple[str, int, str]]:
    answer = await client.get("/dispatches", params=params)
    assert answer.status_code == 200, answer.text
    return [(item["title"], item["version"], item["state"]["status"]) for item in answer.json()["items"]]


async def test_a_village_sees_what_was_sent_to_it_signs_and_the_province_counts_it(
    api: Any, sent: Any, tree: Any
) -> None:
    path = await sent(sign_by=date(2026, 3, 9))
    village = api(VILLAGES[0], Role.STATION_AGENT)
    assert await inbox(village) == [("关于加强基层服务平台建设的通知", 1, "unsigned")]
    signed = await village.post(f"{path}/signature")
    assert signed.status_code == 200
    answer = signed.json()
    assert (answer["node"], answer["status"], answer["status_label"]) == (VILLAGES[0], "signed", "已签收")
    progress = (await api(PROVINCE).get(f"{path}/progress")).json()
    assert progress["progress"] == {
        "expected": 8, "delivered": 8, "signed": 1, "superseded": 0, "signed_late": 0, "overdue": 0,
    }  # fmt: skip
    (told,) = [event for event in await tree.receipts() if event.type == DISPATCH_SIGNED]
    said = SignedDispatch.model_validate_json(told.data)
    assert (said.division, told.division, told.partitionkey) == (VILLAGES[0],) * 3
    assert said.signed_by == answer["signed_by"]
    (audit,) = await tree.rows("SELECT action, division FROM audit_entries")
    assert tuple(audit.values()) == ("sync.dispatch.sign", VILLAGES[0])


async def test_an_inbox_shows_when_its_office_was_reminded(api: Any, sent: Any, tree: Any) -> None:
    await sent(VILLAGES[0], sign_by=date(2026, 3, 4))
    village = api(VILLAGES[0], Role.STATION_AGENT)
    (before,) = (await village.get("/dispatches")).json()["items"]
    assert before["state"]["reminded_at"] is None
    async with tree.db.transaction() as conn:
        await remind(conn, tree.part, days_before=[3], limit=10)
    (after,) = (await village.get("/dispatches")).json()["items"]
    assert after["state"]["reminded_at"].startswith("2026-03-02T10:00")


async def test_the_list_of_what_was_sent_counts_in_one_statement(
    api: Any, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sent()
    await sent(DONGGUAN)
    await api(DONGGUAN_TOWN, CLERK).post(f"{await sent(DONGGUAN_TOWN, down_to=Level.TOWN)}/signature")
    asked: list[int] = []
    count_all = reading.count_all

    async def noted(conn: Any, ids: Any, day: date) -> Any:
        asked.append(len(ids))
        return await count_all(conn, ids, day)

    monkeypatch.setattr(reading, "count_all", noted)
    items = (await api(PROVINCE).get("/dispatches/sent")).json()["items"]
    assert asked == [3]
    counted = [
        (item["progress"]["expected"], item["progress"]["delivered"], item["progress"]["signed"]) for item in items
    ]
    assert sorted(counted) == [(1, 1, 1), (3, 3, 0), (8, 8, 0)]


async def test_the_second_signature_is_the_same_answer(api: Any, sent: Any, tree: Any) -> None:
    path = await sent()
    first = await api(TOWN, Role.OFFICE_HEAD).post(f"{path}/signature")
    second = await api(TOWN, CLERK).post(f"{path}/signature")
    assert second.status_code == 200
    assert second.json() == first.json()
    assert len([event for event in await tree.receipts() if event.type == DISPATCH_SIGNED]) == 1


async def test_of_many_who_sign_at_once_one_has_signed(api: Any, sent: Any, tree: Any) -> None:
    path = await sent()
    clients = [api(TOWN, role) for role in (Role.OFFICE_HEAD, CLERK, CLERK, Role.OFFICE_HEAD)]
    answers = await asyncio.gather(*(client.post(f"{path}/signature") for client in clients))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len([event for event in await tree.receipts() if event.type == DISPATCH_SIGNED]) == 1
    assert len(await tree.rows("SELECT 1 FROM audit_entries")) == 1


@pytest.mark.parametrize(
    "role", [Role.AUDITOR, Role.STATISTICIAN, Role.ADMINISTRATOR, Role.SYSTEM_CLIENT, Role.CITIZEN]
)
async def test_who_only_reads_does_not_sign(api: Any, sent: Any, tree: Any, role: Role) -> None:
    path = await sent()
    assert (await api(TOWN, role).post(f"{path}/signature")).status_code == 403
    assert await tree.rows("SELECT 1 FROM dispatch_nodes WHERE signed_at IS NOT NULL") == []


@pytest.mark.parametrize(
    ("division", "status", "code"),
    [
        (SHENZHEN, 422, "sync.dispatch.not-addressed"),
        (VILLAGES[1], 404, "sync.dispatch.not-found"),
        (DONGGUAN, 404, "sync.dispatch.not-found"),
        (PROVINCE, 404, "sync.dispatch.not-found"),
    ],
)
async def test_a_node_signs_for_itself_and_for_what_is_addressed_to_it(
    api: Any, sent: Any, tree: Any, division: str, status: int, code: str
) -> None:
    path = await sent(VILLAGES[0])
    answer = await api(division, Role.BUREAU_SUPERVISOR).post(f"{path}/signature")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await tree.rows("SELECT 1 FROM audit_entries") == []


async def test_what_has_not_arrived_is_neither_seen_nor_signed(api: Any, sent: Any) -> None:
    path = await sent(levels=(Level.CITY,))
    county = api(NANSHAN, Role.OFFICE_HEAD)
    assert await inbox(county) == []
    assert (await county.get(path)).status_code == 404
    assert (await county.post(f"{path}/signature")).status_code == 404


async def test_the_inbox_shows_first_what_is_to_be_signed(api: Any, sent: Any) -> None:
    paths = [await sent(title=f"第{number}号通知") for number in range(4)]
    town = api(TOWN, CLERK)
    await town.post(f"{paths[3]}/signature")
    await town.post(f"{paths[1]}/signature")
    await sent(VILLAGES[0], title="转村通知")
    assert [(title, status) for title, _, status in await inbox(town)] == [
        ("第2号通知", "unsigned"),
        ("第0号通知", "unsigned"),
        ("转村通知", "passing"),
        ("第3号通知", "signed"),
        ("第1号通知", "signed"),
    ]
    assert [title for title, *_ in await inbox(town, unsigned=True)] == ["第2号通知", "第0号通知"]


async def test_the_inbox_pages_without_gaps_or_repetition(api: Any, sent: Any) -> None:
    for number in range(5):
        path = await sent(title=f"第{number}号通知")
        if number % 2:
            await api(TOWN).post(f"{path}/signature")
    town = api(TOWN)
    whole = (await town.get("/dispatches")).json()["items"]
    found: list[Any] = []
    cursor = None
    for _ in range(3):
        page = (await town.get("/dispatches", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        found += page["items"]
        cursor = page["next_cursor"]
    assert found == whole
    assert cursor is None


async def test_an_upper_level_reads_its_subtree_and_nobody_elses(api: Any, sent: Any) -> None:
    await sent(NANSHAN)
    city = api(SHENZHEN)
    assert len(await inbox(city, division=VILLAGES[0])) == 1
    for reader, division in ((api(DONGGUAN), VILLAGES[0]), (api(VILLAGES[0]), TOWN)):
        answer = await reader.get("/dispatches", params={"division": division})
        assert answer.status_code == 403
    for path in ("/dispatches", "/dispatches/sent"):
        assert (await api(PROVINCE, Role.ADMINISTRATOR).get(path)).status_code == 403
        assert (await api().get(path)).status_code == 401


async def test_whoever_it_does_not_concern_does_not_find_it(api: Any, sent: Any) -> None:
    path = await sent(NANSHAN)
    for read in READS:
        assert (await api(DONGGUAN).get(path + read)).status_code == 404
        assert (await api(SHENZHEN).get(path + read)).status_code == 200
        assert (await api(VILLAGES[0]).get(path + read)).status_code == 200
        assert (await api(SHENZHEN).get(f"/dispatches/{NOWHERE}{read}")).status_code == 404


async def test_a_dispatch_is_told_whole(api: Any, sent: Any) -> None:
    path = await sent(NANSHAN, down_to=Level.TOWN, sign_by=date(2026, 3, 9))
    told = (await api(TOWN).get(path)).json()
    assert (told["sender"], told["sender_name"], told["sender_level_label"]) == (PROVINCE, f"名称{PROVINCE}", "省")
    assert told["to"] == [{"division": NANSHAN, "name": f"名称{NANSHAN}"}]
    assert (told["down_to_label"], told["sign_by"], told["reference_number"]) == (
        "镇",
        "2026-03-09",
        "粤人社发〔2026〕1号",
    )
    assert told["payload"]["dispatch"]["to"] == [NANSHAN]
    assert (told["state"]["status"], told["newest_version"]) == ("unsigned", 1)
    assert told["record_type_label"].startswith("文件")
    assert (await api(PROVINCE).get(path)).json()["state"] is None


async def test_an_old_version_stays_readable_and_is_waited_for_no_longer(api: Any, sent: Any, tree: Any) -> None:
    first = await sent(sign_by=date(2026, 3, 1))
    subject = (await tree.rows("SELECT record_id FROM dispatches"))[0]["record_id"]
    await api(VILLAGES[0]).post(f"{first}/signature")
    second = await sent(of=subject, version=2, title="更正")
    town = api(TOWN)
    assert [(version, status) for _, version, status in await inbox(town)] == [(2, "unsigned"), (1, "superseded")]
    told = (await town.get(first)).json()
    assert (told["version"], told["newest_version"], told["state"]["superseded_by"]) == (1, 2, 2)
    counts = (await api(PROVINCE).get(f"{first}/progress")).json()["progress"]
    assert (counts["expected"], counts["signed"], counts["superseded"], counts["overdue"]) == (8, 1, 7, 0)
    assert (await api(PROVINCE).get(f"{first}/missing")).json()["items"] == []
    assert len((await api(PROVINCE).get(f"{second}/missing")).json()["items"]) == 8


async def test_progress_drills_down_and_adds_up(api: Any, sent: Any, clock: Any) -> None:
    path = await sent(sign_by=date(2026, 3, 9))
    for place in (NANSHAN, VILLAGES[1], DONGGUAN):
        await api(place).post(f"{path}/signature")
    clock.move_to(datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    await api(VILLAGES[0]).post(f"{path}/signature")
    province = api(PROVINCE)
    whole = (await province.get(f"{path}/progress")).json()
    assert whole["progress"] == {
        "expected": 8, "delivered": 8, "signed": 4, "superseded": 0, "signed_late": 1, "overdue": 4,
    }  # fmt: skip
    assert [child["division"] for child in whole["children"]] == [SHENZHEN, DONGGUAN]
    for name in ("expected", "signed", "overdue", "signed_late"):
        assert sum(child["progress"][name] for child in whole["children"]) == whole["progress"][name]
    dongguan = (await province.get(f"{path}/progress", params={"division": DONGGUAN})).json()
    assert [(child["division"], child["level"]) for child in dongguan["children"]] == [(DONGGUAN_TOWN, "town")]
    town = (await province.get(f"{path}/progress", params={"division": TOWN})).json()
    assert [child["progress"]["signed"] for child in town["children"]] == [1, 1]
    assert (await api(NANSHAN).get(f"{path}/progress")).json()["division"] == NANSHAN
    assert (await api(NANSHAN).get(f"{path}/progress", params={"division": SHENZHEN})).status_code == 403


async def test_missing_names_the_offices_to_ask(api: Any, sent: Any) -> None:
    path = await sent(levels=(Level.CITY, Level.COUNTY))
    await api(SHENZHEN, Role.OFFICE_HEAD).post(f"{path}/signature")
    province = api(PROVINCE)
    lacking = (await province.get(f"{path}/missing", params={"lack": "delivery"})).json()["items"]
    assert [item["node"] for item in lacking] == [TOWN, *VILLAGES, DONGGUAN_TOWN, DONGGUAN_VILLAGE]
    assert (lacking[0]["office_name"], lacking[0]["office_phone"], lacking[0]["name"]) == (
        f"机构{TOWN}", "0755-12345", f"名称{TOWN}",
    )  # fmt: skip
    nodes: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await province.get(f"{path}/missing", params={"limit": 3} | cursor)).json()
        nodes += [item["node"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert nodes == [NANSHAN, TOWN, *VILLAGES, DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE]
    inside = (await province.get(f"{path}/missing", params={"division": DONGGUAN})).json()["items"]
    assert [item["node"] for item in inside] == [DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE]


async def test_a_sender_sees_what_it_sent_and_how_far_it_has_come(api: Any, sent: Any) -> None:
    await sent(SHENZHEN, title="省文")
    path = await sent(sender=SHENZHEN, title="市文", down_to=Level.COUNTY)
    await api(NANSHAN, Role.OFFICE_HEAD).post(f"{path}/signature")
    (item,) = (await api(SHENZHEN).get("/dispatches/sent")).json()["items"]
    assert (item["title"], item["progress"]["expected"], item["progress"]["signed"]) == ("市文", 1, 1)
    of_city = (await api(PROVINCE).get("/dispatches/sent", params={"division": SHENZHEN})).json()["items"]
    assert [one["title"] for one in of_city] == ["市文"]
    assert (await api(NANSHAN).get("/dispatches/sent", params={"division": SHENZHEN})).status_code == 403


async def test_a_retired_division_is_not_waited_for(api: Any, sent: Any, tree: Any) -> None:
    path = await sent()
    async with tree.db.transaction() as conn:
        await conn.execute("UPDATE dispatch_nodes SET retired_on = '2026-03-01' WHERE node = $1", DONGGUAN_VILLAGE)
    province = api(PROVINCE)
    assert (await province.get(f"{path}/progress")).json()["progress"]["expected"] == 7
    assert DONGGUAN_VILLAGE not in (await province.get(f"{path}/missing")).text


@pytest.mark.parametrize(
    ("method", "suffix", "params", "status"),
    [
        ("GET", "/missing", {"lack": "patience"}, 422),
        ("GET", "/missing", {"cursor": "AAAA"}, 400),
        ("GET", "/progress", {"division": "4403"}, 422),
        ("GET", "", {}, 200),
        ("POST", "/signature", {}, 422),
    ],
)
async def test_bad_input_is_named(api: Any, sent: Any, method: str, suffix: str, params: Any, status: int) -> None:
    path = await sent(NANSHAN)
    answer = await api(SHENZHEN).request(method, path + suffix, params=params)
    assert answer.status_code == status, answer.text
    assert (await api(SHENZHEN).get("/dispatches/not-an-id")).status_code == 422
    if status >= 400:
        assert json.loads(answer.text)["code"]
