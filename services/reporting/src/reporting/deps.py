"""What endpoints ask for."""

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from common.db import Connection
from common.http import CurrentActor, Paging, ReadConnection

__all__ = ["CurrentActor", "IsoDay", "Paging", "Snapshot"]

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


async def snapshot(conn: ReadConnection) -> AsyncIterator[Connection]:
    """One moment of the database for all statements of an answer: figures, as-of and completeness belong together."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        yield conn


Snapshot = Annotated[Connection, Depends(snapshot, scope="function")]


def _written_in_full(value: Any) -> Any:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value) is None:
        raise PydanticCustomError("date_type", "not an ISO day")
    return value


IsoDay = Annotated[date, BeforeValidator(_written_in_full)]
"""YYYY-MM-DD only: left alone, pydantic reads a number as seconds since 1970."""
