"""Qualification standards: versions by day and issuer, and what a hire is held to. Source: O3.1a."""

from datetime import timedelta
from typing import Any

import pytest

from common.auth import Role
from common.clock import today
from common.testing.persons import id_number_of
from common.testing.tokens import make_actor

PATH, POSTS = "/qualification-standards", "/staff-members"
HIRED = {"person_education": "college", "person_certificates": ["劳动关系协调员"]}


def standard(office: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "office_id": office["id"], "title": "乡镇服务所聘用资格标准", "applies_to": ["purchased_service"], "min_age_years": 18,
        "max_age_years": 80, "min_education": "college", "required_certificates": ["劳动关系协调员"],
        "in_force_from": "2024-01-01", "document": "和人社〔2024〕1号", **changes,
    }  # fmt: skip


async def issue(desk: Any, actor: Any, body: dict[str, Any]) -> dict[str, Any]:
    made = await desk.post(PATH, actor, **body)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def test_each_hire_is_checked_against_the_version_in_force_and_later_versions_change_nothing(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.1a."""
    county, office = await small_desk.office_of(world.HEPING), await small_desk.office_of(world.HEPING_TOWN)
    first = await issue(small_desk, world.supervisor, standard(county, in_force_to="2025-01-01"))
    strict = {"in_force_from": "2025-01-01", "min_education": "master", "document": "和人社〔2025〕1号"}
    second = await issue(small_desk, world.supervisor, standard(county, **strict))
    assert (first["number"], second["number"]) == (1, 2)
    made = await small_desk.post(POSTS, world.head, **hire_body(office, started_on="2024-12-31", **HIRED))
    assert (made.status_code, made.json()["qualification_standard_id"]) == (201, first["id"]), made.text
    later = await small_desk.post(POSTS, world.head, **hire_body(office, 7_001, started_on="2025-01-01", **HIRED))
    told = later.json()
    assert (later.status_code, told["code"], told["clause"], told["missing"]) == (
        422,
        "registry.unqualified",
        "O3.1a",
        ["education"],
    )
    assert "研究生" in told["detail"]
    assert "第2号" in told["detail"]
    before = await small_desk.post(POSTS, world.head, **hire_body(office, 7_002, started_on="2023-12-31"))
    assert (before.status_code, before.json()["qualification_standard_id"]) == (201, None)
    kept = (await small_desk.get(f"{POSTS}/{made.json()['id']}", world.head)).json()
    assert (kept["qualification_standard_id"], kept["version"]) == (first["id"], 1)


async def test_an_exception_with_a_document_is_recorded_with_what_was_missing(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.1a."""
    county, office = await small_desk.office_of(world.HEPING), await small_desk.office_of(world.HEPING_TOWN)
    await issue(small_desk, world.supervisor, standard(county))
    refused = await small_desk.post(POSTS, world.head, **hire_body(office))
    assert refused.json()["missing"] == ["education", "certificate:劳动关系协调员"]
    body = hire_body(office, qualification_exception={"document": "和人社函〔2024〕7号"})
    made = (await small_desk.post(POSTS, world.head, **body)).json()
    assert made["qualification_missing"] == ["education", "certificate:劳动关系协调员"]
    assert made["qualification_exception"] == "和人社函〔2024〕7号"
    fit = hire_body(office, 7_001, qualification_exception={"document": "和人社函〔2024〕8号"}, **HIRED)
    shown = (await small_desk.post(POSTS, world.head, **fit)).json()
    assert (shown["qualification_missing"], shown["qualification_exception"]) == ([], None)


async def test_age_comes_from_the_number_on_the_day_of_the_hire(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.1a."""
    from datetime import date

    county, office = await small_desk.office_of(world.HEPING), await small_desk.office_of(world.HEPING_TOWN)
    await issue(small_desk, world.supervisor, standard(county))
    young = hire_body(office, person_id_number=id_number_of(date(2006, 3, 2)), **HIRED)
    refused = await small_desk.post(POSTS, world.head, **young)
    assert refused.json()["missing"] == ["min_age"]
    assert "2006" not in refused.text
    made = await small_desk.post(POSTS, world.head, **{**young, "started_on": "2024-03-02"})
    assert made.status_code == 201


async def test_the_nearest_standard_upward_applies(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.1a."""
    places = {code: await small_desk.office_of(code) for code in ("440000000000", "441600000000", world.HEPING)}
    issued = {}
    for code in ("440000000000", "441600000000"):
        actor = make_actor(code, Role.BUREAU_SUPERVISOR)
        issued[code] = (
            await issue(small_desk, actor, standard(places[code], required_certificates=[], min_education=None))
        )["id"]
    office, other = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("440305001000")
    made = await small_desk.post(POSTS, world.head, **hire_body(office, 7_010))
    assert made.json()["qualification_standard_id"] == issued["441600000000"]
    far = make_actor("440305001000", Role.OFFICE_HEAD)
    assert (await small_desk.post(POSTS, far, **hire_body(other, 7_011))).json()["qualification_standard_id"] == issued[
        "440000000000"
    ]
    own = await issue(
        small_desk, world.supervisor, standard(places[world.HEPING], required_certificates=[], min_education=None)
    )
    assert (await small_desk.post(POSTS, world.head, **hire_body(office, 7_012))).json()[
        "qualification_standard_id"
    ] == own["id"]
    seconded = await small_desk.post(POSTS, world.head, **hire_body(office, 7_013, staff_type="seconded"))
    assert seconded.json()["qualification_standard_id"] is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "registry.standard-overlaps"),
        ({"in_force_from": "2023-01-01", "in_force_to": "2024-01-02"}, "registry.standard-overlaps"),
        ({"applies_to": ["establishment"], "in_force_to": "2024-01-01"}, "registry.standard-period-refused"),
        ({"applies_to": []}, "request.validation-failed"),
        ({"applies_to": ["establishment", "establishment"]}, "request.validation-failed"),
        ({"min_age_years": 60, "max_age_years": 18}, "request.validation-failed"),
        ({"min_education": "doctor"}, "request.validation-failed"),
        ({"title": "联系人13800138000", "applies_to": ["establishment"]}, "registry.text-holds-personal-data"),
    ],
)
async def test_a_wrong_standard_has_its_code_and_leaves_nothing(
    small_desk: Any, world: Any, changes: dict[str, Any], code: str
) -> None:
    """Source: O3.1a."""
    county = await small_desk.office_of(world.HEPING)
    await issue(small_desk, world.supervisor, standard(county))
    made = await small_desk.post(PATH, world.supervisor, **standard(county, **changes))
    assert (made.status_code, made.json()["code"]) == (422, code)
    assert await small_desk.value("SELECT count(*) FROM records") == 1


async def test_standards_are_issued_by_bureaus_ended_from_today_on_and_public(small_desk: Any, world: Any) -> None:
    """Source: O3.1a, O4.3e."""
    county, office = await small_desk.office_of(world.HEPING), await small_desk.office_of(world.HEPING_TOWN)
    town = await small_desk.post(PATH, world.head, **standard(office))
    assert (town.status_code, town.json()["code"], town.json()["clause"]) == (
        422,
        "registry.standard-issuer-refused",
        "O3.1a",
    )
    foreign = await small_desk.post(PATH, world.stranger, **standard(county))
    assert foreign.status_code == 403
    made = await issue(small_desk, world.supervisor, standard(county))
    path = f"{PATH}/{made['id']}"
    past = await small_desk.patch(path, world.supervisor, 1, in_force_to=str(today() - timedelta(days=1)))
    assert (past.status_code, past.json()["code"]) == (422, "registry.standard-period-refused")
    ended = await small_desk.patch(path, world.supervisor, 1, in_force_to=str(today()), reason="另订新标准")
    assert (ended.status_code, ended.json()["in_force_to"]) == (200, str(today()))
    again = await small_desk.patch(path, world.supervisor, 2, in_force_to=str(today() + timedelta(days=9)))
    assert again.json()["code"] == "registry.standard-period-refused"
    assert (await small_desk.patch(path, world.supervisor, 1, in_force_to=str(today()))).status_code == 412
    public = await small_desk.get(path)
    assert (public.status_code, public.json()["number"], public.headers["ETag"]) == (200, 1, '"2"')
    assert [one["version"] for one in (await small_desk.get(f"{path}/versions")).json()] == [1, 2]
    assert [one["id"] for one in (await small_desk.get(PATH, division=world.HEPING)).json()["items"]] == [made["id"]]
