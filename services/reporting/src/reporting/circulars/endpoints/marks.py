"""Marks and names of issuers over HTTP. Source: S0."""

from typing import Annotated

from fastapi import APIRouter, Path

from reporting.circulars import service
from reporting.circulars.schemas import MarkAnswer, MarkBody, ReasonBody
from reporting.deps import CurrentActor, ReadSession, Uow

router = APIRouter(prefix="/circular-marks", tags=["circulars"])
Mark = Annotated[str, Path(pattern=r"^[\u4e00-\u9fff]{2,10}$", description="机关代字。")]


@router.get("", summary="机关代字", description="本机关及其以下登记的机关代字和发文机关名称。")
async def list_marks(session: ReadSession, actor: CurrentActor) -> list[MarkAnswer]:
    """Lists marks."""
    rows = await service.list_marks(session, actor=actor)
    return [MarkAnswer(mark=row.mark, division=row.division, issuer=row.issuer) for row in rows]


@router.put(
    "/{mark}", summary="登记机关代字", description="由省厅为本厅和各市登记；已登记的改为所填机关。",
)  # fmt: skip
async def enter_mark(uow: Uow, mark: Mark, body: MarkBody) -> MarkAnswer:
    """Enters a mark."""
    await service.enter_mark(uow, mark=mark, division=body.division, issuer=body.issuer)
    return MarkAnswer(mark=mark, division=body.division, issuer=body.issuer)


@router.post(
    "/{mark}/release", status_code=204, summary="解除机关代字", description="由省厅解除，须填理由；已编文号不再使用。",
)  # fmt: skip
async def release_mark(uow: Uow, mark: Mark, body: ReasonBody) -> None:
    """Releases a mark."""
    await service.release_mark(uow, mark=mark, reason=body.reason)
