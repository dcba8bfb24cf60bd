"""Windows, slots and bookings over HTTP: what an office offers is public, who has booked is not."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.appointments import service
from casework.appointments.schemas import (
    BookingAnswer,
    BookingBody,
    DisclosedPerson,
    DisclosureBody,
    MostOpen,
    SlotAnswer,
    SlotPatch,
    SlotsAnswer,
    SlotsBody,
    WindowAnswer,
    WindowBody,
    WindowPatch,
    WindowsAnswer,
)
from casework.appointments.service.offering import Offer
from casework.deps import Cipher, CurrentActor, Idempotency, IfMatch, IsoDay, Paging, ReadConnection, ReadSession, Uow
from common.http import DivisionCode, Page, answer, run_idempotent

router = APIRouter(prefix="/appointments", tags=["appointments"])
_BASE = "/casework/v1/appointments"


@router.post(
    "/windows", status_code=201, response_model=WindowAnswer, summary="设置服务窗口",
    description="由机构负责人设置窗口编号及其办理的业务，供排队叫号使用。",
)  # fmt: skip
async def open_window(body: WindowBody, uow: Uow, once: Idempotency) -> Response:
    """Sets up a window."""

    async def work() -> Response:
        made = await service.open_window(uow, division=body.division, number=body.number, duties=body.duties)
        return answer(WindowAnswer.of(made), status=201, version=made.version, location=f"{_BASE}/windows/{made.id}")

    return await run_idempotent(uow, once, work)


@router.get("/windows", summary="服务窗口列表", description="一个机构的服务窗口及其办理的业务。无需登录。")
async def list_windows(
    session: ReadSession, division: Annotated[DivisionCode, Query(description="机构所在区划。")]
) -> WindowsAnswer:
    """Lists the windows of an office."""
    found = await service.list_windows(session, division=division)
    return WindowsAnswer(items=[WindowAnswer.of(window) for window in found])


@router.patch(
    "/windows/{window_id}",
    response_model=WindowAnswer,
    summary="调整服务窗口",
    description="调整业务，开放或关闭。",
)
async def change_window(body: WindowPatch, uow: Uow, version: IfMatch, window_id: UUID) -> Response:
    """Changes a window."""
    changed = await service.change_window(
        uow, window_id=window_id, version=version, duties=body.duties, is_open=body.is_open
    )
    return answer(WindowAnswer.of(changed), version=changed.version)


@router.post(
    "/slots", status_code=201, response_model=SlotsAnswer, summary="开放预约时段",
    description="在一段日期内的每个工作日开放相同的时段；与已有时段重叠的保留原时段。返回该段日期内的全部时段。",
)  # fmt: skip
async def open_slots(body: SlotsBody, uow: Uow, once: Idempotency) -> Response:
    """Opens slots."""

    async def work() -> Response:
        offer = Offer(body.division, body.first, body.last, tuple(one.to_domain() for one in body.times), body.capacity)
        slots = await service.open_slots(uow, offer=offer)
        return answer(SlotsAnswer(items=[SlotAnswer.of(slot) for slot in slots]), status=201)

    return await run_idempotent(uow, once, work)


@router.get("/slots", summary="预约时段列表", description="一个机构在一段日期内的时段及剩余名额。无需登录。")
async def list_slots(
    conn: ReadConnection,
    division: Annotated[DivisionCode, Query(description="机构所在区划。")],
    first: Annotated[IsoDay, Query(description="首日。")],
    last: Annotated[IsoDay, Query(description="末日。")],
) -> SlotsAnswer:
    """Lists the slots of an office."""
    slots = await service.list_slots(conn, division=division, first=first, last=last)
    return SlotsAnswer(items=[SlotAnswer.of(slot) for slot in slots])


@router.patch("/slots/{slot_id}", summary="调整名额", description="名额不得少于已预约人数。")
async def change_slot(body: SlotPatch, uow: Uow, slot_id: UUID) -> SlotAnswer:
    """Changes the places of a slot."""
    return SlotAnswer.of(await service.change_slot(uow, slot_id=slot_id, capacity=body.capacity))


@router.post(
    "/bookings", status_code=201, response_model=BookingAnswer, summary="预约",
    description="群众本人预约或由工作人员代为预约；同一账号为同一人同一天在同一机构只能有一个有效预约，有效预约总数有上限。身份信息加密保存。",
)  # fmt: skip
async def create_booking(
    body: BookingBody, uow: Uow, cipher: Cipher, max_open: MostOpen, once: Idempotency
) -> Response:
    """Books."""

    async def work() -> Response:
        made = await service.book(
            uow,
            cipher=cipher,
            slot_id=body.slot_id,
            duty=body.duty,
            person=body.person.to_input(),
            max_open=max_open,
        )
        return answer(BookingAnswer.of(made), status=201, version=made.version, location=f"{_BASE}/bookings/{made.id}")

    return await run_idempotent(uow, once, work)


@router.get("/bookings", summary="预约列表", description="群众看本人的预约；工作人员看管辖范围内的，不含预约人信息。")
async def list_bookings(
    session: ReadSession,
    actor: CurrentActor,
    cipher: Cipher,
    paging: Paging,
    day: Annotated[IsoDay | None, Query(description="只列该日的。")] = None,
) -> Page[BookingAnswer]:
    """Lists bookings."""
    of = f"bookings:{day}"
    after = paging.after(UUID, of=of)
    rows = await service.list_bookings(
        session, cipher=cipher, actor=actor, day=day, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=BookingAnswer.of, of=of)


@router.get(
    "/bookings/{booking_id}", response_model=BookingAnswer, summary="预约", description="本人的或管辖范围内的一个预约。"
)
async def get_booking(session: ReadSession, actor: CurrentActor, cipher: Cipher, booking_id: UUID) -> Response:
    """Shows a booking."""
    found = await service.get_booking(session, cipher=cipher, actor=actor, booking_id=booking_id)
    return answer(BookingAnswer.of(found), version=found.version)


@router.post(
    "/bookings/{booking_id}/cancellation", response_model=BookingAnswer, summary="取消预约",
    description="在时段开始之前取消，名额随即放出。",
)  # fmt: skip
async def cancel_booking(uow: Uow, cipher: Cipher, version: IfMatch, booking_id: UUID) -> Response:
    """Takes a booking back."""
    ended = await service.cancel_booking(uow, cipher=cipher, booking_id=booking_id, version=version)
    return answer(BookingAnswer.of(ended), version=ended.version)


@router.post(
    "/bookings/{booking_id}/person-disclosures",
    summary="查看预约人信息",
    description="须说明理由；每次查看均单独留痕，因此不支持 Idempotency-Key。",
)
async def disclose_booking_person(body: DisclosureBody, uow: Uow, cipher: Cipher, booking_id: UUID) -> DisclosedPerson:
    """Shows who has booked."""
    person = await service.disclose_person(uow, cipher=cipher, booking_id=booking_id, reason=body.reason)
    return DisclosedPerson.of(person)


@router.post(
    "/bookings/{booking_id}/arrival", response_model=BookingAnswer, summary="到场取号",
    description="预约当日到场取号；到预约时间后优先叫号，早到的按取号顺序等候。",
)  # fmt: skip
async def arrive(uow: Uow, cipher: Cipher, version: IfMatch, booking_id: UUID) -> Response:
    """Draws the ticket of a booking."""
    ended = await service.arrive(uow, cipher=cipher, booking_id=booking_id, version=version)
    return answer(BookingAnswer.of(ended), version=ended.version)
