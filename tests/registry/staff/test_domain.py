"""Rules of persons, posts, establishment, standards and recruitments, without a database."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.contracts.registry.people import (
    EstablishmentState,
    QualificationStandardState,
    RecruitmentState,
    StaffMemberState,
)
from common.divisions import Level
from common.ids import uuid7
from common.policy import BOOK, parameter
from common.testing.persons import id_number_of
from registry.offices.domain import OfficeKind
from registry.staff import domain
from registry.staff.errors import (
    AlreadyInOffice,
    EstablishmentBelowFilled,
    EstablishmentFull,
    EstablishmentIncreaseRefused,
    FullPostHeld,
    IdNumberInvalid,
    PersonNameInvalid,
    PersonPhoneInvalid,
    PostEndRefused,
    PriorityRefused,
    RecruitmentChangeRefused,
    RecruitmentFull,
    RecruitmentRefused,
    StaffTypeRefused,
    StandardOverlaps,
    StandardPeriodRefused,
    TextHoldsPersonalData,
    Unqualified,
)

OFFICE, OTHER = uuid7(), uuid7()
TODAY = date(2026, 11, 22)
FIRST = date(2024, 1, 1)
SHARED: dict[str, Any] = {"version": 1, "office_id": OFFICE, "division": "441624101000", "level": Level.TOWN}


def post(**changes: Any) -> StaffMemberState:
    values: dict[str, Any] = {
        **SHARED, "id": uuid7(), "effective_on": FIRST, "pseudonym": "a" * 64, "staff_type": "establishment",
        "post_title": None, "is_public_employee": True, "duties": (), "qualification_standard_id": None,
        "recruitment_id": None, "priority_group": None, "started_on": FIRST, "ended_on": None,
    }  # fmt: skip
    return StaffMemberState(**{**values, **changes})


def quota(number: int, on: date = FIRST) -> EstablishmentState:
    return EstablishmentState(**SHARED, id=uuid7(), effective_on=on, quota=number, document="和编〔2012〕5号")


def standard(**changes: Any) -> QualificationStandardState:
    values: dict[str, Any] = {
        **SHARED, "id": uuid7(), "effective_on": FIRST, "title": "聘用资格标准", "number": 1,
        "applies_to": ("purchased_service",), "min_age_years": 18, "max_age_years": 45, "min_education": "college",
        "required_certificates": ("劳动关系协调员",), "in_force_from": FIRST, "in_force_to": None, "document": "和人社〔2024〕1号",
    }  # fmt: skip
    return QualificationStandardState(**{**values, **changes})


def recruitment(**changes: Any) -> RecruitmentState:
    values: dict[str, Any] = {
        **SHARED, "id": uuid7(), "effective_on": FIRST, "notice_number": "2024年第1号", "notice_published_on": FIRST,
        "method": "open_examination", "openings": 2, "applicants": None, "prefers": ("three_supports",),
        "hired_by_group": {}, "status": "published",
    }  # fmt: skip
    return RecruitmentState(**{**values, **changes})


def person(**changes: Any) -> domain.Person:
    values: dict[str, Any] = {"name": "测试甲", "id_number": id_number_of(date(1990, 5, 1)), "education": "bachelor"}
    return domain.Person(**{**values, "certificates": ("劳动关系协调员",), **changes})


# --- types of posts ---------------------------------------------------------------------------------------------

STATION_TYPES = ("public_welfare_post", "full_time", "part_time", "committee_part_time")
OFFICE_TYPES = ("establishment", "purchased_service")


@pytest.mark.parametrize("staff_type", STATION_TYPES)
def test_the_four_types_of_station_staff_are_for_stations_only(staff_type: str) -> None:
    """Source: O1.4e."""
    domain.require_staff_type(OfficeKind.SERVICE_STATION, staff_type, on=TODAY)
    with pytest.raises(StaffTypeRefused) as caught:
        domain.require_staff_type(OfficeKind.SERVICE_OFFICE, staff_type, on=TODAY)
    assert caught.value.clause == "O1.4d"


@pytest.mark.parametrize("staff_type", OFFICE_TYPES)
def test_established_and_purchased_staff_is_for_offices_and_bureaus_only(staff_type: str) -> None:
    """Source: O1.4d."""
    domain.require_staff_type(OfficeKind.SERVICE_OFFICE, staff_type, on=TODAY)
    domain.require_staff_type(OfficeKind.BUREAU, staff_type, on=TODAY)
    with pytest.raises(StaffTypeRefused) as caught:
        domain.require_staff_type(OfficeKind.SERVICE_STATION, staff_type, on=TODAY)
    assert caught.value.clause == "O1.4e"
    assert caught.value.facts["allowed"] == [*STATION_TYPES, "seconded", "other"]


def test_types_are_those_of_the_policy_of_the_day() -> None:
    """Source: O1.4d, O1.4e."""
    assert (
        domain.staff_types_of(OfficeKind.SERVICE_OFFICE, on=TODAY)[:2]
        == parameter("office_staff_types", on=TODAY).option_codes
    )
    assert set(domain.staff_types_of(OfficeKind.SERVICE_OFFICE, on=date(2011, 9, 24))) == set(domain.STAFF_TYPE_LABELS)
    assert all(kind in BOOK.codes for kind in ("office_staff_types", "station_staff_types"))


def test_an_established_post_makes_a_public_employee_whatever_is_declared() -> None:
    """Source: O1.4g, O1.4d."""
    assert domain.is_public_employee("establishment", is_declared=False)
    assert domain.is_public_employee("committee_part_time", is_declared=True)
    assert not domain.is_public_employee("part_time", is_declared=False)
    here = [post(staff_type="part_time", is_public_employee=False), post(ended_on=date(2025, 1, 1))]
    assert domain.is_public_employee_on(here, date(2024, 12, 31))
    assert not domain.is_public_employee_on(here, date(2025, 1, 1))


def test_two_full_posts_at_once_are_refused_and_part_time_posts_are_not() -> None:
    """Source: O1.4d, O1.4e."""
    held = [post(office_id=OTHER)]
    with pytest.raises(FullPostHeld):
        domain.require_time(held, office_id=OFFICE, staff_type="full_time", starts_on=TODAY)
    for staff_type in ("part_time", "committee_part_time", "seconded", "other"):
        domain.require_time(held, office_id=OFFICE, staff_type=staff_type, starts_on=TODAY)
    part_time = [post(office_id=uuid7(), staff_type="part_time") for _ in range(3)]
    domain.require_time(part_time, office_id=OFFICE, staff_type="part_time", starts_on=TODAY)
    domain.require_time(part_time, office_id=OFFICE, staff_type="full_time", starts_on=TODAY)
    with pytest.raises(AlreadyInOffice):
        domain.require_time(part_time, office_id=part_time[0].office_id, staff_type="part_time", starts_on=TODAY)


def test_a_post_that_has_ended_leaves_time_from_its_first_day_off() -> None:
    """Source: O1.4d."""
    ended = [post(office_id=OTHER, ended_on=date(2025, 3, 1))]
    domain.require_time(ended, office_id=OFFICE, staff_type="establishment", starts_on=date(2025, 3, 1))
    with pytest.raises(FullPostHeld):
        domain.require_time(ended, office_id=OFFICE, staff_type="establishment", starts_on=date(2025, 2, 28))


def test_a_post_entered_for_the_past_meets_the_full_posts_that_came_later() -> None:
    """Source: O1.4d."""
    later = [post(office_id=OTHER, started_on=date(2025, 3, 1))]
    with pytest.raises(FullPostHeld):
        domain.require_time(later, office_id=OFFICE, staff_type="establishment", starts_on=date(2020, 1, 1))


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2020, 3, 1))


@given(starts=days, ends=st.none() | days, asked=days, until=st.none() | days)
def test_posts_overlap_when_a_day_is_held_in_both(
    starts: date, ends: date | None, asked: date, until: date | None
) -> None:
    """Source: O1.4d, O1.4e."""
    one, two = post(started_on=starts, ended_on=ends), post(started_on=asked, ended_on=until)
    every_day = (date(2020, 1, 1) + timedelta(days=number) for number in range(70))
    expected = any(domain.is_held(one, day) and domain.is_held(two, day) for day in every_day)
    if until is None or until > asked:
        assert domain.overlaps(one, asked, until) is expected


@pytest.mark.parametrize("ended_on", [FIRST, FIRST - timedelta(days=1), TODAY + timedelta(days=2)])
def test_a_post_ends_after_it_began_and_by_tomorrow(ended_on: date) -> None:
    """Source: S0."""
    with pytest.raises(PostEndRefused):
        domain.require_end(post(), ended_on, today=TODAY)
    domain.require_end(post(), FIRST + timedelta(days=1), today=TODAY)
    domain.require_end(post(), TODAY + timedelta(days=1), today=TODAY)


# --- establishment ----------------------------------------------------------------------------------------------


def test_the_quota_of_a_day_is_that_of_the_version_of_the_day_and_the_found_one_before() -> None:
    """Source: O1.4d."""
    quotas = [quota(5), quota(3, date(2025, 1, 1))]
    assert [domain.quota_on(quotas, day) for day in (date(2015, 1, 1), FIRST, date(2024, 12, 31), TODAY)] == [
        5,
        5,
        5,
        3,
    ]


def test_no_established_post_beyond_the_quota_on_any_day_of_it() -> None:
    """Source: O1.4d."""
    held = [post(), post()]
    domain.require_free_post([quota(3)], held, post())
    with pytest.raises(EstablishmentFull) as caught:
        domain.require_free_post([quota(2)], held, post())
    assert (caught.value.clause, caught.value.facts["quota"]) == ("O1.4d", 2)
    with pytest.raises(EstablishmentFull, match="2025-01-01"):
        domain.require_free_post([quota(3), quota(2, date(2025, 1, 1))], held, post(started_on=FIRST))
    later = [post(started_on=date(2026, 1, 1))]
    with pytest.raises(EstablishmentFull, match="2026-01-01"):
        domain.require_free_post([quota(1)], later, post(started_on=date(2020, 1, 1)))
    domain.require_free_post([quota(1)], [post(ended_on=date(2025, 1, 1))], post(started_on=date(2025, 1, 1)))
    domain.require_free_post([quota(1)], [post(staff_type="purchased_service")], post())


def test_the_quota_is_entered_as_found_then_only_lowered_and_not_below_who_is_there() -> None:
    """Source: O1.4d."""
    kind, held = OfficeKind.SERVICE_OFFICE, [post(), post()]
    domain.require_quota(kind, [], [], wanted=quota(5))
    domain.require_quota(kind, [quota(5)], held, wanted=quota(2))
    with pytest.raises(EstablishmentIncreaseRefused) as caught:
        domain.require_quota(kind, [quota(5)], held, wanted=quota(6))
    assert (caught.value.clause, caught.value.facts["increase_max"]) == ("O1.4d", 0)
    with pytest.raises(EstablishmentIncreaseRefused):
        domain.require_quota(kind, [quota(5, date(2005, 1, 1))], [], wanted=quota(6, date(2006, 1, 1)))
    with pytest.raises(EstablishmentBelowFilled):
        domain.require_quota(kind, [quota(5)], held, wanted=quota(1))
    with pytest.raises(StaffTypeRefused) as refused:
        domain.require_quota(OfficeKind.SERVICE_STATION, [], [], wanted=quota(1))
    assert refused.value.clause == "O1.4e"


def test_within_quota_is_unknown_while_the_quota_is_and_somebody_is_there() -> None:
    """Source: O1.4d."""
    assert domain.is_within_quota([quota(1)], [post()], on=TODAY) is True
    assert domain.is_within_quota([quota(1)], [post(), post()], on=TODAY) is False
    assert domain.is_within_quota([], [post()], on=TODAY) is None
    assert domain.is_within_quota([], [], on=TODAY) is True


ACTS = st.tuples(st.sampled_from(["hire", "end", "set"]), st.integers(0, 60), st.integers(0, 4))


@given(first=st.integers(0, 4), acts=st.lists(ACTS, max_size=25))
def test_whatever_happens_no_day_has_more_established_posts_than_the_quota_and_the_quota_never_rises(
    first: int, acts: list[tuple[str, int, int]]
) -> None:
    """Source: O1.4d."""
    quotas, posts = [quota(first)], list[StaffMemberState]()
    for act, offset, number in acts:
        day = FIRST + timedelta(days=offset)
        try:
            if act == "hire":
                new = post(started_on=day)
                domain.require_free_post(quotas, posts, new)
                posts.append(new)
            elif act == "end" and posts:
                ending = posts[number % len(posts)]
                domain.require_end(ending, day, today=TODAY)
                if ending.ended_on is None:
                    posts[posts.index(ending)] = ending.model_copy(update={"ended_on": day})
            elif act == "set" and day >= quotas[-1].effective_on:
                wanted = quota(number, day)
                domain.require_quota(OfficeKind.SERVICE_OFFICE, quotas, posts, wanted=wanted)
                quotas.append(wanted)
        except (EstablishmentFull, EstablishmentIncreaseRefused, EstablishmentBelowFilled, PostEndRefused):
            continue
    numbers = [one.quota for one in quotas]
    assert numbers == sorted(numbers, reverse=True)
    for offset in range(-5, 70):
        day = FIRST + timedelta(days=offset)
        in_force = [one.quota for one in quotas if one.effective_on <= day] or [first]
        assert sum(domain.is_held(one, day) for one in posts) <= in_force[-1], day


# --- qualification ----------------------------------------------------------------------------------------------


def test_what_is_missing_is_named_with_the_clause() -> None:
    """Source: O3.1a."""
    young = person(id_number=id_number_of(date(2010, 1, 1)), education="senior_secondary", certificates=())
    missing = domain.missing_against(standard(), young, on=TODAY)
    assert missing == ("min_age", "education", "certificate:劳动关系协调员")
    with pytest.raises(Unqualified) as caught:
        domain.require_qualified(standard(), missing, has_exception=False)
    assert caught.value.clause == "O3.1a"
    assert all(words in caught.value.detail for words in ("满18周岁", "大专及以上", "劳动关系协调员", "第1号"))
    domain.require_qualified(standard(), missing, has_exception=True)


def test_ages_are_completed_years_with_both_bounds_included() -> None:
    """Source: O3.1a."""
    somebody = person(id_number=id_number_of(date(1990, 5, 10)))
    bounds = standard(min_age_years=30, max_age_years=30)
    told = {
        day: domain.missing_against(bounds, somebody, on=day)
        for day in (date(2020, 5, 9), date(2020, 5, 10), date(2021, 5, 9), date(2021, 5, 10))
    }
    assert list(told.values()) == [("min_age",), (), (), ("max_age",)]
    assert domain.age_on(date(2000, 2, 29), date(2018, 2, 28)) == 17
    assert domain.age_on(date(2000, 2, 29), date(2018, 3, 1)) == 18


@pytest.mark.parametrize(
    ("education", "is_enough"), [(None, False), ("senior_secondary", False), ("college", True), ("master", True)]
)
def test_education_reaches_the_bound_or_not(education: str | None, is_enough: bool) -> None:
    """Source: O3.1a."""
    missing = domain.missing_against(standard(), person(education=education), on=TODAY)
    assert missing == (() if is_enough else ("education",))


def test_a_hire_is_checked_against_the_version_in_force_on_its_day() -> None:
    """Source: O3.1a."""
    turn = date(2025, 1, 1)
    versions = [standard(in_force_to=turn), standard(number=2, in_force_from=turn)]
    for day, expected in ((FIRST - timedelta(days=1), None), (FIRST, 1), (turn - timedelta(days=1), 1), (turn, 2)):
        found = domain.standard_for(versions, "purchased_service", on=day)
        assert (found and found.number) == expected, day
    assert domain.standard_for(versions, "establishment", on=TODAY) is None


@given(a=days, b=st.none() | days, c=days, d=st.none() | days)
@example(a=date(2020, 1, 1), b=date(2020, 2, 1), c=date(2020, 2, 1), d=None)
@example(a=date(2020, 2, 1), b=None, c=date(2020, 1, 1), d=date(2020, 2, 1))
def test_two_versions_of_one_issuer_never_hold_on_one_day(a: date, b: date | None, c: date, d: date | None) -> None:
    """Source: O3.1a."""
    one, two = standard(in_force_from=a, in_force_to=b), standard(number=2, in_force_from=c, in_force_to=d)
    if (b is not None and b <= a) or (d is not None and d <= c):
        return
    every_day = (date(2020, 1, 1) + timedelta(days=number) for number in range(70))
    is_both = any(domain.is_in_force(one, day) and domain.is_in_force(two, day) for day in every_day)
    try:
        domain.require_no_overlap([one], two)
    except StandardOverlaps:
        assert is_both
    else:
        assert not is_both
    domain.require_no_overlap([one], two.model_copy(update={"applies_to": ("establishment",)}))


def test_a_version_is_ended_from_today_on_and_once() -> None:
    """Source: O3.1a."""
    domain.require_new_end(standard(), TODAY, today=TODAY)
    for current, day in (
        (standard(), TODAY - timedelta(days=1)),
        (standard(in_force_to=TODAY), TODAY + timedelta(days=5)),
        (standard(in_force_from=TODAY + timedelta(days=9)), TODAY + timedelta(days=9)),
    ):
        with pytest.raises(StandardPeriodRefused):
            domain.require_new_end(current, day, today=TODAY)
    with pytest.raises(StandardPeriodRefused):
        domain.require_period(standard(in_force_to=FIRST))


# --- recruitment ------------------------------------------------------------------------------------------------


def term(**changes: Any) -> domain.ServiceTerm:
    values: dict[str, Any] = {"group": "three_supports", "starts_on": date(2021, 8, 1), "ends_on": date(2023, 7, 31)}
    return domain.ServiceTerm(**{**values, "certificate": "粤三支一扶2023-001", **changes})


def test_a_priority_group_has_completed_its_term_on_the_day_of_the_hire() -> None:
    """Source: O3.1b."""
    domain.require_priority(recruitment(), term(), starts_on=date(2023, 8, 1))
    with pytest.raises(PriorityRefused, match="服务期未满") as caught:
        domain.require_priority(recruitment(), term(), starts_on=date(2023, 7, 31))
    assert caught.value.clause == "O3.1b"
    for wrong in (
        (recruitment(prefers=()), term()),
        (None, term()),
        (recruitment(), term(group="graduate_village_official")),
        (recruitment(), term(ends_on=date(2020, 1, 1))),
    ):
        with pytest.raises(PriorityRefused):
            domain.require_priority(*wrong, starts_on=TODAY)


def test_hires_come_out_of_the_offices_published_recruitment_and_never_exceed_its_places() -> None:
    """Source: O3.1b."""
    domain.require_place(recruitment(hired_by_group={"none": 1}), office_id=OFFICE, starts_on=FIRST)
    with pytest.raises(RecruitmentFull):
        domain.require_place(
            recruitment(hired_by_group={"none": 1, "three_supports": 1}), office_id=OFFICE, starts_on=FIRST
        )
    for wrong, office_id, day in (
        (recruitment(), OTHER, FIRST),
        (recruitment(status="closed"), OFFICE, FIRST),
        (recruitment(notice_published_on=None), OFFICE, FIRST),
        (recruitment(), OFFICE, FIRST - timedelta(days=1)),
    ):
        with pytest.raises(RecruitmentRefused):
            domain.require_place(wrong, office_id=office_id, starts_on=day)


def test_the_share_of_priority_hires_is_told_and_unknown_without_hires() -> None:
    """Source: O3.1b."""
    assert domain.priority_share_permille(recruitment()) is None
    brought = recruitment(openings=9, hired_by_group={"none": 2, "three_supports": 1})
    assert domain.priority_share_permille(brought) == 333
    assert dict(domain.with_hire(brought, None)) == {"none": 3, "three_supports": 1}
    assert dict(domain.with_hire(recruitment(), "three_supports")) == {"three_supports": 1}


def test_a_recruitment_that_hired_is_not_cancelled_nor_cut_below_its_hires() -> None:
    """Source: O3.1b."""
    current = recruitment(hired_by_group={"none": 2})
    for changes in ({"openings": 1}, {"status": "cancelled"}):
        with pytest.raises(RecruitmentChangeRefused):
            domain.require_change(current, current.model_copy(update=changes))
    with pytest.raises(RecruitmentChangeRefused):
        domain.require_change(recruitment(status="closed"), recruitment(openings=9))
    domain.require_change(current, current.model_copy(update={"status": "closed"}))
    domain.require_groups(("three_supports",), on=TODAY)
    with pytest.raises(PriorityRefused):
        domain.require_groups(("veterans",), on=TODAY)


# --- duties -----------------------------------------------------------------------------------------------------


def test_the_matrix_tells_which_duty_nobody_has_and_which_posts_have_too_few() -> None:
    """Source: O3.2a, O1.1a."""
    posts = [
        post(duties=("employment_services", "social_insurance")),
        post(duties=("legal_publicity",)),
        post(duties=("labour_relations", "personnel_talent"), ended_on=date(2025, 1, 1)),
    ]
    matrix = domain.duty_matrix(posts, on=TODAY)
    assert [one.id for one in matrix.thin_posts] == [posts[1].id]
    assert set(matrix.uncovered) == {
        "vocational_training", "retiree_management", "labour_relations", "personnel_talent", "demobilised_officers",
    }  # fmt: skip
    assert matrix.holders_of("social_insurance") == (posts[0],)
    before = domain.duty_matrix(posts, on=date(2024, 12, 31))
    assert {"labour_relations", "personnel_talent"}.isdisjoint(before.uncovered)
    long_ago = domain.duty_matrix([post(started_on=date(2005, 1, 1))], on=date(2010, 1, 1))
    assert (long_ago.duties_per_post_min, long_ago.thin_posts, len(long_ago.posts)) == (None, (), 1)


# --- persons ----------------------------------------------------------------------------------------------------


def test_id_numbers_are_held_to_form_date_and_check_digit() -> None:
    """Source: O1.4g; standards.md §2."""
    good = id_number_of(date(1990, 5, 1), serial=4)
    assert domain.make_id_number("11010519491231002x", on=TODAY) == "11010519491231002X"
    assert domain.make_id_number(f" {good[:6]} {good[6:]} ", on=TODAY) == good
    wide = "".join(chr(ord(char) + 0xFEE0) for char in good)
    assert domain.make_id_number(wide, on=TODAY) == good
    wrong_digit = good[:-1] + ("0" if good[-1] != "0" else "1")
    for text, check in (
        ("", "form"), (good[:-1], "form"), ("A" + good[1:], "form"), ("0" + good[1:], "form"),
        ("99000019900230001X", "birth_date"), (id_number_of(date(1850, 1, 1)), "birth_date"),
        (id_number_of(TODAY + timedelta(days=1)), "birth_date"), (wrong_digit, "check_digit"),
    ):  # fmt: skip
        with pytest.raises(IdNumberInvalid) as caught:
            domain.make_id_number(text, on=TODAY)
        assert caught.value.facts["check"] == check, text
        assert not text or text not in f"{caught.value}{caught.value.facts}"


def test_names_and_phones() -> None:
    """Source: standards.md §2."""
    assert domain.make_name(" 欧阳·娜娜 ") == "欧阳·娜娜"
    assert domain.make_name("\U000310d0某") == "\U000310d0某"
    assert domain.make_phone("+86 138-0013-8000") == "13800138000"
    for name in ("", "  ", "1", "张\u200b三"):
        with pytest.raises(PersonNameInvalid):
            domain.make_name(name)
    for phone in ("12345", "12800138000", "0755-88881234"):
        with pytest.raises(PersonPhoneInvalid):
            domain.make_phone(phone)


def test_texts_that_are_kept_in_clear_hold_no_numbers_and_not_the_name() -> None:
    """Source: standards.md §9."""
    domain.require_impersonal("招聘公告2024年第1号", None, name="测试甲")
    for text in (id_number_of(date(1990, 5, 1)), "电话13800138000", "录用测试甲"):
        with pytest.raises(TextHoldsPersonalData):
            domain.require_impersonal("无", text, name="测试甲")


def test_persons_do_not_show_in_representations() -> None:
    """Source: ADR 0005."""
    somebody = person(phone="13800138000", service_terms=(term(),))
    shown = repr(somebody)
    assert not [secret for secret in ("测试甲", somebody.id_number, "13800138000", "粤三支一扶") if secret in shown]
