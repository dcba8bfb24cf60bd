"""What can be wrong with a calendar."""

from common.errors import NotFound, Unavailable


class CalendarMissing(Unavailable):
    """No version is stored: the database was migrated without its seed."""

    code = "casework.calendar.missing"
    title = "工作日历尚未载入"


class CalendarVersionUnknown(NotFound):
    """There is no such version."""

    code = "casework.calendar.version-unknown"
    title = "没有该版本的工作日历"
