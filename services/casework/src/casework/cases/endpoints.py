"""Cases over HTTP. No personal data stands in an address; answers are masked."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from casework.cases import domain, service
from casework.cases.errors import CaseChangedMeanwhile
from casework.cases.schemas import (
    CaseAnswer,
    CaseBody,
    ClosureBody,
    DisclosedApplicant,
    DisclosureBody,
    ItemCode,
    RefusalBody,
    SearchBody,
    WithdrawalBody,
)
from casework.cases.service import Cases, CaseView, OnceKey, Remember, SeenCase, Slice
from casework.deps import Cipher, CurrentActor, Idempotency, IfMatch, Paging, ReadConnection, Uow
from common.contracts.casework import CaseStatus
from common.errors import DomainError, Forbidden, NotFound
from common.http import DivisionCode, Page, answer, claim_sql

router = APIRouter(prefix="/cases", tags=["cases"])

_ETAG = {"ETag": {"description": "办件的版本，用于 If-Match。", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "新办件的地址。", "schema": {"type": "string"}}}
_CLAIM = claim_sql()


@router.post(
    "",
    status_code=201,
    response_model=CaseAnswer,
    responses={201: {"headers": {**_ETAG, **_LOCATION}}},
    summary="登记办件",
    description="在某一机构登记一个办件。该机构须在运行，事项须在当日有效且由该层级办理。",
)
async def register_case(body: CaseBody, uow: Uow, cipher: Cipher, key: Idempotency) -> Response:
    """Registers a case at an office."""
    return await _once(
        uow,
        key,
        _created,
        lambda remember: service.register_case(
            uow,
            cipher=cipher,
            division=body.division,
            item_code=body.item_code,
            applicant=body.applicant.to_input(),
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
    responses={200: {"headers": _ETAG}},
    summary="办件",
    description="一个办件，申请人信息已脱敏。管辖范围之外的办件视为不存在。",
)
async def get_case(case_id: UUID, conn: ReadConnection, actor: CurrentActor, cipher: Cipher) -> Response:
    """Shows one case."""
    return _shown(await service.get_case(Cases(conn, cipher), actor, case_id=case_id))


@router.post(
    "/{case_id}/acceptance",
    response_model=CaseAnswer,
    responses={200: {"headers": _ETAG}},
    summary="受理",
    description="受理已收件的办件。",
)
async def accept_case(case_id: UUID, uow: Uow, cipher: Cipher, version: IfMatch, key: Idempotency) -> Response:
    """Takes a registered case on."""
    seen = SeenCase(case_id, version)
    return await _once(
        uow, key, _shown, lambda remember: service.accept_case(uow, cipher=cipher, seen=seen, remember=remember)
    )


@router.post(
    "/{case_id}/refusal",
    response_model=CaseAnswer,
    responses={200: {"headers": _ETAG}},
    summary="不予受理",
    description="对已收件的办件不予受理，须说明理由。",
)
async def refuse_case(
    case_id: UUID, body: RefusalBody, uow: Uow, cipher: Cipher, version: IfMatch, key: Idempotency
) -> Response:
    """Declines a registered case."""
    seen = SeenCase(case_id, version)
    return await _once(
        uow,
        key,
        _shown,
        lambda remember: service.refuse_case(uow, cipher=cipher, seen=seen, reason=body.reason, remember=remember),
    )


@router.post(
    "/{case_id}/closure",
    response_model=CaseAnswer,
    responses={200: {"headers": _ETAG}},
    summary="办结",
    description="办结已受理的办件，并记录办结结果。",
)
async def close_case(
    case_id: UUID, body: ClosureBody, uow: Uow, cipher: Cipher, version: IfMatch, key: Idempotency
) -> Response:
    """Ends an accepted case."""
    seen, result = SeenCase(case_id, version), domain.ClosingResult(body.result)
    return await _once(
        uow,
        key,
        _shown,
        lambda remember: service.close_case(uow, cipher=cipher, seen=seen, result=result, remember=remember),
    )


@router.post(
    "/{case_id}/withdrawal",
    response_model=CaseAnswer,
    responses={200: {"headers": _ETAG}},
    summary="撤回",
    description="申请人撤回尚未办结的办件。",
)
async def withdraw_case(
    case_id: UUID, body: WithdrawalBody, uow: Uow, cipher: Cipher, version: IfMatch, key: Idempotency
) -> Response:
    """Ends a case at the applicant's wish."""
    seen = SeenCase(case_id, version)
    return await _once(
        uow,
        key,
        _shown,
        lambda remember: service.withdraw_case(uow, cipher=cipher, seen=seen, reason=body.reason, remember=remember),
    )


@router.post(
    "/{case_id}/applicant-disclosures",
    summary="查看申请人完整信息",
    description="查看申请人完整信息，须说明理由；每次查看均单独留痕，因此不支持 Idempotency-Key。",
)
async def disclose_applicant(case_id: UUID, body: DisclosureBody, uow: Uow, cipher: Cipher) -> DisclosedApplicant:
    """Shows the applicant in clear."""
    applicant = await service.disclose_applicant(uow, cipher=cipher, case_id=case_id, reason=body.reason)
    return DisclosedApplicant.of(applicant)


async def _once(
    uow: Uow, key: Idempotency, show: Callable[[CaseView], Response], work: Callable[[Remember], Awaitable[CaseView]]
) -> Response:
    """Does the work once per key; its answer is kept by the statement that writes.

    The key is looked up only after the work was refused: a repeated request is rare, and meets a changed state.
    Whoever has lost the role or the case meanwhile gets no stored answer; a lost race is not a repetition.
    """
    made: list[Response] = []

    def remember(view: CaseView) -> OnceKey:
        made.append(show(view))
        return OnceKey(_CLAIM, key.row(made[0]))

    try:
        await work(remember)
    except (Forbidden, NotFound, CaseChangedMeanwhile):
        raise
    except DomainError:
        earlier = await key.replay(uow.conn)
        if earlier is None:
            raise
        return earlier
    return made[0]


def _shown(view: CaseView) -> Response:
    return answer(CaseAnswer.of(view), version=view.case.version)


def _created(view: CaseView) -> Response:
    location = f"/casework/v1/cases/{view.case.id}"
    return answer(CaseAnswer.of(view), status=201, version=view.case.version, location=location)


def _slice(paging: Paging, of: str, *, is_newest_first: bool) -> Slice:
    after = paging.after(datetime, UUID, of=of)
    position = None if after is None else (after[0], after[1])
    return Slice(after=position, limit=paging.fetch, is_newest_first=is_newest_first)


def _key(view: CaseView) -> tuple[datetime, UUID]:
    return (view.case.registered_at, view.case.id)
