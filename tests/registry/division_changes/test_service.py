"""What a change does to offices and to everything that they have; nothing of a refused one. Source: S0, O1.3a, O2.1b."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from common.auth import Actor, Role
from common.clock import today
from common.contracts.registry import DivisionChangeState, DivisionState, OfficeState
from common.contracts.registry.money import TownSupplementState
from common.contracts.registry.people import EstablishmentState
from common.contracts.registry.places import EquipmentState
from common.divisions import Level, level_of
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.tokens import make_actor
from registry.division_changes.domain import Change, ChangeKind, Target
from registry.division_changes.errors import ImportRefused
from registry.division_changes.service import import_changes, perform_change
from registry.history.service import Wanted, list_records, store_record

CITY = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
TOWN, VILLAGE, OTHER, THIRD = "441624101000", "441624101201", "441624101202", "441624101203"
NEW_TOWN, NEW_VILLAGE = "441625109000", "441625109201"
FIRST, BOUGHT, DAY = date(2023, 6, 30), date(2024, 5, 1), date(2026, 7, 1)
DOCUMENT = "粤民〔2026〕7号"
COUNTED = ("divisions", "offices", "records", "record_versions", "division_changes", "outbox", "naming_report_entries")


async def enter(desk: Any, actor: Actor = CITY, **body: Any) -> Any:
    return await desk.post(
        "/division-changes", actor, **{"effective_on": DAY.isoformat(), "document": DOCUMENT, **body}
    )


async def enter_well(desk: Any, **body: Any) -> dict[str, Any]:
    answer = await enter(desk, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def fingerprint(desk: Any) -> dict[str, Any]:
    return {name: await desk.value(f"SELECT count(*) FROM {name}") for name in COUNTED}


async def office_at(desk: Any, division: str) -> dict[str, Any]:
    return dict((await desk.rows("SELECT * FROM offices WHERE division = $1 AND status <> 'closed'", division))[0])


async def give(desk: Any, record: Any, division: str, /, **fields: Any) -> UUID:
    office = await office_at(desk, division)
    common = {"office_id": office["id"], "division": division, "level": level_of(division)}
    state = record(id=uuid7(), version=1, effective_on=BOUGHT, **common, **fields)
    async with desk.units()() as uow:
        await store_record(uow, state, previous=None, action="registry.test.store")
    return UUID(str(state.id))


async def give_printer(desk: Any, division: str) -> UUID:
    told = {"model": None, "quantity": 2, "condition": "working", "acquired_on": BOUGHT, "fund": "county_budget"}
    return await give(desk, EquipmentState, division, kind="printer", aid_grant_id=None, cost_fen=100, **told)


async def listed(desk: Any, model: Any, **wanted: Any) -> list[Any]:
    async with desk.units()() as uow:
        return await list_records(uow.session, model, Wanted(**wanted))


async def told(desk: Any, topic: str, model: Any) -> list[Any]:
    rows = await desk.rows("SELECT data FROM outbox WHERE topic = $1 ORDER BY id", f"jiceng.registry.{topic}.v1")
    return [model.model_validate_json(row["data"]) for row in rows]


async def test_a_moved_office_keeps_its_id_its_things_and_its_past(small_desk: Any) -> None:
    """Source: O1.3a, O1.3c; standards.md §1."""
    before, printer = await office_at(small_desk, VILLAGE), await give_printer(small_desk, VILLAGE)
    await enter_well(small_desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    after = await office_at(small_desk, NEW_VILLAGE)
    assert (after["id"], after["name"], after["version"]) == (before["id"], before["name"], 2)
    assert (after["leadership_division"], after["guidance_division"]) == (NEW_VILLAGE, NEW_TOWN)
    assert (after["effective_on"], after["change_document"]) == (DAY, DOCUMENT)
    (now,) = await listed(small_desk, EquipmentState)
    (then,) = await listed(small_desk, EquipmentState, on=DAY - timedelta(days=1))
    assert (now.id, now.division, now.effective_on, now.version) == (printer, NEW_VILLAGE, DAY, 2)
    assert (then.id, then.division) == (printer, VILLAGE)
    assert await listed(small_desk, EquipmentState, within="441624000000") == []
    assert await small_desk.value("SELECT count(*) FROM offices WHERE division LIKE '441624101%'") == 0


async def test_a_branch_of_the_county_becomes_one_of_the_new_county(small_desk: Any) -> None:
    """Source: O1.3b."""
    await small_desk.rows(
        "UPDATE offices SET leadership_division = '441624000000', management_mode = 'county_branch' WHERE division = $1",
        TOWN,
    )
    await enter_well(small_desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    office = await office_at(small_desk, NEW_TOWN)
    assert (office["leadership_division"], office["guidance_division"]) == ("441625000000", "441625000000")


async def test_divisions_are_told_with_both_ends_and_top_down(small_desk: Any) -> None:
    done = await enter_well(small_desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    states = (await told(small_desk, "division", DivisionState))[-2 * len(done["ended"]) :]
    begun, ended = states[: len(states) // 2], states[len(states) // 2 :]
    assert begun[0].code == NEW_TOWN and ended[0].code == TOWN
    assert [one.level for one in begun].index(Level.VILLAGE) == 1
    assert {one.code: one.predecessors for one in begun}[NEW_VILLAGE] == (VILLAGE,)
    assert all((one.version, one.valid_to, one.change_id) == (2, DAY, UUID(done["id"])) for one in ended)
    assert {one.code: one.successors for one in ended}[VILLAGE] == (NEW_VILLAGE,)
    (change,) = await told(small_desk, "division-change", DivisionChangeState)
    assert (str(change.id), change.document, change.division) == (done["id"], DOCUMENT, "441600000000")
    office = (await told(small_desk, "office", OfficeState))[-1]
    assert (office.version, office.effective_on) == (2, DAY)


async def test_a_new_name_of_a_town_is_the_new_name_of_its_office(small_desk: Any) -> None:
    """Source: O2.1a."""
    printer = await give_printer(small_desk, TOWN)
    done = await enter_well(small_desk, kind="rename", sources=[TOWN], targets=[{"code": TOWN, "name": "新坝镇"}])
    assert (done["ended"], done["begun"], done["revised"]) == ([], [], [TOWN])
    assert (await office_at(small_desk, TOWN))["name"] == "新坝镇人力资源和社会保障服务所"
    (kept,) = await listed(small_desk, EquipmentState)
    assert (kept.id, kept.version) == (printer, 1), "what stays where it is, is not touched"
    was = (await small_desk.get(f"/divisions/{TOWN}", on=(DAY - timedelta(days=1)).isoformat())).json()
    now = (await small_desk.get(f"/divisions/{TOWN}")).json()
    assert (was["name"], was["valid_to"], now["name"], now["valid_from"]) == (
        "大坝镇", DAY.isoformat(), "新坝镇", DAY.isoformat(),
    )  # fmt: skip
    assert [one["code"] for one in (await small_desk.get(f"/divisions/{TOWN}/successors")).json()["items"]] == [TOWN]
    found = (await small_desk.get("/offices", q="新坝", limit=1)).json()["items"]
    assert [one["division"] for one in found] == [TOWN], "the new name is found"


async def test_a_name_that_no_rule_reads_is_reported_and_the_office_keeps_its_own(small_desk: Any) -> None:
    """Source: O2.1b."""
    before = await office_at(small_desk, VILLAGE)
    await enter_well(small_desk, kind="rename", sources=[VILLAGE], targets=[{"code": VILLAGE, "name": "大坝渔委会"}])
    assert (await office_at(small_desk, VILLAGE))["name"] == before["name"]
    (entry,) = await small_desk.rows("SELECT * FROM naming_report_entries WHERE code = $1", VILLAGE)
    assert (entry["reason"], entry["office_id"], entry["division_name"]) == ("ending-unknown", None, "大坝渔委会")
    county = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    named = await small_desk.change(county, str(before["id"]), 1, name="大坝渔村人力资源社会保障服务站")
    assert named.status_code == 200, named.text
    settled = "SELECT office_id FROM naming_report_entries WHERE code = $1"
    assert await small_desk.value(settled, VILLAGE) == before["id"], "people have named it"


async def test_merged_villages_have_one_office_with_everything_of_both(small_desk: Any) -> None:
    """Source: O1.4d; standards.md §1. The established posts are added up: none is lost, none is made."""
    kept, gone = await office_at(small_desk, VILLAGE), await office_at(small_desk, OTHER)
    printers = {await give_printer(small_desk, VILLAGE), await give_printer(small_desk, OTHER)}
    for place, quota in ((VILLAGE, 2), (OTHER, 3)):
        await give(small_desk, EstablishmentState, place, quota=quota, document="编〔2020〕1号")
        money = {"year": 2026, "amount_fen": 100 * quota, "purpose": "补助", "document": None}
        await give(small_desk, TownSupplementState, place, **money)
    await enter_well(small_desk, kind="merge", sources=[VILLAGE, OTHER], targets=[{"code": VILLAGE}])
    after = await office_at(small_desk, VILLAGE)
    assert (after["id"], after["version"]) == (kept["id"], 1)
    (closed,) = await small_desk.rows("SELECT * FROM offices WHERE id = $1", gone["id"])
    assert (closed["status"], closed["merged_into"], closed["division"], closed["valid_to"]) == (
        "closed", kept["id"], OTHER, DAY,
    )  # fmt: skip
    assert {one.id for one in await listed(small_desk, EquipmentState, office_id=kept["id"])} == printers
    posts = {one.office_id: one.quota for one in await listed(small_desk, EstablishmentState)}
    assert posts == {kept["id"]: 5, gone["id"]: 0}
    paid = {one.office_id: one.amount_fen for one in await listed(small_desk, TownSupplementState)}
    assert paid == {kept["id"]: 200, gone["id"]: 300}, "what there is one of a year stays where it was paid"
    assert len(await listed(small_desk, EquipmentState, within=OTHER, on=DAY - timedelta(days=1))) == 1


async def test_the_office_that_operates_goes_on_and_a_named_heir_before_it(small_desk: Any) -> None:
    await small_desk.rows("UPDATE offices SET status = 'suspended' WHERE division = $1", VILLAGE)
    other, third = await office_at(small_desk, OTHER), await office_at(small_desk, THIRD)
    body = {"kind": "merge", "targets": [{"code": VILLAGE}]}
    await enter_well(small_desk, sources=[VILLAGE, OTHER], **body)
    assert (await office_at(small_desk, VILLAGE))["id"] == other["id"]
    later = (DAY + timedelta(days=1)).isoformat()
    await enter_well(small_desk, sources=[VILLAGE, THIRD], heir=THIRD, effective_on=later, **body)
    assert (await office_at(small_desk, VILLAGE))["id"] == third["id"]
    shown = await small_desk.get(f"/divisions/{OTHER}/successors")
    assert [one["code"] for one in shown.json()["items"]] == [VILLAGE]


async def test_a_split_village_leaves_its_office_to_the_heir_and_gets_a_planned_one(small_desk: Any) -> None:
    """Source: O2.1b, O1.3c."""
    before, printer = await office_at(small_desk, VILLAGE), await give_printer(small_desk, VILLAGE)
    targets = [{"code": "441624101216", "name": "东狮村民委员会"}, {"code": "441624101217", "name": "西狮村民委员会"}]
    await enter_well(small_desk, kind="split", sources=[VILLAGE], targets=targets, heir="441624101217")
    heir, planned = await office_at(small_desk, "441624101217"), await office_at(small_desk, "441624101216")
    assert (heir["id"], heir["name"]) == (before["id"], "西狮村人力资源社会保障服务站")
    assert (planned["status"], planned["name"], planned["valid_from"]) == (
        "planned",
        "东狮村人力资源社会保障服务站",
        DAY,
    )
    assert (planned["leadership_division"], planned["guidance_division"]) == ("441624101216", TOWN)
    assert [one.id for one in await listed(small_desk, EquipmentState, office_id=before["id"])] == [printer]


async def test_two_stations_of_one_town_never_get_one_name(small_desk: Any) -> None:
    """Source: O2.1b."""
    name = (await office_at(small_desk, OTHER))["name"].removesuffix("人力资源社会保障服务站") + "民委员会"
    await enter_well(small_desk, kind="set_up", targets=[{"code": "441624101216", "name": name}])
    assert await small_desk.rows("SELECT 1 FROM offices WHERE division = '441624101216'") == []
    (entry,) = await small_desk.rows("SELECT reason FROM naming_report_entries WHERE code = '441624101216'")
    assert entry["reason"] == "name-collision"


async def test_an_abolished_village_with_an_office_needs_somebody_who_takes_over(small_desk: Any) -> None:
    """Source: O1.3a."""
    printer, before = await give_printer(small_desk, VILLAGE), await fingerprint(small_desk)
    refused = await enter(small_desk, kind="abolition", sources=[VILLAGE])
    assert (refused.status_code, refused.json()["code"]) == (422, "registry.division-change-heir-required")
    assert await fingerprint(small_desk) == before
    await enter_well(small_desk, kind="abolition", sources=[VILLAGE], heir=OTHER)
    (kept,) = await listed(small_desk, EquipmentState)
    assert (kept.id, kept.division) == (printer, OTHER)
    await small_desk.rows("UPDATE offices SET status = 'closed', valid_to = '2026-01-01' WHERE division = $1", THIRD)
    done = await enter_well(small_desk, kind="abolition", sources=[THIRD])
    assert done["successors"] == {THIRD: []}
    assert (await small_desk.get(f"/divisions/{THIRD}/successors")).json()["items"] == []


async def test_a_chain_of_changes_leads_to_today_and_back(small_desk: Any) -> None:
    """Source: S0; standards.md §1."""
    await enter_well(small_desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    second = (DAY + timedelta(days=30)).isoformat()
    await enter_well(
        small_desk, kind="merge", sources=[NEW_VILLAGE, "441625109202"], targets=[{"code": "441625109202"}],
        effective_on=second,
    )  # fmt: skip
    found = (await small_desk.get(f"/divisions/{VILLAGE}/successors")).json()["items"]
    assert [one["code"] for one in found] == ["441625109202"]
    between = (await small_desk.get(f"/divisions/{VILLAGE}/successors", on=DAY.isoformat())).json()["items"]
    assert [one["code"] for one in between] == [NEW_VILLAGE]
    back = await small_desk.get("/divisions/441625109202/predecessors", on=(DAY - timedelta(days=1)).isoformat())
    assert sorted(one["code"] for one in back.json()["items"]) == [VILLAGE, OTHER]
    early = await small_desk.get(f"/divisions/{NEW_VILLAGE}/successors", on="2024-01-01")
    assert (early.status_code, early.json()["code"]) == (404, "registry.division-not-in-force")
    unknown = await small_desk.get("/divisions/449999999999/predecessors")
    assert unknown.json()["code"] == "registry.division-not-found"
    listed_changes = (await small_desk.get("/division-changes", division="441600000000")).json()["items"]
    assert [one["kind"] for one in listed_changes] == ["merge", "move"]
    shown = (await small_desk.get(f"/division-changes/{listed_changes[1]['id']}")).json()
    assert (shown["document"], shown["kind_label"]) == (DOCUMENT, "变更隶属关系")
    assert (await small_desk.get(f"/division-changes/{uuid7()}")).json()["code"] == "registry.division-change-not-found"


async def test_a_change_is_entered_once_however_often_it_is_sent(small_desk: Any) -> None:
    body = {"kind": "boundary", "effective_on": DAY.isoformat(), "document": DOCUMENT, "sources": [TOWN]}
    first = await small_desk.post("/division-changes", CITY, key="once-79", **body)
    before = await fingerprint(small_desk)
    again = await small_desk.post("/division-changes", CITY, key="once-79", **body)
    assert (first.status_code, again.json()) == (201, first.json())
    assert await fingerprint(small_desk) == before


WRONG: dict[str, tuple[int, str, dict[str, Any]]] = {
    "unknown code": (422, "registry.division-change-code-unknown", {"kind": "boundary", "sources": ["441624155000"]}),
    "code of before": (422, "registry.division-change-code-retired", {"kind": "boundary", "sources": ["441624101999"]}),
    "reused code": (
        422, "registry.division-change-code-reused",
        {"kind": "set_up", "targets": [{"code": "441624101999", "name": "新村民委员会"}]},
    ),
    "wrong parent": (
        422, "registry.division-change-parent-wrong",
        {"kind": "move", "sources": [TOWN], "targets": [{"code": "441627101000"}]},
    ),
    "wrong level": (
        422, "registry.division-change-level-wrong",
        {"kind": "move", "sources": [TOWN], "targets": [{"code": "441625100299"}]},
    ),
    "no sources": (422, "registry.division-change-incomplete", {"kind": "merge", "targets": [{"code": VILLAGE}]}),
    "overlap": (
        422, "registry.division-changes-overlap",
        {"kind": "boundary", "sources": [TOWN], "effective_on": FIRST.isoformat()},
    ),
    "future": (
        422, "registry.division-change-in-future",
        {"kind": "boundary", "sources": [TOWN], "effective_on": (today() + timedelta(days=1)).isoformat()},
    ),
    "out of scope": (403, "auth.out-of-scope", {"kind": "boundary", "sources": ["440305001000"]}),
    "own division": (403, "auth.out-of-scope", {"kind": "rename", "sources": ["441600000000"]}),
    "no document": (422, "request.validation-failed", {"kind": "boundary", "sources": [TOWN], "document": "  "}),
    "no such kind": (422, "request.validation-failed", {"kind": "swap", "sources": [TOWN]}),
    "no code": (422, "request.validation-failed", {"kind": "boundary", "sources": ["441624"]}),
    "villages below": (
        422, "registry.division-change-divisions-remain", {"kind": "abolition", "sources": [TOWN], "heir": None},
    ),
    "heir elsewhere": (
        422, "registry.division-change-heir-wrong", {"kind": "abolition", "sources": [VILLAGE], "heir": TOWN},
    ),
    "stranger in the mapping": (
        422, "registry.division-change-recode-wrong",
        {"kind": "move", "sources": [TOWN], "targets": [{"code": NEW_TOWN}],
         "recode": {"441624102201": "441625109240"}},
    ),
}  # fmt: skip


async def test_wrong_changes_have_their_codes_and_write_nothing(small_desk: Any) -> None:
    """Source: S0; standards.md §1."""
    await small_desk.rows(
        "INSERT INTO divisions (id, code, level, name, kind, parent_code, valid_from, valid_to, version) "
        "VALUES (gen_random_uuid(), '441624101999', 'village', '旧村', 'other', $1, '2012-01-01', '2020-01-01', 2)",
        TOWN,
    )
    before = await fingerprint(small_desk)
    for name, (status, code, body) in WRONG.items():
        answer = await enter(small_desk, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), name
        assert await fingerprint(small_desk) == before, name
    clerk = make_actor("441600000000", Role.WINDOW_CLERK)
    assert (await enter(small_desk, clerk, kind="boundary", sources=[TOWN])).json()["code"] == "auth.role-required"
    county = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    assert (await enter(small_desk, county, kind="boundary", sources=[TOWN])).json()["code"] == "auth.out-of-scope"
    assert await fingerprint(small_desk) == before


async def test_of_many_who_want_one_new_code_at_once_one_gets_it(small_desk: Any) -> None:
    """Source: standards.md §1 (唯一对应)."""
    answers = await asyncio.gather(
        *(
            enter(small_desk, kind="set_up", targets=[{"code": "441624101216", "name": f"第{number}村民委员会"}])
            for number in range(4)
        ),
        enter(
            small_desk,
            kind="split",
            sources=[OTHER],
            targets=[{"code": OTHER}, {"code": "441624101216", "name": "新村"}],
        ),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    assert {answer.json().get("code") for answer in answers if answer.status_code == 422} == {
        "registry.division-change-code-reused"
    }
    assert await small_desk.value("SELECT count(*) FROM divisions WHERE code = '441624101216'") == 1


async def test_the_database_itself_refuses_a_code_that_was(small_desk: Any) -> None:
    """Source: standards.md §1 (废码不用)."""
    await enter_well(small_desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    again = (
        "INSERT INTO divisions (id, code, level, name, kind, valid_from, version) "
        "VALUES (gen_random_uuid(), $1, 'town', '新镇', 'standard', '2026-11-01', 1)"
    )
    with pytest.raises(Exception, match="uq_divisions_code_level_first"):
        await small_desk.rows(again, TOWN)


async def test_an_office_that_is_set_up_meanwhile_goes_along_or_is_refused(small_desk: Any) -> None:
    """A supervisor opens an office in the very moment in which its village is merged away."""
    await small_desk.rows("DELETE FROM offices WHERE division = $1", OTHER)
    name = "新设村人力资源社会保障服务站"
    approval = {"reason": "试点", "document": "和人社〔2026〕1号"}
    county = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    created, merged = await asyncio.gather(
        small_desk.create(county, division=OTHER, name=name, name_approval=approval),
        enter(
            small_desk,
            kind="merge",
            sources=[VILLAGE, OTHER],
            targets=[{"code": VILLAGE}],
            effective_on=today().isoformat(),
        ),
    )
    assert merged.status_code == 201, merged.text
    left = await small_desk.value("SELECT count(*) FROM offices WHERE division = $1 AND status <> 'closed'", OTHER)
    assert (created.status_code, left) in {(201, 0), (422, 0)}


HEADER = "kind,effective_on,document,sources,targets,recode,heir\n"
FILE = HEADER + (
    f"move,2026-07-01,{DOCUMENT},{TOWN},{NEW_TOWN},{VILLAGE}>441625109250;{OTHER}>441625109251,\n"
    f"rename,2026-08-01,{DOCUMENT},{NEW_TOWN},{NEW_TOWN} 新坝镇,,\n"
    f"merge,2026-09-01,{DOCUMENT},441625109250；441625109251,441625109250,,441625109250\n"
)


async def test_a_file_of_changes_is_performed_in_its_order(small_desk: Any) -> None:
    """Source: S0."""
    async with small_desk.units()() as uow:
        done = await import_changes(uow, "\ufeff" + FILE)
    assert [one.kind for one in done] == ["move", "rename", "merge"]
    found = (await small_desk.get(f"/divisions/{OTHER}/successors")).json()["items"]
    assert [one["code"] for one in found] == ["441625109250"]
    assert (await office_at(small_desk, NEW_TOWN))["name"] == "新坝镇人力资源和社会保障服务所"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("kind,day\nmove,1\n", [1]),
        (HEADER, [1]),
        (HEADER + f"swap,2026-07-01,{DOCUMENT},{TOWN},,,\nboundary,2026-7-1,{DOCUMENT},{TOWN},,,\n", [2, 3]),
        (HEADER + f"boundary,2026-07-01,,{TOWN},,,\nboundary,2026-07-01,文,4416,,,\nboundary,x\n", [2, 3, 4]),
        (FILE + f"boundary,2026-07-01,{DOCUMENT},441624155000,,,\nboundary,2026-10-01,文,{TOWN},,,\n", [5, 6]),
        (HEADER + '"', [2]),
    ],
)
async def test_a_file_with_one_wrong_line_changes_nothing_and_tells_every_line(
    small_desk: Any, text: str, lines: list[int]
) -> None:
    before = await fingerprint(small_desk)
    with pytest.raises(ImportRefused) as refused:
        async with small_desk.units()() as uow:
            await import_changes(uow, text)
    faults = json.loads(json.dumps(refused.value.facts["faults"]))
    assert [one["line"] for one in faults] == lines
    assert all(one["code"].startswith("registry.division-change") and one["reason"] for one in faults)
    assert await fingerprint(small_desk) == before


async def test_a_file_of_changes_holds_no_number_of_somebody_and_none_is_told(small_desk: Any) -> None:
    """Source: standards.md §9."""
    number, phone = synthetic_person(3).id_number, synthetic_person(3).phone
    lines = (
        f"boundary,2026-07-01,粤民〔2026〕7号 {number},{TOWN},,,",
        f"rename,2026-07-01,{DOCUMENT},{TOWN},{TOWN} 新坝{phone}镇,,",
        f"boundary,2026-07-01,{DOCUMENT},{number},,,",
    )
    before = await fingerprint(small_desk)
    with pytest.raises(ImportRefused) as refused:
        async with small_desk.units()() as uow:
            await import_changes(uow, HEADER + "\n".join(lines))
    told = json.dumps(refused.value.facts["faults"], ensure_ascii=False)
    assert [one["line"] for one in json.loads(told)] == [2, 3, 4]
    assert number not in told
    assert phone not in told
    assert await fingerprint(small_desk) == before


async def test_a_county_with_all_its_towns_goes_to_another_city(small_desk: Any) -> None:
    """The largest change there is, over everything that the small world has of it."""
    before = await small_desk.value("SELECT count(*) FROM offices")
    change = Change(ChangeKind.MOVE, DAY, DOCUMENT, ("441624000000",), (Target("441931000000"),))
    async with small_desk.units()() as uow:
        done = await perform_change(uow, change)
    assert (done.division, len(done.ended)) == ("440000000000", len(done.begun))
    assert await small_desk.value("SELECT count(*) FROM offices WHERE division LIKE '441624%'") == 0
    assert await small_desk.value("SELECT count(*) FROM offices") == before
    assert (await office_at(small_desk, "441931000000"))["guidance_division"] == "441900000000"
