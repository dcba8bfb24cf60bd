"""What can be wrong with a plan and its filing."""

from common.errors import Conflict, NotFound, Rejected


class PlanInvalid(Rejected):
    """Its parts do not fit together; the answer names everything at once. Source: S4."""

    code = "reporting.plan.invalid"
    title = "方案的内容不符合要求"
    default_clause = "S4"


class PlanNotFound(NotFound):
    """The city has no such version, line or stage."""

    code = "reporting.plan.not-found"
    title = "方案、事项或者阶段不存在"


class PlanNotInState(Conflict):
    """The act does not follow the state of the plan or of its filing. Source: O6.2b, O6.2c."""

    code = "reporting.plan.wrong-state"
    title = "当前状态不允许此操作"
    default_clause = "O6.2c"


class ProgrammeNotOpen(Conflict):
    """Plans are made for what is in force; once it is closed, only those that are owed. Source: O6.2b."""

    code = "reporting.plan.programme-not-open"
    title = "建设任务未在执行中"
    default_clause = "O6.2b"


class NotAFilingCity(Rejected):
    """Cities file, each for itself. Source: O6.2b."""

    code = "reporting.plan.not-a-filing-city"
    title = "方案由各地级以上市报备"
    default_clause = "O6.2b"


class NotApproved(Rejected):
    """The city approves its plan before it files it. Source: O6.2c."""

    code = "reporting.plan.not-approved"
    title = "方案须经批准后报备"
    default_clause = "O6.2c"


class NothingChanged(Rejected):
    """A new version says something new."""

    code = "reporting.plan.nothing-changed"
    title = "内容没有变化，不形成新版本"


class DayOutOfOrder(Rejected):
    """A step happens neither before the one that it follows nor after today. Source: O6.2b."""

    code = "reporting.plan.day-out-of-order"
    title = "日期早于上一步骤或者晚于今天"
    default_clause = "O6.2b"


class FilingNumberTaken(Conflict):
    """Another filing has the number. Source: O6.2b."""

    code = "reporting.plan.number-taken"
    title = "备案号已使用"
    default_clause = "O6.2b"


class StageNotOpen(Rejected):
    """The stage before it is neither passed nor waived. Source: S4."""

    code = "reporting.plan.stage-not-open"
    title = "上一阶段未通过，本阶段尚未开始"
    default_clause = "S4"


class StageNotReady(Rejected):
    """Lines of the stage are not done; the answer names them. Source: S4."""

    code = "reporting.plan.stage-not-ready"
    title = "阶段内尚有未完成的事项"
    default_clause = "S4"


class EvidenceMissing(Rejected):
    """A line is done when something shows it. Source: S4."""

    code = "reporting.plan.evidence-missing"
    title = "事项完成须附佐证"
    default_clause = "S4"


class InclusionExists(Conflict):
    """The government has entered this document and clause. Source: O6.2a."""

    code = "reporting.plan.inclusion-exists"
    title = "该规划的该条已登记"
    default_clause = "O6.2a"
