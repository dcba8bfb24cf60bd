"""Calendars in the database: seeded once, read once, replaced whole."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from casework.calendar import service
from casework.calendar.errors import CalendarMissing, CalendarVersionUnknown
from casework.calendar.service import (
    CALENDAR_VERSION,
    adopt_plan,
    calendar_of,
    current_calendar,
    seed_calendar,
    statutory_holidays,
)
from casework.clock.domain import SpecialDay, YearPlan

NEW_YEAR = YearPlan(2027, is_official=True, document="通知", days=(SpecialDay(date(2027, 1, 1), "holiday", "元旦"),))


@pytest.fixture(autouse=True)
def _forgets(monkeypatch) -> None:
    monkeypatch.setattr(service, "_calendars", {})


async def test_a_fresh_database_has_the_packaged_calendar(window):
    async with window.context.db.autocommit() as conn:
        calendar = await current_calendar(conn)
        packaged = service.load_working_days()
        assert calendar.plans == packaged.plans
        assert calendar.version == await conn.fetchval(f"SELECT {CALENDAR_VERSION}")
    (row,) = await window.rows("SELECT ordinal, document, mark, note FROM calendar_versions")
    assert (row["ordinal"], row["mark"]) == (1, "P")
    assert row["document"].startswith("国务院办公厅")


async def test_seeding_again_or_at_once_changes_nothing(window):
    before = await window.rows("SELECT xmin, * FROM calendar_versions")
    await asyncio.gather(*(seed_calendar(window.context.db) for _ in range(3)))
    assert await window.rows("SELECT xmin, * FROM calendar_versions") == before


async def test_a_database_without_a_version_is_seeded_once(window):
    await window.rows("DELETE FROM calendar_days")
    await window.rows("DELETE FROM calendar_years")
    await window.rows("DELETE FROM calendar_versions")
    async with window.context.db.autocommit() as conn:
        with pytest.raises(CalendarMissing):
            await current_calendar(conn)
    await asyncio.gather(*(seed_calendar(window.context.db) for _ in range(3)))
    assert await window.value("SELECT count(*) FROM calendar_versions") == 1


async def test_a_version_is_read_once_by_a_process(window, monkeypatch):
    """Hot statements ask for the version only."""
    async with window.context.db.autocommit() as conn:
        first = await current_calendar(conn)
        monkeypatch.setattr(service.Calendars, "plans", None)
        assert await current_calendar(conn) is first
        assert await calendar_of(conn, first.version) is first


async def test_a_process_keeps_few_versions(window):
    async with window.context.uow() as uow:
        for _ in range(service._KEPT + 2):
            await adopt_plan(uow.conn, NEW_YEAR, note="试", mark="K")
            await current_calendar(uow.conn)
    assert len(service._calendars) == service._KEPT


async def test_a_new_version_replaces_one_year_and_keeps_the_others(window):
    async with window.context.uow() as uow:
        before = await current_calendar(uow.conn)
        await adopt_plan(uow.conn, NEW_YEAR, note="试", mark="K")
    async with window.context.db.autocommit() as conn:
        after = await current_calendar(conn)
    assert after.version != before.version
    assert after.plan_of(2027) == NEW_YEAR
    assert [plan for plan in after.plans if plan.year != 2027] == [plan for plan in before.plans if plan.year != 2027]
    assert (before.is_provisional(date(2027, 3, 1)), after.is_provisional(date(2027, 3, 1))) == (True, False)
    assert after.is_working(date(2027, 2, 9))
    assert not before.is_working(date(2027, 2, 9))


async def test_a_version_that_is_rolled_back_never_held(window):
    with pytest.raises(RuntimeError):
        await _adopt_and_fail(window)
    async with window.context.db.autocommit() as conn:
        assert not (await current_calendar(conn)).plan_of(2027).is_official
    assert await window.value("SELECT count(*) FROM calendar_versions") == 1


async def _adopt_and_fail(window) -> None:
    async with window.context.uow() as uow:
        await adopt_plan(uow.conn, NEW_YEAR, note="试", mark="K")
        raise RuntimeError


async def test_an_unknown_version_is_told(window):
    async with window.context.db.autocommit() as conn:
        with pytest.raises(CalendarVersionUnknown):
            await calendar_of(conn, uuid4())


def test_statutory_holidays_of_any_year():
    assert len(statutory_holidays(2027)) == 13
    assert statutory_holidays(2027)[date(2027, 2, 6)] == "春节"
    assert set(statutory_holidays(2060)) == {
        date(2060, 1, 1), date(2060, 5, 1), date(2060, 5, 2), date(2060, 10, 1), date(2060, 10, 2), date(2060, 10, 3)
    }  # fmt: skip
