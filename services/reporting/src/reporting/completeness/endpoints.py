"""HTTP of completeness."""

from fastapi import APIRouter

from reporting.completeness.schemas import CompletenessAnswer, CompletenessView, MissingPage, MissingView
from reporting.completeness.service import get_coverage, list_missing
from reporting.deps import CurrentActor, Paging, Snapshot
from reporting.levels.domain import Days
from reporting.levels.schemas import AskedDay, AskedPlace, head_of

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
    found = await get_coverage(conn, actor, place, Days(day, day))
    return CompletenessAnswer(
        **head_of(place, found.division_name, found.freshness),
        day=day,
        completeness=CompletenessView.of(found.completeness[place.division]),
    )


@router.get(
    "/missing",
    summary="未报机构名单",
    description="某层级在某日尚未收到任何记录的应报机构，按区划代码分页。",
)
async def list_missing_places(
    conn: Snapshot, actor: CurrentActor, place: AskedPlace, day: AskedDay, paging: Paging
) -> MissingPage:
    """Who has not reported, by division code."""
    found = await get_coverage(conn, actor, place, Days(day, day))
    of = f"missing:{place.level}:{place.division}:{day}"
    (after,) = paging.after(str, of=of) or ("",)
    rows = await list_missing(conn, actor, place, day, after=after, limit=paging.fetch)
    page = paging.page(rows, key=lambda row: (row.division,), show=MissingView.of, of=of)
    return MissingPage(
        **head_of(place, found.division_name, found.freshness),
        day=day,
        completeness=CompletenessView.of(found.completeness[place.division]),
        items=page.items,
        next_cursor=page.next_cursor,
    )
