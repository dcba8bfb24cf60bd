"""Dispatches over HTTP."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from common.http import Page, Uow
from sync.deps import CurrentActor, InDivision, Paging, ReadConnection
from sync.dispatches import service
from sync.dispatches.schemas import (
    DispatchAnswer,
    InboxAnswer,
    LackQuery,
    MissingAnswer,
    NodeAnswer,
    ProgressAnswer,
    SentAnswer,
    UnsignedQuery,
)

router = APIRouter(prefix="/dispatches", tags=["dispatches"])


@router.get(
    "",
    summary="收文箱",
    description="已送达某一节点（缺省为本单位）的下达文件：待签收的在前，其余在后，各按送达时间倒序。上级可查看下级的收文箱。",
)
async def list_inbox(
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    division: InDivision = None,
    unsigned: UnsignedQuery = False,  # noqa: FBT002 - a query parameter
) -> Page[InboxAnswer]:
    """Lists what a node has received."""
    of = f"dispatches:{division}:{unsigned}"
    after = paging.after(int, datetime, UUID, of=of)
    items = await service.list_inbox(
        conn,
        actor,
        division=division,
        is_unsigned=unsigned,
        after=None if after is None else (after[0], after[1], after[2]),
        limit=paging.fetch,
    )
    return paging.page(
        items,
        key=lambda item: (item.row.settled, item.row.delivered_at, item.row.state.dispatch_id),
        show=InboxAnswer.of,
        of=of,
    )


@router.get(
    "/sent",
    summary="发文列表",
    description="某一单位（缺省为本单位）下达的文件及其签收进度，最新的在前。",
)
async def list_sent(
    conn: ReadConnection, actor: CurrentActor, paging: Paging, division: InDivision = None
) -> Page[SentAnswer]:
    """Lists what a division has sent down."""
    of = f"dispatches-sent:{division}"
    after = paging.after(datetime, UUID, of=of)
    items = await service.list_sent(
        conn,
        actor,
        division=division,
        after=None if after is None else (after[0], after[1]),
        limit=paging.fetch,
    )
    return paging.page(items, key=lambda item: (item.row.occurred_at, item.row.id), show=SentAnswer.of, of=of)


@router.get(
    "/{dispatch_id}",
    summary="下达文件",
    description="一份下达文件的完整内容及本单位的签收情况；已被替代的版本仍可查阅。未送达管辖范围的文件视为不存在。",
)
async def get_dispatch(dispatch_id: UUID, conn: ReadConnection, actor: CurrentActor) -> DispatchAnswer:
    """Tells one dispatch."""
    return DispatchAnswer.of(await service.get_dispatch(conn, actor, dispatch_id=dispatch_id))


@router.post(
    "/{dispatch_id}/signature",
    summary="签收",
    description="为本单位签收已送达的文件；重复签收得到与首次相同的回答。机构负责人、主管局人员、站点协理员、窗口人员可签收。",
)
async def sign_dispatch(dispatch_id: UUID, uow: Uow, actor: CurrentActor) -> NodeAnswer:
    """Signs for the actor's node."""
    return NodeAnswer.of(await service.sign_dispatch(uow, actor=actor, dispatch_id=dispatch_id))


@router.get(
    "/{dispatch_id}/progress",
    summary="签收进度",
    description="某一区划（缺省为本区划）及其下级应签收、已送达、已签收与逾期的节点数，并按下一级区划分列，可逐级下钻。",
)
async def measure_progress(
    dispatch_id: UUID, conn: ReadConnection, actor: CurrentActor, division: InDivision = None
) -> ProgressAnswer:
    """Counts who has received and signed."""
    found = await service.measure_progress(conn, actor, dispatch_id=dispatch_id, division=division)
    return ProgressAnswer.told(found)


@router.get(
    "/{dispatch_id}/missing",
    summary="未送达、未签收名单",
    description="某一区划（缺省为本区划）及其下级中尚未送达或尚未签收的节点，附机构名称与电话，按区划代码排列。",
)
async def list_missing(
    dispatch_id: UUID,
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    lack: LackQuery = "signature",
    division: InDivision = None,
) -> Page[MissingAnswer]:
    """Lists who has not received or not signed."""
    of = f"dispatch-missing:{dispatch_id}:{lack}:{division}"
    after = paging.after(str, of=of)
    nodes = await service.list_missing(
        conn,
        actor,
        dispatch_id=dispatch_id,
        division=division,
        lack=lack,
        after="" if after is None else after[0],
        limit=paging.fetch,
    )
    return paging.page(nodes, key=lambda missing: (missing.row.node,), show=MissingAnswer.of, of=of)
