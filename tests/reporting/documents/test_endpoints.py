"""Chains of documents over HTTP, on a real database. Source: G1, S0."""

import asyncio
import json

import pytest

from common.auth import Role
from common.testing.problems import problem
from common.testing.tokens import make_actor
from reporting.documents.catalogue import document_id
from reporting.documents.service import seed_documents

PROVINCE = make_actor("440000000000", Role.BUREAU_SUPERVISOR)
SHENZHEN = make_actor("440300000000", Role.BUREAU_SUPERVISOR)
HEYUAN = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
COUNTER = make_actor("441600000000", Role.STATISTICIAN)
COUNTY = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
TOWN = make_actor("441624100000", Role.OFFICE_HEAD)
CLERK = make_actor("441624100000", Role.WINDOW_CLERK)
ADMIN = make_actor("440000000000", Role.ADMINISTRATOR)
NOTICE = document_id("province")


def body(**changes):
    return {
        "number": "河府办〔2011〕80号", "title": "转发省府办转发省人力资源社会保障厅意见的通知", "issuer": "河源市人民政府办公室",
        "signed_on": "2011-10-20", "classification": "public", "addressees": ["441600000000"], "down_to": "town",
        "forwards": str(NOTICE), "entered_afterwards": True, **changes,
    }  # fmt: skip


@pytest.fixture
async def seeded(filled):
    await asyncio.gather(*(seed_documents(filled.db) for _ in range(2)))
    return filled


@pytest.fixture
async def forwarded(seeded, call):
    answer = await call("POST", "/documents", HEYUAN, body())
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_policy_s_chain_is_there_once(seeded, get):
    """G1, S0: as far as the text tells."""
    assert await seeded.value("SELECT count(*) FROM outbox WHERE type = 'reporting.document.changed.v1'") == 3
    nodes = (await get(f"/documents/{document_id('shenzhen')}/chain", PROVINCE)).json()["nodes"]
    assert [(one["document"]["number"], one["depth"], one["days"]) for one in nodes] == [
        (None, 0, None), ("粤府办〔2011〕65号", 1, None), ("深府办〔2012〕13号", 2, 134),
    ]  # fmt: skip
    assert nodes[2]["document"]["published_on"] == "2012-03-20"
    assert nodes[2]["document"]["status_label"] == "已公开"


async def test_a_city_receives_forwards_and_its_county_receives(forwarded, seeded, call, get):
    """G1: who received it when, who forwarded it when to whom under which own 文号, days in between."""
    assert (forwarded["root"], forwarded["forwards"]) == (str(document_id("opinions")), str(NOTICE))
    got = await call("POST", f"/documents/{NOTICE}/receipts", COUNTER, {"on": "2011-09-30"})
    assert (got.status_code, got.json()["days"], got.json()["entered_afterwards"]) == (201, 5, True)
    again = await call("POST", f"/documents/{NOTICE}/receipts", HEYUAN, {"on": "2011-10-01"})
    problem(again, 409, "reporting.document.already-received", "G1")
    down = await call("POST", f"/documents/{forwarded['id']}/receipts", COUNTY, {"on": "2011-10-25"})
    assert (down.status_code, down.json()["days"], down.json()["sender"]) == (201, 5, "441600000000")
    found = (await get(f"/documents/{NOTICE}/holders", PROVINCE)).json()
    assert {one["name"]: one["holding"] for one in found["holders"]} == {
        "广东省": "forwarded", "深圳市": "forwarded", "南山区": "missing", "宝安区": "missing", "河源市": "forwarded",
        "和平县": "received", "阳明镇": "missing", "东莞市": "missing",
    }  # fmt: skip
    city = next(one for one in found["holders"] if one["name"] == "河源市")
    assert (city["received_on"], city["forwarded_on"], city["forwarded"]) == (
        "2011-09-30", "2011-10-20", ["河府办〔2011〕80号"],
    )  # fmt: skip
    assert {one["holding"]: one["count"] for one in found["counts"]} == {
        "issued": 0, "forwarded": 3, "received": 1, "missing": 4,
    }  # fmt: skip
    own = (await get(f"/documents/{NOTICE}/holders", HEYUAN)).json()
    assert [one["name"] for one in own["holders"]] == ["河源市", "和平县", "阳明镇"]
    event = await seeded.value(
        "SELECT data FROM outbox WHERE type = 'reporting.document-receipt.changed.v1' ORDER BY id LIMIT 1"
    )
    assert json.loads(event)["received_on"] == "2011-09-30"


async def test_holders_come_in_pages_and_by_how_far_they_are(forwarded, get):
    """G1: counts are of all, pages of what is asked."""
    where = f"/documents/{NOTICE}/holders"
    first = (await get(where, PROVINCE, holding="missing", limit=3)).json()
    rest = (await get(where, PROVINCE, holding="missing", limit=3, cursor=first["next_cursor"])).json()
    names = [one["name"] for one in (*first["holders"], *rest["holders"])]
    assert (names, rest["next_cursor"], rest["expected"]) == (
        ["南山区", "宝安区", "和平县", "阳明镇", "东莞市"],
        None,
        8,
    )
    cities = (await get(where, PROVINCE, down_to="city", division="440300000000")).json()
    assert [one["name"] for one in cities["holders"]] == ["深圳市"]
    problem(await get(where, HEYUAN, division="440300000000"), 403, "auth.out-of-scope")


async def test_a_level_above_enters_history_for_one_below(seeded, call):
    """G1: entries are made afterwards; nobody enters for somebody else's subtree."""
    where = f"/documents/{NOTICE}/receipts"
    done = await call("POST", where, PROVINCE, {"division": "440300000000", "on": "2011-10-08", "note": "据收文登记簿"})
    assert (done.status_code, done.json()["division"], done.json()["entered_afterwards"]) == (201, "440300000000", True)
    problem(await call("POST", where, HEYUAN, {"division": "440300000000"}), 403, "auth.out-of-scope")


WRONG_RECEIPTS = {
    "a town was not addressed": (TOWN, {}, 422, "reporting.document.not-addressed"),
    "who sent it": (PROVINCE, {}, 422, "reporting.document.not-addressed"),
    "before it was signed": (HEYUAN, {"on": "2011-09-24"}, 422, "reporting.document.invalid"),
    "tomorrow": (HEYUAN, {"on": "2099-01-01"}, 422, "reporting.document.invalid"),
    "a clerk": (CLERK, {}, 403, "auth.role-required"),
    "an administrator": (ADMIN, {}, 403, "auth.role-required"),
}


@pytest.mark.parametrize(("actor", "asked", "status", "code"), WRONG_RECEIPTS.values(), ids=WRONG_RECEIPTS.keys())
async def test_what_is_no_receipt(seeded, call, actor, asked, status, code):
    """G1: nothing is written."""
    problem(await call("POST", f"/documents/{NOTICE}/receipts", actor, asked), status, code)
    assert await seeded.value("SELECT count(*) FROM records WHERE record = 'reporting.document-receipt'") == 0


BAD = {
    "number": ({"number": "河府办[2011]80号"}, 422, "request.validation-failed"),
    "extra": ({"colour": "red"}, 422, "request.validation-failed"),
    "digest": ({"file": {"algorithm": "md5", "digest": "0" * 64, "name": "正文"}}, 422, "request.validation-failed"),
    "somebody else's": ({"addressees": ["440300000000"]}, 422, "reporting.document.invalid"),
    "not sent here": ({"forwards": str(document_id("opinions"))}, 422, "reporting.document.invalid"),
    "sent to nobody": ({"addressees": [], "send": {}}, 422, "reporting.document.invalid"),
    "nothing to forward": ({"forwards": "01900000-0000-7000-8000-000000000001"}, 404, "reporting.document.not-found"),
}


@pytest.mark.parametrize(("changes", "status", "code"), BAD.values(), ids=BAD.keys())
async def test_what_is_no_document(seeded, call, changes, status, code):
    """G1: nothing is written."""
    problem(await call("POST", "/documents", HEYUAN, body(**changes)), status, code)
    assert await seeded.value("SELECT count(*) FROM records WHERE record = 'reporting.document'") == 3


async def test_publishing_sends_it_down(seeded, call, get):
    """G1: the version that is published goes to its addressees, who sign for it; once only."""
    made = (
        await call(
            "POST", "/documents", HEYUAN, body(file={"algorithm": "sm3", "digest": "a" * 64, "name": "正文.pdf"})
        )
    ).json()
    where = f"/documents/{made['id']}/publication"
    asked = {"on": "2011-11-01", "index_number": "006900-2011-0001", "send": {"sign_by": "2011-11-15"}}
    problem(await call("POST", where, COUNTER, asked, version=1), 403, "auth.role-required")
    problem(await call("POST", where, HEYUAN, {"on": "2011-10-01"}, version=1), 422, "reporting.document.invalid")
    answers = await asyncio.gather(*(call("POST", where, HEYUAN, asked, version=1) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [200, 412]
    found = (await get(f"/documents/{made['id']}", TOWN)).json()
    assert found["dispatch"] == {
        "title": made["title"], "reference_number": "河府办〔2011〕80号", "to": ["441600000000"], "down_to": "town",
        "sign_by": "2011-11-15",
    }  # fmt: skip
    assert (found["status_label"], found["published_on"], found["file"]["algorithm"]) == ("已公开", "2011-11-01", "sm3")
    problem(await call("POST", where, HEYUAN, asked, version=2), 409, "reporting.document.wrong-state")


async def test_only_who_it_was_sent_to_reads_it(seeded, call, get):
    """G1: an internal paper stops at its level; a public one may be read by everybody below."""
    inside = (
        await call("POST", "/documents", HEYUAN, body(number=None, classification="internal", down_to="county"))
    ).json()
    where = f"/documents/{inside['id']}"
    for actor in (PROVINCE, HEYUAN, COUNTY):
        assert (await get(where, actor)).status_code == 200
    for actor in (TOWN, CLERK, SHENZHEN):
        problem(await get(where, actor), 404, "reporting.document.not-found")
    problem(await get(where, ADMIN), 403, "auth.role-required")
    listed = (await get("/documents", TOWN, words="意见")).json()["items"]
    assert {one["number"] for one in listed} == {None, "粤府办〔2011〕65号"}
    assert (await get(f"/documents/{NOTICE}", CLERK)).status_code == 200


async def test_a_mistake_is_taken_back_as_long_as_nobody_builds_on_it(forwarded, call, get):
    """G1: what was received is not unmade."""
    where = f"/documents/{forwarded['id']}"
    reason = {"reason": "文号登记有误"}
    problem(await call("POST", f"{where}/withdrawal", SHENZHEN, reason, version=1), 404, "record.not-found")
    kept = await call("POST", f"{where}/receipts", COUNTY, {"on": "2011-10-25"})
    assert kept.status_code == 201
    problem(
        await call("POST", f"{where}/withdrawal", HEYUAN, reason, version=1), 409, "reporting.document.has-followers"
    )
    other = (await call("POST", "/documents", HEYUAN, body(number="河府办〔2011〕81号"))).json()
    gone = await call("POST", f"/documents/{other['id']}/withdrawal", HEYUAN, reason, version=1)
    assert (gone.status_code, gone.json()["status_label"]) == (200, "已撤回")
    late = await call("POST", f"/documents/{other['id']}/receipts", COUNTY, {})
    problem(late, 409, "reporting.document.wrong-state")
    assert (await call("POST", "/documents", HEYUAN, body(number="河府办〔2011〕81号"))).status_code == 201
    assert len((await get(f"/documents/{NOTICE}/chain", PROVINCE)).json()["nodes"]) == 5


async def test_nobody_takes_a_number_away_from_the_body_that_gives_it(seeded, call):
    """S0: what another division enters under the same number blocks neither it nor a level above; each has it once."""
    number = "粤府办〔2012〕3号"
    told = {"forwards": None, "number": number, "signed_on": "2012-02-06"}
    for actor, division in ((HEYUAN, "441600000000"), (PROVINCE, "440000000000"), (COUNTY, "441624000000")):
        words = body(**told, addressees=[division])
        assert (await call("POST", "/documents", actor, words)).status_code == 201
        problem(await call("POST", "/documents", actor, words), 409, "reporting.document.number-taken")
    packaged = {"forwards": None, "number": "深府办〔2012〕13号", "signed_on": "2012-02-06", "addressees": []}
    problem(await call("POST", "/documents", SHENZHEN, body(**packaged)), 409, "reporting.document.number-taken")


@pytest.mark.parametrize("sent_with", ["registration", "publication", "registration only"])
async def test_a_withdrawal_follows_the_document_down(seeded, call, sent_with):
    """G1: who has got it learns that it is taken back, whichever version had gone down."""
    made = await call("POST", "/documents", HEYUAN, body(**({} if sent_with == "publication" else {"send": {}})))
    assert made.status_code == 201, made.text
    where, version = f"/documents/{made.json()['id']}", 1
    if sent_with != "registration":
        asked = {"on": "2011-11-01", **({"send": {}} if sent_with == "publication" else {})}
        version = (await call("POST", f"{where}/publication", HEYUAN, asked, version=1)).json()["version"]
    gone = await call("POST", f"{where}/withdrawal", HEYUAN, {"reason": "文号登记有误"}, version=version)
    assert gone.json()["dispatch"] == {
        "title": "转发省府办转发省人力资源社会保障厅意见的通知（已撤回）", "reference_number": "河府办〔2011〕80号", "to": ["441600000000"],
        "down_to": "town", "sign_by": None,
    }  # fmt: skip


async def test_the_withdrawal_of_what_was_sent_to_nobody_stays_here(forwarded, call):
    """G1."""
    gone = await call("POST", f"/documents/{forwarded['id']}/withdrawal", HEYUAN, {"reason": "文号登记有误"}, version=1)
    assert (gone.json()["status"], gone.json()["dispatch"]) == ("withdrawn", None)


async def test_a_number_names_one_document_of_a_body_also_when_two_register_it_at_once(seeded, call):
    """S0: real concurrency."""
    answers = await asyncio.gather(*(call("POST", "/documents", who, body()) for who in (HEYUAN, COUNTER)))
    assert sorted(one.status_code for one in answers) == [201, 409]


async def test_a_receipt_and_a_withdrawal_at_once_are_one_outcome(forwarded, call):
    """G1: either it is received, or it was never sent."""
    where = f"/documents/{forwarded['id']}"
    gone, got = await asyncio.gather(
        call("POST", f"{where}/withdrawal", HEYUAN, {"reason": "文号登记有误"}, version=1),
        call("POST", f"{where}/receipts", COUNTY, {"on": "2011-10-25"}),
    )
    assert (gone.status_code, got.status_code) in {(200, 409), (409, 201)}


async def test_a_forwarding_and_a_withdrawal_at_once_are_one_outcome(forwarded, call):
    """G1: what was passed on is not unmade."""
    on = {"number": "和府办〔2011〕5号", "addressees": ["441624000000"], "signed_on": "2011-10-28"}
    gone, passed = await asyncio.gather(
        call("POST", f"/documents/{forwarded['id']}/withdrawal", HEYUAN, {"reason": "文号登记有误"}, version=1),
        call("POST", "/documents", COUNTY, body(**on, forwards=forwarded["id"])),
    )
    assert (gone.status_code, passed.status_code) in {(200, 409), (409, 201)}
