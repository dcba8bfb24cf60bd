"""Reading circulars over HTTP, with and without a token. Source: S5, O6.3b, O4.3e."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.circulars import CircularStatus
from common.http import NOT_MODIFIED, IfNoneMatch, Page, etag_of, public_answer
from reporting.circulars import service
from reporting.circulars.endpoints.figures import Figures
from reporting.circulars.endpoints.files import FILE, docx
from reporting.circulars.schemas import (
    CircularAnswer,
    CircularSummary,
    LinksAnswer,
    TablesAnswer,
    VerificationAnswer,
)
from reporting.deps import CurrentActor, Paging, ReadSession, Uow

router = APIRouter(prefix="/circulars", tags=["circulars"])


@router.get(
    "/public", response_model=Page[CircularSummary], responses=NOT_MODIFIED, summary="主动公开的通报",
    description="已发布的，含已更正和已撤回的，按拟稿先后排列。无需登录。",
)  # fmt: skip
async def list_public_circulars(session: ReadSession, paging: Paging, seen: IfNoneMatch = None) -> Response:
    """Lists what everybody may read."""
    of = "circulars/public"
    after = paging.after(UUID, of=of)
    rows = await service.list_public_circulars(session, after=after[0] if after else None, limit=paging.fetch)
    return public_answer(paging.page(rows, key=lambda row: (row.id,), show=CircularSummary.of, of=of), seen=seen)


@router.get(
    "/public/{circular_id}", response_model=CircularSummary, responses=NOT_MODIFIED, summary="一件主动公开的通报",
    description="无需登录。",
)  # fmt: skip
async def get_public_circular(session: ReadSession, circular_id: UUID, seen: IfNoneMatch = None) -> Response:
    """Shows one of them."""
    state = await service.get_public_circular(session, circular_id=circular_id)
    return public_answer(CircularSummary.of(state), seen=seen, tag=etag_of(state.version))


@router.get(
    "/public/{circular_id}/tables", response_model=TablesAnswer, responses=NOT_MODIFIED,
    summary="主动公开的数据表", description="发布时固定的数据，开放 JSON。无需登录。",
)  # fmt: skip
async def get_public_tables(session: ReadSession, circular_id: UUID, seen: IfNoneMatch = None) -> Response:
    """Shows its tables."""
    state = await service.get_public_circular(session, circular_id=circular_id)
    snapshot = await service.read_tables(session, state)
    return public_answer(TablesAnswer.of(state, snapshot, is_public=True), seen=seen)


@router.get(
    "/public/{circular_id}/document", response_class=Response, responses=FILE, summary="主动公开的正式文件",
    description="Word 文件，与签发时逐字节相同。无需登录。",
)  # fmt: skip
async def get_public_document(session: ReadSession, circular_id: UUID) -> Response:
    """Its official document."""
    state = await service.get_public_circular(session, circular_id=circular_id)
    return docx(await service.read_document(session, state), f"circular-{circular_id}")


@router.get(
    "", summary="通报",
    description="本机关的全部通报；范围包含本区划的、由下级发布的，只列已发布的。按拟稿先后排列。",
)  # fmt: skip
async def list_circulars(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    status: Annotated[list[CircularStatus] | None, Query(description="只列这些状态的。")] = None,
) -> Page[CircularSummary]:
    """Lists circulars."""
    of = f"circulars:{status}"
    after = paging.after(UUID, of=of)
    rows = await service.list_circulars(
        session, actor=actor, statuses=status or (), after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=CircularSummary.of, of=of)


@router.get("/{circular_id}", summary="一件通报", description="ETag 为版本号，变更时在 If-Match 中填写。")
async def get_circular(
    session: ReadSession, actor: CurrentActor, circular_id: UUID, response: Response
) -> CircularAnswer:
    """Shows a circular."""
    state = await service.get_circular(session, actor=actor, circular_id=circular_id)
    response.headers["ETag"] = etag_of(state.version)
    return CircularAnswer.of(state)


@router.get(
    "/{circular_id}/document", response_class=Response, responses=FILE, summary="正式文件",
    description="签发时生成的 Word 文件；内容的 SHA-256 见 document_digest。",
)  # fmt: skip
async def get_circular_document(session: ReadSession, actor: CurrentActor, circular_id: UUID) -> Response:
    """The official document."""
    state = await service.get_circular(session, actor=actor, circular_id=circular_id)
    return docx(await service.read_document(session, state), f"circular-{circular_id}")


@router.get(
    "/{circular_id}/tables", summary="数据表",
    description="固定的数据，开放 JSON；每个数据带名称、截至、完整情况和所依据的记录版本。",
)  # fmt: skip
async def get_circular_tables(session: ReadSession, actor: CurrentActor, circular_id: UUID) -> TablesAnswer:
    """The tables with what every number rests on."""
    state = await service.get_circular(session, actor=actor, circular_id=circular_id)
    return TablesAnswer.of(state, await service.read_tables(session, state))


@router.get(
    "/{circular_id}/numbers", summary="正文引用的数据",
    description="正文每处数据对应的查询、快照和所依据的记录版本。",
)  # fmt: skip
async def list_circular_numbers(uow: Uow, circular_id: UUID) -> LinksAnswer:
    """Every number of the text with its query and snapshot."""
    return LinksAnswer.of(*await service.list_links(uow, circular_id=circular_id))


@router.get(
    "/{circular_id}/verification", summary="核验",
    description="由发文机关核验：快照、文件是否未被改动；按同一查询重算，哪些数据现在会不同；有不同的，可以发起更正。",
)  # fmt: skip
async def verify_circular(taken: Figures, uow: Uow, circular_id: UUID) -> VerificationAnswer:
    """Compares a circular with the figures of now."""
    return VerificationAnswer.of(await service.verify_circular(uow, circular_id=circular_id, taken=taken))
