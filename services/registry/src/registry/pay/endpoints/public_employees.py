"""Entries of rosters of public employees: days and documents, never persons. Source: O1.4g."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.contracts.registry.people import PublicEmployeeState
from common.http import Page, answer, etag_of
from registry.deps import CurrentActor, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.pay import service
from registry.pay.schemas import PublicEmployeeAnswer, PublicEmployeeEnding
from registry.staff.service import get_readable, list_readable, list_readable_versions

router = APIRouter(prefix="/public-employees", tags=["pay"])


@router.post(
    "/{entry_id}/ending",
    response_model=PublicEmployeeAnswer,
    summary="终止名册条目",
    description="不再是公职人员的第一天；与起始日期相同表示原条目有误。由报送名册的主管部门办理；须带 If-Match。",
)
async def end_public_employee(
    uow: Uow, actor: CurrentActor, entry_id: UUID, expected_version: IfMatch, body: PublicEmployeeEnding
) -> Response:
    """Ends an entry."""
    state = await service.end_roster_entry(
        uow,
        actor=actor,
        entry_id=entry_id,
        expected_version=expected_version,
        employed_to=body.employed_to,
        document=body.document,
    )
    return answer(PublicEmployeeAnswer.of(state), version=state.version)


@router.get("", summary="公职人员名册条目列表", description="本人管辖范围内；只有期间和文件，不含个人信息。")
async def list_public_employees(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[PublicEmployeeAnswer]:
    """Lists entries."""
    of = f"public-employees:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await list_readable(
        session, PublicEmployeeState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=PublicEmployeeAnswer.of, of=of)


@router.get("/{entry_id}", summary="一条公职人员名册条目", description="管辖范围之外的视为不存在。")
async def get_public_employee(
    session: ReadSession, actor: CurrentActor, entry_id: UUID, response: Response
) -> PublicEmployeeAnswer:
    """Shows one entry."""
    state = await get_readable(session, PublicEmployeeState, entry_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return PublicEmployeeAnswer.of(state)


@router.get("/{entry_id}/versions", summary="公职人员名册条目的历史", description="每一状态及其生效日期。")
async def list_public_employee_versions(
    session: ReadSession, actor: CurrentActor, entry_id: UUID
) -> list[PublicEmployeeAnswer]:
    """Shows the history of an entry."""
    found = await list_readable_versions(session, PublicEmployeeState, entry_id, actor=actor)
    return [PublicEmployeeAnswer.of(state) for state in found]
