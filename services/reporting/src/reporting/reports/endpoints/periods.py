"""Periods over HTTP: opened, closed and reopened by the upper level."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.contracts.reporting.reports import PeriodStatus, ReminderKind
from common.http import Page, answer, run_idempotent
from common.records.schemas import wanted_records
from common.records.service import Wanted
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadConnection, ReadSession, Snapshot, Uow
from reporting.reports import service
from reporting.reports.schemas import PeriodAnswer, PeriodBody, PeriodSummary, ReasonBody, ReminderAnswer
from reporting.reports.schemas.progress import Within
from reporting.reports.service import Seen

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post(
    "/report-periods", status_code=201, response_model=PeriodAnswer, summary="开设临时报送期",
    description="由上级的统计员或者监督员对本辖区开设；报送范围、期限和模板自开设之时固定。没有县级的地级市，镇街直接报市。",
)  # fmt: skip
async def open_period(uow: Uow, once: Idempotency, body: PeriodBody) -> Response:
    """Opens a period."""

    async def work() -> Response:
        state = await service.open_period(uow, call=body.to_call())
        location = f"/reporting/v1/report-periods/{state.id}"
        return answer(PeriodAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("/report-periods", summary="报送期", description="本机构开设的、须报送的或者辖区内有单位须报送的报送期。")
async def list_periods(
    conn: ReadConnection,
    actor: CurrentActor,
    paging: Paging,
    status: Annotated[PeriodStatus | None, Query(description="只列此状态的。")] = None,
    programme_id: Annotated[UUID | None, Query(description="只列此建设任务的。")] = None,
) -> Page[PeriodSummary]:
    """Lists periods."""
    of = f"report-periods:{status}:{programme_id}"
    after = paging.after(UUID, of=of)
    rows = await service.list_periods(
        conn, actor=actor, status=status, programme_id=programme_id, after=after[0] if after else None,
        limit=paging.fetch,
    )  # fmt: skip
    return paging.page(rows, key=lambda row: (row.id,), show=PeriodSummary.of, of=of)


@router.get(
    "/report-periods/{period_id}", response_model=PeriodAnswer, summary="一个报送期",
    description="模板、范围、各层级期限和历次开闭。ETag 为版本号。",
)  # fmt: skip
async def get_period(conn: ReadConnection, actor: CurrentActor, period_id: UUID) -> Response:
    """Shows a period."""
    state = await service.get_period(conn, actor=actor, period_id=period_id)
    return answer(PeriodAnswer.of(state), version=state.version)


@router.post(
    "/report-periods/{period_id}/closing", response_model=PeriodAnswer, summary="开始收口",
    description="须带 If-Match；此后未提交过的不再受理，已提交过的可审核、退回和再次提交。",
)  # fmt: skip
async def begin_closing(uow: Uow, period_id: UUID, expected_version: IfMatch) -> Response:
    """Begins closing."""
    state = await service.begin_closing(uow, seen=Seen(period_id, expected_version))
    return answer(PeriodAnswer.of(state), version=state.version)


@router.post(
    "/report-periods/{period_id}/closure", response_model=PeriodAnswer, summary="关闭报送期",
    description="须带 If-Match；已通过的报表随即锁定，此后只能重报或者由上级解锁。",
)  # fmt: skip
async def close_period(uow: Uow, period_id: UUID, expected_version: IfMatch) -> Response:
    """Closes a period."""
    state = await service.close_period(uow, seen=Seen(period_id, expected_version))
    return answer(PeriodAnswer.of(state), version=state.version)


@router.post(
    "/report-periods/{period_id}/reopening", response_model=PeriodAnswer, summary="重新开放报送期",
    description="须带 If-Match 并说明理由；已锁定的报表仍然锁定。",
)  # fmt: skip
async def reopen_period(uow: Uow, period_id: UUID, expected_version: IfMatch, body: ReasonBody) -> Response:
    """Reopens a period."""
    state = await service.reopen_period(uow, seen=Seen(period_id, expected_version), reason=body.reason)
    return answer(PeriodAnswer.of(state), version=state.version)


@router.get(
    "/report-periods/{period_id}/sheet",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
    summary="导出报送期的报表",
    description="某区划及其下级的最新报表、各行、未报单位和报送进度（Excel）；代码为文本。",
)
async def get_period_sheet(conn: Snapshot, actor: CurrentActor, period_id: UUID, division: Within = None) -> Response:
    """Exports a period as a workbook."""
    within = division or actor.division
    period, file = await service.export_reports(conn, actor=actor, period_id=period_id, within=within)
    with file:
        content = file.read()
    name = f"reports-{period.as_of.isoformat()}-{within}.xlsx"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/report-reminders", summary="报送提醒", description="本机构及下级收到的报送提醒，每期每单位每种一次。")
async def list_reminders(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    wanted: Annotated[Wanted, Depends(wanted_records)],
    period_id: Annotated[UUID | None, Query(description="只列此报送期的。")] = None,
    kind: Annotated[ReminderKind | None, Query(description="before 到期前，due 到期日，overdue 逾期。")] = None,
) -> Page[ReminderAnswer]:
    """Lists reminders."""
    equal = (("period_id", period_id and str(period_id)), ("kind", kind))
    found = Wanted(within=wanted.within, equal=tuple((name, value) for name, value in equal if value is not None))
    of = f"report-reminders:{found}"
    after = paging.after(UUID, of=of)
    rows = await service.list_reminders(
        session, found, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ReminderAnswer.of, of=of)
