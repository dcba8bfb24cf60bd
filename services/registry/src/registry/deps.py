"""What endpoints ask for, by name."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from common.clock import today
from common.http import CurrentActor, Idempotency, IfMatch, Paging, Uow, parts_of


async def read_session(request: Request) -> AsyncIterator[AsyncSession]:
    """An ORM session for reads; nobody needs a token for what is public."""
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    async with units() as uow:
        yield uow.session


async def as_of(
    on: Annotated[date | None, Query(description="按该日（北京时间）的区划；默认今天。")] = None,
) -> date:
    """The Beijing day asked for."""
    return on or today()


ReadSession = Annotated[AsyncSession, Depends(read_session, scope="function")]
AsOf = Annotated[date, Depends(as_of)]

__all__ = ["AsOf", "CurrentActor", "Idempotency", "IfMatch", "Paging", "ReadSession", "Uow"]
