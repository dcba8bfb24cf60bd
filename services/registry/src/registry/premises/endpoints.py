"""Premises and windows over HTTP: reading is public, writing is for the office and for who guides it. Source: O4.3e."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import AsOf, CurrentActor, Idempotency, IfMatch, IsoDay, Paging, ReadSession, Uow
from registry.history.schemas import RecordBody, wanted_records
from registry.history.service import Wanted
from registry.premises import service
from registry.premises.schemas import (
    OfficeFindingAnswer,
    PremisesAnswer,
    PremisesBody,
    PremisesPatch,
    ToldPremisesAnswer,
    WaiverBody,
    WorkBody,
)

router = APIRouter(prefix="/premises", tags=["premises"])

Asked = Annotated[Wanted, Depends(wanted_records)]


def _day(effective_on: date | None) -> date:
    return effective_on or today()


def _answer(told: service.Told) -> Response:
    return answer(ToldPremisesAnswer.told(told), version=told.state.version)


@router.post(
    "", status_code=201, response_model=ToldPremisesAnswer, summary="登记场地",
    description="面积不足的予以登记并在 `warnings` 提示；运行中的机构没有对外服务窗口的拒绝。",
)  # fmt: skip
async def create_premises(uow: Uow, actor: CurrentActor, once: Idempotency, body: PremisesBody) -> Response:
    """Tells premises."""

    async def work() -> Response:
        told = await service.create_premises(
            uow, actor=actor, new=body.to_domain(), effective_on=_day(body.effective_on), reason=body.reason
        )
        location = f"/registry/v1/premises/{told.state.id}"
        return answer(ToldPremisesAnswer.told(told), status=201, version=told.state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="场地列表", description="含已迁出的场地。无需登录。")
async def list_premises(session: ReadSession, paging: Paging, wanted: Asked) -> Page[PremisesAnswer]:
    """Lists premises."""
    of = f"premises:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_premises(session, wanted, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=PremisesAnswer.of, of=of)


@router.get(
    "/findings", summary="场地达标情况", description="按某日的情况和某日的规定判断面积和对外服务窗口。无需登录。"
)
async def judge_premises(
    session: ReadSession,
    office_id: Annotated[UUID, Query()],
    on: AsOf,
    rules_on: Annotated[IsoDay | None, Query(description="按该日的规定；默认与 `on` 同日。")] = None,
) -> OfficeFindingAnswer:
    """Judges the premises of an office."""
    found = await service.judge_premises(session, office_id=office_id, on=on, rules_on=rules_on)
    return OfficeFindingAnswer.of(office_id, found, on=on, rules_on=rules_on or on)


@router.get("/{premises_id}", summary="一处场地", description="无需登录。")
async def get_premises(session: ReadSession, premises_id: UUID, response: Response) -> PremisesAnswer:
    """Shows premises."""
    state = await service.get_premises(session, premises_id=premises_id)
    response.headers["ETag"] = etag_of(state.version)
    return PremisesAnswer.of(state)


@router.get("/{premises_id}/versions", summary="场地的全部状态", description="无需登录。")
async def list_premises_versions(session: ReadSession, premises_id: UUID) -> list[PremisesAnswer]:
    """Shows every state of some premises."""
    return [PremisesAnswer.of(one) for one in await service.list_premises_versions(session, premises_id=premises_id)]


@router.patch(
    "/{premises_id}", response_model=ToldPremisesAnswer, summary="变更场地",
    description="须带 If-Match；取消运行中机构最后一个对外服务窗口的拒绝。",
)  # fmt: skip
async def change_premises(
    uow: Uow, actor: CurrentActor, premises_id: UUID, expected_version: IfMatch, body: PremisesPatch
) -> Response:
    """Changes premises."""
    told = await service.change_premises(
        uow,
        actor=actor,
        premises_id=premises_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return _answer(told)


@router.post(
    "/{premises_id}/ending", response_model=ToldPremisesAnswer, summary="迁出场地",
    description="须带 If-Match；生效日为不再在此办公的第一日。",
)  # fmt: skip
async def end_premises(
    uow: Uow, actor: CurrentActor, premises_id: UUID, expected_version: IfMatch, body: RecordBody
) -> Response:
    """Ends premises."""
    told = await service.end_premises(
        uow,
        actor=actor,
        premises_id=premises_id,
        expected_version=expected_version,
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return _answer(told)


@router.post(
    "/{premises_id}/waiver", response_model=ToldPremisesAnswer, summary="批准面积豁免",
    description="须带 If-Match；只由上级主管部门监督员批准。",
)  # fmt: skip
async def grant_waiver(
    uow: Uow, actor: CurrentActor, premises_id: UUID, expected_version: IfMatch, body: WaiverBody
) -> Response:
    """Grants a waiver."""
    told = await service.grant_waiver(
        uow,
        actor=actor,
        premises_id=premises_id,
        expected_version=expected_version,
        waiver=body.to_state(),
        effective_on=_day(body.effective_on),
    )
    return _answer(told)


@router.post(
    "/{premises_id}/works", response_model=ToldPremisesAnswer, summary="登记补助工程",
    description="须带 If-Match；用省补助（基础设施建设）做的工程，累计不得超过补助金额。",
)  # fmt: skip
async def add_work(
    uow: Uow, actor: CurrentActor, premises_id: UUID, expected_version: IfMatch, body: WorkBody
) -> Response:
    """Tells building work that aid paid for."""
    told = await service.add_work(
        uow,
        actor=actor,
        premises_id=premises_id,
        expected_version=expected_version,
        work=body.to_state(),
        reason=body.reason,
    )
    return _answer(told)
