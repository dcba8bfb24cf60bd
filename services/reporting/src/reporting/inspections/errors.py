"""Why something about an inspection is refused."""

from common.errors import Conflict, Forbidden, Rejected


class TemplateIncomplete(Rejected):
    """A template covers the seven dimensions, each with a weight and criteria that can be measured. Source: S2."""

    code = "reporting.inspection.template-incomplete"
    title = "考核模板不完整"
    default_clause = "S2"


class TemplateSuperseded(Conflict):
    """Only the newest version is used, followed or withdrawn."""

    code = "reporting.inspection.template-superseded"
    title = "该考核模板已被新版本取代或者已撤回"


class InspectionNotInState(Conflict):
    """The inspection is past that, or not yet there."""

    code = "reporting.inspection.not-in-state"
    title = "督导考核当前状态不允许此操作"


class NotTheOrganiser(Forbidden):
    """Only who organises it plans, draws, publishes and withdraws. Source: S5."""

    code = "reporting.inspection.not-the-organiser"
    title = "只有组织单位可以进行此操作"


class ScopeNotBelow(Rejected):
    """One inspects what lies below. Source: S5."""

    code = "reporting.inspection.scope-not-below"
    title = "督导考核范围须为组织单位及其以下"
    default_clause = "S5"


class FrameEmpty(Rejected):
    """No operating office of these kinds lies in the scope. Source: S5."""

    code = "reporting.inspection.frame-empty"
    title = "考核范围内没有可抽取的机构"
    default_clause = "S5"


class StratumUnknown(Rejected):
    """Cohorts need the programme whose cohorts they are. Source: S5."""

    code = "reporting.inspection.stratum-unknown"
    title = "按批次分层须指定建设任务"
    default_clause = "S5"


class NotInSample(Rejected):
    """Only offices of the sample are visited. Source: S5."""

    code = "reporting.inspection.not-in-sample"
    title = "该机构不在抽取名单之内"
    default_clause = "S5"


class NoReplacementLeft(Rejected):
    """The stratum has no other office. Source: S5."""

    code = "reporting.inspection.no-replacement-left"
    title = "该层没有可以替换的机构"
    default_clause = "S5"


class AlreadyVisited(Conflict):
    """A visit is under way or done; another one is a re-inspection."""

    code = "reporting.inspection.already-visited"
    title = "该机构已在检查或者已检查"


class InspectorConcerned(Rejected):
    """Nobody inspects the own division, or one above it. Source: S5."""

    code = "reporting.inspection.inspector-concerned"
    title = "检查人员不得来自被检查的机构及其下级"
    default_clause = "S5"


class TeamTooSmall(Rejected):
    """Two different inspectors sign. Source: S5."""

    code = "reporting.inspection.team-too-small"
    title = "现场检查须有两名以上检查人员"
    default_clause = "S5"


class NotAnInspector(Forbidden):
    """Only the team of the visit writes down what it found. Source: S5."""

    code = "reporting.inspection.not-an-inspector"
    title = "只有本次检查的检查人员可以进行此操作"


class NotInspected(Forbidden):
    """Only the inspected office states its side. Source: S5."""

    code = "reporting.inspection.not-inspected"
    title = "只有被检查机构可以陈述意见"


class VisitNotInState(Conflict):
    """The visit is past that, or not yet there."""

    code = "reporting.inspection.visit-not-in-state"
    title = "现场检查当前状态不允许此操作"


class FindingUnfit(Rejected):
    """A finding is of the kind that its criterion measures, with its evidence. Source: S5."""

    code = "reporting.inspection.finding-unfit"
    title = "检查结果与考核指标不符"
    default_clause = "S5"


class FindingsMissing(Rejected):
    """Every criterion is answered before the findings are presented. Source: S5."""

    code = "reporting.inspection.findings-missing"
    title = "尚有考核指标没有检查结果"
    default_clause = "S5"


class NothingApplicable(Rejected):
    """A score needs at least one criterion that applies. Source: S5."""

    code = "reporting.inspection.nothing-applicable"
    title = "没有适用的考核指标，无法评分"
    default_clause = "S5"


class AlreadyStated(Conflict):
    """The office has stated its side."""

    code = "reporting.inspection.already-stated"
    title = "被检查机构已陈述意见"


class StatementPending(Conflict):
    """The office has still time to state its side."""

    code = "reporting.inspection.statement-pending"
    title = "被检查机构陈述意见的期限未满"


class AlreadySigned(Conflict):
    """One signature each."""

    code = "reporting.inspection.already-signed"
    title = "已签名"


class VisitsOpen(Conflict):
    """Visits are under way."""

    code = "reporting.inspection.visits-open"
    title = "尚有未完成的现场检查"


class NothingFound(Conflict):
    """No visit has a score."""

    code = "reporting.inspection.nothing-found"
    title = "没有完成的现场检查"


class NothingToReinspect(Rejected):
    """Only failures are looked at again. Source: S5."""

    code = "reporting.inspection.nothing-to-reinspect"
    title = "原检查没有不合格项，无须复查"
    default_clause = "S5"
