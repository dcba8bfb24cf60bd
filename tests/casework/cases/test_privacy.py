"""Personal data stands in clear nowhere but in the one answer that is asked for it."""

import asyncio
import subprocess
from typing import Any

import pytest

from common.crypto import CiphertextRefused
from common.testing.persons import synthetic_organisation, synthetic_person
from common.testing.tokens import bearer

CASES = "/casework/v1/cases"


def secrets() -> list[str]:
    somebody, company = synthetic_person(1), synthetic_organisation(2)
    return [
        somebody.name, somebody.id_number, somebody.id_number[:-1], somebody.phone, somebody.id_number[6:14],
        company.name, company.uscc, company.phone,
    ]  # fmt: skip


def dump(window: Any, postgres_server: Any) -> str:
    """Everything in the database as text, bytea also as the text that its bytes would be."""
    name = window.url.split("/")[3].split("?")[0]
    tables = ("cases", "outbox", "audit_entries", "idempotency_keys", "dead_letters")
    parts = [postgres_server.run_sql(name, f"COPY (SELECT * FROM {table}) TO STDOUT") for table in tables]
    sealed = postgres_server.run_sql(
        name,
        "SELECT encode(applicant_name || applicant_identifier || applicant_index || applicant_phone, 'escape') FROM cases "
        "UNION ALL SELECT convert_from(body, 'UTF8') FROM idempotency_keys",
    )
    return "\n".join([*parts, sealed])


async def everything_that_can_happen(window: Any, world: Any) -> str:
    """A life of each kind, every refusal that meets personal data, and what was answered."""
    answers = [await window.register(), await window.register(body_kind="organisation", item_code="B17", number=2)]
    for answer in answers[:2]:
        case = answer.json()["id"]
        answers.append(await window.act(case, "acceptance", version=1))
        answers.append(await window.act(case, "closure", {"result": "granted"}, version=1))
        answers.append(await window.act(case, "closure", {"result": "granted"}, version=2))
        answers.append(await window.client.get(f"{CASES}/{case}", headers=bearer(world.AGENT)))
    somebody = synthetic_person(1)
    search = {"kind": "natural_person", "number": somebody.id_number}
    answers.append(await window.client.post(f"{CASES}/search", json=search, headers=bearer(world.CLERK)))
    answers.append(await window.register(item_code="Z99"))
    answers.append(await window.register(applicant_extra=somebody.id_number))
    answers.append(await window.register(applicant_phone=somebody.id_number))
    answers.append(await window.register(division=somebody.id_number[:12]))
    answers.append(await window.register(key=somebody.id_number))
    answers.append(await window.client.get(f"{CASES}/{somebody.id_number}", headers=bearer(world.AGENT)))
    reason = {"reason": f"申请人{somebody.id_number}"}
    answers.append(await window.act(case, "withdrawal", reason, version=3))
    answers.append(await window.client.get(CASES, headers=bearer(world.AGENT)))
    return "\n".join(f"{answer.text}{answer.headers}" for answer in answers)


@pytest.mark.parametrize("crypto_suite", ["aes-gcm-sha256", "sm4-gcm-sm3"])
async def test_no_personal_data_is_readable_in_tables_events_audit_keys_answers_and_logs(
    window, world, postgres_server, capfd, caplog
):
    answered = await everything_that_can_happen(window, world)
    case = (await window.client.get(CASES, headers=bearer(world.AGENT))).json()["items"][-1]["id"]
    disclosed = await window.client.post(
        f"{CASES}/{case}/applicant-disclosures", json={"reason": "核对身份"}, headers=bearer(world.HEAD)
    )
    assert synthetic_person(1).id_number in disclosed.text
    printed = capfd.readouterr()
    places = {
        "answers": answered,
        "database": dump(window, postgres_server),
        "logs": printed.out + printed.err + caplog.text,
    }
    assert "casework.case.closed.v1" in places["database"]
    assert "request" in places["logs"]
    found = {(place, secret) for place, text in places.items() for secret in secrets() if secret in text}
    assert found == set()


async def test_the_database_file_of_the_case_tables_does_not_hold_it_either(window, world, postgres_server):
    await everything_that_can_happen(window, world)
    name = window.url.split("/")[3].split("?")[0]
    postgres_server.run_sql(name, "CHECKPOINT")
    folder = postgres_server.run_sql(
        name,
        "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()",
    ).strip()
    assert await files_with("casework.case.closed.v1", folder)
    for secret in secrets():
        assert (secret, await files_with(secret, folder)) == (secret, "")


async def files_with(text: str, folder: str) -> str:
    command = ["grep", "-rlaF", text, folder]
    found = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert found.returncode < 2, found.stderr
    return found.stdout


async def test_a_sealed_field_moved_to_another_case_does_not_open(window, world):
    first, second = (await window.register(number=1)).json(), (await window.register(number=2)).json()
    await window.rows(
        "UPDATE cases SET applicant_name = (SELECT applicant_name FROM cases WHERE id = $1) WHERE id = $2",
        first["id"], second["id"],
    )  # fmt: skip
    answer = await window.client.get(f"{CASES}/{second['id']}", headers=bearer(world.AGENT))
    assert (answer.status_code, answer.json()["code"]) == (503, CiphertextRefused.code)


async def test_equal_numbers_meet_in_the_index_and_nowhere_else(window):
    for number in (1, 1, 2):
        await window.register(number=number)
    rows = await window.rows("SELECT applicant_index, applicant_identifier, applicant_name FROM cases")
    assert len({row["applicant_index"] for row in rows}) == 2
    assert len({row["applicant_identifier"] for row in rows}) == len({row["applicant_name"] for row in rows}) == 3
