"""Offices over HTTP: reading is public (O4.3e), writing is for supervisors above; heads tell phone, duties and sign."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import today
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from registry.deps import AsOf, CurrentActor, Idempotency, IfMatch, IsoDay, Paging, ReadSession, Uow
from registry.offices import service
from registry.offices.domain import clause_of_name, duty_coverage
from registry.offices.models import Office
from registry.offices.naming import UnnamedReason
from registry.offices.repository import ReportFilter
from registry.offices.schemas import (
    DutyCoverageAnswer,
    NameProposal,
    NamingReportAnswer,
    OfficeAnswer,
    OfficeBody,
    OfficePatch,
    OfficeQuery,
    OfficeVersionAnswer,
    SignCoverage,
    Within,
    office_query,
)

router = APIRouter(prefix="/offices", tags=["offices"])
reports = APIRouter(prefix="/naming-reports", tags=["offices"])


@router.get(
    "",
    response_model=Page[OfficeAnswer],
    summary="机构列表",
    description="按区划次序排列。`q` 可填名称任意部分（一个汉字即可）、拼音、拼音首字母、区划代码或统一社会信用代码的"
    "开头；以空格分开的各词须同时符合。无需登录。",
)
async def list_offices(
    session: ReadSession, paging: Paging, narrowed: Annotated[OfficeQuery, Depends(office_query)]
) -> Response:
    """Lists or searches offices."""
    after = paging.after(str, UUID, of=narrowed.of)
    rows = await service.list_offices(session, wanted=narrowed.wanted, after=after, limit=paging.fetch)
    lacking = await service.find_uncontracted(session, rows, on=today())

    def show(row: Office) -> OfficeAnswer:
        return OfficeAnswer.of(row, lacks_contract=row.id in lacking)

    return answer(paging.page(rows, key=lambda row: (row.division, row.id), show=show, of=narrowed.of))


@router.get(
    "/name-proposal",
    summary="建议名称",
    description="按统一命名规则给出该区划机构的名称；不能成名的说明原因。无需登录。",
)
async def propose_office_name(session: ReadSession, division: DivisionCode, on: AsOf) -> NameProposal:
    """Proposes the name of the office of a division."""
    proposed = await service.propose_name(session, division=division, on=on)
    return NameProposal.of(proposed, clause_of_name(proposed.kind))


@router.get("/sign-coverage", summary="统一标识覆盖率", description="截至该日，区划内运行中的机构。无需登录。")
async def get_sign_coverage(session: ReadSession, division: DivisionCode, on: AsOf) -> SignCoverage:
    """Tells how many offices show the unified sign."""
    return SignCoverage.of(division, on, await service.count_signs(session, within=division, on=on))


@router.get("/{office_id}", summary="一个机构", description="`on` 按该日的情况，默认现在。无需登录。")
async def get_office(
    session: ReadSession,
    office_id: UUID,
    response: Response,
    on: Annotated[IsoDay | None, Query(description="按该日（北京时间）的情况；默认现在。")] = None,
) -> OfficeAnswer:
    """Shows one office."""
    office = await service.get_office(session, office_id=office_id)
    if on is None:
        response.headers["ETag"] = etag_of(office.version)
        return await _shown(session, office)
    told = await service.get_office_version(session, office_id=office_id, on=on)
    lacking = await service.find_uncontracted(session, [told.state], on=on)
    return OfficeAnswer.as_of(told, office, on=on, lacks_contract=bool(lacking))


@router.get("/{office_id}/versions", summary="一个机构的历次状态", description="先后为序。无需登录。")
async def list_office_versions(session: ReadSession, office_id: UUID) -> list[OfficeVersionAnswer]:
    """Lists every state of an office."""
    return [OfficeVersionAnswer.of(told) for told in await service.list_office_versions(session, office_id=office_id)]


@router.get(
    "/{office_id}/duty-coverage",
    summary="职责覆盖情况",
    description="按该日有效的职责清单，列出机构已承担和未承担的职责。无需登录。",
)
async def get_duty_coverage(session: ReadSession, office_id: UUID, on: AsOf) -> DutyCoverageAnswer:
    """Tells which duties an office covers."""
    told = await service.get_office_version(session, office_id=office_id, on=on)
    return DutyCoverageAnswer.of(office_id, on, duty_coverage(told.state.duties, on))


@router.post(
    "", status_code=201, response_model=OfficeAnswer, summary="设立机构", description="由上级主管部门监督员设立。"
)
async def create_office(uow: Uow, actor: CurrentActor, once: Idempotency, body: OfficeBody) -> Response:
    """Sets up an office."""

    async def work() -> Response:
        office = await service.create_office(uow, actor=actor, new=body.to_domain())
        location = f"/registry/v1/offices/{office.id}"
        return answer(await _shown(uow.session, office), status=201, version=office.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch("/{office_id}", response_model=OfficeAnswer, summary="变更机构", description="须带 If-Match。")
async def change_office(
    uow: Uow, actor: CurrentActor, office_id: UUID, expected_version: IfMatch, body: OfficePatch
) -> Response:
    """Changes an office."""
    office = await service.change_office(
        uow,
        actor=actor,
        office_id=office_id,
        expected_version=expected_version,
        changes=body.to_changes(),
        ground=body.to_ground(),
    )
    return answer(await _shown(uow.session, office), version=office.version)


async def _shown(session: AsyncSession, office: Office) -> OfficeAnswer:
    lacking = await service.find_uncontracted(session, [office], on=today())
    return OfficeAnswer.of(office, lacks_contract=bool(lacking))


@reports.get("", summary="命名核定清单", description="统一命名规则无法成名的区划，限本人管辖范围。")
async def list_naming_reports(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    reason: Annotated[UnnamedReason | None, Query()] = None,
    division: Within = None,
    needs_decision: Annotated[bool | None, Query(description="是否等待人工核定。")] = None,
    is_settled: Annotated[bool | None, Query(description="是否已设机构。")] = None,
) -> Page[NamingReportAnswer]:
    """Lists what the naming rule could not name."""
    of = f"reports:{reason}:{division}:{needs_decision}:{is_settled}"
    after = paging.after(str, str, of=of)
    wanted = ReportFilter(reason=reason, within=division, needs_decision=needs_decision, is_settled=is_settled)
    rows = await service.list_report_entries(session, actor=actor, wanted=wanted, after=after, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.code, row.level), show=NamingReportAnswer.of, of=of)
