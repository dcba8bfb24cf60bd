"""Rectifications over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from casework.deps import CurrentActor, IfMatch, Paging, ReadSession, Uow
from casework.ratings import service
from casework.ratings.schemas import (
    ClosureBody,
    FollowUpBody,
    MeasuresBody,
    ReasonBody,
    RectificationAnswer,
    VerificationBody,
)
from casework.ratings.service import Seen
from common.contracts.casework.ratings import RectificationState, RectificationStatus
from common.http import Page, answer, etag_of
from common.records.schemas import wanted_records
from common.records.service import Wanted

rectifications = APIRouter(prefix="/rectifications")

Asked = Annotated[Wanted, Depends(wanted_records)]


def _answer(state: RectificationState) -> Response:
    return answer(RectificationAnswer.of(state), version=state.version)


def _wanted(
    wanted: Asked,
    status: Annotated[RectificationStatus | None, Query(description="状态。")] = None,
    holder: Annotated[str | None, Query(max_length=255, description="承办账号。")] = None,
) -> Wanted:
    statuses = (status,) if status else ()
    return Wanted(within=wanted.within, statuses=statuses, holder=holder)


@rectifications.get("", summary="差评整改列表", description="本人管辖范围内的；被评价人看不到对自己的评价和整改。")
async def list_rectifications(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(_wanted)]
) -> Page[RectificationAnswer]:
    """Lists rectifications."""
    of = f"rectifications:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_rectifications(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RectificationAnswer.of, of=of)


@rectifications.get("/{rectification_id}", summary="一件差评整改", description="含期限和是否超期。")
async def get_rectification(
    session: ReadSession, actor: CurrentActor, rectification_id: UUID, response: Response
) -> RectificationAnswer:
    """Shows a rectification."""
    state = await service.get_rectification(session, actor=actor, rectification_id=rectification_id)
    response.headers["ETag"] = etag_of(state.version)
    return RectificationAnswer.of(state)


@rectifications.post(
    "/{rectification_id}/acceptance", response_model=RectificationAnswer, summary="接办整改",
    description="须带 If-Match；被评价人不得接办。",
)  # fmt: skip
async def accept_rectification(uow: Uow, rectification_id: UUID, version: IfMatch) -> Response:
    """Accepts a rectification."""
    return _answer(await service.accept_rectification(uow, seen=Seen(rectification_id, version)))


@rectifications.post(
    "/{rectification_id}/release", response_model=RectificationAnswer, summary="收回整改",
    description="须带 If-Match；由负责人或监督员收回，另由他人接办。",
)  # fmt: skip
async def release_rectification(uow: Uow, rectification_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Takes a rectification from its handler."""
    return _answer(await service.release_rectification(uow, seen=Seen(rectification_id, version), reason=body.reason))


@rectifications.post(
    "/{rectification_id}/verification", response_model=RectificationAnswer, summary="登记核实",
    description="须带 If-Match；向评价人核实，或者登记联系不上、拒绝回访。",
)  # fmt: skip
async def verify_rectification(uow: Uow, rectification_id: UUID, version: IfMatch, body: VerificationBody) -> Response:
    """Records the contact with the rater."""
    seen = Seen(rectification_id, version)
    return _answer(await service.verify_rectification(uow, seen=seen, contact=body.contact, note=body.note))


@rectifications.post(
    "/{rectification_id}/measures", response_model=RectificationAnswer, summary="登记整改措施",
    description="须带 If-Match；核实后登记。",
)  # fmt: skip
async def record_measures(uow: Uow, rectification_id: UUID, version: IfMatch, body: MeasuresBody) -> Response:
    """Records what was done."""
    return _answer(await service.record_measures(uow, seen=Seen(rectification_id, version), measures=body.measures))


@rectifications.post(
    "/{rectification_id}/closure", response_model=RectificationAnswer, summary="办结整改",
    description="须带 If-Match；认定属实的须有整改措施。超期天数随办结记录。",
)  # fmt: skip
async def close_rectification(uow: Uow, rectification_id: UUID, version: IfMatch, body: ClosureBody) -> Response:
    """Closes a rectification."""
    seen = Seen(rectification_id, version)
    return _answer(await service.close_rectification(uow, seen=seen, finding=body.finding, reply=body.reply))


@rectifications.post(
    "/{rectification_id}/follow-ups", response_model=RectificationAnswer, summary="登记回访",
    description="须带 If-Match；办结后登记。",
)  # fmt: skip
async def call_back(uow: Uow, rectification_id: UUID, version: IfMatch, body: FollowUpBody) -> Response:
    """Records a call back."""
    seen = Seen(rectification_id, version)
    return _answer(await service.call_back(uow, seen=seen, result=body.result, note=body.note))
