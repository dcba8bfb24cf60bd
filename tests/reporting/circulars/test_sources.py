"""Where the numbers of circulars come from, each over the tables of its own feature. Source: S5, O6.2b, O6.3a."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from common.contracts import record_of
from common.contracts.reporting.circulars import QueryState
from common.contracts.reporting.inspections import InspectionState, RankedOfficeState, ResultPublicationState
from common.contracts.reporting.plans import FilingAct, FilingState
from common.contracts.reporting.programmes import ProgrammeState
from common.divisions import Level
from common.ids import uuid7
from common.records.service import store_record
from common.uow import UnitOfWorkFactory
from reporting.circulars.errors import QueryUnknown
from reporting.circulars.service.sources import SOURCES, Question
from reporting.programmes.catalogue import programme_id
from reporting.programmes.service import seed_programmes

PROVINCE, SHENZHEN, DONGGUAN, HEYUAN = "440000000000", "440300000000", "441900000000", "441600000000"
AT = datetime(2011, 11, 5, tzinfo=UTC)


def question(uow, kind, subject, on=date(2011, 11, 30)):
    query = QueryState(code="asked", kind=kind, subject=subject, title="所问")
    return Question(uow.session, uow.conn, query, Level.PROVINCE, PROVINCE, (SHENZHEN, HEYUAN, DONGGUAN), on)


@pytest.fixture
async def uow(filled):
    async with UnitOfWorkFactory(filled.db)() as made:
        yield made


def act(kind, day, **changes):
    at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return FilingAct(kind=kind, on=day, at=at, by="city", plan=1, **changes)


def filing(programme, division, *acts):
    return FilingState(
        id=uuid7(), version=3, division=division, level=Level.CITY, changed_at=AT, programme_id=programme,
        due_on=date(2011, 10, 31), versions=1, acts=acts,
    )  # fmt: skip


async def test_filings_are_told_as_they_were_on_the_day(filled, uow):
    """O6.2b, O6.3b: who has filed, late or not; who has begun nothing stands there too."""
    await seed_programmes(filled.db)
    programme = programme_id(PROVINCE, "2011-2012")
    late = act("file", date(2011, 11, 20), days_late=20)
    states = (
        filing(programme, SHENZHEN, late, act("accept", date(2011, 12, 5))),
        filing(programme, HEYUAN),
        filing(uuid4(), DONGGUAN, act("file", date(2011, 10, 1))),
    )
    for state in states:
        await store_record(uow, state.model_copy(update={"version": 1}), previous=None, action="test")
    found = await SOURCES["plan_filing"](question(uow, "plan_filing", str(programme)))
    assert [cell.value for cell in found.cells[SHENZHEN]] == ["已报", "2011-11-20", "20"]
    assert found.cells[HEYUAN][0].value == "逾期未报"
    assert [cell.value for cell in found.cells[DONGGUAN]] == ["逾期未报", None, None]
    assert found.cells[DONGGUAN][0].sources == ((record_of(ProgrammeState).name, str(programme), 1),)
    assert found.cells[PROVINCE][0].value == "已报1个，逾期未报2个"
    assert found.cells[SHENZHEN][0].sources == ((record_of(FilingState).name, str(states[0].id), 1),)
    earlier = await SOURCES["plan_filing"](question(uow, "plan_filing", str(programme), date(2011, 10, 1)))
    assert earlier.cells[SHENZHEN][0].value == "待报"
    later = await SOURCES["plan_filing"](question(uow, "plan_filing", str(programme), date(2011, 12, 31)))
    assert later.cells[SHENZHEN][0].value == "已备案"


def ranked(division, score, rank):
    return RankedOfficeState(
        division=division, office_id=uuid4(), name="某所", visit_id=uuid4(), score=score, rank=rank, is_vetoed=score < 6000
    )  # fmt: skip


async def test_results_of_an_inspection_are_averaged_by_division_without_rounding_on_the_way(uow):
    """S5: 考核结果在全市通报."""
    result = ResultPublicationState(
        scope=(PROVINCE,), as_of=AT, published_by="head", published_at=AT,
        ranking=(ranked("440305001000", 9000, 1), ranked("440306001000", 8001, 2), ranked("441624100000", 5000, 3)),
    )  # fmt: skip
    state = InspectionState.model_construct(id=uuid7(), version=4, division=PROVINCE, publication=result)
    cells = await _results(uow, state)
    assert [cell.value for cell in cells[SHENZHEN]] == ["85.01", "2", "80.01", "0"]
    assert [cell.value for cell in cells[HEYUAN]] == ["50.00", "1", "50.00", "1"]
    assert [cell.value for cell in cells[DONGGUAN]] == [None, "0", None, "0"]
    assert cells[PROVINCE][0].value == "73.34"


async def _results(uow, state):
    from unittest import mock

    async def get_record(*_args, **_options):
        return state

    with mock.patch("reporting.circulars.service.sources.results.get_record", get_record):
        return (await SOURCES["inspection"](question(uow, "inspection", str(state.id)))).cells


@pytest.mark.parametrize("kind", ["inspection", "report_timeliness", "plan_filing"])
@pytest.mark.parametrize("subject", [None, "nothing", "00000000-0000-7000-8000-000000000000"])
async def test_what_is_not_there_is_not_told(uow, kind, subject):
    with pytest.raises(QueryUnknown):
        await SOURCES[kind](question(uow, kind, subject))


async def test_an_indicator_is_asked_as_it_was_defined_on_the_day(uow):
    """S1, S2, O6.3b."""
    found = await SOURCES["indicator"](question(uow, "indicator", "towns-ready"))
    assert found.columns[0].title == "达标的服务所"
    assert set(found.cells) == {PROVINCE, SHENZHEN, HEYUAN, DONGGUAN}
    assert found.cells[SHENZHEN][0].sources[0][:2] == ("reporting.indicator-definition", "towns-ready")
    with pytest.raises(QueryUnknown):
        await SOURCES["indicator"](question(uow, "indicator", "none-such"))
