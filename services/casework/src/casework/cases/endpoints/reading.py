"""Registering and looking at cases."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from casework.cases import domain, service
from casework.cases.endpoints.once import ETAG, LOCATION, created, once, router, shown
from casework.cases.schemas import (
    CaseAnswer,
    CaseBody,
    CaseClocks,
    CaseFileAnswer,
    DisclosedApplicant,
    DisclosureBody,
    ItemCode,
    SearchBody,
)
from casework.cases.service import Cases, CaseView, Slice
from casework.deps import Cipher, CurrentActor, Idempotency, Paging, ReadConnection, Uow
from common.contracts.casework import CaseStatus
from common.http import DivisionCode, Page


@router.post(
    "",
    status_code=201,
    response_model=CaseAnswer,
    responses={201: {"headers": {**ETAG, **LOCATION}}},
    summary="登记办件",
    description="在某一机构登记一个办件，登记人即为责任人。该机构须在运行，事项须在当日有效且由该层级办理。",
)
async def register_case(body: CaseBody, uow: Uow, cipher: Cipher, key: Idempotency) -> Response:
    """Registers a case at an office."""
    return await once(
        uow,
        key,
        created,
        lambda remember: service.register_case(
            uow,
            cipher=cipher,
            division=body.division,
            item_code=body.item_code,
            applicant=body.applicant.to_input(),
            channel=body.channel,
            handling=body.handling,
            brought=[one.to_brought() for one in body.received],
            remember=remember,
        ),
    )


@router.get("", summary="办件列表", description="本人管辖范围内的办件，申请人信息已脱敏。")
async def list_cases(
    conn: ReadConnection,
    actor: CurrentActor,
    cipher: Cipher,
    paging: Paging,
    status: Annotated[CaseStatus | None, Query(description="状态。")] = None,
    item_code: Annotated[ItemCode | None, Query(description="事项编号。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只看该区划及其下级；不超出本人管辖范围。")] = None,
    sort: Annotated[Literal["-registered_at", "registered_at"], Query(description="排序。")] = "-registered_at",
) -> Page[CaseAnswer]:
    """Lists the cases of the actor's scope."""
    of = f"cases:{status}:{item_code}:{division}:{sort}"
    part = _slice(paging, of, is_newest_first=sort.startswith("-"))
    chosen = None if status is None else domain.CaseStatus(status)
    cases = Cases(conn, cipher)
    rows = await service.list_cases(cases, actor, status=chosen, item_code=item_code, division=division, part=part)
    return paging.page(rows, key=_key, show=CaseAnswer.of, of=of)


@router.post(
    "/search", summary="按证件号码查找办件", description="本人管辖范围内该申请人的办件，最新的在前。查找留痕。"
)
async def search_cases(body: SearchBody, uow: Uow, cipher: Cipher, paging: Paging) -> Page[CaseAnswer]:
    """Finds the cases of one applicant."""
    of = "cases/search"
    rows = await service.search_cases(
        uow,
        cipher=cipher,
        kind=domain.ApplicantKind(body.kind),
        identifier=body.number,
        part=_slice(paging, of, is_newest_first=True),
    )
    return paging.page(rows, key=_key, show=CaseAnswer.of, of=of)


@router.get(
    "/{case_id}",
    response_model=CaseAnswer,
    responses={200: {"headers": ETAG}},
    summary="办件",
    description="一个办件，申请人信息已脱敏。管辖范围之外的办件视为不存在。",
)
async def get_case(case_id: UUID, conn: ReadConnection, actor: CurrentActor, cipher: Cipher) -> Response:
    """Shows one case."""
    return shown(await service.get_case(Cases(conn, cipher), actor, case_id=case_id))


@router.get(
    "/{case_id}/file",
    summary="办件案卷",
    description="环节、责任人、补正、特别程序、容缺、文书和时限台账。",
)
async def get_case_file(case_id: UUID, conn: ReadConnection, actor: CurrentActor, cipher: Cipher) -> CaseFileAnswer:
    """Shows what was done with a case."""
    view = await service.get_case(Cases(conn, cipher), actor, case_id=case_id)
    return CaseFileAnswer.of_case(view.case)


@router.get(
    "/{case_id}/clock", summary="办件时限及说明", description="受理和办理时限今天的读数，以及到期日的逐日、逐条说明。"
)
async def get_case_clock(case_id: UUID, conn: ReadConnection, actor: CurrentActor) -> CaseClocks:
    """Explains a case's due dates."""
    case, clocks = await service.explain_case(conn, actor, case_id=case_id)
    return CaseClocks.of_case(case, clocks)


@router.post(
    "/{case_id}/applicant-disclosures",
    summary="查看申请人完整信息",
    description="查看申请人完整信息，须说明理由；每次查看均单独留痕，因此不支持 Idempotency-Key。",
)
async def disclose_applicant(case_id: UUID, body: DisclosureBody, uow: Uow, cipher: Cipher) -> DisclosedApplicant:
    """Shows the applicant in clear."""
    applicant = await service.disclose_applicant(uow, cipher=cipher, case_id=case_id, reason=body.reason)
    return DisclosedApplicant.of(applicant)


def _slice(paging: Paging, of: str, *, is_newest_first: bool) -> Slice:
    after = paging.after(datetime, UUID, of=of)
    position = None if after is None else (after[0], after[1])
    return Slice(after=position, limit=paging.fetch, is_newest_first=is_newest_first)


def _key(view: CaseView) -> tuple[datetime, UUID]:
    return (view.case.registered_at, view.case.id)
