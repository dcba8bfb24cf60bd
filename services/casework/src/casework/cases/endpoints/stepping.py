"""An accepted case on its way to the decision."""

from functools import partial

from starlette.responses import Response

from casework.cases import service
from casework.cases.endpoints.once import ACTED, Acting, router
from casework.cases.schemas import ExtensionBody, SpecialBody, SpecialEndBody, StepBody, StepReturnBody


@router.post(
    "/{case_id}/step-completion", **ACTED, summary="完成环节",
    description="完成承办、审核或批准环节；最后一个环节须作出决定。下一环节移交后，接收人接收前由原责任人负责。",
)  # fmt: skip
async def complete_step(act: Acting, body: StepBody) -> Response:
    """Ends a stage."""
    work = partial(
        service.complete_case_step, opinion=body.opinion, is_favourable=body.is_favourable, to=body.to_account
    )
    return await act.do(work)


@router.post("/{case_id}/step-return", **ACTED, summary="退回上一环节", description="退回上一环节，须说明意见。")
async def return_step(act: Acting, body: StepReturnBody) -> Response:
    """Sends a case back one stage."""
    return await act.do(partial(service.return_case_step, opinion=body.opinion))


@router.post(
    "/{case_id}/special-procedures", **ACTED, summary="启动特别程序",
    description="公示、听证、检验、鉴定、专家评审等；事项规定不计入时限的，期间停止计算，并须书面告知所需时间。",
)  # fmt: skip
async def begin_special(act: Acting, body: SpecialBody) -> Response:
    """Begins a special procedure."""
    work = partial(
        service.begin_special_procedure,
        kind=body.kind,
        reason=body.reason,
        expected=None if body.expected is None else body.expected.to_limit(),
    )
    return await act.do(work)


@router.post("/{case_id}/special-procedures/end", **ACTED, summary="结束特别程序", description="须说明结果。")
async def end_special(act: Acting, body: SpecialEndBody) -> Response:
    """Ends a special procedure."""
    return await act.do(partial(service.end_special_procedure, kind=body.kind, result=body.result))


@router.post(
    "/{case_id}/extension", **ACTED, summary="延长办理期限",
    description="机构负责人批准，只能一次，不超过该事项允许的期限，且须在期限届满前。",
)  # fmt: skip
async def extend(act: Acting, body: ExtensionBody) -> Response:
    """Extends the limit."""
    return await act.do(partial(service.extend_case, limit=body.limit.to_limit(), reason=body.reason))
