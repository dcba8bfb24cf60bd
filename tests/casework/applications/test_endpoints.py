"""Applications over HTTP: one form, one receipt, one view of due dates; all cases or none."""

import asyncio
from typing import Any

import httpx
import pytest

from common.auth import Actor
from common.clock import today
from common.ids import uuid7
from common.testing.directory import office_phone
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer

APPLICATIONS = "/casework/v1/applications"
BUNDLE = "UNEMPLOYMENT"
SOMEBODY = synthetic_person(11)
APPLICANT = {
    "kind": "natural_person", "name": SOMEBODY.name, "id_number": SOMEBODY.id_number, "phone": SOMEBODY.phone,
}  # fmt: skip


class Desk:
    """The town's window."""

    def __init__(self, window: Any, world: Any) -> None:
        self.window, self.world = window, world

    async def apply(self, actor: Actor | None = None, key: str | None = None, **changes: Any) -> httpx.Response:
        body = {"division": self.world.TOWN, "bundle_code": BUNDLE, "applicant": APPLICANT, **changes}
        headers = {**bearer(actor or self.world.CLERK), "Idempotency-Key": key or str(uuid7())}
        return await self.window.client.post(APPLICATIONS, json=body, headers=headers)

    async def applied(self, **changes: Any) -> dict[str, Any]:
        answer = await self.apply(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def get(self, actor: Actor, application: dict[str, Any]) -> httpx.Response:
        return await self.window.client.get(f"{APPLICATIONS}/{application['id']}", headers=bearer(actor))

    async def withdraw(self, child: dict[str, Any]) -> None:
        answer = await self.window.act(
            child["id"], "withdrawal", {"reason": "申请人撤回"}, version=1, actor=self.world.CLERK
        )
        assert answer.status_code == 200, answer.text

    async def counts(self) -> tuple[int, int, int]:
        tables = ("cases", "records", "outbox")
        return tuple([await self.window.value(f"SELECT count(*) FROM {table}") for table in tables])


@pytest.fixture
def desk(window: Any, world: Any) -> Desk:
    """The window."""
    return Desk(window, world)


async def test_one_application_becomes_a_case_for_each_item_with_one_receipt(desk: Desk, world: Any):
    """Source: O4.1c."""
    answer = await desk.apply()
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["location"] == f"{APPLICATIONS}/{told['id']}"
    assert told["number"] == f"YJS{world.TOWN}{today():%Y%m%d}0001"
    assert told["item_codes"] == [one["item_code"] for one in told["cases"]]
    assert len(told["cases"]) == told["total"] == 3
    assert len({one["case_number"] for one in told["cases"]}) == 3
    assert {one["status"] for one in told["cases"]} == {"registered"}
    assert (told["status"], told["ended"]) == ("open", 0)
    assert told["complaint_phone"] == office_phone(world.COUNTY)
    assert told["applicant"]["name"] != SOMEBODY.name
    ids = await desk.window.rows("SELECT id, application_id FROM cases ORDER BY id")
    assert {str(row["application_id"]) for row in ids} == {told["id"]}
    assert {str(row["id"]) for row in ids} == {one["id"] for one in told["cases"]}


async def test_due_dates_of_all_cases_are_one_view(desk: Desk, world: Any):
    """Source: O4.1c, O4.3c."""
    told = await desk.applied()
    shown = (await desk.get(world.CLERK, told)).json()
    days = [one["due_on"] for one in shown["cases"]]
    for child, day in zip(told["cases"], days, strict=True):
        case = await desk.window.client.get(f"/casework/v1/cases/{child['id']}", headers=bearer(world.CLERK))
        assert (case.json()["due_on"], case.json()["application_id"]) == (day, told["id"])
    assert shown["latest_due_on"] == (None if None in days else max(days))
    assert shown["is_paused"] == (None in days)


async def test_materials_are_asked_for_once(desk: Desk):
    """Source: O4.1c."""
    materials = (await desk.applied())["materials"]
    names = [one["name"] for one in materials]
    assert len(names) == len(set(names)) > 0
    assert all(one["item_codes"] for one in materials)


async def test_it_is_open_until_every_case_has_ended_and_nothing_is_written_for_that(desk: Desk, world: Any):
    """Source: O4.1c."""
    told = await desk.applied()
    for number, child in enumerate(told["cases"], 1):
        await desk.withdraw(child)
        shown = (await desk.get(world.HEAD, told)).json()
        assert (shown["ended"], shown["status"]) == (number, "ended" if number == 3 else "open")
        assert shown["version"] == 1


async def test_named_items_instead_of_a_bundle(desk: Desk, world: Any):
    told = await desk.applied(bundle_code=None, item_codes=["E01", "B01"])
    assert (told["bundle_code"], told["item_codes"]) == (None, ["E01", "B01"])


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"item_codes": ["E01"]}, 422, "casework.application.items-missing"),
        ({"bundle_code": None}, 422, "casework.application.items-missing"),
        ({"bundle_code": None, "item_codes": ["E01", "E01"]}, 422, "casework.application.items-repeat"),
        ({"bundle_code": None, "item_codes": ["E01", "Z99"]}, 422, "casework.item-unknown"),
        ({"bundle_code": None, "item_codes": ["E01", "E02"]}, 422, "casework.applicant-kind-not-served"),
        ({"bundle_code": "NOTHING"}, 404, "casework.item.bundle-unknown"),
        ({"applicant": {**APPLICANT, "id_number": "1"}}, 422, "casework.id-number-invalid"),
        ({"division": "440305001003"}, 422, "directory.office-not-operating"),
        ({"contact_id": "01900000-0000-7000-8000-000000000001"}, 404, "record.not-found"),
        ({"division": "440306001000"}, 403, "auth.out-of-scope"),
        ({"applicant": None}, 422, "request.validation-failed"),
        ({"bundle_code": "lower case"}, 422, "request.validation-failed"),
        ({"item_codes": [], "bundle_code": None}, 422, "request.validation-failed"),
        ({"applicant_id": "1"}, 422, "request.validation-failed"),
    ],
)
async def test_all_or_nothing(desk: Desk, world: Any, changes: dict[str, Any], status: int, code: str):
    """Source: O4.1c. The last item may be the one that is refused: the first one leaves nothing either."""
    before = await desk.counts()
    problem(await desk.apply(**changes), status, code)
    assert await desk.counts() == before
    assert await desk.window.value("SELECT count(*) FROM receipt_serials") == 0


async def test_a_first_contact_becomes_an_application(desk: Desk, world: Any):
    """Source: O4.3b, O4.1c."""
    body = {
        "channel": "window", "matter": "失业后怎么办", "is_ours": True,
        "asker": {"name": SOMEBODY.name, "phone": SOMEBODY.phone},
    }  # fmt: skip
    headers = {**bearer(world.CLERK), "Idempotency-Key": str(uuid7())}
    contact = (await desk.window.client.post("/casework/v1/contacts", json=body, headers=headers)).json()
    problem(await desk.apply(world.HEAD, contact_id=str(uuid7())), 404, "record.not-found")
    told = await desk.applied(contact_id=contact["id"])
    shown = await desk.window.client.get(f"/casework/v1/contacts/{contact['id']}", headers=bearer(world.CLERK))
    assert (shown.json()["status"], shown.json()["case_ids"]) == ("case", [one["id"] for one in told["cases"]])
    assert told["contact_id"] == contact["id"]


async def test_who_sees_an_application(desk: Desk, world: Any):
    """Source: O4.1c."""
    told = await desk.applied()
    for actor in (world.CLERK, world.SUPERVISOR, world.AUDITOR):
        assert (await desk.get(actor, told)).status_code == 200
    for actor in (world.AGENT, world.STRANGER):
        problem(await desk.get(actor, told), 404, "record.not-found")
    problem(await desk.get(world.ADMINISTRATOR, told), 403, "auth.role-required")
    problem(await desk.apply(world.SUPERVISOR), 403, "auth.role-required")


async def test_the_list_shows_progress(desk: Desk, world: Any):
    first, second = await desk.applied(), await desk.applied()
    for child in first["cases"]:
        await desk.withdraw(child)
    answer = await desk.window.client.get(APPLICATIONS, params={"limit": 1}, headers=bearer(world.SUPERVISOR))
    page = answer.json()
    assert [(one["id"], one["status"], one["applicant"]) for one in page["items"]] == [(first["id"], "ended", None)]
    query = {"limit": 1, "cursor": page["next_cursor"]}
    answer = await desk.window.client.get(APPLICATIONS, params=query, headers=bearer(world.SUPERVISOR))
    assert [(one["id"], one["status"]) for one in answer.json()["items"]] == [(second["id"], "open")]
    assert answer.json()["next_cursor"] is None


async def test_the_same_request_applies_once_also_at_the_same_moment(desk: Desk):
    """Source: O4.1c."""
    key = str(uuid7())
    answers = await asyncio.gather(*(desk.apply(key=key) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await desk.counts())[:2] == (3, 1)


async def test_applications_at_once_get_numbers_of_their_own(desk: Desk):
    answers = await asyncio.gather(*(desk.applied() for _ in range(4)))
    assert sorted(int(one["number"][-4:]) for one in answers) == [1, 2, 3, 4]


async def test_every_case_and_the_application_are_told_without_anybody(desk: Desk, postgres_server: Any):
    """Source: O4.2a; standards.md §9."""
    await desk.applied()
    rows = await desk.window.rows("SELECT type FROM outbox ORDER BY id")
    assert [row["type"] for row in rows] == ["casework.case.registered.v1"] * 3 + ["casework.application.changed.v1"]
    name = desk.window.url.split("/")[3].split("?")[0]
    tables = ("records", "outbox", "audit_entries", "idempotency_keys")
    parts = [postgres_server.run_sql(name, f"COPY (SELECT * FROM {table}) TO STDOUT") for table in tables]
    parts.append(postgres_server.run_sql(name, "SELECT convert_from(body, 'UTF8') FROM idempotency_keys"))
    assert [one for one in (SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.phone) if one in "".join(parts)] == []
