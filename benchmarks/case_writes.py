"""Case writes per second, against pgbench with the same SQL on the same server.

Ours is the use case `register_case` in its unit of work: checks, encryption, blind index, look-up of office and item,
case + audit + outbox in one statement, COMMIT. Theirs is pgbench with exactly the statements that ours sends, the
values written into the text, new ids from the server. Both with 8 connections and fsync on. The API line adds HTTP,
token and JSON: one uvicorn process and the load's own client share the two cores with PostgreSQL.
"""

import asyncio
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from benchmarks.ground import STATION, Timer, stack, tell
from casework.cases.domain import ApplicantKind
from casework.cases.service import ApplicantInput, register_case
from common.auth import Actor, Role
from common.crypto import FieldCipher, Keyring
from common.db import Database
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor
from common.uow import UnitOfWorkFactory
from onebox.stack import Stack

CONNECTIONS = 8
SECONDS = 6


def run() -> None:
    """Prints use case, API and pgbench."""
    with stack(roles={"api": ("casework", "api")}) as ground:
        statements = asyncio.run(_record_statements(ground))
        ours = asyncio.run(_use_case(ground))
        theirs = _pgbench(ground, statements)
        tell("use case", ours, "pgbench, same SQL", theirs, "cases/s", "≥ 0.5")
        ground.start("api")
        ground.wait_ready()
        over_http = asyncio.run(_api(ground))
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


async def _record_statements(ground: Stack) -> list[tuple[str, tuple[Any, ...]]]:
    """What one registration sends, as asyncpg saw it."""
    seen: list[tuple[str, tuple[Any, ...]]] = []
    db = Database(ground.postgres.url("casework"), pool_size=1)
    original = asyncpg.Connection.fetchrow

    async def listen(self: Any, query: str, *values: Any, **options: Any) -> Any:
        seen.append((query, values))
        return await original(self, query, *values, **options)

    asyncpg.Connection.fetchrow = listen
    try:
        await _register(UnitOfWorkFactory(db), _cipher(ground), 1)
    finally:
        asyncpg.Connection.fetchrow = original
        await db.dispose()
    return seen


def _literal(value: Any, fresh: dict[UUID, str]) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, UUID) and value in fresh:
        return fresh[value]
    if isinstance(value, str) and re.fullmatch(r"\d{47}", value):
        return "gen_random_uuid()::text"  # the number of a case is given once
    escaped = str(value).replace("\\", "\\\\").replace("'", "''").replace(":", "\\003A")
    return f"U&'{escaped}'"  # pgbench would take a colon for the beginning of a variable


def _script(statements: list[tuple[str, tuple[Any, ...]]]) -> str:
    """The same statements as text for pgbench; ids of case and event are new in every transaction."""
    lines = ["BEGIN;"]
    for query, values in statements:
        ids = [value for value in values if isinstance(value, UUID)]
        fresh = dict.fromkeys((ids[0], ids[-1]), "gen_random_uuid()") if query.startswith("WITH") else {}
        text = re.sub(r"\$(\d+)", lambda match, v=values, f=fresh: _literal(v[int(match[1]) - 1], f), query)  # type: ignore[misc]
        lines.append(" ".join(text.split()) + ";")
    return "\n".join([*lines, "COMMIT;"]) + "\n"


def _pgbench(ground: Stack, statements: list[tuple[str, tuple[Any, ...]]]) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8", delete=False) as file:
        file.write(_script(statements))
    url = ground.postgres.url("casework")
    command = [str(ground.postgres.binaries / "pgbench"), "-n", "-c", str(CONNECTIONS), "-j", "2", "-T", str(SECONDS),
               "-M", "prepared", "-f", file.name, url]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    Path(file.name).unlink()
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])


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
