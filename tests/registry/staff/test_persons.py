"""Files of persons: masked, in scope, in clear only with a reason; one pseudonym in the whole province. Source: O1.4g."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from common.auth import Role
from common.contracts.registry import OfficeState
from common.crypto import CiphertextRefused
from common.settings import SettingsError
from common.testing.databases import WAITING_FOR_LOCKS
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor
from registry.history.service import rehome_records
from registry.settings import RegistrySettings
from registry.staff.errors import PersonKeyRefused
from registry.staff.service import PseudonymKey, list_posts_on, open_vault

POSTS, PERSONS = "/staff-members", "/staff-persons"
RANDOM = bytes(range(7, 71))


async def post_to(desk: Any, path: str, actor: Any, **body: Any) -> Any:
    return await desk.client.post(f"/registry/v1{path}", json=body, headers=bearer(actor))


async def hire(desk: Any, actor: Any, body: dict[str, Any]) -> dict[str, Any]:
    made = await desk.post(POSTS, actor, **body)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


# --- keys -------------------------------------------------------------------------------------------------------


def key_file(folder: Path, content: bytes = RANDOM, mode: int = 0o600) -> Path:
    path = folder / "person.key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_one_key_gives_one_pseudonym_at_every_site_whatever_its_own_keys(tmp_path: Path) -> None:
    """Source: O1.4g."""
    here, there = PseudonymKey.load(key_file(tmp_path)), PseudonymKey(RANDOM)
    number = synthetic_person(5).id_number
    assert here.pseudonym_of(number) == there.pseudonym_of(f" {number[:6]} {number[6:].lower()}")
    assert here.pseudonym_of(number) != here.pseudonym_of(synthetic_person(6).id_number)
    assert here.pseudonym_of(number) != PseudonymKey(RANDOM[::-1]).pseudonym_of(number)
    assert here.fingerprint == there.fingerprint != PseudonymKey(RANDOM[::-1]).fingerprint
    assert number not in here.pseudonym_of(number)
    assert str(RANDOM) not in repr(here)


@pytest.mark.parametrize("mode", [0o604, 0o640 | 0o020, 0o666, 0o601])
def test_a_key_file_that_others_may_read_or_its_group_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    """Source: O1.4g."""
    with pytest.raises(PersonKeyRefused, match="权限"):
        PseudonymKey.load(key_file(tmp_path, mode=mode))
    PseudonymKey.load(key_file(tmp_path, mode=0o440))


@pytest.mark.parametrize("content", [b"", RANDOM[:31], b"a" * 64, b"x" * 5000])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    """Source: O1.4g."""
    with pytest.raises(PersonKeyRefused):
        PseudonymKey.load(key_file(tmp_path, content))
    with pytest.raises(PersonKeyRefused):
        PseudonymKey.load(tmp_path / "missing")


def test_production_refuses_to_start_without_the_provinces_key(monkeypatch: Any, tmp_path: Path) -> None:
    """Source: O1.4g."""
    told = {
        "ENVIRONMENT": "production", "DATABASE_URL": "postgresql:///x", "BUS": "kafka", "KAFKA_BOOTSTRAP_SERVERS": "k:9092",
        "KAFKA_CA_FILE": "/ca.crt",
        "OIDC_ISSUER": "https://identity.example", "OIDC_JWKS_URL": "https://identity.example/keys", "CRYPTO_KEYS_FILE": "/keys.json",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="PERSON_PSEUDONYM_KEY_FILE"):
        RegistrySettings.load()
    monkeypatch.setenv("PERSON_PSEUDONYM_KEY_FILE", str(key_file(tmp_path)))
    assert RegistrySettings.load().is_production


def test_a_site_without_keys_keeps_no_persons_and_a_broken_key_stops_the_start(
    tmp_path: Path, person_keys: Any
) -> None:
    """Source: O1.4g."""
    assert open_vault(RegistrySettings.offline()) is None
    assert open_vault(RegistrySettings.offline(**person_keys)) is not None
    broken = {**person_keys, "person_pseudonym_key_file": key_file(tmp_path, b"short")}
    with pytest.raises(PersonKeyRefused):
        open_vault(RegistrySettings.offline(**broken))


# --- files ------------------------------------------------------------------------------------------------------


async def test_unmasking_is_an_audited_act_of_who_leads_the_office(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.3a; standards.md §9."""
    made = await hire(
        small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN), person_education="college")
    )
    path, somebody = f"{PERSONS}/{made['person']['id']}", synthetic_person(7_000)
    masked = (await small_desk.get(path, world.head)).json()
    assert (masked["name"], masked["phone"]) == ("测**", f"{somebody.phone[:3]}****{somebody.phone[-4:]}")
    assert (masked["education_label"], masked["staff_member_ids"]) == ("大专", [made["id"]])
    shown = await post_to(small_desk, f"{path}/unmask", world.head, reason="核对身份")
    assert shown.status_code == 200, shown.text
    assert [shown.json()[name] for name in ("name", "id_number", "phone")] == [
        somebody.name,
        somebody.id_number,
        somebody.phone,
    ]
    (entry,) = await small_desk.rows("SELECT * FROM audit_entries WHERE action = 'registry.staff_person.unmask'")
    assert (entry["object_id"], entry["reason"], entry["actor"]) == (
        made["person"]["id"],
        "核对身份",
        world.head.subject,
    )
    for actor, status, code in (
        (world.supervisor, 403, "auth.out-of-scope"),
        (world.clerk, 403, "auth.role-required"),
        (world.stranger, 404, "registry.staff-person-not-found"),
        (make_actor(world.PROVINCE, Role.AUDITOR), 403, "auth.role-required"),
    ):
        refused = await post_to(small_desk, f"{path}/unmask", actor, reason="核对身份")
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    for reason in (f"核对{somebody.id_number}", f"核对{somebody.name}"):
        refused = await post_to(small_desk, f"{path}/unmask", world.head, reason=reason)
        assert refused.json()["code"] == "registry.text-holds-personal-data"
    assert (await post_to(small_desk, f"{path}/unmask", world.head)).status_code == 422
    assert (
        await small_desk.value("SELECT count(*) FROM audit_entries WHERE action = 'registry.staff_person.unmask'") == 1
    )


async def test_the_proof_of_a_service_term_is_kept_sealed_and_shown_unmasked(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.1b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    notice = {"office_id": office["id"], "notice_number": "1号", "notice_published_on": "2024-01-15", "method": "open_interview", "openings": 1, "prefers": ["graduate_village_official"]}  # fmt: skip
    opened = (await small_desk.post("/recruitments", world.head, **notice)).json()
    term = {
        "group": "graduate_village_official",
        "starts_on": "2020-09-01",
        "ends_on": "2023-08-31",
        "certificate": "粤村官2023第88号",
    }
    made = await hire(small_desk, world.head, hire_body(office, recruitment_id=opened["id"], priority=term))
    shown = (
        await post_to(small_desk, f"{PERSONS}/{made['person']['id']}/unmask", world.head, reason="核对服务期")
    ).json()
    assert shown["service_terms"] == [{**term, "group_label": "大学生村官"}]
    assert await small_desk.value("SELECT count(*) FROM record_versions WHERE state::text LIKE '%粤村官%'") == 0


async def test_a_person_is_found_by_exact_number_within_the_subtree_and_the_search_leaves_a_trace(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: ADR 0005."""
    made = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    number = synthetic_person(7_000).id_number
    found = await post_to(small_desk, f"{PERSONS}/search", world.supervisor, id_number=number)
    assert [one["id"] for one in found.json()["items"]] == [made["person"]["id"]]
    assert number not in found.text
    for actor, other in ((world.stranger, number), (world.supervisor, synthetic_person(9).id_number)):
        assert (await post_to(small_desk, f"{PERSONS}/search", actor, id_number=other)).json()["items"] == []
    assert (await post_to(small_desk, f"{PERSONS}/search", world.head, id_number="1")).json()[
        "code"
    ] == "registry.id-number-invalid"
    traces = await small_desk.rows("SELECT object_id FROM audit_entries WHERE action = 'registry.staff_person.search'")
    assert len(traces) == 3
    assert all(number not in one["object_id"] for one in traces)


async def test_a_file_changes_with_if_match_and_what_was_judged_stays(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.1a."""
    made = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    path = f"{PERSONS}/{made['person']['id']}"
    changed = await small_desk.patch(path, world.head, 1, education="master", phone=None, reason="取得学位")
    assert (changed.status_code, changed.json()["education"], changed.json()["phone"], changed.json()["version"]) == (
        200,
        "master",
        None,
        2,
    )
    assert (await small_desk.patch(path, world.head, 1, education="college")).status_code == 412
    assert (await small_desk.patch(path, world.supervisor, 2, education="college")).status_code == 403
    assert (await small_desk.patch(path, world.stranger, 2, education="college")).status_code == 404
    for body in ({}, {"id_number": synthetic_person(8).id_number}, {"name": "1"}, {"reason": "没有变更"}):
        assert (await small_desk.patch(path, world.head, 2, **body)).status_code == 422
    assert (await small_desk.get(path, world.head)).headers["ETag"] == '"2"'
    assert await small_desk.value("SELECT count(*) FROM record_versions WHERE id = $1", made["id"]) == 1


async def test_who_leads_both_posts_keeps_one_file_and_a_wrong_name_is_noticed(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4e."""
    office, station = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624101201")
    first = await hire(small_desk, world.head, hire_body(office))
    other = await small_desk.post(POSTS, world.head, **hire_body(station, person_name="测试某某"))
    assert (other.status_code, other.json()["code"]) == (409, "registry.staff-person-name-differs")
    second = await hire(small_desk, world.head, hire_body(station, person_phone=None, person_education="bachelor"))
    assert second["person"]["id"] == first["person"]["id"]
    shown = (await small_desk.get(f"{PERSONS}/{first['person']['id']}", world.head)).json()
    assert (shown["education"], shown["version"], len(shown["staff_member_ids"])) == ("bachelor", 2, 2)
    assert shown["phone"] is not None


async def test_a_further_hire_takes_nothing_out_of_the_file(small_desk: Any, world: Any, hire_body: Any) -> None:
    """What the new hire says nothing about stays; certificates add up. Source: O3.1a."""
    office, station = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624101201")
    told = {"person_education": "bachelor", "person_certificates": ["劳动关系协调员", "社会工作者"]}
    first = await hire(small_desk, world.head, hire_body(office, **told))
    path = f"{PERSONS}/{first['person']['id']}"
    await hire(small_desk, world.head, hire_body(station))
    shown = (await small_desk.get(path, world.head)).json()
    assert (shown["education"], shown["certificates"]) == ("bachelor", ["劳动关系协调员", "社会工作者"])
    third = await small_desk.office_of("441624101202")
    told = {"person_education": "master", "person_certificates": ["社会工作者", "职业指导师"]}
    await hire(small_desk, world.head, hire_body(third, **told))
    shown = (await small_desk.get(path, world.head)).json()
    assert shown["education"] == "master"
    assert shown["certificates"] == ["劳动关系协调员", "社会工作者", "职业指导师"]


async def test_a_hire_that_meets_a_changing_file_is_refused_and_loses_nothing(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: ADR 0013."""
    office, station = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624101201")
    first = await hire(small_desk, world.head, hire_body(office))
    async with small_desk.units()() as uow:
        await uow.conn.execute(
            "UPDATE staff_persons SET version = version + 1 WHERE id = $1", UUID(first["person"]["id"])
        )
        body = hire_body(station, person_education="master")
        racing = asyncio.create_task(small_desk.post(POSTS, world.head, **body))
        for _ in range(200):
            if await small_desk.value(WAITING_FOR_LOCKS):
                break
            await asyncio.sleep(0.05)
    refused = await racing
    assert (refused.status_code, refused.json()["code"]) == (412, "request.if-match-stale")
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.staff-member'") == 1


async def test_neither_the_old_nor_the_new_name_stands_in_a_reason(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: standards.md §9; ADR 0005."""
    made = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    name, version = synthetic_person(7_000).name, 1
    audited = await small_desk.value("SELECT count(*) FROM audit_entries")
    person, post = f"{PERSONS}/{made['person']['id']}", f"{POSTS}/{made['id']}"
    tag = {**bearer(world.head), "If-Match": '"1"'}
    for answer in (
        await small_desk.patch(person, world.head, version, name="测试改名", reason=f"{name}更名"),
        await small_desk.patch(person, world.head, version, name="测试改名", reason="更名为测试改名"),
        await small_desk.patch(post, world.head, version, duties=[], reason=f"{name}轮岗"),
        await small_desk.patch(post, world.head, version, post_title=f"{name}的岗位"),
        await small_desk.patch(post, world.head, version, account=name),
        await small_desk.client.post(
            f"/registry/v1{post}/end", json={"ended_on": "2025-01-01", "reason": f"{name}辞职"}, headers=tag
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "registry.text-holds-personal-data"), answer.text
        assert name not in answer.text
    assert await small_desk.value("SELECT count(*) FROM audit_entries") == audited
    assert (await small_desk.patch(person, world.head, version, name="测试改名", reason="户籍更名")).status_code == 200


async def test_two_counties_share_the_pseudonym_and_nothing_else(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.4g."""
    far = make_actor("440305001000", Role.OFFICE_HEAD)
    far_station = (await small_desk.get("/offices", division="440305001000", kind="service_station", limit=1)).json()[
        "items"
    ][0]
    here = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    there = await hire(small_desk, far, hire_body(far_station, person_name="测试同名"))
    assert here["person"]["id"] != there["person"]["id"]
    rows = await small_desk.rows(
        "SELECT state ->> 'pseudonym' AS pseudonym FROM records WHERE record = 'registry.staff-member'"
    )
    assert len({row["pseudonym"] for row in rows}) == 1
    assert (await small_desk.get(f"{PERSONS}/{here['person']['id']}", far)).status_code == 404
    seen = (await small_desk.get(f"{PERSONS}/{there['person']['id']}", far)).json()
    assert seen["staff_member_ids"] == [there["id"]]


async def test_a_sealed_field_moved_to_another_file_does_not_open(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: ADR 0005."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    first, second = [await hire(small_desk, world.head, hire_body(office, number)) for number in (7_001, 7_002)]
    await small_desk.rows(
        "UPDATE staff_persons SET name = (SELECT name FROM staff_persons WHERE id = $1) WHERE id = $2",
        first["person"]["id"], second["person"]["id"],
    )  # fmt: skip
    answer = await small_desk.get(f"{PERSONS}/{second['person']['id']}", world.head)
    assert (answer.status_code, answer.json()["code"]) == (503, CiphertextRefused.code)


async def test_a_site_without_keys_says_so(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.4g."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    small_desk.client._transport.app.state.person_vault = None
    made = await small_desk.post(POSTS, world.head, **hire_body(office))
    assert (made.status_code, made.json()["code"]) == (503, "registry.person-keys-missing")
    assert (await small_desk.get("/establishments", world.head)).status_code == 200


async def test_posts_and_their_file_go_where_the_office_goes(small_desk: Any, world: Any, hire_body: Any) -> None:
    """A town that moves to another county: nobody is lost or counted twice, and the file changes hands. Source: O1.3a."""
    old, new = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441625100000")
    heir = make_actor("441625100000", Role.OFFICE_HEAD)
    made = await hire(small_desk, world.head, hire_body(old))
    path = f"{PERSONS}/{made['person']['id']}"
    assert (await small_desk.get(path, heir)).status_code == 404
    async with small_desk.units()() as uow:
        home = OfficeState.model_validate_json(
            await uow.conn.fetchval("SELECT state::text FROM record_versions WHERE id = $1", UUID(new["id"]))
        )
        await rehome_records(uow, moves={UUID(old["id"]): home}, effective_on=date(2026, 1, 1), reason="撤并")
    assert (await small_desk.get(path, world.head)).status_code == 404
    assert (await small_desk.get(path, heir)).json()["staff_member_ids"] == [made["id"]]
    assert (await post_to(small_desk, f"{path}/unmask", heir, reason="接收档案")).status_code == 200
    for office, day, count in (
        (old, date(2025, 12, 31), 1),
        (new, date(2025, 12, 31), 0),
        (old, date(2026, 1, 1), 0),
        (new, date(2026, 1, 1), 1),
    ):
        async with small_desk.units()() as uow:
            held = await list_posts_on(uow.session, office_id=UUID(office["id"]), on=day)
        assert len(held) == count, (office["division"], day)
    twice = await small_desk.post(POSTS, heir, **hire_body(new))
    assert twice.json()["code"] == "registry.already-in-office"
