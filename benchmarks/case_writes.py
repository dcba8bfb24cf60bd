"""Case writes per second, against pgbench with the same SQL on the same server.

Ours is the use case `register_case` in its unit of work: checks, encryption, blind index, look-up of office and item,
case + audit + outbox in one statement, COMMIT. Theirs is pgbench with exactly the statements that ours sends, the
values written into the text, new ids from the server. Both with 8 connections and fsync on. The API line adds HTTP,
token and JSON: one uvicorn process and the load's own client share the two cores with PostgreSQL.
"""

import asyncio
from functools import partial
from uuid import uuid4

import httpx
import uvloop

from benchmarks.ground import STATION, Timer, stack, tell
from benchmarks.peer import CONNECTIONS, pgbench, recorded
from casework.cases.domain import ApplicantKind
from casework.cases.service import ApplicantInput, register_case
from common.auth import Actor, Role
from common.crypto import FieldCipher, Keyring
from common.db import Database
from common.process.garbage import settle_garbage
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor
from common.uow import UnitOfWorkFactory
from onebox.stack import Stack

SECONDS = 6


def run() -> None:
    """Prints use case, API and pgbench."""
    with stack(roles={"api": ("casework", "api")}) as ground:
        settle_garbage()
        for number in (1, 2):  # a process reads the calendar once, and then no more
            acts = [partial(_register, cipher=_cipher(ground), number=number)]
            statements = asyncio.run(recorded(ground, acts))
        ours = uvloop.run(_use_case(ground))
        theirs = pgbench(ground, statements, seconds=SECONDS)
        tell("use case", ours, "pgbench, same SQL", theirs, "cases/s", "≥ 0.5")
        ground.start("api")
        ground.wait_ready()
        over_http = uvloop.run(_api(ground))
        tell("over HTTP", over_http, "pgbench, same SQL", theirs, "cases/s", "≥ 0.5")


def _actor() -> Actor:
    return make_actor(STATION, Role.STATION_AGENT)


def _applicant(number: int) -> ApplicantInput:
    person = synthetic_person(number)
    return ApplicantInput(
        kind=ApplicantKind.NATURAL_PERSON, name=person.name, id_number=person.id_number, uscc=None, phone=person.phone
    )


def _cipher(ground: Stack) -> FieldCipher:
    return FieldCipher(Keyring.load(ground.folder / "keyring.json"))


async def _register(units: UnitOfWorkFactory, cipher: FieldCipher, number: int) -> None:
    async with units(_actor()) as uow:
        await register_case(uow, cipher=cipher, division=STATION, item_code="E06", applicant=_applicant(number))


async def _use_case(ground: Stack) -> float:
    db = Database(ground.postgres.url("casework"), pool_size=CONNECTIONS)
    units, cipher = UnitOfWorkFactory(db), _cipher(ground)
    done = 0

    async def worker(start: int) -> None:
        nonlocal done
        loop = asyncio.get_running_loop()
        number = start
        while loop.time() < until:
            await _register(units, cipher, number)
            number += CONNECTIONS
            done += 1

    until = asyncio.get_running_loop().time() + 1
    await asyncio.gather(*(worker(start) for start in range(CONNECTIONS)))
    done, until = 0, asyncio.get_running_loop().time() + SECONDS
    with Timer() as timer:
        await asyncio.gather(*(worker(start) for start in range(CONNECTIONS)))
    await db.dispose()
    return done / timer.seconds


async def _api(ground: Stack) -> float:
    headers = bearer(_actor())
    done = 0
    limits = httpx.Limits(max_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ground.ports['api']}", limits=limits) as http:

        async def worker(start: int) -> None:
            nonlocal done
            number = start
            while asyncio.get_running_loop().time() < until:
                person = synthetic_person(number)
                applicant = {"kind": "natural_person", "name": person.name, "id_number": person.id_number}
                body = {"division": STATION, "item_code": "E06", "applicant": applicant}
                answer = await http.post(
                    "/casework/v1/cases", json=body, headers={**headers, "Idempotency-Key": str(uuid4())}
                )
                answer.raise_for_status()
                number += CONNECTIONS
                done += 1

        until = asyncio.get_running_loop().time() + SECONDS
        with Timer() as timer:
            await asyncio.gather(*(worker(start) for start in range(CONNECTIONS)))
    return done / timer.seconds
