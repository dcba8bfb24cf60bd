"""HTTP of orders of supervision (督办). Source: S6, O6.3a."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.clock import today
from common.contracts.reporting.orders import OrderState, OrderStatus
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from reporting.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from reporting.orders import service
from reporting.orders.schemas import (
    AnswerBody,
    ClosingBody,
    ExtensionBody,
    ExtensionDecisionBody,
    OrderAnswer,
    OrderBody,
    OrderCountsAnswer,
    ReturnBody,
    SubtreeCountsAnswer,
    WithdrawalBody,
)
from reporting.orders.service import Seen, WantedOrders

router = APIRouter(prefix="/orders", tags=["orders"])


def _answer(state: OrderState) -> Response:
    return answer(OrderAnswer.of(state), version=state.version)


@router.post(
    "", status_code=201, response_model=OrderAnswer, summary="发出督办",
    description="由上级向下级发出，写明要求、依据条款和期限；逐级下达并签收。",
)  # fmt: skip
async def issue_order(uow: Uow, actor: CurrentActor, once: Idempotency, body: OrderBody) -> Response:
    """Issues an order."""

    async def work() -> Response:
        state = await service.issue_order(
            uow,
            actor=actor,
            to_division=body.to_division,
            title=body.title,
            demand=body.demand,
            clause=body.clause,
            due_on=body.due_on,
            about=(body.about.record, body.about.id) if body.about else None,
        )
        location = f"/reporting/v1/orders/records/{state.id}"
        return answer(OrderAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="督办事项", description="发往本区划及其以下的督办事项，按发出先后排列。")
async def list_orders(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    division: Annotated[DivisionCode | None, Query(description="只列发往该区划及其以下的。")] = None,
    issued_by: Annotated[DivisionCode | None, Query(description="只列该区划发出的。")] = None,
    status: Annotated[OrderStatus | None, Query(description="状态。")] = None,
    overdue: Annotated[bool, Query(description="只列已逾期的。")] = False,  # noqa: FBT002
    about_id: Annotated[UUID | None, Query(description="只列关于该记录的。")] = None,
) -> Page[OrderAnswer]:
    """Lists orders."""
    wanted = WantedOrders(
        within=division,
        issued_by=issued_by,
        statuses=(status,) if status else (),
        overdue_on=today() if overdue else None,
        about_id=about_id,
    )
    of = f"orders:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_orders(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=OrderAnswer.of, of=of)


@router.get(
    "/counts", summary="督办事项件数",
    description="发往一个区划及其以下的件数，按状态、是否逾期，并列出各直接下级。",
)  # fmt: skip
async def count_orders(
    session: ReadSession,
    actor: CurrentActor,
    on: AsOf,
    division: Annotated[DivisionCode | None, Query(description="缺省为本区划。")] = None,
) -> SubtreeCountsAnswer:
    """Counts orders."""
    root = division or actor.division
    total, children = await service.count_orders(session, actor=actor, division=root, on=on)
    return SubtreeCountsAnswer(
        on=on,
        total=OrderCountsAnswer.of(root, total),
        children=[OrderCountsAnswer.of(code, counts) for code, counts in children.items()],
    )


@router.get("/records/{order_id}", summary="一件督办事项", description="被督办单位及其以上可以查看。")
async def get_order(session: ReadSession, actor: CurrentActor, order_id: UUID, response: Response) -> OrderAnswer:
    """Shows an order."""
    state = await service.get_order(session, order_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return OrderAnswer.of(state)


@router.post(
    "/records/{order_id}/acknowledgement", response_model=OrderAnswer, summary="签收",
    description="须带 If-Match；由被督办单位签收。",
)  # fmt: skip
async def acknowledge_order(uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch) -> Response:
    """Takes note of an order."""
    return _answer(await service.acknowledge_order(uow, actor=actor, seen=Seen(order_id, version)))


@router.post(
    "/records/{order_id}/answers", response_model=OrderAnswer, summary="答复",
    description="须带 If-Match；由被督办单位答复并附佐证材料，逾期也可以答复。",
)  # fmt: skip
async def answer_order(uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch, body: AnswerBody) -> Response:
    """Answers an order."""
    evidence = tuple(one.to_state() for one in body.evidence)
    state = await service.answer_order(
        uow, actor=actor, seen=Seen(order_id, version), text=body.text, evidence=evidence
    )
    return _answer(state)


@router.post(
    "/records/{order_id}/returns", response_model=OrderAnswer, summary="退回补充",
    description="须带 If-Match；由督办机关退回并说明还缺什么。",
)  # fmt: skip
async def return_order(uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch, body: ReturnBody) -> Response:
    """Returns an answer."""
    return _answer(await service.return_order(uow, actor=actor, seen=Seen(order_id, version), missing=body.missing))


@router.post(
    "/records/{order_id}/closure", response_model=OrderAnswer, summary="办结",
    description="须带 If-Match；由督办机关审核答复后办结，是否按期以答复之日为准。",
)  # fmt: skip
async def close_order(uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch, body: ClosingBody) -> Response:
    """Accepts an answer and closes the order."""
    return _answer(await service.close_order(uow, actor=actor, seen=Seen(order_id, version), remark=body.remark))


@router.post(
    "/records/{order_id}/extension", response_model=OrderAnswer, summary="申请延期",
    description="须带 If-Match；由被督办单位申请，督办机关决定之前期限不变。",
)  # fmt: skip
async def ask_order_extension(
    uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch, body: ExtensionBody
) -> Response:
    """Asks for more time."""
    state = await service.ask_extension(
        uow, actor=actor, seen=Seen(order_id, version), due_on=body.due_on, reason=body.reason
    )
    return _answer(state)


@router.post(
    "/records/{order_id}/extension/decision", response_model=OrderAnswer, summary="决定延期申请",
    description="须带 If-Match；由督办机关决定。",
)  # fmt: skip
async def decide_order_extension(
    uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch, body: ExtensionDecisionBody
) -> Response:
    """Decides on more time."""
    state = await service.decide_extension(
        uow, actor=actor, seen=Seen(order_id, version), approves=body.approves, reason=body.reason
    )
    return _answer(state)


@router.post(
    "/records/{order_id}/withdrawal", response_model=OrderAnswer, summary="撤销督办",
    description="须带 If-Match；由督办机关撤销并说明理由，记录仍可查阅。",
)  # fmt: skip
async def withdraw_order(
    uow: Uow, actor: CurrentActor, order_id: UUID, version: IfMatch, body: WithdrawalBody
) -> Response:
    """Takes an order back."""
    return _answer(await service.withdraw_order(uow, actor=actor, seen=Seen(order_id, version), reason=body.reason))
