"""Something to kill (onebox.stack), and a client who notices everything.

The client is careful: it remembers what was acknowledged, and repeats
what was not with the same Idempotency-Key, as a frontend does.
"""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from common.auth import Role
from common.divisions import ancestors_of
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor
from devkafka.server import KafkaServer
from onebox.postgres import PostgresServer, ServerOptions
from onebox.stack import Stack

STATIONS = ("440304002016", "441900003001", "440232113201")
PROVINCE = "440000000000"
QUIET_SECONDS = 90.0


@dataclass
class Clerk:
    """Takes and closes cases in a stream, and remembers what was acknowledged.

    Attributes:
        acknowledged: case id → highest version that the platform has confirmed.
        seed: of the stream; printed by every run.
    """

    stack: Stack
    seed: int
    acknowledged: dict[UUID, int] = field(default_factory=dict)
    stations: dict[UUID, str] = field(default_factory=dict)
    has_finished: bool = False

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._headers = {
            station: bearer(make_actor(ancestors_of(station)[0], Role.WINDOW_CLERK)) for station in STATIONS
        }

    async def work(self, count: int, *, tasks: int = 4) -> None:
        """Takes `count` cases; about half of them are accepted, some of these closed."""
        numbers = iter(range(count))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.stack.ports['api']}", timeout=5) as http:

            async def one_after_another() -> None:
                for number in numbers:
                    await self._one(http, number)

            await asyncio.gather(*(one_after_another() for _ in range(tasks)))
        self.has_finished = True

    async def _one(self, http: httpx.AsyncClient, number: int) -> None:
        station, roll = self.random.choice(STATIONS), self.random.random()
        person = synthetic_person(number)
        applicant = {"kind": "natural_person", "name": person.name, "id_number": person.id_number}
        body = {"division": station, "item_code": "E06", "applicant": applicant}
        answer = await self._until_acknowledged(http, station, "/casework/v1/cases", body, None)
        case_id = UUID(answer.json()["id"])
        self.stations[case_id] = station
        self.acknowledged[case_id] = 1
        for version, (path, step) in enumerate((("acceptance", {}), ("closure", {"result": "granted"})), 2):
            if roll < 0.25 * version:
                break
            url = f"/casework/v1/cases/{case_id}/{path}"
            answer = await self._until_acknowledged(http, station, url, step, answer.headers["ETag"])
            self.acknowledged[case_id] = version

    async def _until_acknowledged(
        self, http: httpx.AsyncClient, station: str, url: str, body: dict[str, Any], etag: str | None
    ) -> httpx.Response:
        headers = {**self._headers[station], "Idempotency-Key": str(uuid4())}
        if etag:
            headers["If-Match"] = etag
        async with asyncio.timeout(90):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await http.post(url, json=body, headers=headers)
                    if answer.is_success:
                        return answer
                    assert answer.status_code in {429, 500, 502, 503}, f"{answer.status_code} {answer.text}"
                await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
def fault_seed() -> int:
    """`SEED=n make faults` replays a run."""
    return int(os.environ.get("JICENG_FAULT_SEED") or random.SystemRandom().randrange(10**9))


@pytest.fixture
def make_clerk() -> Callable[[Stack, int], Clerk]:
    """`make_clerk(stack, seed)`: a new stream."""
    return Clerk


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all kills of a module: each round must leave it whole."""
    folder = tmp_path_factory.mktemp("faults")
    reason = KafkaServer.available()
    if reason and os.environ.get("CI"):
        pytest.fail(f"Kafka must run here: {reason}")
    postgres = PostgresServer(folder / "postgres", options=ServerOptions(durable=True))
    postgres.start()
    kafka = None
    if reason is None:
        kafka = KafkaServer(folder / "kafka")
        kafka.start()
    made = Stack(folder, postgres, kafka)
    try:
        made.prepare(STATIONS)
        made.start()
        made.wait_ready()
        yield made
    finally:
        made.stop()


@pytest.fixture
def quiet() -> Callable[[Stack, Clerk], Any]:
    """`await quiet(stack, clerk)`: returns when the province has everything that was acknowledged."""

    async def wait(stack: Stack, clerk: Clerk) -> None:
        deadline = time.monotonic() + QUIET_SECONDS
        while True:
            missing = await _missing(stack, clerk)
            if not missing:
                return
            if time.monotonic() > deadline:
                logs = "\n".join(f"{name}:\n{stack.tail(name)}" for name in stack.processes)
                pytest.fail(f"never arrived: {missing[:5]} … {len(missing)} in all\n{logs}", pytrace=False)
            await asyncio.sleep(0.2)

    return wait


async def _missing(stack: Stack, clerk: Clerk) -> list[str]:
    try:
        rows = await stack.fetch("sync", "SELECT record_id, version FROM level_states WHERE level = 'province'")
        figures = await stack.fetch(
            "reporting", "SELECT coalesce(sum(value), 0)::int AS n FROM figures "
            "WHERE level = 'province' AND division = $1 AND measure = 'registered'", PROVINCE,
        )  # fmt: skip
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [type(error).__name__]
    arrived = {row["record_id"]: row["version"] for row in rows}
    late = [str(case_id) for case_id, version in clerk.acknowledged.items() if arrived.get(case_id, 0) < version]
    if not late and figures[0]["n"] < len(arrived):
        late.append(f"the province's figure is {figures[0]['n']} of {len(arrived)}")
    return late
