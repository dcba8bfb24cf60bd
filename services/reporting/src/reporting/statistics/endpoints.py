"""HTTP of statistics."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from common.auth import Actor
from common.clock import today
from common.contracts.casework import Duty
from common.db import Database
from common.divisions import Level
from reporting.deps import CurrentActor, ReadDatabase, Snapshot
from reporting.levels.schemas import AskedPlace
from reporting.statistics.domain import Grouping, require_months
from reporting.statistics.schemas import MapAnswer, StatisticsAnswer, StatisticsDictionary, dictionary, month_text
from reporting.statistics.service import (
    SEVERAL_STATEMENTS,
    Statistics,
    StatisticsQuestion,
    get_map,
    get_statistics,
)
from reporting.statistics.workbook import write_workbook

router = APIRouter(tags=["statistics"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def _first_day(value: Any) -> Any:
    if not isinstance(value, str) or _MONTH.fullmatch(value) is None or value.startswith("0000"):
        raise PydanticCustomError("date_type", "no month")
    return f"{value}-01"


Month = Annotated[date, BeforeValidator(_first_day, json_schema_input_type=str)]


async def asked_statistics(
    place: AskedPlace,
    first: Annotated[
        Month | None, Query(alias="from", description="起始月 YYYY-MM（含）；缺省与 to 相同。", examples=["2026-01"])
    ] = None,
    last: Annotated[
        Month | None, Query(alias="to", description="截止月 YYYY-MM（含）；缺省为本月。", examples=["2026-03"])
    ] = None,
    item: Annotated[str | None, Query(min_length=1, max_length=31, description="只统计此事项编码。")] = None,
    duty: Annotated[Duty | None, Query(description="只统计此职责。")] = None,
) -> StatisticsQuestion:
    """Dependency: everything that a question about statistics names."""
    return StatisticsQuestion(place, require_months(first, last, today=today()), duty, item)


Asked = Annotated[StatisticsQuestion, Depends(asked_statistics)]
GroupedBy = Annotated[Grouping, Query(description="分组方式。")]


@router.get(
    "/statistics",
    summary="窗口业务统计",
    description=(
        "某层级已入账的办件、好差评与投诉，按月累计：收件、受理、办结、按期办结率、网上申请率、满意率、投诉属实率等，"
        "按月、职责、事项或下级区划分组。未评价不计为好评；投诉与咨询不属于任何职责或事项。一次最多 60 个月。"
    ),
)
async def get_casework_statistics(
    db: ReadDatabase, actor: CurrentActor, question: Asked, group_by: GroupedBy = Grouping.MONTH
) -> StatisticsAnswer:
    """Volumes, time limits, ratings and complaints of one division, grouped."""
    return StatisticsAnswer.of(await _found(db, actor, question, group_by), question, group_by)


@router.get(
    "/statistics/export",
    summary="导出窗口业务统计",
    description="同一问题的 Excel 工作簿；代码为文本，另附说明页（截至时间、完整率、各比率口径）。",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def export_casework_statistics(
    db: ReadDatabase, actor: CurrentActor, question: Asked, group_by: GroupedBy = Grouping.MONTH
) -> Response:
    """The same as a workbook."""
    found = await _found(db, actor, question, group_by)
    months, place = question.months, question.place
    name = f"statistics-{place.division}-{month_text(months.first)}-{month_text(months.last)}-{group_by}.xlsx"
    with write_workbook(found, months, group_by, made_on=today()) as book:
        content = book.read()
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get(
    "/statistics/map",
    summary="统计地图数据",
    description=(
        "某层级全部下级区划的一项数量或比率，供地图与变形地图使用：按区划代码（GB/T 2260、GB/T 10114）与任意底图关联，"
        "比率附分子与分母。"
    ),
)
async def get_statistics_map(
    conn: Snapshot,
    actor: CurrentActor,
    question: Asked,
    of_level: Annotated[Level, Query(description="列出哪一层级的区划。")] = Level.CITY,
    measure: Annotated[str, Query(min_length=1, max_length=40, description="数量或比率的代码。")] = "on-time",
) -> MapAnswer:
    """One measure or rate of every division of a level."""
    found = await get_map(conn, actor, question, of_level=of_level, name=measure)
    return MapAnswer.of(found, question, of_level, measure)


@router.get("/statistics/dictionary", summary="统计口径", description="各项数量与比率的代码、名称、分子、分母与条款。")
async def get_statistics_dictionary(actor: CurrentActor) -> StatisticsDictionary:  # noqa: ARG001 - known actors only
    """Codes with what they mean."""
    return dictionary()


async def _found(db: Database, actor: Actor, question: StatisticsQuestion, group_by: Grouping) -> Statistics:
    async with db.snapshot() if group_by in SEVERAL_STATEMENTS else db.autocommit() as conn:
        return await get_statistics(conn, actor, question, group_by)
