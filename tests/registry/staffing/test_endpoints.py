"""Staffing requirements over HTTP. Source: O1.4a, O1.4b, O1.4c."""

from datetime import timedelta
from typing import Any

import pytest

from common.clock import today
from common.testing.tokens import bearer

PATH, POSTS = "/staffing-requirements", "/staff-members"
FACTORS = {
    "served_persons": 20_000, "economic_level": "less_developed", "area_hectares": 12_000, "resident_population": 31_000,
    "employer_count": 410, "workload_cases": 5_200,
}  # fmt: skip


async def tell(desk: Any, actor: Any, office: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made = await desk.post(
        PATH, actor, **{"office_id": office["id"], "effective_on": "2024-01-01", **FACTORS, **changes}
    )
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def override(desk: Any, actor: Any, requirement: str, version: int, **changes: Any) -> Any:
    body = {"posts": 6, "reason": "务工人员集中，业务量大", "expires_on": str(today() + timedelta(days=365)), **changes}
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await desk.client.post(f"/registry/v1{PATH}/{requirement}/override", json=body, headers=headers)


async def test_the_five_factors_are_stored_and_the_suggestion_follows_the_day(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4a, O1.4b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = await tell(small_desk, world.supervisor, office)
    assert {name: made[name] for name in FACTORS} == FACTORS
    assert (made["required_min"], made["required_max"], made["economic_level_label"]) == (3, 4, "欠发达")
    for number in range(3):
        assert (await small_desk.post(POSTS, world.head, **hire_body(office, 7_700 + number))).status_code == 201
    changed = await small_desk.patch(
        f"{PATH}/{made['id']}", world.head, 1, served_persons=33_000, effective_on="2025-01-01"
    )
    assert (changed.json()["required_min"], changed.json()["required_max"], changed.json()["employer_count"]) == (
        5,
        6,
        410,
    )
    told = {}
    for day in ("2023-12-31", "2024-02-01", "2024-12-31", "2025-01-01"):
        shown = (await small_desk.get("/staffing/suggestion", world.head, office_id=office["id"], on=day)).json()
        told[day] = (shown["required_min"], shown["required_max"], shown["held"], shown["status_label"])
    assert list(told.values()) == [(None, None, 0, "未知"), (3, 4, 0, "不足"), (3, 4, 3, "达标"), (5, 6, 3, "不足")]
    unknown = await small_desk.patch(f"{PATH}/{made['id']}", world.head, 2, served_persons=None)
    assert (unknown.json()["served_persons"], unknown.json()["required_min"]) == (None, None)
    assert (await small_desk.get("/staffing/suggestion", world.head, office_id=office["id"])).json()[
        "status"
    ] == "unknown"
    versions = (await small_desk.get(f"{PATH}/{made['id']}/versions", world.head)).json()
    assert [one["served_persons"] for one in versions] == [20_000, 33_000, None]


async def test_only_a_supervisor_above_decides_on_more_people(small_desk: Any, world: Any) -> None:
    """Source: O1.4c, O1.3a."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = await tell(small_desk, world.head, office)
    for actor, status, code in (
        (world.head, 403, "auth.role-required"),
        (world.stranger, 404, "registry.record-not-found"),
    ):
        refused = await override(small_desk, actor, made["id"], 1)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    fewer = await override(small_desk, world.supervisor, made["id"], 1, posts=4)
    assert (fewer.status_code, fewer.json()["code"], fewer.json()["clause"]) == (
        422,
        "registry.staffing-override-no-increase",
        "O1.4c",
    )
    over = await override(small_desk, world.supervisor, made["id"], 1, expires_on=str(today()))
    assert over.json()["code"] == "registry.staffing-override-expired"
    assert (await override(small_desk, world.supervisor, made["id"], 1, reason="")).status_code == 422
    decided = await override(small_desk, world.supervisor, made["id"], 1)
    assert (decided.status_code, decided.json()["override_posts"]) == (200, 6), decided.text
    assert decided.json()["override_approver"] == world.supervisor.subject
    assert (await override(small_desk, world.supervisor, made["id"], 1)).status_code == 412
    shown = (await small_desk.get("/staffing/suggestion", world.head, office_id=office["id"])).json()
    assert (shown["override_posts"], shown["status"]) == (6, "short")
    assert "O1.4c" in shown["explanation"]
    (entry,) = await small_desk.rows(
        "SELECT * FROM audit_entries WHERE action = 'registry.staffing-requirement.override'"
    )
    assert entry["reason"] == "务工人员集中，业务量大"


@pytest.mark.parametrize(
    ("division", "changes", "status", "code"),
    [
        ("441624101201", {}, 422, "registry.staffing-not-for-kind"),
        ("441624101000", {"served_persons": -1}, 422, "request.validation-failed"),
        ("441624101000", {"served_persons": 1.5}, 422, "request.validation-failed"),
        ("441624101000", {"economic_level": "rich"}, 422, "request.validation-failed"),
        ("441624101000", {"effective_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
        ("440305001000", {}, 403, "auth.out-of-scope"),
    ],
)
async def test_wrong_factors_have_their_code_and_leave_nothing(
    small_desk: Any, world: Any, division: str, changes: dict[str, Any], status: int, code: str
) -> None:
    """Source: O1.4a, O1.4b."""
    office = await small_desk.office_of(division)
    made = await small_desk.post(PATH, world.head, **{"office_id": office["id"], **FACTORS, **changes})
    assert (made.status_code, made.json()["code"]) == (status, code)
    assert await small_desk.value("SELECT count(*) FROM records") == 0


async def test_another_county_sees_nothing(small_desk: Any, world: Any) -> None:
    """Source: O1.3a."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = await tell(small_desk, world.head, office)
    again = await small_desk.post(PATH, world.head, office_id=office["id"], **FACTORS)
    assert (again.status_code, again.json()["code"]) == (409, "registry.record-exists")
    for path in (f"{PATH}/{made['id']}", f"{PATH}/{made['id']}/versions"):
        assert (await small_desk.get(path, world.stranger)).status_code == 404
        assert (await small_desk.get(path, world.supervisor)).status_code == 200
        assert (await small_desk.get(path, world.clerk)).status_code == 403
    assert (await small_desk.get(PATH, world.stranger)).json()["items"] == []
    assert [one["id"] for one in (await small_desk.get(PATH, world.supervisor)).json()["items"]] == [made["id"]]
    shown = (await small_desk.get("/staffing/suggestion", world.stranger, office_id=office["id"])).json()
    assert (shown["status"], shown["served_persons"]) == ("unknown", None)
    assert (await small_desk.patch(f"{PATH}/{made['id']}", world.head, 1)).status_code == 422
