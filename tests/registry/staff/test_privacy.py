"""Personal data of staff stands in clear nowhere but in the one answer that is asked for it. Source: O1.4g; ADR 0005."""

import asyncio
import subprocess
from typing import Any

import pytest

from common.testing.persons import synthetic_person
from common.testing.tokens import bearer

POSTS, PERSONS = "/staff-members", "/staff-persons"
SOMEBODY = synthetic_person(7_000)
CERTIFICATE = "粤三支一扶2023第001号"
SECRETS = (
    SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.id_number[:-1], SOMEBODY.id_number[6:14], SOMEBODY.phone, CERTIFICATE,
)  # fmt: skip
TABLES = ("records", "record_versions", "outbox", "audit_entries", "idempotency_keys", "offices")


def dump(desk: Any, postgres_server: Any) -> str:
    """Everything that is kept, bytea also as the text that its bytes would be."""
    name = desk.url.split("/")[3].split("?")[0]
    parts = [postgres_server.run_sql(name, f"COPY (SELECT * FROM {table}) TO STDOUT") for table in TABLES]
    sealed = "encode(id_number_index || id_number || name || coalesce(phone, '') || qualifications, 'escape')"
    parts.append(postgres_server.run_sql(name, f"SELECT {sealed} FROM staff_persons"))
    parts.append(postgres_server.run_sql(name, "SELECT convert_from(body, 'UTF8') FROM idempotency_keys"))
    return "\n".join(parts)


async def everything_that_can_happen(desk: Any, world: Any, hire_body: Any) -> str:
    """A life of a post, every refusal that meets personal data, and what was answered; unmasking is not among it."""
    office, station = await desk.office_of(world.HEPING_TOWN), await desk.office_of("441624101201")
    notice = {"office_id": office["id"], "notice_number": "1号", "notice_published_on": "2024-01-15", "method": "open_interview", "openings": 1, "prefers": ["three_supports"]}  # fmt: skip
    opened = (await desk.post("/recruitments", world.head, **notice)).json()
    term = {"group": "three_supports", "starts_on": "2021-08-01", "ends_on": "2023-07-31", "certificate": CERTIFICATE}
    made = await desk.post(POSTS, world.head, **hire_body(office, recruitment_id=opened["id"], priority=term))
    assert made.status_code == 201
    post, person = made.json()["id"], made.json()["person"]["id"]
    answers = [made, await desk.post(POSTS, world.head, **hire_body(station))]
    answers.append(await desk.post(POSTS, world.head, **hire_body(office)))
    answers.append(
        await desk.post(POSTS, world.head, **hire_body(office, 7_001, person_id_number=SOMEBODY.id_number[:-1]))
    )
    answers.append(await desk.post(POSTS, world.head, **hire_body(office, reason=f"录用{SOMEBODY.name}")))
    answers.append(await desk.post(POSTS, world.head, **hire_body(office, post_title=SOMEBODY.phone)))
    answers.append(await desk.post(POSTS, world.head, **hire_body(office, person_extra=SOMEBODY.id_number)))
    answers.append(await desk.post(POSTS, world.head, key=SOMEBODY.id_number, **hire_body(office)))
    answers.append(await desk.patch(f"{POSTS}/{post}", world.head, 1, duties=["legal_publicity"], reason="调整"))
    answers.append(await desk.patch(f"{PERSONS}/{person}", world.head, 2, education="master"))
    answers.append(
        await desk.patch(f"{PERSONS}/{person}", world.head, 3, education="college", reason=f"电话{SOMEBODY.phone}")
    )
    headers = {**bearer(world.head), "If-Match": '"2"'}
    ending = {"ended_on": "2025-06-01", "reason": f"{SOMEBODY.id_number}离岗"}
    answers.append(await desk.client.post(f"/registry/v1{POSTS}/{post}/end", json=ending, headers=headers))
    search = {"id_number": SOMEBODY.id_number}
    answers.append(
        await desk.client.post(f"/registry/v1{PERSONS}/search", json=search, headers=bearer(world.supervisor))
    )
    answers.append(
        await desk.client.post(
            f"/registry/v1{PERSONS}/{person}/unmask", json={"reason": SOMEBODY.name}, headers=bearer(world.head)
        )
    )
    training = {
        "subject": "skills",
        "mode": "post",
        "hours": 4,
        "held_on": "2024-06-01",
        "attendees": [{"staff_member_id": post}],
    }
    answers.append(await desk.post("/training-sessions", world.head, **training))
    paths = (
        POSTS,
        f"{POSTS}/{post}",
        f"{POSTS}/{post}/versions",
        f"{PERSONS}/{person}",
        f"/staff/duty-matrix?office_id={office['id']}",
        f"{PERSONS}/{SOMEBODY.id_number}",
    )
    answers += [await desk.client.get(f"/registry/v1{path}", headers=bearer(world.supervisor)) for path in paths]
    return "\n".join(f"{answer.text}{answer.headers}" for answer in answers)


async def test_no_personal_data_is_readable_in_records_events_audit_keys_answers_and_logs(
    small_desk: Any, world: Any, hire_body: Any, postgres_server: Any, capfd: Any, caplog: Any
) -> None:
    """Source: O1.4g."""
    answered = await everything_that_can_happen(small_desk, world, hire_body)
    person = await small_desk.value("SELECT id FROM staff_persons LIMIT 1")
    unmasked = await small_desk.client.post(
        f"/registry/v1{PERSONS}/{person}/unmask", json={"reason": "核对身份"}, headers=bearer(world.head)
    )
    assert all(secret in unmasked.text for secret in SECRETS)
    printed = capfd.readouterr()
    places = {
        "answers": answered,
        "database": dump(small_desk, postgres_server),
        "logs": printed.out + printed.err + caplog.text,
    }
    assert "registry.staff-member.changed.v1" in places["database"]
    assert "registry.training-attendance.changed.v1" in places["database"]
    assert {(place, secret) for place, text in places.items() for secret in SECRETS if secret in text} == set()


async def test_the_database_files_do_not_hold_it_either(
    small_desk: Any, world: Any, hire_body: Any, postgres_server: Any
) -> None:
    """Source: O1.4g."""
    await everything_that_can_happen(small_desk, world, hire_body)
    name = small_desk.url.split("/")[3].split("?")[0]
    postgres_server.run_sql(name, "CHECKPOINT")
    folder = postgres_server.run_sql(
        name,
        "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()",
    ).strip()
    assert await files_with("registry.staff-member.changed.v1", folder)
    for secret in SECRETS:
        assert (secret, await files_with(secret, folder)) == (secret, "")


async def files_with(text: str, folder: str) -> str:
    command = ["grep", "-rlaF", text, folder]
    found = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert found.returncode < 2, found.stderr
    return found.stdout


@pytest.mark.parametrize("crypto_suite", ["sm4-gcm-sm3"])
async def test_the_chinese_suite_keeps_persons_too(crypto_suite: str, tmp_path: Any, person_keys: Any) -> None:
    """Source: standards.md §9."""
    from common.crypto import generate_keyring
    from common.ids import uuid7
    from registry.settings import RegistrySettings
    from registry.staff.domain import Person
    from registry.staff.models import StaffPerson
    from registry.staff.service import open_vault

    generate_keyring(crypto_suite).save(tmp_path / "keys.json")
    chosen = {**person_keys, "crypto_suite": crypto_suite, "crypto_keys_file": tmp_path / "keys.json"}
    vault, other = open_vault(RegistrySettings.offline(**chosen)), open_vault(RegistrySettings.offline(**person_keys))
    assert vault is not None
    assert other is not None
    somebody = Person(SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.phone)
    row = StaffPerson(**vault.seal(uuid7(), 1, somebody))
    assert vault.open(row) == somebody
    assert row.pseudonym == other.pseudonym_of(SOMEBODY.id_number), (
        "the suite is the site's, the pseudonym the province's"
    )
