"""Schedules of regular reports over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.http import Page, answer, run_idempotent
from common.records.schemas import wanted_records
from common.records.service import Wanted
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from reporting.reports import service
from reporting.reports.schemas import ReasonBody, ScheduleAnswer, ScheduleBody
from reporting.reports.service import Seen

router = APIRouter(prefix="/report-schedules")


@router.post(
    "", status_code=201, response_model=ScheduleAnswer, summary="设立定期报送安排",
    description="月报、季报或者半年报：每个周期结束后自动开设报送期。由上级的统计员或者监督员设立。",
)  # fmt: skip
async def add_schedule(uow: Uow, once: Idempotency, body: ScheduleBody) -> Response:
    """Adds a schedule."""

    async def work() -> Response:
        state = await service.add_schedule(uow, scheduling=body.to_scheduling())
        location = f"/reporting/v1/report-schedules/{state.id}"
        return answer(ScheduleAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="定期报送安排", description="本级及下级设立的定期报送安排，按设立先后。")
async def list_schedules(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[ScheduleAnswer]:
    """Lists schedules."""
    of = f"report-schedules:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_schedules(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ScheduleAnswer.of, of=of)


@router.post(
    "/{schedule_id}/end", response_model=ScheduleAnswer, summary="终止定期报送安排",
    description="须带 If-Match；此后不再开设报送期，已开设的照常进行。",
)  # fmt: skip
async def end_schedule(uow: Uow, schedule_id: UUID, expected_version: IfMatch, body: ReasonBody) -> Response:
    """Ends a schedule."""
    state = await service.end_schedule(uow, seen=Seen(schedule_id, expected_version), reason=body.reason)
    return answer(ScheduleAnswer.of(state), version=state.version)
