"""What an office has, counted; what nobody has told is absent and never zero."""

from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from common.contracts.registry import OfficeState
from common.contracts.registry.money import AidGrantState, BudgetLineState, TownSupplementState
from common.contracts.registry.offices import BaselineSurveyState, ServiceContractState
from common.contracts.registry.people import (
    EstablishmentState,
    StaffingRequirementState,
    StaffMemberState,
    TrainingAttendance,
)
from common.contracts.registry.places import EquipmentState, PremisesState
from common.divisions import Level
from common.ids import uuid7
from registry.readiness.domain import Picture, figures_of, picture_of

ON = date(2026, 11, 23)
OFFICE = uuid5(NAMESPACE_OID, "office")


def office(**changes: Any) -> OfficeState:
    values = {
        "id": OFFICE, "division": "441624101000", "level": Level.TOWN, "kind": "service_office", "name": "某镇服务所",
        "status": "operating", "version": 1, "effective_on": date(2023, 7, 1),
    }  # fmt: skip
    return OfficeState(**{**values, **changes})


def record(model: Any, /, **fields: Any) -> Any:
    shared = {
        "id": uuid7(), "version": 1, "office_id": OFFICE, "division": "441624101000", "level": Level.TOWN,
        "effective_on": date(2026, 1, 1),
    }  # fmt: skip
    return model.model_validate({**shared, **fields})


def told(*states: Any, **changes: Any) -> dict[str, int]:
    picture = picture_of((office(**changes), *states), on=ON, rules_on=ON)
    assert picture is not None
    return {one.code: one.value for one in figures_of(picture)}


def post(person: str, staff_type: str = "establishment", *, duties: int = 2, **changes: Any) -> Any:
    some = ("employment_services", "social_insurance", "labour_relations")[:duties]
    values = {
        "pseudonym": person * 64, "staff_type": staff_type, "post_title": None, "is_public_employee": False,
        "duties": some, "qualification_standard_id": None, "recruitment_id": None, "priority_group": None,
        "started_on": date(2020, 1, 1), "ended_on": None,
    }  # fmt: skip
    return record(StaffMemberState, **{**values, **changes})


def training(of: Any, subject: str, days_ago: int) -> Any:
    return record(
        TrainingAttendance, staff_member_id=of.id, session_id=uuid7(), subject=subject, mode="general", hours=8,
        held_on=ON - timedelta(days=days_ago), result="passed",
    )  # fmt: skip


def test_an_office_without_records_has_no_figures_and_no_zeros() -> None:
    """Source: S2, S3."""
    assert told() == {}


def test_a_closed_office_has_nothing() -> None:
    assert told(post("a"), status="closed", duties=("employment_services",)) == {}


def test_people_are_counted_once_and_posts_as_they_are() -> None:
    """Source: O1.4d, O3.2a."""
    found = told(post("a"), post("a", "purchased_service"), post("b", "purchased_service", duties=1))
    assert (found["staff_total"], found["staff_establishment"], found["staff_purchased_service"]) == (2, 1, 2)
    assert (found["posts"], found["posts_multi_duty"]) == (3, 2)


def test_whose_last_worker_has_left_has_none_and_that_is_known() -> None:
    assert told(post("a", ended_on=date(2026, 2, 1)))["staff_total"] == 0


def test_trained_is_who_had_every_subject_lately() -> None:
    """Source: O3.2b."""
    one, other = post("a"), post("b")
    found = told(
        one, other, training(one, "regulations", 10), training(one, "skills", 365), training(other, "skills", 1)
    )
    assert (found["staff_total"], found["staff_trained"]) == (2, 1)
    assert told(one, training(one, "regulations", 10), training(one, "skills", 366))["staff_trained"] == 0


def premises(area: int | None, **changes: Any) -> Any:
    window = {"number": "1", "is_public": True, "duties": (), "opening_hours": ()}
    values = {
        "address": "某镇", "certified_area_dm2": area, "certificate": "证", "measured_area_dm2": None,
        "shared_area_dm2": 0, "waiver": None, "windows": (window, {**window, "number": "2", "is_public": False}),
        "ended_on": None,
    }  # fmt: skip
    return record(PremisesState, **{**values, **changes})


def test_areas_are_told_own_shared_and_as_they_count() -> None:
    """Source: O2.2a, O2.2b."""
    found = told(premises(35_000, shared_area_dm2=10_000), premises(2_000))
    assert found["floor_area_own"] == 27_000
    assert (found["floor_area_shared"], found["floor_area_counted"]) == (10_000, 27_000)
    assert (found["windows"], found["public_windows"]) == (4, 2)
    agreed = told(premises(35_000, shared_area_dm2=10_000, shared_agreement="协议"))
    assert agreed["floor_area_counted"] == 35_000
    assert "floor_area_counted" not in told(premises(None)), "no area is told"
    platform = told(premises(5_000), form="platform_window", platform="政务中心")
    assert platform["floor_area_counted"] == 5_000, "the rule does not apply, the area is there"


def test_equipment_is_present_and_working_by_kind() -> None:
    """Source: O2.3."""

    def pieces(kind: str, condition: str, quantity: int) -> Any:
        return record(
            EquipmentState, kind=kind, model=None, quantity=quantity, condition=condition, acquired_on=ON,
            fund="county_budget", aid_grant_id=None, cost_fen=None,
        )  # fmt: skip

    found = told(pieces("computer", "working", 3), pieces("computer", "faulty", 1), pieces("printer", "scrapped", 2))
    assert (found["equipment_computer"], found["equipment_computer_working"]) == (4, 3)
    assert (found["equipment_kinds_present"], found["equipment_kinds_working"], found["equipment_fax"]) == (1, 1, 0)


def needs(**changes: Any) -> Any:
    names = (
        "served_persons", "economic_level", "area_hectares", "resident_population", "employer_count", "workload_cases",
        "required_min", "required_max", "override_posts", "override_reason", "override_approver", "override_expires_on",
    )  # fmt: skip
    return record(StaffingRequirementState, **{**dict.fromkeys(names), **changes})


def test_the_required_staff_is_a_range_of_those_who_are_served() -> None:
    """Source: O1.4b, O1.4c."""
    found = told(needs(served_persons=24_001, resident_population=90_000))
    assert (found["required_staff_low"], found["required_staff_high"], found["residents"]) == (4, 5, 90_000)
    assert "required_staff_low" not in told(needs(resident_population=90_000)), "residents are not who is served"
    decided = told(needs(served_persons=24_001, override_posts=9, override_expires_on=ON))
    assert (decided["required_staff_low"], decided["required_staff_high"]) == (9, 9)
    over = told(needs(served_persons=24_001, override_posts=9, override_expires_on=ON - timedelta(days=1)))
    assert over["required_staff_high"] == 5


def test_money_duties_sign_and_survey() -> None:
    """Source: S3, O1.1a, O2.1c, O5.1a, O5.1b, O5.2."""
    found = told(
        record(BudgetLineState, year=2026, budget_division="441624000000", is_listed=True, amount_fen=500, document="文"),
        record(BudgetLineState, year=2025, budget_division="441624000000", is_listed=False, amount_fen=1, document="文"),
        record(TownSupplementState, year=2026, amount_fen=70, purpose="补助", document=None),
        record(
            AidGrantState, use="infrastructure", amount_fen=900, granted_on=ON, document="文", area_list_version="一",
            spent_fen=300, asset_ids=(),
        ),
        record(EstablishmentState, quota=4, document="文"),
        record(
            BaselineSurveyState, surveyed_on=date(2026, 1, 1), shared_systems=("甲", "乙"), community_centre=None,
            findings={"staff": 1, "floor_area_dm2": 9_000, "is_networked": True, "remarks": "无"},
        ),
        duties=("employment_services", "social_insurance"), sign_installed_on=ON,
    )  # fmt: skip
    assert found == {
        "in_county_budget": 1, "budget_amount_fen": 500, "town_supplement": 1, "town_supplement_fen": 70,
        "aid_granted_fen": 900, "aid_spent_fen": 300, "established_posts": 4, "shared_systems": 2,
        "community_centre": 0, "baseline_staff": 1, "baseline_floor_area_dm2": 9_000, "baseline_is_networked": 1,
        "duties_covered": 2, "sign_installed": 1,
    }  # fmt: skip
    assert told(sign_installed_on=ON + timedelta(days=1)) == {"sign_installed": 0}


def test_a_purchase_counts_while_it_runs() -> None:
    """Source: O1.2b."""

    def contract(ends: date) -> Any:
        return record(
            ServiceContractState, provider="某公司", provider_uscc=None, starts_on=date(2026, 1, 1), ends_on=ends,
            amount_fen=800, acceptance=None, accepted_on=None, document=None,
        )  # fmt: skip

    assert told(contract(ON)) == {"purchase_contract": 1, "purchase_contract_fen": 800}
    assert told(contract(date(2026, 6, 1))) == {"purchase_contract": 0}
    station = {"kind": "service_station", "level": Level.VILLAGE, "division": "441624101201"}
    assert told(**station, provision_mode="own_staff") == {"purchase_contract": 0}
    assert told(**station) == {}


def test_every_code_is_told_once() -> None:
    picture = picture_of((office(), post("a"), premises(1_000), needs(served_persons=1)), on=ON, rules_on=ON)
    assert isinstance(picture, Picture)
    codes = [one.code for one in figures_of(picture)]
    assert len(codes) == len(set(codes))
