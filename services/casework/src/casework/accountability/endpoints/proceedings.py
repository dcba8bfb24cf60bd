"""Proceedings of accountability over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.accountability import service
from casework.accountability.schemas import (
    AppealBody,
    DecisionBody,
    DisclosedTexts,
    DisclosureBody,
    OutcomeBody,
    ProceedingAnswer,
    ProceedingBody,
    StatementBody,
)
from casework.deps import Cipher, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from common.contracts.casework.accountability import ProceedingState, ProceedingStatus
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent

router = APIRouter(prefix="/proceedings")


def _shown(state: ProceedingState) -> ProceedingAnswer:
    return ProceedingAnswer.of(state, service.decision_labels())


def _answer(state: ProceedingState) -> Response:
    return answer(_shown(state), version=state.version)


@router.post(
    "",
    status_code=201,
    response_model=ProceedingAnswer,
    summary="启动责任追究",
    description="由机构负责人或上级监督员启动，不得由本人启动；依据为红牌预警、查实的投诉或整改，或检查发现。",
)
async def open_proceeding(body: ProceedingBody, uow: Uow, actor: CurrentActor, once: Idempotency) -> Response:
    """Opens a proceeding."""

    async def work() -> Response:
        state = await service.open_proceeding(uow, actor=actor, new=body.to_domain())
        location = f"/casework/v1/accountability/proceedings/{state.id}"
        return answer(_shown(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get(
    "",
    summary="责任追究列表",
    description="机构负责人和监督员看管辖范围内的；当事人只看本人的（`own=true`）。其他人一律看不到。",
)
async def list_proceedings(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    status: Annotated[ProceedingStatus | None, Query(description="状态。")] = None,
    division: Annotated[DivisionCode | None, Query(description="该区划及其以下的。")] = None,
    own: Annotated[bool, Query(description="只看追究本人的。")] = False,  # noqa: FBT002 - a query parameter
) -> Page[ProceedingAnswer]:
    """Lists proceedings."""
    of = f"accountability/proceedings:{status}:{division}:{own}"
    after = paging.after(UUID, of=of)
    rows = await service.list_proceedings(
        session,
        actor=actor,
        status=status,
        division=division,
        is_own=own,
        after=after[0] if after else None,
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.id,), show=_shown, of=of)


@router.get("/{proceeding_id}", summary="一件责任追究", description="可见范围同列表；不可见的视为不存在。")
async def get_proceeding(
    proceeding_id: UUID, session: ReadSession, actor: CurrentActor, response: Response
) -> ProceedingAnswer:
    """Shows one proceeding."""
    state = await service.get_proceeding(session, proceeding_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return _shown(state)


@router.post(
    "/{proceeding_id}/statement",
    response_model=ProceedingAnswer,
    summary="陈述申辩",
    description="只由当事人本人提出，须带 If-Match；原文加密保存。",
)
async def state_side_of_proceeding(
    proceeding_id: UUID, body: StatementBody, uow: Uow, cipher: Cipher, actor: CurrentActor, version: IfMatch
) -> Response:
    """The person states their side."""
    return _answer(
        await service.state_side(
            uow,
            cipher,
            actor=actor,
            proceeding_id=proceeding_id,
            expected_version=version,
            statement=body.statement,
        )
    )


@router.post(
    "/{proceeding_id}/decision",
    response_model=ProceedingAnswer,
    summary="作出处理决定",
    description="当事人陈述之后或陈述期限满后，由当事人、启动人、查办人以外的负责人或上级监督员作出；须带 If-Match。",
)
async def decide_proceeding(
    proceeding_id: UUID, body: DecisionBody, uow: Uow, actor: CurrentActor, version: IfMatch
) -> Response:
    """Decides."""
    return _answer(
        await service.decide(
            uow,
            actor=actor,
            proceeding_id=proceeding_id,
            expected_version=version,
            kind=body.kind,
            reason=body.reason,
        )
    )


@router.post(
    "/{proceeding_id}/appeal",
    response_model=ProceedingAnswer,
    summary="申诉",
    description="只由当事人本人在申诉期限内提出一次，由上一级处理；须带 If-Match；原文加密保存。",
)
async def appeal_decision(
    proceeding_id: UUID, body: AppealBody, uow: Uow, cipher: Cipher, actor: CurrentActor, version: IfMatch
) -> Response:
    """The person appeals."""
    return _answer(
        await service.appeal(
            uow, cipher, actor=actor, proceeding_id=proceeding_id, expected_version=version, grounds=body.grounds
        )
    )


@router.post(
    "/{proceeding_id}/outcome",
    response_model=ProceedingAnswer,
    summary="处理申诉",
    description="由上一级及以上、与本案无关的监督员处理：维持、变更（只能减轻）或撤销，随即生效。须带 If-Match。",
)
async def hear_appeal(
    proceeding_id: UUID, body: OutcomeBody, uow: Uow, actor: CurrentActor, version: IfMatch
) -> Response:
    """Hears an appeal."""
    return _answer(
        await service.hear_appeal(
            uow,
            actor=actor,
            proceeding_id=proceeding_id,
            expected_version=version,
            result=body.result,
            kind=body.kind,
            reason=body.reason,
        )
    )


@router.post(
    "/{proceeding_id}/disclosures",
    summary="查看陈述和申诉原文",
    description="须说明理由；每次查看均单独留痕，因此不支持 Idempotency-Key。可见范围同列表。",
)
async def disclose_proceeding_texts(
    proceeding_id: UUID, body: DisclosureBody, uow: Uow, cipher: Cipher, actor: CurrentActor
) -> DisclosedTexts:
    """Shows the sealed texts."""
    texts = await service.disclose_texts(uow, cipher, actor=actor, proceeding_id=proceeding_id, reason=body.reason)
    return DisclosedTexts(statement=texts.get("statement"), appeal=texts.get("appeal"))
