"""A province that circulates: figures that tests set, and the steps of a circular over HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from common.auth import Role
from common.testing.tokens import make_actor
from reporting.circulars.domain import Cell, Column
from reporting.circulars.errors import QueryUnknown
from reporting.circulars.service.sources import SOURCES, Found, Question

PROVINCE, SHENZHEN, DONGGUAN, HEYUAN = "440000000000", "440300000000", "441900000000", "441600000000"
DRAFTER = make_actor(PROVINCE, Role.STATISTICIAN, subject="drafter")
SECOND_DRAFTER = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR, subject="second-drafter")
SIGNER = make_actor(PROVINCE, Role.OFFICE_HEAD, subject="signer")
OTHER_SIGNER = make_actor(PROVINCE, Role.OFFICE_HEAD, subject="other-signer")
CITY_HEAD = make_actor(SHENZHEN, Role.OFFICE_HEAD)
TOWN_CLERK = make_actor("441624100000", Role.WINDOW_CLERK)
FIRST = {SHENZHEN: "80.5", DONGGUAN: "80.5", HEYUAN: "12.0", PROVINCE: "61.2"}


def words(**changes: Any) -> dict[str, Any]:
    return {
        "issuer": "广东省人力资源和社会保障厅",
        "number_mark": "粤人社函",
        "title": "关于乡镇街道服务机构建设进展情况的通报",
        "addressees": ["各地级以上市人力资源和社会保障局"],
        "blocks": [
            {"kind": "heading_1", "text": "总体情况"},
            {"kind": "paragraph", "text": f"全省建成率{{{{ n.ready.{PROVINCE} }}}}%。"},
            {"kind": "paragraph", "text": f"深圳市居第{{{{ n.ready.{SHENZHEN}.rank }}}}位。"},
        ],
        "attachments": [{"title": "建成情况表", "blocks": [{"kind": "table", "text": "ready"}]}],
        "printed_by": "广东省人力资源和社会保障厅办公室",
        **changes,
    }


def body(**changes: Any) -> dict[str, Any]:
    query = {"code": "ready", "kind": "indicator", "subject": "towns-ready", "title": "建成情况", "better": "higher"}
    return {"on": "2011-12-31", "queries": [query], "words": words(), **changes}


@dataclass
class Figures:
    """What the source tells now."""

    values: dict[str, str | None] = field(default_factory=lambda: dict(FIRST))

    async def source(self, question: Question) -> Found:
        """In place of the indicators, which have tests of their own."""
        if question.query.subject != "towns-ready":
            raise QueryUnknown(query=question.query.code)
        cells = {
            code: (Cell(self.values[code], known=9, expected=10, sources=(("test.fact", code, 1),)),)
            for code in question.places
            if code in self.values
        }
        return Found((Column("value", "建成率", "%"),), cells)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Figures:
    made = Figures()
    monkeypatch.setitem(SOURCES, "indicator", made.source)
    return made


@dataclass
class Office:
    """The steps of circulars; each asserts that it succeeded."""

    send: Callable[..., Awaitable[httpx.Response]]
    get: Callable[..., Awaitable[httpx.Response]]

    async def draft(self, actor: Any = DRAFTER, **changes: Any) -> dict[str, Any]:
        answer = await self.send("POST", "/circulars", actor, body(**changes))
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def step(self, state: dict[str, Any], name: str, actor: Any, told: Any = None) -> dict[str, Any]:
        answer = await self.send("POST", f"/circulars/{state['id']}/{name}", actor, told, version=state["version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def under_review(self, **changes: Any) -> dict[str, Any]:
        state = await self.step(await self.draft(**changes), "snapshot", DRAFTER)
        return await self.step(state, "submission", DRAFTER)

    async def signed(self, **changes: Any) -> dict[str, Any]:
        return await self.step(await self.under_review(**changes), "signature", SIGNER, {})

    async def published(self, **changes: Any) -> dict[str, Any]:
        return await self.step(await self.signed(**changes), "publication", DRAFTER)

    async def correction(self, state: dict[str, Any], told: dict[str, Any]) -> httpx.Response:
        return await self.send("POST", f"/circulars/{state['id']}/corrections", DRAFTER, told)

    async def read(self, path: str, actor: Any = DRAFTER, **query: Any) -> Any:
        answer = await self.get(f"/circulars{path}", actor, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def office(figures: Figures, filled: Any, send: Any, get: Any) -> Office:
    return Office(send, get)
