"""The public catalogue over HTTP: nobody needs a token to learn what an office does. Source: O4.2b, O4.3e."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from casework.deps import Paging, ReadConnection
from casework.items import service
from casework.items.schemas import ItemAnswer, ItemGuideAnswer
from common.contracts.casework import Duty
from common.divisions import Level
from common.http import Page

router = APIRouter(prefix="/items", tags=["items"])


@router.get("", summary="事项目录", description="当日有效的事项，按编号排序。无需登录。")
async def list_items(
    conn: ReadConnection,
    paging: Paging,
    duty: Annotated[Duty | None, Query(description="只看某项职责。")] = None,
    handled_at: Annotated[
        Literal["town", "village"] | None, Query(description="只看该层级办理（含受理、代收）的事项。")
    ] = None,
) -> Page[ItemAnswer]:
    """Lists the items of today."""
    of = f"items:{duty}:{handled_at}"
    after = paging.after(str, of=of)
    level = None if handled_at is None else Level(handled_at)
    rows = await service.list_items(
        conn, after=after[0] if after else "", limit=paging.fetch, duty=duty, handled_at=level
    )
    return paging.page(rows, key=lambda row: (row.code,), show=ItemAnswer.of, of=of)


@router.get(
    "/{code}",
    summary="办事指南",
    description="一个事项的办事指南：期限、材料、依据，以及各项内容的可信程度与出处。无需登录。",
)
async def get_item(
    conn: ReadConnection, code: Annotated[str, Path(min_length=1, max_length=31, pattern=r"^[A-Za-z0-9._-]+$")]
) -> ItemGuideAnswer:
    """Shows the guide to one item."""
    return ItemGuideAnswer.of_guide(await service.get_item(conn, code))
