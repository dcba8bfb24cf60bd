"""A period of three levels over the divisions of tests/reporting/conftest.py: acts as its offices do them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import time_machine

from common.auth import Actor, Role
from common.clock import today
from common.contracts.reporting.reports import LevelDue, PeriodState, ReportState, ReturnReason, TemplateLine
from common.db import Database
from common.divisions import Level, level_of, parent_of
from common.ids import uuid7
from common.testing.tokens import make_actor
from common.uow import UnitOfWorkFactory
from reporting.reports import service
from reporting.reports.domain.entries import Entry
from reporting.reports.service import Call, Seen, report_id_of

PROVINCE, CITY, COUNTY, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
BAOAN, XINAN = "440306000000", "440306001000"
DONGGUAN, DONGCHENG = "441900000000", "441900003000"
HEYUAN, HEPING, YANGMING = "441600000000", "441624000000", "441624100000"
TEMPLATE = (
    TemplateLine(
        code="offices", title="已挂牌服务所", unit="个", kind="int", rule="sum",
        indicator="offices-operating", tolerance=Decimal(1),
    ),
    TemplateLine(code="staff", title="工作人员", unit="人", kind="int", rule="sum"),
    TemplateLine(
        code="staff-per-office", title="所均人员", unit="人/个", kind="decimal", rule="ratio", decimals=2,
        numerator="staff", denominator="offices",
    ),
    TemplateLine(code="plan-included", title="列入规划", unit="是否", kind="yes_no", rule="count"),
    TemplateLine(code="area", title="场地面积", unit="平方米", kind="decimal", rule="sum", decimals=1, is_required=False),
    TemplateLine(code="remarks", title="说明", unit="文字", kind="text", rule="none", is_required=False),
)  # fmt: skip
FIRST, AS_OF = date(2026, 1, 1), date(2026, 3, 31)
DUE = (
    LevelDue(level=Level.TOWN, due_on=date(2026, 4, 5)),
    LevelDue(level=Level.COUNTY, due_on=date(2026, 4, 8)),
    LevelDue(level=Level.CITY, due_on=date(2026, 4, 10)),
    LevelDue(level=Level.PROVINCE, due_on=date(2026, 4, 15)),
)


def entries(offices: int = 1, staff: int = 4, **more: Any) -> list[Entry]:
    """A leaf's declaration that fits the template."""
    values = [
        Entry("offices", own=Decimal(offices), explanation=more.pop("explanation", None)),
        Entry("staff", own=Decimal(staff)),
        Entry("plan-included", flag=more.pop("plan", True)),
    ]
    if "area" in more:
        values.append(Entry("area", own=Decimal(more.pop("area"))))
    assert not more
    return values


@dataclass
class World:
    """Acts of offices, each in a transaction of its own, over several connections."""

    db: Database
    computed: dict[tuple[str, str], Any] = field(default_factory=dict)

    async def values_of(
        self, conn: Any, codes: Sequence[str], *, level: Level, divisions: Sequence[str], on: date
    ) -> Mapping[tuple[str, str], Any]:
        """Stands where the indicators stand: what a level has accepted."""
        return {key: value for key, value in self.computed.items() if key[0] in codes and key[1] in divisions}

    def units(self) -> Any:
        """A unit of work of the platform itself: jobs."""
        return UnitOfWorkFactory(self.db)()

    async def template(self) -> tuple[TemplateLine, ...]:
        """The lines of every period here."""
        return TEMPLATE

    def know(self, division: str, value: int | str, *, code: str = "offices-operating", expected: int = 1) -> None:
        """The platform has computed this."""
        as_of = datetime(2026, 3, 31, 8, tzinfo=UTC)
        self.computed[code, division] = SimpleNamespace(
            value=Decimal(value), as_of=as_of, expected=expected, known=1, completeness=1 / expected
        )

    def actor(self, division: str, *roles: Role, subject: str | None = None) -> Actor:
        return make_actor(division, *(roles or (Role.STATISTICIAN,)), subject=subject)

    async def act(self, who: str, act: Callable[..., Awaitable[Any]], /, **how: Any) -> Any:
        """One use case by an account of a division; `by` names the account, `roles` its roles."""
        actor = self.actor(who, *how.pop("roles", ()), subject=how.pop("by", None))
        async with UnitOfWorkFactory(self.db)(actor) as uow:
            return await act(uow, **how)

    async def open(self, **changes: Any) -> PeriodState:
        call = Call(
            **{
                "title": "2026年一季度进度", "programme_id": None, "first_on": FIRST, "as_of": AS_OF,
                "roots": (PROVINCE,), "down_to": Level.TOWN, "due": DUE, "lines": TEMPLATE, **changes,
            }
        )  # fmt: skip
        opener = changes.get("roots", (PROVINCE,))[0]
        return await self.act(opener, service.open_period, call=call)

    async def start(self, period: PeriodState, division: str) -> ReportState:
        return await self.act(
            division, service.start_report, period_id=period.id, division=division, values_of=self.values_of
        )

    async def report(self, period_id: UUID, division: str) -> ReportState:
        actor = self.actor(division)
        async with UnitOfWorkFactory(self.db)() as uow:
            return await service.get_report(uow.session, actor=actor, report_id=report_id_of(period_id, division))

    async def seen(self, period: PeriodState, division: str) -> Seen:
        state = await self.report(period.id, division)
        return Seen(state.id, state.version)

    async def fill(self, period: PeriodState, division: str, **values: Any) -> ReportState:
        return await self.act(
            division, service.fill_report, seen=await self.seen(period, division), entries=entries(**values)
        )

    async def submit(self, period: PeriodState, division: str) -> ReportState:
        return await self.act(division, service.submit_report, seen=await self.seen(period, division), by=division)

    async def approve(self, period: PeriodState, division: str) -> ReportState:
        parent = (await self.report(period.id, division)).parent
        return await self.act(parent, service.approve_report, seen=await self.seen(period, division))

    async def send_back(self, period: PeriodState, division: str, *texts: str) -> ReportState:
        parent = (await self.report(period.id, division)).parent
        reasons = [ReturnReason(text=text) for text in texts or ("数字不实",)]
        return await self.act(parent, service.return_report, seen=await self.seen(period, division), reasons=reasons)

    async def recompose(self, period: PeriodState, division: str) -> ReportState:
        return await self.act(
            division, service.recompose_report, seen=await self.seen(period, division), values_of=self.values_of
        )

    async def restate(self, period: PeriodState, division: str, reason: str = "漏报一所") -> ReportState:
        return await self.act(division, service.restate_report, seen=await self.seen(period, division), reason=reason)

    async def recall(self, period: PeriodState, division: str) -> ReportState:
        return await self.act(division, service.recall_report, seen=await self.seen(period, division), reason="填错了")

    async def abandon(self, period: PeriodState, division: str) -> ReportState:
        return await self.act(
            division, service.abandon_restatement, seen=await self.seen(period, division), reason="无须重报"
        )

    async def unlock(self, period: PeriodState, division: str) -> ReportState:
        """By the level above, of the version as it stands."""
        places = await self.rows(
            "SELECT parent, status FROM report_places WHERE period_id = $1 AND division = $2", period.id, division
        )
        is_begun = places[0]["status"] is not None
        return await self.act(
            places[0]["parent"],
            service.unlock_report,
            period_id=period.id,
            division=division,
            expected_version=(await self.seen(period, division)).version if is_begun else None,
            reason="补报",
            values_of=self.values_of,
        )

    async def hand_in(self, period: PeriodState, division: str, **values: Any) -> ReportState:
        """A leaf's report, from the beginning to its submission."""
        await self.start(period, division)
        await self.fill(period, division, **values)
        return await self.submit(period, division)

    async def settle(self, period: PeriodState, division: str, **values: Any) -> ReportState:
        """The same, and approved."""
        await self.hand_in(period, division, **values)
        return await self.approve(period, division)

    async def step(self, period: PeriodState, act: Callable[..., Awaitable[Any]], **how: Any) -> PeriodState:
        """A step of the period by who opened it, on its newest version."""
        async with UnitOfWorkFactory(self.db)() as uow:
            found = await service.get_period(uow.conn, actor=self.actor(period.division), period_id=period.id)
        return await self.act(period.division, act, seen=Seen(found.id, found.version), **how)

    async def progress(self, period: PeriodState, within: str = PROVINCE, at: datetime | None = None) -> Any:
        async with UnitOfWorkFactory(self.db)() as uow:
            return await service.report_progress(uow.session, period.id, within, at=at)

    async def outdated(self, period: PeriodState, division: str) -> list[Any]:
        state = await self.report(period.id, division)
        async with UnitOfWorkFactory(self.db)() as uow:
            return await service.outdated_of(uow.session, state)

    async def declared(self, period: PeriodState, *divisions: str) -> dict[str, ReportState]:
        async with UnitOfWorkFactory(self.db)() as uow:
            return await service.declared_of(uow.session, period_id=period.id, divisions=divisions)

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        async with self.db.autocommit() as conn:
            return await conn.fetch(sql, *values)


@pytest.fixture
def clock() -> Iterator[Any]:
    """It is the second of April, after the period and before anything is due."""
    with time_machine.travel(datetime(2026, 4, 2, 2, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def line(state: ReportState, code: str) -> Any:
    """One line of a report."""
    return next(one for one in state.lines if one.code == code)


@pytest.fixture
async def world(filled: Any) -> World:
    """The divisions, and accounts in each."""
    assert today() >= date(2011, 1, 1)
    return World(filled.db)


@pytest.fixture
def make_world() -> Callable[[Database], World]:
    """A world over a database that somebody else has filled: for machines with a loop of their own."""
    return World


@pytest.fixture
def fill_directory() -> Callable[[str], Awaitable[None]]:
    """`await fill_directory(url)`: the divisions of Shenzhen that the tests use."""

    async def fill(url: str) -> None:
        names = {
            PROVINCE: "广东省",
            CITY: "深圳市",
            COUNTY: "南山区",
            TOWN: "南头街道",
            BAOAN: "宝安区",
            XINAN: "新安街道",
        }
        db = Database(url, pool_size=2, application_name="test")
        async with db.transaction() as conn:
            await conn.executemany(
                "INSERT INTO directory_divisions (id, code, level, name, kind, parent_code, valid_from, version) "
                "VALUES ($1, $2, $3, $4, 'standard', $5, '2011-01-01', 1)",
                [(uuid7(), code, level_of(code).value, name, parent_of(code)) for code, name in names.items()],
            )
        await db.dispose()

    return fill
