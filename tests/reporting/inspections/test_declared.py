"""What is found on site beside what was declared, and samples by the cohorts of a programme. Source: S5, O6.3a, O6.1b."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from common.auth import Role
from common.contracts.reporting.inspections import InspectorState
from common.contracts.reporting.orders import EvidenceState
from common.contracts.reporting.reports import LevelDue, TemplateLine
from common.divisions import Level
from common.testing.tokens import make_actor
from common.uow import UnitOfWorkFactory
from reporting.inspections import service
from reporting.inspections.domain import Found
from reporting.inspections.service import Plan, Seen
from reporting.programmes.service import find_programme, seed_programmes
from reporting.reports import service as reports
from reporting.reports.domain.entries import Entry
from reporting.reports.service import Call

PROVINCE, CITY, TOWN, FAR_TOWN = "440000000000", "440300000000", "440305001000", "441624100000"
FIRST = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="first")


@pytest.fixture
async def programme(filled):
    await seed_programmes(filled.db)
    async with UnitOfWorkFactory(filled.db)() as uow:
        return await find_programme(uow.session, PROVINCE, "2011-2012")


async def declare(db, programme, area):
    """The town's report of a period of the programme, handed in."""
    line = TemplateLine(
        code="floor-area-per-office", title="建筑面积", unit="平方米", kind="decimal", rule="sum", decimals=1
    )
    due = tuple(LevelDue(level=level, due_on=date(2026, 4, 15)) for level in (Level.TOWN, Level.COUNTY, Level.CITY))
    call = Call(
        title="一季度", programme_id=programme.id, first_on=date(2026, 1, 1), as_of=date(2026, 3, 31), roots=(CITY,),
        down_to=Level.TOWN, due=due, lines=(line,),
    )  # fmt: skip

    async def nothing(*_, **__):
        return {}

    async def act(who, use_case, /, **how):
        async with UnitOfWorkFactory(db)(make_actor(who, Role.STATISTICIAN)) as uow:
            return await use_case(uow, **how)

    period = await act(CITY, reports.open_period, call=call)
    state = await act(TOWN, reports.start_report, period_id=period.id, division=TOWN, values_of=nothing)
    seen = reports.Seen(state.id, state.version)
    state = await act(TOWN, reports.fill_report, seen=seen, entries=[Entry("floor-area-per-office", own=Decimal(area))])
    seen = reports.Seen(state.id, state.version)
    return await act(TOWN, reports.submit_report, seen=seen)


async def inspect(db, programme, **changes):
    """An inspection of the province that is drawn, with its template."""
    units = UnitOfWorkFactory(db)
    async with units(FIRST) as uow:
        template = await service.adopt_starting_template(uow, actor=FIRST)
        told = {
            "title": "督导", "purpose": "督导", "clause": "S5", "is_announced": False, "scope": (PROVINCE,),
            "template_id": template.id, "programme_id": programme.id, "strata": "cohort", "size": 9,
            "kinds": ("service_office",), "seed": "2026-0001",
            "inspectors": tuple(
                InspectorState(account=name, division=PROVINCE) for name in ("first", "second")
            ),
        } | changes  # fmt: skip
        planned = await service.plan_inspection(uow, actor=FIRST, plan=Plan(**told))
        drawn = await service.draw_sample(uow, actor=FIRST, seen=Seen(planned.id, planned.version))
    return SimpleNamespace(units=units, template=template, state=drawn)


@pytest.mark.parametrize(("declared", "found", "comparison"), [
    ("320.5", "320.5", "agrees"), ("320.5", "315", "within_tolerance"), ("320.5", "180", "contradicts"),
])  # fmt: skip
async def test_what_was_declared_is_frozen_when_the_visit_begins_and_compared_on_site(
    filled, programme, declared, found, comparison
):
    """S5, O6.3a: the on-site number against the report that was in force."""
    report = await declare(filled.db, programme, declared)
    work = await inspect(filled.db, programme)
    async with work.units(FIRST) as uow:
        visit = await service.begin_visit(
            uow, actor=FIRST, inspection_id=work.state.id, division=TOWN, team=("first", "second")
        )
        (known,) = visit.declared
        assert (known.code, known.value, known.source) == (
            "floor-area-per-office", Decimal(declared), f"reporting.report/{report.id}",
        )  # fmt: skip
        on_site = Found(
            "floor-area",
            number=Decimal(found),
            evidence=(EvidenceState(title="测量记录", reference="1"),),
        )
        visit = await service.record_findings(uow, actor=FIRST, seen=Seen(visit.id, visit.version), found=[on_site])
    (finding,) = visit.findings
    assert (finding.comparison, finding.difference) == (comparison, Decimal(found) - Decimal(declared))


async def test_cohorts_of_the_programme_are_strata(filled, programme):
    """S5, O6.1b, O6.1c: towns of the Pearl River Delta and the rest are drawn apart."""
    work = await inspect(filled.db, programme, size=1)
    sampled = {one.division: one.stratum for one in work.state.sample}
    assert len(sampled) == len(set(sampled.values())) == 2
    async with work.units(FIRST) as uow:
        frame = await service.list_frame(uow.session, uow.conn, work.state.id, actor=FIRST, after=None, limit=99)
    strata = {one.division: one.stratum for one in frame}
    assert strata[TOWN] != strata[FAR_TOWN]
    assert work.state.frame.size == len(frame) == 4
