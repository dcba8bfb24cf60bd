"""What an office is beside its name: form, nature, edges, provision, duties, sign, life; as of any day."""

import asyncio
import json
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import make_actor
from registry.offices.domain import (
    OfficeStatus,
    duty_coverage,
    duty_options,
    leadership_of,
    ordered_duties,
    require_uscc,
    warnings_of,
)
from registry.offices.errors import DutyNotInForce, UsccRefused
from registry.offices.models import Office
from registry.offices.service import change_office

INSTITUTION = "12441500196720244T"
COMPANY = "91512081MA62K0260E"
DOCUMENT = "和机编〔2024〕5号"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


async def town(desk, world):
    return await desk.office_of(world.HEPING_TOWN)


async def change(desk, world, division=None, /, actor=None, **body):
    office = await desk.office_of(division or world.HEPING_TOWN)
    return await desk.change(actor or world.supervisor, office["id"], office["version"], **body)


async def changed(desk, world, division=None, /, **body):
    answer = await change(desk, world, division, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def traces(desk):
    return await desk.rows(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entries), "
        "(SELECT count(*) FROM record_versions), (SELECT sum(version) FROM offices)"
    )


# --- rules ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [INSTITUTION, INSTITUTION.lower(), " 12441500 196720244T ", "１２441500196720244T"])
def test_a_uscc_is_kept_in_its_one_form(typed):
    """Source: O1.2a."""
    assert require_uscc(typed) == INSTITUTION


@given(at=st.integers(0, 17), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_of_a_uscc_is_always_seen(at, other):
    """Source: O1.2a."""
    wrong = INSTITUTION[:at] + other + INSTITUTION[at + 1 :]
    if wrong == INSTITUTION:
        assert require_uscc(wrong) == INSTITUTION
    else:
        with pytest.raises(UsccRefused):
            require_uscc(wrong)


@given(on=st.dates(date(2009, 1, 1), date(2030, 1, 1)), chosen=st.sets(st.integers(0, 7)))
def test_covered_and_missing_are_together_the_duties_of_the_day(on, chosen):
    """Source: O1.1a."""
    options = duty_options(on)
    assert len(options) == (8 if on >= date(2011, 9, 25) else 0)
    duties = [options[at].code for at in sorted(chosen) if options]
    coverage = duty_coverage(duties, on)
    assert {*coverage.covered, *coverage.missing} == set(options)
    assert [one.code for one in coverage.covered] == duties
    assert (coverage.seventh_lead is None) is (not options)


def test_the_seventh_duty_tells_that_its_lead_changed_in_2018():
    """Source: O1.1a."""
    assert duty_coverage([], date(2018, 4, 15)).seventh_lead[:2] == ("人力资源社会保障部门", date(2011, 9, 25))
    assert duty_coverage([], date(2018, 4, 16)).seventh_lead[:2] == ("退役军人事务部门", date(2018, 4, 16))
    with pytest.raises(DutyNotInForce):
        ordered_duties(["social_insurance"], date(2011, 9, 24))


@pytest.mark.parametrize(
    ("division", "leader"),
    [("441624101000", "441624000000"), ("441900003000", "441900000000"), ("440305001000", "440305000000")],
)
def test_a_branch_is_led_by_its_county_or_by_the_city_where_there_is_none(division, leader):
    """Source: O1.3b."""
    assert leadership_of(division, "county_branch") == leader
    assert leadership_of(division, "territorial") == division


@pytest.mark.parametrize(
    ("kind", "nature", "uscc", "codes"),
    [
        ("service_office", "public_welfare_institution", INSTITUTION, []),
        ("service_office", "public_welfare_institution", COMPANY, ["registry.uscc-prefix"]),
        ("service_office", "public_welfare_institution", None, []),
        ("service_office", "administrative_organ", COMPANY, ["registry.legal-nature"]),
        ("service_office", None, COMPANY, []),
        ("service_station", "not_independent", None, []),
    ],
)
def test_what_is_odd_about_nature_and_uscc_is_warned_and_not_refused(kind, nature, uscc, codes):
    """Source: O1.2a."""
    office = SimpleNamespace(kind=kind, legal_nature=nature, uscc=uscc)
    assert [one.code for one in warnings_of(office, date(2026, 1, 1))] == codes
    assert warnings_of(office, date(2011, 9, 24)) == [], "no document, no rule"


# --- stating facts --------------------------------------------------------------------------------------------------


async def test_facts_come_back_with_their_labels_in_the_answer_the_event_and_the_history(small_desk, world):
    """Source: O1.1a, O1.1c, O1.2a."""
    office = await changed(
        small_desk,
        world,
        form="platform_window",
        platform="大坝镇公共服务中心",
        legal_nature="public_welfare_institution",
        uscc=INSTITUTION.lower(),
        duties=["legal_publicity", "social_insurance"],
        reason="核实登记",
        document=DOCUMENT,
    )
    assert (office["form_label"], office["legal_nature_label"]) == ("多功能平台专窗", "公益类事业单位")
    assert (office["uscc"], office["warnings"]) == (INSTITUTION, [])
    assert office["duties"] == ["social_insurance", "legal_publicity"], "in the order of the policy"
    assert office["duty_labels"] == ["社会保险", "相关普法宣传"]
    assert (office["change_reason"], office["change_document"]) == ("核实登记", DOCUMENT)
    (event,) = await small_desk.rows("SELECT data FROM outbox WHERE subject = $1 AND recordversion = 2", office["id"])
    told = json.loads(event["data"])
    assert told == {name: office[name] for name in told}
    assert (await small_desk.get(f"/offices/{office['id']}")).json() == office


async def test_a_wrong_prefix_is_warned_in_every_answer(small_desk, world):
    """Source: O1.2a."""
    office = await changed(small_desk, world, legal_nature="public_welfare_institution", uscc=COMPANY)
    (warning,) = office["warnings"]
    assert (warning["code"], warning["clause"]) == ("registry.uscc-prefix", "O1.2a")
    assert (await town(small_desk, world))["warnings"] == [warning]
    assert (await changed(small_desk, world, uscc=None))["warnings"] == []


async def test_a_window_in_a_platform_names_it_and_an_own_office_forgets_it(small_desk, world):
    """Source: O1.1c, S3."""
    assert (
        problem(await change(small_desk, world, form="platform_window"), 422, "registry.platform-mismatch")["clause"]
        == "O1.1c"
    )
    assert (
        problem(await change(small_desk, world, form="community_centre"), 422, "registry.platform-mismatch")["clause"]
        == "S3"
    )
    office = await changed(small_desk, world, form="community_centre", platform="大坝社区服务中心")
    assert (office["form_label"], office["platform"]) == ("与社区服务中心合设", "大坝社区服务中心")
    office = await changed(small_desk, world, form="independent")
    assert (office["form"], office["platform"]) == ("independent", None)


async def test_a_station_may_sit_in_a_community_centre(small_desk, world):
    """Source: O1.1d, S3: a station belongs to its village, assists the office above it, and may share its house."""
    station = await changed(
        small_desk, world, world.HEPING_VILLAGE, form="community_centre", platform="何屋村社区服务中心"
    )
    assert (station["leadership_division"], station["guidance_division"]) == (world.HEPING_VILLAGE, world.HEPING_TOWN)


async def test_a_branch_of_the_county_stays_one_and_changes_only_with_document_and_reason(small_desk, world):
    """Source: O1.3a, O1.3b."""
    refused = await change(small_desk, world, management_mode="county_branch", reason="只有理由")
    assert problem(refused, 422, "registry.management-mode-needs-ground")["clause"] == "O1.3b"
    branch = await changed(small_desk, world, management_mode="county_branch", reason="历史形成", document=DOCUMENT)
    assert (branch["leadership_division"], branch["guidance_division"]) == (world.HEPING, world.HEPING)
    assert branch["management_mode_label"] == "县级派出分支"
    kept = await changed(small_desk, world, phone="0762-5551234")
    assert (kept["management_mode"], kept["leadership_division"]) == ("county_branch", world.HEPING)
    assert (kept["change_reason"], kept["change_document"]) == (None, None), "a ground is that of one version"
    refused = await change(small_desk, world, management_mode="territorial")
    problem(refused, 422, "registry.management-mode-needs-ground")
    home = await changed(small_desk, world, management_mode="territorial", reason="下放属地", document=DOCUMENT)
    assert home["leadership_division"] == world.HEPING_TOWN


async def test_only_stations_have_a_provision_mode_and_without_a_contract_it_is_warned(small_desk, world):
    """Source: O1.2b."""
    problem(await change(small_desk, world, provision_mode="purchased_service"), 422, "registry.provision-mode-refused")
    station = await changed(small_desk, world, world.HEPING_VILLAGE, provision_mode="purchased_service")
    assert [one["code"] for one in station["warnings"]] == ["registry.no-running-contract"]
    assert (await small_desk.office_of(world.HEPING_VILLAGE))["warnings"] == station["warnings"]
    assert (await changed(small_desk, world, world.HEPING_VILLAGE, provision_mode="integrated"))["warnings"] == []


WRONG = [
    ({"uscc": "12441500196720244A"}, 422, "registry.uscc-refused"),
    ({"uscc": "1244150019672024"}, 422, "registry.uscc-refused"),
    ({"uscc": "12441500I96720244T"}, 422, "registry.uscc-refused"),
    ({"uscc": ""}, 422, "request.validation-failed"),
    ({"form": "tent"}, 422, "request.validation-failed"),
    ({"form": "platform_window"}, 422, "registry.platform-mismatch"),
    ({"platform": "某平台"}, 422, "registry.platform-mismatch"),
    ({"duties": ["cooking"]}, 422, "request.validation-failed"),
    ({"management_mode": None}, 422, "request.validation-failed"),
    ({"management_mode": "county_branch"}, 422, "registry.management-mode-needs-ground"),
    ({"provision_mode": "own_staff"}, 422, "registry.provision-mode-refused"),
    ({"sign_photo": "档案2024-15"}, 422, "registry.sign-refused"),
    ({"sign_installed_on": "2024-01-01"}, 422, "registry.sign-refused"),
    ({"sign_version": "2012版", "sign_installed_on": "2999-01-01"}, 422, "registry.sign-refused"),
    ({"phone": "0762-5551234", "effective_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
    ({"phone": "0762-5551234", "effective_on": "2023-06-29"}, 422, "registry.effective-date-refused"),
    ({"status": "closed", "reason": "直接撤销"}, 409, "registry.office-status-change-refused"),
    ({"merged_into": "01900000-0000-7000-8000-000000000000"}, 422, "request.validation-failed"),
    ({"effective_on": "2024-01-01"}, 422, "request.validation-failed"),
    ({"reason": "只有理由"}, 422, "request.validation-failed"),
    ({}, 422, "request.validation-failed"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG)
async def test_what_cannot_be_is_refused_and_leaves_nothing(small_desk, world, body, status, code):
    before = await traces(small_desk)
    problem(await change(small_desk, world, **body), status, code)
    assert await traces(small_desk) == before


async def test_heads_tell_phone_duties_and_sign_and_nothing_else(small_desk, world):
    """Source: O1.3a."""
    told = {"phone": "0762-5551234", "duties": ["social_insurance"], "sign_version": "2012版"}
    assert (await change(small_desk, world, actor=world.head, **told)).status_code == 200
    for body in ({"uscc": INSTITUTION}, {"form": "independent"}, {"legal_nature": "other"}):
        problem(await change(small_desk, world, actor=world.head, **body), 403, "auth.role-required")
    problem(await change(small_desk, world, actor=world.clerk, phone="0762-5551234"), 403, "auth.role-required")
    problem(await change(small_desk, world, actor=world.stranger, phone="0762-5551234"), 403, "auth.out-of-scope")


async def test_an_office_may_begin_with_all_its_facts_on_a_day_that_has_passed(small_desk, world):
    """Source: O1.1c, O1.2a."""
    body = {"division": world.INFORMAL, "name": "松山湖人力资源和社会保障服务所", "effective_on": "2024-03-01"}
    facts = {"form": "platform_window", "platform": "松山湖政务中心", "legal_nature": "public_welfare_institution"}
    office = await small_desk.create(world.dongguan, **body, **facts, uscc=INSTITUTION)
    assert office.status_code == 201, office.text
    shown = office.json()
    assert (shown["valid_from"], shown["effective_on"], shown["form"]) == (
        "2024-03-01",
        "2024-03-01",
        "platform_window",
    )
    assert (shown["management_mode"], shown["leadership_division"]) == ("territorial", world.INFORMAL)
    problem(await small_desk.get(f"/offices/{shown['id']}", on="2024-02-29"), 404, "registry.office-not-yet")
    before = await traces(small_desk)
    body["division"] = "441900402000"
    for wrong in (
        {"effective_on": "2999-01-01"},
        {"effective_on": "2023-06-29"},
        {"form": "platform_window"},
        {"management_mode": None},
        {"management_mode": "county_branch"},
    ):
        answer = await small_desk.create(world.dongguan, **{**body, **wrong})
        assert answer.status_code == 422
    assert await traces(small_desk) == before


# --- as of a day ----------------------------------------------------------------------------------------------------


async def test_an_office_is_shown_as_it_stood_on_any_day(small_desk, world):
    """Source: S3."""
    await changed(small_desk, world, uscc=INSTITUTION, effective_on="2024-01-10")
    await changed(small_desk, world, duties=["social_insurance"], effective_on="2024-06-01")
    office = await changed(small_desk, world, uscc=None, effective_on="2025-01-01", reason="撤销登记")

    async def on(day):
        return (await small_desk.get(f"/offices/{office['id']}", on=day)).json()

    assert [(await on(day))["uscc"] for day in ("2024-01-09", "2024-01-10", "2024-12-31", "2025-01-01")] == [
        None, INSTITUTION, INSTITUTION, None,
    ]  # fmt: skip
    assert [(await on(day))["version"] for day in ("2023-06-30", "2024-05-31", "2024-06-01")] == [1, 2, 3]
    assert {**await on(today().isoformat()), "updated_at": ""} == {**office, "updated_at": ""}
    problem(await small_desk.get(f"/offices/{office['id']}", on="2023-06-29"), 404, "registry.office-not-yet")
    versions = (await small_desk.get(f"/offices/{office['id']}/versions")).json()
    assert [(one["version"], one["effective_on"], one["change_reason"]) for one in versions] == [
        (1, "2023-06-30", None), (2, "2024-01-10", None), (3, "2024-06-01", None), (4, "2025-01-01", "撤销登记"),
    ]  # fmt: skip
    unknown = await small_desk.get("/offices/01900000-0000-7000-8000-000000000000/versions")
    problem(unknown, 404, "registry.office-not-found")


async def test_duty_coverage_tells_covered_missing_and_the_lead_of_the_seventh(small_desk, world):
    """Source: O1.1a."""
    office = await changed(
        small_desk, world, duties=["social_insurance", "employment_services"], effective_on="2024-01-10"
    )
    told = (await small_desk.get(f"/offices/{office['id']}/duty-coverage")).json()
    assert [one["code"] for one in told["covered"]] == ["employment_services", "social_insurance"]
    assert len(told["missing"]) == 6
    assert told["demobilised_officers"]["lead"] == "退役军人事务部门"
    earlier = (await small_desk.get(f"/offices/{office['id']}/duty-coverage", on="2024-01-09")).json()
    assert (earlier["covered"], len(earlier["missing"])) == ([], 8)


# --- life -----------------------------------------------------------------------------------------------------------


async def closing(desk, division, world, /, **body):
    office = await desk.office_of(division)
    if office["status"] == "operating":
        office = (
            await desk.change(world.supervisor, office["id"], office["version"], status="suspended", reason="合并")
        ).json()
    return await desk.change(world.supervisor, office["id"], office["version"], status="closed", reason="合并", **body)


async def test_a_closed_office_may_name_the_one_that_took_over(small_desk, world):
    heir = await small_desk.office_of("441624101202")
    answer = await closing(
        small_desk, world.HEPING_VILLAGE, world, merged_into=heir["id"], effective_on=today().isoformat()
    )
    assert answer.status_code == 200, answer.text
    closed = answer.json()
    assert (closed["status"], closed["merged_into"], closed["change_reason"]) == ("closed", heir["id"], "合并")
    assert closed["valid_to"] == (today() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("which", ["itself", "another level", "nobody", "a closed one"])
async def test_only_a_living_office_of_the_level_can_take_over(small_desk, world, which):
    own = await small_desk.office_of(world.HEPING_VILLAGE)
    if which == "a closed one":
        assert (await closing(small_desk, "441624101202", world)).status_code == 200
    heir = {
        "itself": own["id"],
        "another level": (await town(small_desk, world))["id"],
        "nobody": "01900000-0000-7000-8000-000000000000",
        "a closed one": (await small_desk.office_of("441624101202"))["id"],
    }[which]
    answer = await closing(small_desk, world.HEPING_VILLAGE, world, merged_into=heir)
    problem(answer, 422, "registry.successor-refused")
    assert (await small_desk.office_of(world.HEPING_VILLAGE))["status"] == "suspended"


async def test_two_offices_that_merge_into_one_another_at_once_leave_one_alive(small_desk, world):
    """The second closing waits for the first, although that one has only named it as its heir."""
    one, other = [await small_desk.office_of(code) for code in (world.HEPING_VILLAGE, "441624101202")]
    for office in (one, other):
        await small_desk.change(world.supervisor, office["id"], status="suspended", reason="合并")
    closing_ = {"status": OfficeStatus.CLOSED, "merged_into": UUID(other["id"])}
    async with small_desk.context.uow(world.supervisor) as uow:
        await change_office(
            uow, actor=world.supervisor, office_id=UUID(one["id"]), expected_version=2, changes=closing_
        )
        body = {"status": "closed", "reason": "合并", "merged_into": one["id"]}
        second = asyncio.create_task(small_desk.change(world.supervisor, other["id"], 2, **body))
        done, _ = await asyncio.wait([second], timeout=0.5)
        assert not done
    problem(await second, 422, "registry.successor-refused")
    assert (await small_desk.office_of("441624101202"))["status"] == "suspended"


async def test_of_many_changes_of_the_same_version_exactly_one_is_made(small_desk, world):
    """Lost updates are impossible: real connections, all at once."""
    office = await town(small_desk, world)
    answers = await asyncio.gather(
        *(small_desk.change(world.supervisor, office["id"], 1, sign_version=f"第{number}版") for number in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert (await town(small_desk, world))["version"] == 2
    assert await small_desk.value("SELECT count(*) FROM record_versions WHERE id = $1", office["id"]) == 2
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (await town(small_desk, world))["sign_version"] == winner["sign_version"]


# --- names and signs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("division", "name", "clause"),
    [
        ("441624101000", "大坝镇人力资源和社会保障服务所", "O2.1a"),
        ("441624000000", "和平县人力资源和社会保障局", "S6"),
        ("441900401000", None, "O2.1a"),
    ],
)
async def test_the_name_of_a_division_is_proposed_or_the_reason_told(small_desk, division, name, clause):
    """Source: O2.1a."""
    told = (await small_desk.get("/offices/name-proposal", division=division)).json()
    assert (told["name"], told["clause"]) == (name, clause)
    assert (told["explanation"] is None) is (name is not None)


async def test_proposed_station_names_have_no_committee_and_no_he(small_desk, world):
    """Source: O2.1b."""
    for station in (await small_desk.get("/offices", kind="service_station", limit=20)).json()["items"]:
        told = (await small_desk.get("/offices/name-proposal", division=station["division"])).json()
        assert told["name"] == station["name"]
        assert told["name"].endswith(("村人力资源社会保障服务站", "社区人力资源社会保障服务站"))
    problem(await small_desk.get("/offices/name-proposal", division="441624999000"), 404, "registry.division-not-found")


async def test_a_name_that_another_station_of_the_town_has_is_not_proposed(small_desk, world):
    """Source: O2.1b."""
    own = await small_desk.office_of(world.HEPING_VILLAGE)
    await small_desk.rows("UPDATE offices SET name = $1 WHERE division = '441624101202'", own["name"])
    told = (await small_desk.get("/offices/name-proposal", division=world.HEPING_VILLAGE)).json()
    assert told["name"] is None
    assert "重名" in told["explanation"]


async def test_sign_coverage_counts_operating_offices_that_show_the_sign_on_the_day(small_desk, world):
    """Source: O2.1c."""
    sign = {"sign_version": "2012版", "sign_photo": "档案2024-15", "sign_installed_on": "2024-05-01"}
    await changed(small_desk, world, **sign, effective_on="2024-05-02")
    await changed(small_desk, world, world.HEPING_VILLAGE, **sign, effective_on="2024-05-02")
    told = (await small_desk.get("/offices/sign-coverage", division=world.HEPING_TOWN)).json()
    office, stations = told["kinds"]
    assert (office["kind"], office["operating"], office["installed"], office["rate_percent"]) == (
        "service_office", 1, 1, "100.00",
    )  # fmt: skip
    assert (stations["installed"], told["installed"], told["clause"]) == (1, 2, "O2.1c")
    assert told["operating"] == stations["operating"] + 1
    assert told["rate_percent"] == f"{2 * 10000 // told['operating'] / 100:.2f}"
    earlier = (await small_desk.get("/offices/sign-coverage", division=world.HEPING_TOWN, on="2024-05-01")).json()
    assert (earlier["installed"], earlier["operating"]) == (0, told["operating"])
    await changed(small_desk, world, world.HEPING_VILLAGE, status="suspended", reason="修缮")
    later = (await small_desk.get("/offices/sign-coverage", division=world.HEPING_TOWN)).json()
    assert (later["installed"], later["operating"]) == (1, told["operating"] - 1)
    none = (await small_desk.get("/offices/sign-coverage", division=world.INFORMAL)).json()
    assert (none["operating"], none["rate_percent"]) == (0, None)


async def test_a_supervisor_of_the_office_itself_cannot_change_what_belongs_to_those_above(small_desk, world):
    """Source: O1.3a."""
    own = make_actor(world.HEPING_TOWN, Role.BUREAU_SUPERVISOR)
    problem(await change(small_desk, world, actor=own, uscc=INSTITUTION), 403, "auth.out-of-scope")


def test_a_ground_does_not_outlive_its_version_whoever_writes_the_next_one():
    office = Office(version=1)
    office.change_reason, office.change_document = "合并", DOCUMENT
    office.version = 2
    assert (office.change_reason, office.change_document) == (None, None)
