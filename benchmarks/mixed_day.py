"""A mixed day at the windows with 10,000 and with 1,000,000 cases in the database.

Writes: one matter after another is asked (first contact), registered, accepted and closed through the use cases, with 8
connections in two processes and fsync on; theirs is pgbench with 8 connections in two threads and the statements that
ours sends, the values written into the text, in the same four transactions. The two take turns. Reads: worklists and
the public query by number over HTTP, one client; theirs is exactly the statement that the service sends, fetched by
asyncpg from the same server. Nine of ten cases have ended; the open ones lie in the villages of Guangdong, are held by
thousands of people, and can be opened.
"""

import asyncio
import multiprocessing
import os
import random
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import uvloop

from benchmarks.ground import STATION, Timer, stack, tell
from benchmarks.peer import CONNECTIONS, Statement, pgbench, recorded
from casework.cases import domain
from casework.cases.domain import ApplicantKind, ClosingResult
from casework.cases.repository import INDEX_CONTEXT
from casework.cases.repository.rows import context_of, values_of
from casework.cases.repository.statements import ADDED, FROM_EVENT, OWN, SEALED
from casework.cases.service import ApplicantInput, SeenCase, accept_case, close_case, register_case
from casework.clock.domain import Calendar
from casework.contacts.service import NewContact, register_contact
from common.auth import Actor, Role
from common.contracts.casework.cases import CaseTerms, Limit
from common.crypto import FieldCipher, Keyring
from common.db import Database
from common.ids import uuid7
from common.process.garbage import settle_garbage
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor
from common.uow import UnitOfWorkFactory
from onebox.stack import Stack
from registry.data.reader import read_divisions

SIZES = tuple(int(one) for one in os.environ.get("MIXED_DAY_SIZES", "10000 1000000").split())
SECONDS, ROUNDS, PROCESSES = 4, 5, 2
ROUND_NUMBERS = 100_000
"""Matters of one round, so that no two rounds have the same person."""
READS = 150
OPEN_SHARE = 10
HOLDERS = 4_000
ITEM = "E06"
UNLIMITED = {"PROGRESS_PER_ADDRESS": "1000000", "PROGRESS_PER_CASE": "1000000"}
"""One client asks for many; what is counted against abuse is not what is measured."""
ACTORS = {
    "mine": make_actor(STATION, Role.STATION_AGENT),
    "village": make_actor(STATION, Role.STATION_AGENT),
    "town": make_actor("440304002000", Role.OFFICE_HEAD),
    "county": make_actor("440304000000", Role.OFFICE_HEAD),
    "city": make_actor("440300000000", Role.BUREAU_SUPERVISOR),
    "province": make_actor("440000000000", Role.BUREAU_SUPERVISOR),
}
_TERMS = CaseTerms(
    handling="promised",
    steps=("undertaking", "reviewing", "approving"),
    starts="accepted",
    acceptance=Limit(value=5, unit="working_days"),
    promised=Limit(value=10, unit="working_days"),
)
_CALENDAR = Calendar(UUID(int=1), ())
_barrier: Any = None


def run() -> None:
    """Prints writes against pgbench and reads against the bare SQL, at both sizes."""
    os.environ |= UNLIMITED
    with stack(roles={"api": ("casework", "api")}) as ground:
        settle_garbage()
        cipher, worst = FieldCipher(Keyring.load(ground.folder / "keyring.json")), {}
        ground.start("api")
        ground.wait_ready()
        before = 0
        for size in SIZES:
            with Timer() as timer:
                asyncio.run(_fill(ground, cipher, before, size))
            print(f"  {size:,} cases ({timer.seconds:.0f} s to make)", flush=True)
            before = size
            worst[size] = asyncio.run(_reads(ground))
            ours, theirs = _writes(ground, cipher)
            tell("writes of the day", ours, "pgbench, same SQL", theirs, "writes/s", "≥ 0.5")
        small, large = (worst[size] for size in SIZES)
        print(f"  worst p99 of a worklist: {small:.1f} ms → {large:.1f} ms (×{large / small:.1f}; aim ≤ 50 ms, flat)")


def _writes(ground: Stack, cipher: FieldCipher) -> tuple[float, float]:
    """Writes per second, ours and theirs: medians of rounds that take turns, so that both meet the same machine."""
    asyncio.run(recorded(ground, _day(cipher, 1)[0]))  # a process reads the calendar once, and then no more
    statements = asyncio.run(recorded(ground, _day(cipher, 2)[0]))
    url, keyring = ground.postgres.url("casework"), str(ground.folder / "keyring.json")
    spawn, ours, theirs = multiprocessing.get_context("spawn"), [], []
    with ProcessPoolExecutor(PROCESSES, spawn, _ready, (spawn.Barrier(PROCESSES),)) as pool:
        for number in range(ROUNDS):
            starts = [number * ROUND_NUMBERS + share * CONNECTIONS // PROCESSES for share in range(PROCESSES)]
            ours.append(sum(pool.map(partial(_share, url, keyring), starts)))
            theirs.append(pgbench(ground, statements, seconds=SECONDS))
    return median(ours), median(theirs)


async def _fill(ground: Stack, cipher: FieldCipher, have: int, want: int) -> None:
    """Cases with numbers from `have` to `want`: every tenth one open and made by the rules, the others by SQL."""
    villages = [row.code for row in read_divisions() if len(row.code.rstrip("0")) > 9]
    dice = random.Random(want)
    conn = await asyncpg.connect(ground.postgres.url("casework"))
    try:
        numbers = range(have, want, OPEN_SHARE)
        columns = (*ADDED, FROM_EVENT)
        for start in range(0, len(numbers), 20_000):
            part = [_open_case(cipher, number, dice, villages) for number in numbers[start : start + 20_000]]
            await conn.copy_records_to_table("cases", records=part, columns=columns)
        await conn.execute(_ENDED, have + 1, want, villages)
        await conn.execute("VACUUM (ANALYZE) cases")
    finally:
        await conn.close()


def _open_case(cipher: FieldCipher, number: int, dice: random.Random, villages: Sequence[str]) -> tuple[Any, ...]:
    """One open case as the rules make it; one in fifty lies at the station that the reads ask for."""
    division = STATION if dice.random() < 0.02 else dice.choice(villages)
    day = datetime.now(UTC) - timedelta(days=dice.randrange(30), minutes=dice.randrange(600))
    holder = ACTORS["mine"].subject if division == STATION else f"agent-{dice.randrange(HOLDERS)}"
    case = domain.register(
        case_id=uuid7(),
        counter=domain.Counter(division, uuid7(), None, "900001000006", number),
        item_code=ITEM,
        duty="employment_services",
        terms=_TERMS,
        applicant_kind=ApplicantKind.NATURAL_PERSON,
        by=holder,
        at=day,
        calendar=_CALENDAR,
    )
    if dice.random() < 0.7:
        case = domain.accept(case, by=holder, at=day + timedelta(hours=1), calendar=_CALENDAR)
    case = replace(case, case_number=f"{number:047d}")
    person = synthetic_person(number % 500_000)
    sealed = [
        cipher.encrypt(value, context=context_of(column, case.id))
        for column, value in zip(SEALED, (person.name, person.id_number, person.phone), strict=True)
    ]
    index = cipher.blind_index(person.id_number, context=INDEX_CONTEXT)
    return (*values_of(case, OWN), *sealed, index, case.file.model_dump_json())


_ENDED = """
INSERT INTO cases (id, version, division, level, office_id, item_code, duty, applicant_kind, applicant_name,
    applicant_identifier, applicant_index, status, registered_at, accepted_at, closed_at, closing_result, changed_at,
    case_number, channel, handling, stage, is_deemed_accepted, is_on_time, is_due_provisional, holder, holder_division,
    handled_by, file)
SELECT gen_random_uuid(), 3, v.code, 'village', gen_random_uuid(), 'E06', 'employment_services', 'natural_person',
    '', '', decode(lpad(to_hex(n % 500000), 64, '0'), 'hex'), 'closed', at, at, at, 'granted', at,
    lpad(n::text, 47, '0'), 'window', 'immediate', 'undertaking', false, true, false, 'agent-' || n % 4000, v.code,
    'agent-' || n % 4000, (SELECT file FROM cases WHERE status = 'accepted' LIMIT 1)
FROM generate_series($1::bigint, $2::bigint - 1) AS n
CROSS JOIN LATERAL (SELECT ($3::text[])[n % cardinality($3::text[]) + 1] AS code) AS v
CROSS JOIN LATERAL (SELECT now() - n % 500 * interval '1 day' - n % 600 * interval '1 minute' AS at) AS t
WHERE n % 10 <> 0
"""


async def _reads(ground: Stack) -> float:
    """Worklists of each scope and the public query; gives the worst p99 of the worklists."""
    base, worst = f"http://127.0.0.1:{ground.ports['api']}", 0.0
    conn = await asyncpg.connect(ground.postgres.url("casework"))
    async with httpx.AsyncClient(base_url=base, timeout=60) as http:
        for name, actor in ACTORS.items():
            kind = "mine" if name == "mine" else "subtree"

            async def ask(kind: str = kind, actor: Actor = actor) -> None:
                answer = await http.get(
                    "/casework/v1/worklists/cases", params={"kind": kind, "limit": 50}, headers=bearer(actor)
                )
                answer.raise_for_status()

            sql, values = await _worklist_statement(ground, actor, kind)
            mine, bare = await _percentiles(ask), await _percentiles(lambda s=sql, v=values: conn.fetch(s, *v))  # type: ignore[misc]
            worst = max(worst, mine[1])
            _tell(f"worklist {name}", mine, bare)
        number, identifier = await _somebody(ground)

        async def query() -> None:
            body = {"case_number": number, "identifier": identifier}
            answer = await http.post("/casework/v1/online/progress", json=body)
            answer.raise_for_status()

        plain = "SELECT * FROM cases WHERE case_number = $1"
        _tell("public query", await _percentiles(query), await _percentiles(lambda: conn.fetch(plain, number)))
    await conn.close()
    return worst


async def _percentiles(ask: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """p50 and p99 in milliseconds, after a few to warm up."""
    took = []
    for number in range(READS + 10):
        began = perf_counter()
        await ask()
        if number >= 10:
            took.append((perf_counter() - began) * 1000)
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.99)]


def _tell(what: str, mine: tuple[float, float], bare: tuple[float, float]) -> None:
    print(
        f"  {what}: p50 {mine[0]:.1f} ms, p99 {mine[1]:.1f} ms; bare SQL p50 {bare[0]:.1f}, p99 {bare[1]:.1f}",
        flush=True,
    )


async def _worklist_statement(ground: Stack, actor: Actor, kind: str) -> Statement:
    """The statement of the list itself, as the service sends it."""
    from casework.worklists.service import list_tasks  # noqa: PLC0415 - only this needs the whole feature

    cipher = FieldCipher(Keyring.load(ground.folder / "keyring.json"))
    options = {"colour": None, "item_code": None, "stage": None, "division": None, "after": None, "limit": 51}

    async def ask(units: UnitOfWorkFactory) -> None:
        async with units(actor) as uow:
            await list_tasks(uow, cipher, actor, kind=kind, **options)  # type: ignore[arg-type]

    sent = await recorded(ground, [ask])
    return next(one for one in sent[0] if "ORDER BY coalesce(c.due_on" in one[0])


async def _somebody(ground: Stack) -> tuple[str, str]:
    conn = await asyncpg.connect(ground.postgres.url("casework"))
    try:
        number = await conn.fetchval("SELECT case_number FROM cases WHERE status = 'accepted' LIMIT 1")
    finally:
        await conn.close()
    return str(number), synthetic_person(int(number) % 500_000).id_number


def _day(cipher: FieldCipher, number: int) -> tuple[list[Callable[[UnitOfWorkFactory], Awaitable[None]]], list[UUID]]:
    """The four transactions of one matter."""
    actor, person, cases = ACTORS["mine"], synthetic_person(number), list[UUID]()
    applicant = ApplicantInput(
        kind=ApplicantKind.NATURAL_PERSON, name=person.name, id_number=person.id_number, uscc=None, phone=None
    )
    contact = NewContact(
        channel="window", matter="怎样办理求职登记", is_ours=True, is_signed=True, materials=(),
        asker_name=person.name, asker_phone=None, asker_id_number=None,
    )  # fmt: skip

    async def asked(units: UnitOfWorkFactory) -> None:
        async with units(actor) as uow:
            await register_contact(uow, cipher=cipher, new=contact)

    async def registered(units: UnitOfWorkFactory) -> None:
        async with units(actor) as uow:
            view = await register_case(uow, cipher=cipher, division=STATION, item_code=ITEM, applicant=applicant)
            cases.append(view.case.id)

    async def accepted(units: UnitOfWorkFactory) -> None:
        async with units(actor) as uow:
            await accept_case(uow, cipher=cipher, seen=SeenCase(cases[0], 1))

    async def closed(units: UnitOfWorkFactory) -> None:
        async with units(actor) as uow:
            await close_case(uow, cipher=cipher, seen=SeenCase(cases[0], 2), result=ClosingResult.GRANTED)

    return [asked, registered, accepted, closed], cases


def _ready(barrier: Any) -> None:
    global _barrier  # noqa: PLW0603 - what a process of the pool is given at its start
    _barrier = barrier
    settle_garbage()


def _share(url: str, keyring: str, first: int) -> float:
    """Transactions per second of whole matters in one of the processes, while the others do the same."""
    return uvloop.run(_matters(url, FieldCipher(Keyring.load(Path(keyring))), first))


async def _matters(url: str, cipher: FieldCipher, first: int) -> float:
    db = Database(url, pool_size=CONNECTIONS // PROCESSES)
    units, done, until = UnitOfWorkFactory(db), 0, 0.0

    async def worker(number: int) -> None:
        nonlocal done
        while perf_counter() < until:
            for act in _day(cipher, number)[0]:
                await act(units)
                done += 1
            number += CONNECTIONS

    for seconds in (1, SECONDS):
        _barrier.wait()
        done, until = 0, perf_counter() + seconds
        with Timer() as timer:
            await asyncio.gather(*(worker(first + place) for place in range(CONNECTIONS // PROCESSES)))
        first += ROUND_NUMBERS // 2
    await db.dispose()
    return done / timer.seconds
