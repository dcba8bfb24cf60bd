"""Purchases of services over HTTP: money, so readers sign in and see their subtree. Source: O1.2b, O1.4d."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.service_contracts import service
from registry.service_contracts.schemas import AcceptanceBody, ContractAnswer, ContractBody, ContractPatch

router = APIRouter(prefix="/service-contracts", tags=["service-contracts"])

Asked = Annotated[Wanted, Depends(wanted_records)]


@router.post(
    "", status_code=201, response_model=ContractAnswer, summary="登记购买服务合同",
    description="由机构所属政府登记；同一机构的合同期限不得重叠。",
)  # fmt: skip
async def create_service_contract(uow: Uow, actor: CurrentActor, once: Idempotency, body: ContractBody) -> Response:
    """Tells a contract."""

    async def work() -> Response:
        state = await service.create_contract(
            uow, actor=actor, office_id=body.office_id, facts=body.to_facts(), ground=body.to_ground()
        )
        location = f"/registry/v1/service-contracts/{state.id}"
        return answer(ContractAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="购买服务合同列表", description="限本人管辖范围。")
async def list_service_contracts(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[ContractAnswer]:
    """Lists contracts."""
    of = f"service-contracts:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_contracts(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ContractAnswer.of, of=of)


@router.get("/{contract_id}", summary="一份购买服务合同", description="限本人管辖范围。")
async def get_service_contract(
    session: ReadSession, actor: CurrentActor, contract_id: UUID, response: Response
) -> ContractAnswer:
    """Shows one contract."""
    state = await service.get_contract(session, actor=actor, contract_id=contract_id)
    response.headers["ETag"] = etag_of(state.version)
    return ContractAnswer.of(state)


@router.get("/{contract_id}/versions", summary="购买服务合同的历次状态", description="限本人管辖范围。")
async def list_service_contract_versions(
    session: ReadSession, actor: CurrentActor, contract_id: UUID
) -> list[ContractAnswer]:
    """Shows every state of a contract."""
    states = await service.list_contract_versions(session, actor=actor, contract_id=contract_id)
    return [ContractAnswer.of(state) for state in states]


@router.patch(
    "/{contract_id}", response_model=ContractAnswer, summary="变更购买服务合同",
    description="须带 If-Match；已验收的不能变更。",
)  # fmt: skip
async def change_service_contract(
    uow: Uow, actor: CurrentActor, contract_id: UUID, expected_version: IfMatch, body: ContractPatch
) -> Response:
    """Changes a contract."""
    state = await service.change_contract(
        uow,
        actor=actor,
        contract_id=contract_id,
        expected_version=expected_version,
        facts=body.to_facts(),
        ground=body.to_ground(),
    )
    return answer(ContractAnswer.of(state), version=state.version)


@router.post(
    "/{contract_id}/acceptance", response_model=ContractAnswer, summary="验收购买的服务",
    description="须带 If-Match；合同开始后方可验收，只能一次。",
)  # fmt: skip
async def accept_service_contract(
    uow: Uow, actor: CurrentActor, contract_id: UUID, expected_version: IfMatch, body: AcceptanceBody
) -> Response:
    """Accepts what was bought."""
    state = await service.accept_contract(
        uow,
        actor=actor,
        contract_id=contract_id,
        expected_version=expected_version,
        acceptance=body.acceptance,
        accepted_on=body.accepted_on,
        ground=body.to_ground(),
    )
    return answer(ContractAnswer.of(state), version=state.version)
