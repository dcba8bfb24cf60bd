"""Dead letters over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from common.http import Page
from sync.dead_letters import service
from sync.dead_letters.schemas import DeadLetterAnswer
from sync.deps import CurrentActor, Paging, ReadConnection

router = APIRouter(prefix="/dead-letters", tags=["dead-letters"])


@router.get(
    "",
    summary="死信列表",
    description="未能处理的消息：所在位置与原因，不含内容；最新的在前。审计员、系统管理员可看。",
)
async def list_dead_letters(
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    consumer_group: Annotated[
        str | None, Query(max_length=64, pattern=r"^[a-z-]+$", description="消费组。", examples=["sync-tier-county"])
    ] = None,
) -> Page[DeadLetterAnswer]:
    """Lists dead letters."""
    of = f"dead-letters:{consumer_group}"
    after = paging.after(datetime, UUID, of=of)
    rows = await service.list_dead_letters(
        conn,
        actor,
        group=consumer_group,
        after=None if after is None else (after[0], after[1]),
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.recorded_at, row.id), show=DeadLetterAnswer.of, of=of)
