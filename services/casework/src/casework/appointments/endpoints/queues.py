"""Tickets and calls over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.appointments import service
from casework.appointments.domain import TicketAct
from casework.appointments.schemas import QueueAnswer, TicketAnswer, TicketBody
from casework.deps import Idempotency, IfMatch, ReadConnection, Uow
from common.http import DivisionCode, answer, run_idempotent
from common.uow import UnitOfWork

router = APIRouter(prefix="/appointments", tags=["appointments"])


@router.post(
    "/tickets", status_code=201, response_model=TicketAnswer, summary="取号",
    description="由机构工作人员或取号机为到场的人取号；每个机构每天按业务类别连续编号。",
)  # fmt: skip
async def take_ticket(body: TicketBody, uow: Uow, once: Idempotency) -> Response:
    """Draws a ticket."""

    async def work() -> Response:
        made = await service.take_ticket(uow, division=body.division, duty=body.duty)
        location = f"/casework/v1/appointments/tickets/{made.ticket.id}"
        return answer(TicketAnswer.of(made), status=201, version=made.ticket.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get(
    "/tickets/{ticket_id}", response_model=TicketAnswer, summary="号票",
    description="号票的状态和前面等候的人数。无需登录。",
)  # fmt: skip
async def get_ticket(conn: ReadConnection, ticket_id: UUID) -> Response:
    """Shows a ticket."""
    found = await service.get_ticket(conn, ticket_id=ticket_id)
    return answer(TicketAnswer.of(found), version=found.ticket.version)


@router.post(
    "/windows/{window_id}/calls", status_code=201, response_model=TicketAnswer, summary="叫号",
    description="叫下一个该窗口可办的号：到了预约时间的优先，其余按取号先后。两个窗口不会叫到同一个号。",
)  # fmt: skip
async def call_next(uow: Uow, once: Idempotency, window_id: UUID) -> Response:
    """Calls the next ticket."""

    async def work() -> Response:
        called = await service.call_next(uow, window_id=window_id)
        return answer(TicketAnswer.of(called), status=201, version=called.ticket.version)

    return await run_idempotent(uow, once, work)


@router.post("/tickets/{ticket_id}/recall", response_model=TicketAnswer, summary="重呼", description="再叫一次。")
async def recall_ticket(uow: Uow, version: IfMatch, ticket_id: UUID) -> Response:
    """Calls again."""
    return await _moved(uow, ticket_id, version, "recall")


@router.post("/tickets/{ticket_id}/skip", response_model=TicketAnswer, summary="过号", description="叫后无人应答。")
async def skip_ticket(uow: Uow, version: IfMatch, ticket_id: UUID) -> Response:
    """Passes over."""
    return await _moved(uow, ticket_id, version, "skip")


@router.post("/tickets/{ticket_id}/service", response_model=TicketAnswer, summary="开始办理", description="已到窗口。")
async def serve_ticket(uow: Uow, version: IfMatch, ticket_id: UUID) -> Response:
    """Serves."""
    return await _moved(uow, ticket_id, version, "serve")


@router.post("/tickets/{ticket_id}/finish", response_model=TicketAnswer, summary="办理完毕", description="窗口空出。")
async def finish_ticket(uow: Uow, version: IfMatch, ticket_id: UUID) -> Response:
    """Finishes."""
    return await _moved(uow, ticket_id, version, "finish")


@router.get("/queue", summary="排队情况", description="一个机构今天各类业务的等候人数和正在叫的号。无需登录。")
async def get_queue(
    conn: ReadConnection, division: Annotated[DivisionCode, Query(description="机构所在区划。")]
) -> QueueAnswer:
    """Shows the queue of an office."""
    return QueueAnswer.of(await service.get_queue(conn, division=division))


async def _moved(uow: UnitOfWork, ticket_id: UUID, version: int, act: TicketAct) -> Response:
    moved = await service.move_ticket(uow, ticket_id=ticket_id, version=version, act=act)
    return answer(TicketAnswer.of(moved), version=moved.ticket.version)
