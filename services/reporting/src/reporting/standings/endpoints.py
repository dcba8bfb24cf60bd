"""HTTP of standings: the offices as a level knows them, and what of them can be measured."""

from uuid import UUID

from fastapi import APIRouter

from reporting.deps import CurrentActor, Paging, Snapshot
from reporting.levels.schemas import AskedDay, AskedPlace, head_of
from reporting.standings.schemas import StandingMeasures, StandingsPage, StandingView, measures
from reporting.standings.service import FIRST, get_head, list_standings

router = APIRouter(prefix="/standings", tags=["standings"])


@router.get("/measures", summary="可用的数据项", description="指标定义可以引用的机构现状数据项，及其名称和单位。")
async def list_standing_measures(actor: CurrentActor) -> StandingMeasures:  # noqa: ARG001 - known actors only
    """What can be measured of offices."""
    return measures()


@router.get(
    "",
    summary="机构现状",
    description="某层级所知的各机构在某日的现状：各数据项及所据记录的编号和版本，按区划代码分页。",
)
async def list_office_standings(
    conn: Snapshot,
    actor: CurrentActor,  # noqa: ARG001 - see place
    place: AskedPlace,
    day: AskedDay,
    paging: Paging,
) -> StandingsPage:
    """Offices of a subtree as a level knew them on a day."""
    of = f"standings:{place.level}:{place.division}:{day}"
    after = paging.after(str, UUID, of=of)
    rows = await list_standings(
        conn, level=place.level, within=[place.division], on=day, after=after or ("", FIRST), limit=paging.fetch
    )
    page = paging.page(rows, key=lambda row: (row.division, row.record_id), show=StandingView.of, of=of)
    found = await get_head(conn, place)
    head = head_of(place, found.division_name, found.sources["standings"])
    return StandingsPage.model_validate({**head, "on": day, "items": page.items, "next_cursor": page.next_cursor})
