"""From receipt to acceptance."""

from functools import partial

from starlette.responses import Response

from casework.cases import service
from casework.cases.endpoints.once import ACTED, Acting, router
from casework.cases.schemas import AcceptanceBody, RefusalBody, SupplementBody, SuppliedBody, ToleratedBody


@router.post(
    "/{case_id}/acceptance", **ACTED, summary="受理", description="受理已收件的办件；可列明容缺后补的材料及期限。"
)
async def accept_case(act: Acting, body: AcceptanceBody | None = None) -> Response:
    """Takes a registered case on."""
    later = [] if body is None else [(one.material, one.due_on) for one in body.tolerated]
    return await act.do(partial(service.accept_case, tolerated=later))


@router.post("/{case_id}/refusal", **ACTED, summary="不予受理", description="对已收件的办件不予受理，须说明理由。")
async def refuse_case(act: Acting, body: RefusalBody) -> Response:
    """Declines a registered case."""
    return await act.do(partial(service.refuse_case, reason=body.reason))


@router.post(
    "/{case_id}/supplement-notice", **ACTED, summary="一次性告知补正",
    description="一次列明全部需要补正的内容；补正期间时限停止计算。再次告知只能重复首次告知的内容。",
)  # fmt: skip
async def ask_for_supplement(act: Acting, body: SupplementBody) -> Response:
    """Tells everything that is missing."""
    return await act.do(partial(service.ask_for_supplement, materials=body.materials, days=body.days))


@router.post(
    "/{case_id}/supplement",
    **ACTED,
    summary="补正完成",
    description="需要补正的内容已全部收齐；可逐项登记份数，不登记的视为按告知内容收齐。",
)
async def supply_case(act: Acting, body: SuppliedBody | None = None) -> Response:
    """Everything that was missing has come."""
    pieces = [] if body is None else [one.to_brought() for one in body.received]
    return await act.do(partial(service.supply_case, brought=pieces))


@router.post(
    "/{case_id}/tolerated-materials", **ACTED, summary="补交容缺材料", description="容缺受理的一份材料已补交。"
)
async def supply_tolerated_material(act: Acting, body: ToleratedBody) -> Response:
    """A material that was allowed to come later has come."""
    return await act.do(partial(service.supply_tolerated_material, material=body.material))
