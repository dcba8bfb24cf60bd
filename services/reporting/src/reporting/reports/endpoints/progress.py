"""Completeness, timeliness and who is missing, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from common.clock import now
from common.divisions import Level
from reporting.deps import CurrentActor, Paging, Snapshot
from reporting.reports import service
from reporting.reports.schemas import ChildProgressPage, DeclaredLineView, LineValuesPage, MissingPage, ProgressAnswer
from reporting.reports.schemas.periods import LineCode
from reporting.reports.schemas.progress import At, ChildProgressView, MissingView, Within

router = APIRouter(prefix="/report-periods/{period_id}")


@router.get(
    "/progress", summary="报送进度",
    description="某区划及其下级的应报、已报、按期、逾期、退回、通过，以及完整率和及时率；可查任一时刻。",
)  # fmt: skip
async def get_progress(
    conn: Snapshot, actor: CurrentActor, period_id: UUID, division: Within = None, at: At = None
) -> ProgressAnswer:
    """Measures a period."""
    within, moment = division or actor.division, at or now()
    found = await service.get_progress(conn, actor=actor, period_id=period_id, within=within, at=moment)
    return ProgressAnswer.of(period_id, within, moment, found)


@router.get(
    "/progress/children", summary="下级报送进度",
    description="由省到镇逐级下钻：直接下级各自连同其下级的报送进度；各下级与本级之和等于合计。",
)  # fmt: skip
async def list_child_progress(
    conn: Snapshot, actor: CurrentActor, paging: Paging, period_id: UUID, division: Within = None, at: At = None
) -> ChildProgressPage:
    """Measures the divisions directly below."""
    within, moment = division or actor.division, at or now()
    of = f"report-progress:{period_id}:{within}:{at}"
    (after,) = paging.after(str, of=of) or ("",)
    rows = await service.list_child_progress(
        conn, actor=actor, period_id=period_id, within=within, at=moment, after=after, limit=paging.fetch
    )
    page = paging.page(rows, key=lambda row: (row.division,), show=ChildProgressView.of, of=of)
    return ChildProgressPage(
        period_id=period_id, division=within, at=moment, items=page.items, next_cursor=page.next_cursor
    )


@router.get(
    "/missing", summary="未报单位",
    description="某时刻尚未提交的单位，按区划代码；is_overdue 只列已过期限的。",
)  # fmt: skip
async def list_missing(
    conn: Snapshot,
    actor: CurrentActor,
    paging: Paging,
    period_id: UUID,
    division: Within = None,
    at: At = None,
    is_overdue: Annotated[bool, Query(description="只列已过期限的。")] = False,  # noqa: FBT002 - a query parameter
) -> MissingPage:
    """Lists who is missing."""
    within, moment = division or actor.division, at or now()
    of = f"report-missing:{period_id}:{within}:{at}:{is_overdue}"
    (after,) = paging.after(str, of=of) or ("",)
    rows = await service.list_missing(
        conn, actor=actor, period_id=period_id, within=within, at=moment, is_overdue=is_overdue, after=after,
        limit=paging.fetch,
    )  # fmt: skip
    page = paging.page(rows, key=lambda row: (row.division,), show=MissingView.of, of=of)
    return MissingPage(period_id=period_id, division=within, at=moment, items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/lines/{line}", summary="各区划的同一行",
    description="生效报表中的一行：本级、下级汇总、合计和系统计算值，按区划代码。",
)  # fmt: skip
async def list_line_values(
    conn: Snapshot,
    actor: CurrentActor,
    paging: Paging,
    period_id: UUID,
    line: LineCode,
    division: Within = None,
    level: Annotated[Level | None, Query(description="只列此层级的区划。")] = None,
) -> LineValuesPage:
    """Lists one line of all reports in force."""
    within = division or actor.division
    of = f"report-lines:{period_id}:{line}:{within}:{level}"
    (after,) = paging.after(str, of=of) or ("",)
    rows = await service.list_line_values(
        conn, actor=actor, period_id=period_id, line=line, within=within, level=level, after=after,
        limit=paging.fetch,
    )  # fmt: skip
    page = paging.page(rows, key=lambda row: (row.division,), show=DeclaredLineView.of, of=of)
    return LineValuesPage(period_id=period_id, line=line, items=page.items, next_cursor=page.next_cursor)
