"""What can end a use case about first contacts. No text here holds personal data."""

from common.errors import Conflict, Forbidden, Rejected


class NotHolder(Forbidden):
    """Only who is responsible acts, or the head of that office."""

    code = "casework.contact.not-holder"
    title = "只有现责任人或其机构负责人可以办理"
    default_clause = "O4.3b"


class NotOffered(Forbidden):
    """The hand-over was offered to somebody else."""

    code = "casework.contact.not-offered"
    title = "该移交不是向本人或本机构提出的"
    default_clause = "O4.3b"


class ContactEnded(Conflict):
    """It was settled, referred, or became a case."""

    code = "casework.contact.ended"
    title = "首问事项已了结"


class OfferOpen(Conflict):
    """One hand-over at a time."""

    code = "casework.contact.offer-open"
    title = "已有待接收的移交"


class NoOffer(Conflict):
    """Nothing was offered, or it has been answered."""

    code = "casework.contact.no-offer"
    title = "没有待接收的移交"


class OfferToHolder(Rejected):
    """Who is responsible already cannot take over."""

    code = "casework.contact.offer-to-holder"
    title = "不能移交给现责任人本人"
    default_clause = "O4.3b"


class PromiseTooLong(Rejected):
    """An office may promise an earlier day than the rule, never a later one."""

    code = "casework.contact.promise-too-long"
    title = "承诺答复期限不得长于规定期限"
    default_clause = "O4.3b"


class ReferralUnreachable(Rejected):
    """Whoever is sent elsewhere is told how to reach it."""

    code = "casework.contact.referral-unreachable"
    title = "应告知承办单位的电话或地址"
    default_clause = "O4.3b"


class MaterialNotHeld(Rejected):
    """It was not handed over, or it has been given back."""

    code = "casework.contact.material-not-held"
    title = "没有收存该材料"
    default_clause = "O4.3b"


class AskerUnidentified(Rejected):
    """A case needs an applicant with a number."""

    code = "casework.contact.asker-unidentified"
    title = "登记时未留身份证件号码，应填写申请人"
    default_clause = "O4.1b"


class AskerNameInvalid(Rejected):
    """The name is none."""

    code = "casework.contact.name-invalid"
    title = "姓名不正确"


class AskerPhoneInvalid(Rejected):
    """The number is no phone's."""

    code = "casework.contact.phone-invalid"
    title = "联系电话不正确"
