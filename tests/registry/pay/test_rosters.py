"""Rosters of public employees: numbers come in, pseudonyms stay. Source: O1.4g."""

from typing import Any

import pytest

from common.auth import Role
from common.contracts.registry.people import PublicEmployeeState
from common.testing.persons import synthetic_person
from common.testing.tokens import make_actor

COUNTY = "441624000000"
BUREAU = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
WRONG_CHECK_DIGIT = synthetic_person(1).id_number[:-1] + ("0" if synthetic_person(1).id_number[-1] != "0" else "1")


async def hand_in(
    pay: Any, *entries: dict[str, Any], actor: Any = BUREAU, division: str = COUNTY, **changes: Any
) -> Any:
    body = {
        "office_id": (await pay.office(division))["id"],
        "document": "和人社函〔2026〕3号",
        "entries": list(entries),
    }
    return await pay.desk.post("/public-employee-rosters", actor, **{**body, **changes})


def entry(number: int, first: str = "2015-07-01", end: str | None = None) -> dict[str, Any]:
    return {"id_number": synthetic_person(number).id_number, "employed_from": first, "employed_to": end}


async def test_a_roster_bars_a_part_time_helper_from_pay(pay: Any, hire_body: Any) -> None:
    """O1.4g: the number of the roster and that of the hire give one pseudonym."""
    hired = await pay.desk.post("/staff-members", pay.head, **hire_body(await pay.office(), 4, account="agent-4"))
    assert (hired.status_code, hired.json()["account"]) == (201, "agent-4"), hired.text
    answer = await hand_in(pay, entry(4), entry(5))
    assert (answer.status_code, answer.json()) == (201, {"received": 2, "changed": 2})
    await pay.rate(100)
    await pay.accept(await pay.case(4))
    (line,) = (await pay.pay())["lines"]
    assert (line["amount_fen"], line["blocked_by"], line["blocked_reason"]) == (0, "O1.4g", "public_employee_roster")


async def test_an_account_is_changed_and_is_no_persons_number(pay: Any, hire_body: Any) -> None:
    """O1.4f: tasks are traced by it, so it stands in events."""
    body = hire_body(await pay.office(), 4)
    for account in (synthetic_person(4).id_number, synthetic_person(4).phone, synthetic_person(4).name):
        refused = await pay.desk.post("/staff-members", pay.head, **{**body, "account": account})
        assert (refused.status_code, refused.json()["code"]) == (422, "registry.text-holds-personal-data")
    hired = (await pay.desk.post("/staff-members", pay.head, **body)).json()
    changed = await pay.desk.patch(f"/staff-members/{hired['id']}", pay.head, 1, account="agent-9")
    assert changed.json()["account"] == "agent-9"


async def test_a_roster_handed_in_again_changes_what_is_different(pay: Any) -> None:
    """O1.4g."""
    await hand_in(pay, entry(4), entry(5))
    again = await hand_in(pay, entry(5), entry(4, end="2026-10-01"))
    assert again.json() == {"received": 2, "changed": 1}
    assert (await hand_in(pay, entry(4, end="2026-10-01"))).json()["changed"] == 0
    stored = await pay.desk.rows("SELECT state::text FROM records WHERE record = 'registry.public-employee'")
    states = [PublicEmployeeState.model_validate_json(row["state"]) for row in stored]
    assert sorted((one.version, str(one.employed_to)) for one in states) == [(1, "None"), (2, "2026-10-01")]
    facts = await pay.desk.rows("SELECT version, employed_to::text FROM province_public_employees ORDER BY version")
    assert [tuple(row) for row in facts] == [(1, None), (2, "2026-10-01")]
    assert await pay.desk.value("SELECT count(*) FROM outbox WHERE type = 'registry.public-employee.changed.v1'") == 3


async def test_a_repeated_request_is_answered_once_and_keeps_no_number(pay: Any) -> None:
    """O1.4g."""
    number = synthetic_person(4).id_number
    for _ in range(2):
        answer = await hand_in(pay, entry(4), key="roster-1")
        assert answer.json() == {"received": 1, "changed": 1}
    assert await pay.desk.value("SELECT count(*) FROM records WHERE record = 'registry.public-employee'") == 1
    for table in ("records", "record_versions", "outbox", "audit_entries", "idempotency_keys"):
        kept = await pay.desk.value(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} AS t")
        assert number not in kept, table


@pytest.mark.parametrize(
    ("entries", "changes", "status", "code", "facts"),
    [
        ([entry(1), {**entry(1), "id_number": WRONG_CHECK_DIGIT}], {}, 422, "registry.roster-entry-refused",
         {"entry": 1, "check": "check_digit"}),
        ([{**entry(1), "id_number": "12345"}], {}, 422, "registry.roster-entry-refused", {"entry": 0, "check": "form"}),
        ([entry(1), entry(1)], {}, 422, "registry.roster-entry-refused", {"entry": 1, "check": "repeated"}),
        ([entry(1, end="2015-06-30")], {}, 422, "registry.roster-entry-refused", {"entry": 0, "check": "period"}),
        ([], {}, 422, "request.validation-failed", {}),
        ([{**entry(1), "name": synthetic_person(1).name}], {}, 422, "request.validation-failed", {}),
        ([{**entry(1), "employed_from": "2015"}], {}, 422, "request.validation-failed", {}),
        ([{**entry(1), "id_number": int(synthetic_person(2).id_number[:17])}], {}, 422, "request.validation-failed", {}),
        ([entry(1)], {"document": synthetic_person(1).id_number}, 422, "registry.text-holds-personal-data", {}),
        ([entry(1)], {"division": "441624101000"}, 403, "auth.out-of-scope", {}),
        ([entry(1)], {"division": "441624101000", "actor": make_actor("441624101000", Role.OFFICE_HEAD)}, 422,
         "registry.roster-office-refused", {}),
        ([entry(1)], {"division": "441625000000"}, 403, "auth.out-of-scope", {}),
        ([entry(1)], {"actor": make_actor(COUNTY, Role.STATISTICIAN)}, 403, "auth.role-required", {}),
    ],
)  # fmt: skip
async def test_a_wrong_roster_stays_out_whole_and_its_answer_names_no_number(
    pay: Any,
    entries: list[dict[str, Any]],
    changes: dict[str, Any],
    status: int,
    code: str,
    facts: dict[str, Any],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """O1.4g."""
    before = await pay.counts()
    answer = await hand_in(pay, *entries, **changes)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert {name: body[name] for name in facts} == facts
    assert await pay.counts() == before
    told = answer.text + "".join(capfd.readouterr())
    for one in entries:
        assert str(one["id_number"]) not in told
