"""What can be wrong with a notice of holidays."""

from common.errors import Conflict, Rejected


class NoticeRejected(Rejected):
    """A notice that cannot be one; the facts name the days. Source: O4.3c."""

    code = "casework.holiday-notice.rejected"
    title = "节假日安排不成立"
    default_clause = "O4.3c"


class DayOutsideYear(NoticeRejected):
    """A day lies neither in the year nor in the last days before it. Source: O4.3c."""

    code = "casework.holiday-notice.day-outside-year"
    title = "日期不在该年度及其前数日之内"


class SpanReversed(NoticeRejected):
    """A holiday ends before it begins. Source: O4.3c."""

    code = "casework.holiday-notice.span-reversed"
    title = "放假的结束日早于开始日"


class DaysOverlap(NoticeRejected):
    """A day is named twice. Source: O4.3c."""

    code = "casework.holiday-notice.days-overlap"
    title = "同一日被重复安排"


class MakeUpOnWeekday(NoticeRejected):
    """Only weekend days can be made working days. Source: O4.3c."""

    code = "casework.holiday-notice.make-up-on-weekday"
    title = "调休上班日只能是星期六或星期日"


class StatutoryHolidayMissing(NoticeRejected):
    """The law's holidays are rest days whatever a notice moves. Source: O4.3c."""

    code = "casework.holiday-notice.statutory-holiday-missing"
    title = "法定节假日未列入放假"


class RestDaysWrong(NoticeRejected):
    """A notice moves rest days and gives none away: what it gives and takes has to leave the law's number.

    Source: O4.3c.
    """

    code = "casework.holiday-notice.rest-days-wrong"
    title = "放假与调休相抵后的天数与法定不符"


class IssuedInFuture(NoticeRejected):
    """A notice that is not issued yet is none. Source: O4.3c."""

    code = "casework.holiday-notice.issued-in-future"
    title = "通知的印发日期晚于今天"


class NoticeDiffers(Conflict):
    """The same document was told with other days. Source: O4.3c."""

    code = "casework.holiday-notice.differs"
    title = "同一文号已载入且内容不同，更正须声明"
    default_clause = "O4.3c"


class NothingToCorrect(Conflict):
    """A correction of a document that nobody has told. Source: O4.3c."""

    code = "casework.holiday-notice.nothing-to-correct"
    title = "没有可更正的同文号通知"
    default_clause = "O4.3c"


class RecalculationRunning(Conflict):
    """Cases are still brought to the last notice. Source: O4.3c."""

    code = "casework.holiday-notice.recalculation-running"
    title = "上一份通知的到期日重新计算尚未完成"
    default_clause = "O4.3c"
