"""How offices were found before the work began: one baseline each, corrected with a reason. Source: S3."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import make_actor
from registry.surveys.domain import DIMENSION_LABELS, QUESTIONS, require_findings
from registry.surveys.errors import FindingRefused, FindingUnknown

FINDINGS = {"staff": 3, "is_networked": False, "floor_area_dm2": 12_050, "remarks": "与计生服务站合用场地"}


async def tell(desk, world, actor=None, division=None, /, **body):
    office = await desk.office_of(division or world.HEPING_TOWN)
    whole = {
        "office_id": office["id"],
        "surveyed_on": "2023-07-01",
        "shared_systems": ["金保工程业务系统", "省集中式人社系统", "金保工程业务系统"],
        "community_centre": "大坝镇社区服务中心",
        "findings": FINDINGS,
        **body,
    }
    return await desk.post("/baseline-surveys", actor or world.head, **whole)


async def traces(desk):
    return await desk.rows(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entries), (SELECT count(*) FROM records)"
    )


def test_every_dimension_of_the_work_is_asked_about():
    """Source: S2, S3."""
    assert {one.dimension for one in QUESTIONS.values()} == set(DIMENSION_LABELS)


@given(code=st.sampled_from(sorted(QUESTIONS)), value=st.integers() | st.booleans() | st.text(max_size=600))
def test_an_answer_is_taken_exactly_if_it_is_of_its_kind(code, value):
    """Source: S3."""
    kind = QUESTIONS[code].kind
    fits = type(value) is kind and (kind is bool or (0 <= value <= 10**13 if kind is int else 0 < len(value) <= 500))
    if fits:
        require_findings({code: value})
    else:
        with pytest.raises(FindingRefused):
            require_findings({code: value})


def test_an_answer_to_no_question_is_refused():
    with pytest.raises(FindingUnknown):
        require_findings({"shoe_size": 42})


async def test_an_office_has_one_baseline_after_a_merger_and_takes_one_over_where_it_has_none(small_desk, world):
    """Source: S3; standards.md §1."""
    one, other, third = world.HEPING_VILLAGE, "441624101202", "441624101203"
    told = {place: (await tell(small_desk, world, None, place)).json() for place in (one, other)}
    heirs = {place: (await small_desk.office_of(place))["id"] for place in (one, third)}
    city = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
    owners = "SELECT office_id::text, state ->> 'id' FROM records WHERE record = 'registry.baseline-survey'"
    for gone, heir, days in ((other, one, 1), (one, third, 0)):
        body = {"kind": "merge", "sources": [gone, heir], "targets": [{"code": heir}], "heir": heir}
        day = (today() - timedelta(days=days)).isoformat()
        merged = await small_desk.post("/division-changes", city, effective_on=day, document="粤民〔2026〕7号", **body)
        assert merged.status_code == 201, merged.text
        kept = {(told[other]["office_id"], told[other]["id"]), (heirs[heir], told[one]["id"])}
        assert {tuple(row) for row in await small_desk.rows(owners)} == kept


async def test_a_baseline_keeps_findings_shared_systems_and_the_community_centre(small_desk, world):
    """Source: S3."""
    answer = await tell(small_desk, world)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["shared_systems"] == ["省集中式人社系统", "金保工程业务系统"]
    assert (told["community_centre"], told["is_corrected"]) == ("大坝镇社区服务中心", False)
    found = {one["code"]: (one["value"], one["unit_label"], one["dimension_label"]) for one in told["findings"]}
    assert found["staff"] == (3, "人", "人员")
    assert found["is_networked"] == (False, None, "信息化")
    assert found["floor_area_dm2"] == (12_050, "平方分米", "场地")
    assert (await small_desk.get(f"/baseline-surveys/{told['id']}", world.supervisor)).json() == told
    assert await small_desk.value("SELECT count(*) FROM outbox WHERE type = 'registry.baseline-survey.changed.v1'") == 1


async def test_an_office_has_one_baseline_even_when_two_are_told_at_once(small_desk, world):
    """Source: S3."""
    answers = await asyncio.gather(*(tell(small_desk, world) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    problem(await tell(small_desk, world), 409, "registry.baseline-exists")


async def test_a_correction_needs_a_reason_and_the_state_as_found_stays(small_desk, world):
    """Source: S3."""
    told = (await tell(small_desk, world)).json()
    path = f"/baseline-surveys/{told['id']}"
    refused = await small_desk.patch(path, world.head, 1, findings={"staff": 4})
    assert problem(refused, 422, "registry.survey-correction-needs-reason")["clause"] == "S3"
    corrected = await small_desk.patch(path, world.head, 1, findings={"staff": 4}, reason="原填报漏一人")
    assert corrected.status_code == 200, corrected.text
    assert (corrected.json()["is_corrected"], corrected.json()["community_centre"]) == (True, "大坝镇社区服务中心")
    problem(await small_desk.patch(path, world.head, 1, findings={}, reason="又改"), 412, "request.if-match-stale")
    versions = (await small_desk.get(f"{path}/versions", world.head)).json()
    assert [{one["code"]: one["value"] for one in version["findings"]}["staff"] for version in versions] == [3, 4]


WRONG = [
    ({"findings": {"shoe_size": 1}}, 422, "registry.survey-finding-unknown"),
    ({"findings": {"staff": True}}, 422, "registry.survey-finding-refused"),
    ({"findings": {"staff": -1}}, 422, "registry.survey-finding-refused"),
    ({"findings": {"is_networked": 1}}, 422, "registry.survey-finding-refused"),
    ({"findings": {"remarks": ""}}, 422, "registry.survey-finding-refused"),
    ({"findings": {"staff": 1.5}}, 422, "request.validation-failed"),
    ({"surveyed_on": (today() + timedelta(days=1)).isoformat()}, 422, "registry.survey-day-refused"),
    ({"surveyed_on": "2023-07-01", "effective_on": "2023-06-30"}, 422, "registry.survey-day-refused"),
    ({"effective_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
    ({"shared_systems": [""]}, 422, "request.validation-failed"),
    ({"office_id": "01900000-0000-7000-8000-000000000000"}, 404, "registry.office-not-found"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG)
async def test_what_nobody_can_have_found_is_refused_and_leaves_nothing(small_desk, world, body, status, code):
    before = await traces(small_desk)
    problem(await tell(small_desk, world, **body), status, code)
    assert await traces(small_desk) == before


async def test_the_inventory_counts_the_offices_that_use_each_shared_system(small_desk, world):
    """Source: S3."""
    await tell(small_desk, world)
    body = {"shared_systems": ["金保工程业务系统"], "community_centre": None}
    assert (await tell(small_desk, world, world.head, world.HEPING_VILLAGE, **body)).status_code == 201
    told = (await small_desk.get("/baseline-surveys/summary", world.supervisor, division=world.HEPING)).json()
    assert (told["surveyed"], told["with_community_centre"]) == (2, 1)
    assert [(one["name"], one["offices"]) for one in told["shared_systems"]] == [
        ("金保工程业务系统", 2),
        ("省集中式人社系统", 1),
    ]
    elsewhere = await small_desk.get("/baseline-surveys/summary", world.stranger, division=world.HEPING)
    problem(elsewhere, 403, "auth.out-of-scope")


async def test_readers_sign_in_and_see_their_subtree_and_others_cannot_write(small_desk, world):
    """Source: O1.3a."""
    problem(await tell(small_desk, world, world.stranger), 403, "auth.out-of-scope")
    problem(await tell(small_desk, world, world.clerk), 403, "auth.role-required")
    told = (await tell(small_desk, world)).json()
    path = f"/baseline-surveys/{told['id']}"
    problem(await small_desk.get(path), 401, "auth.token-missing")
    problem(await small_desk.get(path, world.stranger), 404, "registry.record-not-found")
    assert (await small_desk.get("/baseline-surveys", world.stranger)).json()["items"] == []
    auditor = make_actor(world.PROVINCE, Role.AUDITOR)
    assert [one["id"] for one in (await small_desk.get("/baseline-surveys", auditor)).json()["items"]] == [told["id"]]
    asked = (await small_desk.get("/baseline-surveys/questions")).json()
    assert {one["code"] for one in asked} == set(QUESTIONS)
