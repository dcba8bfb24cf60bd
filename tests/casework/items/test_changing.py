"""Changing the catalogue over HTTP: the province defines, lower levels shorten, facts are confirmed, all in public."""

import asyncio
import json
from datetime import timedelta
from itertools import count

import pytest

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

ITEMS = "/casework/v1/items"
BASIS = {"document": "粤人社规〔2026〕9号", "reason": "年度清单调整"}
KEYS = count(1)
LOG = "/casework/v1/procedures/publications"


async def change(window, actor, code="B01", version=1, **body):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await window.client.patch(f"{ITEMS}/{code}", json={**BASIS, **body}, headers=headers)


async def confirm(window, actor, code="B01", version=1, **body):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await window.client.post(f"{ITEMS}/{code}/confirmations", json={**BASIS, **body}, headers=headers)


async def promise(window, actor, division, value, code="B01", **body):
    headers = {**bearer(actor), "Idempotency-Key": f"promise-{next(KEYS)}"}
    told = {**BASIS, "division": division, "value": value, "unit": "working_days", **body}
    return await window.client.post(f"{ITEMS}/{code}/promises", json=told, headers=headers)


async def guide(window, code="B01", **query):
    answer = await window.client.get(f"{ITEMS}/{code}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def bureau(world):
    """Supervisors of city and county, the head of a town's office."""
    return {
        world.CITY: world.SUPERVISOR,
        world.COUNTY: make_actor(world.COUNTY, Role.BUREAU_SUPERVISOR),
        world.TOWN: world.HEAD,
    }


async def test_a_new_version_holds_from_its_day_and_the_old_one_until_then(window, world):
    """O4.1b, O4.3e: one definition for the province, in versions that follow one another."""
    day = today() + timedelta(days=30)
    answer = await change(
        window,
        world.ADMINISTRATOR,
        promised_limit={"value": 6, "unit": "working_days"},
        particulars={"conditions": "具有本省户籍", "consult_phone": "12333", "cross_region_scope": "cross_city"},
        effective_on=day.isoformat(),
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"2"'
    told = answer.json()
    assert (told["version"], told["origin"], told["document"]) == (2, "province", BASIS["document"])
    assert told["particulars"]["cross_region_scope"] == {"code": "cross_city", "label": "跨市通办"}
    assert told["particulars"]["supervise_phone"] is None
    now, then = await guide(window), await guide(window, on=day.isoformat())
    assert (now["version"], now["promised_limit"], now["effective_to"]) == (1, None, day.isoformat())
    assert (then["version"], then["promised_limit"]["value"]) == (2, 6)
    assert then["promise_in_force"] == {
        "value": 6, "unit": "working_days", "unit_label": "个工作日", "division": None, "level_label": None,
    }  # fmt: skip
    versions = await window.client.get(f"{ITEMS}/B01/versions")
    assert (versions.headers["ETag"], versions.json()["newest_version"]) == ('"2"', 2)
    assert [one["version"] for one in versions.json()["versions"]] == [1, 2]


async def test_every_change_is_in_the_log_of_publications_with_an_event_and_an_audit_entry(window, world):
    """O4.3e: what, when, which version, by whom."""
    await change(window, world.ADMINISTRATOR, name="城乡居民养老保险参保登记")
    (entry,) = (await window.client.get(LOG, params={"kind": "item_version", "subject": "B01"})).json()["items"]
    assert (entry["subject_version"], entry["title"], entry["division"]) == (
        2,
        "城乡居民养老保险参保登记",
        world.PROVINCE,
    )
    assert (entry["document"], entry["effective_on"], entry["status_label"]) == (
        BASIS["document"], today().isoformat(), "已公开",
    )  # fmt: skip
    assert world.ADMINISTRATOR.subject not in json.dumps(entry)
    (event,) = await window.rows("SELECT type, data FROM outbox WHERE subject = $1", entry["id"])
    assert event["type"] == "casework.publication.changed.v1"
    assert json.loads(event["data"])["published_by"] == world.ADMINISTRATOR.subject
    (audit,) = await window.rows("SELECT * FROM audit_entries WHERE object_id = $1", entry["id"])
    assert (audit["action"], audit["reason"]) == ("casework.item-version.publish", BASIS["reason"])


async def test_of_two_new_versions_at_once_one_wins_and_the_other_learns_why(window, world):
    """O4.1b: nobody overwrites what they have not seen."""
    answers = await asyncio.gather(*(change(window, world.ADMINISTRATOR, name=f"名称{n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    stale = next(answer for answer in answers if answer.status_code == 412)
    assert problem(stale, 412, "request.if-match-stale")["current_version"] == 2
    assert await window.value("SELECT count(*) FROM item_versions WHERE code = 'B01'") == 2
    assert await window.value("SELECT count(*) FROM records WHERE record = 'casework.publication'") == 1


async def test_two_changes_on_one_day_leave_the_last_one_in_force(window, world):
    """O4.1b: an administrator confirms many facts on one day."""
    first = await confirm(window, world.ADMINISTRATOR, field="handling", mark="P")
    second = await confirm(window, world.ADMINISTRATOR, version=2, field="handling", mark="V")
    assert (first.status_code, second.status_code) == (200, 200), (first.text, second.text)
    told = await guide(window)
    assert (told["version"], told["provenance"]["marks"]["handling"]) == (3, "V")
    page = (await window.client.get(ITEMS, params={"limit": 200})).json()["items"]
    assert [one["version"] for one in page if one["code"] == "B01"] == [3]


async def test_the_province_alone_changes_and_confirms_definitions(window, world):
    """O4.1b: a city's administrator has no definition of its own."""
    for actor, code in (
        (make_actor(world.CITY, Role.ADMINISTRATOR), "auth.out-of-scope"),
        (world.HEAD, "auth.role-required"),
        (make_actor(world.PROVINCE, Role.BUREAU_SUPERVISOR), "auth.role-required"),
    ):
        for answer in (
            await change(window, actor, name="本市名称"),
            await confirm(window, actor, field="handling", mark="V"),
        ):
            problem(answer, 403, code)
    assert await window.value("SELECT max(version) FROM item_versions") == 1
    assert (await window.client.patch(f"{ITEMS}/B01", json={**BASIS, "name": "无名"})).status_code == 401


@pytest.mark.parametrize(("body", "status", "code"), [
    ({}, 422, "request.validation-failed"),
    ({"name": None}, 422, "request.validation-failed"),
    ({"particulars": {}}, 422, "request.validation-failed"),
    ({"particulars": {"weather": "晴"}}, 422, "request.validation-failed"),
    ({"particulars": {"consult_phone": "13800138000"}}, 422, "request.validation-failed"),
    ({"particulars": {"conditions": "联系张三13800138000"}}, 422, "request.validation-failed"),
    ({"basic_code": "12"}, 422, "request.validation-failed"),
    ({"promised_limit": {"value": 0, "unit": "working_days"}}, 422, "request.validation-failed"),
    ({"promised_limit": {"value": 5, "unit": "moons"}}, 422, "request.validation-failed"),
    ({"duty": "legal_publicity"}, 422, "request.validation-failed"),
    ({"name": "x", "document": "\u0000\u0000"}, 422, "request.validation-failed"),
    ({"promised_limit": {"value": 11, "unit": "working_days"}}, 422, "casework.item.definition-inconsistent"),
    ({"steps": ["reviewing"]}, 422, "casework.item.definition-inconsistent"),
    ({"name": "x", "effective_on": "2020-01-01"}, 422, "casework.item.change-too-early"),
    ({"effective_to": "2020-01-01"}, 422, "casework.item.definition-inconsistent"),
    ({"basic_code": "002014006009"}, 409, "casework.item.basic-code-taken"),
])  # fmt: skip
async def test_a_change_that_cannot_be_is_refused_and_nothing_is_written(window, world, body, status, code):
    """O4.1b."""
    problem(await change(window, world.ADMINISTRATOR, **body), status, code)
    assert await window.value("SELECT max(version) FROM item_versions") == 1
    assert await window.value("SELECT count(*) FROM records") == 0


async def test_an_item_that_ends_is_no_longer_offered_and_can_be_offered_again(window, world):
    """O4.1b."""
    tomorrow = today() + timedelta(days=1)
    assert (await change(window, world.ADMINISTRATOR, effective_to=tomorrow.isoformat())).status_code == 200
    codes = {
        one["code"] for one in (await window.client.get(ITEMS, params={"on": tomorrow, "limit": 200})).json()["items"]
    }
    assert "B01" not in codes
    again = await change(window, world.ADMINISTRATOR, version=2, name="恢复办理", effective_on=tomorrow.isoformat())
    assert (again.status_code, again.json()["effective_to"]) == (200, None), again.text


async def test_what_is_to_be_confirmed_is_listed_until_it_is_confirmed(window, world):
    """O4.1b: V, P and K of every fact are kept, so that an administrator sees what still needs confirming."""
    found, cursor = {}, None
    while True:
        params = {"limit": 30, **({"cursor": cursor} if cursor else {})}
        page = (await window.client.get(f"{ITEMS}/to-confirm", params=params)).json()
        found |= {one["code"]: one for one in page["items"]}
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(found) == 64
    facts = {one["field"]: one["mark"] for one in found["L01"]["facts"]}
    assert facts["statutory_limit.unit"] == "K"
    assert "statutory_limit" not in facts
    (note,) = [note for note in found["L01"]["notes"] if note.startswith("“15日”")]
    answer = await confirm(window, world.ADMINISTRATOR, "L01", field="statutory_limit.unit", mark="V", settles=[note])
    assert answer.json()["provenance"]["confirmations"][0]["field"] == "statutory_limit.unit"
    assert answer.json()["statutory_limit"]["unit_mark"] == "V"
    after = (await window.client.get(f"{ITEMS}/to-confirm", params={"mark": "K", "limit": 200})).json()["items"]
    left = next(one for one in after if one["code"] == "L01")
    assert "statutory_limit.unit" not in {one["field"] for one in left["facts"]}
    assert note not in left["notes"]
    problem(
        await confirm(window, world.ADMINISTRATOR, "L01", 2, field="statutory_limit.unit", mark="P"),
        409, "casework.item.fact-confirmed",
    )  # fmt: skip


@pytest.mark.parametrize(("code", "body", "status", "problem_code"), [
    ("B01", {"field": "weather", "mark": "V"}, 404, "casework.item.fact-unknown"),
    ("B01", {"field": "handling", "mark": "V", "settles": ["没有"]}, 404, "casework.item.fact-unknown"),
    ("B01", {"field": "handling", "mark": "K"}, 422, "request.validation-failed"),
    ("B01", {"field": "HANDLING", "mark": "V"}, 422, "request.validation-failed"),
    ("Z99", {"field": "handling", "mark": "V"}, 404, "casework.item-not-found"),
])  # fmt: skip
async def test_what_cannot_be_confirmed_is_refused(window, world, code, body, status, problem_code):
    """O4.1b."""
    problem(await confirm(window, world.ADMINISTRATOR, code, **body), status, problem_code)
    assert await window.value("SELECT max(version) FROM item_versions") == 1


async def test_each_level_shortens_and_its_subtree_sees_the_nearest_promise(window, world, bureau):
    """O4.1b: lower levels may only shorten the promise; everybody below gets it, nobody else."""
    for division, value in ((world.CITY, 8), (world.COUNTY, 6), (world.TOWN, 3)):
        made = await promise(window, bureau[division], division, value)
        assert made.status_code == 201, made.text
    for division, value, of in (
        (world.VILLAGE, 3, world.TOWN),
        (world.TOWN, 3, world.TOWN),
        (world.COUNTY, 6, world.COUNTY),
        (world.OTHER_VILLAGE, 8, world.CITY),
        (world.DONGGUAN_VILLAGE, None, None),
        (world.PROVINCE, None, None),
    ):
        held = (await guide(window, division=division))["promise_in_force"]
        assert (held["value"], held["division"]) == (value, of), division
    made = (await window.client.get(f"{ITEMS}/B01/promises")).json()["promises"]
    assert [(one["division"], one["value"], one["level_label"]) for one in made] == [
        (world.CITY, 8, "市"), (world.COUNTY, 6, "县"), (world.TOWN, 3, "镇"),
    ]  # fmt: skip
    log = (await window.client.get(LOG, params={"kind": "item_promise", "division": world.COUNTY})).json()["items"]
    assert [one["division"] for one in log] == [world.COUNTY, world.TOWN]


async def test_a_level_never_promises_more_time_than_above_or_than_the_act(window, world, bureau):
    """O4.1b: longer than the level above, or than the statutory limit, is refused."""
    too_long = await promise(window, bureau[world.CITY], world.CITY, 11)
    assert problem(too_long, 422, "casework.item.promise-not-shorter", "O4.1b")["at_most"] == 10
    assert (await promise(window, bureau[world.CITY], world.CITY, 5)).status_code == 201
    above = problem(
        await promise(window, bureau[world.COUNTY], world.COUNTY, 6), 422, "casework.item.promise-not-shorter", "O4.1b"
    )
    assert (above["at_most"], above["bound"]) == (5, "above")
    other = await promise(window, bureau[world.COUNTY], world.COUNTY, 3, unit="calendar_days")
    problem(other, 422, "casework.item.promise-of-other-unit", "O4.1b")
    assert await window.value("SELECT count(*) FROM item_promises") == 1


async def test_when_the_level_above_shortens_later_nobody_below_keeps_more_time(window, world, bureau):
    """O4.1b: a promise that has become the longer one no longer holds."""
    await promise(window, bureau[world.TOWN], world.TOWN, 7)
    await promise(window, bureau[world.COUNTY], world.COUNTY, 4)
    held = (await guide(window, division=world.VILLAGE))["promise_in_force"]
    assert (held["value"], held["division"]) == (4, world.COUNTY)


async def test_a_promise_holds_from_its_day_and_the_next_one_replaces_it(window, world, bureau):
    """O4.1b."""
    day = today() + timedelta(days=10)
    await promise(window, bureau[world.CITY], world.CITY, 8)
    await promise(window, bureau[world.CITY], world.CITY, 5, effective_on=day.isoformat())
    now = (await guide(window, division=world.TOWN))["promise_in_force"]["value"]
    then = (await guide(window, division=world.TOWN, on=day.isoformat()))["promise_in_force"]["value"]
    assert (now, then) == (8, 5)
    early = await promise(window, bureau[world.CITY], world.CITY, 4, effective_on=today().isoformat())
    problem(early, 422, "casework.item.change-too-early", "O4.1b")


@pytest.mark.parametrize(("changes", "status", "code"), [
    ({"division": "440000000000", "actor": "ADMINISTRATOR"}, 422, "casework.item.promise-of-this-level"),
    ({"division": "440305001001", "actor": "HEAD"}, 422, "casework.item.promise-of-this-level"),
    ({"division": "440306000000", "actor": "HEAD"}, 403, "auth.out-of-scope"),
    ({"division": "440305001000", "actor": "CLERK"}, 403, "auth.role-required"),
    ({"division": "440305009000", "actor": "SUPERVISOR"}, 422, "directory.division-unknown"),
    ({"division": "440305001000", "actor": "HEAD", "value": 0}, 422, "request.validation-failed"),
    ({"division": "440305001000", "actor": "HEAD", "code": "Z99"}, 404, "casework.item-not-found"),
    ({"division": "440305001000", "actor": "HEAD", "effective_on": "2020-01-01"}, 422, "casework.item.change-too-early"),
])  # fmt: skip
async def test_a_promise_that_is_nobodys_to_make_is_refused_and_not_written(window, world, changes, status, code):
    """O4.1b."""
    actor, division = getattr(world, changes.pop("actor")), changes.pop("division")
    problem(await promise(window, actor, division, changes.pop("value", 3), **changes), status, code)
    assert await window.value("SELECT count(*) FROM item_promises") == 0


async def test_promises_of_one_place_at_once_come_one_after_the_other(window, world, bureau):
    """O4.1b: a race leaves no promise without its number."""
    answers = await asyncio.gather(*(promise(window, bureau[world.CITY], world.CITY, n) for n in (9, 8, 7)))
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["number"] for answer in answers) == [1, 2, 3]


async def test_a_case_is_registered_under_the_promise_in_force_at_its_place(window, world, bureau):
    """O4.1b, O4.3c: the shortened promise of the town is the limit of the village's case."""
    await promise(window, bureau[world.COUNTY], world.COUNTY, 6)
    await promise(window, bureau[world.TOWN], world.TOWN, 3)
    case = await window.register(item_code="B01")
    assert case.status_code == 201, case.text
    told = await window.value("SELECT file -> 'terms' ->> 'promised' FROM cases WHERE id = $1", case.json()["id"])
    assert {name: json.loads(told)[name] for name in ("value", "unit", "clause")} == {
        "value": 3, "unit": "working_days", "clause": BASIS["document"],
    }  # fmt: skip
