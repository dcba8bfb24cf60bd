"""The working days over HTTP: nobody needs a token to know when an answer is due. Source: O4.3c, O4.3e."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from casework.calendar import service
from casework.calendar.schemas import CalendarYearAnswer, DueDateAnswer
from casework.clock.domain import FIRST, LAST
from casework.deps import IsoDay, ReadConnection
from common.contracts.casework.cases import Limit, LimitUnit

router = APIRouter(prefix="/calendar", tags=["calendar"])

LONGEST_LIMIT_DAYS = 3660
"""Ten years; nobody is given longer, and it bounds what one request costs."""


@router.get(
    "/years/{year}",
    summary="一年的工作日安排",
    description="每个放假、补假和调休上班的日子及其缘由；通知尚未载入的年份为暂定。无需登录。",
)
async def get_year(conn: ReadConnection, year: Annotated[int, Path(ge=FIRST.year, le=LAST.year)]) -> CalendarYearAnswer:
    """Shows a year."""
    return CalendarYearAnswer.of(*await service.get_year(conn, year))


@router.get(
    "/due-date",
    summary="推算到期日",
    description="从起算日（当日不计入）起若干个工作日或自然日的到期日，逐条说明理由。无需登录。",
)
async def reckon_due_date(
    conn: ReadConnection,
    from_on: Annotated[IsoDay, Query(alias="from", description="起算日，本日不计入。")],
    value: Annotated[int, Query(ge=0, le=LONGEST_LIMIT_DAYS, description="期限的天数。")],
    unit: Annotated[LimitUnit, Query(description="`working_days` 工作日，`calendar_days` 自然日。")] = "working_days",
) -> DueDateAnswer:
    """Reckons a due date."""
    limit = Limit(value=value, unit=unit)
    calendar, reckoned = await service.reckon_due_date(conn, from_on=from_on, limit=limit)
    return DueDateAnswer.of(calendar, reckoned, from_on=from_on, limit=limit)
