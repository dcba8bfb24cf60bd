"""What can be wrong with a place that somebody names."""

from common.errors import Rejected


class DivisionUnknown(Rejected):
    """No division has this code."""

    code = "directory.division-unknown"
    title = "行政区划不存在"


class DivisionRetired(Rejected):
    """The code was a division once; codes are never reused. Source: standards.md §1 (Order 79)."""

    code = "directory.division-retired"
    title = "行政区划已撤销"


class OfficeUnknown(Rejected):
    """There is no office in this division. Source: O1.1d."""

    code = "directory.office-unknown"
    title = "该区划没有服务机构"
    default_clause = "O1.1d"


class OfficeNotOperating(Rejected):
    """The office exists and does not serve now. Source: O1.1d."""

    code = "directory.office-not-operating"
    title = "该服务机构未在运行"
    default_clause = "O1.1d"
