"""A window with working days, rules of e-supervision, and helpers to act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import time_machine

from casework.calendar.service import seed_calendar
from common.auth import Actor, Role
from common.ids import uuid7
from common.testing.tokens import bearer, make_actor

BASE = "/casework/v1/accountability"
TOWN, VILLAGE, COUNTY, CITY = "440305001000", "440305001001", "440305000000", "440300000000"
MONDAY = datetime.fromisoformat("2026-09-07T10:00:00+08:00")


@dataclass(frozen=True)
class Desk:
    """Sends requests of accountability."""

    window: Any

    async def post(self, actor: Actor, path: str, body: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """A POST with a key, and with If-Match where a version is given."""
        headers = {**bearer(actor), "Idempotency-Key": options.get("key") or str(uuid7())}
        if "version" in options:
            headers["If-Match"] = f'"{options["version"]}"'
        return await self.window.client.post(f"{BASE}{path}", json=body, headers=headers)

    async def get(self, actor: Actor | None, path: str, **params: Any) -> httpx.Response:
        """A GET."""
        headers = {} if actor is None else bearer(actor)
        return await self.window.client.get(f"{BASE}{path}", params=params, headers=headers)

    async def counts(self) -> tuple[int, ...]:
        """What has been written."""
        tables = ("records", "outbox", "audit_entries", "idempotency_keys")
        return tuple([await self.window.value(f"SELECT count(*) FROM {table}") for table in tables])


@pytest.fixture
def clock() -> Any:
    """The time of this test, which it moves itself; it stands at ten o'clock of a Monday."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
async def desk(window: Any, clock: Any) -> Desk:
    """Over a database with working days and rules."""
    await seed_calendar(window.context.db)
    return Desk(window)


@pytest.fixture(scope="session")
def people() -> SimpleNamespace:
    """Who acts: a person concerned, their colleague, their head, supervisors above, and who has no part in it."""
    clerk: Callable[[str], Actor] = lambda who: make_actor(TOWN, Role.WINDOW_CLERK, subject=who)  # noqa: E731
    return SimpleNamespace(
        person=clerk("clerk-1"),
        colleague=clerk("clerk-2"),
        head=make_actor(TOWN, Role.OFFICE_HEAD, subject="head-1"),
        agent=make_actor(VILLAGE, Role.STATION_AGENT, subject="agent-1"),
        county=make_actor(COUNTY, Role.BUREAU_SUPERVISOR, subject="county-1"),
        county_two=make_actor(COUNTY, Role.BUREAU_SUPERVISOR, subject="county-2"),
        city=make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="city-1"),
        town_supervisor=make_actor(TOWN, Role.BUREAU_SUPERVISOR, subject="town-supervisor"),
        other_county=make_actor("440306000000", Role.BUREAU_SUPERVISOR, subject="other-county"),
        auditor=make_actor("440000000000", Role.AUDITOR, subject="auditor-1"),
        administrator=make_actor("440000000000", Role.ADMINISTRATOR, subject="administrator-1"),
        city_administrator=make_actor(CITY, Role.ADMINISTRATOR, subject="administrator-2"),
        statistician=make_actor("440000000000", Role.STATISTICIAN, subject="statistician-1"),
    )
