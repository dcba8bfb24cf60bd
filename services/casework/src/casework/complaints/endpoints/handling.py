"""What staff do with complaints."""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.responses import StreamingResponse

from casework.complaints import service
from casework.complaints.schemas import (
    AcceptanceBody,
    ComplainantAnswer,
    ComplaintAnswer,
    ContentAnswer,
    CountAnswer,
    ExtensionBody,
    PublicationBody,
    ReasonBody,
    ReassignmentBody,
    ReferralBody,
    ReplyBody,
)
from casework.complaints.service import Seen
from casework.deps import Cipher, CurrentActor, IfMatch, Paging, ReadSession, Uow
from casework.uploads.domain import EXTENSIONS, MEDIA_TYPES
from casework.uploads.schemas import UploadStore
from common.contracts.casework.complaints import ComplaintKind, ComplaintState, ComplaintStatus
from common.http import Page, answer, etag_of
from common.records.schemas import wanted_records
from common.records.service import Wanted

handling = APIRouter(prefix="/complaints", tags=["complaints"])

_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES.values()}}
}


def _wanted(
    wanted: Annotated[Wanted, Depends(wanted_records)],
    kind: Annotated[ComplaintKind | None, Query(description="咨询、投诉或者举报。")] = None,
    status: Annotated[ComplaintStatus | None, Query(description="状态。")] = None,
) -> Wanted:
    return Wanted(
        within=wanted.within,
        statuses=(status,) if status else (),
        equal=(("kind", kind),) if kind else (),
    )


Asked = Annotated[Wanted, Depends(_wanted)]


def _answer(state: ComplaintState) -> Response:
    return answer(ComplaintAnswer.of(state), version=state.version)


@handling.get(
    "", summary="咨询投诉举报列表",
    description="本人管辖范围内的；对本人或者本机构的不在其中，非负责人只看本人承办的。不含内容和提出人。",
)  # fmt: skip
async def list_complaints(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[ComplaintAnswer]:
    """Lists complaints."""
    of = f"complaints:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_complaints(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ComplaintAnswer.of, of=of)


@handling.get("/counts", summary="咨询投诉举报件数", description="按类别和状态；对本人或者本机构的不计。")
async def count_complaints(session: ReadSession, actor: CurrentActor, wanted: Asked) -> list[CountAnswer]:
    """Counts complaints."""
    found = await service.count_complaints(session, wanted, actor=actor, by=("kind", "status"))
    return [
        CountAnswer.of(cast("ComplaintKind", kind), cast("ComplaintStatus", status), count)
        for (kind, status), count in sorted(found.items(), key=str)
    ]


@handling.get("/records/{complaint_id}", summary="一件咨询、投诉或者举报", description="不含内容和提出人。")
async def get_complaint(
    session: ReadSession, actor: CurrentActor, complaint_id: UUID, response: Response
) -> ComplaintAnswer:
    """Shows a complaint."""
    state = await service.get_complaint(session, actor=actor, complaint_id=complaint_id)
    response.headers["ETag"] = etag_of(state.version)
    return ComplaintAnswer.of(state)


@handling.post(
    "/records/{complaint_id}/content-disclosures", response_model=ContentAnswer, summary="查看内容",
    description="由负责人或者承办人查看，须说明理由，留痕。",
)  # fmt: skip
async def disclose_content(uow: Uow, cipher: Cipher, complaint_id: UUID, body: ReasonBody) -> Response:
    """Shows what was written."""
    found = await service.disclose_content(uow, cipher=cipher, complaint_id=complaint_id, reason=body.reason)
    shown = answer(ContentAnswer(**{name: getattr(found, name) for name in ContentAnswer.model_fields}))
    shown.headers["Cache-Control"] = "no-store"
    return shown


@handling.post(
    "/records/{complaint_id}/complainant-disclosures", response_model=ComplainantAnswer, summary="查看提出人",
    description="只由承办人查看，须说明理由，留痕。",
)  # fmt: skip
async def disclose_complainant(uow: Uow, cipher: Cipher, complaint_id: UUID, body: ReasonBody) -> Response:
    """Shows who wrote it."""
    who = await service.disclose_complainant(uow, cipher=cipher, complaint_id=complaint_id, reason=body.reason)
    shown = answer(
        ComplainantAnswer(
            name=who.name,
            phone=who.phone,
            id_number=who.id_number,
            case_id=UUID(who.case_id) if who.case_id else None,
        )
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown


@handling.post(
    "/records/{complaint_id}/attachments/{place}/disclosures",
    response_class=StreamingResponse,
    responses=_FILES,
    summary="查看附件",
    description="只由承办人查看，须说明理由，留痕。以附件形式下载。",
)
async def disclose_attachment(
    uow: Uow,
    cipher: Cipher,
    store: UploadStore,
    complaint_id: UUID,
    place: Annotated[int, Path(ge=1, le=10, description="第几个附件。")],
    body: ReasonBody,
) -> StreamingResponse:
    """Sends a file that came with a complaint."""
    found = await service.open_attachment(
        uow, cipher=cipher, store=store, complaint_id=complaint_id, place=place, reason=body.reason
    )
    upload = found.content.upload
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{found.name}.{EXTENSIONS[upload.kind]}"',
        "Content-Length": str(upload.size_bytes),
    }
    return StreamingResponse(found.content.pieces, headers=headers, media_type=MEDIA_TYPES[upload.kind])


@handling.post(
    "/records/{complaint_id}/acceptance", response_model=ComplaintAnswer, summary="受理",
    description="须带 If-Match；由负责人决定并指定承办人，被投诉人不得承办。",
)  # fmt: skip
async def accept_complaint(uow: Uow, complaint_id: UUID, version: IfMatch, body: AcceptanceBody) -> Response:
    """Takes a complaint on."""
    return _answer(await service.accept_complaint(uow, seen=Seen(complaint_id, version), handler=body.handler))


@handling.post(
    "/records/{complaint_id}/referral", response_model=ComplaintAnswer, summary="不属受理范围",
    description="须带 If-Match；告知提出人应向哪里提出。",
)  # fmt: skip
async def refer_complaint(
    uow: Uow, cipher: Cipher, complaint_id: UUID, version: IfMatch, body: ReferralBody
) -> Response:
    """Tells the complainant whose it is."""
    state = await service.refer_complaint(
        uow, cipher=cipher, seen=Seen(complaint_id, version), referred_to=body.referred_to, reply=body.reply
    )
    return _answer(state)


@handling.post(
    "/records/{complaint_id}/reassignment", response_model=ComplaintAnswer, summary="改派",
    description="须带 If-Match；原承办人不再能查看提出人。",
)  # fmt: skip
async def reassign_complaint(uow: Uow, complaint_id: UUID, version: IfMatch, body: ReassignmentBody) -> Response:
    """Gives a complaint to another handler."""
    state = await service.reassign_complaint(
        uow, seen=Seen(complaint_id, version), handler=body.handler, reason=body.reason
    )
    return _answer(state)


@handling.post(
    "/records/{complaint_id}/undertaking", response_model=ComplaintAnswer, summary="承办",
    description="须带 If-Match；由承办人开始办理。",
)  # fmt: skip
async def take_up_complaint(uow: Uow, complaint_id: UUID, version: IfMatch) -> Response:
    """Begins to handle a complaint."""
    return _answer(await service.take_up_complaint(uow, seen=Seen(complaint_id, version)))


@handling.post(
    "/records/{complaint_id}/extension", response_model=ComplaintAnswer, summary="延期",
    description="须带 If-Match；只延期一次，须说明原因。",
)  # fmt: skip
async def extend_complaint(uow: Uow, complaint_id: UUID, version: IfMatch, body: ExtensionBody) -> Response:
    """Gives more time."""
    state = await service.extend_complaint(
        uow, seen=Seen(complaint_id, version), working_days=body.working_days, reason=body.reason
    )
    return _answer(state)


@handling.post(
    "/records/{complaint_id}/reply", response_model=ComplaintAnswer, summary="答复",
    description="须带 If-Match；由承办人答复，投诉、举报须有认定结论。超期天数随答复记录。",
)  # fmt: skip
async def reply_to_complaint(
    uow: Uow, cipher: Cipher, complaint_id: UUID, version: IfMatch, body: ReplyBody
) -> Response:
    """Answers a complaint."""
    state = await service.reply_to_complaint(
        uow,
        cipher=cipher,
        seen=Seen(complaint_id, version),
        reply=body.reply,
        finding=body.finding,
        accused=body.accused_account,
    )
    return _answer(state)


@handling.post(
    "/records/{complaint_id}/closure", response_model=ComplaintAnswer, summary="办结", description="须带 If-Match。"
)
async def close_complaint(uow: Uow, complaint_id: UUID, version: IfMatch) -> Response:
    """Closes a complaint."""
    return _answer(await service.close_complaint(uow, seen=Seen(complaint_id, version)))


@handling.put(
    "/records/{complaint_id}/publication", response_model=ComplaintAnswer, summary="公开咨询",
    description="须带 If-Match；只公开去除个人信息后的问题和答复。",
)  # fmt: skip
async def publish_consultation(uow: Uow, complaint_id: UUID, version: IfMatch, body: PublicationBody) -> Response:
    """Makes a consultation public."""
    state = await service.publish_consultation(
        uow, seen=Seen(complaint_id, version), question=body.question, answer=body.answer
    )
    return _answer(state)
