"""What can be wrong with a question about statistics."""

from common.errors import Invalid


class MonthsReversed(Invalid):
    """The period ends before it begins."""

    code = "reporting.months-reversed"
    title = "统计期间的截止月早于起始月"


class MonthsTooMany(Invalid):
    """More than one answer covers."""

    code = "reporting.months-too-many"
    title = "统计期间过长"


class MeasureUnknown(Invalid):
    """No measure and no rate has this name."""

    code = "reporting.measure-unknown"
    title = "没有此统计指标"
