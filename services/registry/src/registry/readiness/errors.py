"""What can be wrong with a question about readiness."""

from common.errors import NotFound


class NoOfficeOnThatDay(NotFound):
    """The office is younger than the day asked for."""

    code = "registry.no-office-on-that-day"
    title = "该日期尚无此机构"
