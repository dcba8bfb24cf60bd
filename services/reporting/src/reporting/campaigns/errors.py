"""Why something about a campaign is refused."""

from common.errors import Conflict, Forbidden, Rejected


class CampaignNotInState(Conflict):
    """The campaign is past that, or not yet there."""

    code = "reporting.campaign.not-in-state"
    title = "创建活动当前阶段不允许此操作"


class CampaignPlanUnfit(Rejected):
    """Days follow one another, criteria are told apart, the scope lies below. Source: O4.3a."""

    code = "reporting.campaign.plan-unfit"
    title = "创建活动的安排不符合要求"
    default_clause = "O4.3a"


class NotTheOrganiser(Forbidden):
    """Only who organises it decides. Source: O4.3a."""

    code = "reporting.campaign.not-the-organiser"
    title = "只有组织单位可以进行此操作"


class ApplicationsClosed(Rejected):
    """Applications come within their days, from offices that are meant. Source: O4.3a."""

    code = "reporting.campaign.applications-closed"
    title = "不在申报时间或者申报范围之内"
    default_clause = "O4.3a"


class AlreadyApplied(Conflict):
    """One application for each office."""

    code = "reporting.campaign.already-applied"
    title = "本机构已申报"


class SelfAssessmentUnfit(Rejected):
    """Every criterion is assessed once, with its evidence. Source: O4.3a."""

    code = "reporting.campaign.self-assessment-unfit"
    title = "自评不完整或者缺少佐证材料"
    default_clause = "O4.3a"


class ApplicationNotInState(Conflict):
    """The application is past that, or not yet there."""

    code = "reporting.campaign.application-not-in-state"
    title = "申报当前状态不允许此操作"


class NotTheReviewer(Forbidden):
    """The levels review one after another. Source: O4.3a."""

    code = "reporting.campaign.not-the-reviewer"
    title = "现在不由本单位初审"


class NotTheOffice(Forbidden):
    """Only the office itself does this. Source: O4.3a."""

    code = "reporting.campaign.not-the-office"
    title = "只有该机构自己可以进行此操作"


class Disqualified(Rejected):
    """The platform's records bar the office. Source: O4.3a."""

    code = "reporting.campaign.disqualified"
    title = "该机构有不得评选的情形"
    default_clause = "O4.3a"


class QuotaExhausted(Rejected):
    """No more than the quota is selected. Source: O4.3a."""

    code = "reporting.campaign.quota-exhausted"
    title = "名额已满"
    default_clause = "O4.3a"


class StillUndecided(Conflict):
    """Applications wait for review or decision, or nobody is selected."""

    code = "reporting.campaign.still-undecided"
    title = "尚有未审核、未决定的申报，或者没有拟命名的机构"


class PublicityRunning(Conflict):
    """The publicity period is not over."""

    code = "reporting.campaign.publicity-running"
    title = "公示期未满"


class NotInPublicity(Rejected):
    """Objections are raised while the selected are public. Source: O4.3a."""

    code = "reporting.campaign.not-in-publicity"
    title = "不在公示期之内"
    default_clause = "O4.3a"


class ObjectionsUnanswered(Conflict):
    """Every objection is answered before the award."""

    code = "reporting.campaign.objections-unanswered"
    title = "尚有未答复的异议"


class ObjectionUnknown(Conflict):
    """There is no such objection, or it is answered."""

    code = "reporting.campaign.objection-unknown"
    title = "没有这一异议或者已经答复"


class AwardNotInState(Conflict):
    """The title is not held, or nothing is proposed."""

    code = "reporting.campaign.award-not-in-state"
    title = "称号当前状态不允许此操作"


class StatementPending(Conflict):
    """The office has still time to state its side."""

    code = "reporting.campaign.statement-pending"
    title = "听取意见的期限未满"


class ProposerDecides(Forbidden):
    """Who proposes a withdrawal does not decide it. Source: O4.3a."""

    code = "reporting.campaign.proposer-decides"
    title = "提出撤销的人员不得作出决定"
