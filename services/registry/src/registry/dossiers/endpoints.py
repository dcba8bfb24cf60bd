"""Dossiers over HTTP: what an office was on any day, for its bureaus. Source: S3."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from common.http import Page
from registry.deps import AsOf, CurrentActor, Paging, ReadSession
from registry.dossiers import service
from registry.dossiers.schemas import Dossier, TimelineEntry

router = APIRouter(prefix="/offices", tags=["dossiers"])


@router.get(
    "/{office_id}/dossier",
    summary="机构档案",
    description="机构在某日的全部记录：机构、场地、设备、人员、经费、达标情况；限本人管辖范围，不含个人信息。",
)
async def get_dossier(session: ReadSession, actor: CurrentActor, office_id: UUID, on: AsOf) -> Dossier:
    """Shows everything of one office on a day."""
    states = await service.get_dossier(session, actor=actor, office_id=office_id, on=on)
    return Dossier.of(office_id, on, states)


@router.get(
    "/{office_id}/timeline", summary="机构沿革", description="机构历次写入的状态，后写入者在前；限本人管辖范围。"
)
async def list_timeline(
    session: ReadSession, actor: CurrentActor, paging: Paging, office_id: UUID
) -> Page[TimelineEntry]:
    """Lists what was written of one office."""
    of = f"timeline:{office_id}"
    before = paging.after(datetime, UUID, int, of=of)
    steps = await service.list_timeline(session, actor=actor, office_id=office_id, before=before, limit=paging.fetch)
    return paging.page(steps, key=lambda one: (one.recorded_at, one.id, one.version), show=TimelineEntry.of, of=of)
