"""How many cases could be rated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from casework.cases.models import CaseRow
from common.clock import BEIJING
from common.directory import WITHIN

CaseGroup = Literal["all", "office", "item", "duty", "day"]
_GROUPS: Mapping[str, ColumnElement[Any]] = {
    "all": literal(""),
    "office": cast(CaseRow.office_id, Text),
    "item": cast(CaseRow.item_code, Text),
    "duty": cast(CaseRow.duty, Text),
    "day": func.to_char(func.timezone("Asia/Shanghai", CaseRow.registered_at), "YYYY-MM-DD"),
}
_LIES_WITHIN = WITHIN.format(column="cases.division", low=":low", high=":high")


@dataclass(frozen=True, slots=True)
class CountedCases:
    """Which cases are counted, and how they are grouped.

    Attributes:
        since: first Beijing day of registration.
        until: the last one.
        bounds: of divisions, inclusive; None for all.
    """

    since: date
    until: date
    by: CaseGroup
    bounds: tuple[str, str] | None = None
    office_id: UUID | None = None


async def count_accepted(session: AsyncSession, wanted: CountedCases) -> dict[str, int]:
    """Cases registered in the period and accepted by now, by group; errors of entry are none."""
    first = datetime.combine(wanted.since, time.min, BEIJING)
    after = datetime.combine(wanted.until + timedelta(days=1), time.min, BEIJING)
    group = _GROUPS[wanted.by].label("key")
    query = select(group, func.count()).where(
        CaseRow.registered_at >= first,
        CaseRow.registered_at < after,
        CaseRow.accepted_at.is_not(None),
        CaseRow.closing_result.is_distinct_from("deleted"),
    )
    if wanted.office_id is not None:
        query = query.where(CaseRow.office_id == wanted.office_id)
    if wanted.bounds is not None:
        low, high = wanted.bounds
        query = query.where(text(f"({_LIES_WITHIN})").bindparams(low=low, high=high))
    return {row[0]: row[1] for row in await session.execute(query.group_by(text("1")))}
