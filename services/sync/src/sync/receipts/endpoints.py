"""Receipts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from common.contracts.sync import Outcome
from common.http import Page
from sync.deps import CurrentActor, InDivision, Paging, ReadConnection
from sync.receipts import service
from sync.receipts.schemas import ReceiptAnswer

router = APIRouter(prefix="/receipts", tags=["receipts"])


@router.get(
    "",
    summary="回执列表",
    description="本人管辖范围内记录的回执，按区划分组，组内最新的在前。查看退回：outcome=rejected。",
)
async def list_receipts(
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    outcome: Annotated[Outcome | None, Query(description="处理结果。")] = None,
    division: InDivision = None,
) -> Page[ReceiptAnswer]:
    """Lists the receipts of the actor's scope."""
    of = f"receipts:{outcome}:{division}"
    after = paging.after(str, UUID, of=of)
    rows = await service.list_receipts(
        conn,
        actor,
        outcome=outcome,
        division=division,
        after=None if after is None else (after[0], after[1]),
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.division, row.id), show=ReceiptAnswer.of, of=of)
