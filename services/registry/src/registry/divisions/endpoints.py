"""The division tree over HTTP: public, as of any day. Source: O4.3e."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from common.divisions import Level
from common.http import DivisionCode, Page, etag_of
from registry.data.rows import DivisionKind
from registry.deps import AsOf, Paging, ReadSession
from registry.divisions import service
from registry.divisions.repository import DivisionFilter
from registry.divisions.schemas import DivisionAnswer, DivisionList, DivisionPath

router = APIRouter(prefix="/divisions", tags=["divisions"])


@router.get("", summary="区划列表", description="按代码（即树的次序）排列；占位行只有指定其类别时才列出。无需登录。")
async def list_divisions(
    session: ReadSession,
    paging: Paging,
    on: AsOf,
    parent_code: Annotated[DivisionCode | None, Query(description="只列直接下级。")] = None,
    level: Annotated[Level | None, Query(description="只列一个层级。")] = None,
    kind: Annotated[DivisionKind | None, Query(description="只列一个类别。")] = None,
) -> Page[DivisionAnswer]:
    """Lists divisions of a day."""
    of = f"divisions:{on}:{parent_code}:{level}:{kind}"
    after = paging.after(str, of=of)
    wanted = DivisionFilter(on=on, parent_code=parent_code, level=level, kind=kind)
    rows = await service.list_divisions(session, wanted=wanted, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.code,), show=DivisionAnswer.of, of=of)


@router.get("/{code}", summary="一个区划", description="按代码查询某日的区划。无需登录。")
async def get_division(session: ReadSession, code: DivisionCode, on: AsOf, response: Response) -> DivisionAnswer:
    """Shows one division."""
    division = await service.get_division(session, code=code, on=on)
    response.headers["ETag"] = etag_of(division.version)
    return DivisionAnswer.of(division)


@router.get("/{code}/path", summary="区划的上级", description="自身及全部上级。无需登录。")
async def get_division_path(session: ReadSession, code: DivisionCode, on: AsOf) -> DivisionPath:
    """Shows a division with everything above it."""
    return DivisionPath(items=[DivisionAnswer.of(one) for one in await service.get_path(session, code=code, on=on)])


@router.get(
    "/{code}/successors",
    summary="代码的承接区划",
    description="该代码的范围在某日属于哪些现行区划：已废止的代码逐次查到承接者，现行的即其自身。无需登录。",
)
async def list_division_successors(session: ReadSession, code: DivisionCode, on: AsOf) -> DivisionList:
    """Who has the territory of a code on a day."""
    return DivisionList(items=[DivisionAnswer.of(one) for one in await service.list_heirs(session, code=code, on=on)])


@router.get(
    "/{code}/predecessors",
    summary="代码的前身区划",
    description="该代码的范围在较早的某日属于哪些区划。无需登录。",
)
async def list_division_predecessors(session: ReadSession, code: DivisionCode, on: AsOf) -> DivisionList:
    """Who had the territory of a code on an earlier day."""
    return DivisionList(items=[DivisionAnswer.of(one) for one in await service.list_origins(session, code=code, on=on)])
