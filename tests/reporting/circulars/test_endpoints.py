"""Circulars over HTTP: from the draft to the publication, to a correction. Source: S5, O6.3b, S0, O4.3e."""

import asyncio
import hashlib
import importlib.util
import io
import zipfile
from pathlib import Path

import pytest

from common.clock import today
from common.testing.problems import problem
from reporting.programmes.catalogue import programme_id
from reporting.programmes.service import seed_programmes

_SPEC = importlib.util.spec_from_file_location("circulars_world", Path(__file__).with_name("conftest.py"))
world = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(world)
PROVINCE, SHENZHEN, HEYUAN = world.PROVINCE, world.SHENZHEN, world.HEYUAN
DRAFTER, SIGNER, OTHER_SIGNER = world.DRAFTER, world.SIGNER, world.OTHER_SIGNER


async def test_a_circular_is_drafted_frozen_reviewed_signed_and_published(office, desk):
    """O6.3b: 适时通报, from a frozen snapshot; S5."""
    state = await office.draft()
    assert (state["status_label"], state["snapshot_digest"], state["number"]) == ("拟稿", None, None)
    state = await office.step(state, "snapshot", DRAFTER)
    assert len(state["snapshot_digest"]) == 64
    state = await office.step(state, "submission", DRAFTER)
    state = await office.step(state, "signature", SIGNER, {})
    assert state["number"] == f"粤人社函〔{today().year}〕1号"
    assert state["signed_on"] == today().isoformat()
    state = await office.step(state, "publication", DRAFTER)
    assert state["status_label"] == "已发布"
    rows = await desk.rows("SELECT state FROM records WHERE record = 'reporting.circular'")
    assert rows[0]["state"]["dispatch"] == {
        "title": "关于乡镇街道服务机构建设进展情况的通报",
        "reference_number": state["number"],
        "to": [PROVINCE],
        "down_to": "town",
        "sign_by": None,
    }
    told = [block["text"] for block in rows[0]["state"]["told"]["blocks"]]
    assert told[1:] == ["全省建成率61.2%。", "深圳市居第1位。"]
    assert rows[0]["state"]["tables"][0]["rows"][0]["cells"][0] == {
        "column": "value", "value": "80.5", "as_of": None, "known": 9, "expected": 10,
    }  # fmt: skip
    content = (await office.get(f"/circulars/{state['id']}/document", DRAFTER)).content
    assert hashlib.sha256(content).hexdigest() == state["document_digest"]
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "全省建成率61.2%" in text
    assert "深圳市居第1位" in text
    events = await desk.rows("SELECT topic FROM outbox WHERE topic = 'jiceng.reporting.circular.v1'")
    assert len(events) == 5


async def test_every_number_is_linked_to_its_query_and_snapshot_and_to_what_it_rests_on(office):
    """O6.3b: traceable."""
    state = await office.published()
    links = await office.read(f"/{state['id']}/numbers")
    assert links["digest"] == state["snapshot_digest"]
    assert [(one["place"], one["query"], one["value"]) for one in links["links"]] == [
        ("正文第2段", "ready", "61.2"),
        ("正文第3段", "ready", "1"),
    ]
    tables = await office.read(f"/{state['id']}/tables")
    first, second, third, total = tables["tables"][0]["rows"]
    assert [row["rank"] for row in (first, second, third, total)] == [1, 1, 3, None]
    assert (third["division"], third["cells"][0]["value"], total["is_total"]) == (HEYUAN, "12.0", True)
    assert first["cells"][0]["sources"] == [{"record": "test.fact", "id": SHENZHEN, "version": 1}]
    assert (first["cells"][0]["known"], first["cells"][0]["expected"]) == (9, 10)


async def test_a_changed_fact_fails_the_verification_and_offers_a_correction(office, figures):
    """Acceptance 3: a changed event makes verification fail and offers a 更正."""
    state = await office.published()
    found = await office.read(f"/{state['id']}/verification")
    assert (found["holds"], found["differences"], found["correction"]) == (True, [], None)
    assert (found["is_snapshot_intact"], found["is_document_intact"]) == (True, True)
    figures.values[HEYUAN] = "15.0"
    found = await office.read(f"/{state['id']}/verification")
    assert (found["holds"], found["is_snapshot_intact"], found["is_document_intact"]) == (False, True, True)
    assert [(one["name"], one["old"], one["new"]) for one in found["differences"]] == [
        (f"n.ready.{HEYUAN}.value", "12.0", "15.0")
    ]
    assert found["correction"]["href"] == f"/reporting/v1/circulars/{state['id']}/corrections"
    assert (await office.read(f"/{state['id']}/tables"))["tables"][0]["rows"][2]["cells"][0]["value"] == "12.0"


@pytest.mark.parametrize("what", ["circular_snapshots", "circular_documents"])
async def test_whoever_alters_what_is_stored_is_found_out(office, desk, what):
    """O6.3b: the digests are recorded with the circular."""
    state = await office.published()
    if what == "circular_snapshots":
        await desk.rows(
            "UPDATE circular_snapshots SET content = convert_to(replace(convert_from(content, 'UTF8'), "
            "'80.5', '90.5'), 'UTF8')"
        )
    else:
        await desk.rows("UPDATE circular_documents SET content = content || '\\x00'::bytea")
    found = await office.read(f"/{state['id']}/verification")
    assert found["holds"] is False
    assert found["is_snapshot_intact"] is (what != "circular_snapshots")
    assert found["is_document_intact"] is (what == "circular_snapshots")
    assert found["is_document_same_again"] is (what != "circular_snapshots")


async def test_a_correction_names_the_corrected_one_and_each_changed_number_and_overwrites_nothing(office, figures):
    """O6.3b: 更正."""
    state = await office.published()
    before = (await office.get(f"/circulars/{state['id']}/document", DRAFTER)).content
    figures.values[HEYUAN] = "15.0"
    problem(await office.correction(state, {}), 422, "reporting.circular.correction-reason-missing", "O6.3b")
    answer = await office.correction(state, {"otherwise": "和平县补报后更正"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["kind_label"], made["corrects"], made["status"]) == ("更正", state["id"], "draft")
    assert [(one["old"], one["new"], one["why"]) for one in made["changes"]] == [("12.0", "15.0", "和平县补报后更正")]
    problem(await office.correction(state, {"otherwise": "再更正"}), 409, "reporting.circular.correction-pending")
    made = await office.step(made, "submission", DRAFTER)
    made = await office.step(made, "signature", SIGNER, {})
    assert made["number"].endswith("〕2号")
    made = await office.step(made, "publication", DRAFTER)
    corrected = await office.read(f"/{state['id']}")
    assert (corrected["status_label"], corrected["corrected_by"]) == ("已发布，已更正", made["id"])
    assert (await office.get(f"/circulars/{state['id']}/document", DRAFTER)).content == before
    content = (await office.get(f"/circulars/{made['id']}/document", DRAFTER)).content
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    for told in (state["number"], "数据更正表", "12.0", "15.0", "和平县补报后更正"):
        assert told in text
    verified = await office.read(f"/{made['id']}/verification")
    assert verified["holds"] is True
    problem(await office.correction(corrected, {"otherwise": "再次"}), 409, "reporting.circular.correction-pending")


async def test_a_correction_of_words_alone_names_words_that_were_published(office):
    state = await office.published()
    told = {"old": "全省建成率61.2%", "new": "全省建成率六成", "why": "表述更正"}
    problem(await office.correction(state, {}), 422, "reporting.circular.nothing-to-correct")
    wrong = {**told, "old": "全省建成率99%"}
    problem(await office.correction(state, {"passages": [wrong]}), 422, "reporting.circular.passage-not-found")
    made = (await office.correction(state, {"passages": [told]})).json()
    assert made["word_changes"] == [told]
    assert made["changes"] == []


async def test_a_correction_is_compared_again_while_it_is_a_draft_and_asks_nothing_else(office, figures, send):
    state = await office.published()
    figures.values[HEYUAN] = "15.0"
    made = (await office.correction(state, {"otherwise": "补报"})).json()
    figures.values[SHENZHEN] = "70.0"
    name = f"n.ready.{SHENZHEN}.value"
    told = {"numbers": [{"name": name, "why": "剔除重复"}], "otherwise": "名次随之变动"}
    made = await office.step(made, "changes", DRAFTER, told)
    whys = {one["name"]: one["why"] for one in made["changes"]}
    assert whys[name] == "剔除重复"
    assert whys[f"n.ready.{HEYUAN}.value"] == "补报"
    assert whys[f"n.ready.{SHENZHEN}.rank"] == "名次随之变动"
    other = world.body(on="2012-01-31")
    answer = await send("PUT", f"/circulars/{made['id']}", DRAFTER, other, version=made["version"])
    problem(answer, 422, "reporting.circular.correction-asks-the-same")
    answer = await send("POST", f"/circulars/{made['id']}/snapshot", DRAFTER, version=made["version"])
    problem(answer, 409, "reporting.circular.wrong-state")


# --- numbers ----------------------------------------------------------------------------------------------------------


async def test_a_number_is_given_once_also_when_its_circular_is_withdrawn(office, send):
    """S0: 文号 unique, no reuse."""
    first = await office.step(await office.under_review(), "signature", SIGNER, {"sequence": 7})
    assert first["number"].endswith("〕7号")
    await office.step(first, "withdrawal", SIGNER, {"reason": "印制有误"})
    second = await office.under_review()
    answer = await send(
        "POST", f"/circulars/{second['id']}/signature", SIGNER, {"sequence": 7}, version=second["version"]
    )
    problem(answer, 409, "reporting.circular.number-taken", "S0")
    assert (await office.step(second, "signature", SIGNER, {}))["number"].endswith("〕8号")


async def test_no_office_issues_under_the_mark_or_the_name_of_another(office, send):
    """S0: marks and names are entered, and released, by the province."""
    drafter = world.make_actor(SHENZHEN, world.Role.STATISTICIAN)
    text = [{"kind": "paragraph", "text": "情况如下。"}]
    own = world.words(number_mark="深人社函", issuer="深圳市人力资源和社会保障局", blocks=text, attachments=[])

    async def code_of(told):
        return (await send("POST", "/circulars", drafter, world.body(words=told))).json().get("code")

    assert await code_of(own) == "reporting.circular.mark-not-entered"
    entry = {"division": SHENZHEN, "issuer": own["issuer"]}
    refused = await send("PUT", "/circular-marks/深人社函", world.CITY_HEAD, entry)
    problem(refused, 403, "reporting.circular.not-the-province")
    assert (await send("PUT", "/circular-marks/深人社函", SIGNER, entry)).status_code == 200
    assert await code_of(own) is None
    assert await code_of({**own, "issuer": "广东省人力资源和社会保障厅"}) == "reporting.circular.issuer-not-of-mark"
    await office.signed()
    assert await code_of({**own, "number_mark": "粤人社函"}) == "reporting.circular.number-mark-taken"
    assert (await send("POST", "/circular-marks/深人社函/release", SIGNER, {"reason": "登记有误"})).status_code == 204
    assert await code_of(own) == "reporting.circular.mark-not-entered"


# --- who --------------------------------------------------------------------------------------------------------------


async def test_the_drafter_does_not_sign_and_neither_does_whoever_changed_a_word(office, send):
    """O6.3b: 签发 by another person."""
    made = await office.draft(world.SECOND_DRAFTER)
    answer = await send("PUT", f"/circulars/{made['id']}", SIGNER, world.body(), version=made["version"])
    made = answer.json()
    assert made["drafters"] == ["second-drafter", "signer"]
    made = await office.step(made, "snapshot", world.SECOND_DRAFTER)
    made = await office.step(made, "submission", world.SECOND_DRAFTER)
    for actor in (world.SECOND_DRAFTER, SIGNER):
        answer = await send("POST", f"/circulars/{made['id']}/signature", actor, {}, version=made["version"])
        problem(answer, 403, "reporting.circular.drafter-cannot-sign", "O6.3b")
    assert (await office.step(made, "signature", OTHER_SIGNER, {}))["status"] == "signed"


async def test_readers_in_scope_see_what_is_published_and_nothing_before(office, get):
    """S5: 考核结果在全市通报; O6.3b."""
    made = await office.signed()
    problem(await get(f"/circulars/{made['id']}", world.TOWN_CLERK), 404, "record.not-found")
    assert (await office.read("", world.TOWN_CLERK))["items"] == []
    made = await office.step(made, "publication", DRAFTER)
    assert (await office.read(f"/{made['id']}", world.TOWN_CLERK))["title"].startswith("关于乡镇街道")
    assert [one["id"] for one in (await office.read("", world.TOWN_CLERK))["items"]] == [made["id"]]
    problem(
        await get(f"/circulars/{made['id']}/verification", world.CITY_HEAD), 403, "reporting.circular.not-the-issuer"
    )


async def test_a_city_circulates_within_the_city_and_the_province_reads_it_too(office, get):
    """S5: 全市通报."""
    drafter, signer = world.make_actor(SHENZHEN, world.Role.STATISTICIAN), world.CITY_HEAD
    text = [{"kind": "paragraph", "text": "情况如下。"}]
    entry = {"division": SHENZHEN, "issuer": world.words()["issuer"]}
    assert (await office.send("PUT", "/circular-marks/深人社函", SIGNER, entry)).status_code == 200
    made = await office.draft(drafter, words=world.words(number_mark="深人社函", blocks=text, attachments=[]))
    for step, actor, told in (
        ("snapshot", drafter, None), ("submission", drafter, None), ("signature", signer, {}), ("publication", drafter, None),
    ):  # fmt: skip
        made = await office.step(made, step, actor, told)
    inside = world.make_actor("440305001000", world.Role.WINDOW_CLERK)
    assert (await get(f"/circulars/{made['id']}", inside)).status_code == 200
    assert (await get(f"/circulars/{made['id']}", SIGNER)).status_code == 200
    problem(await get(f"/circulars/{made['id']}", world.TOWN_CLERK), 404, "record.not-found")
    county = world.make_actor("440305000000", world.Role.OFFICE_HEAD)
    problem(
        await office.send("POST", "/circulars", county, world.body()), 422, "reporting.circular.office-too-low", "O6.3b"
    )


async def test_public_ones_are_read_without_a_token_and_the_others_are_not(office, get):
    """O4.3e: 主动公开."""
    hidden, open_one = await office.published(), await office.published(is_public=True)
    listed = (await get("/circulars/public")).json()["items"]
    assert [one["id"] for one in listed] == [open_one["id"]]
    tables = (await get(f"/circulars/public/{open_one['id']}/tables")).json()
    assert tables["tables"][0]["rows"][0]["cells"][0]["sources"] == []
    content = (await get(f"/circulars/public/{open_one['id']}/document")).content
    assert hashlib.sha256(content).hexdigest() == open_one["document_digest"]
    for path in ("", "/tables", "/document"):
        problem(await get(f"/circulars/public/{hidden['id']}{path}"), 404, "record.not-found")
    problem(await get(f"/circulars/{open_one['id']}"), 401, "auth.token-missing")
    await office.step(open_one, "withdrawal", SIGNER, {"reason": "数据有误"})
    told = (await get(f"/circulars/public/{open_one['id']}")).json()
    assert (told["status_label"], told["withdrawal_reason"]) == ("已撤回", "数据有误")
    problem(await get(f"/circulars/public/{open_one['id']}/document"), 409, "reporting.circular.withdrawn")
    problem(await get(f"/circulars/public/{open_one['id']}/tables"), 409, "reporting.circular.withdrawn")


async def test_a_state_secret_is_never_written_here(office, desk):
    """standards.md §9 (GB/T 9704-2012): 密级; what is stored here goes to other offices."""
    for changes in ({"secrecy": "secret"}, {"secrecy_years": 1}, {"copy_number": 3}):
        answer = await office.send("POST", "/circulars", DRAFTER, world.body(words=world.words(**changes)))
        problem(answer, 422, "reporting.circular.secret-document")
    assert await desk.value("SELECT count(*) FROM outbox WHERE topic = 'jiceng.reporting.circular.v1'") == 0


# --- races ------------------------------------------------------------------------------------------------------------


async def test_of_two_signers_one_signs_and_one_number_is_given(office, send, desk):
    """Concurrency: one consistent outcome."""
    made = await office.under_review()
    answers = await asyncio.gather(
        *(
            send("POST", f"/circulars/{made['id']}/signature", actor, {}, version=made["version"])
            for actor in (SIGNER, OTHER_SIGNER)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert await desk.value("SELECT count(*) FROM circular_numbers") == 1
    assert await desk.value("SELECT count(*) FROM circular_documents") == 1


async def test_two_circulars_signed_at_once_have_two_numbers(office, send):
    made = [await office.under_review() for _ in range(3)]
    answers = await asyncio.gather(
        *(send("POST", f"/circulars/{one['id']}/signature", SIGNER, {}, version=one["version"]) for one in made)
    )
    numbers = [answer.json()["number"] for answer in answers]
    assert sorted(number.partition("〕")[2] for number in numbers) == ["1号", "2号", "3号"]


async def test_what_is_withdrawn_while_it_is_published_is_one_or_the_other(office, send):
    made = await office.signed()
    answers = await asyncio.gather(
        send("POST", f"/circulars/{made['id']}/publication", DRAFTER, version=made["version"]),
        send("POST", f"/circulars/{made['id']}/withdrawal", SIGNER, {"reason": "撤稿"}, version=made["version"]),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (await office.read(f"/{made['id']}"))["status"] == won["status"]


async def test_of_two_corrections_begun_at_once_there_is_one(office, figures):
    made = await office.published()
    figures.values[HEYUAN] = "15.0"
    answers = await asyncio.gather(*(office.correction(made, {"otherwise": "补报"}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_correction_is_not_published_once_what_it_corrects_is_withdrawn(office, figures, send):
    made = await office.published()
    figures.values[HEYUAN] = "15.0"
    correction = (await office.correction(made, {"otherwise": "补报"})).json()
    correction = await office.step(correction, "submission", DRAFTER)
    correction = await office.step(correction, "signature", SIGNER, {})
    await office.step(made, "withdrawal", SIGNER, {"reason": "整件撤回"})
    answer = await send("POST", f"/circulars/{correction['id']}/publication", DRAFTER, version=correction["version"])
    problem(answer, 409, "reporting.circular.wrong-state")
    assert (await office.read(f"/{correction['id']}"))["status"] == "signed"


# --- what is wrong with a request ---------------------------------------------------------------------------------------


BAD_WORDS = (
    {"blocks": [{"kind": "paragraph", "text": "{{ n.ready.440300000000.none-such }}"}]},
    {"blocks": [{"kind": "paragraph", "text": "{{ n.ready.449900000000 }}"}]},
)


@pytest.mark.parametrize("changes", BAD_WORDS)
async def test_a_number_that_is_not_in_the_snapshot_stops_the_review_with_its_place(office, send, changes):
    made = await office.step(await office.draft(words=world.words(**changes)), "snapshot", DRAFTER)
    answer = await send("POST", f"/circulars/{made['id']}/submission", DRAFTER, version=made["version"])
    assert problem(answer, 422, "reporting.circular.placeholder-unknown", "O6.3b")["place"] == "正文第1段"


BAD_BODIES = [
    ({"words": world.words(title="{{ n.ready.440300000000 }}")}, 422, "reporting.circular.placeholder-unknown"),
    ({"words": world.words(blocks=[{"kind": "table", "text": "none"}])}, 422, "reporting.circular.query-unknown"),
    (
        {"words": world.words(blocks=[{"kind": "paragraph", "text": "电话13800138000"}])},
        422,
        "request.validation-failed",
    ),
    ({"words": world.words(blocks=[{"kind": "paragraph", "text": "一\n二"}])}, 422, "request.validation-failed"),
    ({"words": world.words(blocks=[])}, 422, "request.validation-failed"),
    ({"words": world.words(number_mark="ABC")}, 422, "request.validation-failed"),
    ({"queries": []}, 422, "request.validation-failed"),
    ({"on": "9999-12-31"}, 422, "reporting.circular.day-in-future"),
    ({"on": "1999-12-31"}, 422, "request.validation-failed"),
    ({"on": "2011-13-31"}, 422, "request.validation-failed"),
    ({"scope": "110000000000"}, 403, "auth.out-of-scope"),
    ({"scope": "449900000000"}, 422, "directory.division-unknown"),
    ({"surprise": 1}, 422, "request.validation-failed"),
]


async def test_what_makes_no_sense_is_refused_and_nothing_is_written(office, desk):
    for changes, status, code in BAD_BODIES:
        answer = await office.send("POST", "/circulars", DRAFTER, world.body(**changes))
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await desk.value("SELECT count(*) FROM records WHERE record LIKE '%circular'") == 0


BAD_QUERIES = [
    ([{"code": "ready", "kind": "indicator", "subject": "none-such", "title": "没有"}], "query-unknown"),
    ([{"code": "ready", "kind": "report_timeliness", "subject": "no-id", "title": "没有"}], "query-unknown"),
    ([{"code": "ready", "kind": "inspection", "subject": "00000000-0000-7000-8000-000000000000", "title": "没有"}],
     "query-unknown"),
    ([{"code": "ready", "kind": "plan_filing", "subject": "00000000-0000-7000-8000-000000000000", "title": "备案",
       "better": "higher"}], "query-not-rankable"),
]  # fmt: skip


async def test_a_question_without_an_answer_is_not_frozen(office, send, desk):
    for queries, code in BAD_QUERIES:
        made = await office.draft(queries=queries)
        answer = await send("POST", f"/circulars/{made['id']}/snapshot", DRAFTER, version=made["version"])
        problem(answer, 422, f"reporting.circular.{code}", "O6.3b")
    assert await desk.value("SELECT count(*) FROM circular_snapshots") == 0


async def test_changes_ask_for_the_version_that_was_seen(office, send):
    made = await office.draft()
    problem(await send("POST", f"/circulars/{made['id']}/snapshot", DRAFTER), 428, "request.if-match-required")
    answer = await send("POST", f"/circulars/{made['id']}/snapshot", DRAFTER, version=9)
    problem(answer, 412, "request.if-match-stale")
    answer = await send("POST", "/circulars", world.TOWN_CLERK, world.body())
    problem(answer, 403, "auth.role-required")


async def test_the_same_key_makes_one_circular(office, send):
    first = await send("POST", "/circulars", DRAFTER, world.body(), key="one")
    again = await send("POST", "/circulars", DRAFTER, world.body(), key="one")
    assert first.json()["id"] == again.json()["id"]


async def test_a_preview_has_no_number_and_is_for_the_issuer(office, get):
    made = await office.under_review()
    answer = await get(f"/circulars/{made['id']}/preview", SIGNER)
    assert "未编号" in zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    problem(await get(f"/circulars/{made['id']}/document", SIGNER), 409, "reporting.circular.not-signed")
    problem(await get(f"/circulars/{made['id']}/preview", world.CITY_HEAD), 404, "record.not-found")


async def test_a_circular_over_the_real_sources_is_signed_and_verified(filled, send, get):
    """S1, O6.2b, O6.3b: indicators and filings as they are, here of nobody."""
    await seed_programmes(filled.db)
    programme = str(programme_id(PROVINCE, "2011-2012"))
    queries = [
        {"code": "ready", "kind": "indicator", "subject": "towns-ready", "title": "达标情况", "better": "higher"},
        {"code": "filed", "kind": "plan_filing", "subject": programme, "title": "方案备案情况"},
    ]
    blocks = [{"kind": "table", "text": "ready"}, {"kind": "table", "text": "filed"}]
    told = world.body(queries=queries, words=world.words(blocks=blocks, attachments=[]))
    made = (await send("POST", "/circulars", DRAFTER, told)).json()
    for step, actor, body in (("snapshot", DRAFTER, None), ("submission", DRAFTER, None), ("signature", SIGNER, {})):
        answer = await send("POST", f"/circulars/{made['id']}/{step}", actor, body, version=made["version"])
        assert answer.status_code == 200, answer.text
        made = answer.json()
    tables = (await get(f"/circulars/{made['id']}/tables", DRAFTER)).json()["tables"]
    assert {row["division"] for row in tables[0]["rows"]} == {PROVINCE, SHENZHEN, world.DONGGUAN, HEYUAN}
    assert [column["title"] for column in tables[1]["columns"]] == ["备案状态", "首次报送日期", "逾期天数"]
    assert [row["cells"][0]["value"] for row in tables[1]["rows"]] == [*["逾期未报"] * 3, "逾期未报3个"]
    verified = (await get(f"/circulars/{made['id']}/verification", DRAFTER)).json()
    assert (verified["holds"], verified["differences"]) == (True, [])


async def test_a_release_that_sets_documents_otherwise_makes_no_circular_false(office, monkeypatch):
    """O6.3b: the stored file is the one that was signed, whatever would be set today."""
    state = await office.published()

    async def otherwise(_paper):
        return b"another file"

    monkeypatch.setattr("reporting.circulars.service.correcting.set_paper", otherwise)
    found = await office.read(f"/{state['id']}/verification")
    assert (found["holds"], found["is_document_intact"], found["is_document_same_again"]) == (True, True, False)
