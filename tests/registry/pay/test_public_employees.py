"""Entries of rosters, read and ended one by one, without any person. Source: O1.4g."""

import json
from typing import Any

import pytest

from common.auth import Role
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.tokens import make_actor

COUNTY = "441624000000"
BUREAU = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
OTHER_BUREAU = make_actor("441625000000", Role.BUREAU_SUPERVISOR)
ENDING = {"employed_to": "2026-09-01", "document": "和人社函〔2026〕9号"}


async def hand_in(pay: Any, *numbers: int) -> list[dict[str, Any]]:
    """Entries of the county's roster, as its list shows them."""
    entries = [{"id_number": synthetic_person(one).id_number, "employed_from": "2015-07-01"} for one in numbers]
    office = await pay.office(COUNTY)
    body = {"office_id": office["id"], "document": "和人社函〔2026〕3号", "entries": entries}
    assert (await pay.desk.post("/public-employee-rosters", BUREAU, **body)).status_code == 201
    listed = await pay.desk.get("/public-employees", BUREAU, office_id=office["id"])
    assert listed.status_code == 200, listed.text
    return list(listed.json()["items"])


async def test_entries_are_listed_by_office_without_any_person(pay: Any) -> None:
    """O1.4g: id, days, document and county; page by page."""
    entries = await hand_in(pay, 4, 5, 6)
    county = {"division": COUNTY, "level": "county", "version": 1}
    days = {"employed_from": "2015-07-01", "employed_to": None, "document": "和人社函〔2026〕3号"}
    assert len(entries) == 3
    assert all({**one, **county, **days} == one for one in entries)
    pseudonyms = await pay.desk.rows("SELECT DISTINCT pseudonym FROM province_public_employees")
    told = json.dumps(entries)
    assert not [row for row in pseudonyms if row["pseudonym"] in told]
    assert "pseudonym" not in told
    found: list[str] = []
    page = (await pay.desk.get("/public-employees", BUREAU, limit=2)).json()
    while True:
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        page = (await pay.desk.get("/public-employees", BUREAU, limit=2, cursor=page["next_cursor"])).json()
    assert found == [one["id"] for one in entries]
    shown = await pay.desk.get(f"/public-employees/{found[0]}", BUREAU)
    assert (shown.json(), shown.headers["ETag"]) == (entries[0], '"1"')


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/versions"])
async def test_entries_are_read_in_the_readers_subtree_by_readers_of_staff(pay: Any, path: str) -> None:
    """O1.4g, ADR 0005."""
    (entry,) = await hand_in(pay, 4)
    where = "/public-employees" + path.format(id=entry["id"])
    assert (await pay.desk.get(where, make_actor("440000000000", Role.AUDITOR))).status_code == 200
    assert (await pay.desk.get(where)).status_code == 401
    assert (await pay.desk.get(where, make_actor(COUNTY, Role.WINDOW_CLERK))).status_code == 403
    for stranger in (OTHER_BUREAU, pay.head):
        answer = await pay.desk.get(where, stranger)
        assert answer.json()["items"] == [] if not path else answer.status_code == 404


async def test_an_entry_is_ended_by_its_id_and_bars_nobody_afterwards(pay: Any, hire_body: Any) -> None:
    """O1.4g: part-time pay of October, for somebody who left public service in September."""
    hired = await pay.desk.post("/staff-members", pay.head, **hire_body(await pay.office(), 4, account="agent-4"))
    assert hired.status_code == 201, hired.text
    (entry,) = await hand_in(pay, 4)
    await pay.rate(100)
    await pay.accept(await pay.case(4))
    assert (await pay.draft()).json()["total_fen"] == 0
    ended = await pay.act("public-employees", entry["id"], "ending", 1, BUREAU, **ENDING)
    assert (ended.status_code, ended.headers["ETag"]) == (200, '"2"'), ended.text
    assert {**entry, **ENDING, "version": 2, "effective_on": ended.json()["effective_on"]} == ended.json()
    assert (await pay.draft()).json()["total_fen"] == 100
    history = (await pay.desk.get(f"/public-employees/{entry['id']}/versions", BUREAU)).json()
    assert [one["employed_to"] for one in history] == [None, "2026-09-01"]
    assert await pay.desk.value("SELECT count(*) FROM outbox WHERE type = 'registry.public-employee.changed.v1'") == 2
    audit = await pay.desk.rows("SELECT action FROM audit_entries WHERE object_id = $1", entry["id"])
    assert [row["action"] for row in audit] == ["registry.public-employee.end"]
    assert (await pay.act("public-employees", entry["id"], "ending", 1, BUREAU, **ENDING)).status_code == 412


@pytest.mark.parametrize(
    ("changes", "actor", "version", "status", "code"),
    [
        ({"employed_to": "2015-06-30"}, BUREAU, 1, 422, "registry.roster-period-refused"),
        ({"employed_to": None}, BUREAU, 1, 422, "request.validation-failed"),
        ({"id_number": "1"}, BUREAU, 1, 422, "request.validation-failed"),
        ({}, BUREAU, 7, 412, "request.if-match-stale"),
        ({}, OTHER_BUREAU, 1, 403, "auth.out-of-scope"),
        ({}, make_actor(COUNTY, Role.STATISTICIAN), 1, 403, "auth.role-required"),
        ({}, make_actor("441624101000", Role.OFFICE_HEAD), 1, 403, None),
    ],
)
async def test_an_ending_that_may_not_be_changes_nothing(
    pay: Any, changes: dict[str, Any], actor: Any, version: int, status: int, code: str | None
) -> None:
    """O1.4g: leadership of the county's bureau."""
    (entry,) = await hand_in(pay, 4)
    before = await pay.counts()
    answer = await pay.act("public-employees", entry["id"], "ending", version, actor, **{**ENDING, **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code or answer.json()["code"]), answer.text
    assert await pay.counts() == before


async def test_an_ending_names_no_person_and_an_entry_that_is_there(pay: Any) -> None:
    """O1.4g."""
    (entry,) = await hand_in(pay, 4)
    number = synthetic_person(4).id_number
    refused = await pay.act("public-employees", entry["id"], "ending", 1, BUREAU, **{**ENDING, "document": number})
    assert (refused.status_code, number in refused.text) == (422, False)
    assert (await pay.act("public-employees", uuid7(), "ending", 1, BUREAU, **ENDING)).status_code == 404
