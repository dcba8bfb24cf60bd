"""Files for cases over HTTP: here, because who may give one is known where cases are."""

from fastapi import APIRouter
from starlette.responses import Response

from casework.deps import Cipher, Idempotency, Uow
from casework.online import service
from casework.online.schemas import AttachedAnswer, AttachmentBody, pairs
from common.http import answer, run_idempotent

router = APIRouter(prefix="/uploads", tags=["uploads"])


@router.post(
    "/attachments",
    status_code=201,
    response_model=AttachedAnswer,
    summary="提交材料到办件",
    description="把已上传的文件作为材料提交到未终结的办件：群众对本人的网上申请，工作人员对管辖范围内的办件。",
)
async def attach_materials(body: AttachmentBody, uow: Uow, cipher: Cipher, once: Idempotency) -> Response:
    """Gives files to a case."""

    async def work() -> Response:
        given = await service.attach_materials(uow, cipher=cipher, case_id=body.case_id, files=pairs(body.files))
        return answer(AttachedAnswer.of(given), status=201)

    return await run_idempotent(uow, once, work)
