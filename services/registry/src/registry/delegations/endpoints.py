"""Delegated powers over HTTP: which powers of the county a town's office exercises, from when. Source: O1.1b, O4.3e."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.clock import today
from common.http import Page, answer, etag_of, run_idempotent
from registry.delegations import service
from registry.delegations.schemas import DelegationAnswer, DelegationBody, DelegationEnding
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted

router = APIRouter(prefix="/delegations", tags=["delegations"])

Asked = Annotated[Wanted, Depends(wanted_records)]


@router.post(
    "", status_code=201, response_model=DelegationAnswer, summary="登记下放事权",
    description="由上级主管部门监督员登记；须附下放文号。",
)  # fmt: skip
async def create_delegation(uow: Uow, actor: CurrentActor, once: Idempotency, body: DelegationBody) -> Response:
    """Tells a delegated power."""

    async def work() -> Response:
        state = await service.create_delegation(
            uow, actor=actor, new=body.to_domain(), effective_on=body.effective_on or today(), reason=body.reason
        )
        location = f"/registry/v1/delegations/{state.id}"
        return answer(DelegationAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="下放事权列表", description="含已收回的。无需登录。")
async def list_delegations(session: ReadSession, paging: Paging, wanted: Asked) -> Page[DelegationAnswer]:
    """Lists delegated powers."""
    of = f"delegations:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_delegations(session, wanted, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=DelegationAnswer.of, of=of)


@router.get("/{delegation_id}", summary="一项下放事权", description="无需登录。")
async def get_delegation(session: ReadSession, delegation_id: UUID, response: Response) -> DelegationAnswer:
    """Shows a delegated power."""
    state = await service.get_delegation(session, delegation_id=delegation_id)
    response.headers["ETag"] = etag_of(state.version)
    return DelegationAnswer.of(state)


@router.get("/{delegation_id}/versions", summary="下放事权的历次状态", description="无需登录。")
async def list_delegation_versions(session: ReadSession, delegation_id: UUID) -> list[DelegationAnswer]:
    """Shows every state of a delegated power."""
    states = await service.list_delegation_versions(session, delegation_id=delegation_id)
    return [DelegationAnswer.of(state) for state in states]


@router.post(
    "/{delegation_id}/ending", response_model=DelegationAnswer, summary="收回下放事权",
    description="须带 If-Match；只能一次。",
)  # fmt: skip
async def end_delegation(
    uow: Uow, actor: CurrentActor, delegation_id: UUID, expected_version: IfMatch, body: DelegationEnding
) -> Response:
    """Takes a delegated power back."""
    state = await service.end_delegation(
        uow,
        actor=actor,
        delegation_id=delegation_id,
        expected_version=expected_version,
        until=body.until,
        effective_on=body.effective_on or today(),
        reason=body.reason,
    )
    return answer(DelegationAnswer.of(state), version=state.version)
