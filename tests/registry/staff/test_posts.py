"""Hiring, changing and ending posts over HTTP. Source: O1.4d, O1.4e."""

from datetime import date, timedelta
from typing import Any

import pytest

from common.auth import Role
from common.clock import today
from common.testing.persons import id_number_of, synthetic_person
from common.testing.tokens import bearer, make_actor
from registry.staff.service import list_posts_of, list_posts_on

POSTS = "/staff-members"
STATION = "441624101201"


async def hire(desk: Any, actor: Any, body: dict[str, Any]) -> dict[str, Any]:
    made = await desk.post(POSTS, actor, **body)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def count(desk: Any) -> tuple[int, ...]:
    tables = ("records", "record_versions", "outbox", "staff_persons", "audit_entries")
    return tuple([await desk.value(f"SELECT count(*) FROM {table}") for table in tables])


async def test_a_hire_is_a_post_with_a_masked_person_an_event_and_an_audit_entry(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4d."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    body = hire_body(office, duties=["employment_services", "social_insurance"], post_title="综合窗口")
    made = await small_desk.post(POSTS, world.head, **body)
    assert made.status_code == 201, made.text
    shown = made.json()
    somebody = synthetic_person(7_000)
    assert shown["person"]["id_number"] == f"990***********{somebody.id_number[-4:]}"
    assert shown["person"]["name"] == "测**"
    assert (shown["staff_type_label"], shown["is_public_employee"]) == ("政府购买服务", False)
    assert (shown["started_on"], shown["effective_on"], shown["ended_on"]) == ("2024-03-01", "2024-03-01", None)
    assert "pseudonym" not in shown
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", shown["id"])
    assert event["type"] == "registry.staff-member.changed.v1"
    (entry,) = await small_desk.rows("SELECT * FROM audit_entries WHERE object_id = $1", shown["id"])
    assert entry["action"] == "registry.staff-member.hire"
    again = await small_desk.get(f"{POSTS}/{shown['id']}", world.head)
    assert (again.json(), again.headers["ETag"]) == (shown, '"1"')
    assert made.headers["Location"] == f"/registry/v1/staff-members/{shown['id']}"


async def test_a_repeated_request_hires_once(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.4d."""
    body = hire_body(await small_desk.office_of(world.HEPING_TOWN))
    first = await small_desk.post(POSTS, world.head, key="hire-1", **body)
    second = await small_desk.post(POSTS, world.head, key="hire-1", **body)
    assert (second.status_code, second.json()) == (201, first.json())
    assert await small_desk.value("SELECT count(*) FROM staff_persons") == 1


async def test_a_station_takes_the_four_types_and_its_town_leads_it(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4e, O1.3a."""
    station = await small_desk.office_of(STATION)
    for number, staff_type in enumerate(("public_welfare_post", "full_time", "part_time", "committee_part_time")):
        shown = await hire(small_desk, world.head, hire_body(station, 7_100 + number, staff_type=staff_type))
        assert shown["staff_type"] == staff_type
    county = await small_desk.post(POSTS, world.supervisor, **hire_body(station, 7_110))
    assert (county.status_code, county.json()["code"], county.json()["clause"]) == (403, "auth.out-of-scope", "O1.3a")


BAD: list[tuple[str, dict[str, Any], int, str, str | None]] = [
    ("station type at an office", {"staff_type": "committee_part_time"}, 422, "registry.staff-type-refused", "O1.4d"),
    ("begins tomorrow", {"started_on": str(today() + timedelta(days=1))}, 422, "registry.effective-date-refused", "S0"),
    ("check digit", {"person_id_number": "990000199005010010"}, 422, "registry.id-number-invalid", None),
    ("no date", {"person_id_number": "990000199013010010"}, 422, "registry.id-number-invalid", None),
    ("born later", {"person_id_number": id_number_of(date(2025, 1, 1))}, 422, "registry.id-number-invalid", None),
    ("no name", {"person_name": "123"}, 422, "registry.person-name-invalid", None),
    ("no mobile", {"person_phone": "0755-1234567"}, 422, "registry.person-phone-invalid", None),
    ("number in title", {"post_title": "电话13800138000"}, 422, "registry.text-holds-personal-data", None),
    ("name in reason", {"reason": f"录用{synthetic_person(7_000).name}"}, 422, "registry.text-holds-personal-data", None),
    ("no establishment", {"staff_type": "establishment"}, 422, "registry.establishment-unknown", "O1.4d"),
    ("no recruitment", {"recruitment_id": "01900000-0000-7000-8000-000000000000"}, 422, "registry.recruitment-refused", "O3.1b"),
    ("unknown type", {"staff_type": "volunteer"}, 422, "request.validation-failed", None),
    ("duty twice", {"duties": ["legal_publicity", "legal_publicity"]}, 422, "request.validation-failed", None),
    ("date as text", {"started_on": "2024-3-1"}, 422, "request.validation-failed", None),
    ("unknown member", {"sex": "male"}, 422, "request.validation-failed", None),
    ("priority without recruitment", {"priority": {"group": "three_supports", "starts_on": "2020-01-01", "ends_on": "2022-01-01", "certificate": "x"}}, 422, "request.validation-failed", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "status", "code", "clause"), BAD, ids=[one[0] for one in BAD])
async def test_a_wrong_hire_has_its_code_and_leaves_nothing(
    small_desk: Any,
    world: Any,
    hire_body: Any,
    name: str,
    changes: dict[str, Any],
    status: int,
    code: str,
    clause: str | None,
) -> None:
    """Source: O1.4d, O1.4e."""
    body = hire_body(await small_desk.office_of(world.HEPING_TOWN), **changes)
    before = await count(small_desk)
    made = await small_desk.post(POSTS, world.head, **body)
    told = made.json()
    assert (made.status_code, told["code"], told.get("clause")) == (status, code, clause), name
    assert body["person"]["id_number"] not in made.text
    assert await count(small_desk) == before


async def test_who_does_not_lead_the_office_hires_nobody(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.3a."""
    body = hire_body(await small_desk.office_of(world.HEPING_TOWN))
    before = await count(small_desk)
    for actor, code in (
        (world.supervisor, "auth.out-of-scope"),
        (world.stranger, "auth.out-of-scope"),
        (world.clerk, "auth.role-required"),
    ):
        made = await small_desk.post(POSTS, actor, **body)
        assert (made.status_code, made.json()["code"]) == (403, code)
    assert await count(small_desk) == before


async def test_one_person_has_several_part_time_posts_and_one_full_post(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4d, O1.4e."""
    office, station = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of(STATION)
    other = make_actor("441625100000", Role.OFFICE_HEAD)
    far, far_station = (
        await small_desk.office_of("441625100000"),
        (await small_desk.get("/offices", division="441625100000", kind="service_station", limit=1)).json()["items"][0],
    )
    await hire(small_desk, world.head, hire_body(office))
    await hire(small_desk, world.head, hire_body(station))
    await hire(small_desk, other, hire_body(far_station))
    refused = await small_desk.post(POSTS, other, **hire_body(far))
    assert (refused.status_code, refused.json()["code"], refused.json()["clause"]) == (
        422,
        "registry.full-post-held",
        "O1.4d",
    )
    assert "441624" not in refused.text, "the answer does not say where the other post is"
    twice = await small_desk.post(POSTS, world.head, **hire_body(office))
    assert (twice.status_code, twice.json()["code"]) == (409, "registry.already-in-office")
    pseudonyms = await small_desk.rows(
        "SELECT DISTINCT state ->> 'pseudonym' AS p FROM records WHERE record = 'registry.staff-member'"
    )
    assert len(pseudonyms) == 1
    async with small_desk.units()() as uow:
        assert len(await list_posts_of(uow.session, pseudonym=pseudonyms[0]["p"])) == 3


async def test_a_transfer_is_an_end_and_a_new_post_and_the_past_stays(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: S0, O1.4d."""
    office, far = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441625100000")
    other = make_actor("441625100000", Role.OFFICE_HEAD)
    first = await hire(small_desk, world.head, hire_body(office))
    ended = await small_desk.client.post(
        f"/registry/v1{POSTS}/{first['id']}/end", json={"ended_on": "2025-06-01", "reason": "调动"},
        headers={**bearer(world.head), "If-Match": '"1"'},
    )  # fmt: skip
    assert (ended.status_code, ended.json()["ended_on"], ended.json()["version"]) == (200, "2025-06-01", 2), ended.text
    second = await hire(small_desk, other, hire_body(far, started_on="2025-06-01"))
    assert second["person"]["id"] != first["person"]["id"], "each government keeps its own file"
    async with small_desk.units()() as uow:
        for place, day, expected in (
            (office, "2025-05-31", 1),
            (office, "2025-06-01", 0),
            (far, "2025-05-31", 0),
            (far, "2025-06-01", 1),
        ):
            held = await list_posts_on(uow.session, office_id=place["id"], on=date.fromisoformat(day))
            assert len(held) == expected, (place["division"], day)
    versions = (await small_desk.get(f"{POSTS}/{first['id']}/versions", world.head)).json()
    assert [one["ended_on"] for one in versions] == [None, "2025-06-01"]
    frozen = await small_desk.patch(f"{POSTS}/{first['id']}", world.head, 2, post_title="窗口")
    assert (frozen.status_code, frozen.json()["code"]) == (409, "registry.record-ended")


async def test_a_post_changes_with_if_match_and_a_lost_update_is_impossible(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.2a."""
    made = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    path = f"{POSTS}/{made['id']}"
    changed = await small_desk.patch(path, world.head, 1, duties=["legal_publicity"], effective_on="2024-05-01")
    assert (changed.status_code, changed.json()["duties"], changed.headers["ETag"]) == (200, ["legal_publicity"], '"2"')
    stale = await small_desk.patch(path, world.head, 1, post_title="窗口")
    assert (stale.status_code, stale.json()["code"]) == (412, "request.if-match-stale")
    early = await small_desk.patch(path, world.head, 2, post_title="窗口", effective_on="2024-04-30")
    assert (early.status_code, early.json()["code"]) == (422, "registry.effective-date-refused")
    nothing = await small_desk.patch(path, world.head, 2, reason="无变化")
    assert nothing.status_code == 422
    late = await small_desk.client.post(
        f"/registry/v1{path}/end",
        json={"ended_on": str(today() + timedelta(days=2))},
        headers={**bearer(world.head), "If-Match": '"2"'},
    )
    assert (late.status_code, late.json()["code"]) == (422, "registry.post-end-refused")


async def test_another_county_sees_nothing_and_other_roles_neither(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.3a."""
    made = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    for path in (f"{POSTS}/{made['id']}", f"{POSTS}/{made['id']}/versions", f"/staff-persons/{made['person']['id']}"):
        hidden = await small_desk.get(path, world.stranger)
        assert hidden.status_code == 404, path
        assert (await small_desk.get(path, world.clerk)).json()["code"] == "auth.role-required"
        assert (await small_desk.get(path)).status_code == 401
        assert (await small_desk.get(path, world.supervisor)).status_code == 200
    assert (await small_desk.get(POSTS, world.stranger)).json()["items"] == []
    listed = (
        await small_desk.get(POSTS, world.supervisor, division=world.HEPING, staff_type="purchased_service")
    ).json()
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    assert (await small_desk.get(POSTS, world.supervisor, staff_type="establishment")).json()["items"] == []
    changed = await small_desk.patch(f"{POSTS}/{made['id']}", world.stranger, 1, post_title="窗口")
    assert changed.status_code == 404


async def test_lists_come_in_pages(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.4d."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = [await hire(small_desk, world.head, hire_body(office, 7_200 + number)) for number in range(5)]
    found, cursor = [], None
    while True:
        query = {"cursor": cursor} if cursor else {}
        page = (await small_desk.get(POSTS, world.head, limit=2, **query)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == sorted(one["id"] for one in made)


async def test_the_duty_matrix_of_a_day_shows_coverage_and_thin_posts(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.2a, O1.1a."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    await hire(small_desk, world.head, hire_body(office, 7_300, duties=["employment_services", "social_insurance"]))
    thin = await hire(
        small_desk, world.head, hire_body(office, 7_301, duties=["legal_publicity"], started_on="2025-01-01")
    )
    shown = (await small_desk.get("/staff/duty-matrix", world.supervisor, office_id=office["id"])).json()
    assert {one["staff_member_id"]: one["is_below_min"] for one in shown["posts"]}[thin["id"]] is True
    assert (len(shown["duties"]), len(shown["uncovered"]), shown["duties_per_post_min"], shown["clause"]) == (
        8,
        5,
        2,
        "O3.2a",
    )
    assert next(one for one in shown["duties"] if one["duty"] == "legal_publicity")["staff_member_ids"] == [thin["id"]]
    assert all(one["person"]["name"].endswith("**") for one in shown["posts"])
    before = (await small_desk.get("/staff/duty-matrix", world.head, office_id=office["id"], on="2024-12-31")).json()
    assert (len(before["posts"]), "legal_publicity" in before["uncovered"]) == (1, True)
    hidden = (await small_desk.get("/staff/duty-matrix", world.stranger, office_id=office["id"])).json()
    assert hidden["posts"] == []
