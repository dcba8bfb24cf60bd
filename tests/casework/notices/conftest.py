"""A window in December 2026, and a notice for 2027 as it might read: New Year's Day takes the Monday after it."""

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
import time_machine

from casework.notices import service
from common.auth import Actor, Role
from common.ids import uuid7
from common.testing.tokens import bearer, make_actor

NOTICES = "/casework/v1/holiday-notices"
TEN_WORKING_DAYS = "B01"
"""An item with ten working days by law from the receipt."""
DECEMBER = datetime.fromisoformat("2026-12-01T09:00:00+08:00")
NOTICE = {
    "year": 2027,
    "document": "国办发明电〔2026〕0号",
    "issued_on": "2026-11-25",
    "holidays": [
        {"name": "元旦", "from_on": "2027-01-01", "to_on": "2027-01-04"},
        {"name": "春节", "from_on": "2027-02-05", "to_on": "2027-02-11"},
        {"name": "清明节", "from_on": "2027-04-03", "to_on": "2027-04-05"},
        {"name": "劳动节", "from_on": "2027-05-01", "to_on": "2027-05-05"},
        {"name": "端午节", "from_on": "2027-06-09", "to_on": "2027-06-09"},
        {"name": "中秋节", "from_on": "2027-09-15", "to_on": "2027-09-15"},
        {"name": "国庆节", "from_on": "2027-10-01", "to_on": "2027-10-07"},
    ],
    "make_up_days": [
        {"day": "2027-01-09", "name": "元旦"},
        {"day": "2027-02-20", "name": "春节"},
        {"day": "2027-05-08", "name": "劳动节"},
        {"day": "2027-09-26", "name": "国庆节"},
        {"day": "2027-10-09", "name": "国庆节"},
    ],
}
ADMINISTRATOR = make_actor("440000000000", Role.ADMINISTRATOR, subject="administrator-1")


def notice_body(**changes: Any) -> dict[str, Any]:
    """A notice that nothing is wrong with; `changes` replace members."""
    return copy.deepcopy(NOTICE) | changes


@dataclass(frozen=True)
class Bureau:
    """Imports notices and lets the worker follow them."""

    window: Any
    clock: Any

    async def tell(self, body: dict[str, Any], actor: Actor = ADMINISTRATOR, key: str | None = None) -> httpx.Response:
        """Imports a notice."""
        headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
        return await self.window.client.post(NOTICES, json=body, headers=headers)

    async def told(self, **changes: Any) -> dict[str, Any]:
        """Imports a notice that has to be taken."""
        answer = await self.tell(notice_body(**changes))
        assert answer.status_code == 201, answer.text
        notice: dict[str, Any] = answer.json()["notice"]
        return notice

    async def follow(self, batch: int = 2, settle_seconds: float = 0) -> None:
        """What the worker does until nothing is left."""
        units = self.window.context.uow
        while await service.recalculate_batch(units, batch=batch, settle_seconds=settle_seconds):
            pass

    async def read(self, path: str = "", actor: Actor | None = None, **params: Any) -> Any:
        """A GET that has to be answered."""
        answer = await self.get(path, actor, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, path: str = "", actor: Actor | None = None, **params: Any) -> httpx.Response:
        """A GET."""
        headers = {} if actor is None else bearer(actor)
        return await self.window.client.get(f"{NOTICES}{path}", params=params, headers=headers)

    async def changes(self, notice_id: str) -> dict[str, tuple[str, str]]:
        """The list of a notice: due dates before and after, by case."""
        found: dict[str, tuple[str, str]] = {}
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = await self.read(f"/{notice_id}/changes", ADMINISTRATOR, limit=2, **more)
            found |= {one["case_id"]: (one["due_before"], one["due_after"]) for one in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def registered(self, day: str, number: int = 1, *, is_accepted: bool = True) -> dict[str, Any]:
        """A case of a day, ten working days by law from its receipt."""
        self.clock.move_to(datetime.fromisoformat(f"{day}T10:00:00+08:00"))
        case = (await self.window.register(number=number, item_code=TEN_WORKING_DAYS)).json()
        if is_accepted:
            answer = await self.window.act(case["id"], "acceptance", version=case["version"])
            assert answer.status_code == 200, answer.text
            case = answer.json()
        return case

    async def case(self, case_id: str) -> dict[str, Any]:
        """A case as it stands."""
        clerk = make_actor("440305001000", Role.WINDOW_CLERK)
        answer = await self.window.client.get(f"/casework/v1/cases/{case_id}", headers=bearer(clerk))
        case: dict[str, Any] = answer.json()
        return case


@pytest.fixture
def clock() -> Any:
    """The time of this test, which it moves itself."""
    with time_machine.travel(DECEMBER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def bureau(window: Any, clock: Any) -> Bureau:
    """The province's bureau at a window with working days."""
    return Bureau(window, clock)


@pytest.fixture(scope="session")
def notice() -> Any:
    """`notice(**changes)`: the body of a notice (conftest modules cannot be imported)."""
    return notice_body
