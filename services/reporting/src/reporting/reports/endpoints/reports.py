"""Reports over HTTP: filled, handed up, approved, returned, restated; their versions and what differs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.reporting.reports import ReportState, ReportStatus
from common.http import DivisionCode, Int32, Page, answer, run_idempotent
from common.records.schemas import wanted_records
from common.records.service import Wanted
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from reporting.indicators.service import values_of
from reporting.reports import service
from reporting.reports.schemas import (
    DiffAnswer,
    LinesBody,
    ReasonBody,
    ReportAnswer,
    ReportSummary,
    ReturnBody,
    StartBody,
    UnlockBody,
    VersionAnswer,
    VersionSummary,
)
from reporting.reports.service import Seen

router = APIRouter()


async def _whole(session: AsyncSession, state: ReportState) -> ReportAnswer:
    period = await service.template_of(session, state)
    return ReportAnswer.whole(state, period.lines, await service.outdated_of(session, state))


async def _changed(uow: Uow, state: ReportState) -> Response:
    return answer(await _whole(uow.session, state), version=state.version)


@router.post(
    "/reports", status_code=201, response_model=ReportAnswer, summary="建立报表",
    description="由报送单位本级建立：列出系统计算值；没有下级报送单位的以其为初值，有下级的汇总已通过的下级报表。",
)  # fmt: skip
async def start_report(uow: Uow, actor: CurrentActor, once: Idempotency, body: StartBody) -> Response:
    """Begins a report."""

    async def work() -> Response:
        state = await service.start_report(
            uow, period_id=body.period_id, division=body.division or actor.division, values_of=values_of
        )
        location = f"/reporting/v1/reports/{state.id}"
        return answer(await _whole(uow.session, state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("/reports", summary="报表", description="辖区内的报表，不含各行。")
async def list_reports(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    wanted: Annotated[Wanted, Depends(wanted_records)],
    period_id: Annotated[UUID | None, Query(description="只列此报送期的。")] = None,
    status: Annotated[ReportStatus | None, Query(description="只列此状态的。")] = None,
    parent: Annotated[DivisionCode | None, Query(description="只列由此区划审核的。")] = None,
) -> Page[ReportSummary]:
    """Lists reports."""
    equal = (("period_id", period_id and str(period_id)), ("parent", parent))
    found = Wanted(
        within=wanted.within,
        statuses=() if status is None else (status,),
        equal=tuple((name, value) for name, value in equal if value is not None),
    )
    of = f"reports:{found}"
    after = paging.after(UUID, of=of)
    rows = await service.list_reports(
        session, found, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ReportSummary.of, of=of)


@router.get(
    "/reports/{report_id}", response_model=ReportAnswer, summary="一张报表",
    description="各行的本级、下级汇总、合计、系统计算值、差异和说明，所依据的下级版次，缺报的下级。ETag 为版本号。",
)  # fmt: skip
async def get_report(session: ReadSession, actor: CurrentActor, report_id: UUID) -> Response:
    """Shows a report."""
    state = await service.get_report(session, actor=actor, report_id=report_id)
    return answer(await _whole(session, state), version=state.version)


@router.put(
    "/reports/{report_id}/lines", response_model=ReportAnswer, summary="填报",
    description="须带 If-Match；整张报表一次填报，全部保存或者全部不保存，错误逐行列明（errors）。",
)  # fmt: skip
async def fill_report(uow: Uow, report_id: UUID, expected_version: IfMatch, body: LinesBody) -> Response:
    """Fills a report."""
    entries = [line.to_entry() for line in body.lines]
    return await _changed(uow, await service.fill_report(uow, seen=Seen(report_id, expected_version), entries=entries))


@router.post(
    "/reports/{report_id}/recomposition", response_model=ReportAnswer, summary="重新汇总",
    description="须带 If-Match；按已通过的下级报表重新汇总，并更新系统计算值；本级填报内容不变。",
)  # fmt: skip
async def recompose_report(uow: Uow, report_id: UUID, expected_version: IfMatch) -> Response:
    """Composes a report anew."""
    seen = Seen(report_id, expected_version)
    return await _changed(uow, await service.recompose_report(uow, seen=seen, values_of=values_of))


@router.post(
    "/reports/{report_id}/submission", response_model=ReportAnswer, summary="提交",
    description=(
        "须带 If-Match；提交上一级。必填行、比率和差异说明不全的，一次列明（errors）；"
        "下级有新版次的须先重新汇总。"
    ),
)  # fmt: skip
async def submit_report(uow: Uow, report_id: UUID, expected_version: IfMatch) -> Response:
    """Submits a report."""
    return await _changed(uow, await service.submit_report(uow, seen=Seen(report_id, expected_version)))


@router.post(
    "/reports/{report_id}/recall", response_model=ReportAnswer, summary="撤回",
    description="须带 If-Match；上一级处理之前可以撤回。首次提交撤回的，视为未报。",
)  # fmt: skip
async def recall_report(uow: Uow, report_id: UUID, expected_version: IfMatch, body: ReasonBody) -> Response:
    """Recalls a report."""
    seen = Seen(report_id, expected_version)
    return await _changed(uow, await service.recall_report(uow, seen=seen, reason=body.reason))


@router.post(
    "/reports/{report_id}/approval", response_model=ReportAnswer, summary="审核通过",
    description="须带 If-Match；由上一级审核，该版次随即生效。最上级报表由提交人以外的账号审核。",
)  # fmt: skip
async def approve_report(uow: Uow, report_id: UUID, expected_version: IfMatch) -> Response:
    """Approves a report."""
    return await _changed(uow, await service.approve_report(uow, seen=Seen(report_id, expected_version)))


@router.post(
    "/reports/{report_id}/return", response_model=ReportAnswer, summary="退回",
    description="须带 If-Match；由上一级退回，一次列明全部理由，可逐行指出。",
)  # fmt: skip
async def return_report(uow: Uow, report_id: UUID, expected_version: IfMatch, body: ReturnBody) -> Response:
    """Returns a report."""
    reasons = [one.to_reason() for one in body.reasons]
    seen = Seen(report_id, expected_version)
    return await _changed(uow, await service.return_report(uow, seen=seen, reasons=reasons))


@router.post(
    "/reports/{report_id}/restatement", response_model=ReportAnswer, summary="重报",
    description=(
        "须带 If-Match 并说明理由；已通过或者已锁定的报表另起新版次，"
        "原版次在新版次通过之前继续有效，此后仍可查阅。"
    ),
)  # fmt: skip
async def restate_report(uow: Uow, report_id: UUID, expected_version: IfMatch, body: ReasonBody) -> Response:
    """Begins a restatement."""
    seen = Seen(report_id, expected_version)
    return await _changed(uow, await service.restate_report(uow, seen=seen, reason=body.reason))


@router.post(
    "/reports/{report_id}/abandonment", response_model=ReportAnswer, summary="放弃重报",
    description="须带 If-Match；生效版次不变。",
)  # fmt: skip
async def abandon_restatement(uow: Uow, report_id: UUID, expected_version: IfMatch, body: ReasonBody) -> Response:
    """Gives a restatement up."""
    seen = Seen(report_id, expected_version)
    return await _changed(uow, await service.abandon_restatement(uow, seen=seen, reason=body.reason))


@router.post(
    "/report-periods/{period_id}/reports/{division}/unlocking", response_model=ReportAnswer, summary="解锁",
    description="由上一级说明理由后解锁：未通过过的可以继续填报，尚未建立的随即建立，已通过或者已锁定的另起新版次。",
)  # fmt: skip
async def unlock_report(uow: Uow, period_id: UUID, division: DivisionCode, body: UnlockBody) -> Response:
    """Unlocks a report."""
    state = await service.unlock_report(
        uow, period_id=period_id, division=division, expected_version=body.version, reason=body.reason,
        values_of=values_of,
    )  # fmt: skip
    return await _changed(uow, state)


@router.get(
    "/reports/{report_id}/versions", summary="报表的历次变动", description="何时、因何变动，按先后；账号见审计记录。"
)
async def list_versions(
    session: ReadSession, actor: CurrentActor, paging: Paging, report_id: UUID
) -> Page[VersionSummary]:
    """Lists the versions of a report."""
    state = await service.get_report(session, actor=actor, report_id=report_id)
    of = f"report-versions:{report_id}"
    (after,) = paging.after(int, of=of) or (0,)
    rows = await service.list_versions(session, state, after=after, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.version,), show=VersionSummary.of, of=of)


@router.get(
    "/reports/{report_id}/versions/{version}", summary="报表的一个版本",
    description="当时的全部内容；据此公布的数据始终可以查到。",
)  # fmt: skip
async def get_version(session: ReadSession, actor: CurrentActor, report_id: UUID, version: Int32) -> VersionAnswer:
    """Shows a report as it was."""
    state = await service.get_report(session, actor=actor, report_id=report_id)
    found = await service.get_version(session, state, version)
    return VersionAnswer.whole(found, (await service.template_of(session, state)).lines)


@router.get("/reports/{report_id}/diff", summary="两个版本的差异", description="逐行列出 from 版本到 to 版本的变化。")
async def diff_versions(
    session: ReadSession,
    actor: CurrentActor,
    report_id: UUID,
    first: Annotated[Int32, Query(alias="from", ge=1, description="较早的版本号。")],
    last: Annotated[Int32, Query(alias="to", ge=1, description="较晚的版本号。")],
) -> DiffAnswer:
    """Compares two versions."""
    state = await service.get_report(session, actor=actor, report_id=report_id)
    before, after, changes = await service.diff_versions(session, state, first=first, last=last)
    return DiffAnswer.of(state, before, after, changes, (await service.template_of(session, state)).lines)
