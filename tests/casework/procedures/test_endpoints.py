"""Rule texts, their gaps, and the log of publications over HTTP. Source: O4.1a, O4.3e."""

import asyncio
import json
from datetime import timedelta
from itertools import count

import pytest

from common.auth import Role
from common.clock import today
from common.ids import uuid7
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

BASE = "/casework/v1/procedures"
KEYS = count(1)


def body(**changes):
    return {
        "division": "440305001000",
        "family": "dispute_mediation",
        "kind": "rule",
        "title": "劳动人事争议调解规则",
        "text": "第一条 当事人可以书面或者口头申请调解。",
        "document": "街办〔2026〕3号",
        "issued_by": "招商街道人力资源和社会保障服务所",
        "effective_on": "2026-01-01",
        **changes,
    }


async def issue(window, actor, **changes):
    headers = {**bearer(actor), "Idempotency-Key": f"text-{next(KEYS)}"}
    return await window.client.post(f"{BASE}/texts", json=body(**changes), headers=headers)


async def follow(window, actor, text, version=1, **changes):
    headers = {**bearer(actor), "Idempotency-Key": f"text-{next(KEYS)}", "If-Match": f'"{version}"'}
    told = {**body(effective_on=today().isoformat(), text="第一条 修订。"), **changes}
    told = {name: value for name, value in told.items() if name not in {"division", "family", "kind"}}
    return await window.client.post(f"{BASE}/texts/{text}/versions", json=told, headers=headers)


async def withdraw(window, actor, text, version=1, reason="与上级规定重复"):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await window.client.post(f"{BASE}/texts/{text}/withdrawal", json={"reason": reason}, headers=headers)


async def get(window, path, **query):
    answer = await window.client.get(f"{BASE}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def text(window, world):
    answer = await issue(window, world.HEAD)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_all_six_families_are_missing_until_an_office_enters_its_texts(window, world):
    """O4.1a: no rule text is invented; the gaps are public."""
    gaps = await get(window, "/gaps", division=world.TOWN)
    assert (gaps["gap_count"], gaps["clause"]) == (6, "O4.1a")
    assert [one["family_label"] for one in gaps["families"]] == [
        "就业培训服务", "社会保险经办", "劳动保障投诉处理", "劳动人事争议调解", "退休人员社会化管理", "人事人才服务",
    ]  # fmt: skip
    await issue(window, world.HEAD)
    await issue(window, world.SUPERVISOR, division=world.CITY, family="social_insurance", title="社会保险经办规程")
    await issue(window, world.HEAD, family="personnel_talent", kind="process", title="档案转递流程")
    filled = await get(window, "/gaps", division=world.TOWN)
    assert {one["family"] for one in filled["families"] if not one["is_gap"]} == {
        "dispute_mediation",
        "social_insurance",
    }
    assert (await get(window, "/gaps", division=world.CITY))["gap_count"] == 5
    assert (await get(window, "/gaps", division=world.PROVINCE))["gap_count"] == 6
    assert (await get(window, "/gaps", division=world.TOWN, on="2025-12-31"))["gap_count"] == 6


async def test_a_text_is_public_with_everything_that_belongs_to_it(window, world, text):
    """O4.3e: nobody needs a token."""
    answer = await window.client.get(f"{BASE}/texts/{text['id']}")
    assert (answer.json(), answer.headers["ETag"]) == (text, '"1"')
    assert answer.headers["Cache-Control"].startswith("public")
    assert (text["family_label"], text["kind_label"], text["status_label"]) == (
        "劳动人事争议调解", "规章制度", "已公开",
    )  # fmt: skip
    assert (text["number"], text["effective_to"], text["level_label"]) == (1, None, "镇")
    held = (await get(window, "/texts/in-force", division=world.VILLAGE))["texts"]
    assert [one["id"] for one in held] == [text["id"]]
    assert "text" not in held[0]
    assert (await get(window, "/texts/in-force", division=world.VILLAGE, kind="process"))["texts"] == []
    assert (await get(window, "/texts/in-force", division=world.DONGGUAN_VILLAGE))["texts"] == []
    (event,) = await window.rows("SELECT type, data FROM outbox WHERE subject = $1", text["id"])
    assert event["type"] == "casework.rule-text.changed.v1"
    assert json.loads(event["data"])["text"] == text["text"]


async def test_what_has_not_changed_is_not_sent_again(window, world, text):
    """O4.3e: public answers can be kept by caches and asked for anew."""
    for path in (f"/texts/{text['id']}", "/texts", "/publications", f"/gaps?division={world.TOWN}"):
        first = await window.client.get(f"{BASE}{path}")
        again = await window.client.get(f"{BASE}{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    tags = (await window.client.get(f"{BASE}/publications")).headers["ETag"]
    await issue(window, world.HEAD, title="另一规则")
    changed = await window.client.get(f"{BASE}/publications", headers={"If-None-Match": tags})
    assert changed.status_code == 200


async def test_a_new_version_ends_the_one_before_on_its_first_day(window, world, text):
    """O4.1a: versioned rule texts; the old wording stays readable as of its days."""
    answer = await follow(window, world.HEAD, text["id"])
    assert answer.status_code == 201, answer.text
    second = answer.json()
    assert (second["number"], second["series"]) == (2, text["series"])
    now = (await get(window, "/texts/in-force", division=world.TOWN))["texts"]
    before = (await get(window, "/texts/in-force", division=world.TOWN, on="2026-06-01"))["texts"]
    assert ([one["id"] for one in now], [one["id"] for one in before]) == ([second["id"]], [text["id"]])
    versions = (await get(window, f"/texts/{second['id']}/versions"))["texts"]
    assert [(one["number"], one["effective_to"]) for one in versions] == [(1, today().isoformat()), (2, None)]
    problem(await follow(window, world.HEAD, text["id"], 2), 409, "casework.rule-text.superseded")
    early = await follow(window, world.HEAD, second["id"], effective_on=today().isoformat())
    problem(early, 422, "casework.rule-text.version-too-early", "O4.1a")


async def test_of_two_new_versions_at_once_one_wins_and_the_other_learns_why(window, world, text):
    """O4.1a: a race leaves one series without a fork."""
    answers = await asyncio.gather(*(follow(window, world.HEAD, text["id"], title=f"规则{n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    stale = next(answer for answer in answers if answer.status_code == 412)
    problem(stale, 412, "request.if-match-stale")
    assert [one["number"] for one in (await get(window, f"/texts/{text['id']}/versions"))["texts"]] == [1, 2]
    assert len((await get(window, "/publications"))["items"]) == 2


async def test_the_log_tells_what_was_published_when_and_withdrawn_when(window, world, text):
    """O4.3e: what, when, which version, by whom; what is withdrawn stays in the log and readable."""
    second = (await follow(window, world.HEAD, text["id"])).json()
    answer = await withdraw(window, world.HEAD, second["id"])
    assert (answer.status_code, answer.json()["status_label"]) == (200, "已撤回"), answer.text
    assert answer.json()["effective_to"] == today().isoformat()
    log = (await get(window, "/publications", subject=text["series"]))["items"]
    assert [(one["subject_version"], one["status"]) for one in log] == [(1, "published"), (2, "withdrawn")]
    assert (log[1]["withdrawal_reason"], log[1]["kind_label"]) == ("与上级规定重复", "规章制度和工作流程")
    assert log[1]["withdrawn_at"] >= log[1]["published_at"]
    assert world.HEAD.subject not in json.dumps(log)
    assert [one["status"] for one in (await get(window, "/publications", status="withdrawn"))["items"]] == ["withdrawn"]
    assert (await get(window, f"/texts/{second['id']}"))["text"] == second["text"]
    assert (await get(window, "/texts/in-force", division=world.TOWN))["texts"] == []
    problem(await withdraw(window, world.HEAD, second["id"], 2), 409, "casework.rule-text.superseded")


async def test_the_log_pages_in_order_and_narrows_by_place(window, world):
    """O4.3e."""
    for n in range(3):
        await issue(window, world.HEAD, title=f"规则{n}")
    await issue(window, world.SUPERVISOR, division=world.CITY, title="市规则")
    first = await get(window, "/publications", limit=3)
    rest = await get(window, "/publications", limit=3, cursor=first["next_cursor"])
    assert [one["title"] for one in first["items"] + rest["items"]] == ["规则0", "规则1", "规则2", "市规则"]
    below = await get(window, "/publications", division=world.TOWN)
    assert len(below["items"]) == 3
    assert (await get(window, "/publications", kind="item_version"))["items"] == []


@pytest.mark.parametrize(("actor", "changes", "status", "code"), [
    ("CLERK", {}, 403, "auth.role-required"),
    ("AGENT", {"division": "440305001001"}, 403, "auth.role-required"),
    ("HEAD", {"division": "440300000000"}, 403, "auth.out-of-scope"),
    ("HEAD", {"division": "440306001000"}, 403, "auth.out-of-scope"),
    ("HEAD", {"division": "440305001001"}, 422, "casework.rule-text.station-issues-nothing"),
    ("HEAD", {"division": "440305001005"}, 422, "directory.division-retired"),
    ("HEAD", {"family": "astrology"}, 422, "request.validation-failed"),
    ("HEAD", {"text": "联系13800138000"}, 422, "request.validation-failed"),
    ("HEAD", {"text": "x" * 50_001}, 422, "request.validation-failed"),
    ("HEAD", {"title": ""}, 422, "request.validation-failed"),
    ("HEAD", {"effective_on": "soon"}, 422, "request.validation-failed"),
    ("HEAD", {"unknown": 1}, 422, "request.validation-failed"),
])  # fmt: skip
async def test_a_text_that_is_nobodys_to_issue_is_refused_and_not_written(window, world, actor, changes, status, code):
    """O4.1a."""
    problem(await issue(window, getattr(world, actor), **changes), status, code)
    assert await window.value("SELECT count(*) FROM records") == 0


async def test_whoever_has_nothing_to_do_with_a_text_cannot_change_it(window, world, text):
    """O4.1a."""
    far = make_actor(world.OTHER_COUNTY, Role.OFFICE_HEAD)
    problem(await follow(window, far, text["id"]), 404, "record.not-found")
    problem(await withdraw(window, far, text["id"]), 404, "record.not-found")
    problem(await withdraw(window, world.CLERK, text["id"]), 403, "auth.role-required")
    problem(await withdraw(window, world.HEAD, str(uuid7())), 404, "record.not-found")
    problem(await withdraw(window, world.HEAD, text["id"], reason="找13800138000"), 422, "request.validation-failed")
    problem(await withdraw(window, world.HEAD, text["id"], 7), 412, "request.if-match-stale")
    assert (await get(window, f"/texts/{text['id']}"))["version"] == 1


async def test_a_text_that_has_not_begun_can_be_withdrawn_before_it_does(window, world):
    """O4.3e."""
    day = today() + timedelta(days=30)
    future = (await issue(window, world.HEAD, effective_on=day.isoformat())).json()
    assert (await withdraw(window, world.HEAD, future["id"])).json()["effective_to"] == day.isoformat()
    assert (await get(window, "/texts/in-force", division=world.TOWN, on=day.isoformat()))["texts"] == []


@pytest.mark.parametrize(("path", "status", "code"), [
    ("/gaps", 422, "request.validation-failed"),
    ("/gaps?division=440305", 422, "request.validation-failed"),
    ("/gaps?division=440000001000", 400, "division.code-invalid"),
    ("/texts/in-force?division=440305001000&on=0", 422, "request.validation-failed"),
    ("/publications?subject=a%20b", 422, "request.validation-failed"),
    ("/publications?kind=gossip", 422, "request.validation-failed"),
    ("/publications?cursor=x", 400, "request.cursor-invalid"),
    ("/texts/nobody", 422, "request.validation-failed"),
    ("/texts/01900000-0000-7000-8000-000000000001", 404, "record.not-found"),
    ("/texts/01900000-0000-7000-8000-000000000001/versions", 404, "record.not-found"),
])  # fmt: skip
async def test_wrong_questions_get_stable_codes(window, path, status, code):
    """O4.3e."""
    problem(await window.client.get(f"{BASE}{path}"), status, code)


async def test_a_repeated_request_issues_one_text(window, world):
    """O4.3e: double submit publishes once."""
    headers = {**bearer(world.HEAD), "Idempotency-Key": "same"}
    answers = [await window.client.post(f"{BASE}/texts", json=body(), headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await get(window, "/publications"))["items"]) == 1
