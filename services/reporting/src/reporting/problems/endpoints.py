"""Problems over HTTP: from any office straight to the province. Source: G2."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.contracts.reporting.problems import ProblemState, ProblemStatus, Urgency
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
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from reporting.problems import service
from reporting.problems.schemas import (
    ClosingBody,
    FaqAnswer,
    FaqBody,
    MergerBody,
    OrderBody,
    ProblemAnswer,
    ProblemBody,
    ProblemSummary,
    ReasonBody,
    TextBody,
)
from reporting.problems.service import Seen

router = APIRouter(prefix="/problems", tags=["problems"])


async def wanted_problems(
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下反映的。")] = None,
    status: Annotated[list[ProblemStatus] | None, Query(description="只列这些状态的。")] = None,
    urgency: Annotated[Urgency | None, Query(description="只列该紧急程度的。")] = None,
    clause: Annotated[str | None, Query(max_length=10, description="只列涉及该条款的。")] = None,
    programme: Annotated[str | None, Query(max_length=40, description="只列涉及该工作方案的。")] = None,
    holder: Annotated[str | None, Query(max_length=255, description="只列该账号承办的。")] = None,
    is_overdue: Annotated[bool, Query(description="只列已逾期的。")] = False,  # noqa: FBT002 - named in the address
) -> Wanted:
    """Dependency: which problems a list shows."""
    told: tuple[tuple[str, Any], ...] = (("urgency", urgency), ("clause", clause), ("programme", programme))
    return Wanted(
        within=division,
        statuses=tuple(status or ()),
        holder=holder,
        due_before=today() if is_overdue else None,
        equal=tuple((name, value) for name, value in told if value is not None),
    )


@router.get(
    "/faq", response_model=Page[FaqAnswer], responses=NOT_MODIFIED, summary="常见问题",
    description="省厅公开的问答，按反映先后排列。无需登录。",
)  # fmt: skip
async def list_faq(session: ReadSession, paging: Paging, seen: IfNoneMatch = None) -> Response:
    """Lists what the province has made public."""
    of = "problems/faq"
    after = paging.after(UUID, of=of)
    rows = await service.list_faq(session, after=after[0] if after else None, limit=paging.fetch)
    return public_answer(paging.page(rows, key=lambda row: (row.id,), show=FaqAnswer.of, of=of), seen=seen)


@router.get(
    "", summary="反映的问题", description="本机关及其以下反映的全部问题，按反映先后排列；中间层级可以查看，不得停办。",
)  # fmt: skip
async def list_problems(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_problems)]
) -> Page[ProblemSummary]:
    """Lists problems."""
    of = f"problems:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_problems(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ProblemSummary.of, of=of)


@router.get("/{problem_id}", summary="一个问题", description="ETag 为版本号，变更时在 If-Match 中填写。")
async def get_problem(session: ReadSession, actor: CurrentActor, problem_id: UUID, response: Response) -> ProblemAnswer:
    """Shows a problem."""
    state = await service.get_problem(session, actor=actor, problem_id=problem_id)
    response.headers["ETag"] = etag_of(state.version)
    return ProblemAnswer.of(state)


@router.post(
    "", status_code=201, response_model=ProblemAnswer, summary="径向省厅反映问题",
    description="任何机构直至村（社区）服务站均可反映，不经中间层级批准。",
)  # fmt: skip
async def report_problem(uow: Uow, once: Idempotency, body: ProblemBody) -> Response:
    """Reports a problem."""

    async def work() -> Response:
        state = await service.report_problem(uow, told=body.to_told())
        location = f"/reporting/v1/problems/{state.id}"
        return answer(ProblemAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.post(
    "/{problem_id}/take-up", response_model=ProblemAnswer, summary="受理",
    description="须带 If-Match；由省厅受理，自受理之日起计答复期限。",
)  # fmt: skip
async def take_up_problem(uow: Uow, problem_id: UUID, version: IfMatch) -> Response:
    """Takes it up."""
    return _answer(await service.take_up_problem(uow, seen=Seen(problem_id, version)))


@router.post(
    "/{problem_id}/questions", response_model=ProblemAnswer, summary="要求补充",
    description="须带 If-Match；由省厅询问，补充之前答复期限停止计算。",
)  # fmt: skip
async def ask_back_about_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: TextBody) -> Response:
    """Asks the reporter."""
    return _answer(await service.ask_back(uow, seen=Seen(problem_id, version), text=body.text))


@router.post(
    "/{problem_id}/supplements", response_model=ProblemAnswer, summary="补充说明",
    description="须带 If-Match；由反映机构补充，答复期限按剩余天数继续计算。",
)  # fmt: skip
async def supplement_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: TextBody) -> Response:
    """Says more."""
    return _answer(await service.supplement_problem(uow, seen=Seen(problem_id, version), text=body.text))


@router.post(
    "/{problem_id}/answers", response_model=ProblemAnswer, summary="答复",
    description="须带 If-Match；由省厅答复，并入的问题同时答复。",
)  # fmt: skip
async def answer_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: TextBody) -> Response:
    """Answers it."""
    return _answer(await service.answer_problem(uow, seen=Seen(problem_id, version), text=body.text))


@router.post(
    "/{problem_id}/merger", response_model=ProblemAnswer, summary="并案",
    description="须带 If-Match；由省厅将重复的问题并入另一问题，一并答复各反映机构。",
)  # fmt: skip
async def merge_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: MergerBody) -> Response:
    """Merges a duplicate."""
    return _answer(await service.merge_problem(uow, seen=Seen(problem_id, version), into=body.into))


@router.post(
    "/{problem_id}/separation", response_model=ProblemAnswer, summary="撤销并案", description="须带 If-Match 和理由。",
)  # fmt: skip
async def separate_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Answers it by itself."""
    return _answer(await service.separate_problem(uow, seen=Seen(problem_id, version), reason=body.reason))


@router.post(
    "/{problem_id}/closing", response_model=ProblemAnswer, summary="办结",
    description="须带 If-Match；由反映机构办结并说明是否满意。",
)  # fmt: skip
async def close_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: ClosingBody) -> Response:
    """Closes it."""
    seen = Seen(problem_id, version)
    return _answer(await service.close_problem(uow, seen=seen, is_satisfied=body.is_satisfied, remark=body.remark))


@router.post(
    "/{problem_id}/reopening", response_model=ProblemAnswer, summary="重新提起",
    description="须带 If-Match 和理由；不满意的，由反映机构重新提起，限一次。",
)  # fmt: skip
async def reopen_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Reopens it."""
    return _answer(await service.reopen_problem(uow, seen=Seen(problem_id, version), reason=body.reason))


@router.post(
    "/{problem_id}/notes", response_model=ProblemAnswer, summary="附注意见",
    description="须带 If-Match；反映机构与省厅之间的各级可以附注意见，不影响办理。",
)  # fmt: skip
async def note_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: TextBody) -> Response:
    """Remarks something."""
    return _answer(await service.note_problem(uow, seen=Seen(problem_id, version), text=body.text))


@router.post(
    "/{problem_id}/orders", response_model=ProblemAnswer, summary="就问题督办",
    description="须带 If-Match；由省厅向下级发出督办，逐级下发。",
)  # fmt: skip
async def order_about_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: OrderBody) -> Response:
    """Issues a supervision order."""
    return _answer(await service.order_about_problem(uow, seen=Seen(problem_id, version), order=body.to_order()))


@router.put(
    "/{problem_id}/faq", response_model=ProblemAnswer, summary="公开问答",
    description="须带 If-Match；由省厅将问题和答复列入常见问题，须去除具体机构和个人的信息。",
)  # fmt: skip
async def publish_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: FaqBody) -> Response:
    """Makes it public."""
    seen = Seen(problem_id, version)
    return _answer(await service.publish_problem(uow, seen=seen, question=body.question, answer=body.answer))


@router.post(
    "/{problem_id}/faq-withdrawal", response_model=ProblemAnswer, summary="撤下问答",
    description="须带 If-Match 和理由。",
)  # fmt: skip
async def unpublish_problem(uow: Uow, problem_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Takes it back."""
    return _answer(await service.unpublish_problem(uow, seen=Seen(problem_id, version), reason=body.reason))


def _answer(state: ProblemState) -> Response:
    return answer(ProblemAnswer.of(state), version=state.version)
