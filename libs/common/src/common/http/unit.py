"""The transaction of a request as a dependency: committed before the answer is sent."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from common.auth import Actor
from common.db import Connection, Database
from common.http.identity import CurrentActor, bearer_actor
from common.http.parts import parts_of
from common.uow import UnitOfWork

StillUnits = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


async def unit_of_work(request: Request, actor: CurrentActor) -> AsyncIterator[UnitOfWork]:
    """One transaction for the whole endpoint; commits when it returns, rolls back when it raises.

    With `scope="function"` the end of this generator runs after the answer is serialised and before its first byte.
    Source: architecture.md §3.
    """
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    async with units(actor) as uow:
        yield uow


def still_units(request: Request, actor: CurrentActor) -> StillUnits:
    """Opens what is read before the transaction of an act begins, all of it at one moment.

    It is opened and closed inside a dependency, so that a request never holds two connections.
    """
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    return lambda: units(actor, is_still=True)


async def anyone(request: Request) -> Actor | None:
    """Who acts, where a token came; None for the public, who need none. A wrong token is still refused."""
    return await bearer_actor(request) if request.headers.get("authorization") else None


async def open_unit_of_work(
    request: Request, actor: Annotated[Actor | None, Depends(anyone)]
) -> AsyncIterator[UnitOfWork]:
    """The same for acts that need no token: rating a service, filing a complaint. Source: O4.3f."""
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    async with units(actor) as uow:
        yield uow


async def read_database(request: Request) -> Database:
    """The database, for endpoints that decide themselves whether their answer is one statement or several."""
    db = parts_of(request.app).db
    assert db is not None, "the lifespan has attached no database"  # noqa: S101
    return db


ReadDatabase = Annotated[Database, Depends(read_database)]


async def read_connection(db: ReadDatabase) -> AsyncIterator[Connection]:
    """A connection on which every statement stands for itself: for reads that need no transaction."""
    async with db.autocommit() as conn:
        yield conn


async def read_snapshot(db: ReadDatabase) -> AsyncIterator[Connection]:
    """One moment of the database for all statements of an answer."""
    async with db.snapshot() as conn:
        yield conn


async def read_session(request: Request) -> AsyncIterator[AsyncSession]:
    """An ORM session for reads; nobody needs a token for what is public."""
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    async with units() as uow:
        yield uow.session


Uow = Annotated[UnitOfWork, Depends(unit_of_work, scope="function")]
StillUow = Annotated[StillUnits, Depends(still_units)]
OpenUow = Annotated[UnitOfWork, Depends(open_unit_of_work, scope="function")]
"""The transaction of an act that the public may do; its actor is None without a token."""

ReadConnection = Annotated[Connection, Depends(read_connection, scope="function")]
Snapshot = Annotated[Connection, Depends(read_snapshot, scope="function")]
ReadSession = Annotated[AsyncSession, Depends(read_session, scope="function")]
