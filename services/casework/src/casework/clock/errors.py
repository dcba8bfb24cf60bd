"""What can be wrong with an entry of a ledger of time."""

from common.errors import Conflict, Rejected


class ClockAlreadyStarted(Conflict):
    """A clock starts once. Source: O4.3c."""

    code = "casework.clock.already-started"
    title = "该时限已经起算"
    default_clause = "O4.3c"


class ClockNotRunning(Conflict):
    """There is no clock to pause, extend or stop. Source: O4.3c."""

    code = "casework.clock.not-running"
    title = "没有正在计算的时限"
    default_clause = "O4.3c"


class ClockAlreadyPaused(Conflict):
    """The clock stands still for this reason already. Source: O4.3c."""

    code = "casework.clock.already-paused"
    title = "时限已因同一事由暂停"
    default_clause = "O4.3c"


class ClockNotPaused(Conflict):
    """The clock does not stand still for this reason. Source: O4.3c."""

    code = "casework.clock.not-paused"
    title = "时限没有因该事由暂停"
    default_clause = "O4.3c"


class ClockAlreadyExtended(Conflict):
    """A clock is extended once. Source: O4.3c."""

    code = "casework.clock.already-extended"
    title = "时限已经延长过一次"
    default_clause = "O4.3c"


class ExtensionEmpty(Rejected):
    """An extension is at least a day, of a clock that has a limit. Source: O4.3c."""

    code = "casework.clock.extension-empty"
    title = "延长的期限至少为一日，且该时限须有期限"
    default_clause = "O4.3c"


class EntryTooEarly(Conflict):
    """The ledger of time is written in the order in which things happen. Source: O4.3c."""

    code = "casework.clock.entry-too-early"
    title = "时限台账只能按发生的先后记载"
    default_clause = "O4.3c"


class StartInFuture(Rejected):
    """A limit starts on the day when the papers came, or before; never later. Source: O4.3c."""

    code = "casework.clock.start-in-future"
    title = "时限的起算日不能晚于当日"
    default_clause = "O4.3c"


class DayOutsideCalendar(Rejected):
    """Working days are counted from 1990 to 2100. Source: O4.3c."""

    code = "casework.clock.day-outside-calendar"
    title = "日期超出工作日历的范围"
    default_clause = "O4.3c"
