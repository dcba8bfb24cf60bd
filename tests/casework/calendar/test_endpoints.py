"""The working days over HTTP; no token."""

from datetime import date, timedelta

import pytest

from common.testing.problems import problem

CALENDAR = "/casework/v1/calendar"


async def test_a_year_is_shown_with_every_day_that_is_not_ordinary(window):
    """O4.3c, O4.3e: 2026 by its notice of 4 November 2025."""
    told = (await window.client.get(f"{CALENDAR}/years/2026")).json()
    assert (told["status"], told["working_days"]) == ("official", 248)
    assert told["document"] == "国务院办公厅关于2026年部分节假日安排的通知"
    days = {day["day"]: day for day in told["days"]}
    assert days["2026-09-20"] == {
        "day": "2026-09-20",
        "weekday_label": "星期日",
        "kind": "make_up",
        "kind_label": "调休上班",
        "name": "国庆节",
        "is_working": True,
    }
    assert (days["2026-10-03"]["kind_label"], days["2026-10-03"]["is_working"]) == ("放假", False)
    assert [day for day, one in days.items() if one["is_working"]] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"
    ]  # fmt: skip


async def test_a_year_without_a_notice_says_so(window):
    told = (await window.client.get(f"{CALENDAR}/years/2027")).json()
    assert (told["status"], told["status_label"]) == ("provisional", "暂定：通知尚未载入，仅扣除法定节假日")
    assert {day["kind"] for day in told["days"]} == {"holiday", "in_lieu"}


@pytest.mark.parametrize("year", ["1989", "2101", "x", "-1"])
async def test_other_years_are_refused(window, year):
    problem(await window.client.get(f"{CALENDAR}/years/{year}"), 422, "request.validation-failed")


async def test_a_due_date_comes_with_its_reasons(window):
    """O4.3c: each day and clause."""
    answer = await window.client.get(f"{CALENDAR}/due-date", params={"from": "2026-09-18", "value": 10})
    told = answer.json()
    assert (told["due_on"], told["unit_label"], told["is_provisional"]) == ("2026-10-09", "个工作日", False)
    lines = [(line["day"], line["text"], line["clause"]) for line in told["lines"]]
    notice = "国务院办公厅关于2026年部分节假日安排的通知"
    assert lines == [
        ("2026-09-18", "起算日2026年9月18日（星期五）不计入，从次日起算10个工作日。", "民法典第201条"),
        ("2026-09-19", "9月19日至10月9日期间另有双休日1天，不计入。", "行政许可法第82条"),
        ("2026-09-20", "2026年9月20日（星期日）调休上班（国庆节），计入。", notice),
        ("2026-09-25", "2026年9月25日至9月27日中秋节放假，不计入。", notice),
        ("2026-10-01", "2026年10月1日至10月7日国庆节放假，不计入。", notice),
        ("2026-10-09", "到期日：2026年10月9日（星期五）。", None),
    ]


async def test_a_limit_in_calendar_days_rolls_over_rest_days(window):
    """standards.md §6 (民法典 §203)."""
    params = {"from": "2026-09-17", "value": 15, "unit": "calendar_days"}
    told = (await window.client.get(f"{CALENDAR}/due-date", params=params)).json()
    assert told["due_on"] == "2026-10-08"
    assert told["lines"][1]["clause"] == "民法典第203条"


async def test_a_date_that_needs_2027_is_provisional(window):
    """standards.md §10."""
    params = {"from": "2026-12-25", "value": 5}
    told = (await window.client.get(f"{CALENDAR}/due-date", params=params)).json()
    assert (told["due_on"], told["is_provisional"]) == ("2027-01-04", True)
    assert any("2027年的放假调休安排尚未载入" in line["text"] for line in told["lines"])


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"from": "2026-09-18"},
        {"value": 5},
        {"from": "2026-02-30", "value": 5},
        {"from": "0", "value": 5},
        {"from": "2026-09-18", "value": -1},
        {"from": "2026-09-18", "value": 3661},
        {"from": "2026-09-18", "value": "many"},
        {"from": "2026-09-18", "value": 5, "unit": "weeks"},
    ],
)
async def test_what_is_no_limit_is_refused(window, params):
    problem(await window.client.get(f"{CALENDAR}/due-date", params=params), 422, "request.validation-failed")


@pytest.mark.parametrize("day", ["1989-12-31", "0001-01-01", "9999-12-31", "2100-12-31"])
async def test_a_limit_outside_of_the_calendar_is_refused(window, day):
    answer = await window.client.get(f"{CALENDAR}/due-date", params={"from": day, "value": 60})
    problem(answer, 422, "casework.clock.day-outside-calendar", "O4.3c")


async def test_the_day_of_the_start_never_counts(window):
    start = date(2026, 3, 2)
    for value in (1, 2, 3):
        params = {"from": start.isoformat(), "value": value}
        told = (await window.client.get(f"{CALENDAR}/due-date", params=params)).json()
        assert told["due_on"] == (start + timedelta(days=value)).isoformat()
