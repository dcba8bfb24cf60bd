"""What a notice is: the vendored years told as notices are taken, and every slip of a pen is found."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar.catalogue import load_working_days
from casework.clock.domain import YearPlan
from casework.notices.domain import Notice, check_notice, plan_of, rest_days_given
from casework.notices.errors import NoticeRejected
from common.contracts.casework.calendars import HolidaySpan, MakeUpDay
from common.policy import parameter

PLANS = {plan.year: plan for plan in load_working_days().plans if plan.is_official}
DAY = timedelta(days=1)
MORE_THAN_LAW = {2015, 2020}


def told(plan: YearPlan) -> Notice:
    """A year's plan as the notice that it came from."""
    rests = [special for special in plan.days if not special.is_working]
    spans = []
    numbered = [(special.day.toordinal() - number, special) for number, special in enumerate(rests)]
    for _, found in groupby(numbered, key=lambda one: (one[0], one[1].name)):
        run = [special for _, special in found]
        spans.append(HolidaySpan(name=run[0].name, from_on=run[0].day, to_on=run[-1].day))
    worked = tuple(MakeUpDay(day=one.day, name=one.name) for one in plan.days if one.is_working)
    return Notice(plan.year, "国办发明电", plan.document, date(plan.year - 1, 11, 25), tuple(spans), worked, "特别安排")


def check(notice: Notice) -> None:
    days = parameter("statutory_holiday_days", on=date(notice.year, 1, 1)).value
    assert isinstance(days, int)
    check_notice(
        notice,
        statutory=load_working_days().statutory[notice.year],
        statutory_days=days,
        today=date(notice.year, 1, 1),
    )


@pytest.mark.parametrize("year", sorted(PLANS))
def test_every_notice_since_2010_would_be_taken(year):
    """standards.md §10: rules that refused a real notice would be wrong."""
    notice = told(PLANS[year])
    check(notice if year in MORE_THAN_LAW else replace(notice, note=None))
    assert plan_of(notice).days == PLANS[year].days


@given(st.sampled_from(sorted(set(PLANS) - MORE_THAN_LAW)), st.data())
def test_a_make_up_day_more_or_less_is_found(year, data):
    """O4.3c: a slip of one day."""
    notice = replace(told(PLANS[year]), note=None)
    if data.draw(st.booleans()) and notice.make_up_days:
        left_out = data.draw(st.sampled_from(notice.make_up_days))
        notice = replace(notice, make_up_days=tuple(one for one in notice.make_up_days if one != left_out))
    else:
        day = date(year, 1, 1) + DAY * data.draw(st.integers(0, 364))
        notice = replace(notice, make_up_days=(*notice.make_up_days, MakeUpDay(day=day, name="元旦")))
    with pytest.raises(NoticeRejected):
        check(notice)


@given(st.sampled_from(sorted(set(PLANS) - MORE_THAN_LAW)), st.data())
def test_a_holiday_moved_by_days_is_found_or_gives_the_same_rest(year, data):
    notice = replace(told(PLANS[year]), note=None)
    number = data.draw(st.integers(0, len(notice.holidays) - 1))
    shift = DAY * data.draw(st.integers(-20, 20).filter(bool))
    spans = list(notice.holidays)
    spans[number] = spans[number].model_copy(
        update={"from_on": spans[number].from_on + shift, "to_on": spans[number].to_on + shift}
    )
    moved = replace(notice, holidays=tuple(spans))
    try:
        check(moved)
    except NoticeRejected:
        return
    rest = {day for day, _ in moved.rests()}
    assert set(load_working_days().statutory[year]) <= rest
    assert rest_days_given(moved) == rest_days_given(notice)


def test_a_plan_names_its_notice_and_is_official():
    plan = plan_of(told(PLANS[2026]))
    assert plan.is_official
    assert plan.document == "国务院办公厅关于2026年部分节假日安排的通知（国办发明电）"
