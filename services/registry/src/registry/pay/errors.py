"""What can be wrong with tasks, rates, pay runs, recoveries and rosters. No text here holds personal data."""

from common.errors import Conflict, Forbidden, NotFound, Rejected


class PayNotOwn(Forbidden):
    """A station does not accept, assign or pay its own tasks; the town's office does. Source: O1.4f."""

    code = "registry.pay-not-own"
    title = "服务站不能认定、分派或核发本站的任务报酬，由乡镇（街道）服务所办理"
    default_clause = "O1.4f"


class PayOfficeRefused(Rejected):
    """Tasks are paid at stations, one by one or all of a town's. Source: O1.4f."""

    code = "registry.pay-office-refused"
    title = "只能为服务站或乡镇（街道）服务所编制报酬核发"
    default_clause = "O1.4f"


class TaskNotFound(NotFound):
    """There is no such task, or none that the actor may see."""

    code = "registry.pay-task-not-found"
    title = "任务不存在"


class TaskDecided(Conflict):
    """The task is not in a state in which this can be done with it."""

    code = "registry.pay-task-decided"
    title = "任务当前状态不能进行此操作"


class TaskPaid(Conflict):
    """A task is paid once; nothing about it is decided again. Source: O1.4f."""

    code = "registry.pay-task-paid"
    title = "任务已核发报酬"
    default_clause = "O1.4f"


class QualityNeedsReason(Rejected):
    """A quality factor outside the usual bounds needs a reason. Source: O1.4f."""

    code = "registry.pay-quality-needs-reason"
    title = "质量系数超出通常范围，须填写理由"
    default_clause = "O1.4f"


class AssigneeRefused(Rejected):
    """Whoever is paid for a task had a post at its station on the day it was closed. Source: O1.4f."""

    code = "registry.pay-assignee-refused"
    title = "该人员在办结当日不在该服务站岗位上"
    default_clause = "O1.4f"


class RateRefused(Rejected):
    """A rate must price something, at a place of the town, from a day before its end. Source: O1.4f."""

    code = "registry.pay-rate-refused"
    title = "报酬标准不合理"
    default_clause = "O1.4f"


class RateExists(Conflict):
    """The same thing has a rate from the same day."""

    code = "registry.pay-rate-exists"
    title = "同一范围自同日起已有报酬标准"


class RateMissing(Rejected):
    """An accepted task has no rate, so nobody knows what it is worth. Source: O1.4f."""

    code = "registry.pay-rate-missing"
    title = "部分任务没有适用的报酬标准"
    default_clause = "O1.4f"


class PeriodRefused(Rejected):
    """A period is over when it is paid: its guard asks for every day of it. Source: O1.4f, O1.4g."""

    code = "registry.pay-period-refused"
    title = "核发期间不合理"
    default_clause = "O1.4f"


class NothingToPay(Rejected):
    """No accepted and unpaid task of the period. Source: O1.4f."""

    code = "registry.pay-run-empty"
    title = "该期间没有已认定且未核发的任务"
    default_clause = "O1.4f"


class PayRefused(Rejected):
    """Somebody was named for pay whom a rule bars from it. Source: O1.4g."""

    code = "registry.pay-refused"
    title = "该人员不得领取报酬"
    default_clause = "O1.4g"


class RunNotDraft(Conflict):
    """Settled is final, cancelled as well."""

    code = "registry.pay-run-not-draft"
    title = "报酬核发已核定或已撤销，不能变更"


class RunOutdated(Conflict):
    """Tasks or rates have changed since the draft, or another run has paid them."""

    code = "registry.pay-run-outdated"
    title = "任务或标准在编制后已变动，请撤销后重新编制"


class RecoveryClosed(Conflict):
    """It was recovered or waived already."""

    code = "registry.pay-recovery-closed"
    title = "追回事项已办结"


class WaiverNeedsGrounds(Rejected):
    """Who waives a recovery says why, and by which document. Source: O1.4g."""

    code = "registry.pay-waiver-needs-grounds"
    title = "免予追回须有理由和文件"
    default_clause = "O1.4g"


class RosterOfficeRefused(Rejected):
    """A roster is handed in by the bureau of the area that keeps it. Source: O1.4g."""

    code = "registry.roster-office-refused"
    title = "公职人员名册由主管部门导入"
    default_clause = "O1.4g"


class RosterPeriodRefused(Rejected):
    """Nobody stops being a public employee before having been one. Source: O1.4g."""

    code = "registry.roster-period-refused"
    title = "任职截止日期早于起始日期"
    default_clause = "O1.4g"


class RosterEntryRefused(Rejected):
    """One entry is wrong; the whole roster stays out. The answer tells its place, never its content. Source: O1.4g."""

    code = "registry.roster-entry-refused"
    title = "名册中有不正确的条目，未导入"
    default_clause = "O1.4g"
