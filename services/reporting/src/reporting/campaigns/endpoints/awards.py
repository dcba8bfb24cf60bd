"""Titles over HTTP: the public register, and what becomes of a title."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.campaigns import AwardStatus, WindowAwardState
from common.http import NOT_MODIFIED, DivisionCode, IfNoneMatch, Page, answer, etag_of, public_answer
from common.records.service import Wanted
from reporting.campaigns import service
from reporting.campaigns.schemas import (
    AwardAnswer,
    HolderAnswer,
    ReasonBody,
    RecheckBody,
    StatementBody,
    WithdrawalDecisionBody,
)
from reporting.deps import AsOf, CurrentActor, IfMatch, Paging, ReadSession, Uow

awards = APIRouter(prefix="/campaigns")

Within = Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")]


def _answer(state: WindowAwardState) -> Response:
    return answer(AwardAnswer.of(state), version=state.version)


@awards.get(
    "/holders", response_model=Page[HolderAnswer], responses=NOT_MODIFIED, summary="优质文明窗口名册",
    description="某日持有称号的机构。无需登录，不含个人信息。",
)  # fmt: skip
async def list_window_holders(
    session: ReadSession, paging: Paging, on: AsOf, seen: IfNoneMatch = None, division: Within = None
) -> Response:
    """Lists who holds a title on a day."""
    of = f"campaigns/holders:{on}:{division}"
    after = paging.after(UUID, of=of)
    rows = await service.list_holders(
        session, on=on, within=division, after=after[0] if after else None, limit=paging.fetch
    )
    return public_answer(paging.page(rows, key=lambda row: (row.id,), show=HolderAnswer.of, of=of), seen=seen)


@awards.get("/awards", summary="称号", description="本级及其以下机构的称号，含已撤销的。")
async def list_window_awards(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    division: Within = None,
    status: Annotated[AwardStatus | None, Query(description="状态。")] = None,
) -> Page[AwardAnswer]:
    """Lists titles."""
    wanted = Wanted(within=division, statuses=() if status is None else (status,))
    of = f"campaigns/awards:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_awards(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=AwardAnswer.of, of=of)


@awards.get("/awards/{award_id}", summary="一个称号", description="连同复核和撤销程序。")
async def get_window_award(
    session: ReadSession, actor: CurrentActor, award_id: UUID, response: Response
) -> AwardAnswer:
    """Shows a title."""
    state = await service.get_award(session, award_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return AwardAnswer.of(state)


@awards.post(
    "/awards/{award_id}/rechecks", response_model=AwardAnswer, summary="复核",
    description="须带 If-Match；由组织单位或者其与机构之间的各级进行。",
)  # fmt: skip
async def recheck_window_award(
    uow: Uow, actor: CurrentActor, award_id: UUID, version: IfMatch, body: RecheckBody
) -> Response:
    """Looks at a holder again."""
    state = await service.recheck_award(
        uow,
        actor=actor,
        award_id=award_id,
        expected_version=version,
        on=body.on,
        is_passed=body.is_passed,
        remark=body.remark,
        evidence=tuple(one.to_state() for one in body.evidence),
    )
    return _answer(state)


@awards.post(
    "/awards/{award_id}/withdrawal", response_model=AwardAnswer, summary="提出撤销称号",
    description="须带 If-Match；说明理由，先听取机构意见。",
)  # fmt: skip
async def propose_award_withdrawal(
    uow: Uow, actor: CurrentActor, award_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Proposes a withdrawal."""
    state = await service.propose_withdrawal(
        uow, actor=actor, award_id=award_id, expected_version=version, reason=body.reason
    )
    return _answer(state)


@awards.post(
    "/awards/{award_id}/withdrawal/statement", response_model=AwardAnswer, summary="陈述意见",
    description="须带 If-Match；由持有称号的机构陈述，只一次。",
)  # fmt: skip
async def state_on_award_withdrawal(
    uow: Uow, actor: CurrentActor, award_id: UUID, version: IfMatch, body: StatementBody
) -> Response:
    """The office states its side."""
    state = await service.state_on_withdrawal(
        uow, actor=actor, award_id=award_id, expected_version=version, text=body.text
    )
    return _answer(state)


@awards.post(
    "/awards/{award_id}/withdrawal/decision", response_model=AwardAnswer, summary="决定撤销称号",
    description="须带 If-Match；由组织单位中提出人以外的人员在听取意见后决定。",
)  # fmt: skip
async def decide_award_withdrawal(
    uow: Uow, actor: CurrentActor, award_id: UUID, version: IfMatch, body: WithdrawalDecisionBody
) -> Response:
    """Decides a withdrawal."""
    state = await service.decide_withdrawal(
        uow,
        actor=actor,
        award_id=award_id,
        expected_version=version,
        withdraws=body.withdraws,
        reason=body.reason,
    )
    return _answer(state)
