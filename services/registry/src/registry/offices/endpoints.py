"""Offices over HTTP: reading is public, writing is for supervisors above, the phone for heads too. Source: O4.3e."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.offices import service
from registry.offices.naming import UnnamedReason
from registry.offices.repository import ReportFilter
from registry.offices.schemas import (
    NamingReportAnswer,
    OfficeAnswer,
    OfficeBody,
    OfficePatch,
    OfficeQuery,
    Within,
    office_query,
)

router = APIRouter(prefix="/offices", tags=["offices"])
reports = APIRouter(prefix="/naming-reports", tags=["offices"])


@router.get(
    "",
    summary="机构列表",
    description="按区划次序排列。`q` 可填名称任意部分（一个汉字即可）、拼音、拼音首字母、区划代码或统一社会信用代码的"
    "开头；以空格分开的各词须同时符合。无需登录。",
)
async def list_offices(
    session: ReadSession, paging: Paging, narrowed: Annotated[OfficeQuery, Depends(office_query)]
) -> Page[OfficeAnswer]:
    """Lists or searches offices."""
    after = paging.after(str, UUID, of=narrowed.of)
    rows = await service.list_offices(session, wanted=narrowed.wanted, after=after, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.division, row.id), show=OfficeAnswer.of, of=narrowed.of)


@router.get("/{office_id}", summary="一个机构", description="无需登录。")
async def get_office(session: ReadSession, office_id: UUID, response: Response) -> OfficeAnswer:
    """Shows one office."""
    office = await service.get_office(session, office_id=office_id)
    response.headers["ETag"] = etag_of(office.version)
    return OfficeAnswer.of(office)


@router.post(
    "", status_code=201, response_model=OfficeAnswer, summary="设立机构", description="由上级主管部门监督员设立。"
)
async def create_office(uow: Uow, actor: CurrentActor, once: Idempotency, body: OfficeBody) -> Response:
    """Sets up an office."""

    async def work() -> Response:
        office = await service.create_office(uow, actor=actor, new=body.to_domain())
        location = f"/registry/v1/offices/{office.id}"
        return answer(OfficeAnswer.of(office), status=201, version=office.version, location=location)

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
        reason=body.reason,
    )
    return answer(OfficeAnswer.of(office), version=office.version)


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
