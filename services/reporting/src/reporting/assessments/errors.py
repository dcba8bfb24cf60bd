"""Why something about an assessment or the ledger is refused."""

from common.errors import Conflict, Forbidden, Rejected


class SchemeUnfit(Rejected):
    """A scheme has components and grades that can be reckoned with. Source: O4.3g."""

    code = "reporting.assessment.scheme-unfit"
    title = "考核办法不完整"
    default_clause = "O4.3g"


class SchemeSuperseded(Conflict):
    """Only the newest version is used."""

    code = "reporting.assessment.scheme-superseded"
    title = "该考核办法已被新版本取代或者已撤回"


class AssessmentNotInState(Conflict):
    """The round is past that, or not yet there."""

    code = "reporting.assessment.not-in-state"
    title = "考核当前状态不允许此操作"


class NotTheAssessor(Forbidden):
    """Only who assesses does this. Source: O4.3g."""

    code = "reporting.assessment.not-the-assessor"
    title = "只有考核单位可以进行此操作"


class AssessmentPlanUnfit(Rejected):
    """Period and scope make sense. Source: O4.3g."""

    code = "reporting.assessment.plan-unfit"
    title = "考核的期间或者范围不符合要求"
    default_clause = "O4.3g"


class SubjectUnfit(Rejected):
    """Offices are named by their division, persons by their staff-member id too. Source: O4.3g."""

    code = "reporting.assessment.subject-unfit"
    title = "被考核对象与考核办法不符或者不在考核范围之内"
    default_clause = "O4.3g"


class ValueUnfit(Rejected):
    """A value belongs to a component of the scheme and names where it comes from. Source: O4.3g."""

    code = "reporting.assessment.value-unfit"
    title = "考核数据与考核办法不符或者没有来源"
    default_clause = "O4.3g"


class ValuesSettled(Conflict):
    """Once computed, a value changes only after an objection that was found right since."""

    code = "reporting.assessment.values-settled"
    title = "结果已计算，异议成立后方可更正数据"


class NobodyAssessed(Conflict):
    """There is nobody to reckon with."""

    code = "reporting.assessment.nobody-assessed"
    title = "没有被考核对象"


class AssessorConcerned(Forbidden):
    """Nobody enters or confirms a result of the own person. Source: O4.3g."""

    code = "reporting.assessment.assessor-concerned"
    title = "不得录入或者确认本人的考核结果"
    default_clause = "O4.3g"


class EnteredByConfirmer(Forbidden):
    """Who entered values does not confirm what follows from them. Source: O4.3g."""

    code = "reporting.assessment.entered-by-confirmer"
    title = "考核数据由本人录入，应由其他人员确认"
    default_clause = "O4.3g"


class NotConcerned(Forbidden):
    """Only who is assessed objects. Source: O4.3g."""

    code = "reporting.assessment.not-concerned"
    title = "只有被考核对象可以提出异议"


class ObjectionTooLate(Rejected):
    """Objections have their days. Source: O4.3g."""

    code = "reporting.assessment.objection-too-late"
    title = "不在异议期限之内"
    default_clause = "O4.3g"


class ObjectionPending(Conflict):
    """One at a time."""

    code = "reporting.assessment.objection-pending"
    title = "已有未复核的异议"


class NoObjectionPending(Conflict):
    """There is nothing to review."""

    code = "reporting.assessment.no-objection-pending"
    title = "没有待复核的异议"


class ReviewerConcerned(Forbidden):
    """Nobody reviews what they entered or are concerned by. Source: O4.3g."""

    code = "reporting.assessment.reviewer-concerned"
    title = "录入数据的人员或者被考核对象不得复核"


class ObjectionsRunning(Conflict):
    """The days of objections are not over, or some wait."""

    code = "reporting.assessment.objections-running"
    title = "异议期未满或者尚有未复核的异议"


class RecomputeFirst(Conflict):
    """Values were corrected after the results were computed."""

    code = "reporting.assessment.recompute-first"
    title = "数据已更正，请先重新计算"


class NotAboveLedger(Forbidden):
    """Rewards and penalties are entered and taken back by a level above. Source: O4.3g."""

    code = "reporting.ledger.not-above"
    title = "奖惩由上级单位登记和冲销"


class PointsUnfit(Rejected):
    """Rewards are above zero, penalties below. Source: O4.3g."""

    code = "reporting.ledger.points-unfit"
    title = "奖励须为正分，惩戒须为负分"
    default_clause = "O4.3g"


class SourceUnknown(Rejected):
    """The record that an entry follows from is not there. Source: O4.3g."""

    code = "reporting.ledger.source-unknown"
    title = "奖惩所依据的记录不存在"
    default_clause = "O4.3g"


class ReversalOfReversal(Conflict):
    """What takes back is not taken back."""

    code = "reporting.ledger.reversal-of-reversal"
    title = "冲销记录不得再冲销"


class AlreadyReversed(Conflict):
    """Once."""

    code = "reporting.ledger.already-reversed"
    title = "该记录已冲销"
