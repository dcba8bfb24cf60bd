"""Ratings, their figures and their signs over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from casework.deps import Cipher, CurrentActor, IfMatch, IsoDay, OpenUow, Paging, ReadSession, Uow
from casework.limits.schemas import TOO_MANY, Counting
from casework.ratings import service
from casework.ratings.schemas import (
    FiguresAnswer,
    MaskBody,
    OfficeSignsAnswer,
    OutcomeAnswer,
    ProofBody,
    RatedAnswer,
    RatingAnswer,
    RatingBody,
    ReasonBody,
    TextAnswer,
    TokenAnswer,
    TokenBody,
)
from casework.ratings.service import Asked, Seen
from common.contracts.casework.ratings import RatingLevel, RatingStatus
from common.http import PROBLEM_JSON, DivisionCode, Page, answer, etag_of
from common.records.schemas import wanted_records
from common.records.service import Wanted

router = APIRouter(prefix="/ratings", tags=["ratings"])

_PROBLEM = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_NAMES_A_CASE: dict[int | str, dict[str, Any]] = {404: {"description": "不存在或不可见", "content": _PROBLEM}}


def _asked(
    since: Annotated[IsoDay, Query(description="第一日（北京时间）。")],
    until: Annotated[IsoDay, Query(description="最后一日（北京时间），一次最多 92 天。")],
    by: Annotated[
        Literal["all", "office", "item", "duty", "day"], Query(description="按机构、事项、职责或日期分组。")
    ] = "all",
    division: Annotated[DivisionCode | None, Query(description="只统计该区划及其以下。")] = None,
    office_id: Annotated[UUID | None, Query(description="只统计该机构。")] = None,
) -> Asked:
    return Asked(since, until, by, division, office_id)


def _wanted(
    wanted: Annotated[Wanted, Depends(wanted_records)],
    rating: Annotated[RatingLevel | None, Query(description="满意度。")] = None,
    status: Annotated[RatingStatus | None, Query(description="是否计入统计。")] = None,
) -> Wanted:
    equal = (("rating", rating),) if rating else ()
    return Wanted(within=wanted.within, statuses=(status,) if status else (), equal=equal)


async def _seldom(count: Counting, body: ProofBody) -> None:
    """A proof by number and identity is counted before anything is looked up; a code or an own account guesses none."""
    if body.case_number is not None:
        await count(body.case_number)


async def _proof(count: Counting, body: ProofBody) -> ProofBody:
    await _seldom(count, body)
    return body


async def _rating(count: Counting, body: RatingBody) -> RatingBody:
    await _seldom(count, body)
    return body


Proven = Annotated[ProofBody, Depends(_proof)]
Given = Annotated[RatingBody, Depends(_rating)]
Period = Annotated[Asked, Depends(_asked)]


@router.post(
    "", status_code=201, response_model=RatedAnswer, responses=TOO_MANY, summary="评价",
    description="无需登录。现场一次一评（凭评价码），网上一事一评；不评价不影响办结。差评同时开始整改。",
)  # fmt: skip
async def rate_matter(body: Given, uow: OpenUow, cipher: Cipher) -> Response:
    """Rates a visit or a matter."""
    rated = await service.rate_matter(uow, cipher=cipher, proof=body.to_proof(), given=body.to_given())
    return answer(RatedAnswer.of(rated), status=201)


@router.post(
    "/supplements", status_code=201, response_model=RatedAnswer, responses=TOO_MANY, summary="追评",
    description="无需登录。首次评价后可追评一次，首次评价保留。",
)  # fmt: skip
async def supplement_rating(body: Given, uow: OpenUow, cipher: Cipher) -> Response:
    """Supplements a rating."""
    rated = await service.supplement_rating(uow, cipher=cipher, proof=body.to_proof(), given=body.to_given())
    return answer(RatedAnswer.of(rated), status=201)


@router.post(
    "/outcomes", responses=TOO_MANY, summary="查询评价结果",
    description="无需登录。凭办件编号和证件号码查询评价及其整改结果；凭评价码只查询是否已收到该次评价。",
)  # fmt: skip
async def list_outcomes(body: Proven, uow: OpenUow, cipher: Cipher) -> list[OutcomeAnswer]:
    """Tells the rater what became of it."""
    found = await service.list_outcomes(uow, cipher=cipher, proof=body.to_proof())
    return [OutcomeAnswer.told(one) for one in found]


@router.post(
    "/tokens", responses=_NAMES_A_CASE, summary="出具评价码",
    description="印在回执上；同一办件同一日相同，当日有现场办理记录的方可出具。经办过该办件的人员不能出具。出具行为留痕。",
)  # fmt: skip
async def give_token(uow: Uow, cipher: Cipher, body: TokenBody) -> TokenAnswer:
    """Gives the code of today's visit."""
    token, visit_on = await service.give_token(uow, cipher=cipher, case_id=body.case_id)
    return TokenAnswer(token=token, visit_on=visit_on)


@router.get("", summary="评价列表", description="本人管辖范围内的；被评价人看不到对自己的评价。")
async def list_ratings(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(_wanted)]
) -> Page[RatingAnswer]:
    """Lists ratings."""
    of = f"ratings:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_ratings(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RatingAnswer.of, of=of)


@router.get(
    "/figures",
    summary="评价统计（公开）",
    description="无需登录。按已结束的整月查询；评价数过少的统计单元不公开，以保护评价人。",
)
async def show_figures(session: ReadSession, asked: Period) -> FiguresAnswer:
    """Shows the public figures."""
    return FiguresAnswer.of(await service.show_public_figures(session, asked))


@router.get(
    "/counts",
    summary="评价统计（内部）",
    description="本人管辖范围内的；机构负责人按已结束的整月查询，过小的数不显示。",
)
async def count_ratings(session: ReadSession, actor: CurrentActor, asked: Period) -> FiguresAnswer:
    """Shows the figures of the scope."""
    return FiguresAnswer.of(await service.count_ratings(session, asked, actor=actor))


@router.get(
    "/signs", summary="异常评价提示",
    description="按机构列出疑似诱导、强制或虚假评价的迹象及其数字，供监督员核查；不产生任何自动处理。",
)  # fmt: skip
async def list_signs(
    session: ReadSession, actor: CurrentActor, paging: Paging, asked: Period
) -> Page[OfficeSignsAnswer]:
    """Lists signs of coerced windows."""
    of = f"signs:{asked}"
    after = paging.after(UUID, of=of)
    rows = await service.list_signs(session, asked, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.office_id,), show=OfficeSignsAnswer.of, of=of)


@router.get("/records/{rating_id}", summary="一次评价", description="不含评价人和未脱敏的文字。")
async def get_rating(session: ReadSession, actor: CurrentActor, rating_id: UUID, response: Response) -> RatingAnswer:
    """Shows a rating."""
    state = await service.get_rating(session, actor=actor, rating_id=rating_id)
    response.headers["ETag"] = etag_of(state.version)
    return RatingAnswer.of(state)


@router.post(
    "/records/{rating_id}/text-disclosures", response_model=TextAnswer, summary="查看评价原文",
    description="须说明理由，查看留痕。",
)  # fmt: skip
async def disclose_text(uow: Uow, cipher: Cipher, rating_id: UUID, body: ReasonBody) -> Response:
    """Shows what the rater wrote."""
    text = await service.disclose_text(uow, cipher=cipher, rating_id=rating_id, reason=body.reason)
    shown = answer(TextAnswer(text=text))
    shown.headers["Cache-Control"] = "no-store"
    return shown


@router.put(
    "/records/{rating_id}/masked-text", response_model=RatingAnswer, summary="登记脱敏文字",
    description="须带 If-Match；承办人只看脱敏后的文字。",
)  # fmt: skip
async def mask_text(uow: Uow, rating_id: UUID, version: IfMatch, body: MaskBody) -> Response:
    """Stores the masked text."""
    state = await service.mask_text(uow, seen=Seen(rating_id, version), masked=body.masked_text)
    return answer(RatingAnswer.of(state), version=state.version)


@router.post(
    "/records/{rating_id}/exclusion", response_model=RatingAnswer, summary="认定恶意评价",
    description="须带 If-Match；只由上级监督员在核实不属实后认定。评价保留，不计入统计。",
)  # fmt: skip
async def exclude_rating(uow: Uow, rating_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Excludes a rating from the figures."""
    state = await service.exclude_rating(uow, seen=Seen(rating_id, version), reason=body.reason)
    return answer(RatingAnswer.of(state), version=state.version)
