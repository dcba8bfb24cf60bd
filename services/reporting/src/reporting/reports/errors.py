"""What can be wrong with a period or a report."""

from common.errors import Conflict, Forbidden, Invalid, Rejected


class TemplateInvalid(Rejected):
    """Lines of a template contradict themselves or one another; `errors` names every one. Source: S4."""

    code = "reporting.period.template-invalid"
    title = "报表模板有误"
    default_clause = "S4"


class PeriodDatesInvalid(Rejected):
    """The days of a period or of its levels do not follow one another. Source: O6.3a."""

    code = "reporting.period.dates-invalid"
    title = "报送期的日期不合理"
    default_clause = "O6.3a"


class NobodyReports(Rejected):
    """No division of the directory lies in the set. Source: O6.3a."""

    code = "reporting.period.nobody-reports"
    title = "所选范围内没有应报送的区划"
    default_clause = "O6.3a"


class PeriodNotInState(Conflict):
    """The period is not where this act begins."""

    code = "reporting.period.not-in-state"
    title = "报送期当前状态不能进行此操作"


class PeriodShut(Conflict):
    """The period takes no more of this; the upper level unlocks single reports."""

    code = "reporting.period.shut"
    title = "报送期已收口或者已关闭，须由上级解锁或者重报"


class ScheduleEnded(Conflict):
    """The schedule opens no more periods."""

    code = "reporting.report-schedule.ended"
    title = "报送安排已终止"


class ReportNotExpected(Rejected):
    """The division does not report in this period. Source: O6.3a."""

    code = "reporting.report.not-expected"
    title = "该区划不在本期报送范围内"
    default_clause = "O6.3a"


class ReportNotInState(Conflict):
    """The report is not where this act begins."""

    code = "reporting.report.not-in-state"
    title = "报表当前状态不能进行此操作"


class EntryRefused(Rejected):
    """Something entered does not fit its line; nothing was taken, `errors` names every one. Source: O6.3a."""

    code = "reporting.report.entry-refused"
    title = "填报内容有误，未保存"
    default_clause = "O6.3a"


class ReportIncomplete(Rejected):
    """It cannot be submitted yet; `errors` names every line. Source: O6.3a."""

    code = "reporting.report.incomplete"
    title = "报表尚不能提交"
    default_clause = "O6.3a"


class BasesOutdated(Conflict):
    """Reports below have newer approved versions than those that this one is composed from."""

    code = "reporting.report.bases-outdated"
    title = "下级报表已有新版本，须重新汇总"


class NotTheReporter(Forbidden):
    """Only the division that reports writes its report. Source: O6.3a."""

    code = "reporting.report.not-the-reporter"
    title = "只能由报送单位本级填报"


class NotTheReviewer(Forbidden):
    """Only the next level up approves, returns and unlocks. Source: O4.2a, O6.3a."""

    code = "reporting.report.not-the-reviewer"
    title = "只能由上一级审核"


class SameAccount(Forbidden):
    """The report on top has no level above: another account than the submitter's approves it."""

    code = "reporting.report.same-account"
    title = "最上级报表须由提交人以外的账号审核"


class SheetTooLarge(Invalid):
    """More reports than one workbook takes."""

    code = "reporting.report.sheet-too-large"
    title = "导出范围过大，请缩小区划范围"


class VersionsReversed(Invalid):
    """A difference leads from an older version to a newer one."""

    code = "reporting.report.versions-reversed"
    title = "对比的起始版本应早于截止版本"
