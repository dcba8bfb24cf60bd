"""Rosters of public employees: numbers come in the body, and stay here as pseudonyms alone. Source: O1.4g."""

from fastapi import APIRouter, Response

from common.http import answer, run_idempotent
from registry.deps import CurrentActor, Idempotency, Uow
from registry.pay import service
from registry.pay.schemas import RosterAnswer, RosterBody
from registry.staff.schemas.vault import Vault

router = APIRouter(prefix="/public-employee-rosters", tags=["pay"])


@router.post(
    "",
    status_code=201,
    response_model=RosterAnswer,
    summary="导入公职人员名册",
    description="由主管部门导入，全部成功或全部不导入；身份号码转换为假名后即丢弃（O1.4g）。",
)
async def import_public_employee_roster(
    uow: Uow,
    actor: CurrentActor,
    once: Idempotency,
    vault: Vault,
    body: RosterBody,
) -> Response:
    """Imports a roster."""

    async def work() -> Response:
        changed = await service.import_roster(
            uow,
            actor=actor,
            office_id=body.office_id,
            document=body.document,
            entries=body.to_entries(),
            pseudonym_of=vault.pseudonym_of,
        )
        return answer(RosterAnswer(received=len(body.entries), changed=changed), status=201)

    return await run_idempotent(uow, once, work)
