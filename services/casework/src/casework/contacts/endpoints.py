"""First contacts over HTTP. Who asked is masked; in clear only as an audited act."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.calendar.service import current_calendar
from casework.cases.schemas import CaseAnswer
from casework.contacts import service
from casework.contacts.schemas import (
    AskerDisclosureBody,
    ContactAnswer,
    ContactBody,
    ContactCaseAnswer,
    ContactCaseBody,
    ContactDetail,
    ContactOfferBody,
    ContactReceiptAnswer,
    ContactReferralBody,
    ContactRefusalBody,
    ContactSettlementBody,
    DisclosedAsker,
    MaterialReturnBody,
)
from casework.contacts.service import SeenContact, View
from casework.deps import Cipher, Idempotency, IfMatch, Paging, Uow
from common.contracts.casework.contacts import ContactStatus, FirstContactState
from common.http import DivisionCode, Page, answer, run_idempotent
from common.uow import UnitOfWork

router = APIRouter(prefix="/contacts", tags=["contacts"])

_ETAG = {"ETag": {"description": "首问登记的版本，用于 If-Match。", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "新首问登记的地址。", "schema": {"type": "string"}}}


async def _shown(uow: UnitOfWork, state: FirstContactState) -> Response:
    return answer(ContactAnswer.of(state, await current_calendar(uow.conn)), version=state.version)


@router.post(
    "",
    status_code=201,
    response_model=ContactAnswer,
    responses={201: {"headers": {**_ETAG, **_LOCATION}}},
    summary="首问登记",
    description="登记来访人首次询问的事项；登记人为首问责任人。不属于本机构职责的也应登记，任何机构不得拒绝。",
)
async def register_contact(body: ContactBody, uow: Uow, cipher: Cipher, key: Idempotency) -> Response:
    """Registers a first contact."""

    async def work() -> Response:
        state = await service.register_contact(uow, cipher=cipher, new=body.to_domain())
        shown = ContactAnswer.of(state, await current_calendar(uow.conn))
        return answer(shown, status=201, version=state.version, location=f"/casework/v1/contacts/{state.id}")

    return await run_idempotent(uow, key, work)


@router.get(
    "",
    summary="首问登记列表",
    description="mine 本人负责的，offered 待本机构接收的，office 本机构负责的，subtree 管辖范围内登记的。",
)
async def list_contacts(
    uow: Uow,
    paging: Paging,
    view: Annotated[View, Query(description="范围。")] = "mine",
    status: Annotated[ContactStatus | None, Query(description="状态。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下机构登记的。")] = None,
    is_overdue: Annotated[bool | None, Query(description="true 只列逾期未答复的。")] = None,
) -> Page[ContactAnswer]:
    """Lists first contacts."""
    of = f"contacts:{view}:{status}:{division}:{is_overdue}"
    after = paging.after(UUID, of=of)
    rows = await service.list_contacts(
        uow,
        view=view,
        status=status,
        within=division,
        is_overdue=bool(is_overdue),
        after=after[0] if after else None,
        limit=paging.fetch,
    )
    calendar = await current_calendar(uow.conn)
    return paging.page(rows, key=lambda row: (row.id,), show=lambda row: ContactAnswer.of(row, calendar), of=of)


@router.get(
    "/{contact_id}",
    response_model=ContactDetail,
    responses={200: {"headers": _ETAG}},
    summary="一次首问登记",
    description="来访人已脱敏。管辖范围内的，或由本人、本机构负责或待接收的；其余视为不存在。",
)
async def get_contact(contact_id: UUID, uow: Uow, cipher: Cipher) -> Response:
    """Shows one first contact."""
    state = await service.get_contact(uow, contact_id=contact_id)
    asker = await service.mask_asker(uow.session, cipher, contact_id)
    detail = ContactDetail.seen(state, await current_calendar(uow.conn), asker)
    return answer(detail, version=state.version)


@router.get(
    "/{contact_id}/receipt",
    summary="首问登记回执",
    description="交来访人：编号、首问责任人姓名和电话、承诺答复日、投诉电话。",
)
async def get_receipt(contact_id: UUID, uow: Uow, cipher: Cipher) -> ContactReceiptAnswer:
    """Shows the receipt."""
    return ContactReceiptAnswer.of(await service.get_receipt(uow, cipher=cipher, contact_id=contact_id))


@router.post(
    "/{contact_id}/offer",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="提出移交",
    description="向运行中的机构或其中一个账号提出移交；对方接收之前，现责任人仍负责。",
)
async def offer_contact(contact_id: UUID, body: ContactOfferBody, uow: Uow, version: IfMatch) -> Response:
    """Offers a hand-over."""
    seen = SeenContact(contact_id, version)
    state = await service.offer_contact(
        uow, seen=seen, division=body.division, account=body.account, reason=body.reason
    )
    return await _shown(uow, state)


@router.post(
    "/{contact_id}/offer/acceptance",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="接收移交",
    description="接收后，接收人即为责任人。",
)
async def accept_contact(contact_id: UUID, uow: Uow, version: IfMatch) -> Response:
    """Accepts a hand-over."""
    return await _shown(uow, await service.accept_contact(uow, seen=SeenContact(contact_id, version)))


@router.post(
    "/{contact_id}/offer/refusal",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="不接收移交",
    description="须说明理由；现责任人仍负责。",
)
async def decline_contact(contact_id: UUID, body: ContactRefusalBody, uow: Uow, version: IfMatch) -> Response:
    """Declines a hand-over."""
    state = await service.decline_contact(uow, seen=SeenContact(contact_id, version), reason=body.reason)
    return await _shown(uow, state)


@router.post(
    "/{contact_id}/offer/withdrawal",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="收回移交",
    description="收回尚未接收的移交。",
)
async def withdraw_offer(contact_id: UUID, uow: Uow, version: IfMatch) -> Response:
    """Withdraws a hand-over."""
    return await _shown(uow, await service.withdraw_offer(uow, seen=SeenContact(contact_id, version)))


@router.post(
    "/{contact_id}/settlement",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="答复并了结",
    description="记录答复内容；未接收的移交随之收回。",
)
async def settle_contact(contact_id: UUID, body: ContactSettlementBody, uow: Uow, version: IfMatch) -> Response:
    """Settles a first contact."""
    return await _shown(uow, await service.settle_contact(uow, seen=SeenContact(contact_id, version), told=body.told))


@router.post(
    "/{contact_id}/referral",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="告知承办单位",
    description="须告知承办单位的电话或地址。",
)
async def refer_contact(contact_id: UUID, body: ContactReferralBody, uow: Uow, version: IfMatch) -> Response:
    """Refers a first contact."""
    state = await service.refer_contact(
        uow, seen=SeenContact(contact_id, version), body=body.body, phone=body.phone, address=body.address
    )
    return await _shown(uow, state)


@router.post(
    "/{contact_id}/cases",
    status_code=201,
    response_model=ContactCaseAnswer,
    responses={201: {"headers": _LOCATION}},
    summary="登记办件",
    description="为所问事项登记办件，首问事项随之了结；可登记多个办件。未填申请人的，以来访人为申请人。",
)
async def register_contact_case(
    contact_id: UUID, body: ContactCaseBody, uow: Uow, cipher: Cipher, version: IfMatch, key: Idempotency
) -> Response:
    """Registers a case of a first contact."""

    async def work() -> Response:
        state, view = await service.register_contact_case(
            uow, cipher=cipher, seen=SeenContact(contact_id, version), new=body.to_domain()
        )
        contact = ContactAnswer.of(state, await current_calendar(uow.conn))
        made = ContactCaseAnswer(case=CaseAnswer.of(view), contact=contact)
        return answer(made, status=201, location=f"/casework/v1/cases/{view.case.id}")

    return await run_idempotent(uow, key, work)


@router.post(
    "/{contact_id}/material-returns",
    response_model=ContactAnswer,
    responses={200: {"headers": _ETAG}},
    summary="退还材料",
    description="记录已退还的材料；了结之后也可退还。",
)
async def return_materials(contact_id: UUID, body: MaterialReturnBody, uow: Uow, version: IfMatch) -> Response:
    """Notes materials that were given back."""
    seen = SeenContact(contact_id, version)
    return await _shown(uow, await service.return_materials(uow, seen=seen, names=body.names))


@router.post(
    "/{contact_id}/asker-disclosures",
    summary="查看来访人完整信息",
    description="限现责任人及其机构负责人；须说明理由，每次查看均单独留痕，因此不支持 Idempotency-Key。",
)
async def disclose_asker(contact_id: UUID, body: AskerDisclosureBody, uow: Uow, cipher: Cipher) -> DisclosedAsker:
    """Shows the asker in clear."""
    asker = await service.disclose_asker(uow, cipher=cipher, contact_id=contact_id, reason=body.reason)
    return DisclosedAsker.of(asker)
