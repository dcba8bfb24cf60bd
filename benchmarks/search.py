"""Search over all offices of Guangdong at the API, beside the bare SQL of the same searches in the same run.

Ours is GET /registry/v1/offices?q=… of one uvicorn process, page of 50, one client on one connection that shares the
cores. Theirs is exactly the statement that it sends, with the same values, fetched by asyncpg from the same server.
Words are taken from the names themselves, seeded, so that every search finds something.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import asyncpg
import httpx
from sqlalchemy import event

from benchmarks.ground import WARM, stack, timed
from common.db import Database
from common.uow import UnitOfWorkFactory
from onebox.stack import Stack
from registry.data.reader import read_divisions
from registry.offices.domain import words_of
from registry.offices.naming import NamedOffice, name_offices
from registry.offices.service import OfficeFilter, list_offices
from registry.offices.service.finding import terms_of

EACH = 200
LIMIT = 50
AIM_MS = 20
Searches = Mapping[str, Sequence[str]]


def run() -> None:
    """Prints p50 and p99 of each kind of search, and of all together."""
    searches = _searches()
    with stack(roles={"api": ("registry", "api")}) as ground:
        url = _seed(ground)
        ground.start("api")
        ground.wait_ready()
        ours = asyncio.run(_over_http(f"http://127.0.0.1:{ground.ports['api']}", searches))
        theirs = asyncio.run(_bare(url, searches))
    for kind in (*searches, "all"):
        mine = [one for name, took in ours.items() for one in took if kind in {name, "all"}]
        bare = [one for name, took in theirs.items() for one in took if kind in {name, "all"}]
        _tell(kind, mine, bare)


def _searches() -> Searches:
    """The same words in every run."""
    dice = random.Random(20261122)
    named = name_offices(read_divisions())[0]
    print(f"  {len(named):,} offices", flush=True)

    def draw(make: Callable[[NamedOffice], str]) -> list[str]:
        return [make(dice.choice(named)) for _ in range(EACH + WARM)]

    def pair(office: NamedOffice) -> str:
        return office.name[(at := dice.randrange(max(1, office.name.find("人力") - 1))) : at + 2]

    def letters(office: NamedOffice, *, is_short: bool) -> str:
        terms = sorted(terms_of(office.name[: max(2, office.name.find("人力"))]), key=len)
        return terms[len(terms) // 4 if is_short else -1]

    return {
        "two characters": draw(pair),
        "one character": draw(lambda office: office.name[0]),
        "pinyin": draw(lambda office: letters(office, is_short=False)),
        "initials": draw(lambda office: letters(office, is_short=True)),
        "code prefix": draw(lambda office: office.division[: dice.choice((4, 6, 9, 12))]),
    }


def _seed(ground: Stack) -> str:
    ground.postgres.create_database("registry")
    url = ground.postgres.url("registry")
    environment = {**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": url}
    for role in ("migrate", "seed"):
        subprocess.run([sys.executable, "-m", "registry", role], env=environment, check=True, capture_output=True)
    asyncio.run(_execute(url, "VACUUM ANALYZE"))
    return url


async def _execute(url: str, sql: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(sql)
    finally:
        await conn.close()


async def _over_http(base: str, searches: Searches) -> dict[str, list[float]]:
    async with httpx.AsyncClient(base_url=base, timeout=30) as http:

        async def search(word: str) -> None:
            answer = await http.get("/registry/v1/offices", params={"q": word, "limit": LIMIT})
            answer.raise_for_status()
            if not answer.json()["items"]:
                raise RuntimeError(f"{word} finds nothing")

        return {kind: await timed(words, search) for kind, words in searches.items()}


async def _bare(url: str, searches: Searches) -> dict[str, list[float]]:
    statements = await _statements(url, searches)
    conn = await asyncpg.connect(url)
    await conn.execute("SET plan_cache_mode = force_custom_plan")  # as the service does for every search

    async def search(word: str) -> None:
        sql, values = statements[word]
        await conn.fetch(sql, *values)

    try:
        return {kind: await timed(words, search) for kind, words in searches.items()}
    finally:
        await conn.close()


async def _statements(url: str, searches: Searches) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """What the service sends for each word."""
    db = Database(url, pool_size=1)
    sent: list[tuple[str, tuple[Any, ...]]] = []

    def listen(_connection: Any, _cursor: Any, sql: str, values: tuple[Any, ...], *_: Any) -> None:
        sent.append((sql, values))

    event.listen(db.engine.sync_engine, "before_cursor_execute", listen)
    found = {}
    async with UnitOfWorkFactory(db)() as uow:
        for word in {one for words in searches.values() for one in words}:
            await list_offices(uow.session, wanted=OfficeFilter(words=words_of(word)), after=None, limit=LIMIT + 1)
            found[word] = sent[-1]
            uow.session.expunge_all()
    await db.dispose()
    return found


def _tell(kind: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    p50, p99 = (statistics.quantiles(ours, n=100)[at] for at in (49, 98))
    bare50, bare99 = (statistics.quantiles(theirs, n=100)[at] for at in (49, 98))
    print(
        f"  {kind}: API p50 {p50:.1f} ms, p99 {p99:.1f} ms; bare SQL p50 {bare50:.2f} ms, p99 {bare99:.2f} ms; "
        f"p99 ratio {p99 / bare99:.1f}; p99 / aim {p99 / AIM_MS:.2f} (aim ≤ 1)",
        flush=True,
    )
