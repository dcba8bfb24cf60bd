"""Use cases of reports over a real database: level by level, editions, what is late, who is reminded."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from common.auth import Role
from common.contracts.reporting.programmes import Cohort, MembershipRule
from common.contracts.reporting.reports import LevelDays, LevelDue, ReturnReason
from common.divisions import Level
from common.errors import DomainError
from common.records.service import Wanted
from reporting.programmes.domain import Content
from reporting.programmes.service import create_programme, find_programme, seed_programmes
from reporting.reports import service
from reporting.reports.domain.entries import Entry
from reporting.reports.service import Scheduling, Seen

PROVINCE, CITY, COUNTY, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
BAOAN, XINAN = "440306000000", "440306001000"
DONGGUAN, DONGCHENG = "441900000000", "441900003000"
HEYUAN, HEPING, YANGMING = "441600000000", "441624000000", "441624100000"


def line(state: Any, code: str) -> Any:
    return next(one for one in state.lines if one.code == code)


async def refused(work: Any, code: str) -> DomainError:
    """The error of that code; nothing else will do."""
    with pytest.raises(DomainError) as found:
        await work
    assert found.value.code == code, found.value
    return found.value


async def test_figures_go_up_level_by_level_and_name_the_versions_they_stand_on(world: Any, clock: Any) -> None:
    """O6.3a, S6, O4.2a: town → county → city → province; each composed from approved versions it names."""
    period = await world.open()
    assert period.expected == 1 + 3 + 3 + 4  # a province, cities, counties, towns; villages report nothing
    await world.settle(period, TOWN, offices=2, staff=9)
    county = await world.start(period, COUNTY)
    assert (line(county, "offices").below, line(county, "staff").total) == (2, 9)
    assert line(county, "staff-per-office").total == Decimal("4.50")
    assert (line(county, "plan-included").total, line(county, "plan-included").answered) == (1, 1)
    town = await world.report(period.id, TOWN)
    assert [(base.division, base.edition, base.version) for base in county.bases] == [(TOWN, 1, town.version)]
    await world.submit(period, COUNTY)
    await world.approve(period, COUNTY)
    await world.settle(period, XINAN, offices=1, staff=3)
    await world.start(period, BAOAN)
    await world.submit(period, BAOAN)
    await world.approve(period, BAOAN)
    city = await world.start(period, CITY)
    assert (line(city, "offices").total, line(city, "staff").total, city.missing) == (3, 12, ())
    assert line(city, "staff-per-office").total == Decimal("4.00")
    assert line(city, "plan-included").answered == 2


async def test_a_town_of_dongguan_reports_to_its_city(world: Any, clock: Any) -> None:
    """O4.2a: no county level is skipped over, because there is none."""
    period = await world.open()
    state = await world.hand_in(period, DONGCHENG)
    assert state.parent == DONGGUAN
    assert (await world.approve(period, DONGCHENG)).approved_by == f"statistician@{DONGGUAN}"


async def test_own_part_stands_apart_from_what_lies_below(world: Any, clock: Any) -> None:
    """S6: a county declares what is its own beside what its towns declare."""
    period = await world.open()
    await world.settle(period, TOWN, offices=2, staff=9)
    await world.start(period, COUNTY)
    state = await world.act(
        COUNTY, service.fill_report, seen=await world.seen(period, COUNTY), entries=[Entry("staff", own=Decimal(6))]
    )
    staff = line(state, "staff")
    assert (staff.own, staff.below, staff.total, staff.answered) == (6, 9, 15, 2)


async def test_who_is_missing_below_is_named_and_adds_nothing(world: Any, clock: Any) -> None:
    """O6.3a: never guessed."""
    period = await world.open()
    await world.settle(period, TOWN, offices=2, staff=9)
    await world.start(period, COUNTY)
    await world.submit(period, COUNTY)
    await world.approve(period, COUNTY)
    city = await world.start(period, CITY)
    assert (city.missing, line(city, "offices").total) == ((BAOAN,), 2)
    state = await world.submit(period, CITY)
    assert state.missing == (BAOAN,)


async def test_nobody_submits_what_nobody_has_declared(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.start(period, COUNTY)
    error = await refused(world.submit(period, COUNTY), "reporting.report.incomplete")
    assert [(one["line"], one["code"]) for one in error.facts["errors"]] == [  # type: ignore[index,union-attr]
        ("offices", "required"), ("staff", "required"), ("plan-included", "required"),
    ]  # fmt: skip


async def test_computed_values_stand_beside_and_are_the_first_declaration(world: Any, clock: Any) -> None:
    """O6.3a: declared beside computed, with its as-of and completeness."""
    world.know(TOWN, 3, expected=4)
    period = await world.open()
    state = await world.start(period, TOWN)
    offices = line(state, "offices")
    assert (offices.own, offices.computed.value, offices.computed.expected, offices.computed.known) == (3, 3, 4, 1)
    assert offices.computed.as_of is not None
    assert offices.computed.on == date(2026, 3, 31)
    assert line(state, "staff").computed is None


async def test_a_difference_beyond_the_tolerance_is_explained_before_it_goes_up(world: Any, clock: Any) -> None:
    """O6.3a: declared against computed, one office tolerated."""
    world.know(TOWN, 3)
    period = await world.open()
    await world.start(period, TOWN)
    await world.fill(period, TOWN, offices=5, staff=9)
    error = await refused(world.submit(period, TOWN), "reporting.report.incomplete")
    assert [(one["line"], one["code"]) for one in error.facts["errors"]] == [("offices", "unexplained")]  # type: ignore[index,union-attr]
    await world.fill(period, TOWN, offices=5, staff=9, explanation="新挂牌两所尚未入账")
    assert (await world.submit(period, TOWN)).status == "submitted"


async def test_a_parent_returns_with_all_reasons_and_the_report_comes_again(world: Any, clock: Any) -> None:
    """S6, O6.3a."""
    period = await world.open()
    first = await world.hand_in(period, TOWN)
    reasons = [ReturnReason(line="staff", text="与花名册不符"), ReturnReason(text="请附说明")]
    seen = await world.seen(period, TOWN)
    state = await world.act(COUNTY, service.return_report, seen=seen, reasons=reasons)
    assert (state.status, state.return_reasons) == ("returned", tuple(reasons))
    await world.fill(period, TOWN, staff=5)
    again = await world.submit(period, TOWN)
    assert (again.return_reasons, again.first_submitted_at) == ((), first.first_submitted_at)


async def test_recalled_before_anybody_acted_it_was_never_handed_in(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.hand_in(period, TOWN)
    assert (await world.progress(period, TOWN)).reported == 1
    state = await world.recall(period, TOWN)
    assert (state.status, state.first_submitted_at) == ("draft", None)
    assert (await world.progress(period, TOWN)).reported == 0
    await world.submit(period, TOWN)
    await world.approve(period, TOWN)
    await refused(world.recall(period, TOWN), "reporting.report.not-in-state")


async def test_a_recall_after_a_return_keeps_the_first_submission(world: Any, clock: Any) -> None:
    period = await world.open()
    first = await world.hand_in(period, TOWN)
    await world.send_back(period, TOWN)
    await world.submit(period, TOWN)
    assert (await world.recall(period, TOWN)).first_submitted_at == first.first_submitted_at


async def test_a_restatement_keeps_the_old_edition_in_force_and_readable(world: Any, clock: Any) -> None:
    """O6.3a: lock, restatement; what was published on a version keeps pointing to it."""
    period = await world.open()
    approved = await world.settle(period, TOWN, offices=2, staff=9)
    state = await world.restate(period, TOWN, "漏报一所")
    assert (state.status, state.edition, state.approved_edition) == ("draft", 2, 1)
    await world.fill(period, TOWN, offices=3, staff=12)
    await world.submit(period, TOWN)
    in_force = (await world.declared(period, TOWN))[TOWN]
    assert (in_force.edition, line(in_force, "offices").total) == (1, 2)
    again = await world.approve(period, TOWN)
    assert (again.approved_edition, again.restatement_reason) == (2, "漏报一所")
    assert line((await world.declared(period, TOWN))[TOWN], "offices").total == 3
    rows = await world.rows("SELECT state::text AS state FROM report_versions WHERE version = $1", approved.version)
    assert type(approved).model_validate_json(rows[0]["state"]) == approved


async def test_a_restatement_below_marks_what_is_approved_above_and_changes_nothing_of_it(
    world: Any, clock: Any
) -> None:
    """O6.3a: the county says that it stands on an older version, until it takes the new one over."""
    period = await world.open()
    await world.settle(period, TOWN, offices=2, staff=9)
    await world.start(period, COUNTY)
    await world.submit(period, COUNTY)
    county = await world.approve(period, COUNTY)
    await world.start(period, CITY)
    await world.submit(period, CITY)
    assert await world.outdated(period, CITY) == []
    await world.restate(period, TOWN)
    assert await world.outdated(period, COUNTY) == []  # nothing is in force yet
    await world.fill(period, TOWN, offices=3, staff=12)
    await world.submit(period, TOWN)
    await world.approve(period, TOWN)
    assert await world.report(period.id, COUNTY) == county
    behind = [(one.division, one.below, one.edition, one.edition_now) for one in await world.outdated(period, CITY)]
    assert behind == [(COUNTY, TOWN, 1, 2)]
    taken_over = await world.restate(period, COUNTY, "下级重报")
    assert line(taken_over, "offices").total == 3
    assert await world.outdated(period, COUNTY) == []
    assert [one.division for one in await world.outdated(period, CITY)] == [COUNTY]  # its edition in force still is
    await world.submit(period, COUNTY)
    await world.approve(period, COUNTY)
    error = await refused(world.approve(period, CITY), "reporting.report.bases-outdated")
    assert error.facts["divisions"] == [COUNTY]


async def test_a_draft_above_takes_over_what_is_approved(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.start(period, COUNTY)
    await world.settle(period, TOWN, offices=2, staff=9)
    county = await world.report(period.id, COUNTY)
    assert (line(county, "offices").total, county.missing, county.version) == (2, (), 2)


async def test_nobody_submits_on_what_is_old(world: Any, clock: Any) -> None:
    """O6.3a: recalled, it still stands on the versions of then; it is composed anew before it goes up again."""
    period = await world.open()
    await world.settle(period, TOWN, offices=2, staff=9)
    await world.start(period, COUNTY)
    await world.submit(period, COUNTY)
    await world.restate(period, TOWN)
    await world.fill(period, TOWN, offices=3, staff=12)
    await world.submit(period, TOWN)
    await world.approve(period, TOWN)
    await world.recall(period, COUNTY)
    error = await refused(world.submit(period, COUNTY), "reporting.report.bases-outdated")
    assert error.facts["divisions"] == [TOWN]
    assert line(await world.recompose(period, COUNTY), "offices").total == 3
    assert (await world.submit(period, COUNTY)).status == "submitted"


async def test_an_abandoned_restatement_leaves_what_was(world: Any, clock: Any) -> None:
    period = await world.open()
    approved = await world.settle(period, TOWN, offices=2, staff=9)
    await world.restate(period, TOWN)
    await world.fill(period, TOWN, offices=7)
    seen = await world.seen(period, TOWN)
    state = await world.act(TOWN, service.abandon_restatement, seen=seen, reason="无须重报")
    assert (state.status, state.edition, state.lines) == ("approved", 1, approved.lines)
    assert (await world.restate(period, TOWN)).edition == 3


async def test_closing_locks_what_is_approved_and_stops_the_rest(world: Any, clock: Any) -> None:
    """O6.3a: lock by closing, unlock by the upper level with a reason."""
    period = await world.open()
    await world.settle(period, TOWN)
    await world.start(period, XINAN)
    closed = await world.step(period, service.close_period)
    assert (closed.status, (await world.report(period.id, TOWN)).status) == ("closed", "locked")
    await refused(world.fill(period, XINAN), "reporting.period.shut")
    await refused(world.start(period, DONGCHENG), "reporting.period.shut")
    how = {"period_id": period.id, "division": XINAN, "reason": "补报", "values_of": world.values_of}
    version = (await world.report(period.id, XINAN)).version
    await refused(
        world.act(XINAN, service.unlock_report, expected_version=version, **how), "reporting.report.not-the-reviewer"
    )
    await world.act(BAOAN, service.unlock_report, expected_version=version, **how)
    await world.fill(period, XINAN)
    await world.submit(period, XINAN)
    assert (await world.approve(period, XINAN)).status == "locked"
    how["division"] = DONGCHENG
    begun = await world.act(DONGGUAN, service.unlock_report, expected_version=None, **how)
    assert (begun.status, begun.is_unlocked, begun.version) == ("draft", True, 1)


async def test_what_a_closing_leaves_is_locked_page_by_page(world: Any, clock: Any) -> None:
    """O6.3a: nothing that is approved stays open in a closed period, however many there are."""
    period = await world.open()
    for town in (TOWN, XINAN, YANGMING):
        await world.settle(period, town)
    await world.rows("UPDATE report_periods SET status = 'closed'")
    locked = []
    while True:
        async with world.units() as uow:
            if not await service.list_unlocked(uow.conn):
                break
            locked.append(await service.lock_page(uow, period.id, limit=2))
    assert locked == [2, 1]
    assert {(await world.report(period.id, town)).status for town in (TOWN, XINAN, YANGMING)} == {"locked"}


async def test_a_locked_report_changes_by_restatement_only(world: Any, clock: Any) -> None:
    """O6.3a."""
    period = await world.open()
    await world.settle(period, TOWN, offices=2)
    await world.step(period, service.close_period)
    await refused(world.fill(period, TOWN), "reporting.report.not-in-state")
    await world.restate(period, TOWN)
    await world.fill(period, TOWN, offices=3)
    await world.submit(period, TOWN)
    state = await world.approve(period, TOWN)
    assert (state.status, state.approved_edition) == ("locked", 2)


async def test_the_upper_level_unlocks_what_is_locked_as_a_new_edition(world: Any, clock: Any) -> None:
    """O6.3a: unlock with a reason; the edition in force stays."""
    period = await world.open()
    locked = await world.settle(period, TOWN, offices=2)
    await world.step(period, service.close_period)
    state = await world.act(
        COUNTY, service.unlock_report, period_id=period.id, division=TOWN, expected_version=locked.version + 1,
        reason="核查发现漏报", values_of=world.values_of,
    )  # fmt: skip
    assert (state.status, state.edition, state.restatement_reason) == ("draft", 2, "核查发现漏报")
    assert (await world.declared(period, TOWN))[TOWN].edition == 1


async def test_while_closing_what_was_handed_in_goes_on(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.hand_in(period, TOWN)
    await world.start(period, XINAN)
    await world.step(period, service.begin_closing)
    await refused(world.recall(period, TOWN), "reporting.period.shut")
    await world.send_back(period, TOWN)
    await world.submit(period, TOWN)
    await world.approve(period, TOWN)
    await refused(world.fill(period, XINAN), "reporting.period.shut")
    reopened = await world.step(period, service.reopen_period, reason="多地遭遇台风")
    assert [(act.status, act.reason) for act in reopened.acts][-1] == ("open", "多地遭遇台风")
    await world.fill(period, XINAN)


async def test_the_report_on_top_needs_a_second_account(world: Any, clock: Any) -> None:
    period = await world.open(roots=(DONGGUAN,))
    await world.settle(period, DONGCHENG)
    await world.start(period, DONGGUAN)
    await world.submit(period, DONGGUAN)
    seen = await world.seen(period, DONGGUAN)
    await refused(world.act(DONGGUAN, service.approve_report, seen=seen, by=DONGGUAN), "reporting.report.same-account")
    assert (await world.act(DONGGUAN, service.approve_report, seen=seen, by="chief")).status == "approved"


REFUSED: list[tuple[str, Callable[[Any, Any], Any], str]] = [
    ("another town fills", lambda w, s: w.act(XINAN, service.fill_report, seen=s, entries=[]), "record.not-found"),
    ("the county fills", lambda w, s: w.act(COUNTY, service.fill_report, seen=s, entries=[]),
     "reporting.report.not-the-reporter"),
    ("a clerk fills", lambda w, s: w.act(TOWN, service.fill_report, seen=s, entries=[], roles=(Role.WINDOW_CLERK,)),
     "auth.role-required"),
    ("an auditor fills", lambda w, s: w.act(TOWN, service.fill_report, seen=s, entries=[], roles=(Role.AUDITOR,)),
     "auth.role-required"),
    ("an old version", lambda w, s: w.act(TOWN, service.fill_report, seen=Seen(s.id, 9), entries=[]),
     "request.if-match-stale"),
    ("approve a draft", lambda w, s: w.act(COUNTY, service.approve_report, seen=s), "reporting.report.not-in-state"),
    ("restate a draft", lambda w, s: w.act(TOWN, service.restate_report, seen=s, reason="重报"),
     "reporting.report.not-in-state"),
    ("abandon a first edition", lambda w, s: w.act(TOWN, service.abandon_restatement, seen=s, reason="不报"),
     "reporting.report.not-in-state"),
    ("lines that do not fit", lambda w, s: w.act(TOWN, service.fill_report, seen=s, entries=[
        Entry("offices", own=Decimal("1.5")), Entry("staff", own=Decimal(-1)), Entry("nothing", own=Decimal(1)),
        Entry("staff", own=Decimal(1)), Entry("staff-per-office", own=Decimal(1)), Entry("remarks", flag=True)]),
     "reporting.report.entry-refused"),
]  # fmt: skip


async def test_what_is_refused_writes_nothing(world: Any, clock: Any) -> None:
    """O6.3a: a table of bad acts; one event, one audit entry, one version, as before."""
    period = await world.open()
    await world.start(period, TOWN)
    seen = await world.seen(period, TOWN)
    tables = ("outbox", "audit_entries", "report_versions", "records", "report_lines", "report_bases")
    before = [len(await world.rows(f"SELECT * FROM {table}")) for table in tables]
    for what, act, code in REFUSED:
        with pytest.raises(DomainError) as found:
            await act(world, seen)
        assert (what, found.value.code) == (what, code)
    assert [len(await world.rows(f"SELECT * FROM {table}")) for table in tables] == before


async def test_every_wrong_line_is_named_at_once(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.start(period, TOWN)
    seen = await world.seen(period, TOWN)
    error = await refused(REFUSED[-1][1](world, seen), "reporting.report.entry-refused")
    assert [(one["line"], one["code"]) for one in error.facts["errors"]] == [  # type: ignore[index,union-attr]
        ("offices", "not-whole"), ("staff", "negative"), ("nothing", "unknown"), ("staff", "twice"),
        ("staff-per-office", "derived"), ("remarks", "wrong-kind"),
    ]  # fmt: skip


async def test_completeness_and_timeliness_at_any_moment(world: Any, clock: Any) -> None:
    """O6.3a: expected, reported, on time, late with days, returned, approved; as it was at a moment."""
    period = await world.open()
    await world.settle(period, TOWN)
    clock.move_to(datetime(2026, 4, 7, 16, 30, tzinfo=UTC))  # the 8th in Beijing: three days late for a town
    before = datetime(2026, 4, 7, 16, 0, tzinfo=UTC)
    await world.hand_in(period, XINAN)
    await world.send_back(period, XINAN)
    now = await world.progress(period)
    assert (now.expected, now.reported, now.on_time, now.late, now.late_days) == (11, 2, 1, 1, 3)
    assert (now.returned, now.approved, now.missing, now.overdue) == (1, 1, 9, 2)
    assert (now.completeness, now.timeliness) == (0.1818, 0.0909)
    then = await world.progress(period, at=before)
    assert (then.reported, then.late_days, then.returned, then.overdue) == (1, 0, 0, 3)
    assert (await world.progress(period, CITY)).expected == 5
    assert (await world.progress(period, BAOAN)).late == 1


async def test_the_parts_add_up_and_lead_down_to_who_is_missing(world: Any, clock: Any) -> None:
    """O6.3a: drill-down; the list is as long as the count."""
    period = await world.open()
    await world.settle(period, TOWN)
    actor = world.actor(CITY)
    async with world.db.autocommit() as conn:
        parts = await service.list_child_progress(
            conn, actor=actor, period_id=period.id, within=CITY, at=None, after="", limit=10
        )
        assert [(one.division, one.name, one.progress.reported) for one in parts] == [
            (COUNTY, "南山区", 1), (BAOAN, "宝安区", 0),
        ]  # fmt: skip
        whole = await service.get_progress(conn, actor=actor, period_id=period.id, within=CITY, at=None)
        assert whole.expected == 1 + sum(one.progress.expected for one in parts)
        missing = await service.list_missing(
            conn, actor=actor, period_id=period.id, within=CITY, at=None, is_overdue=False, after="", limit=10
        )
        assert len(missing) == whole.missing
        assert (missing[-1].division, missing[-1].name, missing[-1].office_name) == (XINAN, "新安街道", "新安街道机构")
        with pytest.raises(DomainError):
            await service.get_progress(conn, actor=actor, period_id=period.id, within=DONGGUAN, at=None)


async def test_reminds_once_before_once_on_and_once_after_the_day(world: Any, clock: Any) -> None:
    """O6.3a: a reminder of each kind once for a division and a period."""
    period = await world.open()
    await world.settle(period, TOWN)

    async def remind() -> int:
        async with world.units() as uow:
            return await service.send_reminders(uow)

    assert (await remind(), await remind()) == (3, 0)  # three towns due on the 5th, the 2nd is three days before
    clock.move_to(datetime(2026, 4, 5, 2, tzinfo=UTC))
    assert (await remind(), await remind()) == (3 + 3, 0)  # on the day; three counties before theirs
    clock.move_to(datetime(2026, 4, 6, 2, tzinfo=UTC))
    assert (await remind(), await remind()) == (3, 0)
    clock.move_to(datetime(2026, 5, 1, 2, tzinfo=UTC))
    assert (await remind(), await remind()) == (3 + 3 + 1, 0)  # of what was never sent only the newest
    rows = await world.rows(
        "SELECT state ->> 'kind' AS kind, count(*) FROM records WHERE record = 'reporting.report-reminder' "
        "AND division = $1 GROUP BY 1 ORDER BY 1",
        XINAN,
    )
    assert [tuple(row) for row in rows] == [("before", 1), ("due", 1), ("overdue", 1)]


async def test_periods_of_a_schedule_open_once_when_their_cycle_has_ended(world: Any, clock: Any) -> None:
    """O6.3a: a regular period by a schedule that is data."""
    days = tuple(LevelDays(level=level, days=n) for level, n in zip(Level, (15, 10, 8, 5, 3), strict=True))
    scheduling = Scheduling(
        "月报", None, "monthly", date(2026, 3, 1), None, (DONGGUAN,), Level.TOWN, days, (await world.template())[:2]
    )
    schedule = await world.act(PROVINCE, service.add_schedule, scheduling=scheduling)

    async def opened() -> int:
        async with world.units() as uow:
            return await service.open_scheduled(uow)

    assert (await opened(), await opened()) == (1, 0)
    clock.move_to(datetime(2026, 6, 1, 2, tzinfo=UTC))
    assert (await opened(), await opened()) == (2, 0)
    actor = world.actor(DONGCHENG)
    async with world.db.autocommit() as conn:
        found = await service.list_periods(conn, actor=actor, status=None, programme_id=None, after=None, limit=9)
    assert sorted((one.first_on, one.as_of, one.due_on, one.expected) for one in found) == [
        (date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 15), 2),
        (date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 15), 2),
        (date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 15), 2),
    ]
    assert {one.kind for one in found} == {"regular"}
    await world.act(PROVINCE, service.end_schedule, seen=Seen(schedule.id, 1), reason="改为季报")
    clock.move_to(datetime(2026, 8, 1, 2, tzinfo=UTC))
    assert await opened() == 0


BAD_CALLS: list[tuple[dict[str, Any], str]] = [
    ({"as_of": date(2025, 12, 31)}, "reporting.period.dates-invalid"),
    ({"due": (LevelDue(level=Level.TOWN, due_on=date(2026, 4, 5)),)}, "reporting.period.dates-invalid"),
    ({"due": tuple(LevelDue(level=level, due_on=date(2026, 4, 20 - n)) for n, level in enumerate(reversed(Level)))},
     "reporting.period.dates-invalid"),
    ({"lines": ()}, "reporting.period.template-invalid"),
    ({"roots": ("440399000000",)}, "directory.division-unknown"),
    ({"roots": (DONGGUAN, "110000000000")}, "auth.out-of-scope"),
]  # fmt: skip


async def test_a_call_that_contradicts_itself_opens_nothing(world: Any, clock: Any) -> None:
    for changes, code in BAD_CALLS:
        await refused(world.open(**changes), code)
    assert await world.rows("SELECT * FROM report_periods") == []


async def test_a_division_that_does_not_report_has_no_report(world: Any, clock: Any) -> None:
    period = await world.open(roots=(CITY,))
    await refused(world.start(period, DONGCHENG), "reporting.report.not-expected")
    await world.start(period, TOWN)
    await refused(world.start(period, TOWN), "record.exists")


async def test_what_is_declared_of_the_newest_period_of_a_programme(world: Any, clock: Any) -> None:
    await seed_programmes(world.db)
    async with world.db.autocommit() as conn:
        found = await find_programme(conn, PROVINCE, "2011-2012")
    assert found is not None
    programme = found.id
    older = await world.open(programme_id=programme, first_on=date(2025, 10, 1), as_of=date(2025, 12, 31))
    newer = await world.open(programme_id=programme)
    await world.settle(older, TOWN, offices=1)
    await world.hand_in(newer, TOWN, offices=2)
    await world.start(newer, XINAN)
    async with world.units() as uow:
        newest = await service.declared_of(
            uow.session, programme_id=programme, latest_on=date(2026, 4, 1), divisions=[TOWN, XINAN]
        )
        then = await service.declared_of(
            uow.session, programme_id=programme, latest_on=date(2026, 1, 1), divisions=[TOWN]
        )
    assert {code: (state.status, line(state, "offices").total) for code, state in newest.items()} == {
        TOWN: ("submitted", 2)
    }
    assert line(then[TOWN], "offices").total == 1


async def test_a_report_of_a_town_that_went_to_another_county_is_decided_by_its_parent_of_then(
    world: Any, clock: Any, filled: Any, directory_events: Any
) -> None:
    """O6.3a, S6: the tree of a period is frozen; who reviews finds what lies before it, wherever that lies today."""
    period = await world.open()
    submitted = await world.hand_in(period, TOWN, offices=2)
    moved, heir = date(2026, 4, 1), "440306009000"
    await filled.directory(
        directory_events("division", TOWN, "南头街道", version=2, valid_to=moved, successors=(heir,)),
        directory_events("division", heir, "南头街道", valid_from=moved, predecessors=(TOWN,)),
    )

    async def listed(division: str, parent: str) -> list[str]:
        wanted = Wanted(equal=(("parent", parent),))
        async with world.units() as uow:
            found = await service.list_reports(uow.session, wanted, actor=world.actor(division), after=None, limit=None)
        return [one.division for one in found]

    assert await listed(COUNTY, COUNTY) == [TOWN]
    assert await listed(HEPING, COUNTY) == []
    seen = Seen(submitted.id, submitted.version)
    await refused(world.act(HEPING, service.approve_report, seen=seen), "record.not-found")
    await refused(world.act(BAOAN, service.approve_report, seen=seen), "reporting.report.not-the-reviewer")
    returned = await world.act(COUNTY, service.return_report, seen=seen, reasons=[ReturnReason(text="数字不实")])
    again = await world.act(heir, service.submit_report, seen=Seen(returned.id, returned.version))
    approved = await world.act(COUNTY, service.approve_report, seen=Seen(again.id, again.version))
    assert approved.status == "approved"
    async with world.units() as uow:
        told = await service.get_report(uow.session, actor=world.actor(COUNTY), report_id=approved.id)
    assert told == approved


async def test_nothing_is_reported_for_what_is_not_decided(world: Any, clock: Any) -> None:
    """O6.1a, O6.3a: a draft of a programme calls for no reports."""
    everybody = Cohort(code="all", title="全部", due_on=date(2027, 12, 31), rules=(MembershipRule(kind="rest"),))
    draft = await world.act(
        PROVINCE,
        create_programme,
        actor=world.actor(PROVINCE),
        code="2026-2027",
        content=Content("提升任务", date(2026, 1, 1), date(2027, 12, 31), (), (everybody,), ()),
        reason="筹备",
    )
    await refused(world.open(programme_id=draft.id), "reporting.programme.wrong-state")
    assert await world.rows("SELECT FROM report_periods") == []


async def test_a_period_in_which_a_division_has_handed_in_nothing_hides_nothing(world: Any, clock: Any) -> None:
    """S5, O6.3a: neither a period of others nor one that was just opened takes a declared value away."""
    await seed_programmes(world.db)
    async with world.db.autocommit() as conn:
        found = await find_programme(conn, PROVINCE, "2011-2012")
    assert found is not None
    programme = found.id
    older = await world.open(programme_id=programme, first_on=date(2025, 10, 1), as_of=date(2025, 12, 31))
    await world.settle(older, TOWN, offices=1)
    await world.hand_in(older, XINAN, offices=3)
    await world.open(programme_id=programme, roots=(DONGGUAN,))
    newest = await world.open(programme_id=programme)
    await world.hand_in(newest, XINAN, offices=4)
    await world.start(newest, TOWN)
    async with world.units() as uow:
        told = await service.declared_of(
            uow.session, programme_id=programme, latest_on=date(2026, 4, 1), divisions=[TOWN, XINAN, DONGCHENG]
        )
    assert {code: line(state, "offices").total for code, state in told.items()} == {TOWN: 1, XINAN: 4}


async def test_what_was_taken_back_or_returned_is_not_declared(world: Any, clock: Any) -> None:
    """S5, O6.3a: only what is in force, or lies before the level above now."""
    period = await world.open()
    await world.hand_in(period, TOWN, offices=2)
    assert line((await world.declared(period, TOWN))[TOWN], "offices").total == 2
    await world.recall(period, TOWN)
    assert await world.declared(period, TOWN) == {}
    await world.submit(period, TOWN)
    await world.send_back(period, TOWN)
    assert await world.declared(period, TOWN) == {}
    await world.fill(period, TOWN, offices=3)
    await world.submit(period, TOWN)
    await world.approve(period, TOWN)
    await world.restate(period, TOWN)
    assert line((await world.declared(period, TOWN))[TOWN], "offices").total == 3


async def test_one_that_is_approved_for_the_first_time_after_the_one_above_was_submitted_is_told(
    world: Any, clock: Any
) -> None:
    """O6.3a: the one above lacks it, says so, and is not approved without it."""
    period = await world.open()
    await world.start(period, COUNTY)
    await world.fill(period, COUNTY, offices=1, staff=4)
    await world.submit(period, COUNTY)
    assert await world.outdated(period, COUNTY) == []
    await world.settle(period, TOWN, offices=2, staff=9)
    behind = [(one.division, one.below, one.edition, one.edition_now) for one in await world.outdated(period, COUNTY)]
    assert behind == [(COUNTY, TOWN, None, 1)]
    error = await refused(world.approve(period, COUNTY), "reporting.report.bases-outdated")
    assert error.facts["divisions"] == [TOWN]
    await world.recall(period, COUNTY)
    await world.recompose(period, COUNTY)
    await world.submit(period, COUNTY)
    await world.approve(period, COUNTY)
    assert await world.outdated(period, COUNTY) == []
    assert line((await world.declared(period, COUNTY))[COUNTY], "offices").total == 3


async def test_one_approved_below_after_the_one_above_was_approved_marks_it_and_those_above(
    world: Any, clock: Any
) -> None:
    """O6.3a: what is in force above without it stays as it is, and tells that it does."""
    period = await world.open()
    await world.start(period, COUNTY)
    await world.fill(period, COUNTY, offices=1, staff=4)
    await world.submit(period, COUNTY)
    await world.approve(period, COUNTY)
    await world.start(period, CITY)
    assert await world.outdated(period, CITY) == []
    await world.settle(period, TOWN, offices=2, staff=9)
    told = [(one.division, one.below, one.edition, one.edition_now) for one in await world.outdated(period, CITY)]
    assert told == [(COUNTY, TOWN, None, 1)]


async def test_versions_differ_line_by_line(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.settle(period, TOWN, offices=2, staff=9)
    await world.restate(period, TOWN)
    state = await world.fill(period, TOWN, offices=3, staff=9)
    async with world.units() as uow:
        _, _, changes = await service.diff_versions(uow.session, state, first=4, last=state.version)
        versions = await service.list_versions(uow.session, state, after=0, limit=20)
    assert [(one.line, one.member, one.before, one.after) for one in changes] == [
        ("offices", "own", 2, 3), ("offices", "total", 2, 3),
        ("staff-per-office", "total", Decimal("4.50"), Decimal("3.00")),
    ]  # fmt: skip
    assert [(one.act, one.edition) for one in versions] == [
        ("start", 1), ("fill", 1), ("submit", 1), ("approve", 1), ("restate", 2), ("fill", 2),
    ]  # fmt: skip


async def test_every_transition_is_audited_with_its_reason(world: Any, clock: Any) -> None:
    period = await world.open()
    await world.settle(period, TOWN)
    await world.restate(period, TOWN, "漏报一所")
    rows = await world.rows(
        "SELECT action, reason FROM audit_entries WHERE object_type = 'reporting.report' ORDER BY 1"
    )
    assert {(row["action"], row["reason"]) for row in rows} == {
        ("reporting.report.approve", None), ("reporting.report.fill", None), ("reporting.report.start", None),
        ("reporting.report.submit", None), ("reporting.report.restate", "漏报一所"),
    }  # fmt: skip
