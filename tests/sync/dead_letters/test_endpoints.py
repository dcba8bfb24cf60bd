"""Dead letters are shown to those who repair them: place and reason, never the content."""

import pytest

from common.auth import Role
from common.bus import Received
from common.consumer import PoisonMessage
from common.consumer.dead_letters import bury

PROVINCE = "440000000000"


@pytest.fixture
async def buried(db) -> None:
    async with db.transaction() as conn:
        for offset in range(5):
            group = "sync-tier-county" if offset % 2 else "sync-intake"
            message = Received("jiceng.casework.case.v1", b"key", b"440301199001011234", (), 3, offset, 0)
            await bury(
                conn,
                service="sync",
                group=group,
                message=message,
                poison=PoisonMessage("event.malformed", "事件头无法解析"),
            )


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
async def test_shows_place_and_reason_newest_first(buried, api, role: Role) -> None:
    answer = await api(PROVINCE, role).get("/dead-letters")
    items = answer.json()["items"]
    assert [item["offset"] for item in items] == [4, 3, 2, 1, 0]
    assert (items[0]["topic"], items[0]["partition"]) == ("jiceng.casework.case.v1", 3)
    assert (items[0]["code"], items[0]["reason"]) == ("event.malformed", "事件头无法解析")
    assert "440301199001011234" not in answer.text


async def test_pages_and_filters_by_group(buried, api) -> None:
    auditor = api(PROVINCE, Role.AUDITOR)
    first = (await auditor.get("/dead-letters?limit=2")).json()
    rest = (await auditor.get(f"/dead-letters?limit=200&cursor={first['next_cursor']}")).json()
    assert [item["offset"] for item in first["items"] + rest["items"]] == [4, 3, 2, 1, 0]
    county = (await auditor.get("/dead-letters?consumer_group=sync-tier-county")).json()
    assert [item["offset"] for item in county["items"]] == [3, 1]


async def test_nobody_else_sees_them(buried, api) -> None:
    for role in set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}:
        refused = await api(PROVINCE, role).get("/dead-letters")
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.role-required")
    assert (await api().get("/dead-letters")).status_code == 401
