"""How a case ends."""

from functools import partial

from starlette.responses import Response

from casework.cases import domain, service
from casework.cases.endpoints.once import ACTED, Acting, router
from casework.cases.schemas import ClosureBody, WithdrawalBody


@router.post(
    "/{case_id}/closure", **ACTED, summary="办结",
    description="办结并记录办结结果；退回、作废、删除、转报须说明理由，作废和删除由机构负责人办理。",
)  # fmt: skip
async def close_case(act: Acting, body: ClosureBody) -> Response:
    """Ends a case with its result."""
    return await act.do(partial(service.close_case, result=domain.ClosingResult(body.result), reason=body.reason))


@router.post("/{case_id}/withdrawal", **ACTED, summary="撤回", description="申请人撤回尚未办结的办件。")
async def withdraw_case(act: Acting, body: WithdrawalBody) -> Response:
    """Ends a case at the applicant's wish."""
    return await act.do(partial(service.withdraw_case, reason=body.reason))


@router.post("/{case_id}/collection", **ACTED, summary="领证登记", description="办理结果已交付申请人。")
async def collect_result(act: Acting) -> Response:
    """The result was handed over."""
    return await act.do(service.collect_result)
