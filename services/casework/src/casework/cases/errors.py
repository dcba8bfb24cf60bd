"""What can end a use case about cases. No text here holds personal data."""

from common.errors import Conflict, NotFound, PreconditionFailed, Rejected


class CaseNotFound(NotFound):
    """There is no such case, or none in the actor's scope."""

    code = "casework.case-not-found"
    title = "办件不存在"


class CaseChangedMeanwhile(PreconditionFailed):
    """Somebody else changed the case between our reading and our writing; nothing of ours remains."""


class AlreadyAnswered(Conflict):
    """The same request, under its key, has been done before; whoever holds the key gives its answer again."""

    code = "casework.already-answered"
    title = "相同请求已处理"


class CaseAlreadyAccepted(Conflict):
    """The case has been accepted."""

    code = "casework.case-already-accepted"
    title = "办件已受理"


class CaseAlreadyRefused(Conflict):
    """The case has been refused; that is an end."""

    code = "casework.case-already-refused"
    title = "办件已不予受理"


class CaseAlreadyWithdrawn(Conflict):
    """The applicant has withdrawn; that is an end."""

    code = "casework.case-already-withdrawn"
    title = "办件已撤回"


class CaseAlreadyClosed(Conflict):
    """The case is closed; that is an end."""

    code = "casework.case-already-closed"
    title = "办件已办结"


class CaseNotAccepted(Conflict):
    """Only an accepted case can be closed."""

    code = "casework.case-not-accepted"
    title = "办件尚未受理"


class ApplicantInvalid(Rejected):
    """The applicant is not told as the kind of applicant demands."""

    code = "casework.applicant-invalid"
    title = "申请人信息不完整"


class NameInvalid(Rejected):
    """The name is none."""

    code = "casework.name-invalid"
    title = "姓名或名称不正确"


class IdNumberInvalid(Rejected):
    """The citizen number is none: form, birth date or check digit. Source: standards.md §2 (GB 11643)."""

    code = "casework.id-number-invalid"
    title = "公民身份号码不正确"


class UsccInvalid(Rejected):
    """The unified social credit code is none: form or check digit. Source: standards.md §2 (GB 32100)."""

    code = "casework.uscc-invalid"
    title = "统一社会信用代码不正确"


class PhoneInvalid(Rejected):
    """The mobile number is none."""

    code = "casework.phone-invalid"
    title = "手机号码不正确"


class ReasonHoldsPersonalData(Rejected):
    """A reason is kept in clear, so it must not name anybody's numbers. Source: standards.md §9."""

    code = "casework.reason-holds-personal-data"
    title = "理由中不得填写身份证件号码或手机号码"
