"""First contacts over HTTP: registered by anybody, passed on by acceptance only, ended with what was told."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from common.auth import Actor, Role
from common.clock import today
from common.ids import uuid7
from common.policy import parameter
from common.testing.directory import office_phone
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

CONTACTS = "/casework/v1/contacts"
SOMEBODY = synthetic_person(7)


def body(**changes: Any) -> dict[str, Any]:
    asker = {"name": SOMEBODY.name, "phone": SOMEBODY.phone, "id_number": SOMEBODY.id_number}
    return {
        "channel": "window", "matter": "公积金如何提取", "is_ours": False, "asker": asker, "is_signed": True, **changes,
    }  # fmt: skip


class Desk:
    """The window with people of several offices."""

    def __init__(self, window: Any, world: Any) -> None:
        self.window, self.world = window, world
        self.colleague = make_actor(world.VILLAGE, Role.STATION_AGENT, subject="colleague")
        self.neighbour = make_actor(world.NEIGHBOUR, Role.STATION_AGENT)
        self.far = make_actor(world.OTHER_VILLAGE, Role.STATION_AGENT)

    async def register(self, actor: Actor | None = None, key: str | None = None, **changes: Any) -> httpx.Response:
        headers = {**bearer(actor or self.world.AGENT), "Idempotency-Key": key or str(uuid7())}
        return await self.window.client.post(CONTACTS, json=body(**changes), headers=headers)

    async def act(
        self, actor: Actor, contact: dict[str, Any], act: str, json: Any = None, version: int | None = None
    ) -> httpx.Response:
        headers = {**bearer(actor), "If-Match": f'"{version or contact["version"]}"'}
        return await self.window.client.post(f"{CONTACTS}/{contact['id']}/{act}", json=json, headers=headers)

    async def open_case(
        self, actor: Actor, contact: dict[str, Any], key: str | None = None, **changes: Any
    ) -> httpx.Response:
        version, key = contact["version"], key or str(uuid7())
        headers = {**bearer(actor), "If-Match": f'"{version}"', "Idempotency-Key": key}
        body = {"item_code": self.world.ITEM, **changes}
        return await self.window.client.post(f"{CONTACTS}/{contact['id']}/cases", json=body, headers=headers)

    async def get(self, actor: Actor, contact: dict[str, Any], part: str = "") -> httpx.Response:
        return await self.window.client.get(f"{CONTACTS}/{contact['id']}{part}", headers=bearer(actor))

    async def ids(self, actor: Actor, **query: Any) -> list[str]:
        answer = await self.window.client.get(CONTACTS, params=query, headers=bearer(actor))
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    async def offered(self, to: str, account: str | None = None, **changes: Any) -> dict[str, Any]:
        contact = (await self.register(**changes)).json()
        answer = await self.act(
            self.world.AGENT, contact, "offer", {"division": to, "account": account, "reason": "属其职责"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def desk(window: Any, world: Any) -> Desk:
    """The window and its people."""
    return Desk(window, world)


async def test_a_first_contact_is_registered_also_when_it_is_no_matter_of_the_office(desk: Desk, world: Any):
    """Source: O4.3b; standards.md §6."""
    answer = await desk.register(materials=[{"name": "合同", "originals": 1}])
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["location"] == f"{CONTACTS}/{told['id']}"
    assert answer.headers["etag"] == '"1"'
    assert told["number"] == f"SW{world.VILLAGE}{today():%Y%m%d}0001"
    assert (told["status"], told["status_label"], told["is_ours"], told["is_signed"]) == ("open", "待答复", False, True)
    assert told["first_asked"] == told["holder"] == world.AGENT.subject
    assert [one["account"] for one in told["holders"]] == [world.AGENT.subject]
    assert told["materials"] == [{"name": "合同", "originals": 1, "copies": 0, "returned_at": None}]
    rule = parameter("first_asked_answer_working_days", on=today()).number
    assert (told["promised_working_days"], told["remaining_working_days"]) == (rule, rule)
    assert told["due_on"] == told["promised_on"] > today().isoformat()
    assert (await desk.register()).json()["number"].endswith("0002")


async def test_the_receipt_tells_whom_to_call_until_when_and_where_to_complain(desk: Desk, world: Any):
    """Source: O4.3b; standards.md §6."""
    agent = make_actor(world.VILLAGE, Role.STATION_AGENT, name="测试首问人")
    told = (await desk.register(agent)).json()
    receipt = (await desk.get(agent, told, "/receipt")).json()
    assert receipt["number"] == told["number"]
    assert receipt["first_asked_name"] == "测试首问人"
    assert receipt["first_asked_phone"] == office_phone(world.VILLAGE)
    assert receipt["complaint_phone"] == office_phone(world.TOWN)
    assert (receipt["promised_on"], receipt["matter"]) == (told["promised_on"], told["matter"])


async def test_an_office_may_promise_less_and_never_more_than_the_rule(desk: Desk):
    """Source: O4.3b, O4.1b."""
    assert (await desk.register(promised_working_days=0)).json()["promised_on"] == today().isoformat()
    rule = parameter("first_asked_answer_working_days", on=today()).number
    refused = problem(
        await desk.register(promised_working_days=rule + 1), 422, "casework.contact.promise-too-long", "O4.3b"
    )
    assert refused["longest_working_days"] == rule


async def test_responsibility_passes_on_only_by_acceptance(desk: Desk, world: Any):
    """Source: O4.3b."""
    contact = await desk.offered(world.TOWN)
    assert (contact["holder"], contact["offers"][0]["answer_label"]) == (world.AGENT.subject, "待接收")
    assert await desk.ids(world.CLERK, view="offered") == [contact["id"]]
    assert await desk.ids(world.CLERK) == []
    taken = (await desk.act(world.CLERK, contact, "offer/acceptance")).json()
    assert (taken["holder"], taken["holder_division"]) == (world.CLERK.subject, world.TOWN)
    assert taken["offers"][0]["answer_label"] == "已接收"
    assert (await desk.ids(world.CLERK), await desk.ids(world.CLERK, view="offered")) == ([contact["id"]], [])
    assert await desk.ids(world.AGENT) == []
    again = await desk.act(world.AGENT, taken, "settlement", {"told": "已告知"})
    problem(again, 403, "casework.contact.not-holder", "O4.3b")


async def test_an_office_outside_the_subtree_sees_what_it_is_asked_to_take_and_only_that(desk: Desk, world: Any):
    """Source: O4.3b."""
    other = (await desk.register()).json()
    contact = await desk.offered(world.OTHER_VILLAGE)
    assert (await desk.get(desk.far, contact)).status_code == 200
    problem(await desk.get(desk.far, other), 404, "record.not-found")
    problem(await desk.get(desk.neighbour, contact), 404, "record.not-found")
    problem(await desk.act(desk.neighbour, contact, "offer/acceptance"), 404, "record.not-found")
    taken = (await desk.act(desk.far, contact, "offer/acceptance")).json()
    assert (await desk.get(world.AGENT, taken)).status_code == 200
    assert await desk.ids(desk.far, view="office") == [contact["id"]]
    assert await desk.ids(world.SUPERVISOR, view="subtree") == [other["id"], contact["id"]]
    assert (await desk.act(desk.far, taken, "settlement", {"told": "已告知"})).status_code == 200


async def test_a_declined_and_a_withdrawn_offer_leave_the_holder(desk: Desk, world: Any):
    """Source: O4.3b."""
    contact = await desk.offered(world.TOWN)
    declined = (await desk.act(world.CLERK, contact, "offer/refusal", {"reason": "不属本所"})).json()
    assert (declined["holder"], declined["offers"][0]["answer_reason"]) == (world.AGENT.subject, "不属本所")
    problem(await desk.act(world.CLERK, declined, "offer/acceptance"), 409, "casework.contact.no-offer")
    offer = {"division": world.NEIGHBOUR, "reason": "属其职责"}
    contact = (await desk.act(world.AGENT, declined, "offer", offer)).json()
    problem(await desk.act(world.AGENT, contact, "offer", offer), 409, "casework.contact.offer-open")
    withdrawn = (await desk.act(world.AGENT, contact, "offer/withdrawal")).json()
    assert [one["answer"] for one in withdrawn["offers"]] == ["declined", "withdrawn"]
    assert withdrawn["holder"] == world.AGENT.subject


async def test_one_account_is_asked_and_no_other_takes_over(desk: Desk, world: Any):
    contact = await desk.offered(world.TOWN, world.CLERK.subject)
    problem(await desk.act(world.HEAD, contact, "offer/acceptance"), 403, "casework.contact.not-offered", "O4.3b")
    assert (await desk.act(world.CLERK, contact, "offer/acceptance")).status_code == 200


async def test_only_an_operating_office_is_asked(desk: Desk, world: Any):
    """Source: O1.1d, O4.3b."""
    contact = (await desk.register()).json()
    for division, code in (
        (world.SUSPENDED, "directory.office-not-operating"),
        (world.OFFICELESS, "directory.office-unknown"),
        (world.RETIRED, "directory.division-retired"),
        ("440305001066", "directory.division-unknown"),
    ):
        problem(await desk.act(world.AGENT, contact, "offer", {"division": division, "reason": "职责"}), 422, code)
    assert (await desk.get(world.AGENT, contact)).json()["offers"] == []


async def test_the_head_acts_for_the_holder_and_the_audit_says_so(desk: Desk, world: Any):
    """Source: O4.3b, O1.3c."""
    contact = (await desk.register()).json()
    problem(
        await desk.act(desk.colleague, contact, "settlement", {"told": "已告知"}), 403, "casework.contact.not-holder"
    )
    assert (await desk.act(world.HEAD, contact, "settlement", {"told": "已告知"})).status_code == 200
    written = await desk.window.rows("SELECT action, actor FROM audit_entries WHERE object_id = $1", contact["id"])
    assert [tuple(row) for row in written] == [
        ("casework.contact.register", world.AGENT.subject),
        ("casework.contact.settle-for-holder", world.HEAD.subject),
    ]


async def test_a_contact_ends_settled_or_with_a_body_that_can_be_reached(desk: Desk, world: Any):
    """Source: O4.3b; standards.md §6."""
    contact = (await desk.register()).json()
    referral = {"body": "公积金中心"}
    problem(
        await desk.act(world.AGENT, contact, "referral", referral),
        422,
        "casework.contact.referral-unreachable",
        "O4.3b",
    )
    ended = (await desk.act(world.AGENT, contact, "referral", {**referral, "phone": "12329"})).json()
    assert (ended["status"], ended["referral"]["phone"], ended["due_on"]) == ("referred", "12329", None)
    problem(await desk.act(world.AGENT, ended, "settlement", {"told": "已告知"}), 409, "casework.contact.ended")
    assert await desk.ids(world.AGENT, status="open") == []
    assert await desk.ids(world.AGENT, status="referred") == [contact["id"]]


async def test_materials_are_given_back(desk: Desk, world: Any):
    """Source: standards.md §6."""
    contact = (await desk.register(materials=[{"name": "合同", "originals": 1}])).json()
    back = (await desk.act(world.AGENT, contact, "material-returns", {"names": ["合同"]})).json()
    assert back["materials"][0]["returned_at"] is not None
    refused = await desk.act(world.AGENT, back, "material-returns", {"names": ["合同"]})
    problem(refused, 422, "casework.contact.material-not-held", "O4.3b")


async def test_who_asked_is_masked_and_disclosed_only_to_who_answers(desk: Desk, world: Any):
    """Source: O4.3b; standards.md §9."""
    contact = (await desk.register()).json()
    masked = (await desk.get(world.SUPERVISOR, contact)).json()["asker"]
    assert masked["name"] != SOMEBODY.name
    assert masked["name"].startswith(SOMEBODY.name[0])
    assert masked["phone"] == f"{SOMEBODY.phone[:3]}****{SOMEBODY.phone[-4:]}"
    url = f"{CONTACTS}/{contact['id']}/asker-disclosures"
    told = await desk.window.client.post(url, json={"reason": "电话答复"}, headers=bearer(world.AGENT))
    assert told.json() == {"name": SOMEBODY.name, "phone": SOMEBODY.phone, "id_number": SOMEBODY.id_number}
    for actor, code in ((desk.colleague, "casework.contact.not-holder"), (world.SUPERVISOR, "auth.role-required")):
        problem(await desk.window.client.post(url, json={"reason": "看看"}, headers=bearer(actor)), 403, code)
    reasons = await desk.window.rows("SELECT reason FROM audit_entries WHERE action = 'casework.contact.disclose'")
    assert [row["reason"] for row in reasons] == ["电话答复"]


async def test_neither_asker_nor_clerk_is_readable_in_tables_events_audit_keys_and_logs(
    desk: Desk, world: Any, postgres_server: Any, capfd: Any, caplog: Any
):
    """Source: standards.md §9."""
    agent = make_actor(world.VILLAGE, Role.STATION_AGENT, name="测试首问人")
    contact = (await desk.register(agent)).json()
    await desk.get(agent, contact)
    await desk.get(agent, contact, "/receipt")
    await desk.register(matter=f"电话{SOMEBODY.phone}")
    await desk.register(asker={"name": SOMEBODY.name, "phone": f"{SOMEBODY.phone}x", "id_number": None})
    name = desk.window.url.split("/")[3].split("?")[0]
    tables = ("records", "outbox", "audit_entries", "idempotency_keys")
    parts = [postgres_server.run_sql(name, f"COPY (SELECT * FROM {table}) TO STDOUT") for table in tables]
    parts.append(postgres_server.run_sql(name, "SELECT convert_from(body, 'UTF8') FROM idempotency_keys"))
    parts.append(postgres_server.run_sql(name, "SELECT encode(sealed, 'escape') FROM records"))
    printed = capfd.readouterr()
    text = "\n".join([*parts, printed.out, printed.err, caplog.text])
    assert contact["number"] in text
    secrets = [SOMEBODY.name, SOMEBODY.phone, SOMEBODY.id_number, "测试首问人"]
    assert [secret for secret in secrets if secret in text] == []


async def test_of_two_who_take_over_at_once_one_does_and_the_other_learns_why(desk: Desk, world: Any):
    """Source: O4.3b."""
    for _ in range(5):
        contact = await desk.offered(world.TOWN)
        answers = await asyncio.gather(
            desk.act(world.CLERK, contact, "offer/acceptance"), desk.act(world.HEAD, contact, "offer/acceptance")
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        stands = (await desk.get(world.HEAD, contact)).json()
        assert (stands["holder"], len(stands["holders"])) == (won["holder"], 2)


async def test_of_an_end_and_an_acceptance_at_once_one_happens(desk: Desk, world: Any):
    """Source: O4.3b."""
    for _ in range(5):
        contact = await desk.offered(world.TOWN)
        answers = await asyncio.gather(
            desk.act(world.CLERK, contact, "offer/acceptance"),
            desk.act(world.AGENT, contact, "settlement", {"told": "已告知"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_numbers_of_one_day_are_without_gap_whoever_registers_at_once(desk: Desk, world: Any):
    answers = await asyncio.gather(*(desk.register(world.AGENT if n % 2 else desk.colleague) for n in range(8)))
    serials = sorted(int(answer.json()["number"][-4:]) for answer in answers)
    await desk.register(promised_working_days=366)
    assert serials == list(range(1, 9))
    assert (await desk.register()).json()["number"].endswith("0009")


async def test_the_same_request_registers_once(desk: Desk):
    key = str(uuid7())
    first, second = await desk.register(key=key), await desk.register(key=key)
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert await desk.window.value("SELECT count(*) FROM records") == 1


async def test_every_change_is_told_whole(desk: Desk, world: Any):
    """Source: O4.3b, O4.2a."""
    contact = await desk.offered(world.TOWN)
    await desk.act(world.CLERK, contact, "offer/acceptance")
    rows = await desk.window.rows("SELECT type, topic, recordversion AS version FROM outbox ORDER BY id")
    assert [row["version"] for row in rows] == [1, 2, 3]
    assert {(row["type"], row["topic"]) for row in rows} == {
        ("casework.first-contact.changed.v1", "jiceng.casework.first-contact.v1")
    }


async def test_pages_of_a_list_are_whole(desk: Desk, world: Any):
    made = [(await desk.register()).json()["id"] for _ in range(5)]
    found, cursor = [], None
    while True:
        query = {"limit": 2, "view": "subtree", **({"cursor": cursor} if cursor else {})}
        answer = await desk.window.client.get(CONTACTS, params=query, headers=bearer(world.SUPERVISOR))
        found += [one["id"] for one in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    assert found == made


BAD: dict[str, tuple[dict[str, Any], int]] = {
    "no matter": ({"matter": ""}, 422),
    "a matter with a number of somebody": ({"matter": f"帮{SOMEBODY.id_number}查询"}, 422),
    "a channel that is none": ({"channel": "pigeon"}, 422),
    "no asker": ({"asker": None}, 422),
    "a name that is none": ({"asker": {"name": " ", "phone": None}}, 422),
    "a phone that is none": ({"asker": {"name": "甲", "phone": "abc"}}, 422),
    "a phone that nobody told of": ({"asker": {"name": "甲"}}, 422),
    "an id number that is none": ({"asker": {"name": "甲", "phone": None, "id_number": "1"}}, 422),
    "a flag that is a text": ({"is_ours": "true"}, 422),
    "too many materials": ({"materials": [{"name": "材料"}] * 51}, 422),
    "a material that is less than none": ({"materials": [{"name": "材料", "copies": -1}]}, 422),
    "an unknown member": ({"holder": "somebody"}, 422),
    "a promise in the past": ({"promised_working_days": -1}, 422),
}


async def test_wrong_input_is_refused_and_leaves_nothing(desk: Desk):
    for name, (changes, status) in BAD.items():
        answer = await desk.register(**changes)
        assert answer.status_code == status, name
        assert SOMEBODY.id_number not in answer.text
    assert await desk.window.value("SELECT count(*) FROM records") == 0
    assert await desk.window.value("SELECT count(*) FROM receipt_serials") == 0


async def test_who_serves_nobody_registers_nothing(desk: Desk, world: Any):
    for actor in (world.SUPERVISOR, world.AUDITOR, world.ADMINISTRATOR):
        problem(await desk.register(actor), 403, "auth.role-required")
    problem(await desk.window.client.get(CONTACTS, headers=bearer(world.ADMINISTRATOR)), 403, "auth.role-required")
    assert (await desk.window.client.get(CONTACTS)).status_code == 401


async def test_a_change_needs_the_version_that_was_seen(desk: Desk, world: Any):
    contact = (await desk.register()).json()
    stale = await desk.act(world.AGENT, contact, "settlement", {"told": "已告知"}, version=9)
    problem(stale, 412, "request.if-match-stale")
    missing = await desk.window.client.post(
        f"{CONTACTS}/{contact['id']}/settlement", json={"told": "已告知"}, headers=bearer(world.AGENT)
    )
    assert missing.status_code == 428


def test_the_rule_is_marked_as_to_be_confirmed():
    """Source: O4.3b, ADR 0011."""
    rule = parameter("first_asked_answer_working_days", on=date(2026, 9, 1))
    assert (rule.mark.value, rule.clause, rule.unit) == ("K", "O4.3b", "working_day")
    assert rule.to_confirm


async def test_what_nobody_answered_in_time_is_seen(desk: Desk, world: Any):
    """Source: O4.3b, O4.3c."""
    late, other = (await desk.register()).json(), (await desk.register()).json()
    change = (
        "UPDATE records SET due_on = '2020-01-02', "
        """state = state || '{"due_on": "2020-01-02", "promised_on": "2020-01-02"}' WHERE id = $1"""
    )
    await desk.window.rows(change, late["id"])
    assert await desk.ids(world.AGENT, is_overdue="true") == [late["id"]]
    assert await desk.ids(world.AGENT) == [late["id"], other["id"]]
    shown = (await desk.get(world.AGENT, late)).json()
    assert shown["is_overdue"] is True
    assert shown["remaining_working_days"] < 0


async def test_a_case_comes_of_a_contact_and_who_asked_applies(desk: Desk, world: Any):
    """Source: O4.3b, O4.1c."""
    contact = await desk.offered(world.TOWN)
    first = await desk.open_case(world.AGENT, contact)
    assert first.status_code == 201, first.text
    case, ended = first.json()["case"], first.json()["contact"]
    assert first.headers["location"] == f"/casework/v1/cases/{case['id']}"
    assert (ended["status"], ended["case_ids"], ended["due_on"]) == ("case", [case["id"]], None)
    assert (ended["offers"][0]["answer"], ended["holder"]) == ("withdrawn", world.AGENT.subject)
    disclosed = await desk.window.client.post(
        f"/casework/v1/cases/{case['id']}/applicant-disclosures",
        json={"reason": "核对身份"},
        headers=bearer(world.HEAD),
    )
    assert (disclosed.json()["name"], disclosed.json()["id_number"]) == (SOMEBODY.name, SOMEBODY.id_number)
    second = (await desk.open_case(world.AGENT, ended)).json()
    assert second["contact"]["case_ids"] == [case["id"], second["case"]["id"]]


async def test_an_asker_without_a_number_is_no_applicant_and_somebody_else_may_be(desk: Desk, world: Any):
    """Source: O4.1b."""
    contact = (await desk.register(asker={"name": SOMEBODY.name, "phone": None})).json()
    refused = await desk.open_case(world.AGENT, contact)
    problem(refused, 422, "casework.contact.asker-unidentified", "O4.1b")
    other = synthetic_person(8)
    applicant = {"kind": "natural_person", "name": other.name, "id_number": other.id_number}
    assert (await desk.open_case(world.AGENT, contact, applicant=applicant)).status_code == 201


async def test_a_case_that_is_refused_leaves_the_contact_open(desk: Desk, world: Any):
    """Source: O4.3b."""
    contact = (await desk.register()).json()
    problem(await desk.open_case(world.AGENT, contact, item_code="Z99"), 422, "casework.item-unknown")
    problem(await desk.open_case(desk.colleague, contact), 403, "casework.contact.not-holder", "O4.3b")
    problem(await desk.open_case(world.AGENT, contact, division=world.TOWN), 403, "auth.out-of-scope")
    assert (await desk.get(world.AGENT, contact)).json()["status"] == "open"
    assert await desk.window.value("SELECT count(*) FROM cases") == 0
    settled = (await desk.act(world.AGENT, contact, "settlement", {"told": "已告知"})).json()
    problem(await desk.open_case(world.AGENT, settled), 409, "casework.contact.ended")
    assert await desk.window.value("SELECT count(*) FROM cases") == 0


async def test_the_same_request_opens_one_case(desk: Desk, world: Any):
    contact, key = (await desk.register()).json(), str(uuid7())
    first, second = (
        await desk.open_case(world.AGENT, contact, key=key),
        await desk.open_case(world.AGENT, contact, key=key),
    )
    assert first.json() == second.json()
    assert await desk.window.value("SELECT count(*) FROM cases") == 1


async def test_an_office_that_took_over_acts_for_the_one_that_is_no_more(desk: Desk, world: Any):
    """Source: O4.3b; standards.md §1 (Order 79)."""
    contact = await desk.offered(world.OTHER_VILLAGE)
    heir = "INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)"
    await desk.window.rows(heir, world.OTHER_VILLAGE, world.NEIGHBOUR)
    problem(await desk.act(desk.far, contact, "offer/acceptance"), 404, "record.not-found")
    assert await ids(desk, desk.neighbour, view="offered") == {contact["id"]}, "who may act on it finds it"
    assert await ids(desk, desk.far, view="offered") == set()
    taken = (await desk.act(desk.neighbour, contact, "offer/acceptance")).json()
    assert (taken["holder"], taken["holder_division"]) == (desk.neighbour.subject, world.NEIGHBOUR)


async def test_the_office_that_took_over_finds_what_the_former_one_holds(desk: Desk, world: Any):
    """O4.3b; ADR 0014: lists follow the division of today as acting does."""
    contact = (await desk.register()).json()
    await desk.window.rows("INSERT INTO directory_heirs VALUES ($1, $2)", world.VILLAGE, world.NEIGHBOUR)
    for query in ({"view": "office"}, {"view": "subtree", "division": world.NEIGHBOUR}):
        assert await ids(desk, desk.neighbour, **query) == {contact["id"]}, query
        assert await ids(desk, world.AGENT, **query) == set(), query


async def ids(desk: Desk, actor: Actor, **query: str) -> set[str]:
    """The contacts that somebody's list holds."""
    answer = await desk.window.client.get("/casework/v1/contacts", params=query, headers=bearer(actor))
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}
