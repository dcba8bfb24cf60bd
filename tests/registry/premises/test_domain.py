"""Which area counts and whether it suffices; windows and their hours. Source: O2.2a, O2.2b, O1.1c."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry.places import AreaWaiver, OpeningHours, PremisesState, WindowState
from common.divisions import Level
from common.ids import uuid7
from common.policy import BOOK, Parameter, PolicyBook, parameter, sources
from registry.offices.domain import public_windows
from registry.offices.errors import PublicWindowRequired
from registry.premises.domain import (
    AreaStatus,
    Place,
    counted_area,
    current,
    is_waiver_kept,
    judge_area,
    require_not_ended,
    require_opening_hours,
    require_public_window,
    require_waiver_days,
    require_windows,
    square_metres,
    windows_rule,
)
from registry.premises.errors import (
    AreaUnknown,
    OpeningHoursRefused,
    PremisesEnded,
    SharedAreaTooLarge,
    WaiverExpired,
    WindowDutyNotInForce,
    WindowNumbersRepeat,
)

DAY = date(2020, 6, 1)
OFFICE = Place("service_office", "operating", "independent", None)
AREAS = st.integers(min_value=0, max_value=100_000)


def window(number: str = "1", **changes: Any) -> WindowState:
    values: dict[str, Any] = {"is_public": True, "duties": ("social_insurance",), "opening_hours": ()}
    return WindowState(number=number, **{**values, **changes})


def premises(**changes: Any) -> PremisesState:
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "office_id": uuid7(),
        "division": "441624101000",
        "level": Level.TOWN,
        "effective_on": DAY,
        "address": "大坝镇人民路1号",
        "certified_area_dm2": 32_000,
        "certificate": None,
        "measured_area_dm2": None,
        "shared_area_dm2": 0,
        "waiver": None,
        "windows": (window(),),
        "ended_on": None,
    }
    return PremisesState(**{**values, **changes})


def waiver(until: date) -> AreaWaiver:
    return AreaWaiver(
        reason="老城区无房源", approver="县人力资源和社会保障局", document="和人社〔2020〕1号", expires_on=until
    )


def opening(weekday: int, opens: str, closes: str) -> OpeningHours:
    return OpeningHours(weekday=weekday, opens=opens, closes=closes)


# --- the area -------------------------------------------------------------------------------------------------------


def test_the_certificate_counts_before_the_measurement() -> None:
    """O2.2a."""
    both = counted_area(premises(certified_area_dm2=30_000, measured_area_dm2=35_000))
    assert (both.dm2, both.basis) == (30_000, "certified")
    assert "证载面积300.00平方米" in both.explanation
    measured = counted_area(premises(certified_area_dm2=None, measured_area_dm2=35_050))
    assert (measured.dm2, measured.basis, square_metres(measured.dm2)) == (35_050, "measured", "350.50")
    with pytest.raises(AreaUnknown) as caught:
        counted_area(premises(certified_area_dm2=None, measured_area_dm2=None))
    assert caught.value.clause == "O2.2a"


def test_the_shared_part_counts_only_by_agreement_and_lies_within() -> None:
    """O2.2a."""
    shared = {"certified_area_dm2": 32_000, "shared_area_dm2": 10_000}
    without, with_ = counted_area(premises(**shared)), counted_area(premises(**shared, shared_agreement="共用协议"))
    assert (without.dm2, with_.dm2) == (22_000, 32_000)
    assert "不计入" in without.explanation
    assert "按约定计入" in with_.explanation
    with pytest.raises(SharedAreaTooLarge):
        counted_area(premises(certified_area_dm2=9_999, shared_area_dm2=10_000))


@pytest.mark.parametrize(
    ("area", "status"), [(29_999, AreaStatus.SHORT), (30_000, AreaStatus.MET), (30_001, AreaStatus.MET)]
)
def test_three_hundred_square_metres_are_enough_and_one_square_decimetre_less_is_not(area: int, status: Any) -> None:
    """O2.2a."""
    found = judge_area([premises(certified_area_dm2=area)], OFFICE, on=DAY)
    assert (found.status, found.required_m2, found.clause) == (status, 300, "O2.2a")
    assert found.document == "粤府办〔2011〕65号"


def test_a_waiver_counts_to_its_last_day_and_no_longer() -> None:
    """O2.2a."""
    small = premises(certified_area_dm2=20_000, waiver=waiver(date(2021, 12, 31)))
    for day, status in (
        (date(2021, 12, 31), AreaStatus.WAIVED),
        (date(2022, 1, 1), AreaStatus.SHORT),
    ):
        assert judge_area([small], OFFICE, on=day).status is status, day
    large = premises(waiver=waiver(date(2030, 1, 1)))
    assert judge_area([large], OFFICE, on=DAY).status is AreaStatus.MET


def test_a_window_on_a_platform_needs_no_building_of_its_own() -> None:
    """O1.1c."""
    place = Place("service_office", "operating", "platform_window", "和平县政务服务中心")
    found = judge_area([premises(certified_area_dm2=500)], place, on=DAY)
    assert (found.status, found.clause) == (AreaStatus.NOT_APPLICABLE, "O1.1c")
    assert "和平县政务服务中心" in found.explanation
    assert judge_area([], place, on=DAY).status is AreaStatus.NOT_APPLICABLE
    assert windows_rule(place, on=DAY) is not None


def test_the_rule_is_for_offices_of_towns_and_only_since_its_document() -> None:
    """O2.2a."""
    for kind in ("service_station", "bureau"):
        found = judge_area([premises(certified_area_dm2=1)], Place(kind, "operating", None, None), on=DAY)
        assert found.status is AreaStatus.NOT_APPLICABLE
    before = judge_area([premises(certified_area_dm2=1)], OFFICE, on=date(2011, 9, 24))
    assert (before.status, before.required_m2) == (AreaStatus.NOT_APPLICABLE, None)
    assert judge_area([], OFFICE, on=date(2011, 9, 25)).status is AreaStatus.UNKNOWN


def test_the_rule_of_2012_gives_the_answer_of_2012_when_a_later_document_asks_for_more(monkeypatch: Any) -> None:
    """O2.2a: the day that is judged decides, not today."""
    old = parameter("office_floor_area_min", on=DAY)
    change = date(2026, 1, 1)
    values = {name: getattr(old, name) for name in Parameter.__dataclass_fields__}
    entries = [one for one in BOOK if one.code != old.code]
    entries.append(Parameter(**{**values, "valid_to": change}))
    entries.append(Parameter(**{**values, "valid_from": change, "value": 500}))
    states = [premises(certified_area_dm2=32_000)]
    day = date(2012, 12, 31)
    before = judge_area(states, OFFICE, on=day)
    monkeypatch.setattr(sources, "BOOK", PolicyBook(entries))
    assert judge_area(states, OFFICE, on=day) == before
    assert before.status is AreaStatus.MET
    later = judge_area(states, OFFICE, on=change)
    assert (later.status, later.required_m2) == (AreaStatus.SHORT, 500)
    assert judge_area(states, OFFICE, on=change, rules_on=day).status is AreaStatus.MET


@given(certified=st.none() | AREAS, measured=st.none() | AREAS, shared=AREAS, agreed=st.booleans())
def test_what_counts_is_never_more_than_the_whole_nor_less_than_what_is_not_shared(
    certified: int | None, measured: int | None, shared: int, agreed: bool
) -> None:
    """O2.2a."""
    state = premises(
        certified_area_dm2=certified,
        measured_area_dm2=measured,
        shared_area_dm2=shared,
        shared_agreement="协议" if agreed else None,
    )
    whole = certified if certified is not None else measured
    if whole is None:
        with pytest.raises(AreaUnknown):
            counted_area(state)
    elif shared > whole:
        with pytest.raises(SharedAreaTooLarge):
            counted_area(state)
    else:
        found = counted_area(state)
        assert found.dm2 == (whole if agreed else whole - shared)
        assert 0 <= whole - shared <= found.dm2 <= whole


@given(
    areas=st.lists(AREAS, min_size=1, max_size=4),
    ended=st.lists(st.none() | st.integers(-3, 3), min_size=4, max_size=4),
    days=st.none() | st.integers(-3, 3),
)
def test_the_finding_follows_from_the_sum_of_where_the_office_works(
    areas: list[int], ended: list[int | None], days: int | None
) -> None:
    """O2.2a."""
    given_waiver = None if days is None else waiver(DAY + timedelta(days=days))
    states = [
        premises(
            certified_area_dm2=area,
            ended_on=None if end is None else DAY + timedelta(days=end),
            waiver=given_waiver,
        )
        for area, end in zip(areas, ended, strict=False)
    ]
    there = [area for area, end in zip(areas, ended, strict=False) if end is None or end > 0]
    found = judge_area(states, OFFICE, on=DAY)
    if not there:
        assert found.status is AreaStatus.UNKNOWN
    elif sum(there) >= 30_000:
        assert found.status is AreaStatus.MET
    else:
        assert found.status is (AreaStatus.WAIVED if days is not None and days >= 0 else AreaStatus.SHORT)
    assert found.counted_dm2 == (sum(there) if there else None)
    assert len(current(states, on=DAY)) == len(there)


def test_a_waiver_is_for_the_area_that_it_was_given_for() -> None:
    """O2.2a."""
    before = premises(certified_area_dm2=25_000)
    assert is_waiver_kept(before, premises(certified_area_dm2=26_000))
    assert not is_waiver_kept(before, premises(certified_area_dm2=24_999))
    require_waiver_days(expires_on=DAY, effective_on=DAY)
    with pytest.raises(WaiverExpired):
        require_waiver_days(expires_on=DAY - timedelta(days=1), effective_on=DAY)


def test_what_was_left_is_not_changed() -> None:
    """O2.2a."""
    require_not_ended(premises())
    with pytest.raises(PremisesEnded):
        require_not_ended(premises(ended_on=DAY))


# --- windows --------------------------------------------------------------------------------------------------------


def test_an_operating_office_needs_a_public_window_wherever_it_is() -> None:
    """O2.2b."""
    back_office, front = premises(windows=()), premises()
    require_public_window([back_office, front], OFFICE, on=DAY)
    for states in ([], [back_office], [premises(windows=(window(is_public=False),))], [premises(ended_on=DAY)]):
        with pytest.raises(PublicWindowRequired) as caught:
            require_public_window(states, OFFICE, on=DAY)
        assert (caught.value.clause, caught.value.facts["required"]) == ("O2.2b", 1)
    assert public_windows([back_office, front], on=DAY) == 1


@pytest.mark.parametrize("status", ["planned", "building", "suspended", "closed"])
def test_an_office_that_does_not_operate_needs_no_window(status: str) -> None:
    """O2.2b."""
    require_public_window([], Place("service_office", status, "independent", None), on=DAY)


def test_before_the_document_nobody_had_to_have_a_window() -> None:
    """O2.2b."""
    require_public_window([], OFFICE, on=date(2011, 9, 24))
    with pytest.raises(PublicWindowRequired):
        require_public_window([], OFFICE, on=date(2011, 9, 25))


def test_numbers_are_unique_and_duties_are_those_of_the_day(monkeypatch: Any) -> None:
    """O2.2b, O1.1a."""
    require_windows([window("1"), window("2")], on=DAY)
    with pytest.raises(WindowNumbersRepeat):
        require_windows([window("1"), window("2"), window("1")], on=DAY)
    with pytest.raises(WindowDutyNotInForce):
        require_windows([window(duties=("social_insurance", "social_insurance"))], on=DAY)
    old = parameter("duties", on=DAY)
    values = {name: getattr(old, name) for name in Parameter.__dataclass_fields__}
    entries = [one for one in BOOK if one.code != "duties"]
    fewer = tuple(option for option in old.options if option.code != "demobilised_officers")
    entries.append(Parameter(**{**values, "valid_to": date(2018, 4, 16)}))
    entries.append(Parameter(**{**values, "valid_from": date(2018, 4, 16), "value": fewer}))
    monkeypatch.setattr(sources, "BOOK", PolicyBook(entries))
    ours = [window(duties=("demobilised_officers",))]
    require_windows(ours, on=date(2018, 4, 15))
    with pytest.raises(WindowDutyNotInForce) as caught:
        require_windows(ours, on=date(2018, 4, 16))
    assert caught.value.facts["duties"] == ["demobilised_officers"]


@pytest.mark.parametrize(
    ("hours", "is_fine"),
    [
        ((), True),
        ((opening(1, "08:30", "12:00"), opening(1, "14:30", "17:30")), True),
        ((opening(1, "08:30", "12:00"), opening(1, "12:00", "17:30")), True),
        ((opening(1, "08:30", "12:00"), opening(2, "08:30", "12:00")), True),
        ((opening(1, "08:30", "12:00"), opening(1, "11:59", "17:30")), False),
        ((opening(1, "08:30", "17:30"), opening(1, "09:00", "10:00")), False),
        ((opening(1, "09:00", "10:00"), opening(1, "09:00", "10:00")), False),
        ((opening(1, "12:00", "12:00"),), False),
        ((opening(1, "17:30", "08:30"),), False),
    ],
)
def test_openings_end_after_they_begin_and_do_not_overlap(hours: Any, is_fine: bool) -> None:
    """O2.2b."""
    if is_fine:
        require_opening_hours(hours, number="1")
    else:
        with pytest.raises(OpeningHoursRefused):
            require_opening_hours(hours, number="1")


MINUTES = st.integers(0, 24 * 60 - 1)


@given(slots=st.lists(st.tuples(st.integers(1, 2), MINUTES, MINUTES), max_size=5))
def test_hours_are_accepted_exactly_if_no_minute_is_open_twice(slots: list[tuple[int, int, int]]) -> None:
    """O2.2b: against a calendar painted minute by minute."""
    painted: set[tuple[int, int]] = set()
    is_fine = True
    for weekday, opens, closes in slots:
        minutes = {(weekday, minute) for minute in range(opens, closes)}
        is_fine &= closes > opens and painted.isdisjoint(minutes)
        painted |= minutes
    hours = [opening(weekday, _time(opens), _time(closes)) for weekday, opens, closes in slots]
    if is_fine:
        require_opening_hours(hours, number="1")
    else:
        with pytest.raises(OpeningHoursRefused):
            require_opening_hours(hours, number="1")


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
