"""Plans over HTTP. Source: O6.2a, O6.2b, O6.2c, S4."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from common.clock import today
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from reporting.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, Snapshot, Uow
from reporting.plans import service
from reporting.plans.schemas import (
    ExecutionAnswer,
    FilingAnswer,
    FilingOverviewAnswer,
    InclusionAnswer,
    InclusionBody,
    InclusionCoverageAnswer,
    LineEntryAnswer,
    LineProgressBody,
    PlanAcceptanceBody,
    PlanAnswer,
    PlanApprovalBody,
    PlanBody,
    PlanReturnBody,
    PlansAnswer,
    StageWaiverBody,
    StepDayBody,
)
from reporting.plans.service import Whose

router = APIRouter(prefix="/plans", tags=["plans"])

CITY = "/{programme_id}/filings/{city}"
Number = Annotated[int, Path(ge=1, le=10_000, description="第几个版本。")]


async def _whose(programme_id: UUID, city: DivisionCode) -> Whose:
    return Whose(programme_id, city)


Mine = Annotated[Whose, Depends(_whose)]


@router.get(
    "/{programme_id}/overview", summary="各市方案备案情况",
    description="各地级以上市在某日的状态和逾期天数：待报、已报、退回补正、已备案、逾期；逾期报备的照收并记录天数。",
)  # fmt: skip
async def get_filing_overview(
    conn: Snapshot, actor: CurrentActor, programme_id: UUID, on: AsOf
) -> FilingOverviewAnswer:
    """Shows every city's filing on a day."""
    _, found = await service.overview(conn, programme_id, on=on, actor=actor)
    return FilingOverviewAnswer.of(programme_id, on, found)


@router.get(CITY, summary="一市的方案备案", description="ETag 为备案记录的版本号。")
async def get_plan_filing(
    conn: Snapshot, actor: CurrentActor, whose: Mine, on: AsOf, response: Response
) -> FilingAnswer:
    """Shows one city's filing on a day."""
    found = await service.get_filing(conn, whose, on=on, actor=actor)
    if found.filing is not None:
        response.headers["ETag"] = etag_of(found.filing.version)
    return FilingAnswer.of(found)


@router.get(f"{CITY}/versions", summary="方案的全部版本", description="本市以下只列已备案的版本。")
async def list_plan_versions(conn: Snapshot, actor: CurrentActor, whose: Mine) -> PlansAnswer:
    """Lists the versions of a city's plan."""
    return PlansAnswer(plans=[PlanAnswer.of(one) for one in await service.list_plans(conn, whose, actor=actor)])


@router.post(
    f"{CITY}/versions", status_code=201, response_model=PlanAnswer, summary="起草方案的新版本",
    description="首个版本或者对已备案、退回版本的修改；事项标识在各版本间不变，逐项列出差别。",
)  # fmt: skip
async def begin_plan_version(uow: Uow, actor: CurrentActor, once: Idempotency, whose: Mine, body: PlanBody) -> Response:
    """Begins a version of a city's plan."""

    async def work() -> Response:
        state = await service.begin_plan(uow, actor=actor, whose=whose, given=body.to_given())
        location = f"/reporting/v1/plans/{whose.programme_id}/filings/{whose.city}/versions/{state.number}"
        return answer(PlanAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get(f"{CITY}/versions/{{number}}", summary="方案的一个版本", description="ETag 供 If-Match。")
async def get_plan_version(
    conn: Snapshot, actor: CurrentActor, whose: Mine, number: Number, response: Response
) -> PlanAnswer:
    """Shows one version of a city's plan."""
    state = await service.get_plan(conn, whose, number, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return PlanAnswer.of(state)


@router.put(
    f"{CITY}/versions/{{number}}", response_model=PlanAnswer, summary="修改草案",
    description="须带 If-Match；已批准的须重新批准。",
)  # fmt: skip
async def edit_plan_version(
    uow: Uow, actor: CurrentActor, whose: Mine, number: Number, version: IfMatch, body: PlanBody
) -> Response:
    """Edits the version being prepared."""
    state = await service.edit_plan(
        uow, actor=actor, whose=whose, number=number, expected_version=version, given=body.to_given()
    )
    return answer(PlanAnswer.of(state), version=state.version)


@router.post(
    f"{CITY}/versions/{{number}}/approval", response_model=PlanAnswer, summary="本级批准",
    description="须带 If-Match；批准后方可报备。",
)  # fmt: skip
async def approve_plan_version(
    uow: Uow, actor: CurrentActor, whose: Mine, number: Number, version: IfMatch, body: PlanApprovalBody
) -> Response:
    """Approves the version being prepared."""
    state = await service.approve_plan(
        uow,
        actor=actor,
        whose=whose,
        number=number,
        expected_version=version,
        body=body.body,
        document=body.document,
        on=body.on,
    )
    return answer(PlanAnswer.of(state), version=state.version)


async def _filing(uow: Uow, whose: Whose) -> Response:
    found = await service.get_filing(uow.conn, whose, on=today())
    return answer(FilingAnswer.of(found), version=found.filing.version if found.filing else None)


@router.post(
    f"{CITY}/submission", response_model=FilingAnswer, summary="报备",
    description="须带 If-Match（备案记录的版本号）；逾期照收，记录天数。市只报当天；此前纸质报送的由省补录。",
)  # fmt: skip
async def file_plan(uow: Uow, actor: CurrentActor, whose: Mine, version: IfMatch, body: StepDayBody) -> Response:
    """Files the approved version."""
    await service.file_plan(uow, actor=actor, whose=whose, expected_version=version, on=body.on)
    return await _filing(uow, whose)


@router.post(
    f"{CITY}/return", response_model=FilingAnswer, summary="退回补正",
    description="须带 If-Match；一次写明全部理由。已备案的原版本继续有效。",
)  # fmt: skip
async def return_plan(uow: Uow, actor: CurrentActor, whose: Mine, version: IfMatch, body: PlanReturnBody) -> Response:
    """Returns the filed version."""
    await service.return_plan(
        uow,
        actor=actor,
        whose=whose,
        expected_version=version,
        on=body.on,
        reasons=body.to_reasons(),
        correct_by=body.correct_by,
    )
    return await _filing(uow, whose)


@router.post(
    f"{CITY}/acceptance", response_model=FilingAnswer, summary="备案",
    description="须带 If-Match；该版本自此有效，取代原版本。",
)  # fmt: skip
async def accept_plan(
    uow: Uow, actor: CurrentActor, whose: Mine, version: IfMatch, body: PlanAcceptanceBody
) -> Response:
    """Puts the filed version on file."""
    await service.accept_plan(uow, actor=actor, whose=whose, expected_version=version, on=body.on, number=body.number)
    return await _filing(uow, whose)


@router.get(f"{CITY}/execution", summary="方案执行情况", description="有效版本的各阶段、各事项；ETag 供 If-Match。")
async def get_plan_execution(
    conn: Snapshot, actor: CurrentActor, whose: Mine, on: AsOf, response: Response
) -> ExecutionAnswer:
    """Shows how the plan in force is carried out."""
    state, plan = await service.get_execution(conn, whose, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return ExecutionAnswer.of(state, plan, on)


async def _execution(uow: Uow, whose: Whose) -> Response:
    state, plan = await service.get_execution(uow.conn, whose)
    return answer(ExecutionAnswer.of(state, plan, today()), version=state.version)


@router.post(
    f"{CITY}/execution/lines/{{line_id}}/progress", response_model=ExecutionAnswer, summary="登记事项进展",
    description="须带 If-Match；所属阶段开始后登记，完成的须附佐证。",
)  # fmt: skip
async def note_line_progress(
    uow: Uow, actor: CurrentActor, whose: Mine, line_id: UUID, version: IfMatch, body: LineProgressBody
) -> Response:
    """Notes how far a line is."""
    await service.note_progress(
        uow, actor=actor, whose=whose, line_id=line_id, expected_version=version, given=body.to_given()
    )
    return await _execution(uow, whose)


@router.get(f"{CITY}/execution/progress", summary="进展登记", description="全部登记，按先后排列。")
async def list_line_progress(conn: Snapshot, actor: CurrentActor, paging: Paging, whose: Mine) -> Page[LineEntryAnswer]:
    """Lists every entry about lines."""
    of = f"plan-progress:{whose}"
    after = paging.after(UUID, of=of)
    rows = await service.list_progress(conn, whose, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=LineEntryAnswer.of, of=of)


@router.post(
    f"{CITY}/execution/stages/{{stage}}/passing", response_model=ExecutionAnswer, summary="阶段通过",
    description="须带 If-Match；阶段内事项全部完成或者取消后通过，下一阶段开始。",
)  # fmt: skip
async def pass_plan_stage(
    uow: Uow, actor: CurrentActor, whose: Mine, stage: str, version: IfMatch, body: StepDayBody
) -> Response:
    """Passes a stage."""
    await service.pass_stage(uow, actor=actor, whose=whose, stage=stage, expected_version=version, on=body.on)
    return await _execution(uow, whose)


@router.post(
    f"{CITY}/execution/stages/{{stage}}/waiver", response_model=ExecutionAnswer, summary="阶段豁免",
    description="须带 If-Match；由备案机关写明理由，下一阶段开始，未完成的事项仍列出。",
)  # fmt: skip
async def waive_plan_stage(
    uow: Uow, actor: CurrentActor, whose: Mine, stage: str, version: IfMatch, body: StageWaiverBody
) -> Response:
    """Waives a stage."""
    await service.waive_stage(
        uow,
        actor=actor,
        whose=whose,
        stage=stage,
        expected_version=version,
        on=body.on,
        reason=body.reason,
        document=body.document,
    )
    return await _execution(uow, whose)


@router.post(
    "/{programme_id}/inclusions", status_code=201, response_model=InclusionAnswer, summary="登记纳入五年规划",
    description="由市、县（市、区）各自登记：规划文件、条款、日期。",
)  # fmt: skip
async def enter_inclusion(
    uow: Uow, actor: CurrentActor, once: Idempotency, programme_id: UUID, body: InclusionBody
) -> Response:
    """Enters that a five-year plan has the programme."""

    async def work() -> Response:
        state = await service.enter_inclusion(uow, actor=actor, programme_id=programme_id, given=body.to_given())
        return answer(InclusionAnswer.of(state), status=201, version=state.version)

    return await run_idempotent(uow, once, work)


@router.get("/{programme_id}/inclusions", summary="纳入五年规划的登记", description="本机构及其下级、上级的。")
async def list_inclusions(
    conn: Snapshot, actor: CurrentActor, paging: Paging, programme_id: UUID
) -> Page[InclusionAnswer]:
    """Lists where the programme stands in five-year plans."""
    of = f"plan-inclusions:{programme_id}:{actor.division}"
    after = paging.after(UUID, of=of)
    rows = await service.list_inclusions(
        conn, programme_id, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=InclusionAnswer.of, of=of)


@router.get(
    "/{programme_id}/inclusions/coverage", summary="哪些市、县已纳入五年规划",
    description="本机构管辖范围之内的市、县（市、区），未登记的一并列出。",
)  # fmt: skip
async def get_inclusion_coverage(
    conn: Snapshot,
    actor: CurrentActor,
    programme_id: UUID,
    is_included: Annotated[bool | None, Query(description="只列已纳入的或者未纳入的。")] = None,
) -> InclusionCoverageAnswer:
    """Tells which governments have the programme in a five-year plan."""
    found = await service.list_coverage(conn, programme_id, actor=actor)
    whole = InclusionCoverageAnswer.of(found)
    rows = [one for one in whole.governments if is_included in (None, one.is_included)]
    return whole.model_copy(update={"governments": rows})
