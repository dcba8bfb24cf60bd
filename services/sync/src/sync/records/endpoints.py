"""Records and levels over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from starlette.responses import Response

from common.http import Page, answer
from sync.deps import CurrentActor, InDivision, LevelPath, Paging, ReadConnection
from sync.records import service
from sync.records.schemas import (
    LevelRecordAnswer,
    LevelSummaryAnswer,
    RecordTypePath,
    RecordTypeQuery,
    TravelAnswer,
    VersionQuery,
)

router = APIRouter(tags=["records"])

_ETAG = {"ETag": {"description": "该记录的最后一条回执；有新回执即变化。", "schema": {"type": "string"}}}


@router.get(
    "/records/{record_type}/{record_id}",
    response_model=TravelAnswer,
    responses={200: {"headers": _ETAG}, 304: {"description": "自 If-None-Match 所示以来没有变化。"}},
    summary="记录在哪里",
    description="一条记录在各层级的情况：节点、版本、处理结果、入账时间、每一跳耗时与回执。管辖范围之外的记录视为不存在。",
)
async def locate_record(
    record_type: RecordTypePath,
    record_id: UUID,
    conn: ReadConnection,
    actor: CurrentActor,
    version: VersionQuery = None,
    if_none_match: Annotated[str | None, Header(max_length=200, description="上次回答的 ETag。")] = None,
) -> Response:
    """Tells where a record is."""
    travel = await service.locate_record(conn, actor, record_type=record_type, record_id=record_id, version=version)
    tag = f'"{travel.version}-{travel.last_receipt}"'
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers={"ETag": tag})
    names = await service.find_names(conn, [stop.node for stop in travel.stops])
    shown = answer(TravelAnswer.of(travel, names))
    shown.headers["ETag"] = tag
    return shown


@router.get(
    "/levels/{level}/records",
    summary="层级已入账的记录",
    description="某一层级已入账的记录（每条记录只列最新版本），限于本人管辖范围，按区划排列。",
)
async def list_level_records(
    level: LevelPath,
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    record_type: RecordTypeQuery = None,
    division: InDivision = None,
) -> Page[LevelRecordAnswer]:
    """Lists what a level has accepted."""
    of = f"levels:{level}:{record_type}:{division}"
    after = paging.after(str, str, UUID, of=of)
    rows = await service.list_level_records(
        conn,
        actor,
        level,
        record_type=record_type,
        division=division,
        after=None if after is None else (after[0], after[1], after[2]),
        limit=paging.fetch,
    )
    return paging.page(
        rows, key=lambda row: (row.division, row.record_type, row.record_id), show=LevelRecordAnswer.of, of=of
    )


@router.get(
    "/levels/{level}/summary",
    summary="层级汇总",
    description="某一层级已入账的记录数与退回的回执数，限于本人管辖范围。",
)
async def summarise_level(
    level: LevelPath, conn: ReadConnection, actor: CurrentActor, division: InDivision = None
) -> LevelSummaryAnswer:
    """Counts what a level has accepted and rejected."""
    return LevelSummaryAnswer.of(await service.summarise_level(conn, actor, level, division=division))
