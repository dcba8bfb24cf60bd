"""Rule texts, processes and the log of publications over HTTP; reading is public. Source: O4.1a, O4.3e."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from casework.items.service import procedure_families
from casework.procedures import service
from casework.procedures.schemas import (
    GapsAnswer,
    PublicationAnswer,
    TextAnswer,
    TextBody,
    TextsAnswer,
    TextSummary,
    VersionBody,
    WithdrawalBody,
)
from common.contracts.casework.catalogue import (
    ProcedureFamily,
    PublicationKind,
    PublicationStatus,
    RuleTextKind,
    RuleTextState,
)
from common.http import (
    NOT_MODIFIED,
    DivisionCode,
    IfNoneMatch,
    Page,
    answer,
    etag_of,
    public_answer,
    run_idempotent,
)
from common.records.service import Wanted

router = APIRouter(prefix="/procedures", tags=["procedures"])

Within = Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")]
At = Annotated[DivisionCode, Query(description="在该区划有效的，含上级的。")]
Family = Annotated[ProcedureFamily | None, Query(description="只列该类。")]
Kind = Annotated[RuleTextKind | None, Query(description="rule 规章制度，process 工作流程。")]


def _families() -> dict[str, str]:
    return dict(procedure_families())


def _summary(state: RuleTextState) -> TextSummary:
    return TextSummary.of(state, _families())


def _whole(state: RuleTextState) -> TextAnswer:
    return TextAnswer.of(state, _families())


def _equal(**values: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in values.items() if value is not None)


@router.get(
    "/texts", response_model=Page[TextSummary], responses=NOT_MODIFIED, summary="规章制度和工作流程",
    description="全部文本的全部版本，含已被取代和已撤回的，不含全文。无需登录。",
)  # fmt: skip
async def list_texts(
    session: ReadSession,
    paging: Paging,
    seen: IfNoneMatch = None,
    division: Within = None,
    family: Family = None,
    kind: Kind = None,
) -> Response:
    """Lists all versions of all texts."""
    wanted = Wanted(within=division, equal=_equal(family=family, kind=kind))
    of = f"procedures/texts:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_texts(session, wanted, after=after[0] if after else None, limit=paging.fetch)
    return public_answer(paging.page(rows, key=lambda row: (row.id,), show=_summary, of=of), seen=seen)


@router.get(
    "/texts/in-force", response_model=TextsAnswer, responses=NOT_MODIFIED, summary="某区划有效的文本",
    description="某日在某区划有效的规章制度和工作流程，本级在前、上级在后。无需登录。",
)  # fmt: skip
async def list_in_force(
    session: ReadSession,
    division: At,
    on: AsOf,
    seen: IfNoneMatch = None,
    family: Family = None,
    kind: Kind = None,
) -> Response:
    """Lists the texts that hold at a division."""
    found = await service.list_in_force(session, division=division, on=on, family=family, kind=kind)
    return public_answer(TextsAnswer(texts=[_summary(one) for one in found]), seen=seen)


@router.get(
    "/texts/{text_id}", response_model=TextAnswer, responses=NOT_MODIFIED, summary="一个版本的全文",
    description="ETag 为该记录的版本号，取代或者撤回时在 If-Match 中填写。无需登录。",
)  # fmt: skip
async def get_text(session: ReadSession, text_id: UUID, seen: IfNoneMatch = None) -> Response:
    """Shows one version of a text."""
    state = await service.get_text(session, text_id)
    return public_answer(_whole(state), seen=seen, tag=etag_of(state.version))


@router.get(
    "/texts/{text_id}/versions", response_model=TextsAnswer, responses=NOT_MODIFIED, summary="同一文本的全部版本",
    description="按版本先后排列。无需登录。",
)  # fmt: skip
async def list_versions(session: ReadSession, text_id: UUID, seen: IfNoneMatch = None) -> Response:
    """Lists the versions of a text."""
    found = await service.list_versions(session, text_id)
    return public_answer(TextsAnswer(texts=[_summary(one) for one in found]), seen=seen)


@router.post(
    "/texts", status_code=201, response_model=TextAnswer, summary="发布规章制度或者工作流程",
    description="发布即公开，记入公开日志；村（社区）服务站点不单独制定。",
)  # fmt: skip
async def issue_text(uow: Uow, actor: CurrentActor, once: Idempotency, body: TextBody) -> Response:
    """Issues a text."""

    async def work() -> Response:
        state = await service.issue_text(
            uow, actor=actor, division=body.division, family=body.family, kind=body.kind, words=body.to_words()
        )
        return _created(state)

    return await run_idempotent(uow, once, work)


@router.post(
    "/texts/{text_id}/versions", status_code=201, response_model=TextAnswer, summary="发布新版本",
    description="须带 If-Match；原版本自新版本施行之日起失效，记入公开日志。",
)  # fmt: skip
async def issue_version(
    uow: Uow,
    actor: CurrentActor,
    once: Idempotency,
    text_id: UUID,
    expected_version: IfMatch,
    body: VersionBody,
) -> Response:
    """Issues the next version of a text."""

    async def work() -> Response:
        state = await service.issue_version(
            uow, actor=actor, text_id=text_id, expected_version=expected_version, words=body.to_words()
        )
        return _created(state)

    return await run_idempotent(uow, once, work)


@router.post(
    "/texts/{text_id}/withdrawal", response_model=TextAnswer, summary="撤回",
    description="须带 If-Match；自今日起失效，全文仍可查阅，公开日志记明何时、为何撤回。",
)  # fmt: skip
async def withdraw_text(
    uow: Uow, actor: CurrentActor, text_id: UUID, expected_version: IfMatch, body: WithdrawalBody
) -> Response:
    """Withdraws a text."""
    state = await service.withdraw_text(
        uow, actor=actor, text_id=text_id, expected_version=expected_version, reason=body.reason
    )
    return answer(_whole(state), version=state.version)


@router.get(
    "/publications", response_model=Page[PublicationAnswer], responses=NOT_MODIFIED, summary="公开日志",
    description="公开了什么、何时、哪一版、由哪里公开、何时撤回，按公开的先后排列。无需登录。",
)  # fmt: skip
async def list_publications(
    session: ReadSession,
    paging: Paging,
    seen: IfNoneMatch = None,
    division: Within = None,
    kind: Annotated[PublicationKind | None, Query(description="只列该种内容。")] = None,
    subject: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="事项编号，或者文本的 series。")
    ] = None,
    status: Annotated[PublicationStatus | None, Query(description="published 已公开，withdrawn 已撤回。")] = None,
) -> Response:
    """Lists the log of publications."""
    statuses = () if status is None else (status,)
    wanted = Wanted(within=division, statuses=statuses, equal=_equal(kind=kind, subject=subject))
    of = f"procedures/publications:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_publications(session, wanted, after=after[0] if after else None, limit=paging.fetch)
    return public_answer(paging.page(rows, key=lambda row: (row.id,), show=PublicationAnswer.of, of=of), seen=seen)


@router.get(
    "/gaps", response_model=GapsAnswer, responses=NOT_MODIFIED, summary="六类规章制度是否齐全",
    description="六类规章制度在某区划、某日各有哪些有效文本；没有的列为缺项。无需登录。",
)  # fmt: skip
async def list_gaps(session: ReadSession, division: At, on: AsOf, seen: IfNoneMatch = None) -> Response:
    """Tells which of the six families have no rule text."""
    found = await service.judge_division(session, division=division, on=on)
    return public_answer(GapsAnswer.of(division, on, found, _families()), seen=seen)


def _created(state: RuleTextState) -> Response:
    location = f"/casework/v1/procedures/texts/{state.id}"
    return answer(_whole(state), status=201, version=state.version, location=location)
