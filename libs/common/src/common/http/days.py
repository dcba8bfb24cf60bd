"""Days in addresses: one form, and "as of"."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from common.clock import today

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


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


AsOf = Annotated[date, Depends(as_of)]
