"""What endpoints ask for, by name."""

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from common.clock import today
from common.http import CurrentActor, Idempotency, IfMatch, Paging, Uow, parts_of

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


async def read_session(request: Request) -> AsyncIterator[AsyncSession]:
    """An ORM session for reads; nobody needs a token for what is public."""
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    async with units() as uow:
        yield uow.session


def _is_iso(value: Any) -> Any:
    """Holds a date in an address to its one form; pydantic alone would read `0` as the first day of 1970."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value) is None:
        raise PydanticCustomError("date_type", "no ISO date")
    return value


IsoDay = Annotated[date, BeforeValidator(_is_iso)]


async def as_of(
    on: Annotated[IsoDay | None, Query(description="按该日（北京时间）的情况；默认今天。")] = None,
) -> date:
    """The Beijing day asked for."""
    return on or today()


ReadSession = Annotated[AsyncSession, Depends(read_session, scope="function")]
AsOf = Annotated[date, Depends(as_of)]

__all__ = ["AsOf", "CurrentActor", "Idempotency", "IfMatch", "Paging", "ReadSession", "Uow"]
