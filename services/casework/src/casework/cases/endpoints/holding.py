"""Handing a case on."""

from functools import partial

from starlette.responses import Response

from casework.cases import service
from casework.cases.endpoints.once import ACTED, Acting, router
from casework.cases.schemas import OfferBody, ReasonBody


@router.post(
    "/{case_id}/offer", **ACTED, summary="移交或转报",
    description="移交给另一机构或个人，或转报上级；对方接收之前，仍由现责任人负责。",
)  # fmt: skip
async def offer_case(act: Acting, body: OfferBody) -> Response:
    """Offers a case."""
    work = partial(
        service.offer_case,
        purpose=body.purpose,
        to_division=body.division,
        to_account=body.account,
        reason=body.reason,
    )
    return await act.do(work)


@router.post("/{case_id}/offer/acceptance", **ACTED, summary="接收移交", description="接收后即为责任人。")
async def take_case(act: Acting) -> Response:
    """Accepts what was offered."""
    return await act.do(service.take_case)


@router.post("/{case_id}/offer/refusal", **ACTED, summary="不接收移交", description="须说明理由；原责任人继续负责。")
async def decline_case(act: Acting, body: ReasonBody) -> Response:
    """Declines what was offered."""
    return await act.do(partial(service.decline_case, reason=body.reason))


@router.post("/{case_id}/offer/recall", **ACTED, summary="收回移交", description="接收之前，由现责任人收回。")
async def recall_case(act: Acting) -> Response:
    """Takes an offer back."""
    return await act.do(service.recall_case)


@router.post(
    "/{case_id}/take-over", **ACTED, summary="负责人接管",
    description="机构负责人接管本机构或下级机构负责的办件，须说明理由。",
)  # fmt: skip
async def take_over_case(act: Acting, body: ReasonBody) -> Response:
    """Takes a case over."""
    return await act.do(partial(service.take_over_case, reason=body.reason))
