"""The province's programme of 2011 and 2012, replayed on its real divisions (issue 5, acceptance 1)."""

import asyncio
import importlib.util
import random
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import time_machine

from common.auth import Role
from common.testing.apps import run_app
from common.testing.tokens import ISSUER, make_actor, write_jwks
from registry.data.reader import read_divisions
from reporting.__main__ import DEFINITION
from reporting.programmes.catalogue import programme_id
from reporting.programmes.service import seed_programmes
from reporting.settings import ReportingSettings


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


history, staging = _beside("programme_history"), _beside("programme_stage")
reporting, supervision = _beside("programme_reporting"), _beside("programme_supervision")

PROVINCE, SHENZHEN = "440000000000", "440300000000"
READER = make_actor(PROVINCE, Role.STATISTICIAN)
POLICY = str(programme_id(PROVINCE, "2011-2012"))
DEADLINES = (date(2011, 12, 31), date(2012, 12, 31))
OPENED = (
    date(2011, 10, 10), date(2011, 10, 30), date(2011, 11, 20), date(2012, 1, 4),
    date(2012, 4, 5), date(2012, 7, 5), date(2012, 10, 8), date(2013, 1, 5),
)  # fmt: skip
FIRST_YEAR = ("towns-ready-share-cohort-a", "sign-coverage", "floor-area-met", "equipment-complete")
SECOND_YEAR = ("towns-ready-share-cohort-b", *FIRST_YEAR, "town-offices-operating")
COUNTS = {"towns-ready", "town-offices-operating", "staff-total"}


class Story:
    """Who does what when; what is known by hand of it."""

    def __init__(self, stage: Any, towns: list[str], cities: list[str]) -> None:
        elsewhere = [town for town in towns if town[:4] not in history.PEARL_RIVER_DELTA]
        self.stage, self.cities = stage, cities
        self.central = random.Random(history.SEED).sample(elsewhere, 390)
        self.history = history.generate(towns, self.central)
        self.filings = reporting.filings_of(cities)
        self.quarters = [reporting.Quarter(number, opened_on) for number, opened_on in enumerate(OPENED)]
        self.dice = random.Random(history.SEED + 1)
        self.known = -1
        self.inspected: list[tuple[str, dict[str, int]]] = []

    async def take_in(self, known: int) -> None:
        """Levels accept what has arrived by then."""
        await self.stage.deliver(self.history.versions(range(self.known + 1, known + 1)), self.dice)
        self.known = known

    def value(self, code: str, division: str, day: date) -> Any:
        return history.figure(self.history, code, division, day, known=self.known, listed=self.listed_on(day, division))

    def listed_on(self, day: date, division: str) -> int:
        """Offices below a division that were operating on a day, as the directory was told."""
        told = [self.stage.directory.get(town, ()) for town in self.history.members(division)]
        newest = [next((status for since, status in reversed(one) if since <= day), None) for one in told]
        return newest.count("operating")

    def computed(self, division: str, day: date) -> dict[str, str | None]:
        return {code: self.value(code, division, day).value for code in reporting.DECLARED}

    async def check(self, codes: Any, day: date) -> None:
        """Province and cities, as the province knows them."""
        for code in codes:
            found = await self.stage.get(f"/indicators/{code}/children", READER, day=day)
            assert [one["division"] for one in found["items"]] == self.cities
            values = {one["division"]: one["value"] for one in found["items"]} | {PROVINCE: found["total"]}
            for division, one in values.items():
                _same(one, self.value(code, division, day), (code, division, day))


def _same(told: Any, counted: Any, what: Any) -> None:
    found = tuple(told[name] for name in ("numerator", "denominator", "expected", "known", "value"))
    expected = tuple(getattr(counted, name) for name in ("numerator", "denominator", "expected", "known", "value"))
    assert found == expected, what


@pytest.fixture
async def story(
    service_database: Callable[..., str], clone_database: Callable[..., str], tmp_path: Path
) -> AsyncIterator[Story]:
    """Reporting in October 2011, with every division of Guangdong and the packaged programme."""
    rows = read_divisions()
    with time_machine.travel(datetime(2011, 10, 10, 1, 0, tzinfo=UTC), tick=True) as clock:
        settings = ReportingSettings(
            environment="test", database_url=service_database("reporting"), bus_database_url=clone_database(),
            database_pool_size=8, oidc_issuer=ISSUER, oidc_jwks_file=write_jwks(tmp_path),
        )  # fmt: skip
        async with run_app(DEFINITION, settings) as running:
            stage = staging.Stage(running.client, running.context.db, clock, {})
            await stage.fill_divisions(rows)
            await seed_programmes(stage.db)
            towns = [row.code for row in rows if row.level == "town" and row.kind == "standard"]
            yield Story(stage, towns, [row.code for row in rows if row.level == "city"])


@pytest.mark.timeout(300)
async def test_the_programme_of_2011_and_2012_ends_with_the_figures_of_its_history(story: Story) -> None:
    """The whole programme, from its start in 2011 to the correction of the last circular.

    O6.1a: two years, closed figures at the end of each; O6.1b: cohort A of 610 towns of the nine cities and 390 central
    towns elsewhere; O6.1c: cohort B is the rest; O6.2b: 21 filings, late ones recorded, Shenzhen's on 2012-02-06;
    O6.3a: eight quarterly reports with returns, restatements, completeness and timeliness; O6.3b: two circulars from
    frozen snapshots and one correction; S5: two unscheduled inspections whose results are published.
    """
    await _cohorts(story)
    days = (date.min, date(2011, 10, 30), date(2011, 11, 20), date(2011, 12, 10))
    for quarter, after, until in zip(story.quarters[:3], days[:-1], days[1:], strict=True):
        await _quarter(story, quarter)
        await reporting.file_plans(story.stage, POLICY, story.filings, after=after, until=until)
    await _filings_of_the_year(story, days[-1])
    await _quarter(story, story.quarters[3])
    first = await _first_circular(story)
    await _late_filings(story)
    await _inspection(
        story, date(2012, 3, 12), seed="yue-2012-0312", strata="none", size=3, scope=[SHENZHEN, "441400000000"]
    )
    for quarter in story.quarters[4:7]:
        await _quarter(story, quarter)
    await _inspection(
        story, date(2012, 11, 5), seed="yue-2012-1105", strata="cohort", size=2,
        scope=["440700000000", "445200000000"], programme_id=POLICY,
    )  # fmt: skip
    await _quarter(story, story.quarters[7])
    await _second_circular(story)
    await supervision.verify(story.stage, first)
    await _final_figures(story)


async def _cohorts(story: Story) -> None:
    """O6.1b, O6.1c: central towns are entered by their cities; the cohorts are disjoint and complete."""
    for city in story.cities:
        theirs = [town for town in story.central if town.startswith(city[:4])]
        if theirs:
            told = {"towns": [{"division": town} for town in theirs], "reason": "为测试抽取的中心镇，并非真实名单"}
            where = f"/programmes/{POLICY}/cohorts/A/towns"
            await story.stage.act(where, staging.supervisor(city), told)
    counts = await story.stage.get(f"/programmes/{POLICY}/counts", READER, on=DEADLINES[0])
    assert {one["cohort"]: one["members"] for one in counts["cohorts"]} == {"A": 1000, "B": 610}
    told = {(one["cohort"], one["city"]): one["members"] for one in counts["cities"]}
    delta = [city for city in story.cities if city[:4] in history.PEARL_RIVER_DELTA]
    assert (len(delta), sum(told["A", city] for city in delta)) == (9, 610)
    by_hand = {(cohort, city): len(story.history.members(city, cohort)) for cohort in "AB" for city in story.cities}
    assert told == {key: number for key, number in by_hand.items() if number}
    members = await story.stage.items(f"/programmes/{POLICY}/members", READER, on=DEADLINES[0])
    assert {one["division"]: one["cohort"] for one in members} == story.history.cohorts
    sound = await story.stage.get(f"/programmes/{POLICY}/check", READER, on=DEADLINES[0])
    assert (len(members), sound["is_disjoint"], sound["is_complete"]) == (1610, True, True)


async def _quarter(story: Story, quarter: Any) -> None:
    """O6.3a: opened, reported with what the platform computes beside, returned, restated after late arrivals, closed."""
    stage, number = story.stage, quarter.number
    first_on, as_of = history.QUARTERS[number], history.quarter_end(number)
    stage.at(quarter.opened_on)
    await story.take_in(2 * number)
    await reporting.open_quarter(stage, POLICY, quarter, first_on, as_of)
    plans = reporting.intentions(number, story.cities)
    quarter.missing = [city for city, plan in plans.items() if plan is None]
    begun = {city: plan for city, plan in plans.items() if plan is not None}
    for after in sorted({plan.after for plan in begun.values()}):
        stage.at(quarter.day(after))
        today = [(city, plan) for city, plan in begun.items() if plan.after == after]
        await asyncio.gather(
            *(reporting.report(stage, quarter, city, plan, story.computed(city, as_of)) for city, plan in today)
        )
    stage.at(quarter.day(12))
    await story.take_in(2 * number + 1)
    for city, plan in begun.items():
        if plan.restates:
            await reporting.restate(stage, quarter.told[city], city, story.computed(city, as_of), plan.beyond)
    await reporting.report_province(stage, quarter, story.computed(PROVINCE, as_of))
    await _close(story, quarter, as_of)
    await reporting.check_quarter(stage, quarter)


async def _close(story: Story, quarter: Any, as_of: date) -> None:
    stage, where = story.stage, f"/report-periods/{quarter.id}"
    stage.at(quarter.day(15))
    await stage.act(f"{where}/closing", reporting.OPENER, None, 1)
    assert (await stage.act(f"{where}/closure", reporting.OPENER, None, 2))["status"] == "closed"
    if quarter.number == len(OPENED) - 1:
        city, told = next((city, told) for city, told in sorted(quarter.told.items()) if told.edition == 1)
        told.version = (await stage.get(f"/reports/{told.report}", reporting.OPENER))["version"]
        await reporting.restate(stage, told, city, story.computed(city, as_of), 4)
        await reporting.restate_province(stage, quarter, story.computed(PROVINCE, as_of))


async def _filings_of_the_year(story: Story, until: date) -> None:
    """O6.2b: filed, late, returned, filed again; asked for as of several days."""
    story.stage.at(until)
    for day in (date(2011, 10, 20), reporting.DUE, date(2011, 11, 1), date(2011, 11, 2), date(2011, 11, 16), until):
        await reporting.check_overview(story.stage, POLICY, story.filings, day)


async def _late_filings(story: Story) -> None:
    """O6.2b: Shenzhen's is 98 days late, recorded and accepted."""
    until = date(2012, 3, 1)
    await reporting.file_plans(story.stage, POLICY, story.filings, after=date(2011, 12, 10), until=until)
    for day in (reporting.DUE, DEADLINES[0], date(2012, 2, 5), date(2012, 2, 6), until):
        await reporting.check_overview(story.stage, POLICY, story.filings, day)
    told = await story.stage.get(f"/plans/{POLICY}/filings/{SHENZHEN}", READER, on=until)
    assert (told["state"], told["days_late"], told["first_filed_on"]) == ("accepted", 98, "2012-02-06")


def _asked(codes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"code": code, "kind": "indicator", "subject": code, "title": code, "better": "higher"} for code in codes]


def _tables(story: Story, codes: tuple[str, ...], day: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code in codes:
        found[code] = {}
        for division in [*story.cities, PROVINCE]:
            one = story.value(code, division, day)
            more = [] if code in COUNTS else [str(one.numerator), str(one.denominator)]
            found[code][division] = [one.value, *more]
    return found


def _of_the_year(story: Story, quarter: Any, day: date) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    queries = [
        {"code": "filings", "kind": "plan_filing", "subject": POLICY, "title": "方案备案"},
        {"code": "reports", "kind": "report_timeliness", "subject": quarter.id, "title": "报送", "better": "higher"},
    ]
    cells = {city: reporting.filing_cells(steps, day) for city, steps in story.filings.items()}
    return queries, {
        "filings": supervision.filings(cells),
        "reports": supervision.timeliness(quarter, story.cities),
    }


async def _first_circular(story: Story) -> Any:
    """O6.3b: as of the end of 2011; whoever has not filed by then is named as overdue."""
    story.stage.at(date(2012, 1, 22))
    day = DEADLINES[0]
    queries, tables = _of_the_year(story, story.quarters[2], day)
    tables = {**_tables(story, FIRST_YEAR, day), **tables}
    told = supervision.words("关于2011年建设进展情况的通报", FIRST_YEAR[0], list(tables))
    asked = [*_asked(FIRST_YEAR), *queries]
    made = await supervision.publish(story.stage, {"on": day.isoformat(), "queries": asked, "words": told})
    await supervision.check_tables(story.stage, made, tables, {*FIRST_YEAR, "reports"})
    whole = f"全省完成率为{tables[FIRST_YEAR[0]][PROVINCE][0]}%"
    assert whole in supervision.text_of(await supervision.read(story.stage, made))
    await supervision.verify(story.stage, made)
    return made


async def _inspection(story: Story, day: date, **told: Any) -> None:
    """S5: drawn from the offices that operate on the day; half of the sample contradicts what was declared."""
    stage = story.stage
    stage.at(day)
    states = {town: story.history.state(town, day, story.known) for town in story.history.towns}
    await stage.tell_offices({town: (one.effective_on, one.office_status) for town, one in states.items() if one})
    inside = [town for town in states if any(town.startswith(root[:4]) for root in told["scope"])]
    strata = (lambda town: story.history.cohorts[town]) if told["strata"] == "cohort" else (lambda _: "all")
    operating = {town: strata(town) for town in inside if states[town] and states[town].office_status == "operating"}
    templates = await stage.get("/inspections/templates", supervision.ORGANISER)
    template = templates[0] if templates else await stage.act("/inspections/templates/starting", supervision.ORGANISER)
    title = f"{day.year}年{day.month}月督导考核"
    made = await supervision.draw(stage, operating, title=title, template_id=template["id"], **told)
    scores = {}
    for place, one in enumerate(made["sample"]):
        declared = {code: story.value(code, one["division"], day).value for code in supervision.DECLARED}
        found = await supervision.visit(stage, made, template, one["division"], declared, contradicts=place % 2 == 0)
        scores[one["division"]] = found["score"]["value"]
    await supervision.publish_result(stage, made, scores)
    story.inspected.append((made["id"], scores))


async def _second_circular(story: Story) -> None:
    """O6.3b: as of the end of 2012; one office was not ready after all, and a correction says so."""
    stage, day = story.stage, DEADLINES[1]
    stage.at(date(2013, 1, 28))
    queries, tables = _of_the_year(story, story.quarters[6], day)
    tables = {**_tables(story, SECOND_YEAR, day), **tables}
    for number, (inspection, scores) in enumerate(story.inspected, 1):
        code = f"inspection-{number}"
        queries.append(
            {"code": code, "kind": "inspection", "subject": inspection, "title": "督导考核", "better": "higher"}
        )
        tables[code] = supervision.results(scores, story.cities)
    ranked = {*tables} - {"filings"}
    told = supervision.words("关于2012年建设进展情况的通报", SECOND_YEAR[0], list(tables))
    asked = [*_asked(SECOND_YEAR), *queries]
    made = await supervision.publish(stage, {"on": day.isoformat(), "queries": asked, "words": told})
    await supervision.check_tables(stage, made, tables, ranked)
    await supervision.verify(stage, made)

    stage.at(date(2013, 2, 18))
    office = next(one for one in story.history.states(PROVINCE, day, cohort="B") if one.is_ready)
    criteria = {**office.criteria, "unified_sign": "unmet"}
    found_out = history.replace(
        office, number=len(story.history.towns[office.town]) + 1, effective_on=date(2012, 12, 20), arrives=16,
        status="not_ready", criteria=criteria,
    )  # fmt: skip
    story.history.add(found_out)
    await story.take_in(16)
    columns = {code: ["value"] if code in COUNTS else ["value", "numerator", "denominator"] for code in SECOND_YEAR}
    before = supervision.numbers_of({code: tables[code] for code in SECOND_YEAR}, columns, ranked)
    after = supervision.numbers_of(_tables(story, SECOND_YEAR, day), columns, ranked)
    changed = {name: (before.get(name), after.get(name)) for name in {*before, *after}}
    changed = {name: (old, new) for name, (old, new) in changed.items() if old != new}
    assert changed
    await supervision.correct(stage, made, changed)
    await supervision.check_tables(stage, made, tables, ranked)


async def _final_figures(story: Story) -> None:
    """O6.1a-O6.1c: what the platform says of both deadlines is what the history says, at every level that was asked."""
    for day in DEADLINES:
        await story.check(history.INDICATORS, day)
    for division, level in (("440305000000", "county"), ("440305001000", "town"), ("441900003000", "town")):
        actor = make_actor(division, Role.STATISTICIAN)
        for code in ("towns-ready", "sign-coverage", "staff-total"):
            told = await story.stage.get("/indicators/values", actor, level=level, code=code, day=DEADLINES[1])
            _same(told["values"][0], story.value(code, division, DEADLINES[1]), (code, division))
    shenzhen = make_actor(SHENZHEN, Role.STATISTICIAN)
    for code in history.INDICATORS:
        told = await story.stage.get("/indicators/values", shenzhen, code=code, day=DEADLINES[0])
        _same(told["values"][0], story.value(code, SHENZHEN, DEADLINES[0]), (code, SHENZHEN))
