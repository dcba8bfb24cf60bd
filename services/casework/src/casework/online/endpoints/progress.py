"""How a case stands, for whoever knows its number and the applicant's; no token, nothing in the address."""

from fastapi import APIRouter

from casework.deps import Cipher, ReadConnection
from casework.limits.schemas import TOO_MANY, AskedBy
from casework.online import service
from casework.online.schemas import ProgressAnswer, ProgressBody
from common.http import PROBLEM_JSON

router = APIRouter(prefix="/online", tags=["online"])
_PROBLEM = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


@router.post(
    "/progress",
    summary="查询办理进度",
    description="凭办件编号和申请人证件号码查询，无需登录；编号或证件号码不符时答复相同。限制查询次数。",
    responses={**TOO_MANY, 404: {"description": "没有相符的办件", "content": _PROBLEM}},
)
async def ask_progress(body: ProgressBody, conn: ReadConnection, cipher: Cipher, asker: AskedBy) -> ProgressAnswer:
    """Shows how a case stands."""
    found = await service.ask_progress(
        conn, cipher=cipher, case_number=body.case_number, identifier=body.identifier, asker=asker
    )
    return ProgressAnswer.of(found)
