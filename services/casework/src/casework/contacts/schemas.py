"""Requests and answers about first contacts. Answers show who asked only masked; a receipt names the clerk."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from casework.cases.schemas import ApplicantBody, CaseAnswer, ItemCode
from casework.clock.domain import Calendar
from casework.contacts.domain import CHANNEL_LABELS, OFFER_LABELS, STATUS_LABELS, Asker, read_clock
from casework.contacts.service import ContactCase, MaskedAsker, NewContact, Receipt
from common.clock import today
from common.contracts.casework.cases import Channel, HandlingType
from common.contracts.casework.contacts import (
    ContactChannel,
    ContactMaterial,
    ContactOffer,
    ContactStatus,
    FirstContactState,
    OfferAnswer,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown

MAX_MATERIALS = 50
Matter = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="所问事项，不得填写个人信息。"),
    IMPERSONAL,
]
Told = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="答复内容，不得填写个人信息。"),
    IMPERSONAL,
]
MaterialName = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=100), IMPERSONAL]
Account = Annotated[str, Field(min_length=1, max_length=255, description="账号（令牌的 sub），不是姓名。"), IMPERSONAL]
OfficialPhone = Annotated[
    str, Field(pattern=r"^[0-9][0-9\-]{2,19}$", description="承办单位的办公电话，不得填个人手机。")
]
Place = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]


class AskerBody(StrictModel):
    """来访（来电）人。"""

    name: str = Field(min_length=1, max_length=100)
    phone: str | None = Field(max_length=30, description="联系电话；没有的填 null。")
    id_number: str | None = Field(default=None, max_length=30, description="公民身份号码，可不填。")


class ContactMaterialBody(StrictModel):
    """收下的一种材料。"""

    name: MaterialName
    originals: int = Field(default=0, ge=0, le=99, description="原件份数。")
    copies: int = Field(default=0, ge=0, le=99, description="复印件份数。")


class ContactBody(StrictModel):
    """首问登记。不属于本机构职责的，也应登记。"""

    channel: ContactChannel
    matter: Matter
    is_ours: bool = Field(description="是否属于本机构职责。")
    asker: AskerBody
    materials: list[ContactMaterialBody] = Field(default_factory=list, max_length=MAX_MATERIALS)
    is_signed: bool = Field(default=False, description="来访人是否已在登记表上签名。")
    promised_working_days: int | None = Field(
        default=None, ge=0, le=366, description="承诺答复的工作日数；默认按规定，只可缩短。"
    )

    def to_domain(self) -> NewContact:
        """For the use case."""
        return NewContact(
            channel=self.channel,
            matter=self.matter,
            is_ours=self.is_ours,
            is_signed=self.is_signed,
            materials=tuple(ContactMaterial(**dict(one)) for one in self.materials),
            asker_name=self.asker.name,
            asker_phone=self.asker.phone,
            asker_id_number=self.asker.id_number,
            promised_working_days=self.promised_working_days,
        )


class ContactOfferBody(StrictModel):
    """向另一机构（或其中一个账号）提出移交；对方接收之前责任不变。"""

    division: DivisionCode
    account: Account | None = Field(default=None, description="指定接收的账号；不填则该机构任一经办人可接收。")
    reason: Reason


class ContactRefusalBody(StrictModel):
    """不接收移交。"""

    reason: Reason


class ContactSettlementBody(StrictModel):
    """已答复。"""

    told: Told


class ContactReferralBody(StrictModel):
    """告知承办单位及其联系方式。"""

    body: Place = Field(description="承办单位名称。")
    phone: OfficialPhone | None = None
    address: Place | None = None


class ContactCaseBody(StrictModel):
    """为所问事项登记办件。"""

    item_code: ItemCode
    division: DivisionCode | None = Field(default=None, description="受理机构；默认本机构。")
    applicant: ApplicantBody | None = Field(default=None, description="申请人；默认来访人（登记时须留身份证件号码）。")
    channel: Channel = Field(default="window", description="办理形式。")
    handling: HandlingType | None = Field(default=None, description="办件类型；只有两者皆可的事项需要选择。")

    def to_domain(self) -> ContactCase:
        """For the use case."""
        return ContactCase(
            item_code=self.item_code,
            division=self.division,
            applicant=None if self.applicant is None else self.applicant.to_input(),
            channel=self.channel,
            handling=self.handling,
        )


class MaterialReturnBody(StrictModel):
    """退还材料。"""

    names: list[MaterialName] = Field(min_length=1, max_length=MAX_MATERIALS)


class AskerDisclosureBody(StrictModel):
    """查看来访人完整信息。"""

    reason: Reason


class ContactMaterialAnswer(AnswerModel):
    """收下的一种材料。"""

    name: str
    originals: int
    copies: int
    returned_at: BeijingTime | None


class ContactHolderAnswer(AnswerModel):
    """一任责任人。"""

    account: str
    division: str
    office_id: UUID
    since: BeijingTime


class ContactOfferAnswer(AnswerModel):
    """一次移交。"""

    division: str
    office_id: UUID
    account: str | None
    reason: str
    by: str
    offered_at: BeijingTime
    answer: OfferAnswer | None
    answer_label: str
    answered_by: str | None
    answered_at: BeijingTime | None
    answer_reason: str | None

    @classmethod
    def of(cls, offer: ContactOffer) -> Self:
        """From the state."""
        label = "待接收" if offer.answer is None else OFFER_LABELS[offer.answer]
        return cls(**dict(offer), answer_label=label)


class ContactSettlementAnswer(AnswerModel):
    """答复。"""

    told: str
    by: str
    at: BeijingTime


class ContactReferralAnswer(AnswerModel):
    """告知的承办单位。"""

    body: str
    phone: str | None
    address: str | None
    by: str
    at: BeijingTime


class ContactAnswer(RecordAnswer):
    """一次首问登记；来访人只在单条查询中脱敏显示。"""

    number: str
    status: ContactStatus
    status_label: str
    channel: ContactChannel
    channel_label: str
    matter: str
    is_ours: bool
    materials: list[ContactMaterialAnswer]
    registered_at: BeijingTime
    first_asked: str = Field(description="首问责任人的账号。")
    is_signed: bool
    holder: str = Field(description="现责任人的账号。")
    holder_division: str
    holders: list[ContactHolderAnswer]
    offers: list[ContactOfferAnswer]
    promised_working_days: int
    promised_on: date
    is_promise_provisional: bool = Field(description="承诺日依据的日历尚未由国务院办公厅公布。")
    due_on: date | None
    remaining_working_days: int | None
    is_overdue: bool
    ended_at: BeijingTime | None
    settlement: ContactSettlementAnswer | None
    referral: ContactReferralAnswer | None
    case_ids: list[UUID]

    @classmethod
    def of(cls, state: FirstContactState, calendar: Calendar) -> Self:
        """From the state, as it looks today."""
        return shown(cls, state, **_parts(state, calendar))


class AskerAnswer(AnswerModel):
    """来访人，已脱敏。"""

    name: str
    phone: str | None
    id_number: str | None


class ContactDetail(ContactAnswer):
    """一次首问登记，含脱敏的来访人。"""

    asker: AskerAnswer

    @classmethod
    def seen(cls, state: FirstContactState, calendar: Calendar, asker: MaskedAsker) -> Self:
        """From the state and who asked."""
        told = AskerAnswer(name=asker.name, phone=asker.phone, id_number=asker.id_number)
        return shown(cls, state, **_parts(state, calendar), asker=told)


class ContactCaseAnswer(AnswerModel):
    """登记的办件，及随之了结的首问登记。"""

    case: CaseAnswer
    contact: ContactAnswer


class ContactReceiptAnswer(AnswerModel):
    """首问登记回执。"""

    number: str
    registered_at: BeijingTime
    matter: str
    materials: list[ContactMaterialAnswer]
    office_name: str
    first_asked_name: str = Field(description="首问责任人姓名。")
    first_asked_phone: str | None = Field(description="首问责任人电话（机构电话）。")
    promised_on: date = Field(description="承诺答复的最后一日。")
    promised_working_days: int
    complaint_phone: str | None = Field(description="投诉电话（业务指导机构的电话）。")

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """From the use case."""
        state = receipt.contact
        return cls(
            number=state.number,
            registered_at=state.registered_at,
            matter=state.matter,
            materials=[ContactMaterialAnswer(**dict(one)) for one in state.materials],
            office_name=state.office_name,
            first_asked_name=receipt.first_asked_name,
            first_asked_phone=receipt.first_asked_phone,
            promised_on=state.promised_on,
            promised_working_days=state.promised_working_days,
            complaint_phone=state.complaint_phone,
        )


class DisclosedAsker(AnswerModel):
    """来访人完整信息。"""

    name: str
    phone: str | None
    id_number: str | None

    @classmethod
    def of(cls, asker: Asker) -> Self:
        """In clear."""
        return cls(name=asker.name, phone=asker.phone, id_number=asker.id_number)


def _parts(state: FirstContactState, calendar: Calendar) -> dict[str, object]:
    clock = read_clock(state, calendar, on=today())
    settlement, referral = state.settlement, state.referral
    return {
        "status_label": STATUS_LABELS[state.status],
        "channel_label": CHANNEL_LABELS[state.channel],
        "materials": [ContactMaterialAnswer(**dict(one)) for one in state.materials],
        "holders": [ContactHolderAnswer(**dict(one)) for one in state.holders],
        "offers": [ContactOfferAnswer.of(one) for one in state.offers],
        "remaining_working_days": clock.remaining_working_days,
        "is_overdue": clock.is_overdue,
        "settlement": None if settlement is None else ContactSettlementAnswer(**dict(settlement)),
        "referral": None if referral is None else ContactReferralAnswer(**dict(referral)),
        "case_ids": list(state.case_ids),
    }
