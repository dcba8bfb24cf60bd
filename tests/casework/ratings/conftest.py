"""Cases that can be rated."""

from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import pytest

from common.auth import Role
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor

RATINGS = "/casework/v1/ratings"


@dataclass(frozen=True)
class Rateable:
    """A case, and what its applicant knows."""

    id: UUID
    number: str
    identifier: str
    office_id: str


@dataclass
class Desk:
    """Ratings over HTTP."""

    window: object
    world: SimpleNamespace

    async def case(self, number=1, *, division=None, accepted=True, ended_days_ago=None):
        """A case that its office has accepted, and perhaps closed some days ago."""
        actor = make_actor(division or self.world.VILLAGE, Role.STATION_AGENT)
        made = await self.window.register(actor=actor, number=number, division=division or self.world.VILLAGE)
        assert made.status_code == 201, made.text
        case = made.json()
        if accepted:
            done = await self.window.act(case["id"], "acceptance", version=1, actor=actor)
            assert done.status_code == 200, done.text
        if ended_days_ago is not None:
            await self.window.rows(
                "UPDATE cases SET status = 'closed', closing_result = 'granted', "
                "closed_at = now() - make_interval(days => $2) WHERE id = $1",
                UUID(case["id"]),
                ended_days_ago,
            )
        identifier = synthetic_person(number).id_number
        return Rateable(UUID(case["id"]), case["case_number"], identifier, case["office_id"])

    async def rate(self, case=None, *, token=None, actor=None, path="", **changes):
        proof = {"token": token} if token else {"case_number": case.number, "identifier": case.identifier}
        body = {"rating": "satisfied", "channel": "pc", **proof, **changes}
        headers = bearer(actor) if actor else {}
        return await self.window.client.post(f"{RATINGS}{path}", json=body, headers=headers)

    async def token(self, case, actor=None):
        answer = await self.window.client.post(
            f"{RATINGS}/tokens", json={"case_id": str(case.id)}, headers=bearer(actor or self.world.CLERK)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["token"]

    async def get(self, path, actor=None, **params):
        return await self.window.client.get(f"{RATINGS}{path}", params=params, headers=bearer(actor) if actor else {})

    async def post(self, path, actor, version=None, method="POST", **body):
        headers = {**bearer(actor), **({"If-Match": f'"{version}"'} if version else {})}
        return await self.window.client.request(method, f"{RATINGS}{path}", json=body or None, headers=headers)

    async def items(self, path, actor, **params):
        answer = await self.get(path, actor, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def totals(self):
        """Ratings, records, their events and audit entries."""
        return (
            await self.window.value("SELECT count(*) FROM ratings"),
            await self.window.value("SELECT count(*) FROM records"),
            await self.window.value("SELECT count(*) FROM outbox WHERE type !~ '^casework.case'"),
            await self.window.value("SELECT count(*) FROM audit_entries WHERE action !~ '^casework.case'"),
        )


@pytest.fixture
def limits():
    """How often one may ask; parametrize to choose."""
    return {"progress_per_address": 1000, "progress_per_case": 1000}


@pytest.fixture
def make_settings(make_settings, limits):
    """The settings of casework's tests, asking more often than anybody may."""
    return lambda url, **changes: make_settings(url, **(limits | changes))


@pytest.fixture
async def desk(window, world):
    return Desk(window, world)
