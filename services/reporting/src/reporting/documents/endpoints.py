"""Documents over HTTP. Source: G1, S0."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.documents import Classification, DocumentState
from common.divisions import Level
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, Snapshot, Uow
from reporting.documents import service
from reporting.documents.domain import Holding
from reporting.documents.schemas import (
    ChainAnswer,
    DocumentAnswer,
    DocumentBody,
    DocumentPublicationBody,
    DocumentReceiptAnswer,
    DocumentSendBody,
    DocumentWithdrawalBody,
    HolderAnswer,
    HoldersAnswer,
    ReceiptBody,
)
from reporting.documents.service import SendDown

router = APIRouter(prefix="/documents", tags=["documents"])


def _answer(state: DocumentState) -> Response:
    return answer(DocumentAnswer.of(state), version=state.version)


def _send(body: DocumentSendBody | None) -> SendDown | None:
    return body.to_send() if body else None


@router.get("", summary="文件列表", description="本机构及其下级的，以及发送至本机构的。")
async def list_documents(
    conn: Snapshot,
    actor: CurrentActor,
    paging: Paging,
    classification: Annotated[Classification | None, Query(description="主动公开、依申请公开或者不公开。")] = None,
    words: Annotated[str | None, Query(min_length=2, max_length=60, description="文号或者标题所含文字。")] = None,
) -> Page[DocumentAnswer]:
    """Lists documents."""
    of = f"documents:{classification}:{words}:{actor.division}"
    after = paging.after(UUID, of=of)
    rows = await service.list_documents(
        conn,
        actor=actor,
        classification=classification,
        words=words,
        after=after[0] if after else None,
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.id,), show=DocumentAnswer.of, of=of)


@router.post(
    "", status_code=201, response_model=DocumentAnswer, summary="登记文件",
    description="登记本机关印发的文件，或者填写 forwards 转发收到的文件；可补录历史文件。一次指出全部问题。",
)  # fmt: skip
async def register_document(uow: Uow, actor: CurrentActor, once: Idempotency, body: DocumentBody) -> Response:
    """Registers a document."""

    async def work() -> Response:
        state = await service.register_document(
            uow,
            actor=actor,
            words=body.to_words(),
            forwards=body.forwards,
            file=body.file.to_reference() if body.file else None,
            entered_afterwards=body.entered_afterwards,
            send=_send(body.send),
        )
        location = f"/reporting/v1/documents/{state.id}"
        return answer(DocumentAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("/{document_id}", summary="一份文件", description="ETag 供 If-Match。")
async def get_document(conn: Snapshot, actor: CurrentActor, document_id: UUID, response: Response) -> DocumentAnswer:
    """Shows a document."""
    state = await service.get_document(conn, document_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return DocumentAnswer.of(state)


@router.post(
    "/{document_id}/publication", response_model=DocumentAnswer, summary="公开",
    description="须带 If-Match；填写 send 的，同时下发主送区划签收。",
)  # fmt: skip
async def publish_document(
    uow: Uow, actor: CurrentActor, document_id: UUID, version: IfMatch, body: DocumentPublicationBody
) -> Response:
    """Publishes a document."""
    state = await service.publish_document(
        uow,
        actor=actor,
        document_id=document_id,
        expected_version=version,
        on=body.on,
        index_number=body.index_number,
        send=_send(body.send),
    )
    return _answer(state)


@router.post(
    "/{document_id}/withdrawal", response_model=DocumentAnswer, summary="误登撤回",
    description="须带 If-Match，写明理由；已被接收或者转发的不能撤回。",
)  # fmt: skip
async def withdraw_document(
    uow: Uow, actor: CurrentActor, document_id: UUID, version: IfMatch, body: DocumentWithdrawalBody
) -> Response:
    """Takes back a document that was entered by mistake."""
    state = await service.withdraw_document(
        uow, actor=actor, document_id=document_id, expected_version=version, reason=body.reason
    )
    return _answer(state)


@router.post(
    "/{document_id}/receipts", status_code=201, response_model=DocumentReceiptAnswer, summary="登记接收",
    description="登记何日收到发送至本区划的文件；可补录，上级可代下级补录。",
)  # fmt: skip
async def receive_document(
    uow: Uow, actor: CurrentActor, once: Idempotency, document_id: UUID, body: ReceiptBody
) -> Response:
    """Enters that a division has received a document."""

    async def work() -> Response:
        state = await service.receive_document(
            uow, actor=actor, document_id=document_id, division=body.division, on=body.on, note=body.note
        )
        return answer(DocumentReceiptAnswer.of(state), status=201, version=state.version)

    return await run_idempotent(uow, once, work)


@router.get(
    "/{document_id}/chain", summary="传递链",
    description="从首份文件起逐级转发的全部文件、接收登记和相隔天数；与本机构有关的。",
)  # fmt: skip
async def get_document_chain(conn: Snapshot, actor: CurrentActor, document_id: UUID) -> ChainAnswer:
    """Shows the tree of transmission of a document."""
    return ChainAnswer.of(await service.get_chain(conn, document_id, actor=actor))


@router.get(
    "/{document_id}/holders", summary="谁已接收、谁已转发、谁未接收",
    description="本机构管辖范围之内、文件应当送达的区划；计数为全部，列表分页。",
)  # fmt: skip
async def list_document_holders(
    conn: Snapshot,
    actor: CurrentActor,
    paging: Paging,
    document_id: UUID,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的；默认本区划。")] = None,
    down_to: Annotated[Level, Query(description="列到哪一层级。")] = Level.VILLAGE,
    holding: Annotated[Holding | None, Query(description="只列到这一步的。")] = None,
) -> HoldersAnswer:
    """Tells who has a document, who forwarded it, who has not."""
    of = f"document-holders:{document_id}:{division}:{down_to}:{holding}:{actor.division}"
    after = paging.after(str, of=of)
    everybody = await service.list_holders(conn, document_id, actor=actor, within=division, down_to=down_to)
    rows = [one for one in everybody if holding in (None, one.holding) and (after is None or one.division > after[0])][
        : paging.fetch
    ]
    page = paging.page(rows, key=lambda row: (row.division,), show=HolderAnswer.of, of=of)
    return HoldersAnswer.of(everybody, page.items, page.next_cursor)
