"""HTTP of completeness."""

from typing import Any

from fastapi import APIRouter

from reporting.completeness.schemas import CompletenessAnswer, CompletenessView, MissingPage, MissingView
from reporting.completeness.service import get_completeness, list_missing
from reporting.deps import CurrentActor, Paging, Snapshot
from reporting.levels.domain import Days, Place
from reporting.levels.schemas import AskedDay, AskedPlace, head_of
from reporting.levels.service import get_freshness, get_name

router = APIRouter(prefix="/completeness", tags=["completeness"])


@router.get(
    "",
    summary="报送完整率",
    description="某层级在某日收到其范围内多少应报机构的记录。应报机构为当日运行的服务所和服务站。",
)
async def get_reporting_completeness(
    conn: Snapshot, actor: CurrentActor, place: AskedPlace, day: AskedDay
) -> CompletenessAnswer:
    """Expected, reported and missing places of one division on one day."""
    head = await _head(conn, place)
    found = await get_completeness(conn, actor, place, Days(day, day))
    return CompletenessAnswer(**head, day=day, completeness=CompletenessView.of(found))


@router.get(
    "/missing",
    summary="未报机构名单",
    description="某层级在某日尚未收到任何记录的应报机构，按区划代码分页。",
)
async def list_missing_places(
    conn: Snapshot, actor: CurrentActor, place: AskedPlace, day: AskedDay, paging: Paging
) -> MissingPage:
    """Who has not reported, by division code."""
    head = await _head(conn, place)
    found = await get_completeness(conn, actor, place, Days(day, day))
    of = f"missing:{place.level}:{place.division}:{day}"
    (after,) = paging.after(str, of=of) or ("",)
    rows = await list_missing(conn, actor, place, day, after=after, limit=paging.fetch)
    page = paging.page(rows, key=lambda row: (row.division,), show=MissingView.of, of=of)
    return MissingPage(
        **head,
        day=day,
        completeness=CompletenessView.of(found),
        items=page.items,
        next_cursor=page.next_cursor,
    )


async def _head(conn: Snapshot, place: Place) -> dict[str, Any]:
    return head_of(place, await get_name(conn, place.division), await get_freshness(conn, place.level))
