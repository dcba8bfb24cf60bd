"""What can be wrong with a division that somebody asks for."""

from common.errors import NotFound


class DivisionNotFound(NotFound):
    """No division ever had this code."""

    code = "registry.division-not-found"
    title = "行政区划不存在"


class DivisionNotInForce(NotFound):
    """The code is known, and no division had it on the day asked for. Source: standards.md §1 (Order 79)."""

    code = "registry.division-not-in-force"
    title = "该日期没有此行政区划"
