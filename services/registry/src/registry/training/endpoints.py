"""Trainings over HTTP: told by the office and by who guides it. Source: O3.2b."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.training import service
from registry.training.schemas import (
    AttendanceAnswer,
    AttendancePatch,
    HoursAnswer,
    RecencyAnswer,
    SessionAnswer,
    SessionBody,
    TotalsAnswer,
)

router = APIRouter(tags=["training"])
Office = Annotated[UUID, Query(description="机构。")]


@router.post(
    "/training-sessions",
    status_code=201,
    response_model=SessionAnswer,
    summary="登记培训",
    description="内容（法规政策、操作技能）、方式（定岗、定向、一般）、学时和参加人员（O3.2b）。",
)
async def record_training(uow: Uow, actor: CurrentActor, once: Idempotency, body: SessionBody) -> Response:
    """Records a session."""

    async def work() -> Response:
        states = await service.record_session(uow, actor=actor, new=body.to_domain())
        location = f"/registry/v1/training-attendances?session_id={states[0].session_id}"
        return answer(SessionAnswer.of(states), status=201, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/training-attendances/{attendance_id}",
    response_model=AttendanceAnswer,
    summary="登记考核结果",
    description="须带 If-Match。",
)
async def assess_training(
    uow: Uow, actor: CurrentActor, attendance_id: UUID, expected_version: IfMatch, body: AttendancePatch
) -> Response:
    """Enters an assessment."""
    state = await service.assess_attendance(
        uow,
        actor=actor,
        attendance_id=attendance_id,
        expected_version=expected_version,
        result=body.result,
        effective_on=body.effective_on or today(),
        reason=body.reason,
    )
    return answer(AttendanceAnswer.of(state), version=state.version)


@router.get("/training-attendances", summary="培训记录列表", description="本人管辖范围内。")
async def list_trainings(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    wanted: Annotated[Wanted, Depends(wanted_records)],
    session_id: Annotated[UUID | None, Query(description="只列该次培训。")] = None,
    staff_member_id: Annotated[UUID | None, Query(description="只列该岗位。")] = None,
) -> Page[AttendanceAnswer]:
    """Lists parts in trainings."""
    of = f"trainings:{wanted.office_id}:{wanted.within}:{wanted.on}:{session_id}:{staff_member_id}"
    after = paging.after(UUID, of=of)
    asked = (("session_id", session_id), ("staff_member_id", staff_member_id))
    equal = tuple((name, str(value)) for name, value in asked if value is not None)
    chosen = Wanted(wanted.office_id, wanted.within, wanted.on, equal)
    rows = await service.list_attendances(
        session, actor=actor, wanted=chosen, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=AttendanceAnswer.of, of=of)


@router.get("/training-attendances/{attendance_id}", summary="一条培训记录", description="管辖范围之外的视为不存在。")
async def get_training(
    session: ReadSession, actor: CurrentActor, attendance_id: UUID, response: Response
) -> AttendanceAnswer:
    """Shows one person's part in a training."""
    state = await service.get_attendance(session, actor=actor, attendance_id=attendance_id)
    response.headers["ETag"] = etag_of(state.version)
    return AttendanceAnswer.of(state)


@router.get("/training-attendances/{attendance_id}/versions", summary="培训记录的历史", description="每一状态。")
async def list_training_versions(
    session: ReadSession, actor: CurrentActor, attendance_id: UUID
) -> list[AttendanceAnswer]:
    """Shows the history of one person's part in a training."""
    found = await service.list_attendance_versions(session, actor=actor, attendance_id=attendance_id)
    return [AttendanceAnswer.of(state) for state in found]


@router.get("/training/recency", summary="培训间隔提示", description="该日在岗而久未接受某项内容培训的人员（O3.2b）。")
async def get_training_recency(session: ReadSession, actor: CurrentActor, office_id: Office, on: AsOf) -> RecencyAnswer:
    """Shows who is due."""
    return RecencyAnswer.of(office_id, await service.get_recency(session, actor=actor, office_id=office_id, on=on))


@router.get("/training/totals", summary="培训合计", description="一个机构一年的学时，按内容和方式（O3.2b）。")
async def get_training_totals(
    session: ReadSession,
    actor: CurrentActor,
    office_id: Office,
    year: Annotated[int, Query(ge=1949, le=9999, description="年份。")],
) -> TotalsAnswer:
    """Shows the hours of a year."""
    totals = await service.get_hours(session, actor=actor, office_id=office_id, year=year)
    return TotalsAnswer(office_id=office_id, year=year, totals=[HoursAnswer.of(total) for total in totals])
