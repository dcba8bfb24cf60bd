"""Readiness: what each criterion finds, why, and under which rules. Source: S2."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry import OfficeState
from common.contracts.registry.money import BudgetLineState
from common.contracts.registry.offices import ServiceContractState
from common.contracts.registry.people import (
    EstablishmentState,
    StaffingRequirementState,
    StaffMemberState,
    TrainingAttendance,
)
from common.contracts.registry.places import EquipmentState, PremisesState
from common.divisions import Level
from common.policy import parameter
from registry.readiness.domain import CRITERION_LABELS, judge, judged_status, missing_equipment_of, picture_of
from registry.readiness.domain.places import judge_area

TOWN, VILLAGE = "441624101000", "441624101201"
DAY = date(2026, 3, 2)
OFFICE = uuid4()
ALL_DUTIES = parameter("duties", on=DAY).option_codes
KINDS = parameter("equipment_kinds", on=DAY).option_codes


def shared(**changes: Any) -> dict[str, Any]:
    values = {
        "id": uuid4(),
        "version": 1,
        "office_id": OFFICE,
        "division": TOWN,
        "level": Level.TOWN,
        "effective_on": date(2012, 1, 1),
    }
    return {**values, **changes}


def office(**changes: Any) -> OfficeState:
    values = {
        "id": OFFICE,
        "division": TOWN,
        "level": Level.TOWN,
        "kind": "service_office",
        "name": "阳明镇人力资源和社会保障服务所",
        "status": "operating",
        "version": 1,
        "guidance_division": "441624000000",
        "effective_on": date(2012, 1, 1),
        "form": "independent",
        "legal_nature": "public_welfare_institution",
        "uscc": "12441500196720244T",
        "duties": ALL_DUTIES,
        "sign_version": "2012版",
        "sign_installed_on": date(2012, 1, 1),
    }
    return OfficeState(**{**values, **changes})


def premises(**changes: Any) -> PremisesState:
    window = {"number": "1", "is_public": True, "duties": (), "opening_hours": ()}
    values = shared(
        address="阳明镇",
        certified_area_dm2=31_000,
        certificate="粤房地证",
        measured_area_dm2=None,
        shared_area_dm2=0,
        waiver=None,
        windows=(window,),
        ended_on=None,
    )
    return PremisesState.model_validate({**values, **changes})


def machine(kind: str, **changes: Any) -> EquipmentState:
    values = shared(
        kind=kind,
        model=None,
        quantity=1,
        condition="working",
        acquired_on=date(2012, 1, 1),
        fund="county_budget",
        aid_grant_id=None,
        cost_fen=None,
    )
    return EquipmentState(**{**values, **changes})


def member(**changes: Any) -> StaffMemberState:
    values = shared(
        pseudonym="0" * 64,
        staff_type="establishment",
        post_title=None,
        is_public_employee=True,
        duties=ALL_DUTIES[:3],
        qualification_standard_id=uuid4(),
        recruitment_id=None,
        priority_group=None,
        started_on=date(2013, 1, 1),
        ended_on=None,
    )
    return StaffMemberState(**{**values, **changes})


def need(served: int | None, **changes: Any) -> StaffingRequirementState:
    names = ("economic_level", "area_hectares", "resident_population", "employer_count", "workload_cases")
    values = shared(served_persons=served, required_min=None, required_max=None, **dict.fromkeys(names))
    override = ("override_posts", "override_reason", "override_approver", "override_expires_on")
    return StaffingRequirementState(**{**values, **dict.fromkeys(override), **changes})


def training(person: StaffMemberState, subject: str, held_on: date) -> TrainingAttendance:
    values = shared(staff_member_id=person.id, session_id=uuid4(), subject=subject, mode="post", hours=8)
    return TrainingAttendance(**values, held_on=held_on, result="passed")


def line(year: int, *, is_listed: bool = True) -> BudgetLineState:
    values = shared(year=year, budget_division="441624000000", is_listed=is_listed, amount_fen=1, document="x")
    return BudgetLineState(**values)


def whole(**changes: Any) -> list[Any]:
    """Everything that a ready office has."""
    person = member()
    lately = DAY - timedelta(days=10)
    return [
        office(**changes),
        premises(),
        *(machine(kind) for kind in KINDS),
        person,
        need(7000),
        EstablishmentState(**shared(quota=1, document="x")),
        training(person, "regulations", lately),
        training(person, "skills", lately),
        line(DAY.year),
    ]


def judged(states: list[Any], *, on: date = DAY, rules_on: date | None = None) -> dict[str, Any]:
    picture = picture_of(states, on=on, rules_on=rules_on or on, is_guided=True)
    assert picture is not None
    return {criterion.code: criterion for criterion in judge(picture)}


def without(states: list[Any], model: type) -> list[Any]:
    return [state for state in states if not isinstance(state, model)]


def test_an_office_with_everything_is_ready_and_every_criterion_has_label_clause_and_document() -> None:
    found = judged(whole())
    assert {code: one.status for code, one in found.items() if one.status != "met"} == {}
    assert judged_status(list(found.values())) == "ready"
    assert set(found) < set(CRITERION_LABELS)
    assert all(one.clause and one.document and one.rule and one.value for one in found.values())


@pytest.mark.parametrize(
    ("changes", "code", "clause"),
    [
        ({"name": "阳明镇人力资源社会保障服务所"}, "unified_name", "O2.1a"),
        ({"legal_nature": "other"}, "legal_nature", "O1.2a"),
        ({"duties": ALL_DUTIES[:7]}, "duty_coverage", "O1.1a"),
        ({"sign_installed_on": DAY + timedelta(days=1)}, "unified_sign", "O2.1c"),
        ({"status": "suspended"}, "operating", "O6.1a"),
    ],
)
def test_what_an_office_is_can_keep_it_from_being_ready(changes: dict[str, Any], code: str, clause: str) -> None:
    """Source: O1.1a, O1.2a, O2.1a, O2.1c."""
    found = judged(whole(**changes))
    assert (found[code].status, found[code].clause) == ("unmet", clause)
    assert found[code].why
    assert judged_status(list(found.values())) == "not_ready"


@pytest.mark.parametrize(
    ("model", "replaced", "code", "status", "clause"),
    [
        (PremisesState, [], "floor_area", "unknown", "O2.2a"),
        (PremisesState, [premises(certified_area_dm2=29_999)], "floor_area", "unmet", "O2.2a"),
        (
            PremisesState,
            [premises(certified_area_dm2=20_000), premises(certified_area_dm2=10_000)],
            "floor_area",
            "met",
            "O2.2a",
        ),
        (PremisesState, [premises(certified_area_dm2=None, measured_area_dm2=30_000)], "floor_area", "met", "O2.2a"),
        (PremisesState, [premises(windows=())], "public_window", "unmet", "O2.2b"),
        (EquipmentState, [machine(kind) for kind in KINDS[1:]], "equipment", "unmet", "O2.3"),
        (EquipmentState, [machine(kind, condition="faulty") for kind in KINDS], "equipment", "unmet", "O2.3"),
        (EquipmentState, [], "equipment", "unknown", "O2.3"),
        (StaffingRequirementState, [need(None)], "staffing", "unknown", "O1.4b"),
        (StaffingRequirementState, [need(8001)], "staffing", "unmet", "O1.4b"),
        (StaffingRequirementState, [need(8000)], "staffing", "met", "O1.4b"),
        (EstablishmentState, [EstablishmentState(**shared(quota=0, document="x"))], "establishment", "unmet", "O1.4d"),
        (StaffMemberState, [member(qualification_standard_id=None)], "qualification", "unmet", "O3.1a"),
        (StaffMemberState, [member(duties=ALL_DUTIES[:1])], "duties_per_post", "unmet", "O3.2a"),
        (TrainingAttendance, [], "training", "unmet", "O3.2b"),
        (BudgetLineState, [line(DAY.year, is_listed=False)], "budget_line", "unmet", "O5.1a"),
        (BudgetLineState, [line(DAY.year - 1)], "budget_line", "unknown", "O5.1a"),
    ],
)
def test_what_an_office_has_is_held_against_the_rule(
    model: type, replaced: list[Any], code: str, status: str, clause: str
) -> None:
    """Source: O1.4b, O1.4d, O2.2a, O2.2b, O2.3, O3.1a, O3.2a, O3.2b, O5.1a."""
    found = judged([*without(whole(), model), *replaced])
    assert (found[code].status, found[code].clause) == (status, clause)
    assert found[code].why or status == "met"


def test_a_smaller_area_counts_as_ready_while_its_waiver_runs() -> None:
    """原则上 is soft. Source: O2.2a."""
    waiver = {"reason": "老城区无地", "approver": "和平县局", "document": None, "expires_on": DAY}
    small = [premises(certified_area_dm2=20_000, waiver=waiver)]
    states = [*without(whole(), PremisesState), *small]
    found = judged(states)
    assert (found["floor_area"].status, found["floor_area"].waiver_expires_on) == ("waived", DAY)
    assert judged_status(list(found.values())) == "ready_with_waivers"
    late = judged(states, on=DAY + timedelta(days=1))
    assert late["floor_area"].status == "unmet"


def test_a_window_in_a_platform_needs_no_building_of_its_own() -> None:
    """Source: O1.1c."""
    states = without(whole(form="platform_window", platform="阳明镇便民服务中心"), PremisesState)
    area = judged(states)["floor_area"]
    assert (area.status, area.clause) == ("not_applicable", "O1.1c")
    assert "阳明镇便民服务中心" in str(area.why)


def test_a_code_of_another_class_is_told_and_hinders_nothing() -> None:
    """Source: O1.2a (check, warn)."""
    found = judged(whole(uscc="91512081MA62K0260E"))
    assert (found["uscc_class"].status, judged_status(list(found.values()))) == ("met", "ready")
    assert "不是事业单位代码" in str(found["uscc_class"].why)


def test_a_window_that_is_no_institution_has_no_code_of_its_own() -> None:
    """Source: O1.1c."""
    states = whole(form="platform_window", platform="阳明镇便民服务中心", legal_nature="not_independent", uscc=None)
    found = judged([*without(states, PremisesState), premises(certified_area_dm2=None, measured_area_dm2=1)])
    assert {found[code].status for code in ("legal_nature", "uscc_class", "floor_area")} == {"not_applicable"}
    assert judged_status(list(found.values())) == "ready"


def test_what_somebody_learnt_under_an_earlier_post_counts() -> None:
    """Source: O3.2b."""
    states = whole()
    post = next(state for state in states if isinstance(state, StaffMemberState))
    later = member(pseudonym=post.pseudonym, started_on=DAY, staff_type="purchased_service")
    before = post.model_copy(update={"ended_on": DAY})
    rest = [state for state in states if state is not post]
    assert judged([*rest, before, later])["training"].status == "met"


def test_more_people_by_decision_are_asked_for_until_the_decision_expires() -> None:
    """Source: O1.4c."""
    decided = need(
        7000, override_posts=3, override_reason="任务重", override_approver="和平县局", override_expires_on=DAY
    )
    states = [*without(whole(), StaffingRequirementState), decided]
    staffing = judged(states)["staffing"]
    assert (staffing.status, staffing.clause, staffing.why) == ("unmet", "O1.4c", "尚缺2人")
    assert judged(states, on=DAY + timedelta(days=1))["staffing"].status == "met"


def test_a_station_is_asked_for_what_the_policy_asks_of_stations() -> None:
    """Source: O1.2b, O1.3c, O1.4e, O2.1b."""
    station = office(
        division=VILLAGE,
        level=Level.VILLAGE,
        kind="service_station",
        name="新塘村人力资源社会保障服务站",
        guidance_division=TOWN,
        provision_mode="purchased_service",
        duties=None,
    )
    agent = member(staff_type="committee_part_time", is_public_employee=False)
    found = judged([station, agent])
    assert found["provision"].status == "unmet"
    contract = ServiceContractState(
        **shared(provider="某社工机构", provider_uscc=None, amount_fen=1, acceptance=None, accepted_on=None),
        starts_on=DAY,
        ends_on=DAY,
        document=None,
    )
    found = judged([station, agent, contract])
    assert {code: one.status for code, one in found.items() if one.status != "met"} == {}
    assert "floor_area" not in found
    assert judged([station])["station_staff"].status == "unknown"
    alone = picture_of([station], on=DAY, rules_on=DAY, is_guided=False)
    assert alone is not None
    assert {one.code: one.status for one in judge(alone)}["guidance"] == "unmet"
    ended = contract.model_copy(update={"terminated_on": DAY})
    assert judged([station, agent, ended])["provision"].status == "unmet"


def test_nothing_is_asked_before_the_document_that_asks() -> None:
    """Source: S0."""
    found = judged(whole(), rules_on=date(2011, 9, 24))
    assert {one.status for one in found.values()} == {"not_applicable"}
    assert judged_status(list(found.values())) == "unknown"


def test_nobody_is_judged_on_a_day_before_the_office() -> None:
    assert picture_of([premises()], on=DAY, rules_on=DAY) is None


def test_what_has_ended_counts_no_longer() -> None:
    states = [*without(whole(), PremisesState), premises(ended_on=DAY)]
    assert judged(states)["public_window"].status == "unknown"
    assert judged(states, on=DAY - timedelta(days=1))["public_window"].status == "met"


@given(areas=st.lists(st.integers(0, 40_000), min_size=1, max_size=4), threshold=st.just(30_000))
def test_the_area_is_ready_exactly_when_the_premises_together_reach_the_number(
    areas: list[int], threshold: int
) -> None:
    """Source: O2.2a."""
    picture = picture_of([office(), *(premises(certified_area_dm2=area) for area in areas)], on=DAY, rules_on=DAY)
    assert picture is not None
    assert (judge_area(picture).status == "met") == (sum(areas) >= threshold)


@given(kinds=st.lists(st.sampled_from(KINDS), max_size=8), faulty=st.sets(st.sampled_from(KINDS)))
def test_missing_kinds_are_those_of_which_nothing_works(kinds: list[str], faulty: set[str]) -> None:
    """Source: O2.3."""
    things = [machine(kind, condition="faulty" if kind in faulty else "working") for kind in kinds]
    picture = picture_of([office(), *things], on=DAY, rules_on=DAY)
    assert picture is not None
    assert set(missing_equipment_of(picture)) == set(KINDS) - (set(kinds) - faulty)
