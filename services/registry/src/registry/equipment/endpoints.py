"""Equipment over HTTP: counts are public, purchases with their money are for those who answer for them."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.contracts.registry.places import EquipmentKind
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from registry.deps import AsOf, CurrentActor, Idempotency, IfMatch, IsoDay, Paging, ReadSession, Uow
from registry.equipment import service
from registry.equipment.schemas import (
    CoverageAnswer,
    EquipmentAnswer,
    EquipmentBody,
    EquipmentPatch,
    IncompleteAnswer,
    KindSummaryAnswer,
    SplitAnswer,
    SplitBody,
)
from registry.history.schemas import wanted_records
from registry.history.service import Wanted

router = APIRouter(prefix="/equipment", tags=["equipment"])

Asked = Annotated[Wanted, Depends(wanted_records)]
RulesOn = Annotated[IsoDay | None, Query(description="按该日的设备清单；默认与 `on` 同日。")]


def _day(effective_on: date | None) -> date:
    return effective_on or today()


@router.post(
    "", status_code=201, response_model=EquipmentAnswer, summary="登记设备",
    description="由省补助购置的须注明补助，累计不得超过补助金额。",
)  # fmt: skip
async def create_equipment(uow: Uow, actor: CurrentActor, once: Idempotency, body: EquipmentBody) -> Response:
    """Tells a purchase."""

    async def work() -> Response:
        effective_on = body.effective_on or body.acquired_on
        state = await service.create_equipment(
            uow, actor=actor, new=body.to_domain(), effective_on=effective_on, reason=body.reason
        )
        location = f"/registry/v1/equipment/{state.id}"
        return answer(EquipmentAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="设备列表", description="限本人管辖范围。")
async def list_equipment(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[EquipmentAnswer]:
    """Lists purchases."""
    of = f"equipment:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_equipment(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=EquipmentAnswer.of, of=of)


@router.get("/summary", summary="机构设备汇总", description="各类设备的数量、完好数和是否缺。无需登录。")
async def summarize_equipment(
    session: ReadSession, office_id: Annotated[UUID, Query()], on: AsOf, rules_on: RulesOn = None
) -> list[KindSummaryAnswer]:
    """Counts the equipment of an office."""
    found = await service.summarize_office(session, office_id=office_id, on=on, rules_on=rules_on or on)
    return [KindSummaryAnswer.of(one) for one in found]


@router.get("/coverage", summary="设备配备情况", description="区划内缺各类设备的机构数。无需登录。")
async def cover_equipment(
    session: ReadSession,
    on: AsOf,
    division: Annotated[DivisionCode | None, Query(description="只统计该区划及其以下；默认全省。")] = None,
    rules_on: RulesOn = None,
) -> CoverageAnswer:
    """Counts who lacks what."""
    found = await service.cover_division(session, within=division, on=on, rules_on=rules_on or on)
    return CoverageAnswer.of(found, division=division, on=on, rules_on=rules_on or on)


@router.get(
    "/missing", summary="设备未配齐的机构", description="某日没有一件完好的某类（或任一类）设备的机构。无需登录。"
)
async def list_incomplete_offices(
    session: ReadSession,
    paging: Paging,
    on: AsOf,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下；默认全省。")] = None,
    kind: Annotated[EquipmentKind | None, Query(description="只列缺该类设备的。")] = None,
) -> Page[IncompleteAnswer]:
    """Lists the offices that lack equipment."""
    of = f"equipment-missing:{division}:{kind}:{on}"
    after = paging.after(str, UUID, of=of)
    position = (after[0], after[1]) if after else None
    rows = await service.list_incomplete(session, within=division, kind=kind, on=on, after=position, limit=paging.fetch)
    show = partial(IncompleteAnswer.of, on=on)
    return paging.page(rows, key=lambda row: (row.division, row.id), show=show, of=of)


@router.get("/{equipment_id}", summary="一批设备")
async def get_equipment(
    session: ReadSession, actor: CurrentActor, equipment_id: UUID, response: Response
) -> EquipmentAnswer:
    """Shows a purchase."""
    state = await service.get_equipment(session, actor=actor, equipment_id=equipment_id)
    response.headers["ETag"] = etag_of(state.version)
    return EquipmentAnswer.of(state)


@router.get("/{equipment_id}/versions", summary="设备的全部状态")
async def list_equipment_versions(
    session: ReadSession, actor: CurrentActor, equipment_id: UUID
) -> list[EquipmentAnswer]:
    """Shows every state of a purchase."""
    states = await service.list_equipment_versions(session, actor=actor, equipment_id=equipment_id)
    return [EquipmentAnswer.of(state) for state in states]


@router.patch(
    "/{equipment_id}", response_model=EquipmentAnswer, summary="变更设备", description="须带 If-Match；报废也在此登记。"
)
async def change_equipment(
    uow: Uow, actor: CurrentActor, equipment_id: UUID, expected_version: IfMatch, body: EquipmentPatch
) -> Response:
    """Changes a purchase."""
    state = await service.change_equipment(
        uow,
        actor=actor,
        equipment_id=equipment_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    return answer(EquipmentAnswer.of(state), version=state.version)


@router.post(
    "/{equipment_id}/splits", response_model=SplitAnswer, summary="拆分设备",
    description="须带 If-Match；一部分故障或报废的另立一条记录，费用按数量分摊。",
)  # fmt: skip
async def split_equipment(
    uow: Uow, actor: CurrentActor, equipment_id: UUID, expected_version: IfMatch, body: SplitBody
) -> Response:
    """Splits a purchase."""
    rest, part = await service.split_equipment(
        uow,
        actor=actor,
        equipment_id=equipment_id,
        expected_version=expected_version,
        quantity=body.quantity,
        condition=body.condition,
        effective_on=_day(body.effective_on),
        reason=body.reason,
    )
    shown = SplitAnswer(remaining=EquipmentAnswer.of(rest), part=EquipmentAnswer.of(part))
    return answer(shown, version=rest.version)
