"""Offices over HTTP: who may do what, what a write leaves behind, and that nothing is lost to somebody else's change."""

import asyncio
import json
from datetime import timedelta

import pytest

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import make_actor
from registry.offices import service
from registry.offices.domain import NameApproval, OfficeStatus

STATION = "何屋村人力资源社会保障服务站"
SONGSHANHU = "松山湖人力资源和社会保障服务所"


@pytest.fixture
def desk(small_desk):
    """The small world is enough for these; what asks for all of Guangdong takes `whole_desk`."""
    return small_desk


async def state_of(desk):
    """Everything a refused request must leave as it was."""
    return await desk.rows(
        "SELECT (SELECT md5(string_agg(o::text, '' ORDER BY id)) FROM offices o) AS offices, "
        "(SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM audit_entries) AS acts, "
        "(SELECT count(*) FROM idempotency_keys) AS keys, "
        "(SELECT count(office_id) FROM naming_report_entries) AS settled"
    )


# --- reading ------------------------------------------------------------------------------------------------------


async def test_an_office_tells_its_two_edges_and_its_version(desk, world):
    """O1.3a, O1.3c."""
    listed = await desk.office_of(world.HEPING_VILLAGE)
    answer = await desk.get(f"/offices/{listed['id']}")
    assert answer.json() == listed
    assert answer.headers["ETag"] == '"1"'
    assert {name: listed[name] for name in ("kind_label", "status_label", "level_label", "name_source", "phone")} == {
        "kind_label": "服务站",
        "status_label": "运行",
        "level_label": "村",
        "name_source": "O2.1b",
        "phone": None,
    }
    assert (listed["leadership_division"], listed["guidance_division"]) == (world.HEPING_VILLAGE, world.HEPING_TOWN)
    assert listed["updated_at"].endswith("+08:00")


async def test_filters_count_what_was_seeded(whole_desk, world):
    body = (await whole_desk.get("/offices", kind="bureau", limit=200)).json()
    assert (len(body["items"]), body["next_cursor"]) == (144, None)
    cities = (await whole_desk.get("/offices", level="city", limit=200)).json()["items"]
    assert len(cities) == 21
    inside = (await whole_desk.get("/offices", division=world.HEPING_TOWN, limit=200)).json()["items"]
    assert inside[0]["division"] == world.HEPING_TOWN
    assert all(one["division"].startswith("441624101") for one in inside)
    assert (await whole_desk.get("/offices", status="suspended")).json() == {"items": [], "next_cursor": None}


async def test_an_unknown_office_is_not_found(desk):
    problem(await desk.get("/offices/01900000-0000-7000-8000-000000000000"), 404, "registry.office-not-found")
    problem(await desk.get("/offices/1"), 422, "request.validation-failed")


# --- setting up ---------------------------------------------------------------------------------------------------


async def test_an_informal_unit_is_given_its_office_by_the_city_above_it(desk, world):
    """O1.3a, O2.1a: 东莞 has no counties, so the city's bureau guides."""
    answer = await desk.create(world.dongguan, division=world.INFORMAL, name=SONGSHANHU, phone="0769-22891234")
    assert answer.status_code == 201, answer.text
    office = answer.json()
    assert answer.headers["Location"] == f"/registry/v1/offices/{office['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (await desk.get(f"/offices/{office['id']}")).json() == office
    assert (office["kind"], office["status"], office["phone"]) == ("service_office", "operating", "0769-22891234")
    assert (office["leadership_division"], office["guidance_division"]) == (world.INFORMAL, world.DONGGUAN)
    assert (office["name_source"], office["name_approval_document"]) == ("O2.1a", None)
    assert office["valid_from"] == today().isoformat()


async def test_a_new_office_leaves_an_event_with_its_state_an_audit_entry_and_a_settled_report(desk, world):
    office = (await desk.create(world.dongguan, division=world.INFORMAL, name=SONGSHANHU)).json()
    (event,) = await desk.rows("SELECT * FROM outbox WHERE subject = $1", office["id"])
    assert (event["type"], event["topic"]) == ("registry.office.changed.v1", "jiceng.registry.office.v1")
    assert (event["recordversion"], event["partitionkey"]) == (1, office["id"])
    assert (event["division"], event["level"]) == (world.INFORMAL, "town")
    told = json.loads(event["data"])
    assert told == {name: office[name] for name in told}
    assert {"id", "division", "name", "status", "version", "guidance_division"} <= set(told)
    (entry,) = await desk.rows("SELECT * FROM audit_entries WHERE object_id = $1", office["id"])
    assert (entry["actor"], entry["action"]) == (world.dongguan.subject, "registry.office.create")
    assert (entry["division"], entry["actor_division"]) == (world.INFORMAL, world.DONGGUAN)
    assert entry["trace_id"]
    reports = (await desk.get("/naming-reports", world.dongguan, division=world.INFORMAL, limit=1)).json()["items"]
    assert (reports[0]["code"], reports[0]["office_id"]) == (world.INFORMAL, office["id"])


@pytest.mark.parametrize(
    ("name", "clause", "said"),
    [
        ("松山湖人力资源社会保障服务所", "O2.1a", "缺“和”字"),
        ("松山湖人力资源和社会保障所", "O2.1a", "统称"),
        ("人力资源和社会保障服务所", "O2.1a", "缺地名"),
    ],
)
async def test_a_name_against_the_fixed_words_is_refused_with_its_clause(desk, world, name, clause, said):
    """O2.1a."""
    before = await state_of(desk)
    approval = {"reason": "沿用旧名", "document": "东机编〔2020〕1号"}
    answer = await desk.create(world.dongguan, division=world.INFORMAL, name=name, name_approval=approval)
    body = problem(answer, 422, "registry.office-name-refused")
    assert body["clause"] == clause
    assert said in body["detail"]
    assert await state_of(desk) == before


async def test_another_name_than_the_ruled_one_needs_an_approval_and_keeps_it(desk, world):
    """O2.1a."""
    name = "松山湖园区人力资源和社会保障服务所"
    answer = await desk.create(world.dongguan, division=world.INFORMAL, name=name)
    body = problem(answer, 422, "registry.office-name-needs-approval")
    assert (body["clause"], body["expected"]) == ("O2.1a", SONGSHANHU)
    approval = {"reason": "园区管理机构批准名称", "document": "东机编〔2020〕1号"}
    office = (await desk.create(world.dongguan, division=world.INFORMAL, name=name, name_approval=approval)).json()
    assert (office["name"], office["name_source"]) == (name, "东机编〔2020〕1号")
    kept = await desk.rows("SELECT name_approval_reason FROM offices WHERE id = $1", office["id"])
    assert kept[0]["name_approval_reason"] == "园区管理机构批准名称"


async def test_a_village_that_no_rule_can_name_is_named_by_people(whole_desk, world):
    """O2.1b, O1.3c."""
    waiting = (await whole_desk.get("/naming-reports", world.province, needs_decision=True, limit=200)).json()["items"]
    assert len(waiting) == 28
    entry = next(one for one in waiting if one["reason"] == "ending-unknown")
    name = f"测试{'村' if int(entry['code'][9]) >= 2 else '社区'}人力资源社会保障服务站"
    answer = await whole_desk.create(world.province, division=entry["code"], name=name)
    assert answer.status_code == 201, answer.text
    after = (await whole_desk.get("/naming-reports", world.province, needs_decision=True, limit=200)).json()["items"]
    assert entry["code"] not in {one["code"] for one in after}
    assert len(after) == 27


async def test_a_station_under_a_unit_without_office_has_nobody_to_guide_it(desk, world):
    """O1.3c."""
    village = await desk.value(
        "SELECT code FROM divisions WHERE parent_code = $1 ORDER BY code LIMIT 1", world.INFORMAL
    )
    body = {"division": village, "name": "测试社区人力资源社会保障服务站"}
    approval = {"reason": "新设", "document": "东机编〔2020〕2号"}
    refused = problem(
        await desk.create(world.dongguan, **body, name_approval=approval), 422, "registry.guiding-office-missing"
    )
    assert (refused["clause"], refused["division"]) == ("O1.3c", world.INFORMAL)
    await desk.create(world.dongguan, division=world.INFORMAL, name=SONGSHANHU)
    assert (await desk.create(world.dongguan, **body, name_approval=approval)).status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"division": "441900402000"}, 422, "registry.office-name-needs-approval"),
        (
            {"division": "441900003000", "name": "莞城街道人力资源和社会保障服务所"},
            409,
            "registry.office-already-exists",
        ),
        ({"division": "441900999000"}, 422, "registry.office-division-unknown"),
        ({"division": "44190040100"}, 422, "request.validation-failed"),
        ({"division": 441900401000}, 422, "request.validation-failed"),
        ({"status": "closed"}, 422, "request.validation-failed"),
        ({"status": "suspended"}, 422, "request.validation-failed"),
        ({"phone": "<script>"}, 422, "request.validation-failed"),
        ({"phone": False}, 422, "request.validation-failed"),
        ({"name": "松"}, 422, "request.validation-failed"),
        ({"name_approval": {"reason": "只有理由"}}, 422, "request.validation-failed"),
        ({"kind": "bureau"}, 422, "request.validation-failed"),
    ],
)
async def test_a_wrong_new_office_is_refused_and_leaves_nothing(desk, world, change, status, code):
    if change.get("division") == "441900003000":
        change = {**change, "name": await desk.value("SELECT name FROM offices WHERE division = '441900003000'")}
    before = await state_of(desk)
    answer = await desk.create(world.dongguan, **{"division": world.INFORMAL, "name": SONGSHANHU, **change})
    problem(answer, status, code)
    assert await state_of(desk) == before


@pytest.mark.parametrize(
    ("role", "division", "code"),
    [
        (Role.WINDOW_CLERK, "441900000000", "auth.role-required"),
        (Role.OFFICE_HEAD, "441900000000", "auth.role-required"),
        (Role.ADMINISTRATOR, "440000000000", "auth.role-required"),
        (Role.BUREAU_SUPERVISOR, "441900401000", "auth.out-of-scope"),
        (Role.BUREAU_SUPERVISOR, "442000000000", "auth.out-of-scope"),
        (Role.BUREAU_SUPERVISOR, "440305000000", "auth.out-of-scope"),
    ],
)
async def test_only_a_supervisor_above_sets_up_an_office(desk, world, role, division, code):
    before = await state_of(desk)
    answer = await desk.create(make_actor(division, role), division=world.INFORMAL, name=SONGSHANHU)
    problem(answer, 403, code)
    assert await state_of(desk) == before


async def test_nobody_writes_without_a_token(desk):
    for method, path in (("POST", "/offices"), ("PATCH", "/offices/01900000-0000-7000-8000-000000000000")):
        answer = await desk.client.request(method, f"/registry/v1{path}", json={})
        problem(answer, 401, "auth.token-missing")


async def test_the_same_key_sets_up_one_office_and_another_body_is_refused(desk, world):
    body = {"division": world.INFORMAL, "name": SONGSHANHU}
    first, again = [await desk.create(world.dongguan, key="one", **body) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    other = await desk.create(world.dongguan, key="one", **{**body, "phone": "12345"})
    problem(other, 409, "request.idempotency-key-reused")
    assert await desk.value("SELECT count(*) FROM offices WHERE division = $1", world.INFORMAL) == 1
    missing = await desk.client.post(
        "/registry/v1/offices", json=body, headers={"Authorization": first.request.headers["Authorization"]}
    )
    problem(missing, 428, "request.idempotency-key-required")


async def test_two_supervisors_at_once_set_up_one_office(desk, world):
    body = {"division": world.INFORMAL, "name": SONGSHANHU}
    answers = await asyncio.gather(*(desk.create(world.dongguan, **body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {
        "registry.office-already-exists"
    }


# --- changing -----------------------------------------------------------------------------------------------------


async def test_a_change_raises_the_version_and_tells_the_full_state(desk, world):
    office = await desk.office_of(world.HEPING_VILLAGE)
    answer = await desk.change(world.supervisor, office["id"], status="suspended", reason="场地维修")
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert answer.headers["ETag"] == '"2"'
    assert (changed["status"], changed["version"]) == ("suspended", 2)
    assert changed["updated_at"] > office["updated_at"]
    assert (await desk.get(f"/offices/{office['id']}")).json() == changed
    events = await desk.rows("SELECT recordversion, data FROM outbox WHERE subject = $1 ORDER BY id", office["id"])
    assert [event["recordversion"] for event in events] == [1, 2]
    told = json.loads(events[1]["data"])
    assert told == {name: changed[name] for name in told}
    (entry,) = await desk.rows("SELECT action, reason FROM audit_entries WHERE object_id = $1", office["id"])
    assert tuple(entry) == ("registry.office.change", "场地维修")


async def test_an_office_is_suspended_reopened_and_closed_and_then_rests(desk, world):
    office = await desk.office_of(world.HEPING_VILLAGE)
    version = 1
    refused = await desk.change(world.supervisor, office["id"], status="closed", reason="撤并")
    assert problem(refused, 409, "registry.office-status-change-refused")["allowed"] == ["suspended"]
    for status in ("suspended", "operating", "suspended", "closed"):
        answer = await desk.change(world.supervisor, office["id"], version, status=status, reason="测试")
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
    assert version == 5
    assert answer.json()["valid_to"] == (today() + timedelta(days=1)).isoformat()
    problem(await desk.change(world.supervisor, office["id"], 5, phone="12345"), 409, "registry.office-closed")
    again = await desk.create(world.supervisor, division=world.HEPING_VILLAGE, name=office["name"])
    assert again.status_code == 201, "a closed office makes room for a new one"
    assert again.json()["id"] != office["id"]


async def test_an_office_that_others_hang_on_is_not_closed(desk, world):
    """O1.3c."""
    office = await desk.office_of(world.HEPING_TOWN)
    await desk.change(world.supervisor, office["id"], status="suspended", reason="撤并")
    before = await state_of(desk)
    refused = await desk.change(world.supervisor, office["id"], 2, status="closed", reason="撤并")
    assert problem(refused, 409, "registry.guided-offices-remain")["clause"] == "O1.3c"
    assert await state_of(desk) == before
    await desk.rows(
        "UPDATE offices SET status = 'closed', valid_to = '2099-01-01' WHERE guidance_division = $1", world.HEPING_TOWN
    )
    assert (await desk.change(world.supervisor, office["id"], 2, status="closed", reason="撤并")).status_code == 200


async def test_a_new_name_is_held_to_the_rule_and_an_approved_one_is_kept(desk, world):
    """O2.1b."""
    office = await desk.office_of(world.HEPING_VILLAGE)
    wrong = await desk.change(world.supervisor, office["id"], name="何屋村人力资源和社会保障服务站")
    assert problem(wrong, 422, "registry.office-name-refused")["clause"] == "O2.1b"
    other = "新何屋村人力资源社会保障服务站"
    unapproved = await desk.change(world.supervisor, office["id"], name=other)
    assert problem(unapproved, 422, "registry.office-name-needs-approval")["expected"] == office["name"]
    approval = {"reason": "村名拟更改", "document": "和府办〔2026〕3号"}
    changed = (await desk.change(world.supervisor, office["id"], name=other, name_approval=approval)).json()
    assert (changed["name"], changed["name_approval_document"]) == (other, "和府办〔2026〕3号")
    back = (await desk.change(world.supervisor, office["id"], 2, name=office["name"], name_approval=approval)).json()
    assert (back["name_approval_document"], back["name_source"]) == (None, "O2.1b"), "the ruled name needs no approval"


async def test_heads_change_telephones_of_their_office_and_below_and_nothing_else(desk, world):
    """O1.3c."""
    own, below, above = [await desk.office_of(code) for code in (world.HEPING_TOWN, world.HEPING_VILLAGE, world.HEPING)]
    for office in (own, below):
        assert (await desk.change(world.head, office["id"], phone="0762-5621234")).json()["phone"] == "0762-5621234"
    problem(await desk.change(world.head, above["id"], phone="0762-5621234"), 403, "auth.out-of-scope")
    for body in ({"status": "suspended", "reason": "测试"}, {"name": STATION}, {"name": STATION, "phone": "12345"}):
        problem(await desk.change(world.head, below["id"], 2, **body), 403, "auth.role-required")
    problem(await desk.change(world.clerk, below["id"], 2, phone="12345"), 403, "auth.role-required")
    cleared = await desk.change(world.head, below["id"], 2, phone=None)
    assert (cleared.json()["phone"], cleared.json()["version"]) == (None, 3)


async def test_a_supervisor_of_another_place_changes_nothing(desk, world):
    office = await desk.office_of(world.HEPING_VILLAGE)
    before = await state_of(desk)
    answer = await desk.change(world.stranger, office["id"], status="suspended", reason="测试")
    assert problem(answer, 403, "auth.out-of-scope")["clause"] == "O1.3a"
    bureau = await desk.office_of(world.HEPING)
    own = await desk.change(world.supervisor, bureau["id"], status="suspended", reason="测试")
    problem(own, 403, "auth.out-of-scope")
    assert await state_of(desk) == before


@pytest.mark.parametrize(
    ("version", "body", "status", "code"),
    [
        ("", {"phone": "12345"}, 428, "request.if-match-required"),
        ("*", {"phone": "12345"}, 400, "request.if-match-invalid"),
        (2, {"phone": "12345"}, 412, "request.if-match-stale"),
        (1, {}, 422, "request.validation-failed"),
        (1, {"reason": "只有理由"}, 422, "request.validation-failed"),
        (1, {"status": "suspended"}, 422, "request.validation-failed"),
        (1, {"status": None}, 422, "request.validation-failed"),
        (1, {"status": "gone", "reason": "测试"}, 422, "request.validation-failed"),
        (1, {"version": 7}, 422, "request.validation-failed"),
        (1, {"division": "440305001001"}, 422, "request.validation-failed"),
        (1, {"phone": 12345}, 422, "request.validation-failed"),
    ],
)
async def test_a_wrong_change_is_refused_and_leaves_nothing(desk, world, version, body, status, code):
    office = await desk.office_of(world.HEPING_VILLAGE)
    before = await state_of(desk)
    problem(await desk.change(world.supervisor, office["id"], version, **body), status, code)
    assert await state_of(desk) == before


async def test_a_change_that_changes_nothing_tells_nobody(desk, world):
    office = await desk.office_of(world.HEPING_VILLAGE)
    before = await state_of(desk)
    answer = await desk.change(world.supervisor, office["id"], status="operating", name=office["name"], reason="核对")
    assert (answer.status_code, answer.json()) == (200, office)
    assert await state_of(desk) == before


async def test_two_changes_of_the_same_version_give_one_winner_and_one_412(desk, world):
    office = await desk.office_of(world.HEPING_VILLAGE)
    answers = await asyncio.gather(
        *(desk.change(world.supervisor, office["id"], 1, phone=f"0762-562000{n}") for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    stale = next(answer for answer in answers if answer.status_code == 412).json()
    assert (stale["code"], stale["current_version"]) == ("request.if-match-stale", 2)
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    assert (await desk.get(f"/offices/{office['id']}")).json() == winner
    assert await desk.value("SELECT count(*) FROM outbox WHERE subject = $1", office["id"]) == 2


async def test_an_office_cannot_be_closed_while_somebody_sets_up_one_below_it(desk, world):
    """O1.3c: the one who comes second waits, and then sees the other."""
    town = (await desk.create(world.dongguan, division=world.INFORMAL, name=SONGSHANHU)).json()
    await desk.change(world.dongguan, town["id"], status="suspended", reason="测试")
    village = await desk.value(
        "SELECT code FROM divisions WHERE parent_code = $1 ORDER BY code LIMIT 1", world.INFORMAL
    )
    approval = NameApproval("新设", "东机编〔2020〕2号")
    new = service.NewOffice(village, "测试社区人力资源社会保障服务站", approval, OfficeStatus.OPERATING, None)
    async with desk.context.uow(world.dongguan) as uow:
        await service.create_office(uow, actor=world.dongguan, new=new)
        closing = asyncio.create_task(desk.change(world.dongguan, town["id"], 2, status="closed", reason="测试"))
        done, _ = await asyncio.wait([closing], timeout=1.0)
        assert not done, "it must wait for the unfinished set-up"
    problem(await closing, 409, "registry.guided-offices-remain")


# --- the naming report --------------------------------------------------------------------------------------------


async def test_the_report_explains_every_entry_with_its_clause(whole_desk, world):
    """O2.1b."""
    items, cursor = [], None
    while True:
        query = {"cursor": cursor} if cursor else {}
        body = (await whole_desk.get("/naming-reports", world.province, limit=200, **query)).json()
        items += body["items"]
        cursor = body["next_cursor"]
        if cursor is None:
            break
    assert len(items) == 495
    keys = [(one["code"], one["level"]) for one in items]
    assert keys == sorted(set(keys))
    assert all(one["explanation"] and one["clause"].startswith("O") for one in items)
    clash = (await whole_desk.get("/naming-reports", world.province, reason="name-collision")).json()["items"]
    assert [(one["code"], one["division_name"]) for one in clash] == [
        ("445202105001", "登岗居委会"),
        ("445202105002", "登岗社区居民委员会"),
    ]


async def test_the_report_shows_a_reader_the_own_subtree_and_no_clerk_anything(desk, world):
    own = (await desk.get("/naming-reports", world.dongguan, limit=200)).json()["items"]
    assert own
    assert {one["code"][:4] for one in own} == {"4419"}
    assert (await desk.get("/naming-reports", world.dongguan, division=world.NANSHAN)).json()["items"] == []
    problem(await desk.get("/naming-reports", world.clerk), 403, "auth.role-required")
    problem(await desk.get("/naming-reports"), 401, "auth.token-missing")
    settled = (await desk.get("/naming-reports", world.dongguan, is_settled=True)).json()["items"]
    assert settled == []
