"""Who is faster (O6.3a): several offices at once over real connections. One consistent outcome each, no half state."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from common.errors import DomainError
from reporting.reports import service

CITY, COUNTY, TOWN = "440300000000", "440305000000", "440305001000"
BAOAN, XINAN = "440306000000", "440306001000"
DONGGUAN, DONGCHENG = "441900000000", "441900003000"
ROUNDS = 8


def line(state: Any, code: str) -> Any:
    return next(one for one in state.lines if one.code == code)


async def together(*acts: Coroutine[Any, Any, Any]) -> list[str]:
    """What became of acts that began at once: the code of the refusal, or `done`; anything else is no outcome."""
    found = await asyncio.gather(*acts, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, DomainError):
            raise one
    return [one.code if isinstance(one, DomainError) else "done" for one in found]


async def consistent(world: Any, period: Any) -> None:
    """Records, places, versions and lines tell the same of every division, and sums are those of named versions."""
    places = await world.rows("SELECT * FROM report_places WHERE period_id = $1", period.id)
    for place in places:
        if place["status"] is None:
            continue
        state = await world.report(period.id, place["division"])
        told = (place["status"], place["first_submitted_at"], place["approved_edition"], place["approved_version"])
        assert told == (state.status, state.first_submitted_at, state.approved_edition, state.approved_version)
        kept = await world.rows(
            "SELECT version, state::text AS state FROM report_versions "
            "WHERE period_id = $1 AND division = $2 ORDER BY version",
            period.id,
            place["division"],
        )
        assert [row["version"] for row in kept] == list(range(1, state.version + 1))
        versions = [type(state).model_validate_json(row["state"]) for row in kept]
        assert versions[-1] == state
        if state.approved_version is None:
            continue
        in_force = versions[state.approved_version - 1]
        assert in_force.edition == state.approved_edition
        total = line(in_force, "offices").own or 0
        for base in in_force.bases:
            row = await world.rows(
                "SELECT state::text AS state FROM report_versions WHERE period_id = $1 AND division = $2 AND version = $3",
                period.id,
                base.division,
                base.version,
            )
            below = type(state).model_validate_json(row[0]["state"])
            assert (below.edition, below.approved_version) == (base.edition, base.version)
            total += line(below, "offices").total or 0
        assert line(in_force, "offices").total == total
        lines = await world.rows(
            "SELECT total FROM report_lines WHERE period_id = $1 AND division = $2 AND line = 'offices'",
            period.id,
            place["division"],
        )
        assert [row["total"] for row in lines] == [total]


async def test_of_two_approvers_one_approves(world: Any) -> None:
    """O6.3a: two accounts of the county at once."""
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        await world.hand_in(period, TOWN)
        seen = await world.seen(period, TOWN)
        outcomes = await together(
            *(world.act(COUNTY, service.approve_report, seen=seen, by=by) for by in ("one", "two", "three"))
        )
        assert Counter(outcomes) == {"done": 1, "request.if-match-stale": 2}
        await consistent(world, period)


async def test_of_approving_returning_and_recalling_one_happens(world: Any) -> None:
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        await world.hand_in(period, TOWN)
        outcomes = await together(
            world.approve(period, TOWN), world.send_back(period, TOWN), world.recall(period, TOWN)
        )
        assert outcomes.count("done") >= 1
        final = (await world.report(period.id, TOWN)).status
        assert outcomes.count("done") == 1, (outcomes, final)
        assert final == {0: "approved", 1: "returned", 2: "draft"}[outcomes.index("done")]
        await consistent(world, period)


async def test_approving_above_while_below_is_restated(world: Any) -> None:
    """O6.3a: the county is approved on the old version and says so, or is refused because it is old."""
    seen = Counter[tuple[str, bool]]()
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        await world.settle(period, TOWN, offices=2)
        await world.start(period, COUNTY)
        await world.submit(period, COUNTY)
        await world.restate(period, TOWN)
        await world.fill(period, TOWN, offices=3)
        await world.submit(period, TOWN)
        above, below = await together(world.approve(period, COUNTY), world.approve(period, TOWN))
        assert below == "done"
        assert above in {"done", "reporting.report.bases-outdated"}
        county = await world.report(period.id, COUNTY)
        assert county.status == ("approved" if above == "done" else "submitted")
        assert line(county, "offices").total == 2
        assert [one.below for one in await world.outdated(period, COUNTY)] == [TOWN]
        seen[above, True] += 1
        await consistent(world, period)
    assert seen


async def test_a_report_begun_while_one_below_is_approved_takes_it_over(world: Any) -> None:
    """O6.3a: whoever comes first, the draft above knows the approved version in the end."""
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        await world.hand_in(period, TOWN, offices=2)
        assert await together(world.start(period, COUNTY), world.approve(period, TOWN)) == ["done", "done"]
        await county_stands_on_its_town(world, period)


async def test_a_report_that_has_read_what_lies_below_is_not_overtaken(world: Any) -> None:
    """The same, held at the very moment: the county has read its towns and not yet written its report."""
    period = await world.open(roots=(CITY,))
    await world.hand_in(period, TOWN, offices=2)
    approvals: list[asyncio.Task[Any]] = []

    async def approve_meanwhile(*_: Any, **__: Any) -> dict[Any, Any]:
        approvals.append(asyncio.create_task(world.approve(period, TOWN)))
        await asyncio.wait(approvals, timeout=0.3)  # it waits for the county's place, so this runs out
        return {}

    await world.act(COUNTY, service.start_report, period_id=period.id, division=COUNTY, values_of=approve_meanwhile)
    await approvals[0]
    await county_stands_on_its_town(world, period)


async def county_stands_on_its_town(world: Any, period: Any) -> None:
    county = await world.report(period.id, COUNTY)
    assert ([base.division for base in county.bases], line(county, "offices").total) == ([TOWN], 2)
    await consistent(world, period)


async def test_two_reports_below_are_approved_at_once_and_both_count(world: Any) -> None:
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        for town, county in ((TOWN, COUNTY), (XINAN, BAOAN)):
            await world.settle(period, town, offices=2)
            await world.start(period, county)
            await world.submit(period, county)
        await world.start(period, CITY)
        assert await together(world.approve(period, COUNTY), world.approve(period, BAOAN)) == ["done", "done"]
        city = await world.report(period.id, CITY)
        assert (line(city, "offices").total, city.missing) == (4, ())
        await consistent(world, period)


async def test_a_period_closes_while_reports_arrive(world: Any) -> None:
    """O6.3a: every report comes before the closing, or is refused; what was approved is locked."""
    for _ in range(ROUNDS):
        period = await world.open()
        for town in (TOWN, XINAN):
            await world.hand_in(period, town)
        await world.start(period, DONGCHENG)
        await world.fill(period, DONGCHENG)
        outcomes = await together(
            world.submit(period, DONGCHENG), world.approve(period, TOWN), world.send_back(period, XINAN),
            world.step(period, service.close_period),
        )  # fmt: skip
        assert outcomes[-1] == "done"
        assert set(outcomes) <= {"done", "reporting.period.shut"}
        assert await world.rows("SELECT * FROM report_places WHERE status = 'approved'") == []
        became = [(await world.report(period.id, code)).status for code in (DONGCHENG, TOWN, XINAN)]
        done, left = ("submitted", "locked", "returned"), ("draft", "submitted", "submitted")
        assert became == [done[place] if outcomes[place] == "done" else left[place] for place in range(3)]
        await consistent(world, period)


async def test_locking_and_restating_in_a_closed_period_never_wait_for_each_other(world: Any) -> None:
    """Locks are taken from below to above, by the job too."""
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        for town, county in ((TOWN, COUNTY), (XINAN, BAOAN)):
            await world.settle(period, town)
            await world.start(period, county)
            await world.submit(period, county)
        await world.step(period, service.begin_closing)
        await world.rows("UPDATE report_periods SET status = 'closed' WHERE id = $1", period.id)

        async def lock(period_id: Any = period.id) -> None:
            async with world.units() as uow:
                await service.lock_page(uow, period_id)

        outcomes = await together(lock(), lock(), world.restate(period, TOWN), world.restate(period, XINAN))
        assert outcomes[:2] == ["done", "done"]
        assert set(outcomes[2:]) <= {"done", "request.if-match-stale"}
        await consistent(world, period)


async def test_a_division_begins_its_report_once(world: Any) -> None:
    for _ in range(ROUNDS):
        period = await world.open(roots=(CITY,))
        outcomes = await together(*(world.start(period, TOWN) for _ in range(3)))
        assert Counter(outcomes) == {"done": 1, "record.exists": 2}


async def test_two_workers_remind_once(world: Any) -> None:
    """O6.3a."""
    await world.open()

    async def remind() -> int:
        async with world.units() as uow:
            return await service.send_reminders(uow)

    sent = await asyncio.gather(*(remind() for _ in range(4)))
    rows = await world.rows("SELECT division FROM records WHERE record = 'reporting.report-reminder'")
    assert (sum(sent), len(rows), len(set(rows))) == (11, 11, 11)
