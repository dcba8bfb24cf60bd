"""Printing over HTTP: every print is an act, so it is a POST, and nothing of a person stands in its address."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from casework.deps import Cipher, CurrentActor, ReadConnection, Uow
from casework.printing import service
from casework.printing.catalogue import DOCX
from casework.printing.domain import CaseNoticeKind
from casework.printing.schemas import DocumentAnswer, DocumentsAnswer, PrintBody, file_of
from casework.printing.service import Printed

router = APIRouter(prefix="/documents", tags=["documents"])
_FILE = file_of(DOCX)


@router.post(
    "/first-contacts/{contact_id}",
    response_class=Response,
    responses=_FILE,
    summary="打印首问登记回执",
    description="由首问责任人或其机构负责人打印，载明询问人、首问责任人、电话、承诺答复日期和监督投诉电话；"
    "每次打印均单独留痕，因此不支持 Idempotency-Key。",
)
async def print_first_contact(contact_id: UUID, uow: Uow, cipher: Cipher) -> Response:
    """Prints the receipt of a first contact."""
    return _document(await service.print_first_contact(uow, cipher=cipher, contact_id=contact_id))


@router.get("/{case_id}", summary="办件的文书", description="已出具的全部文书及其编号，按出具顺序；不含个人信息。")
async def list_documents(case_id: UUID, conn: ReadConnection, actor: CurrentActor) -> DocumentsAnswer:
    """Lists the documents of a case."""
    documents = await service.list_documents(conn, actor, case_id=case_id)
    return DocumentsAnswer(items=[DocumentAnswer.of(document) for document in documents])


@router.post(
    "/{case_id}/{kind}",
    response_class=Response,
    responses=_FILE,
    summary="打印文书",
    description="把已出具的一份文书生成为 Word 文件，交给申请人；载明申请人姓名或名称，期限按出具时计算并附说明。"
    "每次打印均单独留痕，因此不支持 Idempotency-Key。",
)
async def print_document(case_id: UUID, kind: CaseNoticeKind, body: PrintBody, uow: Uow, cipher: Cipher) -> Response:
    """Prints a document of a case."""
    return _document(await service.print_notice(uow, cipher=cipher, case_id=case_id, kind=kind, number=body.number))


def _document(printed: Printed) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{printed.filename}"'}
    return Response(printed.content, media_type=DOCX, headers=headers)
