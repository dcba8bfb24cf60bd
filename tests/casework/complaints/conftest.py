"""Complaints over HTTP."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from common.auth import Role
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor

COMPLAINTS = "/casework/v1/complaints"
TITLE, CONTENT, REPLY = "窗口人员测试丙推诿", "多次前往均被测试丙拒绝，请查处", "测试乙您好，经查属实，已责令改正"


@dataclass
class Desk:
    """Complaints as the public files them and as staff handle them."""

    window: Any
    world: SimpleNamespace

    @property
    def county(self):
        return make_actor(self.world.COUNTY, Role.BUREAU_SUPERVISOR)

    @property
    def handler(self):
        return make_actor(self.world.COUNTY, Role.WINDOW_CLERK)

    @property
    def who(self):
        person = synthetic_person(3)
        return {"name": person.name, "phone": person.phone, "id_number": person.id_number}

    async def file(self, *, key=None, actor=None, **changes):
        body = {
            "kind": "complaint", "subject": "refusal", "title": TITLE, "content": CONTENT,
            "accused_division": self.world.TOWN, "accused_person": "测试丙", "complainant": self.who, **changes,
        }  # fmt: skip
        body = {name: value for name, value in body.items() if value is not None}
        headers = {"Idempotency-Key": key or str(uuid7()), **(bearer(actor) if actor else {})}
        return await self.window.client.post(COMPLAINTS, json=body, headers=headers)

    async def filed(self, **changes):
        """A filed complaint: its answer, and its record's id."""
        answer = await self.file(**changes)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        found = await self.window.value(
            "SELECT id FROM records WHERE state ->> 'number' = $1 ORDER BY id DESC LIMIT 1", told["number"]
        )
        return told, str(found)

    async def post(self, path, actor=None, version=None, method="POST", **body):
        headers = {**(bearer(actor) if actor else {}), **({"If-Match": f'"{version}"'} if version else {})}
        return await self.window.client.request(method, f"{COMPLAINTS}{path}", json=body or None, headers=headers)

    async def get(self, path, actor=None, **params):
        headers = bearer(actor) if actor else {}
        return await self.window.client.get(f"{COMPLAINTS}{path}", params=params, headers=headers)

    async def step(self, found, name, actor, version, method="POST", **body):
        answer = await self.post(f"/records/{found}/{name}", actor, version, method, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def replied(self, found, *, head=None, handler=None, **reply):
        """Accepted, taken up and answered."""
        head, handler = head or self.county, handler or self.handler
        await self.step(found, "acceptance", head, 1, handler=handler.subject)
        await self.step(found, "undertaking", handler, 2)
        body = {"reply": REPLY, "finding": "substantiated", **reply}
        return await self.step(found, "reply", handler, 3, **{k: v for k, v in body.items() if v is not None})

    async def totals(self):
        tables = ("records", "outbox", "audit_entries", "complaint_filings")
        return tuple([await self.window.value(f"SELECT count(*) FROM {table}") for table in tables])


@pytest.fixture
def limits():
    """How often one may ask; parametrize to choose."""
    return {"progress_per_address": 1000, "progress_per_case": 1000}


@pytest.fixture
def make_settings(make_settings, tmp_path, limits):
    """The settings of casework's tests, with a place for files, asking more often than anybody may."""
    places = {"uploads_dir": tmp_path / "store", "uploads_spool_dir": tmp_path / "spool"}
    return lambda url, **changes: make_settings(url, **(places | limits | changes))


@pytest.fixture
async def desk(window, world):
    return Desk(window, world)
