"""Writing and deciding on circulars over HTTP. Source: S5, O6.3b."""

from uuid import UUID

from fastapi import APIRouter, Response

from common.contracts.reporting.circulars import CircularState
from common.http import answer, run_idempotent
from reporting.circulars import service
from reporting.circulars.endpoints.figures import Figures
from reporting.circulars.endpoints.files import FILE, docx
from reporting.circulars.schemas import CircularAnswer, CircularBody, CorrectionBody, ReasonBody, SignatureBody
from reporting.circulars.service import Seen
from reporting.deps import Idempotency, IfMatch, Uow

router = APIRouter(prefix="/circulars", tags=["circulars"])


@router.post(
    "", status_code=201, response_model=CircularAnswer, summary="拟稿",
    description="由省、地级以上市部门拟稿：通报范围、数据截至日、查询和公文各要素；"
    "正文用 {{ n.查询代码.区划代码 }} 引用数据。",
)  # fmt: skip
async def draft_circular(uow: Uow, once: Idempotency, body: CircularBody) -> Response:
    """Begins a circular."""

    async def work() -> Response:
        return _created(await service.draft_circular(uow, content=body.to_content()))

    return await run_idempotent(uow, once, work)


@router.put(
    "/{circular_id}", response_model=CircularAnswer, summary="修改",
    description="须带 If-Match；只能修改拟稿状态的。范围、截至日、查询有变动的，须重新固定数据。",
)  # fmt: skip
async def edit_circular(uow: Uow, circular_id: UUID, version: IfMatch, body: CircularBody) -> Response:
    """Changes a draft."""
    return _answer(await service.edit_circular(uow, seen=Seen(circular_id, version), content=body.to_content()))


@router.post(
    "/{circular_id}/snapshot", response_model=CircularAnswer, summary="固定数据",
    description="须带 If-Match；按各项查询取数并固定为快照，以 SHA-256 标识；重新固定的，原快照仍保存。",
)  # fmt: skip
async def freeze_circular(version: IfMatch, taken: Figures, uow: Uow, circular_id: UUID) -> Response:
    """Freezes the figures."""
    return _answer(await service.freeze_circular(uow, seen=Seen(circular_id, version), taken=taken))


@router.get(
    "/{circular_id}/preview", response_class=Response, responses=FILE, summary="送审稿",
    description="按已固定的数据生成的 Word 文件，未编号；供本机关审核。",
)  # fmt: skip
async def preview_circular(uow: Uow, circular_id: UUID) -> Response:
    """Shows what would be signed."""
    return docx(await service.preview_circular(uow, circular_id=circular_id), f"circular-{circular_id}-preview")


@router.post(
    "/{circular_id}/submission", response_model=CircularAnswer, summary="送审",
    description="须带 If-Match；文中引用的数据须齐全。",
)  # fmt: skip
async def submit_circular(uow: Uow, circular_id: UUID, version: IfMatch) -> Response:
    """Sends a draft to review."""
    return _answer(await service.submit_circular(uow, seen=Seen(circular_id, version)))


@router.post(
    "/{circular_id}/return", response_model=CircularAnswer, summary="退回修改", description="须带 If-Match 和理由。",
)  # fmt: skip
async def return_circular(uow: Uow, circular_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Sends it back."""
    return _answer(await service.return_circular(uow, seen=Seen(circular_id, version), reason=body.reason))


@router.post(
    "/{circular_id}/signature", response_model=CircularAnswer, summary="签发",
    description="须带 If-Match；由拟稿人以外的负责人签发，同时编发文字号、定成文日期、生成正式文件。文号不重复使用。",
)  # fmt: skip
async def sign_circular(uow: Uow, circular_id: UUID, version: IfMatch, body: SignatureBody) -> Response:
    """Signs it."""
    return _answer(await service.sign_circular(uow, seen=Seen(circular_id, version), sequence=body.sequence))


@router.post(
    "/{circular_id}/publication", response_model=CircularAnswer, summary="发布并下发",
    description="须带 If-Match；逐级下发并跟踪签收。更正发布时，原通报标明已更正。",
)  # fmt: skip
async def publish_circular(uow: Uow, circular_id: UUID, version: IfMatch) -> Response:
    """Publishes it and sends it down."""
    return _answer(await service.publish_circular(uow, seen=Seen(circular_id, version)))


@router.post(
    "/{circular_id}/withdrawal", response_model=CircularAnswer, summary="撤回",
    description="须带 If-Match 和理由；已发布的仍列明何时、为何撤回，文号不再使用。",
)  # fmt: skip
async def withdraw_circular(uow: Uow, circular_id: UUID, version: IfMatch, body: ReasonBody) -> Response:
    """Withdraws it."""
    return _answer(await service.withdraw_circular(uow, seen=Seen(circular_id, version), reason=body.reason))


@router.post(
    "/{circular_id}/corrections", status_code=201, response_model=CircularAnswer, summary="发起更正",
    description="为已发布的通报拟一件更正：写明原通报，列出每个改动的数据的原数、现数和原因；原通报不改动。",
)  # fmt: skip
async def correct_circular(
    once: Idempotency, taken: Figures, uow: Uow, circular_id: UUID, body: CorrectionBody
) -> Response:
    """Begins a correction."""

    async def work() -> Response:
        reasons = body.to_reasons()
        return _created(await service.correct_circular(uow, circular_id=circular_id, taken=taken, reasons=reasons))

    return await run_idempotent(uow, once, work)


@router.post(
    "/{circular_id}/changes", response_model=CircularAnswer, summary="重新比对更正的数据",
    description="须带 If-Match；更正拟稿期间数据又有变动时使用，已填写的原因保留。",
)  # fmt: skip
async def refresh_correction(
    version: IfMatch, taken: Figures, uow: Uow, circular_id: UUID, body: CorrectionBody
) -> Response:
    """Compares again."""
    seen = Seen(circular_id, version)
    return _answer(await service.refresh_correction(uow, seen=seen, taken=taken, reasons=body.to_reasons()))


def _answer(state: CircularState) -> Response:
    return answer(CircularAnswer.of(state), version=state.version)


def _created(state: CircularState) -> Response:
    location = f"/reporting/v1/circulars/{state.id}"
    return answer(CircularAnswer.of(state), status=201, version=state.version, location=location)
