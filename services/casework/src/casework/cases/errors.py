"""What can end a use case about cases. No text here holds personal data."""

from common.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Rejected


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


class AcceptanceLapsed(Rejected):
    """The office was silent too long: the law has accepted the case."""

    code = "casework.case.acceptance-lapsed"
    title = "逾期未告知，依法视为受理，不得再要求补正或不予受理"
    default_clause = "O4.3c"


class NotSilent(Conflict):
    """The office still has time, or has answered."""

    code = "casework.case.not-silent"
    title = "未到视为受理之日"


class NothingMissing(Conflict):
    """No material is named, or the applicant has been told already."""

    code = "casework.case.nothing-missing"
    title = "没有需要补正的材料，或已告知补正"


class SupplementNotAtOnce(Rejected):
    """What is missing has to be told at once."""

    code = "casework.case.supplement-not-at-once"
    title = "应当一次性告知需要补正的全部内容"
    default_clause = "O4.3c"


class NotSupplementing(Conflict):
    """Nothing was asked for, or something is still missing."""

    code = "casework.case.not-supplementing"
    title = "补正状态不符"


class SupplementNotLapsed(Conflict):
    """The applicant still has time, or was not asked."""

    code = "casework.case.supplement-not-lapsed"
    title = "补正期限未届满"


class ToleranceRefused(Rejected):
    """The day until which the material may come is over."""

    code = "casework.case.tolerance-refused"
    title = "容缺材料的补交期限已过"
    default_clause = "O4.1b"


class TolerancePending(Conflict):
    """A material that was allowed to come later is still missing."""

    code = "casework.case.tolerance-pending"
    title = "容缺材料尚未补齐"


class StillMissing(Rejected):
    """Of something that was asked for too little has come."""

    code = "casework.case.supplement-incomplete"
    title = "补正材料不齐全"
    default_clause = "O4.3c"


class MaterialsUnknown(Conflict):
    """The material is not awaited."""

    code = "casework.case.material-not-awaited"
    title = "该材料不在待补范围内"


class AlreadyDecided(Conflict):
    """The decision has been made."""

    code = "casework.case.already-decided"
    title = "已作出决定"


class DecisionMissing(Rejected):
    """The last stage ends with a decision, and no other one does."""

    code = "casework.case.decision-missing"
    title = "最后环节须作出决定，其他环节不得作出决定"
    default_clause = "O4.1b"


class SamePerson(Rejected):
    """Who did a stage does not check it."""

    code = "casework.case.same-person"
    title = "承办、审核、批准不得由同一人完成"
    default_clause = "O4.1b"


class LevelDoesNotDecide(Rejected):
    """Offices of this level receive and prepare the item; others decide it."""

    code = "casework.case.level-does-not-decide"
    title = "本级只负责受理、代收或初审，须转报有权办理的机构"
    default_clause = "O4.1c"


class NoStepToReturnTo(Conflict):
    """This is the first stage."""

    code = "casework.case.no-step-to-return-to"
    title = "已是首个环节，无法退回"


class SpecialRunning(Conflict):
    """A special procedure is under way."""

    code = "casework.case.special-running"
    title = "特别程序尚未结束"


class SpecialNotRunning(Conflict):
    """No special procedure of this kind is under way."""

    code = "casework.case.special-not-running"
    title = "没有正在进行的该特别程序"


class ExtensionRefused(Rejected):
    """The law allows no such extension."""

    code = "casework.case.extension-refused"
    title = "不得延长，或超过允许延长的期限，或期限已届满"
    default_clause = "O4.3c"


class ClosingRefused(Conflict):
    """The stage or the decision does not allow this result."""

    code = "casework.case.closing-refused"
    title = "当前环节或决定与办结结果不符"


class ClosingNeedsReason(Rejected):
    """This result is told with its reason."""

    code = "casework.case.closing-needs-reason"
    title = "该办结结果须说明理由"
    default_clause = "O4.1b"


class NothingToCollect(Conflict):
    """Nothing was granted, or it was handed over before."""

    code = "casework.case.nothing-to-collect"
    title = "没有待领取的结果"


class NotHolder(Forbidden):
    """Somebody else is responsible for the case."""

    code = "casework.case.not-holder"
    title = "办件由他人负责"
    default_clause = "O4.3b"


class OfferPending(Conflict):
    """The case is offered to somebody already."""

    code = "casework.case.offer-pending"
    title = "已有待接收的移交"


class NothingOffered(Conflict):
    """Nothing is offered."""

    code = "casework.case.nothing-offered"
    title = "没有待接收的移交"


class NotOfferedToYou(Forbidden):
    """The case is offered to somebody else."""

    code = "casework.case.not-offered-to-you"
    title = "该办件未移交给您"
    default_clause = "O4.3b"


class HeadNeeded(Forbidden):
    """Only the head of an office, or a supervisor, does this."""

    code = "casework.case.head-needed"
    title = "须由机构负责人办理"
    default_clause = "O4.1b"


class OutOfReach(Forbidden):
    """The case is held by another office, which is not below."""

    code = "casework.case.out-of-reach"
    title = "办件由其他机构负责"
    default_clause = "O4.3b"


class HandlingRefused(Rejected):
    """The item is not handled so."""

    code = "casework.case.handling-refused"
    title = "该事项不按此办件类型办理"
    default_clause = "O4.1b"
