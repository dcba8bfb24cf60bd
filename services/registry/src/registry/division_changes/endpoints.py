"""Changes of divisions over HTTP: reading is public, entering is for supervisors of the province and of cities.

Source: S0, O4.3e; standards.md §1 (Order 79).
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, Paging, ReadSession, Uow
from registry.division_changes import service
from registry.division_changes.domain import ChangeKind
from registry.division_changes.schemas import DivisionChangeAnswer, DivisionChangeBody

router = APIRouter(prefix="/division-changes", tags=["division-changes"])


@router.get("", summary="区划调整列表", description="最近登记的在前。无需登录。")
async def list_division_changes(
    session: ReadSession,
    paging: Paging,
    kind: Annotated[ChangeKind | None, Query(description="只列一个类别。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划之内的。")] = None,
) -> Page[DivisionChangeAnswer]:
    """Lists changes of divisions."""
    of = f"division-changes:{kind}:{division}"
    after = paging.after(UUID, of=of)
    wanted = service.ChangeFilter(kind=kind, within=division)
    rows = await service.list_changes(session, wanted=wanted, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=DivisionChangeAnswer.of, of=of)


@router.get("/{change_id}", summary="一次区划调整", description="无需登录。")
async def get_division_change(session: ReadSession, change_id: UUID, response: Response) -> DivisionChangeAnswer:
    """Shows one change of divisions."""
    found = DivisionChangeAnswer.of(await service.get_change(session, change_id=change_id))
    response.headers["ETag"] = etag_of(found.version)
    return found


@router.post(
    "",
    status_code=201,
    response_model=DivisionChangeAnswer,
    summary="登记区划调整",
    description=(
        "由省、市主管部门监督员登记，须在全部有关区划之上。区划、机构及机构的全部记录在同一事务中变更；"
        "代码永不复用，新代码须在新的上级之下。"
    ),
)
async def enter_division_change(uow: Uow, actor: CurrentActor, once: Idempotency, body: DivisionChangeBody) -> Response:
    """Changes the tree of divisions."""

    async def work() -> Response:
        told = await service.enter_change(uow, actor=actor, change=body.to_domain())
        location = f"/registry/v1/division-changes/{told.id}"
        return answer(DivisionChangeAnswer.of_state(told), status=201, version=told.version, location=location)

    return await run_idempotent(uow, once, work)
